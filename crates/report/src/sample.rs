//! A constructed audit with every outcome, for the tests of the reports. All names are fictitious.

use std::sync::Arc;

use choucha_core::audit::{
    AsOf, CaseAudit, Completeness, Due, Duty, Event, Evidence, Finding, Missing, Outcome,
    PartFinding, Progress, Subject, Unread, Waiver,
};
use choucha_core::diagnostic::{Code, Diagnostic};
use choucha_core::expr::{Trace, TraceValue};
use choucha_core::lang::Text;
use choucha_core::obligation::{Citation, Id, RuleSetId, Scope, Severity};
use choucha_core::source::{Origin, Source, Span};
use choucha_core::truth::Truth;
use choucha_core::value::{Day, Party};
use choucha_run::campaign::{CaseRef, GroupAudit};

const DOSSIER: &str = "案卷:
  编号: 示例-2024-001
抽样:
  抽样日期: 2024-01-22
  抽样人员: [某甲, 某乙]
  出示授权书: 否
检验报告:
  出具日期: 2024-03-01
  检验结论: 不合格
  报送省局:
    寄出日期: 2024-03-12   # \u{1b}[31m备注\u{202e}
购样:
  标价: 199.00
  实付: 150.00
";

const SCRIPT: &str = "obligation(\"…\", #{});\n";

pub(super) fn day(text: &str) -> Day {
    Day::parse(text).unwrap()
}

fn span(source: &Arc<Source>, words: &str) -> Span {
    let at = source.text().find(words).unwrap();
    Span::new(source, at..at + words.len())
}

fn citation(script: &Arc<Source>, section: &str, quote: &str) -> Citation {
    Citation {
        instrument: "晋市监发〔2024〕3号".into(),
        section: section.into(),
        quote: quote.into(),
        at: Span::new(script, 0..10),
    }
}

/// The text and places of the sample record.
pub(super) struct Sample {
    pub(super) dossier: Arc<Source>,
    pub(super) script: Arc<Source>,
}

impl Sample {
    pub(super) fn new() -> Self {
        Sample {
            dossier: Source::new("fixtures/示例.yaml", DOSSIER),
            script: Source::new("rules/shanxi/2024-batch-1/2-2-testing.rhai", SCRIPT),
        }
    }

    pub(super) fn finding(&self, id: &str, title: Text, outcome: Outcome) -> Finding {
        Finding {
            obligation: Id(id.into()),
            ruleset: RuleSetId("shanxi/2024-batch-1".into()),
            title,
            outcome,
            severity: Severity::Major,
            bearer: "inspection_agency".into(),
            bearer_label: Text::new("检验机构", "Inspection agency"),
            because: Text::default(),
            parts: vec![],
            due: None,
            evidence: vec![],
            missing: vec![],
            whatever: vec![],
            one_short: false,
            readings: vec![],
            note: Text::default(),
            citations: vec![citation(
                &self.script,
                "二、（二）",
                "将检验不合格报告在报告出具后7日内寄送至省局质量监管处",
            )],
            responsible: vec![Party::named("示例检测中心")],
            lapsed: false,
            root_cause: None,
            relieved_by: None,
            waiver: None,
            traces: vec![],
            declared: Span::new(&self.script, 0..10),
        }
    }

    fn evidence(&self, fact: &str, zh: &str, en: &str, value: &str) -> Evidence {
        Evidence {
            fact: fact.into(),
            title: Text::new(zh, en),
            value: value.into(),
            shown: Text::same(value),
            origin: Origin::Text(span(&self.dossier, value)),
            personal: false,
        }
    }
}

pub(super) fn gap(fact: &str, zh: &str, en: &str, form: Option<(&str, &str)>) -> Missing {
    Missing {
        fact: fact.into(),
        title: Text::new(zh, en),
        form: form.map(|(zh, en)| Text::new(zh, en)),
        place: 0,
    }
}

fn due(on: &str, from: &str, act: Option<&str>, late: i32) -> Due {
    Due {
        on: day(on),
        from: Some(day(from)),
        earliest: None,
        otherwise: None,
        rule: Text::new(
            "自次日起算7日（起算日不计入）",
            "7 calendar days, starting day excluded",
        ),
        count: vec![
            Text::new("第1日 2024-03-02", "day 1: 2024-03-02"),
            Text::new("第7日 2024-03-08（星期五）", "day 7: 2024-03-08 (Friday)"),
        ],
        act: act.map(day),
        late_days: late,
        is_reminder: false,
        progress: match (act, late) {
            (None, _) => Progress::DueNext,
            (_, 0) => Progress::Done,
            _ => Progress::Late,
        },
        in_workdays: false,
        other: None,
    }
}

fn mailed_late(sample: &Sample) -> Finding {
    Finding {
        because: Text::new(
            "不合格检验报告于2024-03-12寄出，期限为2024-03-08，逾期4日。",
            "The failed report was mailed on 2024-03-12; it was due on 2024-03-08, 4 days earlier.",
        ),
        due: Some(due("2024-03-08", "2024-03-01", Some("2024-03-12"), 4)),
        evidence: vec![
            sample.evidence(
                "report.to_province.posted_on",
                "检验报告·报送省局·寄出日期",
                "Test report · Sent to the provincial bureau · Posted on",
                "2024-03-12",
            ),
            sample.evidence(
                "report.issued_on",
                "检验报告·报告出具日期",
                "Test report · Issued on",
                "2024-03-01",
            ),
            Evidence {
                value: "fail".into(),
                shown: Text::new("不合格", "Fail"),
                ..sample.evidence(
                    "report.conclusion",
                    "检验报告·检验结论",
                    "Test report · Conclusion",
                    "不合格",
                )
            },
        ],
        note: Text::new(
            "“7日内”含第7日；邮寄以寄出之日为准。",
            "“Within 7 days” includes the 7th; mailing counts on the day of posting.",
        ),
        traces: vec![Trace {
            text: Text::new("检验结论是不合格", "the conclusion is Fail"),
            value: TraceValue::Truth(Truth::True),
            facts: vec!["report.conclusion".into()],
            children: vec![
                Trace {
                    text: Text::new("检验报告·检验结论", "Test report · Conclusion"),
                    value: TraceValue::Value(Text::new("不合格", "Fail")),
                    facts: vec!["report.conclusion".into()],
                    children: vec![],
                },
                Trace {
                    text: Text::new("报告已审批", "the report was approved"),
                    value: TraceValue::Truth(Truth::Unknown),
                    facts: vec![],
                    children: vec![],
                },
            ],
        }],
        ..sample.finding(
            "report.failed.mail-to-province",
            Text::new(
                "不合格检验报告7日内寄送省局",
                "Failed report mailed to the province within 7 days",
            ),
            Outcome::Violated,
        )
    }
}

fn documents_not_shown(sample: &Sample) -> Finding {
    let part = |code: &str, zh: &str, en: &str, outcome, because: Text| PartFinding {
        code: code.into(),
        title: Text::new(zh, en),
        outcome,
        because,
        due: None,
        trace: None,
    };
    Finding {
        severity: Severity::Critical,
        bearer: "samplers".into(),
        bearer_label: Text::new("抽样人员", "Samplers"),
        responsible: vec![
            Party::named("某甲"),
            Party {
                id: Some("示例02".into()),
                ..Party::named("某乙")
            },
        ],
        because: Text::new(
            "应出示的文件未全部出示：授权书。",
            "Not every document was shown: the authorisation.",
        ),
        parts: vec![
            part(
                "notice",
                "抽查通知书",
                "Notice",
                Outcome::Satisfied,
                Text::default(),
            ),
            part(
                "authorisation",
                "授权书",
                "Authorisation",
                Outcome::Violated,
                Text::new("案卷载明未出示", "the record says it was not shown"),
            ),
        ],
        evidence: vec![
            Evidence {
                value: "false".into(),
                shown: Text::new("否", "no"),
                ..sample.evidence(
                    "sampling.authorisation_shown",
                    "抽样·出示授权书",
                    "Sampling · Authorisation shown",
                    "否",
                )
            },
            Evidence {
                origin: Origin::Inferred {
                    from: "sampling.sampled_on".into(),
                    span: Some(span(&sample.dossier, "2024-01-22")),
                },
                value: "true".into(),
                shown: Text::new("是", "yes"),
                ..sample.evidence(
                    "sampling.held",
                    "抽样·已进行",
                    "Sampling · Held",
                    "2024-01-22",
                )
            },
        ],
        citations: vec![citation(
            &sample.script,
            "二、（一）",
            "抽样人员应当出示抽查通知书、授权书和身份证件",
        )],
        ..sample.finding(
            "sampling.documents-shown",
            Text::new(
                "抽样人员出示通知书、授权书和证件",
                "Samplers show notice, authorisation and identification",
            ),
            Outcome::Violated,
        )
    }
}

fn others(sample: &Sample) -> Vec<Finding> {
    vec![
        Finding {
            root_cause: Some(Id("report.failed.mail-to-province".into())),
            severity: Severity::Minor,
            because: Text::new(
                "省局未收到报告，复检期限无从起算。",
                "The province had no report, so no retest could be set.",
            ),
            ..sample.finding(
                "objection.retest-arranged",
                Text::new("安排复检", "Retest arranged"),
                Outcome::Violated,
            )
        },
        Finding {
            because: Text::new("日历数据不含该年度。", "The calendar has no such year."),
            ..sample.finding(
                "ecqs.entered",
                Text::new("录入e-CQS系统", "Entered in e-CQS"),
                Outcome::Errored,
            )
        },
        Finding {
            because: Text::new("两种读法结论不同。", "Two lawful readings differ."),
            readings: vec![
                Text::new(
                    "按《民法典》第203条顺延，到期日为2024-03-11。",
                    "Under the Civil Code, art. 203, it rolls over to 2024-03-11.",
                ),
                Text::new(
                    "按第18号令第55条不顺延，到期日为2024-03-08。",
                    "Under Order 18, art. 55, it does not.",
                ),
            ],
            due: Some(Due {
                otherwise: Some(day("2024-03-11")),
                ..due("2024-03-08", "2024-03-01", Some("2024-03-10"), 2)
            }),
            ..sample.finding(
                "report.copies",
                Text::new("报告份数", "Copies of the report"),
                Outcome::Review,
            )
        },
        Finding {
            because: Text::new("送达日期未载明。", "The day of service is not recorded."),
            missing: vec![gap(
                "report.served_on",
                "检验报告·送达日期",
                "Test report · Served on",
                Some(("送达回证", "Proof of service")),
            )],
            ..sample.finding(
                "report.served",
                Text::new("报告送达受检单位", "Report served"),
                Outcome::Undetermined,
            )
        },
        Finding {
            because: Text::new(
                "尚未办理，期限为2024-06-08。",
                "Not done yet; due 2024-06-08.",
            ),
            due: Some(due("2024-06-08", "2024-06-01", None, 0)),
            evidence: vec![Evidence {
                origin: Origin::Complete,
                shown: Text::new("无", "none"),
                ..sample.evidence(
                    "disposal.closed_on",
                    "处理·结案日期",
                    "Disposal · Closed on",
                    "2024-03-12",
                )
            }],
            ..sample.finding(
                "disposal.closed",
                Text::new("后处理结案", "Disposal closed"),
                Outcome::Pending,
            )
        },
        Finding {
            waiver: Some(Waiver {
                obligation: "sampling.photos".into(),
                approver: "某丙".into(),
                reason: "涉密场所不得拍照".into(),
                from: Some(day("2024-01-01")),
                until: None,
                span: None,
            }),
            ..sample.finding(
                "sampling.photos",
                Text::new("现场拍照", "Photographs on site"),
                Outcome::Waived,
            )
        },
        Finding {
            because: Text::new("抽样人员2人。", "Two samplers."),
            ..sample.finding(
                "sampling.at-least-two",
                Text::new("抽样人员不少于2人", "At least two samplers"),
                Outcome::Satisfied,
            )
        },
        Finding {
            because: Text::new("未在网上抽样。", "Not sampled online."),
            ..sample.finding(
                "sampling.online",
                Text::new("网络抽样记录", "Record of online sampling"),
                Outcome::NotApplicable,
            )
        },
    ]
}

/// The obligations that the findings are on.
pub(super) fn duties(findings: &[Finding]) -> Arc<[Duty]> {
    let duty = |finding: &Finding| Duty {
        obligation: finding.obligation.clone(),
        ruleset: finding.ruleset.clone(),
        title: finding.title.clone(),
        severity: finding.severity,
    };
    findings.iter().map(duty).collect()
}

/// One finding with every outcome, a consequence under its root, a timeline, an idle waiver, a problem of the record.
pub(super) fn audit() -> CaseAudit {
    let sample = Sample::new();
    let mut findings = vec![mailed_late(&sample), documents_not_shown(&sample)];
    findings.extend(others(&sample));
    let event = |id: &str, zh: &str, en: &str, due: Due, progress| Event {
        obligation: Id(id.into()),
        title: Text::new(zh, en),
        due,
        progress,
        outcome: match progress {
            Progress::Late | Progress::Overdue => Outcome::Violated,
            Progress::DueNext => Outcome::Pending,
            _ => Outcome::Satisfied,
        },
    };
    CaseAudit {
        causes: Vec::new(),
        case: "示例-2024-001".into(),
        subject: Subject {
            respondent: Some("示例商行".into()),
            product: Some("电热水壶".into()),
            county: Some("示例县".into()),
            sampling_agency: Some("示例检测中心".into()),
            inspection_agency: Some("示例检测中心".into()),
            sampled_on: Some(day("2024-01-22")),
            reported_on: Some(day("2024-03-01")),
        },
        ruleset: RuleSetId("shanxi/2024-batch-1".into()),
        ruleset_title: Text::new(
            "山西省2024年第一批产品质量省级监督抽查",
            "Shanxi's first batch of 2024",
        ),
        ruleset_chosen_because: None,
        source: Arc::clone(&sample.dossier),
        as_of: day("2024-05-30"),
        as_of_from: AsOf::Closed,
        completeness: Completeness::Open,
        duties: duties(&findings),
        outcomes: findings.iter().map(|finding| finding.outcome).collect(),
        findings,
        timeline: vec![
            event(
                "ecqs.sampling",
                "抽样信息录入e-CQS系统",
                "Sampling entered in e-CQS",
                due("2024-01-23", "2024-01-22", Some("2024-01-23"), 0),
                Progress::Done,
            ),
            event(
                "report.failed.mail-to-province",
                "不合格检验报告7日内寄送省局",
                "Failed report mailed to the province within 7 days",
                due("2024-03-08", "2024-03-01", Some("2024-03-12"), 4),
                Progress::Late,
            ),
            event(
                "report.served",
                "报告送达",
                "Report served",
                due("2024-03-09", "2024-03-01", None, 0),
                Progress::Unproven,
            ),
            event(
                "objection.retest",
                "安排复检",
                "Retest arranged",
                due("2024-04-09", "2024-03-01", None, 0),
                Progress::Overdue,
            ),
            event(
                "disposal.closed",
                "后处理结案",
                "Disposal closed",
                due("2024-06-08", "2024-06-01", None, 0),
                Progress::DueNext,
            ),
        ],
        idle_waivers: vec![Waiver {
            obligation: "sampling.seal".into(),
            approver: "某丁".into(),
            reason: "示例".into(),
            from: Some(day("2023-01-01")),
            until: Some(day("2023-12-31")),
            span: None,
        }],
        unread: vec![Unread {
            fact: "respondent.phone".into(),
            title: Text::new("被抽样单位·电话", "Respondent: Telephone"),
            span: None,
        }],
        diagnostics: vec![
            Diagnostic::new(
                Code::RecordBackwards,
                Text::new("实付低于标价", "paid less than the marked price"),
            )
            .label(span(&sample.dossier, "150.00"), Text::new("实付", "paid")),
        ],
    }
}

/// The same for a respondent with two cases.
pub(super) fn group() -> GroupAudit {
    let cases = ["示例-1", "示例-2"].map(|number| CaseRef {
        number: Some(number.to_owned()),
        place: "案卷.yaml".to_owned(),
    });
    GroupAudit {
        scope: Scope::Gathered(vec!["respondent".into()]),
        label: Text::new("被抽样单位", "Respondent"),
        key: Text::same("示例商行"),
        audit: audit(),
        cases: cases.to_vec(),
    }
}

/// A sparse dossier, mostly undetermined.
pub(super) fn thin() -> CaseAudit {
    let sample = Sample::new();
    let date = || {
        gap(
            "sampling.sampled_on",
            "抽样·抽样日期",
            "Sampling · Sampled on",
            Some(("抽样单", "Sampling sheet")),
        )
    };
    let people = || {
        gap(
            "sampling.samplers",
            "抽样·抽样人员",
            "Sampling · Samplers",
            Some(("抽样单", "Sampling sheet")),
        )
    };
    let seal = || gap("sample.sealed", "样品·已封样", "Sample · Sealed", None);
    let undetermined = |n: usize, missing: Vec<Missing>| Finding {
        missing,
        because: Text::new("所需事实未载明。", "A fact it needs is not recorded."),
        ..sample.finding(
            &format!("duty-{n}"),
            Text::new(format!("第{n}项义务"), format!("Duty {n}")),
            Outcome::Undetermined,
        )
    };
    let mut late = undetermined(7, vec![date()]);
    late.due = Some(due("2024-03-08", "2024-03-01", None, 0));
    let findings = vec![
        undetermined(1, vec![seal()]),
        undetermined(2, vec![date(), people()]),
        undetermined(3, vec![people(), date()]),
        undetermined(4, vec![date(), people(), date()]),
        undetermined(5, vec![people()]),
        undetermined(6, vec![]),
        late,
    ];
    CaseAudit {
        duties: duties(&findings),
        outcomes: findings.iter().map(|finding| finding.outcome).collect(),
        findings,
        timeline: vec![],
        idle_waivers: vec![],
        unread: vec![],
        causes: Vec::new(),
        diagnostics: vec![],
        ..audit()
    }
}
