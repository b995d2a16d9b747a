//! Chooses the rule set that governs a record, and says why.
//!
//! A record names its rule set; otherwise its facts are compared with what every *campaign rule set* declares to
//! govern: its campaign, organiser, region, products, days. A rule set that declares none of these is a layer, which is
//! used only if somebody names it.
//!
//! Invariants: a criterion known to contradict excludes, an unknown one does not; a rule set is chosen only if it alone
//! is left and something in the record supports it; the choice, and the reason for every rejection, can always be
//! reported.

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

/// The facts used to choose a rule set.
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

/// The available rule sets, prepared for choosing.
#[derive(Debug)]
pub struct Selector<'a> {
    headers: Vec<Header<'a>>,
    vocabulary: &'a Vocabulary,
}

/// A campaign rule set compared with a record.
#[derive(Debug)]
pub struct Candidate<'a> {
    /// The rule set.
    pub set: &'a RuleSet,
    /// The result for each criterion it declares, in the order of [`Criterion::ALL`].
    pub agreements: Vec<(Criterion, Agreement)>,
}

impl Candidate<'_> {
    /// Whether no known fact contradicts it.
    #[must_use]
    pub fn fits(&self) -> bool {
        !self
            .agreements
            .iter()
            .any(|(_, agreement)| matches!(agreement, Agreement::Contradicts(_)))
    }

    /// Whether something other than the days supports it.
    fn is_supported(&self) -> bool {
        self.agreements.iter().any(|(criterion, agreement)| {
            *criterion != Criterion::Days && matches!(agreement, Agreement::Agrees(_))
        })
    }
}

/// The result of choosing.
#[derive(Debug)]
pub enum Choice<'a> {
    /// Only one campaign rule set fits.
    One {
        /// The rule set.
        set: &'a RuleSet,
        /// Why, in a sentence.
        because: Text,
    },
    /// Several fit, or one that no known fact supports.
    Open(Vec<Candidate<'a>>),
    /// None fits; each with what contradicts it.
    None(Vec<Candidate<'a>>),
}

impl<'a> Selector<'a> {
    /// Creates a selector of these rule sets.
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

    /// The rule set a name refers to: its id, its title in either language, or the number of its instrument if only one
    /// rule set has that.
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

    /// The rule set most likely meant by an unknown name.
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

    /// Whether any rule set declares what it governs.
    #[must_use]
    pub fn has_campaigns(&self) -> bool {
        self.headers.iter().any(Header::is_campaign)
    }

    /// A warning that the record's organiser, or its level, is not the one whose checks the rule set governs, at the
    /// place of that fact. `None` if the rule set names no organiser, or the record agrees or is silent.
    #[must_use]
    pub fn other_organiser(&self, set: &RuleSet, record: &Record) -> Option<Diagnostic> {
        // Most records name the bureau exactly as the rule set does.
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

    /// Chooses the rule set by the record's facts.
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
