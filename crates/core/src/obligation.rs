//! Obligations, citations, deadlines and rule sets: plain data, declared by the scripts and checked at load.
//!
//! Terms: an *obligation* says who must or must not do what, when, under which condition, by which clause; a *stage*
//! (环节) is a part of the procedure that a case does or does not reach; an *exception* defeats obligations; a *part* is
//! one of several demands of one obligation, judged and named by itself.

mod expressions;

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::expr::Expr;
use crate::lang::Text;
use crate::period::Limit;
use crate::source::Span;
use crate::value::Day;

/// The id of an obligation, stage or exception: the duty in words, such as `report.failed.mail-to-province`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Id(pub String);

impl fmt::Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The id of a rule set: its folder, such as `shanxi/2024-batch-1`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct RuleSetId(pub String);

impl fmt::Display for RuleSetId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A sentence of an instrument, or part of one, quoted verbatim.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Citation {
    /// The number of the instrument, as the registry spells it.
    pub instrument: String,
    /// The section or article: `二、（二）`, `第十七条`.
    pub section: String,
    /// The words, verbatim.
    pub quote: String,
    /// Where the script cites it.
    pub at: Span,
}

impl Citation {
    /// The section as shown on its own: a chapter number alone, `二、`, as 第二部分.
    #[must_use]
    pub fn section_shown(&self) -> Text {
        match self.section.strip_suffix('、') {
            Some(number) => Text::new(format!("第{number}部分"), format!("part {number}")),
            None => Text::same(&self.section),
        }
    }
}

coded! {
    /// How serious a breach is; the gravest first.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
    pub enum Severity {
        /// 严重: affects the validity of the result or the integrity of persons.
        Critical = "critical", "严重", "critical";
        /// 较重.
        Major = "major", "较重", "major";
        /// 一般.
        Minor = "minor", "一般", "minor";
    }
}

impl Severity {
    /// What the label means, for readers of a report.
    #[must_use]
    pub fn meaning(self) -> Text {
        match self {
            Severity::Critical => Text::new(
                "影响结果的有效性或者人员的廉洁公正",
                "touches the validity of the result or the integrity of persons",
            ),
            Severity::Major => Text::new(
                "违反程序、期限或者他人的权利",
                "breaks procedure, a deadline or the rights of others",
            ),
            Severity::Minor => Text::new(
                "记载、文书等形式上的欠缺",
                "a shortcoming of form, in records or papers",
            ),
        }
    }
}

/// An act and its time limit.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Deadline {
    /// The day of the act.
    pub act: Expr,
    /// The day the time runs from; `None` for a fixed date.
    pub since: Option<Expr>,
    /// The time limit.
    pub limit: Limit,
    /// Another day the time may run from, if the text allows two.
    pub or_since: Option<OtherStart>,
    /// Whether the act cannot come before the starting day, by the vocabulary's chronology. An act dated before it is
    /// for a person to verify.
    pub follows: bool,
}

impl Deadline {
    /// The expressions it reads: the act, and the possible starting days.
    pub fn reads(&self) -> impl Iterator<Item = &Expr> {
        std::iter::once(&self.act)
            .chain(&self.since)
            .chain(self.or_since.as_ref().map(|other| &other.since))
    }
}

/// A second possible starting day: another reading of the same norm, which gives more time if the days differ.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct OtherStart {
    /// The day. It cannot come before the first: an order is served after it was made. If the record has it earlier,
    /// the first day alone decides. If it is unknown, what is late by the first day is undecided; if it is known not to
    /// have happened, only the first day counts.
    pub since: Expr,
    /// The reading: `自责令改正通知书送达之日起算`.
    pub reading: Text,
}

/// What an obligation demands.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub enum Requirement {
    /// The condition must hold.
    Must(Expr),
    /// The condition must not hold.
    MustNot(Expr),
    /// The act must be done in time.
    Deadline(Deadline),
    /// Every part must be met; each is judged by itself. Parts cannot contain parts.
    Parts(Vec<Part>),
}

impl Requirement {
    /// Its parts, in the order declared; none if it has no parts.
    #[must_use]
    pub fn parts(&self) -> &[Part] {
        match self {
            Requirement::Parts(parts) => parts,
            _ => &[],
        }
    }

    /// Its deadline, or those of its parts.
    pub fn deadlines(&self) -> impl Iterator<Item = &Deadline> {
        let own = match self {
            Requirement::Deadline(deadline) => Some(deadline),
            _ => None,
        };
        let of_parts = self
            .parts()
            .iter()
            .filter_map(|part| match &part.requirement {
                Requirement::Deadline(deadline) => Some(deadline),
                // Parts cannot contain parts.
                _ => None,
            });
        own.into_iter().chain(of_parts)
    }

    /// Whether it, or a part of it, has a due date.
    #[must_use]
    pub fn has_deadline(&self) -> bool {
        self.deadlines().next().is_some()
    }
}

/// One of several demands of an obligation.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Part {
    /// Its code, unique within the obligation.
    pub code: String,
    /// Its title for people.
    pub title: Text,
    /// When it is demanded; `None` means always.
    pub when: Option<Expr>,
    /// Its demand; never `Parts`.
    pub requirement: Requirement,
    /// Its own citation.
    pub citation: Option<Citation>,
    /// The citations of the part of the same code in the obligations it refines, the nearest first; `None` where those cite
    /// nothing for that part. Filled in by the load, not written by scripts.
    pub higher_citations: Option<Vec<Citation>>,
}

/// A circumstance in which a person must judge, with the possible readings.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Reading {
    /// When it arises.
    pub when: Expr,
    /// The question to judge, with the readings.
    pub text: Text,
}

/// What an obligation is judged on: one case, the campaign, or cases gathered by facts they share.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
pub enum Scope {
    /// Each case by itself.
    #[default]
    Case,
    /// The campaign's own record, with all its cases.
    Campaign,
    /// The cases that share the values of these facts of the vocabulary's group `group`, by code in its order; never
    /// empty.
    Gathered(Vec<String>),
}

impl Scope {
    /// The code in scripts and JSON output: `case`, `campaign`, `respondent`, `respondent+product`.
    #[must_use]
    pub fn code(&self) -> String {
        match self {
            Scope::Case => "case".to_owned(),
            Scope::Campaign => "campaign".to_owned(),
            Scope::Gathered(by) => by.join("+"),
        }
    }
}

/// A duty: who must, or must not, do what.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Obligation {
    /// Its id, unique in a rule set and the rule sets it includes.
    pub id: Id,
    /// The id of the rule set that declares it.
    pub ruleset: RuleSetId,
    /// What it is judged on.
    pub scope: Scope,
    /// Its title, in both languages.
    pub title: Text,
    /// The code of the role that owes it.
    pub bearer: String,
    /// The sentences of its own instrument that it rests on; never empty.
    pub citations: Vec<Citation>,
    /// The sentences of the obligations it refines, the nearest first, except those its own repeat. Filled in at load,
    /// not by scripts.
    pub higher_citations: Vec<Citation>,
    /// How serious a breach is.
    pub severity: Severity,
    /// When it arises; `None` means always.
    pub when: Option<Expr>,
    /// What it demands.
    pub requirement: Requirement,
    /// Stages and obligations it presupposes.
    pub after: Vec<Link>,
    /// Obligations it triggers.
    pub triggers: Vec<Link>,
    /// Exceptions that defeat it.
    pub unless: Vec<Link>,
    /// The obligation whose breach it remedies.
    pub remedies: Option<Link>,
    /// Whether carrying out this remedy excuses the breach.
    pub excuses: bool,
    /// The obligations whose breach explains a breach of this one, which is then their consequence. They decide nothing
    /// about whether it applies. A duty across cases may name duties on each case.
    pub follows: Vec<Link>,
    /// Whether it is a right: not used in time it lapses, which is its holder's loss and no breach. It has deadlines
    /// only.
    pub lapses: bool,
    /// Whether it counts from a day of its own text and replaces the duty it refines even if its due date may be later:
    /// a reading of both texts together, which leaves the difference to a person.
    pub counts_otherwise: bool,
    /// Circumstances in which a person must judge.
    pub review: Vec<Reading>,
    /// The persons or organisations responsible; if empty, those in the facts that name the bearer.
    pub responsible: Vec<Expr>,
    /// The reading it follows; may be empty.
    pub note: Text,
    /// The obligation of an included rule set that this one refines.
    pub refines: Option<Link>,
    /// Where the script declares it.
    pub at: Span,
}

/// A reference to another node, with its place in the script.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Link {
    /// The id referred to.
    pub id: Id,
    /// Where the script refers to it.
    pub at: Span,
}

/// A part of the procedure that a case does or does not reach.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Stage {
    /// Its id.
    pub id: Id,
    /// The id of the rule set that declares it.
    pub ruleset: RuleSetId,
    /// Its title, in both languages.
    pub title: Text,
    /// Stages and obligations it presupposes.
    pub after: Vec<Link>,
    /// When the case reaches it; `None` means always.
    pub holds: Option<Expr>,
    /// The day the case reached it, a date of the record. It is the day of the duties after it that have none of their
    /// own.
    pub on: Option<Expr>,
    /// Where the script declares it.
    pub at: Span,
}

/// A circumstance that defeats obligations.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Exception {
    /// Its id.
    pub id: Id,
    /// The id of the rule set that declares it.
    pub ruleset: RuleSetId,
    /// Its title, in both languages.
    pub title: Text,
    /// The sentences it rests on; never empty.
    pub citations: Vec<Citation>,
    /// When it holds.
    pub holds: Expr,
    /// Where the script declares it.
    pub at: Span,
}

/// A product of a campaign's plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Product {
    /// As the plan names it.
    pub name: String,
    /// Other names in the notice.
    pub aliases: Vec<String>,
}

/// The days that a notice sets for the work of its campaign, both included. A sample taken outside them belongs to the
/// campaign only if somebody says so.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Schedule {
    /// The first day.
    pub from: Option<Day>,
    /// The last day.
    pub until: Option<Day>,
}

/// The obligations in force for one campaign, without those of the rule sets it includes.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct RuleSet {
    /// Its id.
    pub id: RuleSetId,
    /// Its title, in both languages.
    pub title: Text,
    /// The number of its instrument.
    pub instrument: String,
    /// The rule sets it includes.
    pub includes: Vec<RuleSetId>,
    /// First day in force.
    pub from: Option<Day>,
    /// Last day in force.
    pub until: Option<Day>,
    /// The region it governs.
    pub region: Option<String>,
    /// The organiser of the campaign.
    pub organiser: Option<String>,
    /// The products its plan names; empty where it names none.
    pub products: Vec<Product>,
    /// The days its notice sets for the work (进度要求): first and last, if the text gives them.
    pub schedule: Option<Schedule>,
    /// Its stages, in the order declared.
    pub stages: Vec<Stage>,
    /// Its exceptions, in the order declared.
    pub exceptions: Vec<Exception>,
    /// Its obligations on each case, in the order declared.
    pub obligations: Vec<Obligation>,
    /// Its obligations on the campaign and across cases, in the order declared.
    pub across: Vec<Obligation>,
    /// Where the script declares it.
    pub at: Span,
}

/// Whether something with a first and a last day is in force on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Force {
    /// In force.
    InForce,
    /// Not in force before this day.
    NotYet(Day),
    /// No longer in force; this was its last day.
    Ended(Day),
}

impl Force {
    /// Whether something is in force on `day` if it is in force from `from` until `until`, both included; `None` means
    /// no limit.
    #[must_use]
    pub fn on(day: Day, from: Option<Day>, until: Option<Day>) -> Force {
        match (from, until) {
            (Some(from), _) if day < from => Force::NotYet(from),
            (_, Some(until)) if day > until => Force::Ended(until),
            _ => Force::InForce,
        }
    }

    /// Itself unless in force; otherwise `other`.
    #[must_use]
    pub fn and(self, other: Force) -> Force {
        match self {
            Force::InForce => other,
            _ => self,
        }
    }

    /// Whether it is in force.
    #[must_use]
    pub fn holds(self) -> bool {
        self == Force::InForce
    }
}

/// What cites a clause.
#[derive(Debug, Clone, Copy)]
pub enum Citing<'a> {
    /// An obligation, or a part of it.
    Obligation(&'a Obligation),
    /// An exception.
    Exception(&'a Exception),
}

impl<'a> Citing<'a> {
    /// Its id.
    #[must_use]
    pub fn id(self) -> &'a Id {
        match self {
            Citing::Obligation(obligation) => &obligation.id,
            Citing::Exception(exception) => &exception.id,
        }
    }

    /// Its title.
    #[must_use]
    pub fn title(self) -> &'a Text {
        match self {
            Citing::Obligation(obligation) => &obligation.title,
            Citing::Exception(exception) => &exception.title,
        }
    }
}

impl Obligation {
    /// Its grounds as a whole: its own citations, then those of the obligations it refines.
    pub fn grounds(&self) -> impl Iterator<Item = &Citation> {
        self.citations.iter().chain(&self.higher_citations)
    }

    /// Its grounds, then the citations of its parts, in the order declared.
    pub fn all_citations(&self) -> impl Iterator<Item = &Citation> {
        let parts = self.requirement.parts().iter();
        self.grounds()
            .chain(parts.filter_map(|part| part.citation.as_ref()))
    }
}

impl RuleSet {
    /// Whether it is in force on a day. Its dates are those of its script, within those of its instrument.
    #[must_use]
    pub fn in_force(&self, day: Day) -> Force {
        Force::on(day, self.from, self.until)
    }

    /// Its obligations of every scope; those on single cases first.
    pub fn all_obligations(&self) -> impl Iterator<Item = &Obligation> {
        self.obligations.iter().chain(&self.across)
    }

    /// The scopes of its obligations across cases, each once, in order.
    #[must_use]
    pub fn scopes_across(&self) -> Vec<&Scope> {
        let mut scopes: Vec<&Scope> = self.across.iter().map(|duty| &duty.scope).collect();
        scopes.sort_unstable();
        scopes.dedup();
        scopes
    }

    /// The rule set as judged in one scope: only the obligations of that scope. Scopes other than the case have no
    /// stages, which belong to the procedure of a case.
    #[must_use]
    pub fn within(&self, scope: &Scope) -> RuleSet {
        let of_scope = |obligation: &&Obligation| obligation.scope == *scope;
        RuleSet {
            obligations: self.all_obligations().filter(of_scope).cloned().collect(),
            across: Vec::new(),
            stages: match scope {
                Scope::Case => self.stages.clone(),
                _ => Vec::new(),
            },
            ..self.clone()
        }
    }

    /// Every citation of its obligations, then of its exceptions, in the order declared.
    pub fn citations(&self) -> impl Iterator<Item = (Citing<'_>, &Citation)> {
        let obligations = self.all_obligations().flat_map(|obligation| {
            let citing = Citing::Obligation(obligation);
            obligation.all_citations().map(move |cited| (citing, cited))
        });
        let exceptions = self.exceptions.iter().flat_map(|exception| {
            let citing = Citing::Exception(exception);
            exception.citations.iter().map(move |cited| (citing, cited))
        });
        obligations.chain(exceptions)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Source;

    #[test]
    fn a_chapter_cited_by_its_number_alone_is_called_a_part() {
        let shown = |section: &str| {
            let citation = Citation {
                instrument: "示例〔2024〕1号".to_owned(),
                section: section.to_owned(),
                quote: String::new(),
                at: Span::new(&Source::new("a", ""), 0..0),
            };
            citation.section_shown()
        };
        assert_eq!(shown("二、"), Text::new("第二部分", "part 二"));
        assert_eq!(shown("二、（一）"), Text::same("二、（一）"));
        assert_eq!(shown("第十七条"), Text::same("第十七条"));
    }
}
