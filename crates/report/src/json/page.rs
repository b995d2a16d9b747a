//! A run in the form the browser page reads: the contract `choucha.page/1`, which `docs/schema/page-1.json` describes.
//!
//! It holds the objects of `choucha.audit/1`, one per line, without repetition: a finding that is the same word for word
//! in many cases stands once and is referred to by its number, so that ten thousand cases open at once.

use std::collections::HashMap;
use std::hash::{BuildHasher, RandomState};

use serde::Serialize;

use super::campaign::{Campaign, Group};
use super::finding::{BriefEvent, EvidenceObject, FindingObject};
use super::stream::{Common, Ending};
use super::{Case, Engine, Options};
use choucha_core::diagnostic::Diagnostic;
use choucha_core::value::Day;
use choucha_run::totals::Totals;

/// The name and version of the contract of what the page reads.
pub const PAGE: &str = "choucha.page/1";

/// The schema of a line of [`PAGE`].
pub const PAGE_SCHEMA: &str = include_str!("../../schema/page-1.json");

/// The schema of the project files that the page saves, `choucha.project/1`.
pub const PROJECT_SCHEMA: &str = include_str!("../../schema/project-1.json");

#[derive(Serialize)]
struct Begin<'a> {
    schema: &'static str,
    engine: &'a Engine,
    lang: &'static str,
    all: bool,
}

#[derive(Serialize)]
#[serde(rename_all = "snake_case")]
enum Line<'a> {
    Finding(&'a serde_json::value::RawValue),
    Duty { obligation: &'a str, title: &'a str },
    Case(Referring<&'a Case>),
    Group(Referring<&'a Group>),
    Campaign(&'a Campaign),
    End(Box<Ending<'a>>),
}

/// A finding and the facts it rests on; their values stand with each case, so that many cases can share the finding.
#[derive(Serialize)]
struct Shared {
    of: FindingObject,
    facts: Vec<String>,
}

/// An object whose findings and due dates stand on other lines; their evidence stands here.
#[derive(Serialize)]
struct Referring<T> {
    of: T,
    refers: Vec<usize>,
    evidence: Vec<EvidenceObject>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    events: Vec<BriefEvent>,
}

/// Writes the lines of a run, case by case.
#[derive(Debug)]
pub struct Page {
    options: Options,
    all: bool,
    day: Common,
    /// The numbers of the findings already written, by two hashes of their contents.
    findings: HashMap<(u64, u64), usize>,
    hashes: (RandomState, RandomState),
    /// The numbers of duties, by id and title.
    duties: HashMap<(String, String), usize>,
}

impl Page {
    /// Starts a run; `all`: findings that are satisfied or not applicable are written too.
    #[must_use]
    pub fn new(options: Options, all: bool) -> Self {
        Page {
            options,
            all,
            day: Common::default(),
            findings: HashMap::new(),
            hashes: (RandomState::new(), RandomState::new()),
            duties: HashMap::new(),
        }
    }

    /// The first line.
    ///
    /// # Errors
    /// If serialisation fails; data of these types cannot cause that. The same holds for all other methods.
    pub fn begin(&self, engine: &Engine) -> serde_json::Result<String> {
        Ok(serde_json::to_string(&Begin {
            schema: PAGE,
            engine,
            lang: self.options.lang.code(),
            all: self.all,
        })? + "\n")
    }

    /// Notes the day the next case was audited for; none if it could not be audited.
    pub fn audited_on(&mut self, day: Option<Day>) {
        self.day.note(day);
    }

    /// The lines of a case: findings and duties not written before, then the case.
    ///
    /// # Errors
    /// As [`Page::begin`].
    pub fn case(&mut self, mut case: Case) -> serde_json::Result<String> {
        let mut lines = String::new();
        let (refers, evidence) = self.refer(std::mem::take(&mut case.findings), &mut lines)?;
        let mut events = Vec::new();
        for event in std::mem::take(&mut case.timeline) {
            let (id, title) = event.duty();
            let key = (id.to_owned(), title.to_owned());
            let next = self.duties.len();
            let number = match self.duties.get(&key) {
                Some(number) => *number,
                None => {
                    let (obligation, title) = event.duty();
                    push(&mut lines, &Line::Duty { obligation, title })?;
                    self.duties.insert(key, next);
                    next
                }
            };
            events.push(event.into_brief(number));
        }
        let referring = Referring {
            of: &case,
            refers,
            evidence,
            events,
        };
        push(&mut lines, &Line::Case(referring))?;
        Ok(lines)
    }

    /// The lines of a campaign and of the groups of its cases.
    ///
    /// # Errors
    /// As [`Page::begin`].
    pub fn campaign(&mut self, mut campaign: Campaign) -> serde_json::Result<String> {
        let mut lines = String::new();
        let groups = campaign.take_groups();
        push(&mut lines, &Line::Campaign(&campaign))?;
        for mut group in groups {
            let (refers, evidence) = self.refer(group.take_findings(), &mut lines)?;
            let referring = Referring {
                of: &group,
                refers,
                evidence,
                events: Vec::new(),
            };
            push(&mut lines, &Line::Group(referring))?;
        }
        Ok(lines)
    }

    /// The last line.
    ///
    /// # Errors
    /// As [`Page::begin`].
    pub fn end(
        self,
        as_of: Option<Day>,
        problems: &[Diagnostic],
        totals: &Totals,
    ) -> serde_json::Result<String> {
        let as_of = as_of.or(self.day.one());
        let ending = Ending::of(&[], as_of, problems, totals, self.options.lang);
        let mut lines = String::new();
        push(&mut lines, &Line::End(Box::new(ending)))?;
        Ok(lines)
    }

    /// The numbers of findings, and the facts they rest on; a new finding gets a number and a line.
    fn refer(
        &mut self,
        findings: Vec<FindingObject>,
        lines: &mut String,
    ) -> serde_json::Result<(Vec<usize>, Vec<EvidenceObject>)> {
        let mut numbers = Vec::with_capacity(findings.len());
        let mut evidence: Vec<EvidenceObject> = Vec::new();
        let mut places: HashMap<String, usize> = HashMap::new();
        for mut of in findings {
            let own = of.evidence_mut();
            let known = |item: &EvidenceObject| places.get(item.fact()).map(|at| &evidence[*at]);
            // A fact on which two findings differ stays with the second finding.
            let facts = match own
                .iter()
                .all(|item| known(item).is_none_or(|it| it == item))
            {
                false => Vec::new(),
                true => {
                    let mut facts = Vec::with_capacity(own.len());
                    for item in own.drain(..) {
                        facts.push(item.fact().to_owned());
                        if !places.contains_key(item.fact()) {
                            places.insert(item.fact().to_owned(), evidence.len());
                            evidence.push(item);
                        }
                    }
                    facts
                }
            };
            let text = serde_json::value::to_raw_value(&Shared { of, facts })?;
            let key = (
                self.hashes.0.hash_one(text.get()),
                self.hashes.1.hash_one(text.get()),
            );
            let next = self.findings.len();
            let number = *self.findings.entry(key).or_insert(next);
            if number == next {
                push(lines, &Line::Finding(&text))?;
            }
            numbers.push(number);
        }
        Ok((numbers, evidence))
    }
}

/// Adds a line, with everything that could be read as markup escaped.
fn push(lines: &mut String, line: &Line<'_>) -> serde_json::Result<()> {
    // In JSON these characters occur only within strings.
    let text = serde_json::to_string(line)?.replace('<', "\\u003c");
    lines.push_str(&text);
    lines.push('\n');
    Ok(())
}
