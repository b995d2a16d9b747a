//! The JSON Schema of a `tests.yaml`, for editors, which use it to complete bases, paths, obligations and outcomes.

use serde_json::{Value, json};

use choucha_core::audit::Outcome;
use choucha_core::lang::Lang;
use choucha_core::vocabulary;
use choucha_rules::rulebook::Rulebook;

/// The JSON Schema (2020-12) of a file of rule tests. The vocabulary describes the dossiers; the obligations are those
/// of all rule sets. Only the run checks whether an obligation is in force under the tested rule set.
#[must_use]
pub fn schema(rulebook: &Rulebook, lang: Lang) -> Value {
    let vocabulary = &rulebook.vocabulary;
    let mut record = vocabulary::schema(vocabulary, lang);
    // References in a record's schema start from the top, so its definitions move to the top of this schema.
    let mut definitions = record
        .as_object_mut()
        .and_then(|record| {
            record.remove("$schema");
            record.remove("$defs")
        })
        .unwrap_or_else(|| json!({}));
    let mut ids: Vec<&str> = rulebook
        .rule_sets
        .iter()
        .flat_map(choucha_core::obligation::RuleSet::all_obligations)
        .map(|obligation| obligation.id.0.as_str())
        .collect();
    ids.sort_unstable();
    ids.dedup();
    let paths: Vec<&str> = vocabulary
        .facts()
        .iter()
        .map(|fact| fact.path.as_str())
        .collect();
    let outcomes: Vec<String> = Outcome::ALL
        .into_iter()
        .flat_map(|outcome| [outcome.code().to_owned(), outcome.label().zh])
        .collect();
    let day = json!({
        "type": "string",
        "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$",
        "description": lang.pick("日期，如 2024-05-30", "a day, as 2024-05-30"),
    });
    let path = json!({
        "description": lang.pick(
            "事实的路径，代码或者中文名；列表从 1 数起：samples[2].sealed_on",
            "the path of a fact, in codes or labels; lists are counted from 1: samples[2].sealed_on",
        ),
        "anyOf": [{"enum": paths}, {"type": "string", "minLength": 1}],
    });
    let own = json!({
        "record": record,
        "path": path,
        "day": day,
        "outcome": {"enum": outcomes},
        "set": {
            "type": "object",
            "description": lang.pick("在这些路径写入这些值", "facts to set, by path"),
            "propertyNames": {"$ref": "#/$defs/path"},
        },
        "unset": {
            "type": "array",
            "description": lang.pick("删去这些路径的事实", "facts to take away, by path"),
            "items": {"$ref": "#/$defs/path"},
        },
        "result": {
            "type": "object",
            "properties": {
                "outcome": {"$ref": "#/$defs/outcome"},
                "due": {"$ref": "#/$defs/day"},
                "late_days": {"type": "integer"},
            },
            "required": ["outcome"],
        },
        "derived": {
            "type": "object",
            "properties": {
                "from": {"type": "string", "description": lang.pick("所派生自的基准案卷", "the base it derives from")},
                "set": {"$ref": "#/$defs/set"},
                "unset": {"$ref": "#/$defs/unset"},
            },
            "required": ["from"],
            "additionalProperties": false,
        },
        "test": {
            "type": "object",
            "properties": {
                "name": {"type": "string", "minLength": 1, "description": lang.pick("一句话，文件内不重复", "a sentence, once in the file")},
                "base": {"type": "string"},
                "as_of": {"$ref": "#/$defs/day"},
                "scope": {"type": "string"},
                "set": {"$ref": "#/$defs/set"},
                "unset": {"$ref": "#/$defs/unset"},
                "expect": {
                    "type": "object",
                    "description": lang.pick(
                        "合规和不适用以外的结果须逐项列出",
                        "every outcome but satisfied and not applicable is listed",
                    ),
                    "propertyNames": {"enum": ids},
                    "additionalProperties": {
                        "anyOf": [
                            {"$ref": "#/$defs/outcome"},
                            {
                                "type": "object",
                                "properties": {
                                    "outcome": {"$ref": "#/$defs/outcome"},
                                    "due": {"$ref": "#/$defs/day"},
                                    "late_days": {"type": "integer"},
                                    "parts": {
                                        "type": "object",
                                        "additionalProperties": {
                                            "anyOf": [{"$ref": "#/$defs/outcome"}, {"$ref": "#/$defs/result"}],
                                        },
                                    },
                                },
                                "required": ["outcome"],
                                "additionalProperties": false,
                            },
                        ],
                    },
                },
            },
            "required": ["name", "base", "expect"],
            "additionalProperties": false,
        },
    });
    if let (Some(definitions), Value::Object(own)) = (definitions.as_object_mut(), own) {
        definitions.extend(own);
    }
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": lang.pick("规则测试", "Tests of a rule set"),
        "type": "object",
        "properties": {
            "as_of": {"$ref": "#/$defs/day"},
            "bases": {
                "type": "object",
                "additionalProperties": {
                    "if": {"required": ["from"]},
                    "then": {"$ref": "#/$defs/derived"},
                    "else": {"$ref": "#/$defs/record"},
                },
            },
            "tests": {"type": "array", "items": {"$ref": "#/$defs/test"}},
        },
        "additionalProperties": false,
        "$defs": definitions,
    })
}
