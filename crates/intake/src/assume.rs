//! What if a fact were otherwise: assumptions for an audit, written `fact=value`.
//!
//! A fact is named by its path, of codes or labels, and its value is written as in a dossier, so that every message is the same.

use choucha_core::diagnostic::{Code, Diagnostic, has_errors};
use choucha_core::lang::Text;
use choucha_core::record::{Format, Record};
use choucha_core::text;
use choucha_core::value::{SlotId, Value};
use choucha_core::vocabulary::Vocabulary;

use crate::ingest;

/// Facts that are assumed for an audit.
#[derive(Debug, Clone, Default)]
pub struct Assumptions {
    values: Vec<(SlotId, Value)>,
    /// What is assumed, as it was written.
    written: Vec<String>,
}

impl Assumptions {
    /// Reads assumptions.
    ///
    /// # Errors
    /// Everything wrong with them: a fact the vocabulary does not have, a value of another type, a fact within a list.
    pub fn read(
        written: &[String],
        vocabulary: &Vocabulary,
    ) -> Result<Assumptions, Vec<Diagnostic>> {
        let mut read = Assumptions::default();
        let mut problems = Vec::new();
        for text in written {
            match assumed(text, vocabulary) {
                Ok(values) => {
                    read.values.extend(values);
                    read.written.push(text.clone());
                }
                Err(more) => problems.extend(more),
            }
        }
        match problems.is_empty() {
            true => Ok(read),
            false => Err(problems),
        }
    }

    /// The record as it is assumed to be.
    #[must_use]
    pub fn on(&self, record: Record) -> Record {
        self.values.iter().fold(record, |record, (slot, value)| {
            record.assuming(*slot, value.clone())
        })
    }

    /// That facts were assumed, for the audit to say; nothing if none were.
    #[must_use]
    pub fn note(&self) -> Option<Diagnostic> {
        if self.written.is_empty() {
            return None;
        }
        let (zh, en) = (self.written.join("；"), self.written.join("; "));
        let message = text!("本次审查假设：{zh}", "assumed for this audit: {en}");
        Some(Diagnostic::new(Code::RecordAssumed, message))
    }
}

/// The facts that one assumption sets.
fn assumed(text: &str, vocabulary: &Vocabulary) -> Result<Vec<(SlotId, Value)>, Vec<Diagnostic>> {
    let shape = || {
        let message = text!(
            "假设 `{text}` 没有等号",
            "the assumption `{text}` has no `=`"
        );
        vec![Diagnostic::new(Code::UsageInvalid, message).help(Text::new(
            "写法：--assume report.issued_on=2024-03-01",
            "write --assume report.issued_on=2024-03-01",
        ))]
    };
    let (path, value) = text.split_once('=').ok_or_else(shape)?;
    if path.contains('[') {
        let message = text!(
            "`{path}` 是列表中的一项，不能假设",
            "`{path}` is an entry of a list, which cannot be assumed"
        );
        return Err(vec![Diagnostic::new(Code::UsageInvalid, message)]);
    }
    let mut dossier = String::new();
    for (depth, key) in path.split(['.', '·']).enumerate() {
        if depth > 0 {
            dossier.push('\n');
        }
        dossier.push_str(&"  ".repeat(depth));
        // What could be more than a key is quoted.
        let key = key.trim().replace(['\\', '"', '\n', '\r'], " ");
        dossier.push_str(&format!("\"{key}\":"));
    }
    let value = value.trim().replace(['\n', '\r'], " ");
    dossier.push_str(&format!(" {value}\n"));
    let read = ingest::read(
        "--assume",
        dossier.into_bytes(),
        Some(Format::Yaml),
        vocabulary,
    );
    if has_errors(&read.diagnostics) {
        return Err(read.diagnostics);
    }
    let slots = read.record.iter().flat_map(|record| &record.root().slots);
    let values: Vec<(SlotId, Value)> = (0_u16..)
        .map(SlotId)
        .zip(slots.cloned())
        .filter(|(_, value)| !value.is_unknown())
        .collect();
    match values.is_empty() {
        true => Err(shape()),
        false => Ok(values),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use choucha_core::vocabulary;
    use choucha_rules::rulebook::RuleFolder;

    fn vocabulary() -> Vocabulary {
        vocabulary::load(&RuleFolder::embedded().vocabulary().unwrap()).unwrap()
    }

    #[test]
    fn an_assumption_is_read_as_a_dossier_is() {
        let vocabulary = vocabulary();
        for (written, facts) in [
            ("report.issued_on=2024-03-01", 1),
            ("检验报告.报告出具日期 = 2024-03-01", 1),
            ("检验报告·检验结论=不合格", 1),
            ("sampling.samplers=[甲某, 乙某]", 1),
            ("report.to_province.posted_on=无", 1),
        ] {
            let read = Assumptions::read(&[written.to_owned()], &vocabulary);
            assert_eq!(read.unwrap().values.len(), facts, "{written}");
        }
    }

    #[test]
    fn a_wrong_assumption_is_reported_with_what_is_wrong() {
        let vocabulary = vocabulary();
        for (written, code) in [
            ("report.issued_on", Code::UsageInvalid),
            ("report.issued_on=", Code::UsageInvalid),
            ("samples[1].sealed_on=2024-03-01", Code::UsageInvalid),
            ("report.issued=2024-03-01", Code::RecordUnknownKey),
        ] {
            let problems = Assumptions::read(&[written.to_owned()], &vocabulary).unwrap_err();
            assert_eq!(problems[0].code, code, "{written}");
        }
        let odd = [
            "report.issued_on=2024-13-01",
            "\"]: {=x",
            "=",
            "a\n: b=[",
            "report=1",
        ];
        for written in odd {
            assert!(
                Assumptions::read(&[written.to_owned()], &vocabulary).is_err(),
                "{written}"
            );
        }
    }
}
