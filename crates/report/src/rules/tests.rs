use super::*;
use crate::json::{RULES_SCHEMA, RulesDocument};
use choucha_core::diagnostic::Style;
use choucha_core::lang::Lang;
use choucha_core::layout;
use choucha_core::source::Source;
use choucha_core::value::Day;

fn span() -> Span {
    let script = Source::new(
        "rules/shanxi/2024-batch-1/2-2-report.rhai",
        "\nobligation(…)",
    );
    Span::new(&script, 1..8)
}

fn citation(section: &str, quote: &str) -> Citation {
    Citation {
        instrument: "晋市监发〔2024〕3号".into(),
        section: section.into(),
        quote: quote.into(),
        at: span(),
    }
}

fn set() -> RuleSet {
    RuleSet {
        id: RuleSetId("shanxi/2024-batch-1".into()),
        title: Text::new(
            "山西省2024年第一批产品质量省级监督抽查",
            "Shanxi's first batch of 2024",
        ),
        instrument: "晋市监发〔2024〕3号".into(),
        includes: vec![RuleSetId("national/order-18".into())],
        from: Day::parse("2024-01-05"),
        until: None,
        region: Some("山西省".into()),
        organiser: None,
        products: vec![],
        schedule: None,
        stages: vec![],
        exceptions: vec![],
        obligations: vec![],
        across: vec![],
        at: span(),
    }
}

fn node(id: &str, zh: &str, en: &str) -> Named {
    Named {
        id: Id(id.into()),
        title: Text::new(zh, en),
    }
}

fn duty(id: &str, zh: &str, en: &str, section: &str) -> Duty {
    Duty {
        ruleset: RuleSetId("shanxi/2024-batch-1".into()),
        id: Id(id.into()),
        scope: Scope::Case,
        title: Text::new(zh, en),
        bearer: "inspection_agency".into(),
        bearer_label: Text::new("检验机构", "Inspection agency"),
        severity: Severity::Major,
        citations: vec![citation(
            section,
            "将检验不合格报告在报告出具后7日内寄送至省局质量监管处",
        )],
        when: None,
        demands: vec![Demand {
            part: None,
            when: None,
            words: DemandWords::Must(Text::new(
                "检验报告·签名人数不少于3",
                "signatures are at least 3",
            )),
            citation: None,
        }],
        facts: vec![],
        responsible: vec![],
        after: vec![],
        triggers: vec![],
        unless: vec![],
        remedies: None,
        follows: Vec::new(),
        excuses: false,
        lapses: false,
        followed_by: vec![],
        review: vec![],
        refines: None,
        note: Text::default(),
        at: span(),
    }
}

fn mailed() -> Duty {
    Duty {
        when: Some(Text::new(
            "检验报告·检验结论为“不合格”",
            "Test report · Conclusion is “Fail”",
        )),
        demands: vec![Demand {
            part: None,
            when: None,
            words: DemandWords::Deadline(DeadlineWords {
                act: Text::new(
                    "检验报告·报送省局·寄出日期",
                    "Test report · Sent to the province · Posted on",
                ),
                since: Some(Text::new(
                    "检验报告·报告出具日期",
                    "Test report · Issued on",
                )),
                or_since: None,
                follows: false,
                limit: Limit::Days(7),
            }),
            citation: None,
        }],
        facts: vec![
            FactRead {
                path: "report.conclusion".into(),
                title: Text::new("检验报告·检验结论", "Test report · Conclusion"),
                form: Some(Text::new("检验报告", "Test report")),
            },
            FactRead {
                path: "report.to_province.posted_on".into(),
                title: Text::new(
                    "检验报告·报送省局·寄出日期",
                    "Test report · Sent to the province · Posted on",
                ),
                form: Some(Text::new("邮寄凭证", "Proof of posting")),
            },
            FactRead {
                path: "report.issued_on".into(),
                title: Text::new("检验报告·报告出具日期", "Test report · Issued on"),
                form: None,
            },
        ],
        responsible: vec![Text::new("检验机构·名称", "Inspection agency · Name")],
        after: vec![node("report.issue", "出具检验报告", "Report issued")],
        unless: vec![node(
            "report.handed-over",
            "当面送交",
            "Handed over in person",
        )],
        followed_by: vec![node("objection.retest", "安排复检", "Retest arranged")],
        review: vec![(
            Text::new("寄出方式为“其他”", "it was sent some other way"),
            Text::new(
                "由人工判断是否视为寄送",
                "a person judges whether that is mailing",
            ),
        )],
        note: Text::new(
            "邮寄以寄出之日为准。",
            "Mailing counts on the day of posting.",
        ),
        ..duty(
            "report.failed.mail-to-province",
            "不合格检验报告7日内寄送省局",
            "Failed report mailed to the province within 7 days",
            "二、（二）",
        )
    }
}

fn documents() -> Duty {
    let part = |code: &str, zh: &str, en: &str, words| Demand {
        part: Some((code.into(), Text::new(zh, en))),
        when: None,
        words,
        citation: None,
    };
    let parts = vec![
        part(
            "notice",
            "抽查通知书",
            "Notice",
            DemandWords::Must(Text::new("已出示", "shown")),
        ),
        Demand {
            when: Some(Text::new("委托抽样", "sampling was delegated")),
            citation: Some(citation("二、（一）", "并出示授权书")),
            ..part(
                "authorisation",
                "授权书",
                "Authorisation",
                DemandWords::MustNot(Text::new("未出示", "not shown")),
            )
        },
        part(
            "entry",
            "录入",
            "Entry",
            DemandWords::Deadline(DeadlineWords {
                act: Text::new("录入日期", "Entered on"),
                since: None,
                or_since: None,
                follows: false,
                limit: Limit::By(Day::parse("2024-04-05").unwrap()),
            }),
        ),
    ];
    Duty {
        severity: Severity::Critical,
        demands: parts,
        remedies: Some(node("sampling.signed", "签字确认", "Signed")),
        follows: Vec::new(),
        excuses: true,
        lapses: false,
        ..duty(
            "sampling.documents-shown",
            "抽样人员出示文件",
            "Samplers show documents",
            "二、（一）",
        )
    }
}

fn sets(set: &RuleSet) -> [(&RuleSet, Vec<Duty>); 1] {
    let long = duty(
        "sampling.online.sealed-in-front-of-the-respondent-and-photographed",
        "网络抽样的样品应当在收到后拆封查验并重新封样，全过程拍照录像",
        "Samples bought online are opened, checked and sealed again, and all of it is photographed",
        "二、（一）",
    );
    [(set, vec![documents(), long, mailed()])]
}

fn style(lang: Lang, width: usize) -> Style {
    Style {
        lang,
        color: false,
        width,
    }
}

#[test]
fn the_list_groups_obligations_by_section() {
    let set = set();
    insta::assert_snapshot!("list_zh_80", render_list(&sets(&set), style(Lang::Zh, 80)));
    insta::assert_snapshot!(
        "list_en_120",
        render_list(&sets(&set), style(Lang::En, 120))
    );
}

#[test]
fn an_obligation_is_explained_in_words() {
    insta::assert_snapshot!("mailed_zh_80", render_duty(&mailed(), style(Lang::Zh, 80)));
    insta::assert_snapshot!(
        "documents_en_90",
        render_duty(&documents(), style(Lang::En, 90))
    );
}

#[test]
fn no_line_is_wider_than_the_terminal() {
    let set = set();
    for width in 40..130 {
        for lang in [Lang::Zh, Lang::En] {
            let style = style(lang, width);
            let mut text = render_list(&sets(&set), style);
            text += &render_duty(&mailed(), style);
            text += &render_duty(&documents(), style);
            for line in text.lines() {
                assert!(layout::width(line) <= width, "{width}: {line}");
            }
        }
    }
}

#[test]
fn the_json_is_what_the_published_schema_says_and_the_schema_is_strict() {
    let schema: serde_json::Value = serde_json::from_str(RULES_SCHEMA).unwrap();
    let validator = jsonschema::draft202012::new(&schema).unwrap();
    let set = set();
    for lang in [Lang::Zh, Lang::En] {
        let text = RulesDocument::new(&sets(&set), lang).to_text().unwrap();
        let good: serde_json::Value = serde_json::from_str(&text).unwrap();
        let errors: Vec<String> = validator
            .iter_errors(&good)
            .map(|e| format!("{} at {}", e, e.instance_path()))
            .collect();
        assert!(errors.is_empty(), "{errors:#?}");
        for pointer in [
            "",
            "/rulesets/0",
            "/obligations/0",
            "/obligations/0/demands/1",
            "/obligations/0/demands/1/citation",
            "/obligations/2/deadline",
            "/obligations/2/review/0",
        ] {
            let mut open = good.clone();
            let object = open.pointer_mut(pointer).unwrap().as_object_mut().unwrap();
            object.insert("unheard_of".into(), 1.into());
            assert!(!validator.is_valid(&open), "{pointer}");
            let keys: Vec<String> = good
                .pointer(pointer)
                .unwrap()
                .as_object()
                .unwrap()
                .keys()
                .cloned()
                .collect();
            for key in keys {
                let mut short = good.clone();
                short
                    .pointer_mut(pointer)
                    .unwrap()
                    .as_object_mut()
                    .unwrap()
                    .remove(&key);
                assert!(!validator.is_valid(&short), "{pointer}/{key}");
            }
        }
    }
    let text = RulesDocument::new(&sets(&set), Lang::Zh).to_text().unwrap();
    insta::assert_snapshot!("rules_zh", text);
}
