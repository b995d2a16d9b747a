//! Comparison of duties written in scripts.

use std::sync::Arc;

use crate::rulebook::{self, RuleFolder, Rulebook};
use choucha_core::compare::*;
use choucha_core::diagnostic::{Code, Diagnostic, Level};
use choucha_core::graph::Graph;
use choucha_core::source::Source;
use choucha_core::vocabulary::{self, Vocabulary};

const VOCABULARY: &str = include_str!("vocabulary.yaml");
const INSTRUMENTS: &str = include_str!("instruments.yaml");

const ORDER: &str = r#"
let order = instrument("示例总局令第1号");
let c = order.at("第一条", "应当如此");
ruleset("a/order", #{ title: "示例办法", title_en: "Measures", instrument: order });
stage("sampled", #{ title: "已抽样", title_en: "Sampled", holds: fact("sampling.sampled_on").present() });
stage("tested", #{ title: "已检验", title_en: "Tested", after: ["sampled"], holds: fact("testing.started_on").present() });
exception("on-site", #{ title: "现场检验", title_en: "On site", cite: c, holds: fact("testing.on_site") });
let base = #{ title: "示例义务", title_en: "Example duty", bearer: "samplers", cite: c };
fn duty(base, more) { let all = base; all.mixin(more); all }
"#;

const NOTICE: &str = r#"
let notice = instrument("某市监发〔2024〕3号");
let c = notice.at("二、", "务必如此");
ruleset("b/notice", #{ title: "示例通知", title_en: "Notice", instrument: notice, includes: ["a/order"] });
let base = #{ title: "示例义务", title_en: "Example duty", bearer: "samplers", cite: c, refines: "higher" };
fn duty(base, more) { let all = base; all.mixin(more); all }
"#;

fn vocabulary() -> Arc<Vocabulary> {
    Arc::new(vocabulary::load(&[Source::new("vocabulary.yaml", VOCABULARY)]).unwrap())
}

fn book(order: &str, notice: &str) -> Rulebook {
    let files = [
        ("instruments.yaml", INSTRUMENTS.to_owned()),
        ("a/order/ruleset.rhai", format!("{ORDER}{order}")),
        ("b/notice/ruleset.rhai", format!("{NOTICE}{notice}")),
    ];
    let files = files.iter().map(|(path, text)| (*path, text.as_str()));
    rulebook::load(&RuleFolder::from_texts("rules", files), &vocabulary())
        .map_err(|problems| choucha_core::diagnostic::render_all(&problems, style()))
        .unwrap_or_else(|problems| panic!("{problems}"))
}

fn style() -> choucha_core::diagnostic::Style {
    choucha_core::diagnostic::Style {
        lang: choucha_core::lang::Lang::Zh,
        color: false,
        width: 100,
    }
}

/// One duty of the order and one of the notice that refines it, given by their other fields.
fn pair(higher: &str, lower: &str) -> Rulebook {
    book(
        &format!("obligation(\"higher\", duty(base, #{{ {higher} }}));"),
        &format!("obligation(\"lower\", duty(base, #{{ {lower} }}));"),
    )
}

fn compared(book: &Rulebook) -> Comparison {
    let layers = book.layers(book.rule_set("b/notice").unwrap());
    let mut found = refinements(&layers);
    assert_eq!(found.len(), 1);
    found.remove(0).comparison
}

/// The class of a lower duty compared with a higher one, and the differences.
fn stands(higher: &str, lower: &str) -> (Class, Vec<(Aspect, Class)>) {
    let found = compared(&pair(higher, lower));
    assert_eq!(found.covers(), found.lacking().count() == 0);
    let changes = found
        .changes
        .iter()
        .map(|change| (change.aspect, change.class));
    (found.class(), changes.collect())
}

/// Checks a table of demands: higher, lower, and the class of the lower; the reverse comparison must have the inverse
/// class.
fn table(rows: &[(&str, &str, Class)]) {
    for (higher, lower, class) in rows {
        let back = match class {
            Class::Tightened => Class::Relaxed,
            Class::Relaxed => Class::Tightened,
            class => *class,
        };
        assert_eq!(stands(higher, lower).0, *class, "{higher} / {lower}");
        assert_eq!(stands(lower, higher).0, back, "{lower} / {higher}");
    }
}

fn mailed(limit: &str) -> String {
    format!("must: fact(\"report.posted_on\").{limit}")
}

#[test]
fn limits_are_ordered_only_where_every_calendar_orders_them() {
    let issued = "fact(\"report.issued_on\")";
    let rows = [
        ("within(days(7), @)", "within(days(5), @)", Class::Tightened),
        ("within(days(7), @)", "within(days(7), @)", Class::Same),
        (
            "within(workdays(7), @)",
            "within(workdays(5), @)",
            Class::Tightened,
        ),
        // Five working days take at least five days, and may take more than seven.
        (
            "within(workdays(5), @)",
            "within(days(5), @)",
            Class::Tightened,
        ),
        (
            "within(workdays(5), @)",
            "within(days(6), @)",
            Class::Differs,
        ),
        (
            "within(days(7), @)",
            "within(workdays(5), @)",
            Class::Differs,
        ),
        (
            "within(days(30), @)",
            "within(workdays(1), @)",
            Class::Differs,
        ),
        ("within(days(1), @)", "next_day(@)", Class::Same),
        ("within(days(1), @)", "immediately(@)", Class::Tightened),
        ("within(workdays(3), @)", "immediately(@)", Class::Tightened),
        ("promptly(@)", "within(days(7), @)", Class::Tightened),
        ("promptly(@)", "within(days(8), @)", Class::Differs),
        ("promptly(@)", "immediately(@)", Class::Tightened),
        // A day, or working days, fills in the number that 及时 leaves out.
        ("promptly(@)", "by(date(\"2024-04-05\"))", Class::Tightened),
        ("promptly(@)", "within(workdays(10), @)", Class::Tightened),
        ("promptly(@, 7)", "promptly(@, 10)", Class::Relaxed),
        (
            "between(days(60), days(90), @)",
            "between(days(65), days(80), @)",
            Class::Tightened,
        ),
        (
            "between(days(60), days(90), @)",
            "between(days(50), days(80), @)",
            Class::Differs,
        ),
        (
            "within(days(90), @)",
            "between(days(60), days(90), @)",
            Class::Tightened,
        ),
        ("within(days(3), @)", "same_time(@)", Class::Tightened),
        (
            "by(date(\"2024-04-05\"))",
            "by(date(\"2024-04-01\"))",
            Class::Tightened,
        ),
        (
            "by(date(\"2024-04-05\"))",
            "within(days(1), @)",
            Class::Differs,
        ),
    ];
    for (higher, lower, class) in rows {
        let say = |limit: &str| mailed(&limit.replace('@', issued));
        table(&[(&say(higher), &say(lower), class)]);
    }
    // The same number from another day is not comparable.
    let other = mailed("within(days(3), fact(\"sampling.sampled_on\"))");
    let (class, changes) = stands(&mailed(&format!("within(days(7), {issued})")), &other);
    assert_eq!(
        (class, changes),
        (Class::Differs, vec![(Aspect::Deadline, Class::Differs)])
    );
}

#[test]
fn counts_and_conditions_are_compared_by_what_follows_from_what() {
    table(&[
        (
            "must: fact(\"sampling.samplers\").count() >= 2",
            "must: fact(\"sampling.samplers\").count() >= 3",
            Class::Tightened,
        ),
        (
            "must: fact(\"sampling.samplers\").count() > 1",
            "must: fact(\"sampling.samplers\").count() >= 2",
            Class::Same,
        ),
        (
            "must: fact(\"sampling.samplers\").count() >= 2",
            "must_not: fact(\"sampling.samplers\").count() < 2",
            Class::Same,
        ),
        (
            "must: fact(\"sampling.samplers\").count() >= 2",
            "must: fact(\"sampling.samplers\").count() == 1",
            Class::Differs,
        ),
        (
            "must: fact(\"report.copies\") >= 3",
            "must: fact(\"report.copies\") in [3, 4]",
            Class::Tightened,
        ),
        // A number known none is neither below three nor at least three.
        (
            "must: fact(\"report.copies\") >= 3",
            "must_not: fact(\"report.copies\") < 3",
            Class::Relaxed,
        ),
        (
            "must: fact(\"report.conclusion\") != \"fail\"",
            "must: fact(\"report.conclusion\") == \"pass\"",
            Class::Tightened,
        ),
        (
            "must: fact(\"report.issued_on\").present()",
            "must: fact(\"report.issued_on\") <= fact(\"report.posted_on\")",
            Class::Tightened,
        ),
        (
            "must: fact(\"sampling.signed\") | fact(\"sampling.noted\")",
            "must: fact(\"sampling.noted\")",
            Class::Tightened,
        ),
        (
            "must: fact(\"sampling.signed\") & fact(\"sampling.noted\")",
            "must: fact(\"sampling.noted\")",
            Class::Relaxed,
        ),
        (
            "must: fact(\"sampling.signed\") & (fact(\"sampling.noted\") | fact(\"sampling.refused\"))",
            "must: (fact(\"sampling.signed\") & fact(\"sampling.noted\")) | (fact(\"sampling.signed\") & fact(\"sampling.refused\"))",
            Class::Same,
        ),
        // Unknown is neither signed nor not signed, so this is no tautology.
        (
            "must: fact(\"sampling.signed\") | !fact(\"sampling.signed\")",
            "must: fact(\"sampling.noted\")",
            Class::Differs,
        ),
        (
            "must: fact(\"sampling.corrections\").all(|x| x.fact(\"confirmed\"))",
            "must: fact(\"sampling.corrections\").all(|row| row.fact(\"confirmed\") & row.fact(\"fee\").present())",
            Class::Tightened,
        ),
    ]);
}

#[test]
fn when_a_duty_arises_counts_through_stages_and_parts() {
    let must = "must: fact(\"sampling.signed\")";
    let rows = [
        ("", "when: fact(\"sampling.refused\"), ", Class::Relaxed),
        (
            "when: fact(\"sampling.refused\"), ",
            "when: fact(\"sampling.refused\") | fact(\"testing.on_site\"), ",
            Class::Tightened,
        ),
        (
            "after: [\"tested\"], ",
            "after: [\"sampled\"], ",
            Class::Tightened,
        ),
        (
            "after: [\"sampled\"], ",
            "when: fact(\"sampling.sampled_on\").present(), ",
            Class::Same,
        ),
        (
            "when: fact(\"sampling.refused\"), ",
            "when: fact(\"testing.on_site\"), ",
            Class::Differs,
        ),
    ];
    for (higher, lower, class) in rows {
        table(&[(&format!("{higher}{must}"), &format!("{lower}{must}"), class)]);
        let (_, changes) = stands(&format!("{higher}{must}"), &format!("{lower}{must}"));
        assert!(
            changes.iter().all(|change| change.0 == Aspect::Condition),
            "{changes:?}"
        );
    }
    let part = |more: &str| {
        format!(
            "must: parts([part(\"a\", \"甲\", \"A\", fact(\"sampling.signed\")), part(\"b\", \"乙\", \"B\", fact(\"sampling.noted\")){more}])"
        )
    };
    table(&[
        (
            &part(".when(fact(\"sampling.refused\"))"),
            &part(""),
            Class::Tightened,
        ),
        (must, &part(""), Class::Tightened),
        (
            &part(""),
            "must: fact(\"sampling.noted\") & fact(\"sampling.signed\")",
            Class::Same,
        ),
    ]);
}

#[test]
fn what_lets_a_breach_pass_relaxes_and_who_owes_it_decides_nothing() {
    let must = "must: fact(\"sampling.signed\")";
    let only = |changes: &[(Aspect, Class)], aspect, class| assert_eq!(changes, [(aspect, class)]);
    let (class, changes) = stands(must, &format!("{must}, unless: [\"on-site\"]"));
    assert_eq!(class, Class::Relaxed);
    only(&changes, Aspect::Exception, Class::Relaxed);
    let (class, changes) = stands(&format!("{must}, unless: [\"on-site\"]"), must);
    assert_eq!(class, Class::Tightened);
    only(&changes, Aspect::Exception, Class::Tightened);
    let review = format!(
        "{must}, review: [reading(fact(\"testing.on_site\"), \"由人工判断\", \"A person judges\")]"
    );
    let (_, changes) = stands(must, &review);
    only(&changes, Aspect::Judgement, Class::Relaxed);
    // Without a breach, nothing is left to a person.
    let kept = format!(
        "{must}, review: [reading(fact(\"sampling.signed\"), \"由人工判断\", \"A person judges\")]"
    );
    assert_eq!(stands(must, &kept).0, Class::Same);

    let found = compared(&pair(
        must,
        &format!("{must}, bearer: \"inspection_agency\", severity: \"minor\""),
    ));
    assert_eq!(found.class(), Class::Differs);
    assert!(found.covers());
    let book = book(
        &format!("obligation(\"higher\", duty(base, #{{ {must} }}));"),
        &format!("obligation(\"lower\", duty(base, #{{ {must} }}));
            let own = #{{ title: \"注明\", title_en: \"Noted\", bearer: \"samplers\", cite: c }};
            obligation(\"noted\", duty(own, #{{ must: fact(\"sampling.noted\"), remedies: \"lower\", excuses: true }}));"),
    );
    let found = compared(&book);
    assert_eq!(
        found
            .lacking()
            .map(|change| change.aspect)
            .collect::<Vec<_>>(),
        [Aspect::Excuse]
    );
}

#[test]
fn a_duty_that_is_relaxed_stays_in_force_beside_the_one_that_refines_it_and_that_is_reported() {
    let book = pair(
        &mailed("within(days(7), fact(\"report.issued_on\"))"),
        &mailed("within(days(10), fact(\"report.issued_on\"))"),
    );
    let layers = book.layers(book.rule_set("b/notice").unwrap());
    let graph = Graph::build(layers[0], &layers[1..]).unwrap();
    let in_force: Vec<&str> = graph
        .obligations()
        .map(|(_, duty)| duty.id.0.as_str())
        .collect();
    assert_eq!(in_force, ["lower", "higher"]);
    let found: Vec<Diagnostic> = relaxations(&layers, &book.vocabulary);
    assert_eq!(found.len(), 1);
    assert_eq!(
        (found[0].code, found[0].level),
        (Code::LayersRelaxed, Level::Warning)
    );
    insta::assert_snapshot!(
        "relaxed_zh",
        choucha_core::diagnostic::render_all(&found, style())
    );

    let book = pair(
        &mailed("within(days(10), fact(\"report.issued_on\"))"),
        &mailed("within(days(7), fact(\"report.issued_on\"))"),
    );
    let layers = book.layers(book.rule_set("b/notice").unwrap());
    let graph = Graph::build(layers[0], &layers[1..]).unwrap();
    assert_eq!(graph.obligations().count(), 1);
    assert!(relaxations(&layers, &book.vocabulary).is_empty());
    // What cannot be compared is a note, and the higher duty stays too.
    let book = pair(
        "must: fact(\"sampling.signed\")",
        "must: fact(\"sampling.noted\")",
    );
    let layers = book.layers(book.rule_set("b/notice").unwrap());
    let found = relaxations(&layers, &book.vocabulary);
    assert_eq!(
        (found[0].code, found[0].level),
        (Code::LayersNotComparable, Level::Note)
    );
    assert_eq!(
        Graph::build(layers[0], &layers[1..])
            .unwrap()
            .obligations()
            .count(),
        2
    );
}

#[test]
fn duties_that_cover_one_above_together_replace_it() {
    let book = book(
        "obligation(\"higher\", duty(base, #{ must: fact(\"sampling.signed\") & fact(\"sampling.noted\") }));",
        "obligation(\"one\", duty(base, #{ must: fact(\"sampling.signed\") }));
         obligation(\"two\", duty(base, #{ must: fact(\"sampling.noted\") }));",
    );
    assert!(compared(&book).covers());
}

#[test]
fn what_a_notice_hangs_on_a_duty_above_without_refining_it_has_no_effect_and_is_reported() {
    let order = "obligation(\"higher\", duty(base, #{ must: fact(\"sampling.signed\") }));";
    let own = "let own = #{ title: \"注明\", title_en: \"Noted\", bearer: \"samplers\", cite: c };";
    for more in [
        "remedies: \"higher\", excuses: true",
        "triggers: [\"higher\"]",
    ] {
        let notice = format!(
            "{own} obligation(\"noted\", duty(own, #{{ must: fact(\"sampling.noted\"), {more} }}));"
        );
        let book = book(order, &notice);
        let layers = book.layers(book.rule_set("b/notice").unwrap());
        let found = relaxations(&layers, &book.vocabulary);
        assert_eq!(found.len(), 1, "{more}");
        assert_eq!(found[0].code, Code::LayersRelaxed);
        let graph = Graph::build(layers[0], &layers[1..]).unwrap();
        let (_, noted) = graph
            .obligations()
            .find(|(_, duty)| duty.id.0 == "noted")
            .unwrap();
        assert!(!noted.excuses);
        let triggers = graph
            .edges()
            .filter(|edge| edge.kind == choucha_core::graph::EdgeKind::Triggers);
        assert_eq!(triggers.count(), 0);
    }
}
