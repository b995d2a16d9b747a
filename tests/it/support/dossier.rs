//! A dossier of the fixtures as an editable tree.

use std::fs;

use choucha::audit::CaseAudit;
use choucha::ingest;
use choucha::record::{Format, Record};
use serde_yaml::{Mapping, Value};

use super::{FIXTURES, root, spelling, world};

#[derive(Debug, Clone)]
pub(crate) struct Dossier {
    pub(crate) tree: Value,
}

impl Dossier {
    /// A dossier of the fixtures, by its name without extension.
    pub(crate) fn of(name: &str) -> Dossier {
        Dossier::at(FIXTURES, name)
    }

    /// A dossier of a folder of the fixtures.
    pub(crate) fn at(folder: &str, name: &str) -> Dossier {
        let path = root().join(folder).join(format!("{name}.yaml"));
        let text =
            fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        Dossier::from_yaml(&text)
    }

    pub(crate) fn from_yaml(text: &str) -> Dossier {
        Dossier {
            tree: serde_yaml::from_str(text).expect("a YAML text"),
        }
    }

    /// The dossier with a fact set to a piece of YAML.
    pub(crate) fn set(mut self, path: &str, yaml: &str) -> Dossier {
        let value = serde_yaml::from_str(yaml).expect("a piece of YAML");
        let (group, code) = path.rsplit_once('.').unwrap_or(("", path));
        let mut at = &mut self.tree;
        for step in group.split('.').filter(|step| !step.is_empty()) {
            let map = at.as_mapping_mut().expect("a group");
            at = map
                .entry(Value::from(step))
                .or_insert_with(|| Value::Mapping(Mapping::new()));
        }
        at.as_mapping_mut()
            .expect("a group")
            .insert(Value::from(code), value);
        self
    }

    /// The dossier without a fact or group.
    pub(crate) fn without(mut self, path: &str) -> Dossier {
        let (group, code) = path.rsplit_once('.').unwrap_or(("", path));
        let mut at = Some(&mut self.tree);
        for step in group.split('.').filter(|step| !step.is_empty()) {
            at = at.and_then(|value| value.get_mut(step));
        }
        if let Some(map) = at.and_then(Value::as_mapping_mut) {
            map.remove(code);
        }
        self
    }

    /// The dossier with edits: `path = value`, or `path -` to remove it.
    pub(crate) fn edited(self, edits: &[&str]) -> Dossier {
        edits.iter().fold(self, |dossier, edit| {
            if let Some(path) = edit.strip_suffix(" -") {
                dossier.without(path)
            } else {
                let (path, value) = edit.split_once(" = ").expect("`path = value` or `path -`");
                dossier.set(path, value)
            }
        })
    }

    pub(crate) fn yaml(&self) -> String {
        serde_yaml::to_string(&self.tree).expect("a YAML text")
    }

    pub(crate) fn json(&self) -> String {
        serde_json::to_string_pretty(&self.tree).expect("a JSON text")
    }

    /// The same record with Chinese keys and enum values.
    pub(crate) fn in_chinese(&self) -> Dossier {
        Dossier {
            tree: spelling::in_chinese(&self.tree, world().vocabulary()),
        }
    }

    /// The same record with its keys in another order.
    pub(crate) fn turned(&self, places: usize) -> Dossier {
        Dossier {
            tree: spelling::turned(&self.tree, places),
        }
    }

    pub(crate) fn record(&self) -> Record {
        decode("dossier.yaml", &self.yaml())
    }

    pub(crate) fn audit(&self, as_of: Option<&str>) -> CaseAudit {
        world().audit(&self.record(), as_of, true)
    }
}

/// Decodes a text in the format of its name's extension; it must have no problem.
pub(crate) fn decode(name: &str, text: &str) -> Record {
    let format = if name.ends_with("json") {
        Format::Json
    } else {
        Format::Yaml
    };
    let decoded = ingest::read(
        name,
        text.as_bytes().to_vec(),
        Some(format),
        world().vocabulary(),
    );
    assert!(
        decoded.diagnostics.is_empty(),
        "{:#?}\n{text}",
        decoded.diagnostics
    );
    decoded.record.expect("a record")
}

/// The line, from 1, on which a YAML text of plain nested maps writes the value of a path.
pub(crate) fn line_of(text: &str, path: &str) -> usize {
    let mut steps: Vec<&str> = path.split('.').rev().collect();
    let mut depth = 0;
    for (number, line) in (1..).zip(text.lines()) {
        let key = line.trim_start().split(':').next().unwrap_or_default();
        let indent = (line.len() - line.trim_start().len()) / 2;
        if indent == depth && steps.last() == Some(&key) {
            steps.pop();
            depth += 1;
            if steps.is_empty() {
                return number;
            }
        }
    }
    panic!("`{path}` is not in the text");
}
