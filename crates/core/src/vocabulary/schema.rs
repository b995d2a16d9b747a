//! The JSON Schema of a record, for editors, which use it to complete and check keys and values while a dossier is
//! written.
//!
//! Invariant: the schema accepts every record that decodes without a diagnostic. It is less strict than decoding: it
//! cannot express that a code and its label are both given, or that a day does not exist.

use serde_json::{Map, Value, json};

use super::{Entry, EnumValue, Fact, Group, GroupId, PARTY_KEYS, PartyField, Vocabulary};
use crate::lang::{Lang, Text};
use crate::value::Type;

/// The JSON Schema (2020-12) of a record of a vocabulary. Titles and descriptions are in `lang`; keys and values are
/// accepted in both languages.
///
/// Non-standard annotations: `x-path` (the path of codes), `x-form` (the paper a fact is found on), `x-unit`,
/// `x-personal`.
#[must_use]
pub fn schema(vocabulary: &Vocabulary, lang: Lang) -> Value {
    let mut schema = Schema {
        vocabulary,
        lang,
        definitions: Map::new(),
    };
    schema.add_common();
    let mut root = schema.object(GroupId(0));
    root.insert(
        "$schema".into(),
        json!("https://json-schema.org/draft/2020-12/schema"),
    );
    root.insert(
        "title".into(),
        json!(lang.pick("监督抽查案卷记录", "Record of a supervision spot check")),
    );
    root.insert("$defs".into(), Value::Object(schema.definitions));
    Value::Object(root)
}

struct Schema<'v> {
    vocabulary: &'v Vocabulary,
    lang: Lang,
    definitions: Map<String, Value>,
}

/// A time of day after a date, with or without an offset.
const TIME: &str = "[T ][0-9]{2}:[0-9]{2}(:[0-9]{2}([.][0-9]+)?)?(Z|[+-][0-9]{2}:?[0-9]{2})?";

impl Schema<'_> {
    /// Definitions that many facts share: silence, persons, organisations.
    fn add_common(&mut self) {
        let silence = json!({
            "description": self.lang.pick(
                "留空表示未载；`无` 表示已知没有或未发生",
                "blank is not recorded; `none` is known not to exist or not to have happened",
            ),
            "enum": ["无", "none", "", null],
        });
        self.definitions.insert("silence".into(), silence);
        for (name, of_person) in [("person", true), ("organisation", false)] {
            let mut properties = Map::new();
            let mut names = Vec::new();
            for (key, field) in PARTY_KEYS {
                let title = match (field, of_person) {
                    (PartyField::Name, true) => Text::new("姓名", "Name"),
                    (PartyField::Name, false) => Text::new("名称", "Name"),
                    (PartyField::Id, true) => Text::new("工号或证件号", "Staff or identity number"),
                    (PartyField::Id, false) => {
                        Text::new("统一社会信用代码", "Unified social credit code")
                    }
                    (PartyField::Employer, _) => Text::new("所在单位", "Employer"),
                };
                if field == PartyField::Name {
                    names.push(json!({"required": [key]}));
                }
                properties.insert(
                    key.into(),
                    json!({"title": title.get(self.lang), "type": ["string", "number", "null"]}),
                );
            }
            let party = json!({
                "anyOf": [
                    {"type": ["string", "number"]},
                    {"type": "object", "properties": properties, "additionalProperties": false, "anyOf": names},
                ],
            });
            self.definitions.insert(name.into(), party);
        }
    }

    /// The schema of a group as a map, with the definitions it refers to.
    fn object(&mut self, group: GroupId) -> Map<String, Value> {
        let group = self.vocabulary.group(group);
        let mut properties = Map::new();
        for entry in &group.entries {
            let (name, codes, label, aliases) = match *entry {
                Entry::Fact(id) => {
                    let fact = self.vocabulary.fact(id);
                    (
                        self.define_fact(fact),
                        &fact.code,
                        &fact.label,
                        &fact.aliases,
                    )
                }
                Entry::Group(id) => {
                    let inner = self.vocabulary.group(id);
                    (
                        self.define_group(id, inner),
                        &inner.code,
                        &inner.label,
                        &inner.aliases,
                    )
                }
            };
            for key in [codes, &label.zh, &label.en].into_iter().chain(aliases) {
                properties.insert(key.clone(), json!({"$ref": format!("#/$defs/{name}")}));
            }
        }
        let mut object = Map::new();
        object.insert("type".into(), json!("object"));
        object.insert("properties".into(), Value::Object(properties));
        object.insert("additionalProperties".into(), json!(false));
        object
    }

    fn define_group(&mut self, id: GroupId, group: &Group) -> String {
        let object = self.object(id);
        let mut schema = Map::new();
        schema.insert("title".into(), json!(group.label.get(self.lang)));
        if !group.description.is_empty() {
            schema.insert(
                "description".into(),
                json!(group.description.get(self.lang)),
            );
        }
        schema.insert("x-path".into(), json!(group.path));
        schema.insert("anyOf".into(), json!([object, {"$ref": "#/$defs/silence"}]));
        self.define(&group.path, schema)
    }

    fn define_fact(&mut self, fact: &Fact) -> String {
        let values = self.values(fact, &fact.ty);
        let mut schema = Map::new();
        schema.insert("title".into(), json!(fact.title.get(self.lang)));
        schema.insert("description".into(), json!(self.description(fact)));
        schema.insert("x-path".into(), json!(fact.path));
        if let Some(form) = &fact.form {
            schema.insert("x-form".into(), json!(form.get(self.lang)));
        }
        if let Some(unit) = &fact.unit {
            schema.insert("x-unit".into(), json!(unit.get(self.lang)));
        }
        if fact.personal {
            schema.insert("x-personal".into(), json!(true));
        }
        schema.insert("anyOf".into(), json!([values, {"$ref": "#/$defs/silence"}]));
        self.define(&fact.path, schema)
    }

    fn define(&mut self, path: &str, schema: Map<String, Value>) -> String {
        // A reference cannot contain the brackets of a path of rows.
        let name = format!("fact.{}", path.replace("[]", "*"));
        self.definitions.insert(name.clone(), Value::Object(schema));
        name
    }

    fn description(&self, fact: &Fact) -> String {
        let mut text = fact.description.get(self.lang).to_owned();
        if let Some(unit) = &fact.unit {
            text += &match self.lang {
                Lang::Zh => format!("（单位：{}）", unit.zh),
                Lang::En => format!(" (in {})", unit.en),
            };
        }
        if let Some(form) = &fact.form {
            text += &match self.lang {
                Lang::Zh => format!("（见{}）", form.zh),
                Lang::En => format!(" (found on: {})", form.en),
            };
        }
        text
    }

    /// The values of a type, without silence.
    fn values(&mut self, fact: &Fact, ty: &Type) -> Value {
        match ty {
            // An unquoted `01` or `2024` in YAML is a number to an editor and a text to a record.
            Type::Text => json!({"type": ["string", "number", "boolean"]}),
            Type::Bool => {
                json!({"enum": [true, false, "是", "否", "有", "true", "false", "True", "False", "TRUE", "FALSE"]})
            }
            Type::Int => {
                json!({"anyOf": [self.limited("integer", fact), {"type": "string", "pattern": "^\\s*-?[0-9]+\\s*$"}]})
            }
            Type::Decimal => {
                json!({"anyOf": [self.limited("number", fact), {"type": "string", "pattern": "^\\s*-?[0-9]+(\\.[0-9]+)?\\s*$"}]})
            }
            Type::Date => self.day(
                &format!("^\\s*[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}({TIME})?\\s*$"),
                "2024-03-01",
            ),
            Type::DateTime => self.day(
                &format!("^\\s*[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}{TIME}\\s*$"),
                "2024-03-01 09:30",
            ),
            Type::Enum(id) => {
                let values = &self.vocabulary.enumeration(*id).values;
                let mut names: Vec<&str> = Vec::new();
                let kinds: [fn(&EnumValue) -> Vec<&str>; 3] = [
                    |value| vec![&value.label.zh],
                    |value| vec![&value.code],
                    |value| {
                        std::iter::once(value.label.en.as_str())
                            .chain(value.aliases.iter().map(String::as_str))
                            .collect()
                    },
                ];
                for name in kinds.iter().flat_map(|kind| values.iter().flat_map(kind)) {
                    if !names.contains(&name) {
                        names.push(name);
                    }
                }
                json!({"enum": names})
            }
            Type::Person => json!({"$ref": "#/$defs/person"}),
            Type::Organisation => json!({"$ref": "#/$defs/organisation"}),
            Type::List(of) => {
                let items = self.values(fact, of);
                json!({"type": "array", "items": {"anyOf": [items, {"$ref": "#/$defs/silence"}]}})
            }
            Type::Rows(shape) | Type::Row(shape) => {
                let object = self.object(self.vocabulary.shape(*shape).group);
                json!({"type": "array", "items": {"anyOf": [object, {"$ref": "#/$defs/silence"}]}})
            }
        }
    }

    /// A day, or a word for an act that was done.
    fn day(&self, pattern: &str, example: &str) -> Value {
        json!({"anyOf": [
            {"type": "string", "pattern": pattern, "examples": [example]},
            {
                "description": self.lang.pick("已办理，日期不明", "done, on a day that is not known"),
                "enum": super::DONE.iter().map(|word| json!(word)).chain([json!(true)]).collect::<Vec<_>>(),
            },
        ]})
    }

    /// A number within the limits of its fact.
    fn limited(&self, ty: &str, fact: &Fact) -> Value {
        let mut schema = Map::new();
        schema.insert("type".into(), json!(ty));
        if let Some((min, max)) = fact.range {
            // Limits that JSON cannot represent exactly are left to decoding.
            for (key, limit) in [("minimum", min), ("maximum", max)] {
                if let Ok(number) = limit.to_string().parse::<serde_json::Number>()
                    && number.to_string() == limit.to_string()
                {
                    schema.insert(key.into(), Value::Number(number));
                }
            }
        }
        Value::Object(schema)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
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
        let vocabulary = super::super::load(&super::super::shipped()).unwrap();
        jsonschema::draft202012::new(&schema(&vocabulary, Lang::Zh)).unwrap()
    }

    #[test]
    fn every_sound_fixture_is_valid_and_what_is_misspelt_is_not() {
        let validator = validator();
        let mut paths = Vec::new();
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures");
        dossiers(&root.join("shanxi-2024-batch-1"), &mut paths);
        dossiers(&root.join("same-record"), &mut paths);
        assert!(paths.len() > 5);
        for path in paths {
            let bytes = std::fs::read(&path).unwrap();
            // One fixture is deliberately GB18030.
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
        for undated in [json!("有"), json!("已办"), json!("done"), json!(true)] {
            assert!(validator.is_valid(&json!({"report": {"issued_on": undated}})));
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
