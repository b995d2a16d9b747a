//! The choice of the rule set for a record that names none.

use crate::support::{engine, files, record};
use choucha::ingest;
use choucha::record::Record;
use choucha::selection::{Choice, FACTS};
use choucha::value::Value;
use choucha::vocabulary::Entry;

const COAL: &str = "shanxi/2021-158-coal";
const DAILY: &str = "shanxi/2021-159-machinery-daily-textile";
const BATCH: &str = "shanxi/2024-batch-1";
const DATONG: &str = "shanxi/datong-2025";

fn decode(yaml: &str) -> Record {
    let decoded = ingest::read(
        "a.yaml",
        yaml.as_bytes().to_vec(),
        None,
        engine().vocabulary(),
    );
    assert!(decoded.diagnostics.is_empty(), "{:#?}", decoded.diagnostics);
    decoded.record.expect("a record")
}

fn without(record: &Record, paths: &[&str]) -> Record {
    let mut root = record.root().clone();
    for path in paths {
        let Some(Entry::Fact(id)) = engine().vocabulary().find(path) else {
            panic!("no fact `{path}`");
        };
        let slot = engine().vocabulary().fact(id).slot;
        root.slots[usize::from(slot.0)] = Value::Unknown;
    }
    Record::new(root, record.source().clone(), record.format())
}

/// The rule sets that remain, and whether one was chosen.
fn left(record: &Record) -> (Vec<String>, bool) {
    match engine().selector().choose(record) {
        Choice::One { set, .. } => (vec![set.id.0.clone()], true),
        Choice::Open(open) => (open.iter().map(|one| one.set.id.0.clone()).collect(), false),
        Choice::None(_) => (Vec::new(), false),
    }
}

fn taken(yaml: &str) -> Option<String> {
    let (mut left, taken) = left(&decode(yaml));
    taken.then(|| left.remove(0))
}

#[test]
fn whatever_facts_are_missing_no_dossier_is_given_rules_of_another_campaign() {
    for set in [COAL, DAILY, BATCH, DATONG] {
        let folder = format!("fixtures/{}", set.replace('/', "-"));
        for path in files(&folder).into_iter().take(5) {
            let record = record(&path);
            // The days after the day of sampling stay: another test covers what they imply about it.
            let facts = &FACTS[..9];
            for mask in 0..1_u32 << facts.len() {
                let gone: Vec<&str> = facts
                    .iter()
                    .enumerate()
                    .filter(|(at, _)| mask & (1 << at) != 0)
                    .map(|(_, fact)| *fact)
                    .collect();
                let (left, taken) = left(&without(&record, &gone));
                assert!(
                    left.iter().any(|id| id == set),
                    "{} without {gone:?}: {left:?}",
                    path.display()
                );
                if mask == 0 {
                    assert!(taken, "{}: {left:?}", path.display());
                }
            }
        }
    }
}

#[test]
fn two_notices_of_one_bureau_and_one_summer_are_told_apart_by_their_products() {
    let with = |facts: &str| {
        format!(
            "case: {{organiser: 山西省市场监督管理局}}\nsampling: {{sampled_on: 2021-08-03, channel: on_site}}\n{facts}"
        )
    };
    let product = |name: &str| taken(&with(&format!("product: {{plan_product: {name}}}")));
    assert_eq!(product("冶金焦炭").as_deref(), Some(COAL));
    assert_eq!(product("纸尿裤（片、垫）").as_deref(), Some(DAILY));
    assert_eq!(product("纸尿裤").as_deref(), Some(DAILY));
    assert_eq!(product("家具"), None);
    // The seller's name for the product decides only where it is the plan's own name.
    let called = |name: &str| taken(&with(&format!("product: {{name: {name}}}")));
    assert_eq!(called("毛巾").as_deref(), Some(DAILY));
    assert_eq!(called("纯棉毛巾"), None);
    let (left, _) = left(&decode(&with("")));
    assert!(left.contains(&COAL.to_owned()) && left.contains(&DAILY.to_owned()));
    let choice = engine().selector();
    let record = decode(&with(""));
    let problem = choice.choose(&record).problem(&choice).expect("a problem");
    let help: Vec<&str> = problem.help.iter().map(|help| help.zh.as_str()).collect();
    assert!(help[0].contains("product.plan_product"), "{help:?}");
    assert!(!help[0].contains("case.organiser"), "{help:?}");
    assert!(help[1].contains("--ruleset"), "{help:?}");
}

#[test]
fn what_is_known_to_contradict_excludes_and_what_is_not_known_does_not() {
    let base = "product: {plan_product: 休闲服装}\ncase: {organiser: 山西省市场监督管理局}\n";
    // Both 159 and the first batch of 2024 name the product.
    let cases: [(&str, Option<&str>); 10] = [
        ("", None),
        ("sampling: {sampled_on: 2021-08-03}", Some(DAILY)),
        ("sampling: {sampled_on: 2024-01-05}", Some(BATCH)),
        // The day before the notice was issued, and the day after all its reports were to be served.
        ("sampling: {sampled_on: 2024-01-04}", None),
        ("sampling: {sampled_on: 2024-04-05}", Some(BATCH)),
        ("sampling: {sampled_on: 2024-04-06}", None),
        // A report is issued after its sample was taken; a draw is held before.
        ("report: {issued_on: 2021-09-01}", Some(DAILY)),
        ("draw: {drawn_on: 2023-12-01}", Some(BATCH)),
        // An online seller may be anywhere.
        (
            "sampling: {sampled_on: 2024-02-01, channel: online}\nrespondent: {province: 浙江省}",
            Some(BATCH),
        ),
        (
            "sampling: {sampled_on: 2024-02-01, channel: on_site}\nrespondent: {province: 浙江省}",
            None,
        ),
    ];
    for (facts, expected) in cases {
        let found = taken(&format!("{base}{facts}"));
        assert_eq!(found.as_deref(), expected, "{facts}");
    }
}

#[test]
fn a_bureau_is_known_by_the_short_forms_of_its_name() {
    let organised = |name: &str| {
        taken(&format!(
            "case: {{organiser: {name}}}\nproduct: {{plan_product: 羽绒服装}}\nsampling: {{sampled_on: 2025-10-09}}"
        ))
    };
    for name in ["大同市市场监督管理局", "大同市市场监管局", "大同市市监局"]
    {
        assert_eq!(organised(name).as_deref(), Some(DATONG), "{name}");
    }
    assert_eq!(organised("太原市市场监督管理局"), None);
    // 市局 names a level, not a bureau: it counts neither for nor against a rule set.
    let (left, _) = left(&decode(
        "case: {organiser: 市局}\nproduct: {plan_product: 羽绒服装}\nsampling: {sampled_on: 2025-10-09}",
    ));
    assert!(left.contains(&DATONG.to_owned()), "{left:?}");
}

#[test]
fn a_campaign_called_by_its_notice_is_taken_although_it_was_not_kept_to() {
    let called = |campaign: &str| {
        taken(&format!(
            "case: {{campaign: '{campaign}'}}\nproduct: {{plan_product: 家具}}\nsampling: {{sampled_on: 2021-11-03}}"
        ))
    };
    assert_eq!(called("晋市监发〔2021〕158号").as_deref(), Some(COAL));
    assert_eq!(called("晋市监发[2021]159号").as_deref(), Some(DAILY));
    assert_eq!(
        called("2021年工业用煤及焦炭产品质量专项监督抽查").as_deref(),
        Some(COAL)
    );
    // A forwarding letter has its own number; a name that several rule sets share identifies none.
    assert_eq!(called("晋市市监办发〔2021〕88号"), None);
    assert_eq!(called("产品质量监督抽查"), None);
    // A campaign named by its number must still fit the days in force.
    assert_eq!(
        taken("case: {campaign: 晋市监发〔2024〕3号}\nsampling: {sampled_on: 2021-11-03}"),
        None
    );
}

#[test]
fn nothing_is_taken_for_want_of_anything_against_it() {
    assert_eq!(taken("{}"), None);
    // Only the day is known, and only one rule set fits it: that does not show that it governs.
    let late = decode("sampling: {sampled_on: 2025-11-10}");
    let (left, taken) = left(&late);
    assert!(left.contains(&DATONG.to_owned()) && !taken, "{left:?}");
}

#[test]
fn where_none_fits_every_one_is_said_why_and_order_18_is_only_offered() {
    let selector = engine().selector();
    let record = decode(
        "case: {organiser: 某某省市场监督管理局}\nsampling: {sampled_on: 2019-08-01, channel: on_site}\n",
    );
    let choice = selector.choose(&record);
    let problem = choice.problem(&selector).expect("a problem");
    assert_eq!(problem.code.code(), "record/no-fitting-rule-set");
    let why: String = problem.why.iter().map(|why| why.zh.as_str()).collect();
    for id in [COAL, DAILY, BATCH, DATONG] {
        assert!(why.contains(id), "{why}");
    }
    assert!(
        why.contains("某某省市场监督管理局") && why.contains("2024-01-05"),
        "{why}"
    );
    let help = &problem.help.last().expect("help").zh;
    assert!(help.contains("--ruleset national/order-18"), "{help}");
}

#[test]
fn a_rule_set_is_named_by_id_title_or_the_number_of_its_notice() {
    let selector = engine().selector();
    let named = |name: &str| selector.named(name).map(|set| set.id.0.as_str());
    assert_eq!(named(BATCH), Some(BATCH));
    assert_eq!(named("山西省2024年第一批产品质量监督抽查"), Some(BATCH));
    assert_eq!(named(" 山西省 2024年第一批产品质量监督抽查"), Some(BATCH));
    assert_eq!(named("晋市监发〔2021〕158号"), Some(COAL));
    assert_eq!(named("山西省2024年"), None);
    let near = |name: &str| selector.nearest(name).map(|set| set.id.0.as_str());
    assert_eq!(near("shanxi/2024-bach-1"), Some(BATCH));
    assert_eq!(near("山西省2024年第一批产品质量监督抽察"), Some(BATCH));
}

#[test]
fn the_dictionary_has_every_fact_a_rule_set_is_chosen_by() {
    for path in FACTS {
        let found = engine().vocabulary().find(path);
        assert!(matches!(found, Some(Entry::Fact(_))), "{path}");
    }
}
