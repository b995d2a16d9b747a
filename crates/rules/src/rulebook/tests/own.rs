//! The rules that the program carries.

use super::*;
use choucha_core::expr::Expr;
use choucha_core::obligation::{Requirement, RuleSet};
use choucha_core::value::Type;

pub(super) fn own() -> Rulebook {
    let folder = RuleFolder::embedded();
    let vocabulary = Arc::new(vocabulary::load(&folder.vocabulary().unwrap()).unwrap());
    load(&folder, &vocabulary)
        .map_err(|problems| shown(&problems))
        .unwrap()
}

fn of_requirement(requirement: &Requirement) -> Vec<Expr> {
    match requirement {
        Requirement::Must(expr) | Requirement::MustNot(expr) => vec![expr.clone()],
        Requirement::Deadline(due) => due.reads().cloned().collect(),
        Requirement::Parts(parts) => parts
            .iter()
            .flat_map(|part| {
                of_requirement(&part.requirement)
                    .into_iter()
                    .chain(part.when.clone())
            })
            .collect(),
    }
}

/// Every expression of a rule set.
fn expressions(set: &RuleSet) -> Vec<Expr> {
    let stages = set.stages.iter().filter_map(|stage| stage.holds.clone());
    let exceptions = set
        .exceptions
        .iter()
        .map(|exception| exception.holds.clone());
    let obligations = set.obligations.iter().flat_map(|duty| {
        let mut all = of_requirement(&duty.requirement);
        all.extend(duty.when.clone());
        all.extend(duty.review.iter().map(|reading| reading.when.clone()));
        all.extend(duty.responsible.iter().cloned());
        all
    });
    stages.chain(exceptions).chain(obligations).collect()
}

#[test]
fn they_load_without_a_word() {
    let book = own();
    assert_eq!(shown(&book.notes), "");
    for set in &book.rule_sets {
        assert!(!set.obligations.is_empty(), "{}", set.id);
    }
}

#[test]
fn what_an_expression_prints_reads_back_as_the_same_expression() {
    let book = own();
    for set in &book.rule_sets {
        let mut codes: Vec<String> = expressions(set)
            .iter()
            .map(|expr| {
                let code = expr.code(&book.vocabulary);
                match expr.ty() {
                    Type::Bool => code,
                    _ => format!("{code}.present()"),
                }
            })
            .collect();
        codes.sort();
        codes.dedup();
        assert!(!codes.is_empty());
        let stages: String = codes
            .iter()
            .enumerate()
            .map(|(n, code)| {
                format!("stage(\"s{n}\", #{{ title: \"甲\", title_en: \"A\", holds: {code} }});\n")
            })
            .collect();
        let files = [
            ("instruments.yaml", INSTRUMENTS),
            ("set/a/ruleset.rhai", HEADER),
            ("set/a/1.rhai", stages.as_str()),
        ];
        let again = load(&RuleFolder::from_texts("rules", files), &book.vocabulary)
            .map_err(|problems| shown(&problems))
            .unwrap();
        for (stage, code) in again.rule_sets[0].stages.iter().zip(&codes) {
            let read = stage.holds.as_ref().unwrap().code(&book.vocabulary);
            assert_eq!(read, *code);
        }
    }
}

#[test]
fn a_rule_book_can_be_shared_between_threads() {
    fn shared<T: Send + Sync>(_: &T) {}
    shared(&own());
}

#[test]
fn they_load_the_same_every_time() {
    let (one, other) = (own(), own());
    assert_eq!(one.digest, other.digest);
    for (one, other) in one.rule_sets.iter().zip(&other.rule_sets) {
        // Not `assert_eq`: printing a rule set takes a megabyte.
        assert!(format!("{one:?}") == format!("{other:?}"), "{}", one.id);
    }
}

#[test]
fn a_load_that_is_never_given_a_vocabulary_ends_without_rules() {
    let folder = RuleFolder::embedded();
    let given_up = crate::rulebook::start(&folder, &folder.rule_sets());
    assert!(given_up.finish().unwrap_err().is_empty());
}

#[test]
fn a_rule_set_loaded_alone_is_the_one_loaded_with_all_others() {
    let folder = RuleFolder::embedded();
    let vocabulary = vocabulary::load(&folder.vocabulary().unwrap()).unwrap();
    let vocabulary = Arc::new(vocabulary);
    let whole = load(&folder, &vocabulary).unwrap();
    for set in &whole.rule_sets {
        let mut alone = crate::rulebook::start(&folder, std::slice::from_ref(&set.id));
        alone.give(Arc::clone(&vocabulary));
        let alone = alone.finish().unwrap();
        let alone = alone.rule_set(&set.id.0).unwrap();
        assert!(format!("{alone:?}") == format!("{set:?}"), "{}", set.id);
    }
}
