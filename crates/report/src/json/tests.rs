use serde_json::Value;

use super::*;
use crate::sample::{audit, day, thin};

fn engine() -> Engine {
    Engine {
        name: "choucha".into(),
        version: "0.0.0".into(),
        rules_digest: choucha_core::source::sha256(b"rules"),
        calendar_digest: choucha_core::source::sha256(b"calendar"),
    }
}

fn document(lang: Lang, traces: bool) -> Document {
    let options = Options { lang, traces };
    let broken = Case::unaudited(
        "案卷/坏文件.yaml",
        SourceObject {
            path: "案卷/坏文件.yaml".into(),
            sha256: None,
        },
        &audit().diagnostics,
        options,
    );
    let mut totals = Totals::new(true);
    totals.add(&audit());
    totals.add(&thin());
    totals.add_unaudited("案卷/坏文件.yaml");
    let cases = vec![
        Case::of(&audit(), options),
        Case::of(&thin(), options),
        broken,
    ];
    Document::new(
        engine(),
        Some(day("2024-05-30")),
        cases,
        Vec::new(),
        &audit().diagnostics,
        options,
    )
    .with_totals(&totals)
}

fn value(lang: Lang, traces: bool) -> Value {
    serde_json::from_str(&document(lang, traces).to_text().unwrap()).unwrap()
}

fn validator(schema: &str) -> jsonschema::Validator {
    jsonschema::draft202012::new(&serde_json::from_str(schema).unwrap()).unwrap()
}

#[test]
fn what_is_written_is_what_the_published_schema_says() {
    let validator = validator(AUDIT_SCHEMA);
    for lang in [Lang::Zh, Lang::En] {
        for traces in [false, true] {
            let value = value(lang, traces);
            let errors: Vec<String> = validator
                .iter_errors(&value)
                .map(|e| format!("{} at {}", e, e.instance_path()))
                .collect();
            assert!(errors.is_empty(), "{errors:#?}");
        }
    }
}

#[test]
fn anything_else_breaks_the_schema() {
    let validator = validator(AUDIT_SCHEMA);
    let good = value(Lang::Zh, true);
    let breaks: [(&str, Value); 9] = [
        ("/schema", "choucha.audit/2".into()),
        ("/as_of", "30 May".into()),
        ("/cases/0/outcome", "guilty".into()),
        ("/cases/0/counts/violated", (-1).into()),
        ("/cases/0/findings/0/citations", Value::Array(vec![])),
        ("/cases/0/findings/0/severity", Value::Null),
        ("/cases/0/findings/0/due/on", Value::Null),
        ("/cases/0/source/sha256", "md5:00".into()),
        ("/cases/0/diagnostics/0/places/0/line", 0.into()),
    ];
    for (pointer, wrong) in breaks {
        let mut bad = good.clone();
        *bad.pointer_mut(pointer).unwrap() = wrong;
        assert!(!validator.is_valid(&bad), "{pointer}");
    }
    // Every object is closed, and every field of it required (except traces, which are optional).
    let mut objects = Vec::new();
    pointers(&good, "", &mut objects);
    assert!(objects.len() > 30);
    for pointer in objects {
        let mut extra = good.clone();
        let object = extra
            .pointer_mut(&pointer)
            .unwrap()
            .as_object_mut()
            .unwrap();
        let keys: Vec<String> = object.keys().cloned().collect();
        object.insert("unheard_of".into(), Value::Null);
        assert!(!validator.is_valid(&extra), "{pointer} is open");
        for key in keys.iter().filter(|key| *key != "traces") {
            let mut short = good.clone();
            let object = short.pointer_mut(&pointer).unwrap();
            object.as_object_mut().unwrap().remove(key);
            assert!(!validator.is_valid(&short), "{pointer}/{key} is optional");
        }
    }
}

fn pointers(value: &Value, at: &str, out: &mut Vec<String>) {
    match value {
        Value::Object(fields) => {
            out.push(at.to_owned());
            for (key, field) in fields {
                pointers(field, &format!("{at}/{key}"), out);
            }
        }
        // All objects of an array have the same shape.
        Value::Array(items) => {
            for (n, item) in items.iter().enumerate().take(2) {
                pointers(item, &format!("{at}/{n}"), out);
            }
        }
        _ => {}
    }
}

#[test]
fn every_field_of_the_schemas_is_described() {
    fn walk(schema: &Value, at: &str) {
        if let Some(fields) = schema.get("properties").and_then(Value::as_object) {
            assert_eq!(schema["additionalProperties"], false, "{at}");
            for (name, field) in fields {
                let text = field["description"].as_str().unwrap_or_default();
                assert!(!text.is_empty(), "{at}/{name}");
                walk(field, &format!("{at}/{name}"));
            }
        }
        if let Some(items) = schema.get("items") {
            walk(items, &format!("{at}[]"));
        }
        if let Some(definitions) = schema.get("$defs").and_then(Value::as_object) {
            for (name, definition) in definitions {
                walk(definition, &format!("{at}#{name}"));
            }
        }
    }
    walk(&serde_json::from_str(AUDIT_SCHEMA).unwrap(), "audit");
    walk(&serde_json::from_str(RULES_SCHEMA).unwrap(), "rules");
}

#[test]
fn the_document_counts_every_case_and_ndjson_holds_the_same_objects() {
    let value = value(Lang::En, false);
    assert_eq!(value["summary"]["records"], 3);
    assert_eq!(value["summary"]["unaudited"], 1);
    assert_eq!(value["summary"]["errored"], 1);
    assert_eq!(value["summary"]["violated"], 1);
    assert_eq!(value["summary"]["undetermined"], 1);
    let options = Options {
        lang: Lang::En,
        traces: false,
    };
    let line = line(&Case::of(&audit(), options)).unwrap();
    assert_eq!(line.matches('\n').count(), 1);
    let case: Value = serde_json::from_str(&line).unwrap();
    assert_eq!(case, value["cases"][0]);
}

#[test]
fn one_case_as_json_looks_like_this() {
    let options = Options {
        lang: Lang::Zh,
        traces: true,
    };
    let mut audit = audit();
    audit.findings.truncate(2);
    let case = serde_json::to_string_pretty(&Case::of(&audit, options)).unwrap();
    insta::assert_snapshot!("case_zh", case);
}
