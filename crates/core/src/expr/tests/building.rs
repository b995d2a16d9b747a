//! What the builder rejects, and why.

use super::world::{World, word};
use crate::expr::{
    Arithmetic, BuildError, Comparison, Expr, ExprKind, Input, Literal, MAX_DEPTH, MAX_SIZE,
};
use crate::value::{Symbol, Type, Value};

fn compare(world: &World, a: &str, op: Comparison, b: Literal) -> Result<Expr, BuildError> {
    let a = Input::Expr(world.fact(a));
    world.builder.compare(op, a, Input::Literal(b), None)
}

#[test]
fn a_misspelt_fact_is_refused_with_the_nearest_one() {
    let world = World::new();
    let error = world.builder.fact("report.isued_on", None).unwrap_err();
    assert_eq!(error.message().zh, "数据字典中没有事实 `report.isued_on`");
    assert_eq!(error.help().unwrap().en, "did you mean `report.issued_on`?");
    for path in [
        "",
        ".",
        "report.",
        "report..issued_on",
        "报告",
        "report.issued_on.x",
    ] {
        let error = world.builder.fact(path, None).unwrap_err();
        assert!(matches!(error, BuildError::UnknownFact { .. }), "{path}");
    }
}

#[test]
fn a_group_or_the_inside_of_a_list_is_no_fact() {
    let world = World::new();
    let error = world.builder.fact("report", None).unwrap_err();
    assert_eq!(error.help().unwrap().en, "for instance `report.issued_on`");
    for path in ["corrections.confirmed", "corrections[].confirmed"] {
        let error = world.builder.fact(path, None).unwrap_err();
        assert!(
            matches!(&error, BuildError::InsideList { list, field, .. }
                if list == "corrections" && field == "confirmed"),
            "{error}"
        );
        assert!(error.help().is_some() && error.why().is_some());
    }
}

#[test]
fn a_misspelt_field_or_enum_value_is_refused_with_the_nearest_one() {
    let world = World::new();
    let (_, row) = world.builder.row(&world.fact("corrections")).unwrap();
    let error = world.builder.field(&row, "confirmd", None).unwrap_err();
    assert_eq!(error.help().unwrap().en, "did you mean `confirmed`?");
    let nested = world.builder.field(&row, "places.by", None).unwrap_err();
    assert!(matches!(nested, BuildError::InsideList { .. }), "{nested}");
    let error = compare(&world, "report.conclusion", Comparison::Eq, word("不合恪")).unwrap_err();
    assert_eq!(error.help().unwrap().zh, "是否应为 `不合格`？");
    assert_eq!(error.why().unwrap().en, "its values: pass, fail");
}

#[test]
fn enum_values_are_accepted_by_code_and_label() {
    let world = World::new();
    for name in ["fail", "不合格", "Fail"] {
        let expr = compare(&world, "report.conclusion", Comparison::Eq, word(name)).unwrap();
        let ExprKind::Compare(_, _, right) = expr.kind() else {
            panic!("{expr:?}")
        };
        assert!(matches!(
            right.kind(),
            ExprKind::Constant(Value::Symbol(Symbol(1)))
        ));
    }
}

#[test]
fn unlike_types_are_never_compared() {
    let world = World::new();
    let eq = Comparison::Eq;
    for (fact, literal) in [
        ("report.issued_on", Literal::Int(3)),
        ("report.conclusion", Literal::Bool(true)),
        ("sampling.copies", word("3")),
        ("price.paid", word("3")),
        ("note", Literal::Int(1)),
        ("retested", word("是")),
    ] {
        let error = compare(&world, fact, eq, literal).unwrap_err();
        assert!(matches!(error, BuildError::UnlikeTypes { .. }), "{fact}");
    }
    let pair = |a: &str, b: &str| {
        let (a, b) = (Input::Expr(world.fact(a)), Input::Expr(world.fact(b)));
        world.builder.compare(eq, a, b, None)
    };
    let error = pair("report.issued_on", "price.paid").unwrap_err();
    assert_eq!(error.message().zh, "日期不能与小数比较或运算");
    assert!(pair("sampling.leader", "agency").is_err());
    assert!(pair("sampling.leader", "note").is_err());
    assert!(pair("report.issued_on", "sampling.at").is_ok());
    assert!(pair("sampling.copies", "price.paid").is_ok());
    assert_eq!(
        pair("sampling.samplers", "report.testers").unwrap_err(),
        BuildError::WholeList
    );
    let error = compare(&world, "report.issued_on", eq, word("2024-02-30")).unwrap_err();
    assert_eq!(error.message().zh, "`2024-02-30` 不是日期");
}

#[test]
fn only_numbers_and_dates_are_ordered() {
    let world = World::new();
    for (fact, literal) in [
        ("report.conclusion", word("pass")),
        ("note", word("甲")),
        ("sampling.leader", word("某甲")),
        ("retested", Literal::Bool(true)),
    ] {
        let error = compare(&world, fact, Comparison::Lt, literal).unwrap_err();
        assert!(matches!(error, BuildError::NoOrder { .. }), "{fact}");
    }
}

#[test]
fn what_is_no_condition_list_number_or_date_is_refused_where_one_is_needed() {
    let world = World::new();
    let b = &world.builder;
    let paid = || world.fact("price.paid");
    let (variable, row) = b.row(&world.fact("corrections")).unwrap();
    let shown = || world.fact("sampling.shown");
    let two = || Input::Literal(Literal::Int(2));
    let errors = [
        b.not(paid(), None),
        b.all(vec![shown(), paid()], None),
        b.not(row.clone(), None),
        b.count(paid(), None),
        b.contains(world.fact("corrections"), two(), None),
        b.exists(world.fact("sampling.samplers"), variable, shown(), None),
        b.sum(world.fact("corrections"), variable, shown(), None),
        b.arithmetic(Arithmetic::Add, Input::Expr(shown()), two(), None),
        b.arithmetic(Arithmetic::Add, two(), two(), None),
        b.days_since(Input::Expr(paid()), Input::Expr(paid()), None),
        b.compare(Comparison::Eq, two(), two(), None),
        b.compare(Comparison::Eq, Input::Expr(row), two(), None),
        b.one_of(paid(), vec![], None),
        b.all(vec![], None),
        b.present(b.not(shown(), None).unwrap(), None),
        b.field(&paid(), "x", None),
        b.disjoint(
            world.fact("sampling.samplers"),
            world.fact("sampling.papers"),
            None,
        ),
    ];
    for (i, error) in errors.into_iter().enumerate() {
        let error = error.expect_err(&i.to_string());
        let message = error.message();
        assert!(!message.zh.is_empty() && !message.en.is_empty());
        assert_eq!(message.en, error.to_string());
    }
}

#[test]
fn a_row_is_read_inside_its_quantifier_only() {
    let world = World::new();
    let list = world.fact("corrections");
    let (first, x) = world.builder.row(&list).unwrap();
    let (second, _) = world.builder.row(&list).unwrap();
    let confirmed = world.field(&x, "confirmed");
    let right = world
        .builder
        .exists(list.clone(), first, confirmed.clone(), None);
    assert!(world.builder.closed(&right.unwrap()).is_ok());
    let wrong = world.builder.exists(list, second, confirmed, None).unwrap();
    let error = world.builder.closed(&wrong).unwrap_err();
    assert!(matches!(&error, BuildError::LooseRow { path } if path == "corrections[].confirmed"));
}

#[test]
fn trees_built_in_a_loop_are_refused() {
    let world = World::new();
    let mut deep = world.fact("sampling.shown");
    let error = loop {
        match world.builder.not(deep.clone(), None) {
            Ok(deeper) => deep = deeper,
            Err(error) => break error,
        }
    };
    assert_eq!((error, deep.depth()), (BuildError::TooDeep, MAX_DEPTH));

    let mut wide = world.fact("sampling.shown");
    let error = loop {
        match world.builder.all(vec![wide.clone(), wide.clone()], None) {
            Ok(wider) => wide = wider,
            Err(error) => break error,
        }
    };
    assert_eq!(error, BuildError::TooLarge);
    assert!(wide.size() <= MAX_SIZE);

    let many = vec![Literal::Int(1); 20_000];
    let error = world
        .builder
        .one_of(world.fact("sampling.copies"), many, None);
    assert_eq!(error.unwrap_err(), BuildError::TooLarge);
}

#[test]
fn a_long_chain_of_and_nests_no_deeper_than_a_short_one() {
    let world = World::new();
    let mut chain = world.fact("sampling.shown");
    for _ in 0..500 {
        let next = world.fact("sampling.sealed");
        chain = world.builder.all(vec![chain, next], None).unwrap();
    }
    assert_eq!((chain.depth(), chain.size()), (2, 502));
}

#[test]
fn a_literal_on_the_left_moves_to_the_right() {
    let world = World::new();
    let copies = Input::Expr(world.fact("sampling.copies"));
    let two = Input::Literal(Literal::Int(2));
    let expr = world
        .builder
        .compare(Comparison::Lt, two, copies, None)
        .unwrap();
    assert_eq!(
        expr.code(world.vocabulary()),
        "fact(\"sampling.copies\") > 2"
    );
    assert_eq!(expr.ty(), &Type::Bool);
}
