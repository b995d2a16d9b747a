//! Reduces a case to what is counted.

use std::rc::Rc;
use std::sync::Arc;

use choucha_core::audit::{Auditor, CaseAudit, Duty, Outcome, Owed, PartyKind, Tally};
use choucha_core::record::{Record, Settled};
use choucha_core::value::naming::tidy;
use choucha_core::value::{Day, ShapeId, SlotId, Value};
use choucha_core::vocabulary::{Entry as Found, Vocabulary};

use super::By;
use super::cases::{CaseFacts, Facts};
use super::identity::{InCase, Mention};
use crate::campaign::Judged;

/// The counts of one case. Small and owned, so it can be sent to another thread.
#[derive(Debug, Clone)]
pub struct Extract {
    /// The case number; the source's name if the record gives none.
    pub case: Box<str>,
    /// The recorded day of sampling.
    pub day: Option<Day>,
    /// The number of counted obligations by outcome, each counted once.
    pub(super) counted: Tally,
    pub(super) who: Vec<Mention>,
    pub(super) entries: Vec<(Key, Tally)>,
    /// The obligations to which [`Key::Duty`] refers.
    pub(super) duties: Arc<[Duty]>,
    /// How often a duty was counted again because several answer for it.
    pub(super) shared: usize,
    pub(super) facts: Option<Box<CaseFacts>>,
}

/// The subject under which something of a case is counted.
#[derive(Debug, Clone)]
pub(super) enum Key {
    /// A mention in the case, with the role it is counted in if roles are separate.
    Who(u16, Option<Box<str>>),
    /// A role for which nobody is named.
    Unnamed(Box<str>),
    /// The parties of the other kind, in a table of one kind.
    Others(PartyKind),
    Role(Box<str>),
    /// City and county; `None` if not on record.
    County(Option<Box<str>>, Option<Box<str>>),
    Product(Option<Box<str>>),
    /// Findings across cases, in a table by something that each case has once.
    Across,
    /// An obligation, by position.
    Duty(usize),
}

/// What to extract from each case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Wanted {
    Table(By),
    People,
}

/// Reduces cases to extracts. Workers share it.
#[derive(Debug, Clone)]
pub struct Extractor {
    wanted: Wanted,
    number: SlotId,
    day: Option<SlotId>,
    city: Option<SlotId>,
    county: Option<SlotId>,
    product: [Option<SlotId>; 2],
    /// The roles of those who are checked.
    checked: Vec<Box<str>>,
    facts: Option<Facts>,
}

/// The roles of those who are checked or apply for something; their conduct is not examined.
const CHECKED: [&str; 4] = [
    "respondent",
    "labelled_producer",
    "platform",
    "retest_applicant",
];

impl Extractor {
    /// An extractor for a table with rows of this kind.
    #[must_use]
    pub fn table(by: By, vocabulary: &Vocabulary) -> Extractor {
        Extractor::of(Wanted::Table(by), vocabulary)
    }

    /// An extractor for all who do the work, by role, with the facts for conflicts.
    #[must_use]
    pub fn people(vocabulary: &Vocabulary) -> Extractor {
        Extractor::of(Wanted::People, vocabulary)
    }

    fn of(wanted: Wanted, vocabulary: &Vocabulary) -> Extractor {
        let slot = |path| slot(vocabulary, path);
        Extractor {
            wanted,
            number: vocabulary.reserved().number,
            day: slot("sampling.sampled_on"),
            city: slot("respondent.city"),
            county: slot("respondent.county"),
            product: [slot("product.plan_product"), slot("product.name")],
            checked: CHECKED.map(Box::from).to_vec(),
            facts: (wanted == Wanted::People).then(|| Facts::of(vocabulary)),
        }
    }

    /// Reduces an audited record to what is counted.
    #[must_use]
    pub fn extract(
        &self,
        auditor: &Auditor,
        record: &Record,
        settled: &Settled,
        audit: &CaseAudit,
    ) -> Extract {
        let mut making = Making::new(self, record, false);
        // Record the parties of the case first: a duty may say less about a person than the case does.
        let facts = self.facts.as_ref();
        let facts = facts
            .map(|facts| Box::new(facts.of_case(record, auditor.vocabulary(), &mut making.people)));
        let add = &mut |owed: Owed<'_>| making.add(&owed);
        let duties = auditor.owed(settled, audit.as_of, &audit.outcomes, add);
        making.finish(duties, facts)
    }

    /// Reduces a group of cases to what is counted.
    #[must_use]
    pub fn group(&self, judged: &Judged<'_>) -> Extract {
        let mut making = Making::new(self, judged.record, true);
        let add = &mut |owed: Owed<'_>| making.add(&owed);
        let auditor = judged.auditor;
        let duties = auditor.owed(judged.settled, judged.as_of, judged.outcomes, add);
        making.finish(duties, None)
    }
}

struct Making<'a> {
    of: &'a Extractor,
    record: &'a Record,
    /// Whether it is a group of cases.
    is_group: bool,
    people: InCase,
    entries: Vec<(Key, Tally)>,
    /// The mentions that answer for an obligation, by [`Owed::who`]; `None` until needed.
    answering: Vec<Option<Rc<[u16]>>>,
    shared: usize,
    counted: Tally,
}

impl<'a> Making<'a> {
    fn new(of: &'a Extractor, record: &'a Record, is_group: bool) -> Self {
        Making {
            of,
            record,
            is_group,
            people: InCase::default(),
            entries: Vec::new(),
            answering: Vec::new(),
            shared: 0,
            counted: Tally::default(),
        }
    }

    fn finish(self, duties: Arc<[Duty]>, facts: Option<Box<CaseFacts>>) -> Extract {
        let (of, record) = (self.of, self.record);
        Extract {
            case: match record.get(of.number) {
                Value::Text(number) if !number.trim().is_empty() => number.trim().into(),
                _ => record.source().title().into(),
            },
            day: of.day.and_then(|slot| day(record.get(slot))),
            counted: self.counted,
            who: self.people.finish(),
            entries: self.entries,
            duties,
            shared: self.shared,
            facts,
        }
    }

    fn add(&mut self, owed: &Owed<'_>) {
        let outcome = owed.outcome;
        if outcome == Outcome::NotApplicable {
            return;
        }
        let checked = self.of.wanted == Wanted::People
            && self
                .of
                .checked
                .iter()
                .any(|role| **role == *owed.obligation.bearer);
        if checked {
            return;
        }
        self.counted[outcome] += 1;
        match self.of.wanted {
            Wanted::Table(By::Person) => self.answerable(owed, Some(PartyKind::Person), false),
            Wanted::Table(By::Organisation) => {
                self.answerable(owed, Some(PartyKind::Organisation), false);
            }
            Wanted::People => self.answerable(owed, None, true),
            Wanted::Table(By::Role) => {
                let role = owed.obligation.bearer.as_str();
                let is = |key: &Key| matches!(key, Key::Role(known) if **known == *role);
                self.count(is, |_| Key::Role(role.into()), outcome);
            }
            // A group of cases has no single county or product.
            Wanted::Table(By::County | By::Product) if self.is_group => {
                self.count(|_| true, |_| Key::Across, outcome);
            }
            Wanted::Table(By::County) => {
                let county = |of: &Self| Key::County(of.text(of.of.city), of.text(of.of.county));
                // A case has one county and one product.
                self.count(|_| true, county, outcome);
            }
            Wanted::Table(By::Product) => {
                let product = |of: &Self| {
                    let [plan, name] = of.of.product;
                    Key::Product(of.text(plan).or_else(|| of.text(name)))
                };
                self.count(|_| true, product, outcome);
            }
            // Each obligation occurs once per case.
            Wanted::Table(By::Obligation) => {
                self.count(|_| false, |_| Key::Duty(owed.at), outcome);
            }
        }
    }

    /// Counts for each party that answers; in a table of one kind, all parties of the other kind are counted together.
    fn answerable(&mut self, owed: &Owed<'_>, kind: Option<PartyKind>, by_role: bool) {
        let mentions = self.mentions(owed);
        let mut counted: Vec<u16> = Vec::new();
        for (one, &at) in owed.answerable.iter().zip(mentions.iter()) {
            if kind.is_some_and(|kind| kind != one.kind) || counted.contains(&at) {
                continue;
            }
            counted.push(at);
            let role = by_role.then_some(one.role);
            let is = |key: &Key| matches!(key, Key::Who(who, known) if *who == at && known.as_deref() == role);
            self.count(is, |_| Key::Who(at, role.map(Box::from)), owed.outcome);
        }
        if counted.is_empty() {
            let kind_of = match owed.answerable.first() {
                Some(one) => one.kind,
                None => owed.kind,
            };
            match kind {
                Some(kind) if kind != kind_of => {
                    let is = |key: &Key| matches!(key, Key::Others(known) if *known == kind_of);
                    self.count(is, |_| Key::Others(kind_of), owed.outcome);
                }
                _ => {
                    let role = owed.obligation.bearer.as_str();
                    let is = |key: &Key| matches!(key, Key::Unnamed(known) if **known == *role);
                    self.count(is, |_| Key::Unnamed(role.into()), owed.outcome);
                }
            }
        }
        self.shared += counted.len().saturating_sub(1);
    }

    /// The mentions of those who answer for an obligation, in order.
    fn mentions(&mut self, owed: &Owed<'_>) -> Rc<[u16]> {
        if let Some(Some(known)) = self.answering.get(owed.who) {
            return Rc::clone(known);
        }
        let people = &mut self.people;
        let each = owed.answerable.iter();
        let mentions: Rc<[u16]> = each
            .map(|one| people.add(Mention::of(&one.party, one.kind)))
            .collect();
        if self.answering.len() <= owed.who {
            self.answering.resize(owed.who + 1, None);
        }
        if let Some(place) = self.answering.get_mut(owed.who) {
            *place = Some(Rc::clone(&mentions));
        }
        mentions
    }

    /// Counts under the key that `is` accepts, or else under a new one.
    fn count(
        &mut self,
        is: impl Fn(&Key) -> bool,
        key: impl FnOnce(&Self) -> Key,
        outcome: Outcome,
    ) {
        let at = match self.entries.iter().position(|(key, _)| is(key)) {
            Some(at) => at,
            None => {
                self.entries.push((key(self), Tally::default()));
                self.entries.len() - 1
            }
        };
        if let Some((_, outcomes)) = self.entries.get_mut(at) {
            outcomes[outcome] += 1;
        }
    }

    fn text(&self, slot: Option<SlotId>) -> Option<Box<str>> {
        text(self.record.get(slot?))
    }
}

/// The slot of a fact of the record itself; `None` if the vocabulary lacks it.
pub(super) fn slot(vocabulary: &Vocabulary, path: &str) -> Option<SlotId> {
    match vocabulary.find(path)? {
        Found::Fact(id) => {
            let fact = vocabulary.fact(id);
            (fact.shape == ShapeId::ROOT).then_some(fact.slot)
        }
        Found::Group(_) => None,
    }
}

/// A recorded text; `None` if unknown or known none.
pub(super) fn text(value: &Value) -> Option<Box<str>> {
    let text = match value {
        Value::Text(text) => tidy(text),
        _ => return None,
    };
    (!text.is_empty()).then_some(text)
}

/// A recorded day.
pub(super) fn day(value: &Value) -> Option<Day> {
    match value {
        Value::Day(day) => Some(*day),
        Value::Moment(moment) => Some(moment.day),
        _ => None,
    }
}
