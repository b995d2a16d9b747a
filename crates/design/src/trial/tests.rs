//! What a file of tests must accept and reject.

use std::sync::OnceLock;

use super::{Trial, What, run};
use choucha_core::audit::Outcome;
use choucha_core::diagnostic::Diagnostic;
use choucha_rules::rulebook::RuleFolder;
use choucha_run::engine::Engine;

fn engine() -> &'static Engine {
    static ENGINE: OnceLock<Engine> = OnceLock::new();
    ENGINE.get_or_init(|| Engine::load(&RuleFolder::embedded()).unwrap())
}

fn tried(tests: &str, filter: Option<&str>) -> Result<Trial, Vec<Diagnostic>> {
    let folder = RuleFolder::from_texts("rules", [("national/order-18/tests.yaml", tests)]);
    let set = engine().rulebook().rule_set("national/order-18").unwrap();
    run(engine(), &folder, set, filter)
}

/// Two bases, followed by `rest`.
fn file(rest: &str) -> String {
    format!(
        "as_of: 2024-03-30
bases:
  refused:
    complete: true
    抽样:
      抽样日期: 2024-01-22
      抽样方式: 现场抽样
      抽样结果: 拒检
      抽样人员: [甲某, 乙某]
      documents_shown: [notice, identity]
    respondent: {{breaches: [refusal]}}
    draw: {{respondent_random: true, samplers_random: true}}
    refusal: {{recorded: true, organiser_told_on: 2024-01-22, county_told_on: 2024-01-22}}
    conduct: {{breaches: 无}}
    fees: {{charged: false}}
  unreported:
    from: refused
    set: {{refusal.county_told_on: 无}}
{rest}"
    )
}

#[test]
fn what_is_listed_and_nothing_else_may_come_out() {
    let tests = file(
        "tests:
  - name: 拒检
    base: refused
    expect: {order-18.respondent.cooperates: 违规}
  - name: 未列出的
    base: unreported
    expect: {order-18.respondent.cooperates: violated}
  - name: 结果不同的
    base: refused
    expect:
      order-18.respondent.cooperates: violated
      order-18.refusal.recorded: violated
  - name: 分项、到期日和天数
    base: refused
    set: {refusal.organiser_told_on: 2024-01-25}
    expect:
      order-18.respondent.cooperates: {outcome: violated, parts: {}}
      order-18.refusal.organiser-told: {outcome: violated, due: 2024-01-23, late_days: 9}
",
    );
    let trial = tried(&tests, None).unwrap();
    assert_eq!((trial.tests, trial.run, trial.failures.len()), (4, 4, 3));
    let found: Vec<(String, Option<&str>, What)> = trial
        .failures
        .iter()
        .flat_map(|failure| &failure.mismatches)
        .map(|m| {
            let part = m.part.as_ref().map(|(code, _)| code.as_str());
            assert!(!m.because.zh.is_empty() && !m.because.en.is_empty());
            (format!("{} {}", m.obligation, m.at), part, m.what)
        })
        .collect();
    let violated = |expected| What::Outcome {
        expected,
        found: Outcome::Violated,
    };
    let at = |id: &str, place: &str| format!("{id} rules/national/order-18/tests.yaml:{place}");
    let day = |text| choucha_core::value::Day::parse(text).unwrap();
    let expected = [
        (
            at("order-18.refusal.county-told", "25:5"),
            None,
            violated(None),
        ),
        (
            at("order-18.refusal.recorded", "30:34"),
            None,
            What::Outcome {
                expected: Some(Outcome::Violated),
                found: Outcome::Satisfied,
            },
        ),
        (
            at("order-18.respondent.cooperates", "35:7"),
            Some("cooperation"),
            violated(None),
        ),
        (
            at("order-18.refusal.organiser-told", "36:65"),
            None,
            What::Due {
                expected: day("2024-01-23"),
                found: Some(day("2024-01-22")),
            },
        ),
        (
            at("order-18.refusal.organiser-told", "36:88"),
            None,
            What::LateDays {
                expected: 9,
                found: Some(3),
            },
        ),
    ];
    assert_eq!(found, expected);
    // A failing test shows nothing; the passing one shows one violation.
    let violated = trial
        .shown
        .iter()
        .filter(|shown| shown.outcomes[Outcome::Violated] > 0);
    assert_eq!(violated.count(), 1);
    let rights = trial.shown.iter().filter(|shown| shown.lapses);
    assert_eq!(
        trial.never(Outcome::Violated).count(),
        trial.shown.len() - 1 - rights.count()
    );
}

#[test]
fn a_filter_runs_some_tests_and_then_nothing_is_said_of_gaps() {
    let tests = file(
        "tests:
  - {name: 拒检, base: refused, expect: {order-18.respondent.cooperates: violated}}
  - {name: 未报告, base: unreported, expect: {}}
",
    );
    let trial = tried(&tests, Some("拒")).unwrap();
    assert_eq!((trial.tests, trial.run, trial.failures.len()), (2, 1, 0));
    assert!(!trial.whole);
}

#[test]
fn changes_reach_every_kind_of_place() {
    let passes = [
        // By labels, by codes, by the title shown in findings.
        (
            "set: {抽样.抽样人员: [甲某]}",
            "order-18.sampling.at-least-two-samplers",
        ),
        (
            "set: {抽样·抽样人员: [甲某]}",
            "order-18.sampling.at-least-two-samplers",
        ),
        // One element of a list, removed or set.
        (
            "unset: [sampling.samplers.2]",
            "order-18.sampling.at-least-two-samplers",
        ),
        (
            "unset: ['sampling.samplers[1]']",
            "order-18.sampling.at-least-two-samplers",
        ),
        // A fact of a row that did not exist before.
        (
            "set: {waivers.1.obligation: order-18.refusal.recorded, refusal.recorded: 否}",
            "order-18.refusal.recorded",
        ),
        // A whole group; and a fact of a group stated not to exist, whose other facts remain none.
        (
            "set: {refusal: {organiser_told_on: 2024-01-22, county_told_on: 2024-01-22}}",
            "order-18.refusal.recorded",
        ),
        ("unset: [refusal.recorded]", "order-18.refusal.recorded"),
    ];
    for (change, id) in passes {
        let tests = file(&format!(
            "tests:
  - name: 一项
    base: refused
    {change}
    expect: {{order-18.respondent.cooperates: violated, {id}: violated}}
"
        ));
        let trial =
            tried(&tests, None).unwrap_or_else(|problems| panic!("{change}: {problems:#?}"));
        assert!(trial.failures.is_empty(), "{change}: {:#?}", trial.failures);
    }
}

#[test]
fn a_fact_set_in_a_group_stated_not_to_exist_leaves_the_rest_of_it_not_existing() {
    let tests = "as_of: 2024-03-30
bases:
  a: {sampling: {sampled_on: 2024-01-22, outcome: refused}, refusal: 无}
tests:
  - name: 一项
    base: a
    set: {refusal.recorded: true}
    expect: {}
";
    let trial = tried(tests, None).unwrap();
    let found = trial.failures[0]
        .mismatches
        .iter()
        .find(|m| m.obligation.0 == "order-18.refusal.organiser-told")
        .unwrap();
    // It would be undetermined if the group had been forgotten.
    let expected = What::Outcome {
        expected: None,
        found: Outcome::Violated,
    };
    assert_eq!(found.what, expected);
}

#[test]
fn a_test_may_expect_a_waiver() {
    let tests = file(
        "tests:
  - name: 豁免
    base: refused
    set:
      refusal.recorded: false
      waivers: [{obligation: order-18.refusal.recorded, approver: 甲局, reason: 示例, from: 2024-01-01, until: 2024-12-31}]
    expect: {order-18.respondent.cooperates: violated, order-18.refusal.recorded: waived}
",
    );
    let trial = tried(&tests, None).unwrap();
    assert!(trial.failures.is_empty(), "{:#?}", trial.failures);
}

/// A faulty file; the code and the marked words; a word of the message or the help.
const BROKEN: &[(&str, &str, &str)] = &[
    (
        "tests: [{name: 甲, base: refusd, expect: {}}]",
        "tests/unknown-name refusd",
        "`refused`",
    ),
    (
        "tests: [{name: 甲, base: refused, expect: {order-18.refusal.recordd: violated}}]",
        "tests/unknown-name order-18.refusal.recordd",
        "`order-18.refusal.recorded`",
    ),
    (
        "tests: [{name: 甲, base: refused, expect: {order-18.refusal.recorded: violatd}}]",
        "tests/unknown-name violatd",
        "`violated`",
    ),
    (
        "tests: [{name: 甲, base: refused, expect: {order-18.refusal.recorded: {outcome: violated, parts: {recordd: violated}}}}]",
        "tests/unknown-name recordd",
        "`recorded`",
    ),
    (
        "tests: [{name: 甲, base: refused, expect: {order-18.refusal.recorded: {due: 2024-01-01}}}]",
        "tests/invalid {due: 2024-01-01}",
        "`outcome`",
    ),
    (
        "tests: [{name: 甲, base: refused, set: {refusal.recordd: true}, expect: {}}]",
        "tests/unknown-path refusal.recordd",
        "`recorded`",
    ),
    (
        "tests: [{name: 甲, base: refused, set: {refusal: {recordd: true}}, expect: {}}]",
        "record/unknown-key recordd",
        "recordd",
    ),
    (
        "tests: [{name: 甲, base: refused, set: {抽样.抽样结果: 拒绝检}, expect: {}}]",
        "record/unknown-value 拒绝检",
        "拒绝检",
    ),
    (
        "tests: [{name: 甲, base: refused, set: {抽样.抽样日期: 2024-02-30}, expect: {}}]",
        "record/impossible-date 2024-02-30",
        "2024-02-30",
    ),
    (
        "tests: [{name: 甲, base: refused, unset: [refusal.form_completed], expect: {}}]",
        "tests/unknown-path refusal.form_completed",
        "take away",
    ),
    (
        "tests: [{name: 甲, base: refused, set: {'sampling.samplers[0]': 甲某}, expect: {}}]",
        "tests/unknown-path 'sampling.samplers[0]'",
        "from 1",
    ),
    (
        "tests: [{name: 甲, base: refused, set: {sampling.samplers.9: 甲某}, expect: {}}]",
        "tests/unknown-path sampling.samplers.9",
        "2 items",
    ),
    (
        "tests: [{name: 甲, base: refused, set: {sampling: 3}, expect: {}}]",
        "record/wrong-type 3",
        "sampling",
    ),
    (
        "tests: [{name: 甲, base: refused, expect: {}}, {name: 甲, base: refused, expect: {}}]",
        "tests/duplicate 甲",
        "甲",
    ),
    (
        "tests: [{name: 甲, base: refused, expekt: {}, expect: {}}]",
        "tests/unknown-name expekt",
        "`expect`",
    ),
    (
        "tests: [{name: 甲, base: refused}]",
        "tests/invalid {name: 甲, base: refused}",
        "`expect`",
    ),
    ("tests: {name: 甲}", "tests/invalid {name: 甲}", "list"),
    ("tests: []\ntests: []", "tests/duplicate tests", "tests"),
    (
        "tests: [3, {name: 甲, base: refused, expect: [a]}]",
        "tests/invalid 3",
        "map",
    ),
    (
        "  a: {from: b}\n  b: {from: c}\n  c: {from: b}",
        "tests/base-cycle b",
        "b → c → b",
    ),
    ("  a: {from: a}", "tests/base-cycle a", "a → a"),
    (
        "  a: {from: refusd}",
        "tests/unknown-name refusd",
        "`refused`",
    ),
    (
        "  a: {from: refused, sett: {}}",
        "tests/unknown-name sett",
        "`set`",
    ),
    (
        "  a: {抽样: {抽样结果: 拒绝检}}",
        "record/unknown-value 拒绝检",
        "拒绝检",
    ),
    ("  refused: {}", "tests/duplicate refused", "refused"),
    (
        "tests: [{name: 甲, base: refused, as_of: 2024-13-01, expect: {}}]",
        "tests/invalid 2024-13-01",
        "2024-05-30",
    ),
    ("tests: [", "input/syntax", ""),
];

#[test]
fn what_is_wrong_with_a_file_is_reported_at_its_place_with_the_nearest_name() {
    for (rest, expected, word) in BROKEN {
        let problems = tried(&file(rest), None).unwrap_err();
        let found: Vec<String> = problems
            .iter()
            .map(|problem| {
                let span = problem.labels.first().map(|label| &label.span);
                let shown = span.map(|span| &span.source.text()[span.range.clone()]);
                format!("{} {}", problem.code.code(), shown.unwrap_or_default())
            })
            .collect();
        assert!(found[0].starts_with(expected), "{rest}: {found:?}");
        let words: String = problems
            .iter()
            .flat_map(|problem| problem.help.iter().chain([&problem.message]))
            .map(|text| text.en.as_str())
            .collect();
        assert!(words.contains(word), "{rest}: {words}");
    }
}

#[test]
fn a_test_without_a_day_is_reported() {
    let tests =
        "bases: {a: {sampling: {outcome: refused}}}\ntests: [{name: 甲, base: a, expect: {}}]";
    let problems = tried(tests, None).unwrap_err();
    assert_eq!(problems[0].code.code(), "tests/no-day");
}

#[test]
fn several_faults_are_reported_in_one_run_and_those_of_a_base_once() {
    let tests = file(
        "  a: {抽样: {抽样结果: 拒绝检}}
tests:
  - {name: 甲, base: a, expect: {order-18.nothing: violated}}
  - {name: 乙, base: a, expect: {}}
",
    );
    let problems = tried(&tests, None).unwrap_err();
    let codes: Vec<&str> = problems.iter().map(|problem| problem.code.code()).collect();
    assert_eq!(codes, ["record/unknown-value", "tests/unknown-name"]);
}

#[test]
fn no_file_makes_the_run_panic_or_take_long() {
    let mut texts = vec![
        String::new(),
        "a".to_owned(),
        "[]".to_owned(),
        "bases: 3\ntests: 3".to_owned(),
        "bases: {a: 无, b: [], c: {from: []}}\ntests: [{name: [], base: {}, expect: 3}]".to_owned(),
        "{".repeat(5_000),
        "bases:\n  a: {from: a0}\n".to_owned(),
    ];
    let chain: String = (0..2_000)
        .map(|n| format!("  b{n}: {{from: b{}}}\n", n + 1))
        .collect();
    texts.push(format!("bases:\n{chain}  b2000: {{}}\n"));
    let wide: String = (0..6_000).map(|n| format!("    k{n}: 1\n")).collect();
    texts.push(format!("bases:\n  a:\n{wide}"));
    let whole = file(
        "tests:\n  - {name: 拒检, base: refused, set: {sampling.samplers.1: 甲}, expect: {}}\n",
    );
    texts.extend((0..whole.len()).step_by(7).map(|cut| {
        let cut = whole.floor_char_boundary(cut);
        whole[..cut].to_owned()
    }));
    for text in texts {
        let _ = tried(&text, None);
    }
}
