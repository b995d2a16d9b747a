//! The table: for every subject, the duties owed and their outcomes.

use std::cmp::Reverse;
use std::collections::HashMap;
use std::sync::Arc;

use choucha_core::audit::{Duty, Outcome, PartyKind, Tally};
use choucha_core::value::Day;

use super::cases::Cases;
use super::conflict::{self, Conflict, Parameters};
use super::extract::{Extract, Key};
use super::identity::{MentionId, Parties, PartyId, Roster};

/// The duties of a row: their number by outcome, in how many cases, and when those cases were sampled.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Account {
    /// The number of duties by outcome.
    pub outcomes: Tally,
    /// Cases in which something was owed.
    pub cases: usize,
    /// Those cases in which something was violated.
    pub cases_broken: usize,
    /// The first recorded day of sampling among those cases.
    pub first: Option<Day>,
    /// The last recorded day of sampling among those cases.
    pub last: Option<Day>,
}

impl Account {
    /// The number of duties with an outcome.
    #[must_use]
    pub fn count(&self, outcome: Outcome) -> usize {
        self.outcomes[outcome]
    }

    /// The number of duties that arose or may have arisen: all except not applicable.
    #[must_use]
    pub fn owed(&self) -> usize {
        self.outcomes.owed()
    }

    /// 违规: the number of violated duties.
    #[must_use]
    pub fn broke(&self) -> usize {
        self.count(Outcome::Violated)
    }

    /// The number of duties known to be violated or satisfied: the base of a violation rate.
    #[must_use]
    pub fn decided(&self) -> usize {
        self.broke() + self.count(Outcome::Satisfied)
    }

    /// Adds the duties of a group of cases, which does not count as a case.
    fn add_group(&mut self, outcomes: Tally) {
        self.outcomes += outcomes;
    }

    /// Adds the duties of a case, which counts only if something was owed in the end.
    fn add_case(&mut self, outcomes: Tally, day: Option<Day>) {
        self.outcomes += outcomes;
        if outcomes.owed() == 0 {
            return;
        }
        self.cases += 1;
        self.cases_broken += usize::from(outcomes[Outcome::Violated] > 0);
        self.dated(day, day);
    }

    fn dated(&mut self, first: Option<Day>, last: Option<Day>) {
        self.first = self.first.into_iter().chain(first).min();
        self.last = self.last.max(last);
    }

    fn add(&mut self, other: &Account) {
        self.outcomes += other.outcomes;
        self.cases += other.cases;
        self.cases_broken += other.cases_broken;
        self.dated(other.first, other.last);
    }
}

/// The subject of a row.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Subject<Who = PartyId> {
    /// A party, and the role it is counted in if roles are separate.
    Party(Who, Option<Box<str>>),
    /// A role for which the record names nobody.
    Unnamed(Box<str>),
    /// All parties of the other kind together, in a table of one kind.
    Others(PartyKind),
    /// A role.
    Role(Box<str>),
    /// City and county of the respondent; `None` if not on record.
    County(Option<Box<str>>, Option<Box<str>>),
    /// A product; `None` if not on record.
    Product(Option<Box<str>>),
    /// Findings across cases, in a table by something that each case has once.
    Across,
    /// An obligation: the rule set that declares it, and its id.
    Duty(Box<str>, Box<str>),
}

impl Subject {
    fn of(duty: &Duty) -> Subject {
        Subject::Duty(
            duty.ruleset.0.as_str().into(),
            duty.obligation.0.as_str().into(),
        )
    }
}

/// One row of the table.
#[derive(Debug, Clone)]
pub struct Row {
    /// The person, organisation or thing it counts.
    pub subject: Subject,
    /// What was owed, and with which outcomes.
    pub account: Account,
}

/// Counts while cases come in.
#[derive(Debug, Default)]
pub struct Counter {
    rows: Vec<(Subject<MentionId>, Account)>,
    places: HashMap<Subject<MentionId>, usize>,
    /// The accounts of obligations, which are rows of their own.
    duties: Vec<Duties>,
    roster: Roster,
    kept: Cases,
    total: Account,
    audited: usize,
    unaudited: usize,
    shared: usize,
    broke_across: usize,
}

/// The accounts of a list of obligations that cases share.
#[derive(Debug)]
struct Duties {
    of: Arc<[Duty]>,
    accounts: Vec<Account>,
}

/// The finished table, with the conflicts.
#[derive(Debug, Clone)]
pub struct Book {
    /// The rows, the most important first.
    pub rows: Vec<Row>,
    /// All duties of the rows, each counted once however many answer for it.
    pub total: Account,
    /// How often duties were counted again because several answer for them: the rows sum up to `total` plus this.
    pub shared: usize,
    /// The number of cases audited.
    pub audited: usize,
    /// The number of cases that could not be audited, which count nowhere.
    pub unaudited: usize,
    /// The violations in `total` that were found across cases.
    pub broke_across: usize,
    /// Everybody mentioned.
    pub parties: Parties,
    /// What only several cases together show.
    pub conflicts: Vec<Conflict>,
    /// The thresholds used to find the conflicts.
    pub parameters: Parameters,
}

impl Counter {
    /// Counts a case. Call in the order of the input.
    pub fn add(&mut self, extract: &Extract) {
        self.audited += 1;
        let ids = self.each(extract, |account, outcomes| {
            account.add_case(outcomes, extract.day);
        });
        if let Some(facts) = &extract.facts {
            self.kept.add(extract, facts, &ids);
        }
    }

    /// Counts the findings across cases. Call once all cases are counted.
    pub fn add_group(&mut self, extract: &Extract) {
        self.each(extract, Account::add_group);
        self.broke_across += extract.counted[Outcome::Violated];
    }

    fn each(&mut self, extract: &Extract, add: impl Fn(&mut Account, Tally)) -> Vec<MentionId> {
        self.shared += extract.shared;
        let ids: Vec<MentionId> = extract.who.iter().map(|who| self.roster.add(who)).collect();
        for (key, outcomes) in &extract.entries {
            let account = match key {
                Key::Duty(at) => self.duty(&extract.duties, *at),
                key => self.subject(key, &ids),
            };
            if let Some(account) = account {
                add(account, *outcomes);
            }
        }
        add(&mut self.total, extract.counted);
        ids
    }

    /// The account of an obligation. Cases share their lists of obligations or have equal ones; there are few.
    fn duty(&mut self, duties: &Arc<[Duty]>, at: usize) -> Option<&mut Account> {
        let is = |known: &Duties| Arc::ptr_eq(&known.of, duties) || known.of == *duties;
        let known = self.duties.iter().position(is).unwrap_or_else(|| {
            self.duties.push(Duties {
                of: Arc::clone(duties),
                accounts: vec![Account::default(); duties.len()],
            });
            self.duties.len() - 1
        });
        self.duties.get_mut(known)?.accounts.get_mut(at)
    }

    /// The account of any other subject; `ids` are the mentions of the case.
    fn subject(&mut self, key: &Key, ids: &[MentionId]) -> Option<&mut Account> {
        let subject = match key {
            Key::Who(at, role) => Subject::Party(*ids.get(usize::from(*at))?, role.clone()),
            Key::Unnamed(role) => Subject::Unnamed(role.clone()),
            Key::Others(kind) => Subject::Others(*kind),
            Key::Role(role) => Subject::Role(role.clone()),
            Key::County(city, county) => Subject::County(city.clone(), county.clone()),
            Key::Product(product) => Subject::Product(product.clone()),
            Key::Across => Subject::Across,
            Key::Duty(_) => return None,
        };
        let at = match self.places.get(&subject) {
            Some(at) => *at,
            None => {
                self.places.insert(subject.clone(), self.rows.len());
                self.rows.push((subject, Account::default()));
                self.rows.len() - 1
            }
        };
        self.rows.get_mut(at).map(|(_, account)| account)
    }

    /// Counts a case that could not be audited.
    pub fn add_unaudited(&mut self) {
        self.unaudited += 1;
    }

    /// The number of cases counted, audited or not.
    #[must_use]
    pub fn cases(&self) -> usize {
        self.audited + self.unaudited
    }

    /// The table, with the conflicts.
    #[must_use]
    pub fn finish(self, parameters: Parameters) -> Book {
        let parties = self.roster.resolve();
        let mut rows: Vec<Row> = Vec::new();
        let mut places: HashMap<Subject, usize> = HashMap::new();
        let named = self.rows.into_iter().map(|(subject, account)| {
            let subject = match subject {
                Subject::Party(id, role) => Subject::Party(parties.of(id), role),
                Subject::Unnamed(role) => Subject::Unnamed(role),
                Subject::Others(kind) => Subject::Others(kind),
                Subject::Role(role) => Subject::Role(role),
                Subject::County(city, county) => Subject::County(city, county),
                Subject::Product(product) => Subject::Product(product),
                Subject::Across => Subject::Across,
                Subject::Duty(set, id) => Subject::Duty(set, id),
            };
            (subject, account)
        });
        let duties = self.duties.into_iter().flat_map(|duties| {
            let subjects: Vec<Subject> = duties.of.iter().map(Subject::of).collect();
            // An obligation that no case owes has no row.
            let owed = |(_, account): &(Subject, Account)| account.owed() > 0;
            subjects.into_iter().zip(duties.accounts).filter(owed)
        });
        for (subject, account) in named.chain(duties) {
            let at = *places.entry(subject.clone()).or_insert_with(|| {
                rows.push(Row {
                    subject,
                    account: Account::default(),
                });
                rows.len() - 1
            });
            if let Some(row) = rows.get_mut(at) {
                row.account.add(&account);
            }
        }
        // The same number of violations weighs more among fewer duties.
        rows.sort_by(|a, b| {
            let weight = |row: &Row| {
                let account = &row.account;
                let among = if account.broke() > 0 {
                    account.owed()
                } else {
                    0
                };
                (
                    // All parties of the other kind together are not a subject of this table.
                    matches!(row.subject, Subject::Others(_)),
                    Reverse(account.broke()),
                    among,
                    Reverse(account.count(Outcome::Errored)),
                    Reverse(account.count(Outcome::Review)),
                    Reverse(account.count(Outcome::Undetermined)),
                    Reverse(account.owed()),
                )
            };
            weight(a)
                .cmp(&weight(b))
                .then_with(|| a.subject.cmp(&b.subject))
        });
        Book {
            rows,
            total: self.total,
            shared: self.shared,
            audited: self.audited,
            unaudited: self.unaudited,
            broke_across: self.broke_across,
            conflicts: conflict::find(&self.kept, &parties, &parameters),
            parties,
            parameters,
        }
    }
}
