//! The totals of a run: by outcome, by duty, by responsible organisation, by what is missing.
//!
//! One module adds them up, so that the terminal, JSON and the workbook give the same numbers.
//!
//! Terms: a *body* is an organisation responsible for a duty; people count for their employer.
//!
//! Invariants: memory grows with the number of duties, bodies and facts, never with that of cases; every case is
//! counted once by its outcome, and every finding once by its own.

use std::borrow::Cow;
use std::cmp::Reverse;
use std::collections::HashMap;
use std::sync::Arc;

use choucha_core::audit::{CaseAudit, Duty, Finding, Missing, Outcome, Tally};
use choucha_core::diagnostic::{Diagnostic, Level};
use choucha_core::lang::{Lang, Text};
use choucha_core::obligation::{Id, RuleSetId};
use choucha_core::value::Party;
use choucha_core::value::naming::normal;

use crate::campaign::CampaignAudit;

/// The most unaudited dossiers kept by name.
pub const NAMED: usize = 20;

/// The totals of a run so far.
#[derive(Debug, Clone, Default)]
pub struct Totals {
    /// The number of dossiers.
    pub records: usize,
    /// Those that could not be audited; they count as errored too.
    pub unaudited: usize,
    /// Dossiers given again, which are not counted a second time.
    pub repeated: usize,
    /// Cases by outcome.
    pub cases: Tally,
    /// Findings by outcome: for every obligation of every case and of every group of cases.
    pub findings: Tally,
    /// Whether every finding was explained, so that the bodies of satisfied ones are known too.
    pub explained: bool,
    /// The names of the first dossiers that could not be audited, at most [`NAMED`].
    pub unread: Vec<String>,
    /// The problems of inputs as a whole: errors, warnings, notes.
    pub problems: [usize; 3],
    duties: Vec<DutyTotals>,
    places: HashMap<(RuleSetId, Id), usize>,
    /// The lists of duties that cases share, with the indices of the duties.
    lists: Vec<(Arc<[Duty]>, Vec<usize>)>,
    bodies: Pool<BodyTotals>,
    papers: Pool<PaperTotals>,
    gaps: Pool<GapTotals>,
    /// The number of cases and groups added so far, to detect whether one has been counted.
    added: usize,
}

/// Totals by name, in the order of first occurrence.
#[derive(Debug, Clone)]
struct Pool<T> {
    all: Vec<Pooled<T>>,
    places: HashMap<String, usize>,
}

#[derive(Debug, Clone)]
struct Pooled<T> {
    total: T,
    /// The last case or group counted.
    last: usize,
    /// The last of them with a violation.
    last_violated: usize,
}

impl<T> Default for Pool<T> {
    fn default() -> Self {
        Pool {
            all: Vec::new(),
            places: HashMap::new(),
        }
    }
}

impl<T> Pool<T> {
    fn get(&mut self, name: &str, total: impl FnOnce() -> T) -> &mut Pooled<T> {
        let at = self.places.get(name).copied().unwrap_or_else(|| {
            self.places.insert(name.to_owned(), self.all.len());
            self.all.push(Pooled {
                total: total(),
                last: 0,
                last_violated: 0,
            });
            self.all.len() - 1
        });
        &mut self.all[at]
    }

    fn totals(&self) -> Vec<&T> {
        self.all.iter().map(|pooled| &pooled.total).collect()
    }
}

impl<T> Pooled<T> {
    /// Whether this case or group is counted for the first time.
    fn is_new(&mut self, added: usize) -> bool {
        std::mem::replace(&mut self.last, added) != added
    }
}

/// The totals of one duty.
#[derive(Debug, Clone)]
pub struct DutyTotals {
    /// The duty.
    pub duty: Duty,
    /// Its findings by outcome.
    pub counts: Tally,
    /// The most days late, and whether these are working days.
    pub latest: Option<(i32, bool)>,
}

impl DutyTotals {
    /// The number of cases in which it was owed, or may have been: all except not applicable.
    #[must_use]
    pub fn owed(&self) -> usize {
        self.counts.owed()
    }

    /// The number of findings with an outcome.
    #[must_use]
    pub fn count(&self, outcome: Outcome) -> usize {
        self.counts[outcome]
    }
}

/// The totals of one organisation.
#[derive(Debug, Clone)]
pub struct BodyTotals {
    /// The key for sorting ties: its name without white space; unnamed ones come last.
    key: String,
    /// Its name, or a description if the records do not name it.
    pub name: Text,
    /// Whether the records name it.
    pub is_named: bool,
    /// The findings it answers for, by outcome.
    pub counts: Tally,
    /// The number of cases in which it answers for a finding.
    pub cases: usize,
    /// The number of cases in which it answers for a violation.
    pub violated_cases: usize,
    /// The violations it answers for that were found across cases.
    pub violated_across: usize,
}

/// The totals of one missing paper.
#[derive(Debug, Clone)]
pub struct PaperTotals {
    /// The paper.
    pub paper: Text,
    /// The number of undetermined findings it would help to decide.
    pub findings: usize,
    /// Those of them that lack nothing else.
    pub alone: usize,
    /// The number of cases with such a finding.
    pub cases: usize,
    /// The smallest position in the data dictionary of the facts on it.
    pub place: usize,
}

/// The totals of one missing fact.
#[derive(Debug, Clone)]
pub struct GapTotals {
    /// Its path, without row numbers.
    pub fact: String,
    /// The title for people.
    pub title: Text,
    /// The paper it is found on.
    pub paper: Option<Text>,
    /// The number of undetermined findings it would help to decide.
    pub findings: usize,
    /// Those of them that lack nothing else.
    pub alone: usize,
    /// The number of cases with such a finding.
    pub cases: usize,
    /// Its position in the data dictionary.
    pub place: usize,
}

impl Totals {
    /// Empty totals, for a run that explains every finding (`explained`) or only those that are not settled.
    #[must_use]
    pub fn new(explained: bool) -> Self {
        Totals {
            explained,
            ..Totals::default()
        }
    }

    /// Counts an audited case.
    pub fn add(&mut self, audit: &CaseAudit) {
        self.records += 1;
        self.cases[audit.outcome()] += 1;
        self.add_findings(audit);
    }

    fn add_findings(&mut self, audit: &CaseAudit) {
        self.findings += audit.tally();
        let list = self.list(&audit.duties);
        for (place, outcome) in self.lists[list].1.iter().zip(&audit.outcomes) {
            self.duties[*place].counts[*outcome] += 1;
        }
        self.add_each(audit, true);
    }

    /// Counts the audit of a campaign and across its cases; its groups are not cases.
    pub fn add_campaign(&mut self, campaign: &CampaignAudit) {
        for scope in &campaign.scopes {
            for tally in &scope.tallies {
                let place = self.place(&tally.duty);
                self.duties[place].counts += tally.outcomes;
                self.findings += tally.outcomes;
            }
        }
        for group in campaign.shown() {
            self.add_each(&group.audit, false);
        }
    }

    /// Counts a dossier that could not be audited.
    pub fn add_unaudited(&mut self, name: &str) {
        self.records += 1;
        self.unaudited += 1;
        self.cases[Outcome::Errored] += 1;
        if self.unread.len() < NAMED {
            self.unread.push(name.to_owned());
        }
    }

    /// Counts the problems of an input as a whole.
    pub fn add_problems(&mut self, problems: &[Diagnostic]) {
        for problem in problems {
            let at = match problem.level {
                Level::Error => 0,
                Level::Warning => 1,
                Level::Note => 2,
            };
            self.problems[at] += 1;
        }
    }

    /// The non-zero outcomes in words: `违规2、合规48`.
    #[must_use]
    pub fn words(tally: &Tally, lang: Lang) -> String {
        Totals::counted(tally, lang).join(lang.pick("、", ", "))
    }

    /// The non-zero outcomes in words, one by one.
    #[must_use]
    pub fn counted(tally: &Tally, lang: Lang) -> Vec<String> {
        tally
            .iter()
            .filter(|(_, n)| *n > 0)
            .map(|(outcome, n)| match lang {
                Lang::Zh => format!("{}{n}", outcome.label().zh),
                Lang::En => format!("{n} {}", outcome.label().en),
            })
            .collect()
    }

    fn place(&mut self, duty: &Duty) -> usize {
        let key = (duty.ruleset.clone(), duty.obligation.clone());
        *self.places.entry(key).or_insert_with(|| {
            self.duties.push(DutyTotals {
                duty: duty.clone(),
                counts: Tally::default(),
                latest: None,
            });
            self.duties.len() - 1
        })
    }

    /// The index of a case's list of duties. Cases share their lists or have equal ones; there are few.
    fn list(&mut self, duties: &Arc<[Duty]>) -> usize {
        let is = |(known, _): &(Arc<[Duty]>, _)| Arc::ptr_eq(known, duties) || known == duties;
        self.lists.iter().position(is).unwrap_or_else(|| {
            let places = duties.iter().map(|duty| self.place(duty)).collect();
            self.lists.push((Arc::clone(duties), places));
            self.lists.len() - 1
        })
    }

    /// Adds what is counted finding by finding, for a case or for a group of cases, which is not a case.
    fn add_each(&mut self, audit: &CaseAudit, is_case: bool) {
        self.added += 1;
        for finding in &audit.findings {
            self.add_lateness(finding);
            self.add_bodies(finding, audit, is_case);
            if finding.outcome == Outcome::Undetermined {
                self.add_gaps(finding, is_case);
            }
        }
    }

    fn add_lateness(&mut self, finding: &Finding) {
        if let Some(due) = &finding.due
            && finding.outcome == Outcome::Violated
            && due.late_days > 0
            && let Some(at) = self
                .places
                .get(&(finding.ruleset.clone(), finding.obligation.clone()))
        {
            let latest = &mut self.duties[*at].latest;
            let days = (due.late_days, due.in_workdays);
            if latest.is_none_or(|(most, _)| most < days.0) {
                *latest = Some(days);
            }
        }
    }

    fn add_bodies(&mut self, finding: &Finding, audit: &CaseAudit, is_case: bool) {
        let violated = finding.outcome == Outcome::Violated;
        let names = bodies(finding, audit);
        let mut add = |key: &str, name: &dyn Fn() -> Text, is_named: bool| {
            let body = self.bodies.get(key, || BodyTotals {
                key: key.to_owned(),
                name: name(),
                is_named,
                counts: Tally::default(),
                cases: 0,
                violated_cases: 0,
                violated_across: 0,
            });
            if is_case {
                body.total.cases += usize::from(body.is_new(self.added));
            }
            if violated && !is_case {
                body.total.violated_across += 1;
            } else if violated
                && std::mem::replace(&mut body.last_violated, self.added) != self.added
            {
                body.total.violated_cases += 1;
            }
            body.total.counts[finding.outcome] += 1;
        };
        for (key, name) in &names {
            add(key, &|| Text::same(*name), true);
        }
        if names.is_empty() {
            // A key that no name can have.
            let key = format!("\u{10ffff}{}", finding.bearer);
            let name = || choucha_core::text!("{}（案卷未载明单位）", "{} (organisation not on record)"; finding.bearer_label);
            add(&key, &name, false);
        }
    }

    fn add_gaps(&mut self, finding: &Finding, is_case: bool) {
        let missing = finding.missing.iter();
        let mut missing: Vec<(Cow<'_, str>, &Missing)> =
            missing.map(|gap| (unnumbered(&gap.fact), gap)).collect();
        // The first row of a list represents the fact.
        missing.sort_by(|(a, _), (b, _)| a.cmp(b));
        missing.dedup_by(|(later, _), (first, _)| later == first);
        let only_fact = missing.len() == 1;
        let mut named: Vec<&Missing> = Vec::new();
        for (fact, gap) in &missing {
            let total = self.gaps.get(fact, || GapTotals {
                fact: fact.to_string(),
                title: gap.title.clone(),
                paper: gap.form.clone(),
                findings: 0,
                alone: 0,
                cases: 0,
                place: gap.place,
            });
            total.total.findings += 1;
            total.total.alone += usize::from(only_fact);
            total.total.cases += usize::from(is_case && total.is_new(self.added));
            let same = |known: &&Missing| paper(known) == paper(gap);
            if gap.form.is_some() && !named.iter().any(same) {
                named.push(gap);
            }
        }
        let only_paper = named.len() == 1 && missing.iter().all(|(_, gap)| gap.form.is_some());
        for gap in named {
            let form = gap.form.as_ref();
            let total = self.papers.get(paper(gap), || PaperTotals {
                paper: form.cloned().unwrap_or_default(),
                findings: 0,
                alone: 0,
                cases: 0,
                place: gap.place,
            });
            total.total.findings += 1;
            total.total.alone += usize::from(only_paper);
            total.total.place = total.total.place.min(gap.place);
            total.total.cases += usize::from(is_case && total.is_new(self.added));
        }
    }

    /// All duties, in the order of first occurrence.
    #[must_use]
    pub fn duties(&self) -> &[DutyTotals] {
        &self.duties
    }

    /// The violated duties, most violations first.
    #[must_use]
    pub fn worst_duties(&self) -> Vec<&DutyTotals> {
        let violated = |duty: &&DutyTotals| duty.count(Outcome::Violated) > 0;
        let mut duties: Vec<&DutyTotals> = self.duties.iter().filter(violated).collect();
        duties.sort_by_key(|duty| (Reverse(duty.count(Outcome::Violated)), duty.duty.severity));
        duties
    }

    /// All bodies: most violations first, then most for review, then by name.
    #[must_use]
    pub fn bodies(&self) -> Vec<&BodyTotals> {
        let weight = |body: &BodyTotals| {
            Reverse([
                body.counts[Outcome::Violated],
                body.counts[Outcome::Review],
                body.counts[Outcome::Undetermined],
            ])
        };
        let mut bodies = self.bodies.totals();
        bodies.sort_by(|a, b| (weight(a), &a.key).cmp(&(weight(b), &b.key)));
        bodies
    }

    /// All papers with missing facts, the most helpful first.
    #[must_use]
    pub fn papers(&self) -> Vec<&PaperTotals> {
        let mut papers = self.papers.totals();
        let weight = |paper: &PaperTotals| (Reverse(paper.findings), paper.place);
        papers.sort_by(|a, b| (weight(a), &a.paper.zh).cmp(&(weight(b), &b.paper.zh)));
        papers
    }

    /// All missing facts, the most helpful first.
    #[must_use]
    pub fn gaps(&self) -> Vec<&GapTotals> {
        let mut gaps = self.gaps.totals();
        let weight = |gap: &GapTotals| (Reverse(gap.findings), gap.place);
        gaps.sort_by(|a, b| (weight(a), &a.fact).cmp(&(weight(b), &b.fact)));
        gaps
    }
}

/// The organisations that answer for a finding, as far as the record names them, each with its key.
fn bodies<'a>(finding: &'a Finding, audit: &'a CaseAudit) -> Vec<(Cow<'a, str>, &'a str)> {
    let mut found: Vec<(Cow<'_, str>, &str)> = Vec::new();
    let organisation = |party: &'a Party| match party.employer.as_deref() {
        Some(employer) => Some(employer),
        None => match audit.subject.employer(&finding.bearer) {
            Some(employer) => employer,
            None => Some(&*party.name),
        },
    };
    for name in finding.responsible.iter().filter_map(organisation) {
        let name = name.trim();
        let key: Cow<'_, str> = normal(name).into();
        if !key.is_empty() && !found.iter().any(|(known, _)| *known == key) {
            found.push((key, name));
        }
    }
    found
}

/// The key of a paper.
fn paper(gap: &Missing) -> &str {
    gap.form.as_ref().map_or("", |form| &form.zh)
}

/// A path without row numbers: `corrections[2].confirmed` becomes `corrections[].confirmed`.
fn unnumbered(fact: &str) -> Cow<'_, str> {
    if !fact.contains('[') {
        return fact.into();
    }
    let mut out = String::with_capacity(fact.len());
    let mut inside = false;
    for c in fact.chars() {
        inside = match c {
            '[' => {
                out.push(c);
                true
            }
            ']' => false,
            _ => inside,
        };
        if !inside {
            out.push(c);
        }
    }
    out.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_of_a_list_are_one_fact() {
        assert_eq!(unnumbered("a.rows[12].b[3]"), "a.rows[].b[]");
        assert_eq!(unnumbered("a.b"), "a.b");
    }
}
