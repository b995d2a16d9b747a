//! The facts that several cases show together, on each side of every threshold; and the table loses no duty.

use std::fmt::Write;

use crate::support::{options, world};
use choucha::audit::{Detail, Outcome, Tally};
use choucha::conduct::{Book, By, ConflictKind, Counter, Extractor, Grade, Parameters, Subject};
use choucha::ingest;
use choucha::record::Record;
use proptest::prelude::*;

/// One case per line, `fact=value;fact=value`: a fact not given is the same in every case, except the case number.
fn cases(lines: &[&str]) -> Vec<Record> {
    let vocabulary = world().vocabulary();
    (1..)
        .zip(lines)
        .map(|(number, line)| {
            let mut groups = vec![("case", format!("  number: 示例{number}\n"))];
            for fact in line.split(';').filter(|fact| !fact.is_empty()) {
                let (path, value) = fact.split_once('=').expect("fact=value");
                let (group, code) = path.split_once('.').expect("a group and a fact");
                let written = format!("  {code}: {value}\n");
                match groups.iter_mut().find(|(known, _)| *known == group) {
                    Some((_, facts)) => facts.push_str(&written),
                    None => groups.push((group, written)),
                }
            }
            let text = groups
                .iter()
                .fold(String::new(), |mut text, (group, facts)| {
                    let _ = write!(text, "{group}:\n{facts}");
                    text
                });
            let decoded = ingest::read("cases.yaml", text.clone().into_bytes(), None, vocabulary);
            assert!(
                !choucha::diagnostic::has_errors(&decoded.diagnostics),
                "{text}{:#?}",
                decoded.diagnostics
            );
            decoded.record.expect("a record")
        })
        .collect()
}

fn counted(extractor: &Extractor, records: &[Record]) -> Book {
    let mut counter = Counter::default();
    let options = options(Some("2024-06-28"), false);
    for record in records {
        let auditor = &world().auditor;
        let settled = auditor.settle(record, &options);
        let audit = auditor.audit_settled(record, &settled, &options, Detail::Brief);
        counter.add(&extractor.extract(auditor, record, &settled, &audit));
    }
    counter.finish(Parameters::default())
}

/// The conflicts of the cases: their kind, grade, and number of cases.
fn shown(lines: &[&str]) -> Vec<(ConflictKind, Grade, usize)> {
    let extractor = Extractor::people(world().vocabulary());
    let book = counted(&extractor, &cases(lines));
    book.conflicts
        .iter()
        .map(|conflict| (conflict.kind, conflict.grade, conflict.count))
        .collect()
}

const DAY: &str = "sampling.sampled_on=2024-03-05;sampling.samplers=[甲某, 乙某]";

fn at(place: &str) -> String {
    format!("{DAY};{place}")
}

#[test]
fn one_sampler_in_two_cities_on_a_day_is_shown_and_in_two_counties_not_yet() {
    let one_city = |counties: &[&str]| -> Vec<(ConflictKind, Grade, usize)> {
        let lines: Vec<String> = counties
            .iter()
            .map(|county| at(&format!("respondent.city=甲市;respondent.county={county}")))
            .collect();
        shown(&lines.iter().map(String::as_str).collect::<Vec<_>>())
    };
    let places = |grade, cases| vec![(ConflictKind::SameDayPlaces, grade, cases); 2];
    assert_eq!(one_city(&["子县", "丑县"]), []);
    assert_eq!(one_city(&["子县", "丑县", "寅县"]), places(Grade::Know, 3));
    // A name that the other begins with is the same place.
    assert_eq!(one_city(&["子县", "丑县", "丑"]), []);
    let (here, there) = (at("respondent.city=甲市"), at("respondent.city=乙市"));
    assert_eq!(shown(&[&here, &there]), places(Grade::Check, 2));
    // Nobody goes anywhere to buy online, and another day leaves time for the journey.
    let online = at("respondent.city=乙市;sampling.channel=online");
    assert_eq!(shown(&[&here, &online]), []);
    let next_day = there.replace("03-05", "03-06");
    assert_eq!(shown(&[&here, &next_day]), []);
}

#[test]
fn who_samples_and_tests_is_shown_by_how_the_cases_relate() {
    let team = |samplers: &str, testers: &str| {
        format!("sampling.samplers=[{samplers}];testing.testers=[{testers}]")
    };
    let apart = team("甲某", "乙某");
    // The audit of a case deals with what one case shows.
    assert_eq!(shown(&[&team("甲某", "甲某")]), []);
    assert_eq!(shown(&[&apart, &apart]), []);
    let own = team("甲某", "甲某");
    assert_eq!(
        shown(&[&own, &own]),
        [(ConflictKind::OwnSample, Grade::Check, 2)]
    );
    let swapped = shown(&[&apart, &team("乙某", "甲某")]);
    assert_eq!(
        swapped,
        [
            (ConflictKind::SwappedTeams, Grade::Check, 2),
            (ConflictKind::SamplesAndTests, Grade::Know, 2),
            (ConflictKind::SamplesAndTests, Grade::Know, 2),
        ]
    );
    let once_each = shown(&[&apart, &team("丙某", "甲某")]);
    assert_eq!(once_each, [(ConflictKind::SamplesAndTests, Grade::Know, 2)]);
    // The sample of one case tested in another: the same respondent, product and batch.
    let sample = "respondent.name=示例商店;product.name=示例产品;product.batch=示例批号";
    let across = [
        format!("{};{sample}", team("甲某", "乙某")),
        format!("{};{sample}", team("丙某", "甲某")),
    ];
    assert_eq!(
        shown(&[&across[0], &across[1]]),
        [
            (ConflictKind::OwnSample, Grade::Check, 2),
            (ConflictKind::SameSample, Grade::Check, 2),
            (ConflictKind::SamplesAndTests, Grade::Know, 2),
        ]
    );
}

#[test]
fn a_pair_is_fixed_from_the_third_day_on_and_only_if_both_are_always_there() {
    let visit = |day: &str, samplers: &str| {
        format!("sampling.sampled_on={day};sampling.samplers=[{samplers}];respondent.name=示例商店")
    };
    let pair = "甲某, 乙某";
    let days = ["2024-03-05", "2024-04-05", "2024-05-06"];
    let visits: Vec<String> = days.iter().map(|day| visit(day, pair)).collect();
    let of = |visits: &[String]| shown(&visits.iter().map(String::as_str).collect::<Vec<_>>());
    assert_eq!(of(&visits), [(ConflictKind::FixedPair, Grade::Know, 3)]);
    assert_eq!(of(&visits[..2]), []);
    // Three cases on two days are two visits.
    assert_eq!(
        of(&[visits[0].clone(), visits[0].clone(), visits[1].clone()]),
        []
    );
    let other = visit(days[2], "甲某, 丙某");
    assert_eq!(of(&[visits[0].clone(), visits[1].clone(), other]), []);
}

#[test]
fn one_sample_and_one_report_belong_to_one_case() {
    let sample = "respondent.name=示例商店;product.name=示例产品;product.batch=示例批号";
    let models = |a: &str, b: &str| {
        let of = |model: &str| match model {
            "" => sample.to_owned(),
            model => format!("{sample};product.model={model}"),
        };
        shown(&[&of(a), &of(b)])
    };
    let same = [(ConflictKind::SameSample, Grade::Check, 2)];
    assert_eq!(models("", ""), same);
    assert_eq!(models("型号一", "型号一"), same);
    assert_eq!(models("型号一", ""), same);
    assert_eq!(models("型号一", "型号二"), []);
    let report = "report.number=示例报告1";
    assert_eq!(
        shown(&[report, report, "report.number=示例报告2"]),
        [(ConflictKind::SameReport, Grade::Check, 2)]
    );
}

#[test]
fn prices_are_shown_from_two_above_the_mark_and_ten_totals_on() {
    let bought = |marked: &str, paid: &str| {
        format!(
            "respondent.name=示例商店;purchase.marked_price={marked};purchase.paid_price={paid}"
        )
    };
    let above = bought("100.00", "120.00");
    let marked = bought("100.00", "100.00");
    assert_eq!(shown(&[&above, &marked]), []);
    assert_eq!(
        shown(&[&above, &marked, &above]),
        [(ConflictKind::PaidAboveMarked, Grade::Check, 2)]
    );
    let price = |paid: &str| {
        format!(
            "sampling.sampled_on=2024-03-05;respondent.name=示例商店;product.name=示例产品;purchase.paid_price={paid}"
        )
    };
    assert_eq!(shown(&[&price("99.00"), &price("99.00")]), []);
    assert_eq!(
        shown(&[&price("99.00"), &price("98.00")]),
        [(ConflictKind::UnlikePrices, Grade::Know, 2)]
    );
    // Eight of ten are round: four fifths. Seven of ten, or eight of nine, are not enough.
    let totals = |round: usize, other: usize| {
        let of = |total: &str| format!("case.sampling_agency=示例机构;purchase.paid_total={total}");
        let mut lines = vec![of("300.00"); round];
        lines.extend(vec![of("299.00"); other]);
        shown(&lines.iter().map(String::as_str).collect::<Vec<_>>())
    };
    assert_eq!(totals(8, 2), [(ConflictKind::RoundTotals, Grade::Know, 8)]);
    assert_eq!(totals(7, 3), []);
    assert_eq!(totals(8, 1), []);
}

fn value(of: &'static str, values: &'static [&'static str]) -> impl Strategy<Value = String> {
    prop::sample::select(values).prop_map(move |value| match value {
        "" => String::new(),
        value => format!("{of}={value};"),
    })
}

/// Cases with much, little or nothing on record.
fn any_case() -> impl Strategy<Value = String> {
    (
        value("sampling.samplers", &["", "无", "[甲某]", "[甲某, 乙某]"]),
        value("testing.testers", &["", "[甲某]", "[丙某, 丙某]"]),
        value("case.inspection_agency", &["", "示例机构"]),
        value("respondent.name", &["", "示例商店", "示例工厂"]),
        value("respondent.city", &["", "甲市", "乙市"]),
        value("sampling.sampled_on", &["", "2024-03-05"]),
    )
        .prop_map(|(a, b, c, d, e, f)| format!("{a}{b}{c}{d}{e}{f}"))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_rows_of_every_table_sum_up_to_the_audits_of_the_cases(
        lines in prop::collection::vec(any_case(), 1..6),
    ) {
        let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
        let records = cases(&lines);
        let options = options(Some("2024-06-28"), false);
        let mut audited = Tally::default();
        for record in &records {
            audited += world().auditor.audit(record, &options).tally();
        }
        for by in By::ALL {
            let book = counted(&Extractor::table(by, world().vocabulary()), &records);
            prop_assert_eq!(book.audited, records.len());
            let mut owed = 0;
            for row in &book.rows {
                owed += row.account.owed();
                prop_assert!(row.account.cases <= book.audited, "{:?}", row.subject);
                prop_assert!(row.account.cases_broken <= row.account.cases, "{:?}", row.subject);
            }
            prop_assert_eq!(owed, book.total.owed() + book.shared, "{}", by.code());
            for outcome in Outcome::ALL.into_iter().filter(|it| *it != Outcome::NotApplicable) {
                prop_assert_eq!(book.total.count(outcome), audited[outcome], "{} {}", by.code(), outcome.code());
            }
            // No row occurs twice.
            let mut subjects: Vec<&Subject> = book.rows.iter().map(|row| &row.subject).collect();
            subjects.sort();
            subjects.dedup();
            prop_assert_eq!(subjects.len(), book.rows.len());
        }
    }

    #[test]
    fn the_order_of_the_cases_changes_no_row(
        lines in prop::collection::vec(any_case(), 2..6),
        turn in any::<prop::sample::Index>(),
    ) {
        let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
        let mut records = cases(&lines);
        let extractor = Extractor::table(By::Person, world().vocabulary());
        let rows = |records: &[Record]| {
            let book = counted(&extractor, records);
            let names = |subject: &Subject| match subject {
                Subject::Party(id, role) => {
                    let known = book.parties.get(*id).map(|known| known.name.clone());
                    format!("{known:?} {role:?}")
                }
                other => format!("{other:?}"),
            };
            let mut rows: Vec<String> = book
                .rows
                .iter()
                .map(|row| format!("{} {:?}", names(&row.subject), row.account))
                .collect();
            rows.sort();
            rows
        };
        let before = rows(&records);
        let by = turn.index(records.len());
        records.rotate_left(by);
        prop_assert_eq!(rows(&records), before);
    }
}
