//! How expressions are printed, in both languages and as script text.

use super::world::{World, word};
use crate::expr::{Arithmetic, Comparison, Expr, Input, Literal, Readings};
use crate::period::Limit;

fn says(world: &World, expr: &Expr, zh: &str, en: &str, code: &str) {
    let text = expr.text(world.vocabulary());
    assert_eq!(text.zh, zh);
    assert_eq!(text.en, en);
    assert_eq!(expr.code(world.vocabulary()), code);
}

#[test]
fn comparisons_are_said_by_what_they_compare() {
    let world = World::new();
    use Comparison::{Eq, Ge, Gt, Le, Lt, Ne};
    for (expr, zh, en, code) in [
        (
            world.is("report.conclusion", Eq, word("fail")),
            "检验结论为“不合格”",
            "Conclusion is “Fail”",
            r#"fact("report.conclusion") == "fail""#,
        ),
        (
            world.not(world.is("report.conclusion", Eq, word("fail"))),
            "检验结论不为“不合格”",
            "Conclusion is not “Fail”",
            r#"!(fact("report.conclusion") == "fail")"#,
        ),
        (
            world.cmp("price.paid", Eq, "price.marked"),
            "实付金额等于样品费用·标价",
            "Paid equals Price: Marked",
            r#"fact("price.paid") == fact("price.marked")"#,
        ),
        (
            world.is("price.paid", Le, Literal::Int(500)),
            "实付金额不高于500元",
            "Paid is at most 500 yuan",
            r#"fact("price.paid") <= decimal("500")"#,
        ),
        (
            world.cmp("report.posted_on", Ge, "report.issued_on"),
            "寄出日期不早于出具日期",
            "Posted on is not before Issued on",
            r#"fact("report.posted_on") >= fact("report.issued_on")"#,
        ),
        (
            world.not(world.cmp("report.posted_on", Lt, "report.issued_on")),
            "并非寄出日期早于出具日期",
            "not: Posted on is before Issued on",
            r#"!(fact("report.posted_on") < fact("report.issued_on"))"#,
        ),
        (
            world.not(world.cmp("report.posted_on", Le, "report.issued_on")),
            "寄出日期晚于出具日期（或者无此事项）",
            "Posted on is after Issued on (or there is none)",
            r#"!(fact("report.posted_on") <= fact("report.issued_on"))"#,
        ),
        (
            world.is("report.issued_on", Gt, word("2024-03-01")),
            "出具日期晚于2024-03-01",
            "Issued on is after 2024-03-01",
            r#"fact("report.issued_on") > date("2024-03-01")"#,
        ),
        (
            world.is("sampling.leader", Ne, word("某\"甲\\")),
            "抽样·组长不为“某\"甲\\”",
            "Sampling: Leader is not “某\"甲\\”",
            r#"fact("sampling.leader") != "某\"甲\\""#,
        ),
    ] {
        says(&world, &expr, zh, en, code);
    }
}

#[test]
fn facts_that_are_yes_or_no_are_said_as_statements_where_their_label_is_one() {
    let world = World::new();
    for (path, yes, no) in [
        (
            "sampling.shown",
            "已出示监督抽查通知书",
            "未出示监督抽查通知书",
        ),
        ("sampling.sealed", "样品已封样", "样品未封样"),
        ("retested", "是否复检为“是”", "是否复检不为“是”"),
    ] {
        let fact = world.fact(path);
        assert_eq!(fact.text(world.vocabulary()).zh, yes);
        let not = world.not(fact);
        assert_eq!(not.text(world.vocabulary()).zh, no);
        assert_eq!(not.code(world.vocabulary()), format!("!fact(\"{path}\")"));
    }
    let fact = world.fact("sampling.shown");
    assert_eq!(fact.text(world.vocabulary()).en, "Notice shown is “yes”");
    let equal = world.is("sampling.shown", Comparison::Eq, Literal::Bool(true));
    assert_eq!(
        equal.text(world.vocabulary()).zh,
        "已出示监督抽查通知书为“是”"
    );
}

#[test]
fn lists_are_said_with_their_units() {
    let world = World::new();
    let b = &world.builder;
    let samplers = || world.fact("sampling.samplers");
    let count = b.count(samplers(), None).unwrap();
    let two = Input::Literal(Literal::Int(2));
    let at_least = b
        .compare(Comparison::Ge, Input::Expr(count), two, None)
        .unwrap();
    says(
        &world,
        &at_least,
        "抽样人员不少于2人",
        "the number of Samplers is at least 2",
        r#"fact("sampling.samplers").count() >= 2"#,
    );
    let disjoint = b
        .disjoint(samplers(), world.fact("report.testers"), None)
        .unwrap();
    says(
        &world,
        &disjoint,
        "抽样人员与检验人员无重合",
        "Samplers and Testers do not overlap",
        r#"fact("sampling.samplers").disjoint(fact("report.testers"))"#,
    );
    let papers = vec![word("notice"), word("委托书")];
    let all = b
        .contains_all(&world.fact("sampling.papers"), papers, None)
        .unwrap();
    says(
        &world,
        &all,
        "出示文件包含“监督抽查通知书”、“委托书”",
        "Papers shown include “Notice”, “Mandate”",
        r#"fact("sampling.papers").contains_all(["notice", "mandate"])"#,
    );
    assert_eq!(
        world.not(all).text(world.vocabulary()).zh,
        "出示文件未全部包含“监督抽查通知书”、“委托书”"
    );
    let both = b
        .both(samplers(), world.fact("report.testers"), None)
        .unwrap();
    assert_eq!(
        both.text(world.vocabulary()).zh,
        "抽样人员与检验人员共有的人员"
    );
    let fails = vec![word("fail"), word("pass")];
    let one_of = b
        .one_of(world.fact("report.conclusion"), fails, None)
        .unwrap();
    says(
        &world,
        &one_of,
        "检验结论为“不合格”、“合格”之一",
        "Conclusion is one of “Fail”, “Pass”",
        r#"fact("report.conclusion") in ["fail", "pass"]"#,
    );
    let absent = b.absent(world.fact("report.posted_on"), None).unwrap();
    says(
        &world,
        &absent,
        "寄出日期为“无”",
        "Posted on is “none”",
        r#"fact("report.posted_on").absent()"#,
    );
}

#[test]
fn and_and_or_take_parentheses_only_where_both_occur_and_negation_goes_inward() {
    let world = World::new();
    let shown = || world.fact("sampling.shown");
    let sealed = || world.fact("sampling.sealed");
    let retested = || world.fact("retested");
    let mixed = world.all([shown(), world.any([sealed(), retested()])]);
    says(
        &world,
        &mixed,
        "已出示监督抽查通知书，且（样品已封样，或是否复检为“是”）",
        "Notice shown is “yes” and (Samples sealed is “yes” or Retested is “yes”)",
        r#"fact("sampling.shown") & (fact("sampling.sealed") | fact("retested"))"#,
    );
    assert_eq!(
        world.not(mixed).text(world.vocabulary()).zh,
        "未出示监督抽查通知书，或（样品未封样，且是否复检不为“是”）"
    );
    let none = world
        .builder
        .none_of(vec![shown(), sealed()], None)
        .unwrap();
    says(
        &world,
        &none,
        "未出示监督抽查通知书，且样品未封样",
        "Notice shown is not “yes” and Samples sealed is not “yes”",
        r#"none_of([fact("sampling.shown"), fact("sampling.sealed")])"#,
    );
    let many = world.any([shown(), sealed(), retested(), shown(), sealed()]);
    assert!(many.code(world.vocabulary()).starts_with("any([fact("));
}

#[test]
fn quantifiers_name_the_facts_of_their_rows_by_their_own_labels() {
    let world = World::new();
    let every = world.every(|row| world.field(row, "confirmed"));
    says(
        &world,
        &every,
        "每一项更正均已确认",
        "for every entry of Corrections: (Confirmed is “yes”)",
        r#"fact("corrections").all(|x| x.fact("confirmed"))"#,
    );
    assert_eq!(
        world.not(every).text(world.vocabulary()).zh,
        "至少一项更正未确认"
    );
    let dated = world.some(|row| {
        let signed = Input::Expr(world.field(row, "signed_on"));
        let issued = Input::Expr(world.fact("report.issued_on"));
        world
            .builder
            .compare(Comparison::Gt, signed, issued, None)
            .unwrap()
    });
    says(
        &world,
        &dated,
        "至少一项更正满足（签名日期晚于出具日期）",
        "for at least one entry of Corrections: (Signed on is after Issued on)",
        r#"fact("corrections").any(|x| x.fact("signed_on") > fact("report.issued_on"))"#,
    );
    let nested = world.every(|row| {
        let list = world.field(row, "places");
        let (variable, place) = world.builder.row(&list).unwrap();
        let by = Input::Expr(world.field(&place, "by"));
        let signer = Input::Expr(world.field(row, "signer"));
        let same = world
            .builder
            .compare(Comparison::Eq, by, signer, None)
            .unwrap();
        world.builder.exists(list, variable, same, None).unwrap()
    });
    says(
        &world,
        &nested,
        "每一项更正均满足（至少一项位置满足（标明人与该项更正的签名人相同））",
        "for every entry of Corrections: (for at least one entry of Places: (By is the same as Signer of that entry of Corrections))",
        r#"fact("corrections").all(|x| x.fact("places").any(|y| y.fact("by") == x.fact("signer")))"#,
    );
}

#[test]
fn arithmetic_keeps_its_grouping() {
    let world = World::new();
    let b = &world.builder;
    let fact = |path: &str| Input::Expr(world.fact(path));
    let sum = b.arithmetic(
        Arithmetic::Add,
        fact("price.marked"),
        fact("price.paid"),
        None,
    );
    let product = b.arithmetic(
        Arithmetic::Mul,
        sum.unwrap().into(),
        fact("sampling.copies"),
        None,
    );
    let product = product.unwrap();
    says(
        &world,
        &product,
        "（样品费用·标价 + 实付金额） × 抽样·份数",
        "(Price: Marked + Paid) × Sampling: Copies",
        r#"(fact("price.marked") + fact("price.paid")) * fact("sampling.copies")"#,
    );
    let days = b
        .days_since(fact("report.posted_on"), fact("report.issued_on"), None)
        .unwrap();
    let within = b
        .compare(
            Comparison::Le,
            days.into(),
            Input::Literal(Literal::Int(7)),
            None,
        )
        .unwrap();
    says(
        &world,
        &within,
        "自出具日期至寄出日期的天数不多于7天",
        "the days from Issued on to Posted on is at most 7 days",
        r#"fact("report.posted_on").days_since(fact("report.issued_on")) <= 7"#,
    );
}

#[test]
fn being_within_a_time_is_said_with_its_readings_and_written_as_scripts_write_it() {
    let world = World::new();
    for (limit, readings, negated, zh, en, code) in [
        (
            Limit::Days(15),
            Readings::Some,
            false,
            "在自",
            "is within 15 days from",
            r#"fact("report.posted_on").is_within(days(15), fact("report.issued_on"))"#,
        ),
        (
            Limit::Workdays(3),
            Readings::Every,
            false,
            "按任何读法均在自",
            "by every reading",
            r#"fact("report.posted_on").is_surely_within(workdays(3), fact("report.issued_on"))"#,
        ),
        (
            Limit::Days(15),
            Readings::Some,
            true,
            "按任何读法均不在自",
            "by any reading",
            r#"!fact("report.posted_on").is_within(days(15), fact("report.issued_on"))"#,
        ),
        (
            Limit::Days(1),
            Readings::Every,
            true,
            "至少按一种读法不在自",
            "by one reading at least",
            r#"!fact("report.posted_on").is_surely_within(days(1), fact("report.issued_on"))"#,
        ),
    ] {
        let (act, since) = (
            world.fact("report.posted_on"),
            world.fact("report.issued_on"),
        );
        let within = world
            .builder
            .within(act, since, limit, readings, None)
            .unwrap();
        let expr = if negated { world.not(within) } else { within };
        let text = expr.text(world.vocabulary());
        assert!(text.zh.contains(zh), "{}", text.zh);
        assert!(text.en.contains(en), "{}", text.en);
        assert_eq!(expr.code(world.vocabulary()), code);
    }
}
