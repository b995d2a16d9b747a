use super::*;
use crate::sample::{Sample, audit, thin};
use crate::{CaseSummary, RunSummary};
use choucha_core::audit::{CaseAudit, Outcome};
use choucha_core::layout;
use choucha_run::totals::Totals;

fn options(lang: Lang, width: usize) -> Options {
    Options {
        style: Style {
            lang,
            color: false,
            width,
        },
        all: false,
        explain: false,
    }
}

#[test]
fn a_report_names_the_breach_the_place_the_count_and_the_clause() {
    insta::assert_snapshot!("zh_80", render(&audit(), &options(Lang::Zh, 80)));
    insta::assert_snapshot!("en_100", render(&audit(), &options(Lang::En, 100)));
    let everything = Options {
        all: true,
        explain: true,
        ..options(Lang::Zh, 120)
    };
    insta::assert_snapshot!("zh_120_all_explained", render(&audit(), &everything));
}

#[test]
fn a_thin_dossier_is_reported_which_papers_to_bring() {
    insta::assert_snapshot!("thin_zh_80", render(&thin(), &options(Lang::Zh, 80)));
    insta::assert_snapshot!("thin_en_60", render(&thin(), &options(Lang::En, 60)));
}

#[test]
fn no_line_is_wider_than_the_terminal_and_nothing_raw_is_let_through() {
    for audit in [audit(), thin()] {
        for width in 40..130 {
            for lang in [Lang::Zh, Lang::En] {
                for explain in [false, true] {
                    let options = Options {
                        all: true,
                        explain,
                        ..options(lang, width)
                    };
                    for line in render(&audit, &options).lines() {
                        assert!(layout::width(line) <= width, "{width}: {line}");
                        assert!(!line.chars().any(char::is_control), "{line}");
                    }
                }
            }
        }
    }
}

#[test]
fn colour_adds_nothing_but_colour() {
    let plain = options(Lang::Zh, 80);
    let colored = Options {
        style: Style {
            color: true,
            ..plain.style
        },
        ..plain
    };
    let text = render(&audit(), &colored);
    assert!(text.contains('\u{1b}'));
    assert_eq!(
        anstream::adapter::strip_str(&text).to_string(),
        render(&audit(), &plain)
    );
}

#[test]
fn every_finding_is_shown_once_even_if_roots_go_in_a_circle() {
    let sample = Sample::new();
    let violated = |id: &str, root: Option<&str>| Finding {
        root_cause: root.map(|id| Id(id.into())),
        ..sample.finding(id, Text::same(format!("<{id}>")), Outcome::Violated)
    };
    let audit = CaseAudit {
        findings: vec![
            violated("a", Some("b")),
            violated("b", Some("a")),
            violated("c", Some("c")),
            violated("d", Some("b")),
            violated("e", Some("g")),
            violated("f", Some("e")),
            violated("g", None),
            violated("h", Some("gone")),
        ],
        timeline: vec![],
        ..audit()
    };
    let text = render(&audit, &options(Lang::Zh, 80));
    for id in ["a", "b", "c", "d", "e", "f", "g", "h"] {
        let head = format!("〔较重〕<{id}>");
        assert_eq!(text.matches(&head).count(), 1, "{id}\n{text}");
    }
}

#[test]
fn a_summary_accounts_for_every_dossier() {
    let mut cases = vec![
        CaseSummary::of(&audit()),
        CaseSummary::of(&thin()),
        CaseSummary::unaudited("案卷/坏文件.yaml"),
    ];
    insta::assert_snapshot!(
        "summary_zh_80",
        render_summary(
            &RunSummary::from_iter(cases.clone()),
            &options(Lang::Zh, 80)
        )
    );
    insta::assert_snapshot!(
        "summary_en_60",
        render_summary(
            &RunSummary::from_iter(cases.clone()),
            &options(Lang::En, 60)
        )
    );
    cases[0].case = "很长的案卷编号".repeat(20) + "\u{1b}[2J";
    for width in 40..100 {
        for line in render_summary(
            &RunSummary::from_iter(cases.clone()),
            &options(Lang::Zh, width),
        )
        .lines()
        {
            assert!(layout::width(line) <= width, "{width}: {line}");
            assert!(!line.chars().any(char::is_control), "{line}");
        }
    }
}

fn totals() -> Totals {
    let mut totals = Totals::new(true);
    totals.add(&audit());
    totals.add(&thin());
    totals.add_unaudited("案卷/坏文件.yaml");
    totals.add_problems(&audit().diagnostics);
    totals
}

#[test]
fn the_totals_of_a_run_name_what_weighs_most_with_its_numbers() {
    insta::assert_snapshot!(
        "totals_zh_80",
        render_totals(&totals(), &options(Lang::Zh, 80))
    );
    insta::assert_snapshot!(
        "totals_en_60",
        render_totals(&totals(), &options(Lang::En, 60))
    );
    assert_eq!(
        render_totals(&Totals::new(false), &options(Lang::Zh, 80)),
        ""
    );
}

#[test]
fn the_totals_of_a_long_run_stay_short_and_within_the_terminal() {
    let mut totals = Totals::new(false);
    for n in 0..2_000 {
        let mut audit = audit();
        for (at, finding) in audit.findings.iter_mut().enumerate() {
            finding.responsible = vec![choucha_core::value::Party::named(format!(
                "很长的单位名称{n}\u{1b}[2J"
            ))];
            finding.bearer = "inspection_agency".into();
            finding.obligation = Id(format!("duty-{n}-{at}"));
        }
        audit.duties = crate::sample::duties(&audit.findings);
        totals.add(&audit);
        totals.add_unaudited(&format!("案卷/坏文件-{n}.yaml"));
    }
    for width in 40..130 {
        for lang in [Lang::Zh, Lang::En] {
            let text = render_totals(&totals, &options(lang, width));
            assert!(
                text.lines().count() < 120,
                "{width}: {}",
                text.lines().count()
            );
            let line = render_line(&CaseSummary::of(&audit()), &options(lang, width));
            let turn = render_turn(&options(lang, width));
            for line in text.lines().chain(line.lines()).chain(turn.lines()) {
                assert!(layout::width(line) <= width, "{width}: {line}");
                assert!(!line.chars().any(char::is_control), "{line}");
            }
        }
    }
}

/// A finding of two parts, one of them not met, both due on one day.
fn same_day(outcome: Outcome) -> CaseAudit {
    let mut audit = audit();
    let mut finding = audit
        .findings
        .iter()
        .find(|finding| {
            finding
                .parts
                .iter()
                .any(|part| part.outcome == Outcome::Violated)
        })
        .cloned()
        .expect("a finding of parts");
    let mut due = audit
        .findings
        .iter()
        .find_map(|finding| finding.due.clone())
        .expect("a due date");
    due.earliest = Some(due.on);
    for part in &mut finding.parts {
        part.due = (part.outcome == Outcome::Violated).then(|| due.clone());
    }
    finding.outcome = outcome;
    audit.findings = vec![finding];
    audit
}

#[test]
fn no_part_accuses_where_the_whole_is_left_to_a_person() {
    for (lang, breach, open) in [
        (Lang::Zh, "授权书：违规", "授权书：不符合"),
        (
            Lang::En,
            "Authorisation: violated",
            "Authorisation: not met",
        ),
    ] {
        let breached = render(&same_day(Outcome::Violated), &options(lang, 100));
        assert!(
            breached.contains(breach) && !breached.contains(open),
            "{breached}"
        );
        let judged = render(&same_day(Outcome::Review), &options(lang, 100));
        assert!(
            judged.contains(open) && !judged.contains(breach),
            "{judged}"
        );
    }
}

#[test]
fn what_is_due_on_one_day_names_it_once() {
    let text = render(&same_day(Outcome::Violated), &options(Lang::Zh, 100));
    assert!(text.contains("期限：2024-03-08，起算日"), "{text}");
    assert!(!text.contains("2024-03-08至"), "{text}");
}
