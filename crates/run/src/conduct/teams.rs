//! Who samples and who tests, across cases; and who repeatedly samples where.

use std::collections::{BTreeMap, BTreeSet};

use choucha_core::lang::Text;
use choucha_core::text;

use super::cases::{CaseId, Fact};
use super::conflict::{Conflict, ConflictKind, Grade, Run, mark, marks};
use super::identity::PartyId;
use super::repeats;

/// The cases in which a person samples, and those in which the person tests.
#[derive(Default)]
struct Work {
    sampled: Vec<CaseId>,
    tested: Vec<CaseId>,
}

/// People who both sample and test: their own samples, each other's, or in different cases.
pub(super) fn of_people(run: &Run<'_>, found: &mut Vec<Conflict>) {
    let mut work: BTreeMap<PartyId, Work> = BTreeMap::new();
    // The cases by sampler and tester.
    let mut hands: BTreeMap<(PartyId, PartyId), Vec<CaseId>> = BTreeMap::new();
    for case in run.kept.ids() {
        let (samplers, testers) = (run.samplers(case), run.testers(case));
        for sampler in &samplers {
            work.entry(*sampler).or_default().sampled.push(case);
        }
        for tester in &testers {
            work.entry(*tester).or_default().tested.push(case);
            for sampler in samplers.iter().filter(|sampler| *sampler != tester) {
                hands.entry((*sampler, *tester)).or_default().push(case);
            }
        }
    }
    work.retain(|_, work| !work.sampled.is_empty() && !work.tested.is_empty());
    own_samples(run, &work, found);
    swapped(run, &hands, found);
    for (person, work) in &work {
        apart(run, *person, work, found);
    }
}

/// Samples that a person both took and tested: in one case, or the same sample in another case.
fn own_samples(run: &Run<'_>, work: &BTreeMap<PartyId, Work>, found: &mut Vec<Conflict>) {
    let same = repeats::by_sample(run);
    for (person, work) in work {
        let within: Vec<CaseId> = both(&work.sampled, &work.tested);
        let tested: BTreeSet<CaseId> = work.tested.iter().copied().collect();
        let sampled: BTreeSet<CaseId> = work.sampled.iter().copied().collect();
        let mut across: BTreeSet<CaseId> = BTreeSet::new();
        for cases in same.values().filter(|cases| cases.len() > 1) {
            for a in cases.iter().filter(|case| sampled.contains(case)) {
                for b in cases
                    .iter()
                    .filter(|case| tested.contains(case) && *case != a)
                {
                    across.extend([*a, *b]);
                }
            }
        }
        // A single case is reported by its own audit; several of one person are reported here.
        if within.len() < 2 && across.is_empty() {
            continue;
        }
        let (who, identity) = (Text::same(mark(*person)), run.identity(*person));
        let (n, m) = (within.len(), across.len());
        let mut said = Vec::new();
        if n > 0 {
            said.push(text!(
                "在{n}起案卷中既记载为抽样人员，又记载为检验人员",
                "is on record in {n} cases both as sampler and as tester"
            ));
        }
        if m > 0 {
            said.push(text!(
                "就单位、产品、批号相同的样品，在一起案卷中抽样、在另一起中检验，涉及{m}起案卷",
                "sampled in one case and tested in another what has the same respondent, product and batch, {m} cases in all"
            ));
        }
        let said = said
            .into_iter()
            .reduce(|all, next| text!("{}；{}", "{}; {}"; all, next))
            .unwrap_or_default();
        let statement = text!("{}{}{}", "{} {}{}"; who, said, identity);
        let mut cases: BTreeSet<CaseId> = within.into_iter().collect();
        cases.extend(across);
        let cases: Vec<CaseId> = cases.into_iter().collect();
        found.push(run.conflict(
            ConflictKind::OwnSample,
            Grade::Check,
            vec![*person],
            statement,
            (&cases, &[Fact::Samplers, Fact::Testers]),
        ));
    }
}

/// The elements of both of two ascending lists.
fn both(one: &[CaseId], other: &[CaseId]) -> Vec<CaseId> {
    one.iter()
        .copied()
        .filter(|case| other.binary_search(case).is_ok())
        .collect()
}

/// Pairs of people who test each other's samples.
fn swapped(
    run: &Run<'_>,
    hands: &BTreeMap<(PartyId, PartyId), Vec<CaseId>>,
    found: &mut Vec<Conflict>,
) {
    for ((sampler, tester), there) in hands {
        let Some(back) = hands.get(&(*tester, *sampler)).filter(|_| sampler < tester) else {
            continue;
        };
        // If both did both in one case, they have not swapped.
        let only = |cases: &[CaseId], others: &[CaseId]| -> Vec<CaseId> {
            let apart = cases
                .iter()
                .filter(|case| others.binary_search(case).is_err());
            apart.copied().collect()
        };
        let (there, back) = (only(there, back), only(back, there));
        if there.is_empty() || back.is_empty() {
            continue;
        }
        let (one, other) = (Text::same(mark(*sampler)), Text::same(mark(*tester)));
        let (n, m) = (there.len(), back.len());
        let statement = text!(
            "{}抽样、{}检验的有{n}起案卷，{}抽样、{}检验的有{m}起案卷",
            "{} sampled and {} tested in {n} cases; {} sampled and {} tested in {m}";
            one, other, other, one
        );
        let remarks = [run.identity(*sampler), run.identity(*tester)];
        let statement = remarks
            .iter()
            .fold(statement, |all, remark| text!("{}{}", "{}{}"; all, remark));
        let mut cases = there;
        cases.extend(back);
        cases.sort_unstable();
        found.push(run.conflict(
            ConflictKind::SwappedTeams,
            Grade::Check,
            vec![*sampler, *tester],
            statement,
            (&cases, &[Fact::Samplers, Fact::Testers]),
        ));
    }
}

/// A person who samples in some cases and tests in others.
fn apart(run: &Run<'_>, person: PartyId, work: &Work, found: &mut Vec<Conflict>) {
    let together = both(&work.sampled, &work.tested).len();
    let (sampled, tested) = (work.sampled.len(), work.tested.len());
    if together == sampled || together == tested {
        return;
    }
    let (who, identity) = (Text::same(mark(person)), run.identity(person));
    let both = match together {
        0 => Text::default(),
        _ => text!(
            "，其中两者兼有的{together}起",
            "; in {together} of them as both"
        ),
    };
    let statement = text!(
        "{}在{sampled}起案卷中记载为抽样人员，在{tested}起案卷中记载为检验人员{}{}",
        "{} is on record as a sampler in {sampled} cases and as a tester in {tested}{}{}";
        who, both, identity
    );
    let mut cases: Vec<CaseId> = work.sampled.iter().chain(&work.tested).copied().collect();
    cases.sort_unstable();
    cases.dedup();
    found.push(run.conflict(
        ConflictKind::SamplesAndTests,
        Grade::Know,
        vec![person],
        statement,
        (&cases, &[Fact::Samplers, Fact::Testers]),
    ));
}

/// Respondents where the same two people sampled on every recorded day of sampling.
pub(super) fn fixed_pairs(run: &Run<'_>, found: &mut Vec<Conflict>) {
    let mut visits: BTreeMap<PartyId, Vec<CaseId>> = BTreeMap::new();
    let mut sampled: BTreeMap<PartyId, usize> = BTreeMap::new();
    for case in run.kept.ids().filter(|case| !run.kept.is_online(*case)) {
        let samplers = run.samplers(case);
        if samplers.is_empty() {
            continue;
        }
        for sampler in samplers {
            *sampled.entry(sampler).or_default() += 1;
        }
        if let (Some(respondent), Some(_)) = (run.respondent(case), run.kept.day(case)) {
            visits.entry(respondent).or_default().push(case);
        }
    }
    for (respondent, cases) in visits {
        let mut days: Vec<_> = cases
            .iter()
            .filter_map(|case| run.kept.day(*case))
            .collect();
        days.sort_unstable();
        days.dedup();
        if days.len() < run.parameters.visits {
            continue;
        }
        let mut always: Option<Vec<PartyId>> = None;
        for case in &cases {
            let samplers = run.samplers(*case);
            match &mut always {
                None => always = Some(samplers),
                Some(always) => always.retain(|sampler| samplers.contains(sampler)),
            }
        }
        let Some(always) = always.filter(|always| always.len() >= 2) else {
            continue;
        };
        let (who, whom) = (marks(&always), Text::same(mark(respondent)));
        let (n, on) = (cases.len(), days.len());
        let totals: Vec<Text> = always
            .iter()
            .map(|sampler| {
                let name = Text::same(mark(*sampler));
                let all = sampled.get(sampler).copied().unwrap_or(0);
                text!("{}共{all}起", "{} {all} in all"; name)
            })
            .collect();
        let totals = totals
            .into_iter()
            .reduce(|all, next| text!("{}、{}", "{}, {}"; all, next))
            .unwrap_or_default();
        let statement = text!(
            "{}的{n}起现场抽样（{on}天）均由{}抽样；本次审查的案卷中，现场抽样{}",
            "all {n} on-site samplings at {} (on {on} days) were by {}; on-site samplings in this run: {}";
            whom, who, totals
        );
        let statement = always.iter().fold(
            statement,
            |all, sampler| text!("{}{}", "{}{}"; all, run.identity(*sampler)),
        );
        let mut parties = always.clone();
        parties.push(respondent);
        found.push(run.conflict(
            ConflictKind::FixedPair,
            Grade::Know,
            parties,
            statement,
            (&cases, &[Fact::Samplers, Fact::SampledOn, Fact::Respondent]),
        ));
    }
}
