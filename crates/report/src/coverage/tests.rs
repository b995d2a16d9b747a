//! A small coverage as text, JSON and a page.

use super::*;
use crate::json::{COVERAGE_SCHEMA, CoverageDocument};
use choucha_core::diagnostic::Style;
use choucha_core::instrument::{ClauseId, ClauseKind};
use choucha_core::source::{Source, Span};
use choucha_rules::coverage::{Row, Status};

fn encoding(id: &str, bearer: Option<&str>, quote: &str, words: &str) -> Encoding {
    let source = Source::new("rules/set/a/1.rhai", "one\ntwo\n");
    let start = words.find(quote).unwrap();
    Encoding {
        ruleset: RuleSetId("set/a".into()),
        id: Id(id.into()),
        title: Text::new("示例义务<甲>", "Example duty"),
        bearer: bearer.map(|code| (code.to_owned(), Text::new("抽样人员", "Samplers"))),
        quote: quote.into(),
        quoted: Some(start..start + quote.len()),
        at: Span::new(&source, 4..7),
    }
}

fn row(id: &str, kind: ClauseKind, words: &str, status: Status) -> Row {
    Row {
        id: ClauseId::parse(id).unwrap(),
        kind,
        text: Some(words.to_owned()),
        status,
    }
}

fn sample() -> Coverage {
    let words = "抽样人员不得少于2人，并出示通知书。";
    Coverage {
        ruleset: RuleSetId("set/a".into()),
        title: Text::new("示例抽查", "Example spot check"),
        instrument: "甲市监发〔2020〕1号".into(),
        instrument_title: Text::new("示例通知", "Example notice"),
        layers: vec![RuleSetId("set/a".into()), RuleSetId("set/b".into())],
        with_texts: true,
        rows: vec![
            row(
                "一、/1.1",
                ClauseKind::Heading,
                "一、工作任务",
                Status::NoAnswerNeeded,
            ),
            row(
                "一、/2.1",
                ClauseKind::Normative,
                words,
                Status::Encoded(vec![
                    encoding("a.two", Some("samplers"), "抽样人员不得少于2人", words),
                    encoding("a.shown", None, "2人，并出示通知书", words),
                ]),
            ),
            row(
                "一、/3.1",
                ClauseKind::Normative,
                "依法<处理>\u{202e}。",
                Status::Missing,
            ),
            row(
                "二、/1.1",
                ClauseKind::Policy,
                "提高认识。",
                Status::NotAuditable(Reason::Policy, Text::new("号召", "an appeal")),
            ),
            row(
                "二、/2.1",
                ClauseKind::Form,
                "编号：",
                Status::NoAnswerNeeded,
            ),
        ],
    }
}

fn style(lang: Lang) -> Style {
    Style {
        lang,
        color: false,
        width: 80,
    }
}

fn without_texts() -> Coverage {
    let mut coverage = sample();
    coverage.with_texts = false;
    for row in &mut coverage.rows {
        row.text = None;
        if let Status::Encoded(encodings) = &mut row.status {
            for encoding in encodings {
                encoding.quoted = None;
            }
        }
    }
    coverage
}

#[test]
fn on_the_terminal_what_is_missing_is_listed_and_with_all_every_clause() {
    let mut out = String::new();
    for (all, lang) in [(false, Lang::Zh), (true, Lang::Zh), (true, Lang::En)] {
        out.push_str(&render_coverage(&[sample()], all, style(lang)));
        out.push_str("----\n");
    }
    out.push_str(&render_coverage(&[without_texts()], true, style(Lang::Zh)));
    insta::assert_snapshot!(out);
}

#[test]
fn the_page_is_one_file_without_scripts_and_shows_what_is_quoted() {
    let page = render_html(&[sample()], Lang::Zh);
    let body = page.split("</head>").nth(1).unwrap();
    insta::assert_snapshot!(body);
    for outside in ["<script", "http", "url(", "@import", "src="] {
        assert!(!page.contains(outside), "{outside}");
    }
    assert!(!page.contains('\u{202e}'));
    let english = render_html(&[sample(), without_texts()], Lang::En);
    assert!(english.contains("<html lang=\"en\">") && english.contains("href=\"#set-1\""));
    assert!(english.contains("<q>抽样人员不得少于2人</q>"));
}

#[test]
fn the_json_follows_its_published_schema() {
    let schema: serde_json::Value = serde_json::from_str(COVERAGE_SCHEMA).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    for (coverage, lang) in [(sample(), Lang::Zh), (without_texts(), Lang::En)] {
        let text = CoverageDocument::new(&[coverage], lang).to_text().unwrap();
        let value: serde_json::Value = serde_json::from_str(&text).unwrap();
        let errors: Vec<String> = validator
            .iter_errors(&value)
            .map(|e| e.to_string())
            .collect();
        assert!(errors.is_empty(), "{errors:?}");
        assert_eq!(value["complete"], false);
        let counts = &value["rulesets"][0]["counts"];
        assert_eq!(counts["needed"], 3);
        assert_eq!(counts["missing"], 1);
        assert_eq!(counts["others"], 2);
    }
    for reason in Reason::ALL {
        assert!(
            COVERAGE_SCHEMA.contains(&format!("\"{}\"", reason.code())),
            "{reason:?}"
        );
    }
}
