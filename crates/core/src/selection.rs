//! Which rule set governs a record, and why.
//!
//! A record names its rule set, or its facts are held against what every *campaign rule set* says it governs: its
//! campaign, organiser, region, products, days. A campaign rule set is one that says any of that; the others are layers,
//! which are never taken by themselves unless somebody names them.
//!
//! Invariants: a criterion that is known to contradict excludes, one that is not known does not; a rule set is taken
//! only if it alone is left and something of the record speaks for it; which one was taken, and what became of every
//! other, can always be said.

mod criteria;
mod reasons;

use crate::diagnostic::{Diagnostic, nearest};
use crate::instrument::Instruments;
use crate::lang::Text;
use crate::obligation::RuleSet;
use crate::record::Record;
use crate::vocabulary::{Entry, Vocabulary};

pub(crate) use criteria::plain;
pub use criteria::{Agreement, Criterion};
use criteria::{Facts, Header};

/// The facts a rule set is chosen by.
pub const FACTS: [&str; 13] = [
    "case.campaign",
    "case.organiser",
    "respondent.province",
    "respondent.city",
    "respondent.county",
    "sampling.channel",
    "product.plan_product",
    "product.name",
    "sampling.sampled_on",
    "draw.drawn_on",
    "receipt.received_on",
    "testing.started_on",
    "report.issued_on",
];

/// The rule sets there are, ready to be chosen from.
#[derive(Debug)]
pub struct Selector<'a> {
    headers: Vec<Header<'a>>,
    vocabulary: &'a Vocabulary,
}

/// One campaign rule set held against a record.
#[derive(Debug)]
pub struct Candidate<'a> {
    /// The rule set.
    pub set: &'a RuleSet,
    /// What became of each criterion it declares, in the order of [`Criterion::ALL`].
    pub agreements: Vec<(Criterion, Agreement)>,
}

impl Candidate<'_> {
    /// Whether nothing that is known contradicts it.
    #[must_use]
    pub fn fits(&self) -> bool {
        !self
            .agreements
            .iter()
            .any(|(_, agreement)| matches!(agreement, Agreement::Contradicts(_)))
    }

    /// Whether something beside the days speaks for it.
    fn is_supported(&self) -> bool {
        self.agreements.iter().any(|(criterion, agreement)| {
            *criterion != Criterion::Days && matches!(agreement, Agreement::Agrees(_))
        })
    }
}

/// What choosing came to.
#[derive(Debug)]
pub enum Choice<'a> {
    /// One campaign rule set alone fits.
    One {
        /// The rule set.
        set: &'a RuleSet,
        /// Why, in a sentence.
        because: Text,
    },
    /// Several fit, or one of which nothing known speaks for it.
    Open(Vec<Candidate<'a>>),
    /// None fits; every one with what contradicts it.
    None(Vec<Candidate<'a>>),
}

impl<'a> Selector<'a> {
    /// A selector of these rule sets.
    #[must_use]
    pub fn new(
        rule_sets: &'a [RuleSet],
        instruments: &'a Instruments,
        vocabulary: &'a Vocabulary,
    ) -> Self {
        Selector {
            headers: rule_sets
                .iter()
                .map(|set| Header::of(set, instruments.get(&set.instrument)))
                .collect(),
            vocabulary,
        }
    }

    /// The rule set a name means: its id, its title in either language, or the number of its instrument where that is
    /// of one rule set alone.
    #[must_use]
    pub fn named(&self, name: &str) -> Option<&'a RuleSet> {
        let name = plain(name);
        let is = |text: &str| plain(text) == name;
        let sets = || self.headers.iter().map(|header| header.set);
        sets()
            .find(|set| is(&set.id.0) || is(&set.title.zh) || is(&set.title.en))
            .or_else(|| {
                let mut numbered = sets().filter(|set| is(&set.instrument));
                numbered.next().filter(|_| numbered.next().is_none())
            })
    }

    /// The rule set most likely meant by a name that is of none.
    #[must_use]
    pub fn nearest(&self, name: &str) -> Option<&'a RuleSet> {
        let sets = || self.headers.iter().map(|header| header.set);
        let names = sets().flat_map(|set| {
            [&set.id.0, &set.title.zh, &set.title.en, &set.instrument].map(String::as_str)
        });
        let near = nearest(name.trim(), names)?;
        sets().find(|set| {
            [&set.id.0, &set.title.zh, &set.title.en, &set.instrument]
                .iter()
                .any(|text| *text == near)
        })
    }

    /// Whether any rule set says what it governs.
    #[must_use]
    pub fn has_campaigns(&self) -> bool {
        self.headers.iter().any(Header::is_campaign)
    }

    /// That a rule set is to be used for a record whose organiser, or its level, is not the one whose checks it governs:
    /// a warning at the place of that fact. None where the rule set names no organiser or the record agrees or is silent.
    #[must_use]
    pub fn other_organiser(&self, set: &RuleSet, record: &Record) -> Option<Diagnostic> {
        // Most records name the bureau as the rule set does.
        if criteria::is_as_declared(set, record, self.vocabulary) {
            return None;
        }
        let facts = Facts::of(record, self.vocabulary);
        let (path, recorded) = facts.other_organiser(set)?;
        let Entry::Fact(fact) = self.vocabulary.find(path)? else {
            return None;
        };
        let title = &self.vocabulary.fact(fact).name;
        let problem = reasons::other_organiser(set, title, &recorded)?;
        Some(match record.origins(self.vocabulary).value(path) {
            Some(span) => problem.at(span),
            None => problem.about(record.source().name()),
        })
    }

    /// The rule set whose governing a record's facts show.
    #[must_use]
    pub fn choose(&self, record: &Record) -> Choice<'a> {
        let facts = Facts::of(record, self.vocabulary);
        let mut candidates: Vec<Candidate<'a>> = self
            .headers
            .iter()
            .filter(|header| header.is_campaign())
            .map(|header| Candidate {
                set: header.set,
                agreements: facts.held_against(header, &self.headers),
            })
            .collect();
        if !candidates.iter().any(Candidate::fits) {
            return Choice::None(candidates);
        }
        candidates.retain(Candidate::fits);
        match candidates.as_slice() {
            [only] if only.is_supported() => Choice::One {
                set: only.set,
                because: reasons::because(only, self.vocabulary),
            },
            _ => Choice::Open(candidates),
        }
    }
}
