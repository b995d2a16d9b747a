//! The JSON Schema of a record, from the vocabulary, so that editors complete and check dossiers.
//!
//! Every key the vocabulary accepts is a property: codes, labels and aliases. It is as strict as the reader of dossiers
//! about names, types and enum values; what a date or a number must lie between is said in words.

use serde_json::{Map, Value, json};

use super::{Entry, Fact, Group, GroupId, Vocabulary};
use crate::lang::Lang;
use crate::text;
use crate::value::{ShapeId, Type};

/// The words for what is known not to exist or not to have happened.
const NONE: [&str; 2] = ["无", "none"];

/// The keys of a person or an organisation written as a group.
const PARTY: [&[&str]; 3] = [
    &["name", "姓名", "名称", "单位名称"],
    &[
        "id",
        "code",
        "工号",
        "证件号",
        "证件号码",
        "身份证号",
        "执法证号",
        "统一社会信用代码",
        "信用代码",
    ],
    &["employer", "单位", "工作单位", "所在单位"],
];

/// The JSON Schema of a record, its titles and descriptions in `lang`.
#[must_use]
pub fn schema(vocabulary: &Vocabulary, lang: Lang) -> Value {
    let writer = Writer { vocabulary, lang };
    let mut definitions = Map::new();
    let mut root = writer.group(GroupId(0), &mut definitions);
    let title = lang.pick("抽查案卷记录", "Record of a spot-check case");
    let about = lang.pick(
        "没有写的为不明；写“无”的为查明没有。键可以用代码，也可以用中文名。",
        "What is not written is unknown; `none` (无) is known not to exist. Keys are codes or labels.",
    );
    if let Value::Object(fields) = &mut root {
        fields.insert(
            "$schema".into(),
            "https://json-schema.org/draft/2020-12/schema".into(),
        );
        fields.insert("title".into(), title.into());
        fields.insert("description".into(), about.into());
        fields.insert("$defs".into(), Value::Object(definitions));
    }
    root
}

struct Writer<'a> {
    vocabulary: &'a Vocabulary,
    lang: Lang,
}

impl Writer<'_> {
    /// The schema of a group's keys; what they lead to is defined once and referred to by every key.
    fn group(&self, id: GroupId, definitions: &mut Map<String, Value>) -> Value {
        let group = self.vocabulary.group(id);
        let mut properties = Map::new();
        for entry in &group.entries {
            let path = self.path(*entry);
            if !definitions.contains_key(&path) {
                // Held while what is below is written, so that the order is that of the vocabulary.
                definitions.insert(path.clone(), Value::Null);
                let schema = match entry {
                    Entry::Fact(fact) => self.fact(self.vocabulary.fact(*fact), definitions),
                    Entry::Group(below) => self.optional_group(*below, definitions),
                };
                definitions.insert(path.clone(), schema);
            }
            for key in self.keys(group, *entry) {
                properties.insert(key.to_owned(), reference(&path));
            }
        }
        json!({"type": "object", "properties": properties, "additionalProperties": false})
    }

    /// A group inside a group, which may be known not to exist or be left blank.
    fn optional_group(&self, id: GroupId, definitions: &mut Map<String, Value>) -> Value {
        let group = self.vocabulary.group(id);
        let schema = self.group(id, definitions);
        self.described(
            json!({"anyOf": [schema, none(), {"type": "null"}]}),
            group.label.get(self.lang),
            group.description.get(self.lang),
        )
    }

    fn path(&self, entry: Entry) -> String {
        match entry {
            Entry::Fact(fact) => self.vocabulary.fact(fact).path.clone(),
            Entry::Group(group) => self.vocabulary.group(group).path.clone(),
        }
    }

    /// The keys that lead to an entry: its code first, then the others by name.
    fn keys<'g>(&self, group: &'g Group, entry: Entry) -> Vec<&'g str> {
        let code = match entry {
            Entry::Fact(fact) => &self.vocabulary.fact(fact).code,
            Entry::Group(group) => &self.vocabulary.group(group).code,
        };
        let mut keys: Vec<&str> = group
            .keys()
            .filter(|key| group.entry(key) == Some(entry))
            .collect();
        keys.sort_unstable_by_key(|key| (*key != code, *key));
        keys
    }

    fn fact(&self, fact: &Fact, definitions: &mut Map<String, Value>) -> Value {
        let value = match &fact.ty {
            Type::Rows(shape) => {
                let row = self.row(*shape, definitions);
                json!({"type": "array", "items": row})
            }
            Type::List(of) => json!({"type": "array", "items": self.scalar(of, fact)}),
            scalar => self.scalar(scalar, fact),
        };
        let schema = json!({"anyOf": [value, none(), {"type": "null"}]});
        let mut about = fact.description.get(self.lang).to_owned();
        if let Some(form) = &fact.form {
            let form = form.get(self.lang);
            about.push_str(text!("（见{form}）", " (see {form})").get(self.lang));
        }
        if let Some(unit) = &fact.unit {
            let unit = unit.get(self.lang);
            about.push_str(text!("，单位：{unit}", ", in {unit}").get(self.lang));
        }
        self.described(schema, fact.title.get(self.lang), &about)
    }

    fn row(&self, shape: ShapeId, definitions: &mut Map<String, Value>) -> Value {
        let group = self.vocabulary.shape(shape).group;
        self.group(group, definitions)
    }

    fn scalar(&self, ty: &Type, fact: &Fact) -> Value {
        match ty {
            Type::Bool => json!({"enum": [true, false, "是", "否", "有"]}),
            Type::Int => bounded(json!({"type": "integer"}), fact),
            // Written with quotes or without; a decimal keeps its digits either way.
            Type::Decimal => json!({"anyOf": [
                bounded(json!({"type": "number"}), fact),
                {"type": "string", "pattern": "^-?[0-9]+(\\.[0-9]+)?$"}
            ]}),
            Type::Date => json!({"type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"}),
            Type::DateTime => json!({
                "type": "string",
                "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}(:[0-9]{2})?$"
            }),
            Type::Enum(id) => {
                let values = &self.vocabulary.enumeration(*id).values;
                let mut names: Vec<&str> = Vec::new();
                for value in values {
                    names.extend([value.label.get(self.lang), &value.code]);
                    names.extend([value.label.zh.as_str(), value.label.en.as_str()]);
                    names.extend(value.aliases.iter().map(String::as_str));
                }
                let mut seen = std::collections::HashSet::new();
                names.retain(|name| seen.insert(*name));
                json!({"enum": names})
            }
            Type::Person | Type::Organisation => {
                let mut properties = Map::new();
                for key in PARTY.into_iter().flatten() {
                    properties.insert((*key).to_owned(), json!({"type": ["string", "null"]}));
                }
                json!({"anyOf": [
                    {"type": "string"},
                    {"type": "object", "properties": properties, "additionalProperties": false}
                ]})
            }
            Type::Text => json!({"type": ["string", "number"]}),
            // A list of these is not a list of scalars, and the vocabulary has no such facts.
            Type::List(_) | Type::Rows(_) | Type::Row(_) => json!(true),
        }
    }

    fn described(&self, schema: Value, title: &str, about: &str) -> Value {
        let mut out = Map::new();
        out.insert("title".into(), title.into());
        if !about.is_empty() {
            out.insert("description".into(), about.into());
        }
        if let Value::Object(fields) = schema {
            out.extend(fields);
        }
        Value::Object(out)
    }
}

fn none() -> Value {
    json!({"enum": NONE})
}

/// A reference to a definition; `[` and `]` of a path cannot stand in a fragment as they are.
fn reference(path: &str) -> Value {
    let path = path.replace('[', "%5B").replace(']', "%5D");
    json!({"$ref": format!("#/$defs/{path}")})
}

fn bounded(mut schema: Value, fact: &Fact) -> Value {
    let limit = |decimal: rust_decimal::Decimal| {
        // Shown as a number where it is a whole one; a bound that is not is left to the reader of dossiers.
        i64::try_from(decimal).ok().filter(|_| decimal.is_integer())
    };
    if let (Some((min, max)), Value::Object(fields)) = (fact.range, &mut schema) {
        if let Some(min) = limit(min) {
            fields.insert("minimum".into(), min.into());
        }
        if let Some(max) = limit(max) {
            fields.insert("maximum".into(), max.into());
        }
    }
    schema
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rulebook::RuleFolder;
    use std::path::{Path, PathBuf};

    fn dossiers(folder: &Path, out: &mut Vec<PathBuf>) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                dossiers(&path, out);
            } else if path.extension().is_some_and(|e| e == "yaml" || e == "json") {
                out.push(path);
            }
        }
    }

    fn validator() -> jsonschema::Validator {
        let sources = RuleFolder::embedded().vocabulary().unwrap();
        let vocabulary = super::super::load(&sources).unwrap();
        jsonschema::draft202012::new(&schema(&vocabulary, Lang::Zh)).unwrap()
    }

    #[test]
    fn every_sound_fixture_is_valid_and_what_is_misspelt_is_not() {
        let validator = validator();
        let mut paths = Vec::new();
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures");
        dossiers(&root.join("shanxi-2024-batch-1"), &mut paths);
        dossiers(&root.join("same-record"), &mut paths);
        assert!(paths.len() > 5);
        for path in paths {
            let bytes = std::fs::read(&path).unwrap();
            // One fixture is GB18030 on purpose.
            let Ok(text) = String::from_utf8(bytes) else {
                continue;
            };
            let text = text.trim_start_matches('\u{feff}');
            let record: Value = serde_yaml::from_str(text).unwrap();
            let errors: Vec<String> = validator
                .iter_errors(&record)
                .map(|e| format!("{e} at {}", e.instance_path()))
                .collect();
            assert!(errors.is_empty(), "{}: {errors:#?}", path.display());
        }
        for wrong in [
            json!({"报告": 1}),
            json!({"report": {"issued_on": "1 March"}}),
            json!({"report": {"conclusion": "perhaps"}}),
            json!({"report": {"isued_on": null}}),
            json!({"complete": "yes"}),
        ] {
            assert!(!validator.is_valid(&wrong), "{wrong}");
        }
    }
}
