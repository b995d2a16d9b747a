//! Rules with correct and wrong quotes, with texts and without.

use std::sync::Arc;

use choucha::diagnostic::has_errors;
use choucha::diagnostic::{Code, Diagnostic};
use choucha::engine::Engine;
use choucha::instrument::Outline;
use choucha::rulebook::RuleFolder;
use choucha::rulebook::{self, Rulebook};
use choucha::source::Source;
use choucha::texts::*;
use choucha::vocabulary;

const VOCABULARY: &str = include_str!("../../crates/rules/src/rulebook/tests/vocabulary.yaml");
const TEXT: &str = include_str!("../texts/two-notices.txt");
const OUTLINE: &str =
    "style: notice\nparts:\n  - {from: 甲市监发〔2020〕1号, until: 甲省市场监督管理局文件}\n";

/// A rules folder with one duty that makes this citation, and further changes.
struct Rules {
    files: Vec<(String, String)>,
}

impl Rules {
    fn citing(section: &str, quote: &str) -> Self {
        let registry = format!(
            "instruments:\n  - number: 甲市监发〔2020〕1号\n    title: 示例通知\n    title_en: Example\n    issuer: 甲省市场监督管理局\n    rank: notice\n    text: notices.txt\n    digest: {}\n    clauses: a\n",
            choucha::source::sha256(TEXT.as_bytes())
        );
        let script = format!(
            "ruleset(\"set/a\", #{{ title: \"示例\", title_en: \"Example\", instrument: instrument(\"甲市监发〔2020〕1号\") }});\nlet n = instrument(\"甲市监发〔2020〕1号\");\nobligation(\"a\", #{{ title: \"甲\", title_en: \"A\", bearer: \"samplers\",\n    cite: n.at(\"{section}\", \"{quote}\"), must: fact(\"sampling.signed\") }});\n"
        );
        let file = |path: &str, text: &str| (path.to_owned(), text.to_owned());
        Rules {
            files: vec![
                file("instruments.yaml", &registry),
                file("clauses/a.yaml", OUTLINE),
                file("set/a/ruleset.rhai", &script),
            ],
        }
    }

    fn with(mut self, path: &str, text: &str) -> Self {
        self.files.retain(|(known, _)| known != path);
        self.files.push((path.to_owned(), text.to_owned()));
        self
    }

    fn edited(self, path: &str, from: &str, to: &str) -> Self {
        let old = self.files.iter().find(|(known, _)| known == path).unwrap();
        assert!(old.1.contains(from), "{path} has no {from}");
        let new = old.1.replace(from, to);
        self.with(path, &new)
    }

    /// Adds the locks that belong to it.
    fn locked(self) -> Self {
        let folder = self.folder();
        let (files, warnings) = lock(&book(&folder), &folder, &texts(TEXT)).unwrap();
        assert!(warnings.is_empty());
        let mut locked = self;
        for file in files {
            locked = locked.with(&file.path, &file.text);
        }
        locked
    }

    fn folder(&self) -> RuleFolder {
        let files = self.files.iter();
        RuleFolder::from_texts(
            "rules",
            files.map(|(path, text)| (path.as_str(), text.as_str())),
        )
    }

    fn verify(&self, texts: Option<&TextFolder>) -> Vec<Diagnostic> {
        let folder = self.folder();
        verify(&book(&folder), &folder, texts)
    }
}

fn book(folder: &RuleFolder) -> Rulebook {
    let source = Source::new("vocabulary.yaml", VOCABULARY);
    let vocabulary = Arc::new(vocabulary::load(&[source]).unwrap());
    rulebook::load(folder, &vocabulary).unwrap()
}

fn texts(text: &str) -> TextFolder {
    TextFolder::from_bytes([("notices.txt", text.as_bytes())])
}

/// The only diagnostic: its code, place and words.
fn only(problems: &[Diagnostic]) -> String {
    let [problem] = problems else {
        panic!("{} diagnostics: {problems:#?}", problems.len());
    };
    let place = problem.labels.first().map(|label| label.span.to_string());
    let mut out = format!(
        "{} {}\n{}\n",
        problem.code.code(),
        place.unwrap_or_default(),
        problem.message.en
    );
    for text in problem.why.iter().chain(&problem.help) {
        out.push_str(&format!("{} / {}\n", text.zh, text.en));
    }
    out
}

#[test]
fn a_quote_that_resolves_is_locked_and_verified_with_and_without_the_text() {
    let rules = Rules::citing("二、（一）", "抽样人员不得少于2人").locked();
    assert_eq!(rules.verify(Some(&texts(TEXT))), []);
    assert_eq!(rules.verify(None), []);
    let folder = rules.folder();
    let (files, _) = lock(&book(&folder), &folder, &texts(TEXT)).unwrap();
    assert!(files[0].unchanged);
    assert_eq!((files[0].clauses, files[0].quotes), (34, 1));
}

#[test]
fn a_quote_that_is_wrong_is_one_diagnostic_at_its_place_in_the_script() {
    let cases = [
        ("not-found", "二、（一）", "抽样人员不得少于3人"),
        ("nowhere", "二、（一）", "天地玄黄宇宙洪荒"),
        ("ambiguous", "二、（一）", "购买"),
        ("other-section", "一、（一）", "抽样人员不得少于2人"),
        (
            "spans",
            "二、（一）",
            "出示通知书。抽样文书应当经抽样人员签字",
        ),
    ];
    let mut found = String::new();
    for (name, section, quote) in cases {
        let rules = Rules::citing(section, quote);
        let folder = rules.folder();
        let problems = lock(&book(&folder), &folder, &texts(TEXT)).unwrap_err();
        found.push_str(&format!("== {name}\n{}", only(&problems)));
        let checked = rules
            .with(
                "clauses/a.lock.yaml",
                &Rules::citing("二、（一）", "出示通知书").locked().files[3].1,
            )
            .verify(Some(&texts(TEXT)));
        assert_eq!(only(&checked), only(&problems));
    }
    insta::assert_snapshot!(found);
}

#[test]
fn without_the_text_a_quote_the_lock_does_not_know_fails_the_load() {
    let locked = Rules::citing("二、（一）", "抽样人员不得少于2人").locked();
    let edited = locked.edited("set/a/ruleset.rhai", "少于2人", "少于3人");
    insta::assert_snapshot!(only(&edited.verify(None)));
    let vocabulary = ("vocabulary/a.yaml", VOCABULARY);
    let calendar = (
        "calendar/cn.yaml",
        include_str!("../../rules/calendar/cn.yaml"),
    );
    let loaded = |rules: Rules| {
        let rules = rules
            .with(vocabulary.0, vocabulary.1)
            .with(calendar.0, calendar.1);
        Engine::load(&rules.folder())
    };
    assert!(loaded(Rules::citing("二、（一）", "抽样人员不得少于2人").locked()).is_ok());
    let problems = loaded(edited).unwrap_err();
    assert_eq!(problems[0].code, Code::CitationNotLocked);
    let moved = Rules::citing("二、（一）", "抽样人员不得少于2人")
        .locked()
        .edited("set/a/ruleset.rhai", "二、（一）", "一、（一）");
    assert!(only(&moved.verify(None)).contains("the lock has it in 二、（一）/2.1"));
}

#[test]
fn a_text_that_has_changed_is_reported_with_the_clauses_that_changed() {
    let rules = Rules::citing("二、（一）", "抽样人员不得少于2人").locked();
    let changed = TEXT
        .replace("协助抽样", "配合抽样")
        .replace("不得少于２人", "不得少于４人");
    let other = rules.verify(Some(&texts(&changed)));
    assert!(only(&other).starts_with("texts/other-text rules/instruments.yaml:2:5"));
    let digest = |text: &str| choucha::source::sha256(text.as_bytes());
    let registered = rules.edited("instruments.yaml", &digest(TEXT), &digest(&changed));
    assert!(only(&registered.verify(None)).starts_with("lock/stale rules/instruments.yaml:2:5"));
    let problems = registered.verify(Some(&texts(&changed)));
    let codes: Vec<&str> = problems.iter().map(|d| d.code.code()).collect();
    assert_eq!(codes, ["lock/stale", "citation/not-found"]);
    assert_eq!(
        problems[0].why[0].en,
        "2 changed: 一、（一）/2.1, 二、（一）/2.1"
    );
}

#[test]
fn what_is_missing_or_broken_is_one_diagnostic_each() {
    let good = || Rules::citing("二、（一）", "抽样人员不得少于2人");
    assert!(only(&good().verify(None)).starts_with("lock/missing rules/instruments.yaml:2:5"));
    let broken = good().with("clauses/a.lock.yaml", "clauses: 5\n");
    assert!(only(&broken.verify(None)).starts_with("lock/invalid rules/clauses/a.lock.yaml:"));
    let undescribed = good().edited("instruments.yaml", "    clauses: a\n", "");
    let found = only(&undescribed.verify(None));
    assert!(
        found.starts_with("citation/unchecked rules/set/a/ruleset.rhai:4:"),
        "{found}"
    );
    assert!(!has_errors(&undescribed.verify(None)));
    let no_outline = good()
        .locked()
        .edited("instruments.yaml", "clauses: a", "clauses: b");
    assert!(only(&no_outline.verify(None)).starts_with("lock/missing"));
    let nothing = TextFolder::from_bytes([]);
    let without = good().locked().verify(Some(&nothing));
    assert!(only(&without).starts_with("texts/missing"));
    let binary = TextFolder::from_bytes([("notices.txt", &b"\xff\xfe\x00"[..])]);
    assert!(only(&good().locked().verify(Some(&binary))).starts_with("texts/unreadable"));
    let misfit = good()
        .locked()
        .with("clauses/a.yaml", "style: notice\nparts: [{from: 丙}]\n");
    assert!(
        only(&misfit.verify(Some(&texts(TEXT))))
            .starts_with("clauses/invalid rules/clauses/a.yaml:2:")
    );
}

#[test]
fn the_quotes_of_the_rules_the_program_carries_are_all_in_their_locks() {
    let rules = RuleFolder::embedded();
    let engine = Engine::load(&rules).unwrap();
    let problems = verify(engine.rulebook(), &rules, None);
    assert!(problems.is_empty(), "{}", only(&problems[..1]));
}

#[test]
fn every_description_of_the_rules_the_program_carries_can_be_read() {
    let rules = RuleFolder::embedded();
    let paths: Vec<&str> = rules
        .paths()
        .filter(|path| path.starts_with("clauses/") && !path.ends_with(".lock.yaml"))
        .collect();
    assert!(paths.len() >= 16);
    for path in paths {
        let (source, _) = rules.source(path).unwrap();
        assert!(Outline::load(&source).is_ok(), "{path}");
    }
}
