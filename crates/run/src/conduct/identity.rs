//! Decides who is who across cases.
//!
//! Terms: a *mention* is what one case says about a person or an organisation: the name, the identifier if given, and
//! for a person the employer; a *party* is the person or organisation that several mentions are taken to mean.
//!
//! Two mentions with identifiers are one party if and only if the identifiers are equal. A mention without one is
//! joined to others of its name only if there is no doubt which: only one party has the name and no other employer is
//! on record, or exactly one party of the name has the same employer. Mentions that are not joined are listed
//! separately and reported as namesakes; a party joined by name alone is reported as such. Names and identifiers are
//! compared in normal form; nearly equal names are never joined, and each is reported as near the other.

use std::collections::HashMap;

use choucha_core::audit::PartyKind;
use choucha_core::lang::Text;
use choucha_core::text;
use choucha_core::value::Party;
use choucha_core::value::naming::{self, Named, Sameness, near_key, nearly_same, normal, tidy};

/// What one case says about a person or an organisation.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Mention {
    /// Whether it is a person or an organisation.
    pub kind: PartyKind,
    /// The name as shown.
    pub name: Box<str>,
    /// The identifier, if it is known.
    pub id: Option<Box<str>>,
    /// The employer of a person, if it is known.
    pub employer: Option<Box<str>>,
}

impl Mention {
    /// The mention of a party in a record.
    #[must_use]
    pub fn of(party: &Party, kind: PartyKind) -> Mention {
        Mention {
            kind,
            name: tidy(&party.name),
            id: party.id.as_deref().map(tidy).filter(|id| !id.is_empty()),
            employer: party
                .employer
                .as_deref()
                .map(tidy)
                .filter(|employer| !employer.is_empty()),
        }
    }

    fn named_so(&self) -> Named<'_> {
        Named {
            name: &self.name,
            id: self.id.as_deref(),
            employer: self.employer.as_deref(),
        }
    }

    /// Whether both mentions in one case mean the same party.
    fn is_same_in_case(&self, other: &Mention) -> bool {
        if self.kind != other.kind {
            return false;
        }
        naming::sameness(self.named_so(), other.named_so()) == Sameness::Same
    }
}

/// The mentions of one case, each as complete as the case makes it.
#[derive(Debug, Clone, Default)]
pub(super) struct InCase {
    all: Vec<Mention>,
}

impl InCase {
    /// The position of a mention; an earlier mention of the same party is completed by this one.
    pub(super) fn add(&mut self, mention: Mention) -> u16 {
        let known = self
            .all
            .iter()
            .position(|known| known.is_same_in_case(&mention));
        let at = match known {
            Some(at) => {
                if let Some(known) = self.all.get_mut(at) {
                    known.id = known.id.take().or(mention.id);
                    known.employer = known.employer.take().or(mention.employer);
                }
                at
            }
            None => {
                self.all.push(mention);
                self.all.len() - 1
            }
        };
        u16::try_from(at).unwrap_or(u16::MAX)
    }

    pub(super) fn finish(self) -> Vec<Mention> {
        self.all
    }
}

/// The position of a mention among all of a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct MentionId(pub(super) u32);

/// The position of a party among all of a run, in the order of first mention.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PartyId(pub u32);

choucha_core::coded! {
    /// The basis of a party's identity.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
    pub enum Basis {
        /// All mentions have the same identifier.
        Identifier = "identifier", "凭编号认定", "identified by number";
        /// Some mentions have the identifier; the others have the same name, which nobody else on record has.
        IdentifierAndName = "identifier_and_name",
            "凭编号认定，部分案卷只有姓名（名称）", "identified by number; some cases give the name only";
        /// No identifier is known; all mentions have the same name and the same employer.
        NameAndEmployer = "name_and_employer", "凭姓名和单位认定，未载编号", "identified by name and employer, no number on record";
        /// No identifier is known; all mentions have the same name.
        Name = "name", "仅凭姓名（名称）认定，未载编号", "identified by name only, no number on record";
    }
}

/// A person or an organisation of a run.
#[derive(Debug, Clone)]
pub struct Known {
    /// Whether it is a person or an organisation.
    pub kind: PartyKind,
    /// The name of its first mention.
    pub name: Box<str>,
    /// The identifier, if one is on record.
    pub id: Option<Box<str>>,
    /// The employers on record, in the order of first mention.
    pub employers: Vec<Box<str>>,
    /// Other names under the same identifier.
    pub other_names: Vec<Box<str>>,
    /// The basis of its identity.
    pub basis: Basis,
    /// The number of other parties of this run with the same name.
    pub namesakes: usize,
    /// Recorded names that are nearly the same.
    pub near: Vec<Box<str>>,
}

impl Known {
    /// The remark on its identity; `None` if an identifier settles it.
    #[must_use]
    pub fn remark(&self) -> Option<Text> {
        let doubts = self.doubts();
        let basis = (self.basis != Basis::Identifier).then(|| self.basis.label());
        match (doubts, basis) {
            (Some(doubts), Some(basis)) => Some(text!("{}；{}", "{}; {}"; doubts, basis)),
            (doubts, basis) => doubts.or(basis),
        }
    }

    /// What makes its identity doubtful: namesakes, several employers, several names.
    #[must_use]
    pub fn doubts(&self) -> Option<Text> {
        let n = self.namesakes;
        let mut said = Vec::new();
        if n > 0 {
            said.push(text!(
                "另有{n}个同名者：编号或者单位不同，或者不能确定是否同一，分别列出",
                "{n} more of this name, with another number or employer or in doubt: listed apart"
            ));
        }
        if self.employers.len() > 1 {
            said.push(Text::new(
                "记载的单位不止一个",
                "more than one employer on record",
            ));
        }
        if !self.other_names.is_empty() {
            said.push(Text::new(
                "同一编号下有不同姓名或名称",
                "different names under one identifier",
            ));
        }
        if let Some(name) = self.near.first() {
            said.push(text!(
                "与“{name}”的名称相近，是否同一请核实，未合并",
                "nearly the name of “{name}”: check whether they are one; they were not joined"
            ));
        }
        let first = said.first()?.clone();
        Some(
            said.iter()
                .skip(1)
                .fold(first, |all, next| text!("{}；{}", "{}; {}"; all, next)),
        )
    }

    fn knows(&self, name: &str) -> bool {
        naming::is_same(&self.name, name)
            || self
                .other_names
                .iter()
                .any(|other| naming::is_same(other, name))
    }
}

/// The distinct mentions of a run.
#[derive(Debug, Clone, Default)]
pub(super) struct Roster {
    all: Vec<Mention>,
    places: HashMap<Mention, MentionId>,
}

impl Roster {
    pub(super) fn add(&mut self, mention: &Mention) -> MentionId {
        if let Some(id) = self.places.get(mention) {
            return *id;
        }
        let id = MentionId(u32::try_from(self.all.len()).unwrap_or(u32::MAX));
        self.all.push(mention.clone());
        self.places.insert(mention.clone(), id);
        id
    }

    /// Decides which party each mention means.
    pub(super) fn resolve(&self) -> Parties {
        let mut finding = Finding::default();
        for mention in &self.all {
            if let Some(employer) = &mention.employer {
                let known = finding.employers.entry(key(mention)).or_default();
                if !has(known, employer) {
                    known.push(employer.clone());
                }
            }
        }
        let of = self.all.iter().map(|mention| {
            let id = mention.id.as_ref()?;
            Some(finding.with_id(mention, id))
        });
        let of: Vec<Option<usize>> = of.collect();
        // Mentions without identifier are joined after all with one are known; those without employer last.
        let of = finding.join(&self.all, of, |mention| mention.employer.is_some());
        let of = finding.join(&self.all, of, |_| true);
        finding.finish(&self.all, &of)
    }
}

/// The parties of a run, with their mentions.
#[derive(Debug, Clone, Default)]
pub struct Parties {
    all: Vec<Known>,
    of: Vec<PartyId>,
}

impl Parties {
    /// The party with this id.
    #[must_use]
    pub fn get(&self, id: PartyId) -> Option<&Known> {
        self.all.get(id.0 as usize)
    }

    /// Every party with its id, in the order of first mention.
    pub fn iter(&self) -> impl Iterator<Item = (PartyId, &Known)> {
        (0..).map(PartyId).zip(&self.all)
    }

    pub(super) fn of(&self, mention: MentionId) -> PartyId {
        let found = self.of.get(mention.0 as usize).copied();
        found.unwrap_or(PartyId(u32::MAX))
    }
}

/// The most parties with similar-sounding names that are compared with each other.
const MOST_ALIKE: usize = 200;

/// The key of a mention without identifier.
fn key(mention: &Mention) -> (PartyKind, Box<str>) {
    (mention.kind, normal(&mention.name).into())
}

/// Whether an employer is among those known.
fn has(known: &[Box<str>], employer: &str) -> bool {
    known.iter().any(|known| naming::is_same(known, employer))
}

#[derive(Default)]
struct Finding {
    parties: Vec<Known>,
    by_id: HashMap<(PartyKind, Box<str>), usize>,
    by_name: HashMap<(PartyKind, Box<str>), Vec<usize>>,
    /// Every employer recorded with a name.
    employers: HashMap<(PartyKind, Box<str>), Vec<Box<str>>>,
}

impl Finding {
    fn with_id(&mut self, mention: &Mention, id: &str) -> usize {
        let key = (mention.kind, normal(id).into());
        let at = match self.by_id.get(&key) {
            Some(at) => *at,
            None => {
                let at = self.open(mention, Basis::Identifier);
                self.by_id.insert(key, at);
                at
            }
        };
        if let Some(party) = self.parties.get_mut(at)
            && !party.knows(&mention.name)
        {
            party.other_names.push(mention.name.clone());
            self.by_name.entry(self::key(mention)).or_default().push(at);
        }
        self.employed(at, mention);
        at
    }

    /// Joins the unsettled mentions that `asked` accepts.
    fn join(
        &mut self,
        all: &[Mention],
        of: Vec<Option<usize>>,
        asked: impl Fn(&Mention) -> bool,
    ) -> Vec<Option<usize>> {
        // Candidates are the parties known before: joining one mention does not affect the next.
        let before: Vec<Vec<Box<str>>> = self.parties.iter().map(|p| p.employers.clone()).collect();
        let joined = all.iter().zip(of).map(|(mention, known)| {
            if known.is_some() || !asked(mention) {
                return known;
            }
            let name = key(mention);
            let namesakes = self.by_name.get(&name).map_or(&[][..], Vec::as_slice);
            let exact = namesakes.iter().copied().find(|at| {
                self.parties.get(*at).is_some_and(|party| {
                    let employer = party.employers.first().map(|employer| normal(employer));
                    party.id.is_none() && employer == mention.employer.as_deref().map(normal)
                })
            });
            let one_employer = self.employers.get(&name).is_none_or(|all| all.len() < 2);
            let may_be = |at: &usize| match (&mention.employer, before.get(*at)) {
                (Some(employer), Some(known)) => {
                    has(known, employer) || known.is_empty() && one_employer
                }
                (None, _) => true,
                (Some(_), None) => false,
            };
            let at = match (exact, namesakes) {
                (Some(at), _) => at,
                (None, [only]) if may_be(only) => *only,
                (None, several) => {
                    // Of several, the one with the same employer.
                    let employs = |at: &&usize| {
                        mention.employer.as_ref().is_some_and(|employer| {
                            before.get(**at).is_some_and(|known| has(known, employer))
                        })
                    };
                    let mut found = several.iter().filter(employs);
                    match (found.next(), found.next()) {
                        (Some(at), None) => *at,
                        _ => self.open(mention, Basis::Name),
                    }
                }
            };
            if let Some(party) = self.parties.get_mut(at) {
                if party.id.is_some() {
                    party.basis = Basis::IdentifierAndName;
                } else if mention.employer.is_none() && !party.employers.is_empty() {
                    party.basis = Basis::Name;
                }
            }
            self.employed(at, mention);
            Some(at)
        });
        joined.collect()
    }

    fn open(&mut self, mention: &Mention, basis: Basis) -> usize {
        let at = self.parties.len();
        self.parties.push(Known {
            kind: mention.kind,
            name: mention.name.clone(),
            id: mention.id.clone(),
            employers: Vec::new(),
            other_names: Vec::new(),
            basis: match (basis, &mention.employer) {
                (Basis::Name, Some(_)) => Basis::NameAndEmployer,
                (basis, _) => basis,
            },
            namesakes: 0,
            near: Vec::new(),
        });
        self.by_name.entry(key(mention)).or_default().push(at);
        at
    }

    fn employed(&mut self, at: usize, mention: &Mention) {
        if let Some(party) = self.parties.get_mut(at)
            && let Some(employer) = &mention.employer
            && !has(&party.employers, employer)
        {
            party.employers.push(employer.clone());
        }
    }

    /// Records for every party the names that are nearly its own.
    fn nearly_the_same(&mut self) {
        let mut alike: HashMap<(PartyKind, String), Vec<usize>> = HashMap::new();
        for (at, party) in self.parties.iter().enumerate() {
            alike
                .entry((party.kind, near_key(&party.name)))
                .or_default()
                .push(at);
        }
        // Larger groups of similar sound are not compared.
        for bearers in alike
            .values()
            .filter(|bearers| (2..=MOST_ALIKE).contains(&bearers.len()))
        {
            for &one in bearers {
                let near = bearers.iter().filter_map(|&other| {
                    let (one, other) = (self.parties.get(one)?, self.parties.get(other)?);
                    let apart = one.id.is_some() && other.id.is_some();
                    (!apart && nearly_same(&one.name, &other.name)).then(|| other.name.clone())
                });
                let near: Vec<Box<str>> = near.collect();
                if let Some(party) = self.parties.get_mut(one) {
                    party.near = near;
                }
            }
        }
    }

    /// The parties in the order of first mention.
    fn finish(mut self, all: &[Mention], of: &[Option<usize>]) -> Parties {
        for bearers in self.by_name.values() {
            for at in bearers {
                if let Some(party) = self.parties.get_mut(*at) {
                    party.namesakes = party.namesakes.max(bearers.len() - 1);
                }
            }
        }
        self.nearly_the_same();
        let mut order: Vec<Option<PartyId>> = vec![None; self.parties.len()];
        let mut parties = Parties::default();
        for (at, mention) in of.iter().zip(all) {
            let at = at.unwrap_or(usize::MAX);
            let place = order.get_mut(at);
            let id = match place {
                Some(Some(id)) => *id,
                place => {
                    let id = PartyId(u32::try_from(parties.all.len()).unwrap_or(u32::MAX));
                    let Some(known) = self.parties.get(at) else {
                        parties.of.push(PartyId(u32::MAX));
                        continue;
                    };
                    let mut known = known.clone();
                    if !naming::is_same(&known.name, &mention.name) {
                        known
                            .other_names
                            .retain(|other| !naming::is_same(other, &mention.name));
                        known
                            .other_names
                            .push(std::mem::replace(&mut known.name, mention.name.clone()));
                    }
                    parties.all.push(known);
                    if let Some(place) = place {
                        *place = Some(id);
                    }
                    id
                }
            };
            parties.of.push(id);
        }
        parties
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mention(name: &str, id: Option<&str>, employer: Option<&str>) -> Mention {
        Mention::of(
            &Party {
                name: name.into(),
                id: id.map(Into::into),
                employer: employer.map(Into::into),
            },
            PartyKind::Person,
        )
    }

    /// Which mentions are one party, by the order of first mention.
    fn joined(mentions: &[Mention]) -> (Vec<u32>, Parties) {
        let mut roster = Roster::default();
        let ids: Vec<MentionId> = mentions.iter().map(|mention| roster.add(mention)).collect();
        let parties = roster.resolve();
        (ids.iter().map(|id| parties.of(*id).0).collect(), parties)
    }

    #[test]
    fn identifiers_decide_where_they_are_known_and_the_name_where_they_are_not() {
        let (of, parties) = joined(&[
            mention("张 甲", None, None),
            mention("张甲", Some("示01"), None),
            mention("李乙", Some("示02"), None),
            mention("李乙改", Some("示02"), None),
        ]);
        assert_eq!(of, [0, 0, 1, 1]);
        let zhang = parties.get(PartyId(0)).unwrap();
        assert_eq!(zhang.basis, Basis::IdentifierAndName);
        assert_eq!(zhang.id.as_deref(), Some("示01"));
        assert_eq!(
            *parties.get(PartyId(1)).unwrap().other_names,
            ["李乙改".into()]
        );
    }

    #[test]
    fn a_name_that_two_identifiers_share_belongs_to_neither() {
        let (of, parties) = joined(&[
            mention("张甲", Some("示01"), Some("示例机构甲")),
            mention("张甲", Some("示02"), Some("示例机构乙")),
            mention("张甲", None, None),
            mention("张甲", None, Some("示例机构乙")),
        ]);
        assert_eq!(of, [0, 1, 2, 1]);
        assert_eq!(parties.get(PartyId(2)).unwrap().namesakes, 2);
        assert_eq!(parties.get(PartyId(2)).unwrap().basis, Basis::Name);
    }

    #[test]
    fn the_same_name_with_another_employer_is_listed_apart_and_said_to_be_so() {
        let (of, parties) = joined(&[
            mention("张甲", None, Some("示例机构甲")),
            mention("张甲", None, Some("示例机构乙")),
            mention("李乙", Some("示02"), Some("示例机构甲")),
            mention("李乙", None, Some("示例机构乙")),
            mention("王丙", None, Some("示例机构甲")),
            mention("王丙", None, None),
        ]);
        assert_eq!(of, [0, 1, 2, 3, 4, 4]);
        let remark = parties.get(PartyId(0)).unwrap().remark().unwrap();
        assert!(remark.zh.contains("分别列出"), "{}", remark.zh);
        assert_eq!(parties.get(PartyId(4)).unwrap().basis, Basis::Name);
        assert_eq!(parties.get(PartyId(4)).unwrap().namesakes, 0);
    }

    #[test]
    fn the_order_of_mentions_does_not_change_who_is_who() {
        let mentions = [
            mention("张甲", None, None),
            mention("张甲", None, Some("示例机构甲")),
            mention("张甲", None, Some("示例机构乙")),
            mention("张甲", Some("示01"), None),
            mention("李乙", None, None),
            mention("李乙", Some("示02"), Some("示例机构甲")),
        ];
        let together = |order: &[usize]| {
            let shuffled: Vec<Mention> = order.iter().map(|at| mentions[*at].clone()).collect();
            let of = joined(&shuffled).0;
            let mut pairs = Vec::new();
            for (a, one) in order.iter().enumerate() {
                for (b, other) in order.iter().enumerate() {
                    pairs.push((*one, *other, of[a] == of[b]));
                }
            }
            pairs.sort_unstable();
            pairs
        };
        let expected = together(&[0, 1, 2, 3, 4, 5]);
        for order in [[5, 4, 3, 2, 1, 0], [2, 0, 1, 5, 3, 4], [1, 3, 0, 2, 4, 5]] {
            assert_eq!(together(&order), expected, "{order:?}");
        }
    }

    #[test]
    fn one_case_tells_more_of_its_people_by_all_it_says_of_them() {
        let mut case = InCase::default();
        assert_eq!(case.add(mention("张甲", None, None)), 0);
        assert_eq!(case.add(mention("张甲", Some("示01"), None)), 0);
        assert_eq!(case.add(mention("张甲", Some("示02"), None)), 1);
        let all = case.finish();
        assert_eq!(all[0].id.as_deref(), Some("示01"));
    }
}
