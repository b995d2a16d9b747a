//! The values of expressions.

use super::world::{World, day, people, person, word, yuan};
use crate::expr::{Arithmetic, Bounds, Comparison, Expr, Input, Literal, Operand, Readings, Scope};
use crate::period::{Calendar, Limit};
use crate::source::Source;
use crate::truth::Truth::{self, False, True, Unknown};
use crate::value::{Moment, Row, Symbol, Value};

fn truth(expr: &Expr, record: &Row) -> Truth {
    expr.truth(&Scope::new(record))
}

#[test]
fn a_date_known_none_is_neither_before_after_nor_equal() {
    let world = World::new();
    use Comparison::{Eq, Ge, Gt, Le, Lt, Ne};
    for other in [Value::Unknown, Value::None, day("2024-03-01")] {
        let facts = [
            ("report.issued_on", Value::None),
            ("report.posted_on", other),
        ];
        let record = world.record(&facts);
        for op in [Eq, Lt, Le, Gt, Ge] {
            let expr = world.cmp("report.issued_on", op, "report.posted_on");
            assert_eq!(truth(&expr, &record), False, "{op:?}");
        }
        let expr = world.cmp("report.posted_on", Ne, "report.issued_on");
        assert_eq!(truth(&expr, &record), True);
    }
}

#[test]
fn an_act_done_on_an_unknown_day_is_there_and_its_day_compares_with_nothing() {
    let world = World::new();
    use Comparison::{Eq, Ge, Gt, Le, Lt, Ne};
    let there = world
        .builder
        .present(world.fact("report.issued_on"), None)
        .unwrap();
    for (other, comparison) in [
        (Value::Unknown, Unknown),
        (day("2024-03-01"), Unknown),
        (Value::Done, Unknown),
        (Value::None, False),
    ] {
        let facts = [
            ("report.issued_on", Value::Done),
            ("report.posted_on", other),
        ];
        let record = world.record(&facts);
        assert_eq!(truth(&there, &record), True);
        for op in [Eq, Lt, Le, Gt, Ge] {
            let expr = world.cmp("report.issued_on", op, "report.posted_on");
            assert_eq!(truth(&expr, &record), comparison, "{op:?}");
        }
        let expr = world.cmp("report.issued_on", Ne, "report.posted_on");
        assert_eq!(truth(&expr, &record), !comparison);
    }
}

#[test]
fn a_table_of_comparisons() {
    let world = World::new();
    use Comparison::{Eq, Ge, Gt, Le, Lt, Ne};
    let record = world.record(&[
        ("report.issued_on", day("2024-03-01")),
        (
            "sampling.at",
            Value::Moment(Moment::parse("2024-03-01 09:30").unwrap()),
        ),
        ("report.conclusion", Value::Symbol(Symbol(1))),
        ("price.paid", yuan("150.00")),
        ("sampling.copies", Value::Int(3)),
        ("sampling.leader", person("某 甲")),
        ("sampling.shown", Value::Bool(true)),
        ("retested", Value::None),
    ]);
    for (expected, expr) in [
        (True, world.is("report.issued_on", Eq, word("2024-03-01"))),
        (False, world.is("report.issued_on", Lt, word("2024-03-01"))),
        (True, world.cmp("report.issued_on", Eq, "sampling.at")),
        (True, world.cmp("report.issued_on", Ge, "sampling.at")),
        (True, world.is("sampling.at", Gt, word("2024-03-01 09:29"))),
        (True, world.is("sampling.at", Le, word("2024-03-01"))),
        (True, world.is("report.conclusion", Eq, word("不合格"))),
        (True, world.is("report.conclusion", Ne, word("pass"))),
        (True, world.is("price.paid", Eq, Literal::Int(150))),
        (True, world.cmp("price.paid", Gt, "sampling.copies")),
        (True, world.is("sampling.leader", Eq, word("某甲"))),
        (True, world.fact("sampling.shown")),
        (False, world.fact("retested")),
        (True, world.not(world.fact("retested"))),
        (False, world.is("retested", Eq, Literal::Bool(false))),
        (True, world.is("retested", Ne, Literal::Bool(false))),
        (Unknown, world.fact("sampling.sealed")),
        (Unknown, world.is("note", Ne, word("甲"))),
    ] {
        assert_eq!(
            truth(&expr, &record),
            expected,
            "{}",
            expr.code(world.vocabulary())
        );
    }
}

#[test]
fn presence_tells_unknown_none_and_empty_apart() {
    let world = World::new();
    let present = |path: &str| world.builder.present(world.fact(path), None).unwrap();
    let list = present("sampling.samplers");
    let unknown = Value::List([Value::Unknown].into());
    for (value, expected) in [
        (Value::Unknown, Unknown),
        (Value::None, False),
        (people(&[]), False),
        (unknown, Unknown),
        (people(&["某甲"]), True),
    ] {
        let record = world.record(&[("sampling.samplers", value)]);
        assert_eq!(truth(&list, &record), expected);
    }
    let record = world.record(&[("report.issued_on", Value::None)]);
    assert_eq!(truth(&present("report.issued_on"), &record), False);
    let absent = world
        .builder
        .absent(world.fact("report.issued_on"), None)
        .unwrap();
    assert_eq!(truth(&absent, &record), True);
    assert_eq!(truth(&absent, &world.record(&[])), Unknown);
}

#[test]
fn unknown_elements_make_a_count_an_interval() {
    let world = World::new();
    let list = world.fact("sampling.samplers");
    let count = world.builder.count(list, None).unwrap();
    let at_least = |n| {
        let (count, n) = (Input::Expr(count.clone()), Input::Literal(Literal::Int(n)));
        world
            .builder
            .compare(Comparison::Ge, count, n, None)
            .unwrap()
    };
    let three = Value::List([person("某甲"), Value::Unknown, Value::None, person("某乙")].into());
    let record = world.record(&[("sampling.samplers", three)]);
    let scope = Scope::new(&record);
    assert_eq!(
        count.operand(&scope),
        Operand::Between(Bounds { min: 2, max: 3 })
    );
    let holds = [2, 3, 4].map(|n| at_least(n).truth(&scope));
    assert_eq!(holds, [True, Unknown, False]);
    assert_eq!(truth(&at_least(0), &world.record(&[])), True);
    assert_eq!(truth(&at_least(1), &world.record(&[])), Unknown);
    let none = world.record(&[("sampling.samplers", Value::None)]);
    assert_eq!(truth(&at_least(1), &none), False);
}

#[test]
fn rows_are_counted_with_what_is_known_of_them() {
    let world = World::new();
    let list = world.fact("corrections");
    let (variable, row) = world.builder.row(&list).unwrap();
    let confirmed = world.field(&row, "confirmed");
    let count = world
        .builder
        .count_where(list, variable, confirmed, None)
        .unwrap();
    let rows = [Value::Bool(true), Value::Unknown, Value::Bool(false)];
    let rows = rows.map(|value| world.correction(&[("confirmed", value)]));
    let record = world.record(&[("corrections", Value::Rows(rows.into()))]);
    assert_eq!(
        count.operand(&Scope::new(&record)),
        Operand::Between(Bounds { min: 1, max: 2 })
    );
}

#[test]
fn sets_relate_as_far_as_they_are_known() {
    let world = World::new();
    let (a, b) = (
        world.fact("sampling.samplers"),
        world.fact("report.testers"),
    );
    let disjoint = world.builder.disjoint(a.clone(), b.clone(), None).unwrap();
    let subset = world.builder.subset(a.clone(), b.clone(), None).unwrap();
    let both = world.builder.both(a, b, None).unwrap();
    let with_unknown = |name: &str| Value::List([person(name), Value::Unknown].into());
    for (samplers, testers, apart, inside) in [
        (people(&["甲"]), people(&["乙"]), True, False),
        (people(&["甲"]), people(&["乙", "甲"]), False, True),
        (people(&["甲"]), Value::None, True, False),
        (people(&["甲"]), Value::Unknown, Unknown, Unknown),
        (Value::None, Value::Unknown, True, True),
        (Value::Unknown, people(&[]), True, Unknown),
        (people(&["甲"]), with_unknown("乙"), Unknown, Unknown),
        (people(&["甲"]), with_unknown("甲"), False, True),
        (with_unknown("甲"), people(&["乙"]), Unknown, False),
        (with_unknown("甲"), people(&["甲"]), False, Unknown),
    ] {
        let facts = [("sampling.samplers", samplers), ("report.testers", testers)];
        let record = world.record(&facts);
        assert_eq!(truth(&disjoint, &record), apart, "{facts:?}");
        assert_eq!(truth(&subset, &record), inside, "{facts:?}");
    }
    let record = world.record(&[
        ("sampling.samplers", people(&["甲", "乙", "丙"])),
        ("report.testers", people(&["丙", "甲"])),
    ]);
    let scope = Scope::new(&record);
    assert_eq!(both.value(&scope), people(&["甲", "丙"]));
    let names = |parties: Vec<crate::value::Party>| {
        parties
            .iter()
            .map(|p| p.name.to_string())
            .collect::<Vec<_>>()
    };
    assert_eq!(names(both.parties(&scope)), ["甲", "丙"]);
    assert_eq!(names(disjoint.culprits(&scope)), ["甲", "丙"]);
    assert_eq!(names(subset.culprits(&scope)), ["乙"]);
}

#[test]
fn one_row_can_decide_a_quantifier_and_an_unknown_one_cannot() {
    let world = World::new();
    let every = world.every(|row| world.field(row, "confirmed"));
    let some = world.some(|row| world.field(row, "confirmed"));
    let rows = |values: &[Value]| {
        let rows = values
            .iter()
            .map(|value| world.correction(&[("confirmed", value.clone())]));
        world.record(&[("corrections", Value::Rows(rows.collect()))])
    };
    let (yes, no, open) = (Value::Bool(true), Value::Bool(false), Value::Unknown);
    for (values, all, any) in [
        (vec![], True, False),
        (vec![yes.clone(), open.clone()], Unknown, True),
        (vec![no.clone(), open.clone()], False, Unknown),
        (vec![yes, no], False, True),
        (vec![open], Unknown, Unknown),
    ] {
        let record = rows(&values);
        assert_eq!((truth(&every, &record), truth(&some, &record)), (all, any));
    }
    let none = world.record(&[("corrections", Value::None)]);
    assert_eq!((truth(&every, &none), truth(&some, &none)), (True, False));
    let silent = world.record(&[]);
    assert_eq!(
        (truth(&every, &silent), truth(&some, &silent)),
        (Unknown, Unknown)
    );
}

#[test]
fn money_adds_up_and_a_price_known_none_adds_nothing() {
    let world = World::new();
    let list = world.fact("corrections");
    let (variable, row) = world.builder.row(&list).unwrap();
    let fee = world.field(&row, "fee");
    let sum = world.builder.sum(list, variable, fee, None).unwrap();
    let total = |fees: &[Value]| {
        let rows = fees
            .iter()
            .map(|fee| world.correction(&[("fee", fee.clone())]));
        let record = world.record(&[("corrections", Value::Rows(rows.collect()))]);
        sum.value(&Scope::new(&record))
    };
    assert_eq!(
        total(&[yuan("0.10"), yuan("0.20"), Value::None]),
        yuan("0.30")
    );
    assert_eq!(total(&[yuan("0.10"), Value::Unknown]), Value::Unknown);
    assert_eq!(total(&[]), yuan("0"));
}

#[test]
fn days_are_counted_between_days_and_moments() {
    let world = World::new();
    let days = world
        .builder
        .days_since(
            Input::Expr(world.fact("report.issued_on")),
            Input::Expr(world.fact("sampling.at")),
            None,
        )
        .unwrap();
    let at = Value::Moment(Moment::parse("2024-02-28 23:59").unwrap());
    let record = world.record(&[("report.issued_on", day("2024-03-01")), ("sampling.at", at)]);
    assert_eq!(days.operand(&Scope::new(&record)), Operand::Int(2));
    let record = world.record(&[("report.issued_on", Value::None)]);
    assert_eq!(days.operand(&Scope::new(&record)), Operand::None);
}

#[test]
fn overflow_is_marked_and_decides_nothing() {
    let world = World::new();
    let copies = || Input::Expr(world.fact("sampling.copies"));
    let square = world
        .builder
        .arithmetic(Arithmetic::Mul, copies(), copies(), None)
        .unwrap();
    let positive = world
        .builder
        .compare(
            Comparison::Ge,
            Input::Expr(square),
            Input::Literal(Literal::Int(0)),
            None,
        )
        .unwrap();
    let record = world.record(&[("sampling.copies", Value::Int(i64::MAX))]);
    let scope = Scope::new(&record);
    assert_eq!(
        (positive.truth(&scope), scope.overflowed()),
        (Unknown, true)
    );
    let record = world.record(&[("sampling.copies", Value::Int(3))]);
    let scope = Scope::new(&record);
    assert_eq!((positive.truth(&scope), scope.overflowed()), (True, false));
}

#[test]
fn overflow_inside_a_row_marks_the_whole_record() {
    let world = World::new();
    let expr = world.some(|row| {
        let number = || Input::Expr(world.field(row, "number"));
        let square = world
            .builder
            .arithmetic(Arithmetic::Mul, number(), number(), None)
            .unwrap();
        let zero = Input::Literal(Literal::Int(0));
        world
            .builder
            .compare(Comparison::Ge, Input::Expr(square), zero, None)
            .unwrap()
    });
    let row = world.correction(&[("number", Value::Int(i64::MAX))]);
    let record = world.record(&[("corrections", Value::Rows([row].into()))]);
    let scope = Scope::new(&record);
    assert_eq!((expr.truth(&scope), scope.overflowed()), (Unknown, true));
}

#[test]
fn an_interval_compares_by_its_ends() {
    let world = World::new();
    let list = world.fact("sampling.samplers");
    let count = world.builder.count(list, None).unwrap();
    let two_or_three = Value::List([person("甲"), Value::Unknown, person("乙")].into());
    let record = world.record(&[("sampling.samplers", two_or_three)]);
    use Comparison::{Eq, Ge, Gt, Le, Lt, Ne};
    for (op, expected) in [
        (Eq, [False, Unknown, Unknown, False]),
        (Ne, [True, Unknown, Unknown, True]),
        (Lt, [False, False, Unknown, True]),
        (Le, [False, Unknown, True, True]),
        (Gt, [True, Unknown, False, False]),
        (Ge, [True, True, Unknown, False]),
    ] {
        for decimal in [false, true] {
            let got = [1, 2, 3, 4].map(|n| {
                let literal = if decimal {
                    Literal::Decimal(n.into())
                } else {
                    Literal::Int(n)
                };
                let count = Input::Expr(count.clone());
                let expr = world.builder.compare(op, count, literal.into(), None);
                truth(&expr.unwrap(), &record)
            });
            assert_eq!(got, expected, "{op:?}");
        }
    }
}

#[test]
fn an_act_is_within_a_time_by_some_or_by_every_reading_of_its_last_day() {
    const CALENDAR: &str = include_str!("../../../../../rules/calendar/cn.yaml");
    let calendar = Calendar::load(&Source::new("cn.yaml", CALENDAR)).unwrap();
    let world = World::new();
    let within = |limit, readings| {
        let (act, since) = (
            world.fact("report.posted_on"),
            world.fact("report.issued_on"),
        );
        world
            .builder
            .within(act, since, limit, readings, None)
            .unwrap()
    };
    // Seven days from 2024-03-02 end on Saturday the 9th, under the broad reading on Monday the 11th.
    let days = Limit::Days(7);
    let known = |posted: &str, issued: &str| {
        vec![
            ("report.posted_on", day(posted)),
            ("report.issued_on", day(issued)),
        ]
    };
    for (facts, some, every) in [
        (known("2024-03-09", "2024-03-02"), True, True),
        (known("2024-03-10", "2024-03-02"), True, False),
        (known("2024-03-11", "2024-03-02"), True, False),
        (known("2024-03-12", "2024-03-02"), False, False),
        (known("2024-01-01", "2024-03-02"), True, True),
        (known("2027-03-12", "2027-03-02"), Unknown, Unknown),
        (
            vec![("report.posted_on", day("2024-03-12"))],
            Unknown,
            Unknown,
        ),
        (
            vec![("report.issued_on", day("2024-03-02"))],
            Unknown,
            Unknown,
        ),
        (vec![("report.posted_on", Value::None)], False, False),
        (
            vec![
                ("report.posted_on", day("2024-03-12")),
                ("report.issued_on", Value::None),
            ],
            True,
            True,
        ),
        (vec![("report.issued_on", Value::None)], Unknown, Unknown),
    ] {
        let record = world.record(&facts);
        let scope = Scope::new(&record).on(&calendar);
        assert_eq!(
            within(days, Readings::Some).truth(&scope),
            some,
            "{facts:?}"
        );
        assert_eq!(
            within(days, Readings::Every).truth(&scope),
            every,
            "{facts:?}"
        );
    }
    let record = world.record(&known("2024-03-12", "2024-03-02"));
    assert_eq!(
        within(days, Readings::Some).truth(&Scope::new(&record)),
        Unknown
    );
    let scope = Scope::new(&record).on(&calendar);
    assert_eq!(
        within(Limit::Workdays(7), Readings::Some).truth(&scope),
        True
    );
    let read = within(days, Readings::Some).decisive(&scope, world.vocabulary());
    assert_eq!(read, ["report.posted_on", "report.issued_on"]);
}
