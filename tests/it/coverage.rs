//! The clauses that the program's own rule sets cover, and lists that are wrong.

use choucha::coverage::*;
use choucha::diagnostic::{Code, Diagnostic};
use choucha::engine::Engine;
use choucha::rulebook::RuleFolder;

fn own() -> (Engine, RuleFolder) {
    let rules = RuleFolder::embedded();
    (Engine::load(&rules).unwrap(), rules)
}

#[test]
fn every_rule_set_the_program_carries_answers_for_every_clause_of_its_instrument() {
    let (engine, rules) = own();
    for set in &engine.rulebook().rule_sets {
        let (coverage, warnings) = of(engine.rulebook(), &rules, set, None).unwrap();
        assert!(warnings.is_empty(), "{}: {warnings:?}", set.id);
        let missing: Vec<String> = coverage
            .rows
            .iter()
            .filter(|row| matches!(row.status, Status::Missing))
            .map(|row| row.id.to_string())
            .collect();
        assert!(missing.is_empty(), "{}: {missing:?}", set.id);
        let counts = coverage.counts();
        assert_eq!(
            counts.encoded + counts.not_auditable + counts.missing,
            counts.needed
        );
        assert_eq!(counts.needed + counts.others, counts.clauses);
        let reasons: usize = coverage.reasons().iter().map(|(_, n)| n).sum();
        assert_eq!(reasons, counts.not_auditable);
    }
}

#[test]
fn order_18_is_answered_for_article_by_article() {
    let (engine, rules) = own();
    let set = engine.rulebook().rule_set("national/order-18").unwrap();
    let (coverage, _) = of(engine.rulebook(), &rules, set, None).unwrap();
    let mut articles: Vec<&str> = coverage
        .rows
        .iter()
        .map(|row| row.id.section.as_str())
        .filter(|section| section.ends_with('条'))
        .collect();
    articles.dedup();
    assert_eq!(articles.len(), 56);
}

/// The coverage of the notice with this list in place of its own.
fn listing(list: &str) -> Result<(Coverage, Vec<Diagnostic>), Vec<Diagnostic>> {
    let (engine, rules) = own();
    let path = "shanxi/2024-batch-1/not-auditable.yaml";
    let texts: Vec<(String, String)> = rules
        .paths()
        .map(|known| {
            let (source, _) = rules.source(known).unwrap();
            let text = if known == path { list } else { source.text() };
            (known.to_owned(), text.to_owned())
        })
        .collect();
    let texts = texts
        .iter()
        .map(|(path, text)| (path.as_str(), text.as_str()));
    let rules = RuleFolder::from_texts("rules", texts);
    let set = engine.rulebook().rule_set("shanxi/2024-batch-1").unwrap();
    of(engine.rulebook(), &rules, set, None)
}

#[test]
fn what_is_not_listed_is_missing_and_counted_to_the_clause() {
    let (coverage, _) = listing("clauses: []\n").unwrap();
    let (all, _) = listing(include_str!(
        "../../rules/shanxi/2024-batch-1/not-auditable.yaml"
    ))
    .unwrap();
    assert!(!coverage.is_complete() && all.is_complete());
    assert_eq!(coverage.counts().missing, all.counts().not_auditable);
    assert_eq!(coverage.counts().encoded, all.counts().encoded);
}

#[test]
fn a_list_that_is_wrong_is_one_diagnostic_at_its_place() {
    let entry = |clause: &str, kind: &str, reason: &str| {
        format!(
            "clauses:\n  - clause: {clause}\n    kind: {kind}\n    reason: {reason}\n    reason_en: x\n"
        )
    };
    let cases = [
        (
            entry("一、（九）", "policy", "理由"),
            "no such clause",
            "3:11",
        ),
        (
            entry("一、/x", "policy", "理由"),
            "names no clauses",
            "3:11",
        ),
        (
            entry("序/3.1", "polity", "理由"),
            "no kind of reason `polity`",
            "3:11",
        ),
        (entry("序/3.1", "policy", "''"), "`reason` is empty", "4:13"),
        (
            entry("[序/3.1, 序/3]", "policy", "理由"),
            "listed twice",
            "3:11",
        ),
        ("clauses: {}\n".to_owned(), "the file is invalid", "1:"),
        (
            "clauses:\n  - clause: 序/3.1\n".to_owned(),
            "the file is invalid",
            "2:",
        ),
        ("other: []\n".to_owned(), "the file is invalid", "1:1"),
    ];
    for (list, message, place) in cases {
        let problems = listing(&list).unwrap_err();
        assert_eq!(problems.len(), 1, "{list}: {problems:?}");
        assert_eq!(problems[0].code, Code::CoverageInvalid);
        assert!(
            problems[0].message.en.contains(message),
            "{list}: {problems:?}"
        );
        let at = problems[0].labels[0].span.to_string();
        assert!(
            at.starts_with(&format!(
                "rules/shanxi/2024-batch-1/not-auditable.yaml:{place}"
            )),
            "{list}: {at}"
        );
    }
}

#[test]
fn a_clause_that_is_encoded_and_listed_is_a_warning() {
    let list = "clauses:\n  - clause: 二、（一）/3.1\n    kind: policy\n    reason: 理由\n    reason_en: x\n";
    let (_, warnings) = listing(list).unwrap();
    assert_eq!(warnings.len(), 1);
    assert_eq!(warnings[0].code, Code::CoverageNeedless);
    assert_eq!(warnings[0].labels[0].span.position().to_string(), "3:11");
}
