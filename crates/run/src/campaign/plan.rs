//! The plan of a rule set (抽查计划): `plan.yaml` in its folder, written as the facts `plan` of a record.

use std::sync::Arc;

use choucha_core::diagnostic::{Diagnostic, has_errors};
use choucha_core::obligation::RuleSetId;
use choucha_core::record::Record;
use choucha_core::value::naming::normal;
use choucha_core::value::{Row, Value};
use choucha_core::vocabulary::Vocabulary;
use choucha_intake::ingest;
use choucha_rules::rulebook::RuleFolder;

/// The file of the plan in a rule set's folder.
const FILE: &str = "plan.yaml";

/// A plan: a record that states only the facts `plan`, completely: whatever a row does not mention is none.
#[derive(Debug, Clone)]
pub struct Plan {
    pub(super) record: Record,
    /// The rows, settled.
    pub(super) rows: Arc<[Row]>,
}

impl Plan {
    /// The plan of a rule set; `None` if its folder has none.
    ///
    /// # Errors
    /// All errors in the file.
    pub fn load(
        folder: &RuleFolder,
        set: &RuleSetId,
        vocabulary: &Vocabulary,
    ) -> Result<Option<Plan>, Vec<Diagnostic>> {
        let path = format!("{}/{FILE}", set.0);
        if !folder.contains(&path) {
            return Ok(None);
        }
        let (source, _) = folder.source(&path).map_err(|problem| vec![problem])?;
        let decoded = ingest::read(
            source.name(),
            source.text().as_bytes().to_vec(),
            Some(choucha_core::record::Format::Yaml),
            vocabulary,
        );
        match decoded.record {
            Some(record) if !has_errors(&decoded.diagnostics) => Ok(Plan::of(record, vocabulary)),
            _ => Err(decoded.diagnostics),
        }
    }

    /// The plan that a record states, if any.
    #[must_use]
    pub fn of(record: Record, vocabulary: &Vocabulary) -> Option<Plan> {
        let slot = vocabulary.across()?.plan?.slot;
        let settled = record.settle(vocabulary, true);
        let Value::Rows(rows) = settled.get(slot) else {
            return None;
        };
        Some(Plan {
            rows: Arc::clone(rows),
            record,
        })
    }

    /// The names of its products, each once, in the order of the plan.
    pub(super) fn products(&self, vocabulary: &Vocabulary) -> Products {
        let mut products = Products::default();
        let Some(plan) = vocabulary.across().and_then(|across| across.plan) else {
            return products;
        };
        for row in self.rows.iter() {
            let Some(Value::Text(name)) = row.slots.get(usize::from(plan.product.0)) else {
                continue;
            };
            let at = products.add(name);
            let aliases = plan
                .aliases
                .and_then(|slot| row.slots.get(usize::from(slot.0)));
            if let Some(Value::List(aliases)) = aliases {
                for alias in aliases.iter() {
                    if let Value::Text(alias) = alias {
                        products.known.entry(normal(alias)).or_insert(at);
                    }
                }
            }
        }
        products
    }
}

/// The products of a plan, by all their names.
#[derive(Debug, Default)]
pub(super) struct Products {
    pub(super) names: Vec<Arc<str>>,
    known: std::collections::HashMap<String, usize>,
}

impl Products {
    fn add(&mut self, name: &Arc<str>) -> usize {
        let next = self.names.len();
        let at = *self.known.entry(normal(name)).or_insert(next);
        if at == next {
            self.names.push(Arc::clone(name));
        }
        at
    }

    /// The plan's name for a product, by any of its names.
    pub(super) fn named(&self, name: &str) -> Option<&Arc<str>> {
        self.names.get(*self.known.get(&normal(name))?)
    }
}
