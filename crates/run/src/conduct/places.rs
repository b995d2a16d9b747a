//! One sampler in several places on one day.
//!
//! The places are those of the respondents. Cases known to be sampled online do not count, since nobody went there. Two
//! places differ only if both names are known and neither begins with the other (`太原` and `太原市` are the same).

use std::collections::BTreeMap;

use choucha_core::lang::Text;
use choucha_core::text;
use choucha_core::value::Day;

use super::cases::{CaseId, Fact};
use super::conflict::{Conflict, ConflictKind, Grade, Run, mark};
use super::identity::PartyId;

/// The least distance between two places, as far as their names show.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Apart {
    County,
    City,
    Province,
}

impl Apart {
    fn label(self) -> Text {
        match self {
            Apart::County => Text::new("县（市、区）", "counties"),
            Apart::City => Text::new("市", "cities"),
            Apart::Province => Text::new("省份", "provinces"),
        }
    }

    fn fact(self) -> Fact {
        match self {
            Apart::County => Fact::County,
            Apart::City => Fact::City,
            Apart::Province => Fact::Province,
        }
    }
}

pub(super) fn same_day(run: &Run<'_>, found: &mut Vec<Conflict>) {
    let mut days: BTreeMap<(PartyId, Day), Vec<CaseId>> = BTreeMap::new();
    for case in run.kept.ids().filter(|case| !run.kept.is_online(*case)) {
        if let Some(day) = run.kept.day(case) {
            for sampler in run.samplers(case) {
                days.entry((sampler, day)).or_default().push(case);
            }
        }
    }
    for ((sampler, day), cases) in days {
        if cases.len() < 2 {
            continue;
        }
        let widest = [Apart::Province, Apart::City, Apart::County]
            .into_iter()
            .map(|apart| (apart, different(run, &cases, apart)))
            .find(|(apart, places)| match apart {
                Apart::County => places.len() >= run.parameters.counties_a_day,
                Apart::City | Apart::Province => places.len() >= 2,
            });
        let Some((apart, places)) = widest else {
            continue;
        };
        let cases: Vec<CaseId> = {
            let mut cases: Vec<CaseId> = places.into_iter().flat_map(|(_, cases)| cases).collect();
            cases.sort_unstable();
            cases
        };
        found.push(conflict(run, sampler, day, apart, &cases));
    }
}

fn conflict(run: &Run<'_>, sampler: PartyId, day: Day, apart: Apart, cases: &[CaseId]) -> Conflict {
    let n = different(run, cases, apart).len();
    let (who, unit, identity) = (
        Text::same(mark(sampler)),
        apart.label(),
        run.identity(sampler),
    );
    let places = places(run, cases);
    let all = cases.len();
    let statement = text!(
        "{}于{day}在{n}个{}的{all}起案卷中记载为抽样人员：{}{}",
        "{} is on record as a sampler on {day} in {n} {}, in {all} cases: {}{}";
        who, unit, places, identity
    );
    let (grade, facts) = match apart {
        Apart::County => (Grade::Know, [Fact::Samplers, Fact::SampledOn, Fact::County]),
        Apart::City | Apart::Province => (
            Grade::Check,
            [Fact::Samplers, Fact::SampledOn, apart.fact()],
        ),
    };
    run.conflict(
        ConflictKind::SameDayPlaces,
        grade,
        vec![sampler],
        statement,
        (cases, &facts),
    )
}

/// The places of these cases that certainly differ, each with its cases.
fn different<'a>(run: &'a Run<'_>, cases: &[CaseId], apart: Apart) -> Vec<(&'a str, Vec<CaseId>)> {
    let mut known: Vec<(&str, Vec<CaseId>)> = Vec::new();
    for case in cases {
        let Some(name) = run.kept.text(*case, apart.fact()) else {
            continue;
        };
        let same = |other: &str| name.starts_with(other) || other.starts_with(name);
        match known.iter_mut().find(|(other, _)| same(other)) {
            Some((_, of)) => of.push(*case),
            None => known.push((name, vec![*case])),
        }
    }
    known
}

/// The places with the number of cases: `晋城市示例区（2起）、大同市示例区（1起）`.
fn places(run: &Run<'_>, cases: &[CaseId]) -> Text {
    let mut known: Vec<(String, usize)> = Vec::new();
    for case in cases {
        let part = |fact| run.kept.text(*case, fact).unwrap_or_default();
        let (city, county) = (part(Fact::City), part(Fact::County));
        let province = if city.is_empty() {
            part(Fact::Province)
        } else {
            ""
        };
        let name = format!("{province}{city}{county}");
        match known.iter_mut().find(|(other, _)| *other == name) {
            Some((_, n)) => *n += 1,
            None => known.push((name, 1)),
        }
    }
    let zh: Vec<String> = known
        .iter()
        .map(|(name, n)| format!("{name}{n}起"))
        .collect();
    let en: Vec<String> = known
        .iter()
        .map(|(name, n)| format!("{name} {n}"))
        .collect();
    Text::new(zh.join("、"), en.join(", "))
}
