//! Tables of expected outcomes on dossiers: `points.yaml` and `readings.yaml`. Every failing row is reported with its
//! entry.
//!
//! An entry is a sentence with rows. A row covers one or more rule sets and says one of these:
//!
//! - `duty`, and a dossier: `own`, one of the rule set's fixtures, or `moved`, one of the first batch of 2024 as a case of
//!   the rule set, its dates moved to the days of the campaign. Each of `cases` is the duty's outcome, then the edits
//!   that lead to it, on top of the row's `edits`. `{violated: [part]}` lists exactly the parts that are violated.
//! - `falls_back_on`: the rule set says nothing itself, so the duty in force is that of Order 18.
//! - `stands_for`: the rule set has its own wording, which replaces Order 18's; a finding cites both.
//! - `silent`: no id of a duty in force begins with this. `in_force`: the duty is in force.

use std::collections::BTreeMap;

use choucha::audit::{CaseAudit, Finding, Outcome};
use choucha::record::Record;
use serde::Deserialize;

use crate::support::campaigns::{campaign, world_of};
use crate::support::dossier::Dossier;

pub(crate) const ORDER: &str = "national/order-18";
const ORDER_NUMBER: &str = "市场监管总局令第18号";

/// What went wrong in a row.
type Check = Result<(), String>;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    /// Names for several rule sets.
    #[serde(default)]
    rule_sets: BTreeMap<String, Vec<String>>,
    entries: BTreeMap<String, Vec<Row>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    rules: Words,
    moved: Option<String>,
    own: Option<String>,
    duty: Option<String>,
    #[serde(default)]
    edits: Vec<String>,
    #[serde(default)]
    cases: Vec<Vec<Cell>>,
    #[serde(default)]
    falls_back_on: Vec<String>,
    #[serde(default)]
    stands_for: BTreeMap<String, String>,
    #[serde(default)]
    silent: Vec<String>,
    #[serde(default)]
    in_force: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Words {
    One(String),
    Many(Vec<String>),
}

#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Cell {
    Word(String),
    Parts { violated: Vec<String> },
}

impl Table {
    fn rules<'a>(&'a self, row: &'a Row) -> &'a [String] {
        match &row.rules {
            Words::One(name) => self
                .rule_sets
                .get(name)
                .map_or(std::slice::from_ref(name), Vec::as_slice),
            Words::Many(names) => names,
        }
    }
}

/// Checks every row of a table, and panics with all failures.
pub(crate) fn holds(yaml: &str) {
    // Via a value, which rejects duplicate keys: no entry silently replaces another.
    let table: Table = serde_yaml::from_str::<serde_yaml::Value>(yaml)
        .and_then(serde_yaml::from_value)
        .unwrap_or_else(|error| panic!("{error}"));
    let mut failed = Vec::new();
    for (entry, rows) in &table.entries {
        for row in rows {
            for rule_set in table.rules(row) {
                failed.extend(
                    row.checks(rule_set)
                        .into_iter()
                        .filter_map(Result::err)
                        .map(|problem| format!("{entry}\n    {rule_set}: {problem}")),
                );
            }
        }
    }
    assert!(failed.is_empty(), "{}", failed.join("\n"));
}

impl Row {
    fn checks(&self, rule_set: &str) -> Vec<Check> {
        let mut checks: Vec<Check> = Vec::new();
        checks.extend(self.cases.iter().map(|case| self.case(rule_set, case)));
        let falls_back = self.falls_back_on.iter();
        checks.extend(falls_back.map(|id| falls_back_on(rule_set, id)));
        let stands = self.stands_for.iter();
        checks.extend(stands.map(|(id, order_18)| stands_for(rule_set, id, order_18)));
        let silent = self.silent.iter();
        checks.extend(silent.map(|beginning| nothing_says(rule_set, beginning)));
        let there = self.in_force.iter();
        checks.extend(there.map(|id| match in_force(rule_set, id) {
            true => Ok(()),
            false => Err(format!("{id} is not in force")),
        }));
        if checks.is_empty() {
            checks.push(Err("the row says nothing".to_owned()));
        }
        checks
    }

    fn case(&self, rule_set: &str, case: &[Cell]) -> Check {
        let duty = self.duty.as_deref().ok_or("the row names no duty")?;
        let [expected, edits @ ..] = case else {
            return Err(format!("{duty}: an empty case"));
        };
        let mut all: Vec<&str> = self.edits.iter().map(String::as_str).collect();
        for edit in edits {
            match edit {
                Cell::Word(edit) => all.push(edit),
                Cell::Parts { .. } => return Err(format!("{duty}: an edit is a word")),
            }
        }
        let audit = match (&self.moved, &self.own) {
            (Some(name), None) => audit_moved(rule_set, name, &all),
            (None, Some(name)) => audit_own(rule_set, name, &all),
            _ => return Err(format!("{duty}: `own` or `moved` names the dossier")),
        };
        let found = match expected {
            Cell::Word(outcome) => came_to(&audit, duty, outcome),
            Cell::Parts { violated } => broke(&audit, duty, violated),
        };
        found.map_err(|problem| format!("{all:?}: {problem}"))
    }
}

/// The audit of one of the rule set's own fixtures with edits.
pub(crate) fn audit_own(rule_set: &str, name: &str, edits: &[&str]) -> CaseAudit {
    let folder = format!("fixtures/{}", rule_set.replace('/', "-"));
    let record = Dossier::at(&folder, name).edited(edits).record();
    world_of(rule_set).audit(&record, None, true)
}

/// The audit of a dossier of the first batch of 2024 with edits, as a case of another campaign, its dates moved to that
/// campaign.
pub(crate) fn audit_moved(rule_set: &str, name: &str, edits: &[&str]) -> CaseAudit {
    let dossier: Record = Dossier::of(name).edited(edits).record();
    world_of(rule_set).audit_undated(&campaign(rule_set).takes(&dossier), None, true)
}

fn find<'a>(audit: &'a CaseAudit, id: &str) -> Result<&'a Finding, String> {
    let mut findings = audit.findings.iter();
    findings
        .find(|finding| finding.obligation.0 == id)
        .ok_or_else(|| format!("no finding on `{id}`"))
}

fn came_to(audit: &CaseAudit, id: &str, outcome: &str) -> Check {
    let expected = Outcome::named(outcome).ok_or_else(|| format!("`{outcome}` is no outcome"))?;
    let finding = find(audit, id)?;
    if finding.outcome == expected {
        return Ok(());
    }
    let (is, why) = (finding.outcome.code(), &finding.because.zh);
    Err(format!("{id} is {is}, not {outcome}: {why}"))
}

/// Checks that exactly these parts are violated.
pub(crate) fn broke(audit: &CaseAudit, id: &str, parts: &[impl AsRef<str>]) -> Check {
    let broken: Vec<&str> = find(audit, id)?
        .parts
        .iter()
        .filter(|part| part.outcome == Outcome::Violated)
        .map(|part| part.code.as_str())
        .collect();
    if broken.iter().copied().eq(parts.iter().map(AsRef::as_ref)) {
        return Ok(());
    }
    Err(format!("{id}: the parts violated are {broken:?}"))
}

pub(crate) fn in_force(rule_set: &str, id: &str) -> bool {
    world_of(rule_set)
        .obligations()
        .any(|obligation| obligation.id.0 == id)
}

/// Checks that no obligation id of the rule set, or of the layers under it, begins with this.
pub(crate) fn nothing_says(rule_set: &str, beginning: &str) -> Check {
    let found: Vec<&str> = world_of(rule_set)
        .obligations()
        .map(|obligation| obligation.id.0.as_str())
        .filter(|id| id.starts_with(beginning))
        .collect();
    match found.as_slice() {
        [] => Ok(()),
        found => Err(format!("it does say {found:?}")),
    }
}

/// Checks that the notice is silent: the obligation in force is that of Order 18.
pub(crate) fn falls_back_on(rule_set: &str, id: &str) -> Check {
    if !in_force(rule_set, id) {
        return Err(format!("{id} is not in force"));
    }
    let declared = &world_of(rule_set).obligation(id).ruleset.0;
    match declared == ORDER {
        true => Ok(()),
        false => Err(format!("{id} is declared by {declared}")),
    }
}

/// Checks that the notice's own wording replaces Order 18's, and that the finding cites both.
pub(crate) fn stands_for(rule_set: &str, id: &str, order_18: &str) -> Check {
    if !in_force(rule_set, id) {
        return Err(format!("{id} is not in force"));
    }
    let obligation = world_of(rule_set).obligation(id);
    let refines = obligation.refines.as_ref().map(|link| link.id.0.as_str());
    let of_order = |own: bool| {
        let mut cited = obligation.all_citations();
        cited.any(|cited| (cited.instrument == ORDER_NUMBER) == own)
    };
    let wrong = [
        (obligation.ruleset.0 != rule_set, "declared elsewhere"),
        (refines != Some(order_18), "not a refinement of it"),
        (in_force(rule_set, order_18), "not in its place"),
        (!of_order(true), "without a citation of Order 18"),
        (!of_order(false), "without a citation of the notice"),
    ];
    match wrong.iter().find(|(is, _)| *is) {
        None => Ok(()),
        Some((_, why)) => Err(format!("{id} for {order_18}: {why}")),
    }
}
