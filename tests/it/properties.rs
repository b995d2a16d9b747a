//! Properties that hold for every record, not only for examples.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use crate::support::campaigns::world_of;
use crate::support::naive::Naive;
use crate::support::random::{bare, candidates, known, slots, with};
use crate::support::{Outcomes, World, day, dossiers, options, world};
use choucha::audit::{CaseAudit, Detail, Finding, Outcome, Tally, Verdicts};
use choucha::compare::{Aspect, Said};
use choucha::diff::{Diff, DutyChange, Reach, Side};
use choucha::obligation::{Obligation, Scope};
use choucha::rulebook::RuleFolder;
use choucha::totals::Totals;
use choucha::value::{Day, Row, ShapeId, SlotId, Value};
use proptest::prelude::*;
use proptest::test_runner::RngSeed;

/// The facts of the record itself, with every value worth trying.
static FACTS: LazyLock<Vec<(SlotId, Vec<Value>)>> = LazyLock::new(|| {
    let vocabulary = world().vocabulary();
    slots(vocabulary, ShapeId::ROOT)
        .map(|fact| (fact.slot, candidates(vocabulary, fact)))
        .collect()
});

/// The dossiers of the fixtures, and an empty record.
static BASES: LazyLock<Vec<Row>> = LazyLock::new(|| {
    let blank = Row {
        slots: vec![Value::Unknown; FACTS.len()].into(),
    };
    dossiers()
        .into_iter()
        .map(|(_, record)| record.root().clone())
        .chain([blank])
        .collect()
});

/// Changes to a dossier: a fact, and a choice among the values worth trying.
type Changes = Vec<(prop::sample::Index, prop::sample::Index)>;

/// A dossier of the fixtures with some facts removed and others changed.
#[derive(Debug, Clone)]
struct Case {
    base: prop::sample::Index,
    complete: bool,
    struck: Vec<prop::sample::Index>,
    changes: Changes,
    as_of: i32,
}

fn case(struck: usize, changes: usize) -> impl Strategy<Value = Case> {
    (
        any::<prop::sample::Index>(),
        any::<bool>(),
        prop::collection::vec(any::<prop::sample::Index>(), 0..=struck),
        prop::collection::vec(
            any::<(prop::sample::Index, prop::sample::Index)>(),
            0..=changes,
        ),
        0..600,
    )
        .prop_map(|(base, complete, struck, changes, as_of)| Case {
            base,
            complete,
            struck,
            changes,
            as_of,
        })
}

impl Case {
    fn row(&self) -> Row {
        let declared = if self.complete {
            Value::Bool(true)
        } else {
            Value::Unknown
        };
        let mut row = with(
            self.base.get(&BASES),
            world().vocabulary().reserved().complete,
            declared,
        );
        for slot in &self.struck {
            row.slots[slot.index(FACTS.len())] = Value::Unknown;
        }
        for (slot, value) in &self.changes {
            let (slot, values) = slot.get(&FACTS);
            row.slots[usize::from(slot.0)] = value.get(values).clone();
        }
        row
    }

    fn as_of(&self) -> Day {
        day("2024-01-15") + self.as_of
    }
}

/// A number of cases, the same ones in every run.
fn cases(cases: u32) -> ProptestConfig {
    ProptestConfig {
        cases,
        rng_seed: RngSeed::Fixed(20_240_105),
        failure_persistence: None,
        ..ProptestConfig::default()
    }
}

/// A rule set, with the second audit for it.
struct Twice {
    world: &'static World,
    naive: Naive<'static>,
}

/// Every rule set.
static ALL: LazyLock<Vec<Twice>> = LazyLock::new(|| {
    let ids = RuleFolder::embedded().rule_sets();
    ids.iter().map(|id| twice(&id.0)).collect()
});

fn twice(rule_set: &str) -> Twice {
    let world = world_of(rule_set);
    let engine = world.engine;
    let set = engine.rulebook().rule_set(rule_set).expect("the rule set");
    Twice {
        world,
        naive: Naive::new(engine.vocabulary(), engine.layers(set)),
    }
}

/// Pairs of duties of two rule sets, by their places in [`ALL`] and their ids; the second is claimed to demand at least
/// as much.
static AS_STRICT: LazyLock<Vec<(usize, &'static str, usize, &'static str)>> = LazyLock::new(|| {
    let side = |rules: &'static Twice| {
        let id = &rules.world.ruleset;
        let engine = rules.world.engine;
        let set = engine.rulebook().rule_set(id).expect("the rule set");
        Side {
            layers: engine.layers(set),
            vocabulary: engine.vocabulary(),
        }
    };
    let mut found = Vec::new();
    for (i, before) in ALL.iter().enumerate() {
        for (j, after) in ALL.iter().enumerate() {
            let diff = Diff::of(side(before), side(after), Reach::Effective);
            for entry in diff.entries {
                let as_strict = matches!(
                    entry.kind,
                    DutyChange::Same | DutyChange::Tightened | DutyChange::Reworded
                );
                // A notice's number fills in 及时 (reading 40): it may end later than a person would call prompt.
                let fills_in = entry.changes.iter().any(|change| {
                    let has = |said: &Said, number: bool| match said {
                        Said::Time { limit, .. } => limit.has_no_number() != number,
                        _ => false,
                    };
                    change.aspect == Aspect::Deadline
                        && has(&change.lower, true)
                        && has(&change.higher, false)
                });
                // Duties across cases are judged on no single case.
                let of_case = |duty: &&Obligation| duty.scope == Scope::Case;
                let (a, b) = (entry.before.filter(of_case), entry.after.filter(of_case));
                if let (Some(a), Some(b), true) = (a, b, as_strict && !fills_in) {
                    let id = |world: &'static World, id: &str| world.obligation(id).id.0.as_str();
                    found.push((i, id(before.world, &a.id.0), j, id(after.world, &b.id.0)));
                }
            }
        }
    }
    found
});

/// The outcomes of an open dossier, and whether its facts contradict each other or run backwards.
fn outcomes(row: &Row, as_of: Day) -> (Outcomes, bool) {
    let record = bare(row.clone());
    let settled = world().settle(&record, false);
    let contradicts = !settled.is_consistent();
    (
        world().outcomes(&settled, as_of, &mut Verdicts::default()),
        contradicts,
    )
}

/// The slots that stay unknown after settling.
fn unknown(row: &Row) -> Vec<SlotId> {
    let settled = world().settle(&bare(row.clone()), false);
    FACTS
        .iter()
        .map(|(slot, _)| *slot)
        .filter(|slot| is_open(settled.get(*slot)))
        .collect()
}

/// Whether a record has an act on an unknown day that lies between days in the wrong order.
fn runs_backwards(row: &Row) -> bool {
    let settled = world().settle(&bare(row.clone()), false);
    let vocabulary = world().vocabulary();
    let value = |slot: &SlotId| settled.get(*slot).clone();
    let day = |slot: &SlotId| match value(slot) {
        Value::Day(day) => Some(day),
        _ => None,
    };
    let undated = |chain: &&Vec<SlotId>| chain.iter().any(|slot| value(slot) == Value::Done);
    let closed = day(&vocabulary.reserved().closed_on);
    let one_order = vocabulary.chronology().iter().filter(undated).any(|chain| {
        let days: Vec<Day> = chain.iter().filter_map(day).chain(closed).collect();
        !days.is_sorted()
    });
    // Its predecessor in one order may come after its successor in another.
    let several = || {
        let acts = vocabulary.chronology().iter().filter(undated).flatten();
        let mut acts = acts.filter(|slot| value(slot) == Value::Done);
        acts.any(|act| {
            let around = |after: bool| {
                let chains = vocabulary.chronology().iter();
                chains.filter_map(move |chain| {
                    let (before, from) = chain.split_at(chain.iter().position(|it| it == act)?);
                    Some(if after { from } else { before }.to_vec())
                })
            };
            let first = around(false).flatten().filter_map(|slot| day(&slot)).max();
            let last = around(true)
                .flatten()
                .filter_map(|slot| day(&slot))
                .chain(closed)
                .min();
            first.zip(last).is_some_and(|(first, last)| last < first)
        })
    };
    one_order || several()
}

/// The outcomes that an outcome may turn into when the record says more.
///
/// A decided outcome stays. One for a person stays, or an open part of the duty turns out violated. An undetermined or
/// pending one may become anything.
fn may_become(before: Outcome, after: Outcome) -> bool {
    match before {
        Outcome::Satisfied | Outcome::Violated | Outcome::NotApplicable => after == before,
        Outcome::Review => matches!(after, Outcome::Review | Outcome::Violated),
        _ => true,
    }
}

proptest! {
    #![proptest_config(cases(600))]

    #[test]
    fn a_second_plain_audit_agrees_on_every_outcome(case in case(60, 40), rule_set in any::<prop::sample::Index>()) {
        let rules: &'static Twice = rule_set.get(&ALL);
        let row = case.row();
        let settled = rules.world.settle(&bare(row.clone()), false);
        let outcomes = rules.world.outcomes(&settled, case.as_of(), &mut Verdicts::default());
        let naive = rules.naive.audit(&row, false, case.as_of());
        prop_assert_eq!(outcomes.len(), naive.len());
        for (id, outcome) in outcomes {
            prop_assert_eq!(outcome, naive[id], "{}", id);
        }
    }
}

/// What a run counts of an audit.
fn totals(audit: &CaseAudit) -> String {
    let mut totals = Totals::new(false);
    totals.add(audit);
    let by_outcome = (totals.cases, totals.findings);
    let (duties, bodies) = (totals.duties(), totals.bodies());
    format!(
        "{by_outcome:?} {duties:#?} {bodies:#?} {:#?} {:#?}",
        totals.papers(),
        totals.gaps()
    )
}

proptest! {
    #![proptest_config(cases(400))]

    #[test]
    fn a_run_adds_up_the_same_whether_words_are_made_or_not(case in case(60, 40), rule_set in any::<prop::sample::Index>()) {
        let rules: &'static Twice = rule_set.get(&ALL);
        let record = bare(case.row());
        let auditor = &rules.world.auditor;
        let options = options(Some(&case.as_of().to_string()), false);
        let settled = auditor.settle(&record, &options);
        let full = auditor.audit_settled(&record, &settled, &options, Detail::Findings);
        let counted = auditor.audit_settled(&record, &settled, &options, Detail::Counted);
        prop_assert_eq!(&full.outcomes, &counted.outcomes);
        prop_assert_eq!(full.outcomes.len(), full.duties.len());
        let shown: Tally = full.findings.iter().map(|finding| finding.outcome).collect();
        for (outcome, n) in full.tally().iter() {
            let among = full.outcomes.iter().filter(|one| **one == outcome).count();
            prop_assert_eq!((full.count(outcome), n), (among, among));
            prop_assert!(outcome.is_settled() || shown[outcome] == n, "{:?}", outcome);
        }
        prop_assert_eq!(full.findings.len(), counted.findings.len());
        prop_assert_eq!(totals(&full), totals(&counted));
        let lasting = |audit: &CaseAudit| format!("{:?} {:?} {:?}", audit.outcome(), audit.idle_waivers, audit.diagnostics);
        prop_assert_eq!(lasting(&full), lasting(&counted));
        prop_assert!(counted.findings.iter().all(|finding| finding.citations.is_empty() && finding.evidence.is_empty()));
    }
}

proptest! {
    #![proptest_config(cases(400))]

    #[test]
    fn a_duty_said_to_demand_as_much_is_breached_wherever_the_other_is(case in case(60, 40)) {
        let row = case.row();
        let outcomes: Vec<Outcomes> = ALL
            .iter()
            .map(|rules| {
                let settled = rules.world.settle(&bare(row.clone()), false);
                rules.world.outcomes(&settled, case.as_of(), &mut Verdicts::default())
            })
            .collect();
        for (i, before, j, after) in &*AS_STRICT {
            let (was, is) = (outcomes[*i][before], outcomes[*j][after]);
            let as_bad = match was {
                Outcome::Violated => is == Outcome::Violated,
                Outcome::Review => {
                    !matches!(is, Outcome::Satisfied | Outcome::NotApplicable | Outcome::Pending)
                }
                // A duty that is met stays met, even where it is open whether it was owed.
                Outcome::Undetermined | Outcome::Errored => is != Outcome::NotApplicable,
                _ => true,
            };
            prop_assert!(as_bad, "{}: {:?}, but {}: {:?}", before, was, after, is);
        }
    }
}

proptest! {
    #![proptest_config(cases(2000))]

    #[test]
    fn learning_a_fact_never_turns_one_decided_outcome_into_another(
        case in case(150, 3).prop_map(|case| Case { complete: false, ..case }),
        learnt in prop::collection::vec(any::<(prop::sample::Index, prop::sample::Index)>(), 1..12),
    ) {
        let vocabulary = world().vocabulary();
        let mut row = case.row();
        let (mut was, _) = outcomes(&row, case.as_of());
        for (slot, value) in learnt {
            let mut open = unknown(&row);
            open.retain(|slot| *slot != vocabulary.reserved().complete);
            if open.is_empty() {
                break;
            }
            let slot = *slot.get(&open);
            let value = value.get(&FACTS[usize::from(slot.0)].1).clone();
            // An act that was done has a day, and cannot become not done.
            if row.slots[usize::from(slot.0)] == Value::Done && matches!(value, Value::Unknown | Value::None) {
                continue;
            }
            let more = with(&row, slot, value);
            // Days in the wrong order bound no other day.
            if runs_backwards(&more) {
                continue;
            }
            let (is, contradicts) = outcomes(&more, case.as_of());
            // A record that contradicts itself is reported as such; adding to it is no added knowledge.
            if contradicts {
                continue;
            }
            let path = &vocabulary.fact_in(ShapeId::ROOT, slot).path;
            for (id, before) in was {
                prop_assert!(may_become(before, is[id]), "{id}: {before:?} became {:?} by learning {path}", is[id]);
            }
            (row, was) = (more, is);
        }
    }
}

proptest! {
    #![proptest_config(cases(60))]

    #[test]
    fn what_is_undetermined_names_the_facts_that_decide_it(
        case in case(80, 10).prop_map(|case| Case { complete: false, ..case }),
        choices in prop::collection::vec(any::<prop::sample::Index>(), 16),
    ) {
        let mut row = case.row();
        let mut choices = choices.iter().cycle();
        let as_of = case.as_of().to_string();
        loop {
            let audit = world().audit_undated(&bare(row.clone()), Some(&as_of), false);
            let mut missing = BTreeSet::new();
            for finding in &audit.findings {
                if finding.outcome == Outcome::Undetermined && !is_outside_the_calendar(finding) {
                    prop_assert!(!finding.missing.is_empty(), "{} lacks nothing: {}", finding.obligation, finding.because.zh);
                    missing.extend(finding.missing.iter().map(|missing| missing.fact.clone()));
                }
            }
            if missing.is_empty() {
                break;
            }
            for path in missing {
                prop_assert!(fill(&mut row, &path, choices.next().expect("cycled")), "{path} is missing, yet known");
            }
        }
    }
}

/// A date beyond the calendar's years leaves a finding open whatever else is known.
fn is_outside_the_calendar(finding: &Finding) -> bool {
    // Of the two days the time may run from, one may lie within the calendar: its due date is shown.
    let beyond = |because: &str| because.contains("日历");
    beyond(&finding.because.zh) || finding.parts.iter().any(|part| beyond(&part.because.zh))
}

/// Whether the value, or the day of a done act, is unknown.
fn is_open(value: &Value) -> bool {
    matches!(value, Value::Unknown | Value::Done)
}

/// Fills in an unknown fact of the record or of a row; false if it was known.
fn fill(row: &mut Row, path: &str, choice: &prop::sample::Index) -> bool {
    let vocabulary = world().vocabulary();
    let (list, rest) = path.split_once('[').unwrap_or((path, ""));
    let fact = world().fact(list);
    let at = usize::from(fact.slot.0);
    if rest.is_empty() {
        let values = known(vocabulary, &fact.ty);
        let was_unknown = is_open(&row.slots[at]);
        row.slots[at] = choice.get(&values).clone();
        return was_unknown;
    }
    let (position, field) = rest.split_once("].").expect("a field of a row");
    let field = world().fact(&format!("{list}[].{field}"));
    let Value::Rows(rows) = &row.slots[at] else {
        return false;
    };
    let mut rows = rows.to_vec();
    let place = &mut rows[position.parse::<usize>().expect("a position") - 1].slots
        [usize::from(field.slot.0)];
    let was_unknown = is_open(place);
    *place = choice.get(&known(vocabulary, &field.ty)).clone();
    row.slots[at] = Value::Rows(rows.into());
    was_unknown
}
