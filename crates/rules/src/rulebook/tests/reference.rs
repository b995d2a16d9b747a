//! The reference of the script API lists exactly the functions that the script engine has.

use std::collections::BTreeSet;
use std::rc::Rc;

use super::*;
use crate::rulebook::host::Host;
use crate::rulebook::scripts::Scripts;
use crate::rulebook::{declare, duty, engine, names};
use choucha_core::instrument::Instruments;

const PAGES: [(&str, &str); 2] = [
    (
        "docs/script-api.md",
        include_str!("../../../../../docs/script-api.md"),
    ),
    (
        "docs/script-api.zh.md",
        include_str!("../../../../../docs/script-api.zh.md"),
    ),
];

/// Names with numbers of arguments; a method's receiver counts.
type Functions = BTreeSet<(String, usize)>;

/// The functions that we register, without those of the language.
fn registered() -> Functions {
    let scripts = Rc::new(Scripts::new(RuleFolder::from_texts("rules", [])));
    let host = Host::new(vocabulary(), Instruments::default());
    let all = engine::build(&scripts, &host).collect_fn_metadata(
        None,
        |function| {
            let metadata = function.metadata;
            Some((metadata.name.to_string(), metadata.num_params))
        },
        false,
    );
    // Ours, but described elsewhere on the page: expressions put into texts, and printing.
    let elsewhere = ["print", "debug", "to_string", "to_debug"];
    all.into_iter()
        .filter(|(name, _)| !elsewhere.contains(&name.as_str()))
        .filter_map(|(name, arity)| match name.strip_prefix("get$") {
            Some(property) => Some((property.to_owned(), 0)),
            None if name.starts_with(|c: char| c.is_ascii_alphabetic()) => Some((name, arity)),
            None => None,
        })
        .collect()
}

/// The functions in a page's tables: `act.within(time, since)` is `within` with three arguments, `notice.title` a
/// property.
fn documented(page: &str) -> Functions {
    page.lines()
        .filter_map(|line| line.strip_prefix("| `")?.split_once('`'))
        .filter_map(|(written, _)| {
            let (head, arguments) = match written.split_once('(') {
                Some((head, rest)) => (head, Some(rest.strip_suffix(')')?)),
                None => (written, None),
            };
            let (object, name) = match head.split_once('.') {
                Some((_, name)) => (1, name),
                None => (0, head),
            };
            match arguments {
                Some("") => Some((name.to_owned(), object)),
                Some(list) => Some((name.to_owned(), object + list.split(", ").count())),
                None if object == 1 => Some((name.to_owned(), 0)),
                None => None,
            }
        })
        .collect()
}

#[test]
fn the_reference_has_every_function_the_engine_has_and_no_other() {
    let registered = registered();
    assert!(registered.len() > 30, "{registered:?}");
    for (path, page) in PAGES {
        assert_eq!(documented(page), registered, "{path}");
    }
    let known: BTreeSet<&str> = names::FUNCTIONS.iter().map(|f| f.name).collect();
    let functions: BTreeSet<&str> = registered
        .iter()
        .map(|(name, _)| name.as_str())
        .filter(|name| !["number", "title", "title_en"].contains(name))
        .collect();
    assert_eq!(known, functions);
}

#[test]
fn the_reference_has_every_key_of_every_declaration() {
    for (path, page) in PAGES {
        for (declaration, keys) in [
            ("ruleset", declare::RULE_SET_KEYS),
            ("stage", declare::STAGE_KEYS),
            ("exception", declare::EXCEPTION_KEYS),
            ("obligation", duty::KEYS),
        ] {
            let (_, rest) = page
                .split_once(&format!("`{declaration}` |"))
                .unwrap_or_else(|| panic!("{path}: no table of the keys of {declaration}"));
            let table = rest.split("\n\n").next().unwrap_or_default();
            let found: BTreeSet<&str> = table
                .lines()
                .skip(2)
                .filter_map(|line| line.split('|').nth(1))
                .flat_map(|cell| cell.split('`').skip(1).step_by(2))
                .collect();
            let keys: BTreeSet<&str> = keys.iter().copied().collect();
            assert_eq!(found, keys, "{path}: {declaration}");
        }
    }
}
