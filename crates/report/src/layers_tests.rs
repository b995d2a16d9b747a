//! Effective sets and diffs in the form for readers and in JSON.

use serde_json::Value;

use super::diff::{render_diff, render_markdown};
use super::effective::render_effective;
use super::json::{DIFF_SCHEMA, DiffDocument, EFFECTIVE_SCHEMA, EffectiveDocument};
use choucha_core::diagnostic::Style;
use choucha_core::lang::Lang;
use choucha_core::layout;
use choucha_core::value::Day;
use choucha_rules::diff::{Diff, DutyChange, Reach, Side};
use choucha_rules::rulebook::RuleFolder;
use choucha_run::engine::Engine;

fn with_engine(check: impl Fn(&Engine)) {
    check(&Engine::load(&RuleFolder::embedded()).unwrap());
}

fn diff<'a>(engine: &'a Engine, before: &str, after: &str) -> Diff<'a> {
    let side = |id: &str| Side {
        layers: engine.layers(engine.rulebook().rule_set(id).unwrap()),
        vocabulary: engine.vocabulary(),
    };
    Diff::of(side(before), side(after), Reach::Effective)
}

/// Checks a document against its schema, and that the schema allows nothing more.
fn strict(schema: &str, text: &str, objects: &[&str]) {
    let schema: Value = serde_json::from_str(schema).unwrap();
    let validator = jsonschema::draft202012::new(&schema).unwrap();
    let good: Value = serde_json::from_str(text).unwrap();
    let errors: Vec<String> = validator
        .iter_errors(&good)
        .map(|e| format!("{} at {}", e, e.instance_path()))
        .collect();
    assert!(errors.is_empty(), "{errors:#?}");
    for pointer in objects {
        let object = |of: &mut Value| {
            of.pointer_mut(pointer)
                .unwrap()
                .as_object_mut()
                .unwrap()
                .clone()
        };
        let keys: Vec<String> = object(&mut good.clone()).keys().cloned().collect();
        let mut open = good.clone();
        open.pointer_mut(pointer).unwrap()["unheard_of"] = 1.into();
        assert!(!validator.is_valid(&open), "{pointer}");
        for key in keys {
            let mut short = good.clone();
            short
                .pointer_mut(pointer)
                .unwrap()
                .as_object_mut()
                .unwrap()
                .remove(&key);
            assert!(!validator.is_valid(&short), "{pointer}/{key}");
        }
    }
}

#[test]
fn a_diff_as_json_is_what_its_schema_says() {
    with_engine(|engine| {
        let diff = diff(engine, "shanxi/2024-batch-1", "shanxi/datong-2025");
        for lang in [Lang::Zh, Lang::En] {
            let text = DiffDocument::new(&diff, lang).to_text().unwrap();
            let json: Value = serde_json::from_str(&text).unwrap();
            let entries = json["entries"].as_array().unwrap();
            for kind in DutyChange::ALL
                .iter()
                .filter(|kind| **kind != DutyChange::Same)
            {
                let listed = entries
                    .iter()
                    .filter(|entry| entry["kind"] == kind.code())
                    .count();
                assert_eq!(json["counts"][kind.code()], listed);
            }
            let at = entries
                .iter()
                .position(|entry| entry["kind"] == "relaxed")
                .unwrap();
            let objects = [
                String::new(),
                "/before".into(),
                "/counts".into(),
                format!("/entries/{at}"),
                format!("/entries/{at}/before"),
                format!("/entries/{at}/changes/0"),
                format!("/entries/{at}/after/citations/0"),
            ];
            let objects: Vec<&str> = objects.iter().map(String::as_str).collect();
            strict(DIFF_SCHEMA, &text, &objects);
        }
    });
}

#[test]
fn an_effective_set_as_json_is_what_its_schema_says() {
    with_engine(|engine| {
        let set = engine.rulebook().rule_set("shanxi/2024-batch-1").unwrap();
        for day in ["2019-01-01", "2024-01-04", "2024-03-01"] {
            let day = Day::parse(day).unwrap();
            let effective = engine.effective(set, day);
            let text = EffectiveDocument::new(&effective, day, engine.vocabulary(), Lang::En)
                .to_text()
                .unwrap();
            strict(EFFECTIVE_SCHEMA, &text, &["", "/layers/0", "/counts"]);
            let json: Value = serde_json::from_str(&text).unwrap();
            let all = json["obligations"].as_array().unwrap();
            if let Some(at) = all
                .iter()
                .position(|duty| duty["refines"][0]["changes"][0].is_object())
            {
                let pointers = [
                    format!("/obligations/{at}"),
                    format!("/obligations/{at}/parts/0"),
                    format!("/obligations/{at}/refines/0"),
                    format!("/obligations/{at}/refines/0/changes/0"),
                ];
                let pointers: Vec<&str> = pointers.iter().map(String::as_str).collect();
                strict(EFFECTIVE_SCHEMA, &text, &pointers);
            }
        }
    });
}

#[test]
fn no_line_is_wider_than_the_terminal() {
    with_engine(|engine| {
        let diff = diff(engine, "shanxi/2021-158-coal", "shanxi/2024-batch-1");
        let set = engine.rulebook().rule_set("shanxi/datong-2025").unwrap();
        let day = Day::parse("2025-10-01").unwrap();
        let effective = engine.effective(set, day);
        for width in [40, 57, 80, 120] {
            for lang in [Lang::Zh, Lang::En] {
                let style = Style {
                    lang,
                    color: false,
                    width,
                };
                let mut text = render_diff(&diff, style);
                text += &render_effective(&effective, day, engine.vocabulary(), style);
                for line in text.lines() {
                    assert!(layout::width(line) <= width, "{width}: {line}");
                }
            }
        }
    });
}

#[test]
fn clauses_stand_side_by_side_in_markdown_and_nothing_in_them_is_markup() {
    with_engine(|engine| {
        let text = render_markdown(
            &diff(engine, "shanxi/2024-batch-1", "shanxi/datong-2025"),
            Lang::Zh,
        );
        assert!(
            text.contains("7日内寄送至省局质量监管处” | 大同市市场监督管理局2025年9月28日通知")
        );
        for row in text.lines().filter(|line| line.starts_with('|')) {
            let bars = row.replace("\\|", "").matches('|').count();
            assert!(bars == 3 || bars == 8, "{row}");
        }
    });
}
