//! The style of the rule sets we ship: a lawyer must be able to read along.

use super::own::own;
use super::*;
use crate::rulebook::scan::{self, TokenKind};
use choucha_core::diagnostic::Code;
use choucha_core::obligation::Link;

/// Duties that cite a higher norm in addition to the duty they refine, with what that norm adds.
const RESTING_ON_TWO: [(&str, &str, &str); 5] = [
    // The notice orders it under an article of the law that Order 18 does not name.
    (CHONGQING, "recheck.suspension-ordered", "产品质量法"),
    // The notice only has a form sent afterwards; only the order requires informing the organiser at once.
    (CHONGQING, "termination.municipal-organiser-told", ORDER),
    // The notice gives the days that the order leaves open (reading 40); only the order makes it a duty.
    (CHONGQING, "report.respondent-told", ORDER),
    (CHONGQING, "report.producer-told", ORDER),
    (CHONGQING, "retest.application-studied", ORDER),
];

const CHONGQING: &str = "chongqing/2021-follow-up";
const ORDER: &str = "市场监管总局令第18号";

/// The scripts of the rule sets, or those of the library.
fn scripts(of_library: bool) -> Vec<Arc<Source>> {
    let folder = RuleFolder::embedded();
    let paths = folder
        .paths()
        .filter(|path| path.ends_with(".rhai") && path.starts_with("lib/") == of_library);
    paths.map(|path| folder.source(path).unwrap().0).collect()
}

/// The library functions that take an id and named values, each with its module.
fn by_name() -> Vec<(String, String)> {
    let mut found = Vec::new();
    for source in scripts(true) {
        let file = source.name().rsplit('/').next().unwrap();
        let module = file.strip_suffix(".rhai").unwrap();
        for line in source.text().lines() {
            let signature = line
                .strip_prefix("fn ")
                .and_then(|rest| rest.split_once('('));
            if let Some((name, "id, given) {")) = signature {
                found.push((module.to_owned(), name.to_owned()));
            }
        }
    }
    found
}

#[test]
fn a_notice_cites_no_higher_norm_beside_the_duty_it_refines() {
    let mut found = Vec::new();
    let own = own();
    for set in &own.rule_sets {
        for duty in set.all_obligations().filter(|duty| duty.refines.is_some()) {
            for cited in &duty.citations {
                let number = cited.instrument.as_str();
                let (rules, id) = (set.id.0.as_str(), duty.id.0.as_str());
                if number != set.instrument && !RESTING_ON_TWO.contains(&(rules, id, number)) {
                    found.push(format!("{rules} {id} {number}"));
                }
            }
            // A duty without an exception of the duty above rests on its own sentence.
            let above = duty.refines.as_ref().and_then(|link| {
                let mut all = own.rule_sets.iter().flat_map(|set| set.all_obligations());
                all.find(|known| known.id == link.id && !std::ptr::eq(*known, duty))
            });
            let excepted = above.is_some_and(|above| {
                let shared = |link: &Link| duty.unless.iter().any(|own| own.id == link.id);
                !above.unless.iter().all(shared)
            });
            let mut grounds = duty.grounds();
            assert_eq!(
                grounds.any(|cited| cited.instrument != set.instrument),
                !excepted,
                "{} {}",
                set.id,
                duty.id
            );
        }
    }
    assert_eq!(found, [""; 0]);
}

#[test]
fn functions_of_the_library_are_given_no_empty_text_and_no_bare_boolean() {
    let mut found = Vec::new();
    for source in scripts(false) {
        let text = source.text();
        let tokens: Vec<_> = scan::tokens(text, 0).collect();
        let shown = |at: usize| {
            let token = tokens.get(at);
            token.map_or("", |token| &text[token.range.clone()])
        };
        for at in 0..tokens.len() {
            if shown(at) != "::" || shown(at + 2) != "(" {
                continue;
            }
            let mut depth = 0usize;
            for (inner, token) in tokens.iter().enumerate().skip(at + 2) {
                match token.kind {
                    TokenKind::Open => depth += 1,
                    TokenKind::Close => depth -= 1,
                    _ if depth == 1 && matches!(shown(inner), "\"\"" | "true" | "false") => {
                        let place = Span::new(&source, token.range.clone());
                        found.push(format!("{place} {}", shown(at + 1)));
                    }
                    _ => {}
                }
                if depth == 0 {
                    break;
                }
            }
        }
    }
    assert_eq!(found, [""; 0]);
}

#[test]
fn every_function_of_the_library_that_states_a_duty_refuses_a_name_it_does_not_take() {
    let functions = by_name();
    assert!(functions.len() > 130, "{}", functions.len());
    let mut files: Vec<(String, String)> = scripts(true)
        .iter()
        .map(|source| {
            let path = source.name().split_once("lib/").unwrap().1;
            (format!("lib/{path}"), source.text().to_owned())
        })
        .collect();
    files.push(("instruments.yaml".to_owned(), INSTRUMENTS.to_owned()));
    // A rule set reports at most a hundred mistakes.
    for (n, some) in functions.chunks(10).enumerate() {
        let mut script = HEADER.replace("set/a", &format!("set/a{n}"));
        for (module, _) in some {
            let import = format!("import \"lib/{module}\" as {module};\n");
            if !script.contains(&import) {
                script.push_str(&import);
            }
        }
        for (at, (module, name)) in some.iter().enumerate() {
            script.push_str(&format!(
                "{module}::{name}(\"duty-{at}\", #{{ unheard_of: 1 }});\n"
            ));
        }
        files.push((format!("set/a{n}/ruleset.rhai"), script));
    }
    let all = files
        .iter()
        .map(|(path, text)| (path.as_str(), text.as_str()));
    let folder = RuleFolder::from_texts("rules", all);
    let problems = load(&folder, &own().vocabulary).unwrap_err();
    for (module, name) in &functions {
        let line = format!("{module}::{name}(");
        let refused = problems.iter().any(|problem| {
            let label = problem.labels.first();
            problem.code == Code::RulesUnknownKey
                && label.is_some_and(|label| {
                    let text = label.span.source.text();
                    let line_at = label.span.position().line - 1;
                    marked(label) == "unheard_of"
                        && text.lines().nth(line_at).unwrap().starts_with(&line)
                })
        });
        assert!(refused, "{module}::{name}");
    }
}

/// Scripts that count days between two dates, each with the reason why no period is meant. Periods are written as a
/// deadline, `is_within` or a day after months or years, which move off holidays and end on the corresponding day.
const COUNTED_BY_HAND: [&str; 1] = [
    // Whether the form was sent on the same or the next day, which no text makes a period.
    "lib/sampling.rhai",
];

#[test]
fn no_duty_counts_the_days_of_a_period_by_hand() {
    let mut found = Vec::new();
    for source in scripts(true).into_iter().chain(scripts(false)) {
        let name = source.name();
        if COUNTED_BY_HAND
            .iter()
            .any(|allowed| name.ends_with(allowed))
        {
            continue;
        }
        for (number, line) in source.text().lines().enumerate() {
            if line.contains(".days_since(") {
                found.push(format!("{name}:{}: {}", number + 1, line.trim()));
            }
        }
    }
    assert_eq!(found, [""; 0]);
}
