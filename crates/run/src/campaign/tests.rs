//! Cases gathered and audited together, under rules small enough to read here.

use std::sync::Arc;

use super::*;
use choucha_core::value::Day;
use choucha_intake::ingest;
use choucha_rules::rulebook::RuleFolder;

fn engine() -> Engine {
    Engine::load(&RuleFolder::embedded()).unwrap()
}

fn record(engine: &Engine, name: &str, text: &str) -> Record {
    let decoded = ingest::read(name, text.as_bytes().to_vec(), None, engine.vocabulary());
    assert_eq!(decoded.diagnostics, []);
    decoded.record.unwrap()
}

fn case(number: &str, respondent: &str, product: &str) -> String {
    format!(
        "{{case: {{number: {number}}}, respondent: {{name: {respondent}, premises: shop}}, \
         product: {{name: {product}}}, sampling: {{outcome: completed, sampled_on: 2024-01-15}}}}"
    )
}

fn store(engine: &Engine, cases: &[String]) -> CaseStore {
    let projector = Projector::new(engine.vocabulary()).unwrap();
    let mut store = CaseStore::new();
    for (at, text) in (1..).zip(cases) {
        let record = record(engine, &format!("case-{at}.yaml"), text);
        let settled = record.settle(engine.vocabulary(), false);
        store.add(&projector.project(&record, &settled)).unwrap();
    }
    store
}

fn gathered(engine: &Engine, code: &str, cases: &[String]) -> Vec<(String, Vec<u32>)> {
    let scope = Scope::Gathered(code.split('+').map(str::to_owned).collect());
    let store = store(engine, cases);
    let gathered = gather::by(&scope, engine.vocabulary(), &store, None).unwrap();
    groups(&gathered, &store)
}

fn groups(gathered: &gather::Gathered<'_>, store: &CaseStore) -> Vec<(String, Vec<u32>)> {
    let groups = gathered.groups(store).map(Result::unwrap);
    groups
        .map(|group| (group.key.shown(), group.entries))
        .collect()
}

fn options() -> Options {
    Options {
        as_of: Day::from_ymd(2024, 5, 30),
        today: Day::from_ymd(2024, 5, 30).unwrap(),
        assume_complete: false,
        all: false,
        timeline: false,
        traces: true,
    }
}

#[test]
fn cases_are_gathered_in_the_order_of_their_first_whatever_the_spacing_of_names() {
    let engine = engine();
    let cases = [
        case("甲1", "示例乙店", "电火锅"),
        case("甲2", "示例甲店", "转换器"),
        case("甲3", "示例 乙店", "转换器"),
    ];
    assert_eq!(
        gathered(&engine, "respondent", &cases),
        [
            ("示例乙店".to_owned(), vec![0, 2]),
            ("示例甲店".to_owned(), vec![1]),
        ]
    );
    assert_eq!(gathered(&engine, "respondent+product", &cases).len(), 3);
}

#[test]
fn namesakes_with_different_identifiers_stay_apart_and_one_without_joins_the_only_one() {
    let engine = engine();
    let with = |samplers: &str| format!("{{sampling: {{samplers: {samplers}}}}}");
    let two = [
        with("[{name: 某甲, id: '01'}]"),
        with("[{name: 某甲, id: '02'}]"),
    ];
    assert_eq!(gathered(&engine, "person", &two).len(), 2);
    let one = [with("[{name: 某甲, id: '01'}]"), with("[某甲]")];
    assert_eq!(
        gathered(&engine, "person", &one),
        [("某甲".to_owned(), vec![0, 1])]
    );
    let unclear = [two[0].clone(), two[1].clone(), with("[某甲]")];
    assert_eq!(gathered(&engine, "person", &unclear).len(), 3);
}

#[test]
fn a_case_that_does_not_say_is_left_out_and_counted() {
    let engine = engine();
    let cases = [
        case("甲1", "示例甲店", "电火锅"),
        "{case: {number: 甲2}}".to_owned(),
    ];
    let store = store(&engine, &cases);
    let scope = Scope::Gathered(vec!["respondent".to_owned()]);
    let gathered = gather::by(&scope, engine.vocabulary(), &store, None).unwrap();
    assert_eq!((gathered.groups(&store).count(), gathered.left_out), (1, 1));
}

#[test]
fn a_product_goes_by_the_name_the_plan_gives_it_and_one_nobody_sampled_is_a_group_too() {
    let engine = engine();
    let plan = record(
        &engine,
        "plan.yaml",
        "plan: [{product: 电火锅, aliases: [电热火锅], batches: 2}, {product: 玩具（包含彩泥）, batches: 1}]",
    );
    let plan = Plan::of(plan, engine.vocabulary()).unwrap();
    let cases = [
        case("甲1", "示例甲店", "电热火锅"),
        case("甲2", "示例甲店", "电火锅"),
        case("甲3", "示例甲店", "计划外产品"),
    ];
    let store = store(&engine, &cases);
    let scope = Scope::Gathered(vec!["product".to_owned()]);
    let found = gather::by(&scope, engine.vocabulary(), &store, Some(&plan)).unwrap();
    assert_eq!(
        groups(&found, &store),
        [
            ("电火锅".to_owned(), vec![0, 1]),
            ("计划外产品".to_owned(), vec![2]),
            ("玩具（包含彩泥）".to_owned(), vec![]),
        ]
    );
}

#[test]
fn a_violation_across_cases_names_them_and_points_into_their_files() {
    let engine = engine();
    let cases: Vec<String> = (1..=3)
        .map(|n| case(&format!("甲{n}"), "示例甲店", "电火锅"))
        .collect();
    let set = engine.rulebook().rule_set("shanxi/2024-batch-1").unwrap();
    let store = store(&engine, &cases);
    let audit = audit(
        &engine,
        set,
        &store,
        Campaign::default(),
        &options(),
        &mut |_| {},
    )
    .unwrap();
    let group = audit
        .shown()
        .find(|group| group.scope.code() == "respondent")
        .unwrap();
    assert_eq!(group.key.zh, "示例甲店");
    let numbers: Vec<Option<&str>> = group.cases.iter().map(|c| c.number.as_deref()).collect();
    assert_eq!(numbers, [Some("甲1"), Some("甲2"), Some("甲3")]);
    let finding = group
        .audit
        .findings
        .iter()
        .find(|finding| finding.outcome == Outcome::Violated)
        .unwrap();
    let at: Vec<String> = finding
        .evidence
        .iter()
        .filter_map(|evidence| Some(evidence.origin.span()?.to_string()))
        .collect();
    assert!(
        at.iter().any(|at| at.starts_with("case-3.yaml:1:")),
        "{at:?}"
    );
    assert_eq!(audit.outcome(), Outcome::Violated);
}

#[test]
fn what_is_kept_of_a_case_comes_back_the_same_also_from_disk() {
    let engine = engine();
    let text = "{complete: true, case: {number: 甲1}, sampling: {samplers: [{name: 某甲, id: '7', employer: 示例机构}, 某乙]}}";
    let record = record(&engine, "a.yaml", text);
    let settled = record.settle(engine.vocabulary(), false);
    let projector = Projector::new(engine.vocabulary()).unwrap();
    let projection = projector.project(&record, &settled);
    let mut store = CaseStore::new();
    let times = 40_000;
    for _ in 0..times {
        store.add(&projection).unwrap();
    }
    let rows = store.rows(&[0, times - 1]).unwrap();
    assert_eq!(rows[0], rows[1]);
    let samplers = rows[0]
        .facts
        .iter()
        .find_map(|kept| match kept.value.clone().value() {
            Value::List(items) => Some(items),
            _ => None,
        })
        .unwrap();
    assert_eq!(samplers.len(), 2);
    // The silence of a complete dossier is known; facts an open one does not state are not stored.
    assert!(
        rows[0]
            .facts
            .iter()
            .any(|kept| kept.value == flat::Flat::None)
    );
    let mut seen = 0;
    store
        .each(|_, entry| seen += usize::from(*entry == rows[0]))
        .unwrap();
    assert_eq!(seen, times as usize);
    drop(Arc::new(store));
}

#[test]
fn a_complete_campaign_says_nothing_of_what_its_cases_leave_open() {
    let engine = engine();
    let open = "{case: {number: 甲1}, respondent: {name: 示例甲店}, product: {name: 电火锅}}";
    let cases: Vec<String> = vec![open.to_owned(); 3];
    let campaign = record(
        &engine,
        "campaign.yaml",
        "{complete: true, campaign: {ruleset: shanxi/2024-batch-1}}",
    );
    let set = engine.rulebook().rule_set("shanxi/2024-batch-1").unwrap();
    let store = store(&engine, &cases);
    let campaign = Campaign {
        record: Some(&campaign),
        ..Campaign::default()
    };
    let audit = audit(&engine, set, &store, campaign, &options(), &mut |_| {}).unwrap();
    let finding = audit
        .shown()
        .filter(|group| group.scope.code() == "respondent")
        .flat_map(|group| &group.audit.findings)
        .find(|finding| finding.obligation.0 == "batches.at-most-two-per-respondent")
        .unwrap();
    assert_eq!(finding.outcome, Outcome::Undetermined);
}

#[test]
fn where_every_case_is_compared_with_every_other_fewer_are_laid_out_side_by_side() {
    let engine = engine();
    let set = engine.rulebook().rule_set("national/order-18").unwrap();
    let most = |code: &str| {
        let scope = Scope::Gathered(code.split('+').map(str::to_owned).collect());
        most_together(&engine.auditor_across(set, &scope).unwrap())
    };
    assert_eq!(most("producer+model"), MAX_COMPARED);
    let set = engine.rulebook().rule_set("shanxi/2024-batch-1").unwrap();
    let scope = Scope::Gathered(vec!["respondent".to_owned()]);
    let auditor = engine.auditor_across(set, &scope).unwrap();
    assert_eq!(most_together(&auditor), MAX_TOGETHER);
}

#[test]
fn a_product_of_the_plan_that_no_case_has_is_not_kept_and_counts_nowhere() {
    let engine = engine();
    let set = engine.rulebook().rule_set("shanxi/2024-batch-1").unwrap();
    let plan = Plan::load(&RuleFolder::embedded(), &set.id, engine.vocabulary()).unwrap();
    let cases = ["{case: {number: 甲1}}".to_owned()];
    let store = store(&engine, &cases);
    let campaign = Campaign {
        plan: plan.as_ref(),
        ..Campaign::default()
    };
    let found = audit(&engine, set, &store, campaign, &options(), &mut |_| ()).unwrap();
    let product = |scope: &&ScopeAudit| scope.scope == Scope::Gathered(vec!["product".to_owned()]);
    let scope = found.scopes.iter().find(product).unwrap();
    assert_eq!(scope.groups, 0);
    let satisfied = |tally: &DutyTally| tally.outcomes[Outcome::Satisfied];
    assert_eq!(scope.tallies.iter().map(satisfied).sum::<usize>(), 0);
}

/// Compares the counts of a campaign with the outcomes of its groups: every count comes from a group, and none is
/// counted twice.
fn counts_are_of_outcomes(
    engine: &Engine,
    set: &RuleSet,
    cases: &[String],
    campaign: Campaign<'_>,
) {
    let store = store(engine, cases);
    for all in [true, false] {
        let options = Options { all, ..options() };
        let mut heeded = Tally::default();
        let visit = &mut |judged: &Judged<'_>| {
            heeded += judged.outcomes.iter().copied().collect::<Tally>();
        };
        let found = audit(engine, set, &store, campaign, &options, visit).unwrap();
        for group in found.shown() {
            let audit = &group.audit;
            assert_eq!(audit.duties.len(), audit.outcomes.len());
            assert_eq!(audit.tally().total(), audit.outcomes.len());
            for finding in &audit.findings {
                let is = |duty: &Duty| duty.obligation == finding.obligation;
                let at = audit.duties.iter().position(is).unwrap();
                assert_eq!(
                    audit.outcomes[at], finding.outcome,
                    "{}",
                    finding.obligation
                );
            }
            let shown: Tally = audit.findings.iter().map(|it| it.outcome).collect();
            for (outcome, n) in audit
                .tally()
                .iter()
                .filter(|(it, _)| all || !it.is_settled())
            {
                assert_eq!(shown[outcome], n, "{} {outcome:?}", group.key.zh);
            }
        }
        // Not applicable outcomes are counted only for groups whose cases were examined.
        let owed = |tally: Tally| {
            tally
                .iter()
                .filter(|(it, _)| *it != Outcome::NotApplicable)
                .collect::<Vec<_>>()
        };
        assert_eq!(owed(found.tally()), owed(heeded));
    }
}

#[test]
fn what_is_counted_of_groups_is_what_came_of_them() {
    let engine = engine();
    let campaign = record(&engine, "campaign.yaml", "{campaign: {name: 示例抽查}}");
    let cases: Vec<String> = [
        ("甲1", "示例甲店", "电火锅"),
        ("甲2", "示例甲店", "电火锅"),
        ("甲3", "示例乙店", "电火锅"),
    ]
    .map(|(number, respondent, product)| case(number, respondent, product))
    .into();
    for set in &engine.rulebook().rule_sets {
        let plan = Plan::load(&RuleFolder::embedded(), &set.id, engine.vocabulary()).unwrap();
        for record in [None, Some(&campaign)] {
            let campaign = Campaign {
                record,
                plan: plan.as_ref(),
                ..Campaign::default()
            };
            for cases in [&cases[..], &cases[..1], &[]] {
                counts_are_of_outcomes(&engine, set, cases, campaign);
            }
        }
    }
}
