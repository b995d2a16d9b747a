//! A small rule set written like a real one, with a shared library and an order above it.

use super::*;
use crate::rulebook::load_only;
use choucha_core::obligation::Force;
use choucha_core::obligation::RuleSetId;
use choucha_core::obligation::{Requirement, Severity};
use choucha_core::period::Limit;
use choucha_core::value::Day;

const ORDER: &str = r#"
ruleset("national/order", #{
    title: "示例办法", title_en: "Example measures",
    instrument: instrument("示例总局令第1号"),
    from: date("2020-01-01"),
});
let order = instrument("示例总局令第1号");
stage("sampling", #{ title: "抽样", title_en: "Sampling", holds: fact("sampling.sampled_on").present() });
stage("testing", #{ title: "检验", title_en: "Testing", after: ["sampling"], holds: fact("testing.started_on").present() });
exception("testing.on-site", #{
    title: "现场检验", title_en: "Tested on site",
    cite: order.at("第一条", "现场检验的除外"),
    holds: fact("testing.on_site"),
});
"#;

const ORDER_SAMPLING: &str = r#"
import "lib/sampling" as sampling;
let order = instrument("示例总局令第1号");
// 第二条
sampling::at_least("sampling.at-least-two-samplers", order.at("第二条", "抽样人员不得少于两人"), "", 2, ["sampling"]);
"#;

const LIBRARY: &str = r#"
//! 抽样
import "lib/duty" as duty;

/// At least so many samplers.
fn at_least(id, cite, tightens, number, stages) {
    duty::state(id, cite, tightens, #{
        title: "抽样人员人数符合规定",
        title_en: "Enough samplers",
        bearer: "samplers",
        severity: "critical",
        after: stages,
        must: fact("sampling.samplers").count() >= number,
    });
}

fn papers(id, cite, tightens, also) {
    let shown = fact("sampling.shown");
    let owed = [part("notice", "通知书", "notice", shown.contains("notice"))];
    if also != () {
        owed += part("identity", "身份证明", "identification", shown.contains("identity")).when(also);
    }
    duty::state(id, cite, tightens, #{
        title: "出示文件", title_en: "Papers shown", bearer: "samplers",
        after: ["sampling"],
        must: parts(owed),
    });
}
"#;

const DUTY: &str = r#"
fn state(id, cite, tightens, duty) {
    duty.cite = cite;
    if tightens != "" { duty.refines = tightens; }
    obligation(id, duty);
}
"#;

const NOTICE: &str = r#"
ruleset("set/notice", #{
    title: "示例通知", title_en: "Example notice",
    instrument: instrument("某市监发〔2024〕3号"),
    includes: ["national/order"],
    from: date("2024-01-05"), until: date("2024-12-31"),
    region: "某省", organiser: "某省市场监督管理局",
});
"#;

const NOTICE_SECTION: &str = r#"
import "lib/sampling" as sampling;
let notice = instrument("某市监发〔2024〕3号");
let c = notice.at("二、（一）", "抽样人员不得少于2人");

// 二、（一）
sampling::at_least("sampling.at-least-two-samplers", c, "sampling.at-least-two-samplers", 2, ["sampling"]);
sampling::papers("sampling.papers", [c, notice.at("二、（二）", "出示证件")], "", fact("sampling.refused") == false);

obligation("sampling.not-by-testers", #{
    title: "抽样人员不得检验", title_en: "Samplers do not test",
    bearer: "samplers", cite: c, after: ["testing"], unless: ["testing.on-site"],
    must: fact("sampling.samplers").disjoint(fact("testing.testers")),
    responsible: fact("sampling.samplers").both(fact("testing.testers")),
    note: "以姓名和证件号为准", note_en: "By name and number",
});
obligation("report.mail", #{
    title: "7日内寄送", title_en: "Mailed within 7 days",
    bearer: "inspection_agency", cite: c, severity: "minor",
    when: fact("report.conclusion") == "fail" & !(fact("report.copies") in [1, 2]),
    must: fact("report.posted_on").within(days(7), fact("report.issued_on")),
    review: [reading(fact("report.copies") > 5, "份数过多是否必要，由人工判断", "Whether so many are needed is for a person to judge")],
});
obligation("sampling.signed", #{
    title: "签字", title_en: "Signed", bearer: "samplers", cite: c,
    must: fact("sampling.signed"), triggers: ["report.mail"],
});
obligation("sampling.refusal-noted", #{
    title: "注明拒签", title_en: "Refusal noted", bearer: "samplers", cite: c,
    when: fact("sampling.refused"), must: fact("sampling.noted"),
    remedies: "sampling.signed", excuses: true,
});
obligation("sampling.corrections-confirmed", #{
    title: "更正经确认", title_en: "Corrections confirmed", bearer: "samplers", cite: c,
    when: fact("sampling.corrections").count() > 0,
    must: fact("sampling.corrections").all(|x| x.fact("confirmed")),
});
obligation("purchase.price", #{
    title: "按标价", title_en: "At the marked price", bearer: "samplers", cite: c,
    must_not: fact("purchase.paid") < fact("purchase.marked") * 2 - fact("sampling.corrections").sum(|x| x.fact("fee")),
});
obligation("report.times", #{
    title: "各种期限", title_en: "All kinds of deadlines", bearer: "samplers", cite: c,
    must: parts([
        part("by", "定日", "fixed day", fact("report.posted_on").by(date("2024-04-05"))),
        part("next", "次日", "next day", fact("report.posted_on").next_day(fact("report.issued_on"))),
        part("between", "之间", "between", fact("report.posted_on").between(days(60), days(90), fact("report.issued_on"))),
        part("at-once", "立即", "at once", fact("report.posted_on").immediately(fact("report.issued_on"))),
        part("promptly", "及时", "promptly", fact("report.posted_on").promptly(fact("report.issued_on"), 10)),
        part("same", "同时", "same time", fact("report.posted_on").same_time(fact("report.issued_on"))),
        part("work", "工作日", "working days", fact("report.posted_on").within(workdays(3), fact("report.issued_on"))),
    ]),
});
"#;

fn folder() -> RuleFolder {
    RuleFolder::from_texts(
        "rules",
        [
            ("instruments.yaml", INSTRUMENTS),
            ("lib/duty.rhai", DUTY),
            ("lib/sampling.rhai", LIBRARY),
            ("national/order/ruleset.rhai", ORDER),
            ("national/order/2-sampling.rhai", ORDER_SAMPLING),
            ("set/notice/ruleset.rhai", NOTICE),
            ("set/notice/2-1-sampling.rhai", NOTICE_SECTION),
            ("set/other/ruleset.rhai", "broken("),
        ],
    )
}

fn book() -> Rulebook {
    load_only(&folder(), &vocabulary(), &[RuleSetId("set/notice".into())])
        .map_err(|problems| shown(&problems))
        .unwrap()
}

#[test]
fn a_rule_set_is_loaded_with_the_rule_sets_it_includes_and_no_others() {
    let book = book();
    let ids: Vec<&str> = book.rule_sets.iter().map(|set| set.id.0.as_str()).collect();
    assert_eq!(ids, ["national/order", "set/notice"]);
    let notice = book.rule_set("set/notice").unwrap();
    assert_eq!(notice.title.en, "Example notice");
    assert_eq!(notice.instrument, "某市监发〔2024〕3号");
    assert_eq!(notice.from.unwrap().to_string(), "2024-01-05");
    assert_eq!(notice.region.as_deref(), Some("某省"));
    assert_eq!(book.nearest("set/notise"), Some("set/notice"));
    assert!(book.rule_set("set/other").is_none());
    assert_eq!(shown(&book.notes), "");
}

#[test]
fn a_rule_set_is_in_force_from_its_first_day_to_its_last_and_while_its_instrument_is() {
    let book = book();
    let notice = book.rule_set("set/notice").unwrap();
    let day = |text: &str| Day::parse(text).unwrap();
    let on = |text: &str| notice.in_force(day(text));
    assert_eq!(on("2024-01-04"), Force::NotYet(day("2024-01-05")));
    assert!(on("2024-01-05").holds() && on("2024-12-31").holds());
    assert_eq!(on("2025-01-01"), Force::Ended(day("2024-12-31")));
    let order = book.rule_set("national/order").unwrap();
    assert!(order.in_force(day("2030-01-01")).holds());
    assert!(!order.in_force(day("2019-12-31")).holds());
}

#[test]
fn stages_exceptions_and_obligations_are_as_declared() {
    let book = book();
    let order = book.rule_set("national/order").unwrap();
    assert_eq!(order.stages[1].after[0].id.0, "sampling");
    assert_eq!(order.exceptions[0].citations[0].quote, "现场检验的除外");
    let notice = book.rule_set("set/notice").unwrap();
    let ids: Vec<&str> = notice
        .obligations
        .iter()
        .map(|duty| duty.id.0.as_str())
        .collect();
    assert_eq!(
        ids,
        [
            "sampling.at-least-two-samplers",
            "sampling.papers",
            "sampling.not-by-testers",
            "report.mail",
            "sampling.signed",
            "sampling.refusal-noted",
            "sampling.corrections-confirmed",
            "purchase.price",
            "report.times"
        ]
    );
    let papers = &notice.obligations[1];
    assert_eq!(papers.citations.len(), 2);
    let Requirement::Parts(parts) = &papers.requirement else {
        panic!("{papers:?}")
    };
    assert!(parts[0].when.is_none() && parts[1].when.is_some());
    let mail = &notice.obligations[3];
    assert_eq!(mail.severity, Severity::Minor);
    assert!(matches!(&mail.requirement, Requirement::Deadline(due) if due.limit == Limit::Days(7)));
    assert_eq!(mail.review.len(), 1);
    let noted = &notice.obligations[5];
    assert!(noted.excuses);
    assert_eq!(
        noted.remedies.as_ref().unwrap().at.to_string(),
        "rules/set/notice/2-1-sampling.rhai:31:15"
    );
    let Requirement::Parts(times) = &notice.obligations[8].requirement else {
        panic!()
    };
    let limits: Vec<Limit> = times
        .iter()
        .map(|part| match &part.requirement {
            Requirement::Deadline(due) => due.limit,
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(
        limits[2],
        Limit::Between {
            after: 60,
            before: 90
        }
    );
    assert_eq!(limits[4], Limit::Promptly { review_after: 10 });
    assert_eq!(limits[6], Limit::Workdays(3));
}

#[test]
fn what_a_library_declares_is_placed_where_the_rule_set_asks_for_it() {
    let book = book();
    let duty = &book.rule_set("set/notice").unwrap().obligations[0];
    assert_eq!(
        duty.at.to_string(),
        "rules/set/notice/2-1-sampling.rhai:7:20"
    );
    assert_eq!(
        duty.citations[0].at.to_string(),
        "rules/set/notice/2-1-sampling.rhai:4:16"
    );
    // The expression itself keeps the library's own place.
    let Requirement::Must(must) = &duty.requirement else {
        panic!()
    };
    assert_eq!(
        must.at().unwrap().to_string(),
        "rules/lib/sampling.rhai:13:49"
    );
    // A stage named by the rule set is located there, one named by the library in the library.
    assert_eq!(
        duty.after[0].at.to_string(),
        "rules/set/notice/2-1-sampling.rhai:7:95"
    );
    let papers = &book.rule_set("set/notice").unwrap().obligations[1];
    assert_eq!(
        papers.after[0].at.to_string(),
        "rules/lib/sampling.rhai:25:17"
    );
}

#[test]
fn loading_twice_gives_the_same() {
    assert_eq!(
        format!("{:?}", book().rule_sets),
        format!("{:?}", book().rule_sets)
    );
}

#[test]
fn a_duty_that_refines_another_cites_its_own_sentence_and_then_those_above() {
    let city = r#"ruleset("set/city", #{ title: "市", title_en: "City", instrument: instrument("某市监发〔2024〕3号"), includes: ["set/notice"] });
let notice = instrument("某市监发〔2024〕3号");
obligation("city", #{ title: "出示", title_en: "Shown", bearer: "samplers", refines: "notice",
    cite: notice.at("三、", "出示通知书"), must: fact("sampling.noted") });"#;
    let notice = r#"ruleset("set/notice", #{ title: "通知", title_en: "Notice", instrument: instrument("某市监发〔2024〕3号"), includes: ["national/order"] });
let notice = instrument("某市监发〔2024〕3号");
obligation("notice", #{ title: "出示", title_en: "Shown", bearer: "samplers", refines: "order",
    cite: [notice.at("二、", "出示"), notice.at("三、", "通知书")], must: fact("sampling.noted") });"#;
    let order = r#"ruleset("national/order", #{ title: "办法", title_en: "Order", instrument: instrument("示例总局令第1号") });
let order = instrument("示例总局令第1号");
obligation("order", #{ title: "出示", title_en: "Shown", bearer: "samplers",
    cite: order.at("第一条", "应当出示"), must: fact("sampling.noted") });"#;
    let book = load_files(&[
        ("set/city/ruleset.rhai", city),
        ("set/notice/ruleset.rhai", notice),
        ("national/order/ruleset.rhai", order),
    ])
    .unwrap();
    let duty = &book.rule_set("set/city").unwrap().obligations[0];
    let grounds: Vec<&str> = duty.grounds().map(|cited| cited.quote.as_str()).collect();
    // If two citations have the same words, or one quotes part of the other, the duty's own is kept.
    assert_eq!(grounds, ["出示通知书", "出示", "应当出示"]);
    let own: Vec<&str> = duty.citations.iter().map(|c| c.quote.as_str()).collect();
    assert_eq!(own, ["出示通知书"]);
}

#[test]
fn a_duty_that_drops_an_exception_of_the_one_above_rests_on_its_own_sentence() {
    let notice = r#"ruleset("set/notice", #{ title: "通知", title_en: "Notice", instrument: instrument("某市监发〔2024〕3号"), includes: ["national/order"] });
let notice = instrument("某市监发〔2024〕3号");
obligation("notice", #{ title: "出示", title_en: "Shown", bearer: "samplers", refines: "order",
    cite: notice.at("三、", "出示通知书"), must: fact("sampling.noted") });"#;
    let order = r#"ruleset("national/order", #{ title: "办法", title_en: "Order", instrument: instrument("示例总局令第1号") });
let order = instrument("示例总局令第1号");
exception("excepted", #{ title: "除外", title_en: "Excepted", cite: order.at("第一条", "应当出示"), holds: fact("sampling.refused") });
obligation("order", #{ title: "出示", title_en: "Shown", bearer: "samplers", unless: ["excepted"],
    cite: order.at("第一条", "应当出示"), must: fact("sampling.noted") });"#;
    let book = load_files(&[
        ("set/notice/ruleset.rhai", notice),
        ("national/order/ruleset.rhai", order),
    ])
    .unwrap();
    let duty = &book.rule_set("set/notice").unwrap().obligations[0];
    let grounds: Vec<&str> = duty.grounds().map(|cited| cited.quote.as_str()).collect();
    assert_eq!(grounds, ["出示通知书"]);
}
