//! The totals of a run: by outcome, by duty, by responsible organisation, by what is missing.
//!
//! One piece of code adds them up, so that the terminal, JSON and the workbook say the same numbers.
//!
//! Terms: a *body* is an organisation responsible for a duty; people count for the organisation they work for.
//!
//! Invariants: memory grows with the number of duties, bodies and facts, never with that of cases; every case is counted
//! once, by its outcome, and every finding once, by its own.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use crate::audit::{CaseAudit, Duty, Finding, Missing, Outcome};
use crate::campaign::CampaignAudit;
use crate::diagnostic::{Diagnostic, Level};
use crate::lang::{Lang, Text};
use crate::obligation::{Id, RuleSetId};
use crate::value::{Party, significant};

/// How many dossiers that could not be audited are kept by name.
pub const NAMED: usize = 20;

/// How many have each outcome, in the order of [`Outcome::ALL`].
pub type Tally = [usize; 8];

/// The totals of a run so far.
#[derive(Debug, Clone, Default)]
pub struct Totals {
    /// Dossiers given.
    pub records: usize,
    /// Those of them that could not be audited; they are counted as errored too.
    pub unaudited: usize,
    /// Cases by outcome.
    pub cases: Tally,
    /// Findings by outcome: of every obligation of every case, and of every group of cases.
    pub findings: Tally,
    /// Whether every finding was explained, so that bodies are known of those that are satisfied too.
    pub explained: bool,
    /// The first dossiers that could not be audited, at most [`NAMED`].
    pub unread: Vec<String>,
    /// What is wrong with inputs as a whole: errors, warnings, notes.
    pub problems: [usize; 3],
    duties: Vec<DutyTotals>,
    places: HashMap<(RuleSetId, Id), usize>,
    /// The places of all duties that cases have in common.
    lists: Vec<(Arc<[Duty]>, Vec<usize>)>,
    bodies: BTreeMap<String, BodyTotals>,
    papers: BTreeMap<String, PaperTotals>,
    gaps: BTreeMap<String, GapTotals>,
}

/// How a duty was met.
#[derive(Debug, Clone)]
pub struct DutyTotals {
    /// The duty.
    pub duty: Duty,
    /// Its findings by outcome.
    pub counts: Tally,
    /// The most days late, and whether they are working days.
    pub latest: Option<(i32, bool)>,
}

impl DutyTotals {
    /// In how many cases it was owed, or may have been: all but those it does not apply to.
    #[must_use]
    pub fn owed(&self) -> usize {
        let not = self.counts[Outcome::NotApplicable as usize];
        self.counts.iter().sum::<usize>() - not
    }

    /// How many findings have an outcome.
    #[must_use]
    pub fn count(&self, outcome: Outcome) -> usize {
        self.counts[outcome as usize]
    }
}

/// What an organisation answers for.
#[derive(Debug, Clone)]
pub struct BodyTotals {
    /// Its name, or which one the records do not name.
    pub name: Text,
    /// Whether the records name it.
    pub is_named: bool,
    /// Findings it answers for, by outcome.
    pub counts: Tally,
    /// Cases, and groups of cases, in which it answers for a finding.
    pub cases: usize,
    /// Cases, and groups of cases, in which it answers for a violation.
    pub violated_cases: usize,
}

/// What a paper would decide.
#[derive(Debug, Clone)]
pub struct PaperTotals {
    /// The paper.
    pub paper: Text,
    /// Undetermined findings it would help to decide.
    pub findings: usize,
    /// Those of them that lack nothing else.
    pub alone: usize,
    /// Cases with such a finding.
    pub cases: usize,
    /// The earliest place in the data dictionary of a fact on it.
    pub place: usize,
}

/// What a fact would decide.
#[derive(Debug, Clone)]
pub struct GapTotals {
    /// Its path; rows of lists without their numbers.
    pub fact: String,
    /// What a person calls it.
    pub title: Text,
    /// The paper it is found on.
    pub paper: Option<Text>,
    /// Undetermined findings it would help to decide.
    pub findings: usize,
    /// Those of them that lack nothing else.
    pub alone: usize,
    /// Cases with such a finding.
    pub cases: usize,
    /// Its place in the data dictionary.
    pub place: usize,
}

impl Totals {
    /// The totals of nothing, of a run that explains every finding or only those that are not settled.
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
        self.cases[audit.outcome() as usize] += 1;
        self.add_findings(audit);
    }

    fn add_findings(&mut self, audit: &CaseAudit) {
        for (count, more) in self.findings.iter_mut().zip(audit.counts) {
            *count += more;
        }
        let list = self.list(&audit.duties);
        for (place, outcome) in self.lists[list].1.iter().zip(&audit.outcomes) {
            self.duties[*place].counts[*outcome as usize] += 1;
        }
        self.add_bodies(audit);
        self.add_gaps(audit);
    }

    /// Counts what was found of a campaign and across its cases; its groups are no cases.
    pub fn add_campaign(&mut self, campaign: &CampaignAudit) {
        for scope in &campaign.scopes {
            for tally in &scope.tallies {
                let place = self.place(&tally.duty);
                let counts = &mut self.duties[place].counts;
                for (count, more) in counts.iter_mut().zip(tally.outcomes) {
                    *count += more;
                }
                for (count, more) in self.findings.iter_mut().zip(tally.outcomes) {
                    *count += more;
                }
            }
        }
        for group in campaign.shown() {
            self.add_bodies(&group.audit);
            self.add_gaps(&group.audit);
        }
    }

    /// Counts a dossier that could not be audited.
    pub fn add_unaudited(&mut self, name: &str) {
        self.records += 1;
        self.unaudited += 1;
        self.cases[Outcome::Errored as usize] += 1;
        if self.unread.len() < NAMED {
            self.unread.push(name.to_owned());
        }
    }

    /// Counts what is wrong with an input as a whole.
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

    /// The outcomes there are any of, in words: `违规2、合规48`.
    #[must_use]
    pub fn words(tally: &Tally, lang: Lang) -> String {
        Totals::counted(tally, lang).join(lang.pick("、", ", "))
    }

    /// The same, one by one.
    #[must_use]
    pub fn counted(tally: &Tally, lang: Lang) -> Vec<String> {
        Outcome::ALL
            .iter()
            .zip(tally)
            .filter(|(_, n)| **n > 0)
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
                counts: [0; 8],
                latest: None,
            });
            self.duties.len() - 1
        })
    }

    /// The list of the places of all duties of a case. Cases share their duties, or have equal ones; there are few of either.
    fn list(&mut self, duties: &Arc<[Duty]>) -> usize {
        let is = |(known, _): &(Arc<[Duty]>, _)| Arc::ptr_eq(known, duties) || known == duties;
        self.lists.iter().position(is).unwrap_or_else(|| {
            let places = duties.iter().map(|duty| self.place(duty)).collect();
            self.lists.push((Arc::clone(duties), places));
            self.lists.len() - 1
        })
    }

    fn add_bodies(&mut self, audit: &CaseAudit) {
        let mut seen: BTreeMap<String, bool> = BTreeMap::new();
        for finding in &audit.findings {
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
            for (key, name, is_named) in bodies(finding, audit) {
                let body = self
                    .bodies
                    .entry(key.clone())
                    .or_insert_with(|| BodyTotals {
                        name,
                        is_named,
                        counts: [0; 8],
                        cases: 0,
                        violated_cases: 0,
                    });
                body.counts[finding.outcome as usize] += 1;
                *seen.entry(key).or_default() |= finding.outcome == Outcome::Violated;
            }
        }
        for (key, violated) in seen {
            if let Some(body) = self.bodies.get_mut(&key) {
                body.cases += 1;
                body.violated_cases += usize::from(violated);
            }
        }
    }

    fn add_gaps(&mut self, audit: &CaseAudit) {
        let mut facts: BTreeSet<String> = BTreeSet::new();
        let mut papers: BTreeSet<String> = BTreeSet::new();
        let open = |finding: &&Finding| finding.outcome == Outcome::Undetermined;
        for finding in audit.findings.iter().filter(open) {
            let mut missing: BTreeMap<String, &Missing> = BTreeMap::new();
            for gap in &finding.missing {
                missing.entry(unnumbered(&gap.fact)).or_insert(gap);
            }
            let only_fact = missing.len() == 1;
            let mut named: BTreeMap<&str, &Missing> = BTreeMap::new();
            for (fact, gap) in &missing {
                let total = self.gaps.entry(fact.clone()).or_insert_with(|| GapTotals {
                    fact: fact.clone(),
                    title: gap.title.clone(),
                    paper: gap.form.clone(),
                    findings: 0,
                    alone: 0,
                    cases: 0,
                    place: gap.place,
                });
                total.findings += 1;
                total.alone += usize::from(only_fact);
                total.cases += usize::from(facts.insert(fact.clone()));
                if let Some(form) = &gap.form {
                    named.entry(&form.zh).or_insert(gap);
                }
            }
            let only_paper = named.len() == 1 && missing.values().all(|gap| gap.form.is_some());
            for (paper, gap) in named {
                let form = gap.form.clone().unwrap_or_default();
                let total = self
                    .papers
                    .entry(paper.to_owned())
                    .or_insert_with(|| PaperTotals {
                        paper: form,
                        findings: 0,
                        alone: 0,
                        cases: 0,
                        place: gap.place,
                    });
                total.findings += 1;
                total.alone += usize::from(only_paper);
                total.place = total.place.min(gap.place);
                total.cases += usize::from(papers.insert(paper.to_owned()));
            }
        }
    }

    /// Every duty, in the order first met with.
    #[must_use]
    pub fn duties(&self) -> &[DutyTotals] {
        &self.duties
    }

    /// The duties violated, those violated most first.
    #[must_use]
    pub fn worst_duties(&self) -> Vec<&DutyTotals> {
        let violated = |duty: &&DutyTotals| duty.count(Outcome::Violated) > 0;
        let mut duties: Vec<&DutyTotals> = self.duties.iter().filter(violated).collect();
        duties.sort_by_key(|duty| (Reverse(duty.count(Outcome::Violated)), duty.duty.severity));
        duties
    }

    /// Every body, those with most violations first, then those with most to judge, then by name.
    #[must_use]
    pub fn bodies(&self) -> Vec<&BodyTotals> {
        let mut bodies: Vec<&BodyTotals> = self.bodies.values().collect();
        bodies.sort_by_key(|body| {
            Reverse([
                body.counts[Outcome::Violated as usize],
                body.counts[Outcome::Review as usize],
                body.counts[Outcome::Undetermined as usize],
            ])
        });
        bodies
    }

    /// Every paper something is missing of, the one that would help most first.
    #[must_use]
    pub fn papers(&self) -> Vec<&PaperTotals> {
        let mut papers: Vec<&PaperTotals> = self.papers.values().collect();
        papers.sort_by_key(|paper| (Reverse(paper.findings), paper.place));
        papers
    }

    /// Every fact missing, the one that would help most first.
    #[must_use]
    pub fn gaps(&self) -> Vec<&GapTotals> {
        let mut gaps: Vec<&GapTotals> = self.gaps.values().collect();
        gaps.sort_by_key(|gap| (Reverse(gap.findings), gap.place));
        gaps
    }
}

/// The organisations that answer for a finding: a key, the name, and whether the record names it.
fn bodies<'a>(finding: &'a Finding, audit: &'a CaseAudit) -> Vec<(String, Text, bool)> {
    let mut found: Vec<(String, Text, bool)> = Vec::new();
    let organisation = |party: &'a Party| match party.employer.as_deref() {
        Some(employer) => Some(employer),
        None => match audit.subject.employer(&finding.bearer) {
            Some(employer) => employer,
            None => Some(&*party.name),
        },
    };
    for name in finding.responsible.iter().filter_map(organisation) {
        let name = name.trim();
        let key: String = significant(name).collect();
        if !key.is_empty() && !found.iter().any(|(known, ..)| *known == key) {
            found.push((key, Text::same(name), true));
        }
    }
    if found.is_empty() {
        // A key no name has.
        let key = format!("\u{10ffff}{}", finding.bearer);
        let name = crate::text!("{}（案卷未载明单位）", "{} (organisation not on record)"; finding.bearer_label);
        found.push((key, name, false));
    }
    found
}

/// A path without the numbers of rows: `corrections[2].confirmed` as `corrections[].confirmed`.
fn unnumbered(fact: &str) -> String {
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
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample::{audit, thin};

    #[test]
    fn totals_add_up_whatever_they_are_taken_by() {
        let mut totals = Totals::new(true);
        for audit in [audit(), thin(), audit()] {
            totals.add(&audit);
        }
        totals.add_unaudited("案卷/坏文件.yaml");
        assert_eq!(totals.records, 4);
        assert_eq!(totals.cases.iter().sum::<usize>(), totals.records);
        assert_eq!(totals.cases[Outcome::Violated as usize], 2);
        let by_duty = |outcome: Outcome| -> usize {
            totals.duties().iter().map(|duty| duty.count(outcome)).sum()
        };
        for outcome in Outcome::ALL {
            assert_eq!(
                by_duty(outcome),
                totals.findings[outcome as usize],
                "{outcome:?}"
            );
        }
        assert_eq!(totals.findings.iter().sum::<usize>(), 10 + 7 + 10);
        let late = &totals.worst_duties();
        assert!(late.iter().any(|duty| duty.latest == Some((4, false))));
        let bodies = totals.bodies();
        // People without an employer count for the agency they sampled for.
        let agency = bodies
            .iter()
            .find(|body| body.name.zh == "示例检测中心")
            .unwrap();
        assert_eq!(agency.cases, 3);
        assert_eq!(agency.violated_cases, 2);
        assert!(!bodies.iter().any(|body| body.name.zh.contains("某甲")));
    }

    #[test]
    fn what_would_decide_most_is_told_with_what_it_decides_alone() {
        let mut totals = Totals::new(false);
        totals.add(&thin());
        totals.add(&thin());
        let paper = totals.papers()[0].clone();
        assert_eq!(paper.paper.zh, "抽样单");
        // Of seven duties five lack the sampling sheet; nothing else is missing for them.
        assert_eq!((paper.findings, paper.alone, paper.cases), (10, 10, 2));
        let date = totals.gaps()[0];
        assert_eq!(date.fact, "sampling.sampled_on");
        assert_eq!((date.findings, date.alone, date.cases), (8, 2, 2));
    }

    #[test]
    fn memory_does_not_grow_with_the_number_of_cases() {
        let mut totals = Totals::new(false);
        let sample = audit();
        for n in 0..500 {
            let mut audit = sample.clone();
            audit.case = format!("示例-{n}");
            totals.add(&audit);
        }
        for n in 0..100 {
            totals.add_unaudited(&format!("坏文件-{n}.yaml"));
        }
        assert_eq!(totals.unread.len(), NAMED);
        assert_eq!(totals.duties().len(), 10);
        assert!(totals.bodies().len() < 10);
        assert_eq!(totals.cases[Outcome::Violated as usize], 500);
    }

    #[test]
    fn rows_of_a_list_are_one_fact() {
        assert_eq!(unnumbered("a.rows[12].b[3]"), "a.rows[].b[]");
        assert_eq!(unnumbered("a.b"), "a.b");
    }
}
