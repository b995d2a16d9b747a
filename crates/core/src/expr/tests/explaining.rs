//! What explanations show.

use super::world::{World, day, people, person, word};
use crate::expr::{Comparison, Input, Scope, Trace, TraceValue};
use crate::truth::Truth;
use crate::value::Value;

/// One line per node: its text, its value, the facts it reads.
fn lines(trace: &Trace, indent: usize, out: &mut String) {
    let value = match &trace.value {
        TraceValue::Truth(truth) => format!("{truth:?}"),
        TraceValue::Value(text) => text.zh.clone(),
    };
    let facts = trace.facts.join(" ");
    let line = format!("{}{} = {value} {facts}", " ".repeat(indent), trace.text.zh);
    out.push_str(line.trim_end());
    out.push('\n');
    for child in &trace.children {
        lines(child, indent + 2, out);
    }
}

#[test]
fn an_explanation_goes_down_to_the_facts_and_their_values() {
    let world = World::new();
    let overlap = world
        .builder
        .disjoint(
            world.fact("sampling.samplers"),
            world.fact("report.testers"),
            None,
        )
        .unwrap();
    let expr = world.all([
        world.not(world.is("report.conclusion", Comparison::Eq, word("fail"))),
        overlap,
        world.every(|row| world.field(row, "confirmed")),
    ]);
    let rows = [Value::Bool(true), Value::Bool(false), Value::Unknown];
    let rows = rows.map(|value| world.correction(&[("confirmed", value)]));
    let record = world.record(&[
        ("sampling.samplers", people(&["某甲", "某乙"])),
        ("report.testers", people(&["某乙"])),
        ("corrections", Value::Rows(rows.into())),
    ]);
    let mut shown = String::new();
    let trace = expr.explain(&Scope::new(&record), world.vocabulary());
    lines(&trace, 0, &mut shown);
    let text = expr.text(world.vocabulary()).zh;
    let expected = format!(
        "{text} = False
  检验结论不为“不合格” = Unknown
    检验结论 = 未载 report.conclusion
  抽样人员与检验人员无重合 = False
    抽样人员 = 某甲、某乙 sampling.samplers
    检验人员 = 某乙 report.testers
    两者共有 = 某乙
  每一项更正均已确认 = False corrections
    第2项：已确认 = False corrections[2].confirmed
"
    );
    assert_eq!(shown, expected);
}

#[test]
fn an_explanation_of_a_long_list_is_short() {
    let world = World::new();
    let every = world.every(|row| world.field(row, "confirmed"));
    let rows = vec![world.correction(&[("confirmed", Value::Bool(false))]); 1000];
    let record = world.record(&[("corrections", Value::Rows(rows.into()))]);
    let trace = every.explain(&Scope::new(&record), world.vocabulary());
    assert_eq!(trace.children.len(), 21);
    let last = trace.children.last().unwrap();
    assert!(matches!(&last.value, TraceValue::Value(text) if text.zh == "980项"));
}

#[test]
fn what_is_missing_is_what_could_still_decide() {
    let world = World::new();
    let (a, b) = (
        || world.fact("sampling.shown"),
        || world.fact("sampling.sealed"),
    );
    let undecided = |expr: &crate::expr::Expr, record: &crate::value::Row| {
        expr.undecided(&Scope::new(record), world.vocabulary())
    };
    let no = world.record(&[("sampling.sealed", Value::Bool(false))]);
    assert!(undecided(&world.all([a(), b()]), &no).is_empty());
    assert_eq!(undecided(&world.any([a(), b()]), &no), ["sampling.shown"]);
    let silent = world.record(&[]);
    assert_eq!(
        undecided(&world.all([a(), b()]), &silent),
        ["sampling.shown", "sampling.sealed"]
    );
    let dated = world.some(|row| {
        let signed = Input::Expr(world.field(row, "signed_on"));
        let issued = Input::Expr(world.fact("report.issued_on"));
        world
            .builder
            .compare(Comparison::Gt, signed, issued, None)
            .unwrap()
    });
    assert_eq!(undecided(&dated, &silent), ["corrections"]);
    let rows = [Value::None, Value::Unknown].map(|on| world.correction(&[("signed_on", on)]));
    let record = world.record(&[
        ("corrections", Value::Rows(rows.into())),
        ("report.issued_on", day("2024-03-01")),
    ]);
    assert_eq!(undecided(&dated, &record), ["corrections[2].signed_on"]);
    let leader = Input::Expr(world.fact("sampling.leader"));
    let member = world
        .builder
        .contains(world.fact("sampling.samplers"), leader, None)
        .unwrap();
    let samplers = Value::List([person("某甲"), Value::Unknown].into());
    let record = world.record(&[
        ("sampling.samplers", samplers),
        ("sampling.leader", person("某乙")),
    ]);
    assert_eq!(undecided(&member, &record), ["sampling.samplers[2]"]);
}

#[test]
fn a_known_value_rests_on_what_decides_it() {
    let world = World::new();
    let expr = world.all([
        world.fact("sampling.shown"),
        world.fact("sampling.sealed"),
        world.every(|row| world.field(row, "confirmed")),
    ]);
    let rows = [Value::Bool(true), Value::Bool(false)];
    let rows = rows.map(|value| world.correction(&[("confirmed", value)]));
    let record = world.record(&[
        ("sampling.shown", Value::Bool(true)),
        ("sampling.sealed", Value::Bool(false)),
        ("corrections", Value::Rows(rows.into())),
    ]);
    let scope = Scope::new(&record);
    assert_eq!(expr.truth(&scope), Truth::False);
    assert_eq!(
        expr.decisive(&scope, world.vocabulary()),
        ["sampling.sealed", "corrections[2].confirmed"]
    );
    let paths = expr
        .facts()
        .iter()
        .map(|id| world.vocabulary().fact(*id).path.clone())
        .collect::<Vec<_>>();
    assert_eq!(
        paths,
        [
            "sampling.shown",
            "sampling.sealed",
            "corrections",
            "corrections[].confirmed"
        ]
    );
}

#[test]
fn an_operand_rests_on_its_known_facts_and_lacks_its_unknown_ones() {
    let world = World::new();
    let (posted, issued) = (
        world.fact("report.posted_on"),
        world.fact("report.issued_on"),
    );
    let days = world.builder.days_since(posted.into(), issued.into(), None);
    let days = days.unwrap();
    let record = world.record(&[("report.issued_on", day("2024-03-01"))]);
    let scope = Scope::new(&record);
    assert_eq!(
        days.decisive(&scope, world.vocabulary()),
        ["report.issued_on"]
    );
    assert_eq!(
        days.undecided(&scope, world.vocabulary()),
        ["report.posted_on"]
    );
}
