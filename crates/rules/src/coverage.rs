//! Coverage: whether a rule set accounts for every sentence of its instrument.
//!
//! Terms: a clause is *encoded* if an obligation or exception of the rule set, or of a layer it includes, quotes it; it
//! is *not auditable* if `rules/<rule set>/not-auditable.yaml` lists it with a reason; otherwise it is *missing*.
//! Headings and the printed text of forms need no answer ([`ClauseKind::needs_answer`]), but are shown as encoded if
//! quoted.
//!
//! ```yaml
//! clauses:
//!   - clause: 二、（一）/2.2          # or several: [附件1/4-15, 附件1/17-28]
//!     kind: policy                   # see Reason
//!     reason: 无从以案卷认定
//!     reason_en: a dossier cannot show it
//! ```
//!
//! Invariants: the result lists every clause of the instrument once, in the order of the text; encoded, not auditable
//! and missing add up to the clauses that need an answer; numbers are counted, never estimated or rounded.

mod answers;

use std::collections::HashMap;
use std::ops::Range;

pub use answers::Reason;
use answers::{Answer, Answers};

use crate::rulebook::{RuleFolder, Rulebook};
use crate::texts::{self, TextFolder};
use choucha_core::diagnostic::{Code, Diagnostic, has_errors};
use choucha_core::instrument::{Body, ClauseId, ClauseKind, Instrument, Lock, Resolution};
use choucha_core::lang::Text;
use choucha_core::obligation::{Citing, Id, RuleSet, RuleSetId};
use choucha_core::source::Span;
use choucha_core::text;

/// An obligation or exception that quotes a clause.
#[derive(Debug, Clone)]
pub struct Encoding {
    /// The id of the rule set that declares it.
    pub ruleset: RuleSetId,
    /// Its id.
    pub id: Id,
    /// Its title, in both languages.
    pub title: Text,
    /// The code and the label of the role that owes it; `None` for an exception.
    pub bearer: Option<(String, Text)>,
    /// The quoted words.
    pub quote: String,
    /// The byte range of the quote in the clause's text, if the text is available.
    pub quoted: Option<Range<usize>>,
    /// Where the script quotes them.
    pub at: Span,
}

/// How a rule set accounts for a clause.
#[derive(Debug, Clone)]
pub enum Status {
    /// Quoted by obligations or exceptions, in the order of the layers and scripts; never empty.
    Encoded(Vec<Encoding>),
    /// Listed as not auditable, with the reason.
    NotAuditable(Reason, Text),
    /// Neither encoded nor listed.
    Missing,
    /// It needs no answer.
    NoAnswerNeeded,
}

impl Status {
    /// The code in JSON output.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Status::Encoded(_) => "encoded",
            Status::NotAuditable(..) => "not_auditable",
            Status::Missing => "missing",
            Status::NoAnswerNeeded => "no_answer_needed",
        }
    }

    /// The label shown to people.
    #[must_use]
    pub fn label(&self) -> Text {
        match self {
            Status::Encoded(_) => Text::new("已编码", "encoded"),
            Status::NotAuditable(..) => Text::new("不可审查", "not auditable"),
            Status::Missing => Text::new("遗漏", "missing"),
            Status::NoAnswerNeeded => Text::new("无须回应", "no answer needed"),
        }
    }
}

/// A clause and how the rule set accounts for it.
#[derive(Debug, Clone)]
pub struct Row {
    /// Its id.
    pub id: ClauseId,
    /// Its kind.
    pub kind: ClauseKind,
    /// Its words, if the text is available.
    pub text: Option<String>,
    /// How the rule set accounts for it.
    pub status: Status,
}

/// The number of clauses by status.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// All clauses of the instrument, whatever their kind.
    pub clauses: usize,
    /// Clauses that need an answer.
    pub needed: usize,
    /// Of those, the encoded ones.
    pub encoded: usize,
    /// Of those, the ones listed as not auditable and not encoded.
    pub not_auditable: usize,
    /// Of those, the ones neither encoded nor listed.
    pub missing: usize,
    /// The remaining clauses: headings and forms.
    pub others: usize,
}

/// The coverage of an instrument by a rule set.
#[derive(Debug, Clone)]
pub struct Coverage {
    /// The id of the rule set.
    pub ruleset: RuleSetId,
    /// The title of the rule set.
    pub title: Text,
    /// The number of its instrument.
    pub instrument: String,
    /// The title of its instrument.
    pub instrument_title: Text,
    /// The rule sets whose obligations count: itself, then those it includes.
    pub layers: Vec<RuleSetId>,
    /// Whether the rows have texts.
    pub with_texts: bool,
    /// Every clause of the instrument, in the order of the text.
    pub rows: Vec<Row>,
}

impl Coverage {
    /// The number of clauses by status.
    #[must_use]
    pub fn counts(&self) -> Counts {
        let mut counts = Counts {
            clauses: self.rows.len(),
            ..Counts::default()
        };
        for row in &self.rows {
            if !row.kind.needs_answer() {
                counts.others += 1;
                continue;
            }
            counts.needed += 1;
            match row.status {
                Status::Encoded(_) => counts.encoded += 1,
                Status::NotAuditable(..) => counts.not_auditable += 1,
                Status::Missing | Status::NoAnswerNeeded => counts.missing += 1,
            }
        }
        counts
    }

    /// The number of not auditable clauses that need an answer, for every reason in the order of [`Reason::ALL`].
    #[must_use]
    pub fn reasons(&self) -> Vec<(Reason, usize)> {
        let count = |wanted: Reason| {
            self.rows
                .iter()
                .filter(
                    |row| matches!(row.status, Status::NotAuditable(reason, _) if reason == wanted),
                )
                .count()
        };
        let reasons = Reason::ALL.into_iter();
        reasons
            .map(|reason| (reason, count(reason)))
            .filter(|(_, n)| *n > 0)
            .collect()
    }

    /// Whether every clause that needs an answer has one.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.counts().missing == 0
    }
}

/// The coverage of a rule set, with warnings.
///
/// # Errors
/// All errors in the lock, the text, the quotes and the list of clauses that cannot be audited; or the missing
/// description of the instrument's clauses.
pub fn of(
    rulebook: &Rulebook,
    rules: &RuleFolder,
    set: &RuleSet,
    texts: Option<&TextFolder>,
) -> Result<(Coverage, Vec<Diagnostic>), Vec<Diagnostic>> {
    let Some(instrument) = rulebook.instruments.get(&set.instrument) else {
        return Err(vec![undescribed(set)]);
    };
    let Some(lock) = texts::read_lock(rules, instrument)? else {
        return Err(vec![undescribed(set)]);
    };
    let body = match texts {
        Some(texts) => texts::read_body(rules, texts, instrument)?.map(|(_, body)| body),
        None => None,
    };
    let mut problems = texts::verify_only(rulebook, rules, texts, &instrument.number);
    let (answers, wrong) = Answers::read(rules, &set.id);
    problems.extend(wrong);
    let layers = rulebook.layers(set);
    let mut encodings = encodings(rulebook, &layers, instrument, &lock, body.as_ref());
    let mut rows = Vec::new();
    let mut used = vec![false; answers.list.len()];
    for (id, kind, words) in clauses(&lock, body.as_ref()) {
        let mut answered: Option<&Answer> = None;
        for (answer, used) in answers.list.iter().zip(&mut used) {
            if answer.clauses.covers(&id) {
                *used = true;
                match answered {
                    Some(first) => problems.push(answers::twice(&id, first, answer)),
                    None => answered = Some(answer),
                }
            }
        }
        let status = match (encodings.remove(&id), answered) {
            (Some(list), answered) => {
                if let Some(answer) = answered {
                    problems.push(answers::needless(&id, answer, &list));
                }
                Status::Encoded(list)
            }
            (None, Some(answer)) => Status::NotAuditable(answer.kind, answer.reason.clone()),
            (None, None) if kind.needs_answer() => Status::Missing,
            (None, None) => Status::NoAnswerNeeded,
        };
        rows.push(Row {
            id,
            kind,
            text: words,
            status,
        });
    }
    for (answer, _) in answers.list.iter().zip(used).filter(|(_, used)| !used) {
        problems.push(answers::no_such(answer, instrument));
    }
    problems.sort_by(Diagnostic::order);
    if has_errors(&problems) {
        return Err(problems);
    }
    let coverage = Coverage {
        ruleset: set.id.clone(),
        title: set.title.clone(),
        instrument: instrument.number.clone(),
        instrument_title: instrument.title.clone(),
        layers: layers.iter().map(|layer| layer.id.clone()).collect(),
        with_texts: body.is_some(),
        rows,
    };
    Ok((coverage, problems))
}

/// The clauses of an instrument: from its text, else from its lock.
fn clauses(lock: &Lock, body: Option<&Body>) -> Vec<(ClauseId, ClauseKind, Option<String>)> {
    match body {
        Some(body) => body
            .clauses()
            .iter()
            .map(|clause| (clause.id.clone(), clause.kind, Some(clause.text.clone())))
            .collect(),
        None => lock
            .clauses
            .iter()
            .map(|clause| (clause.id.clone(), clause.kind, None))
            .collect(),
    }
}

/// The obligations and exceptions that quote each clause.
fn encodings(
    rulebook: &Rulebook,
    layers: &[&RuleSet],
    instrument: &Instrument,
    lock: &Lock,
    body: Option<&Body>,
) -> HashMap<ClauseId, Vec<Encoding>> {
    let mut encodings: HashMap<ClauseId, Vec<Encoding>> = HashMap::new();
    for layer in layers {
        for (citing, citation) in layer.citations() {
            if citation.instrument != instrument.number {
                continue;
            }
            let found = match body {
                Some(body) => match body.resolve(&citation.section, &citation.quote) {
                    Resolution::One(id) => Some(id),
                    _ => None,
                },
                None => lock.resolve(&citation.section, &citation.quote).cloned(),
            };
            // An unresolved quote has already been reported.
            let Some(id) = found else {
                continue;
            };
            let quoted = body.and_then(|body| body.quoted_in(&id, &citation.quote));
            encodings.entry(id).or_default().push(Encoding {
                ruleset: layer.id.clone(),
                id: citing.id().clone(),
                title: citing.title().clone(),
                bearer: match citing {
                    Citing::Obligation(obligation) => Some(bearer(rulebook, &obligation.bearer)),
                    Citing::Exception(_) => None,
                },
                quote: citation.quote.clone(),
                quoted,
                at: citation.at.clone(),
            });
        }
    }
    encodings
}

/// The code and the label of a role.
fn bearer(rulebook: &Rulebook, code: &str) -> (String, Text) {
    let roles = rulebook.vocabulary.roles();
    let label = roles.iter().find(|role| role.code == code);
    let label = label.map_or_else(|| Text::same(code), |role| role.label.clone());
    (code.to_owned(), label)
}

fn undescribed(set: &RuleSet) -> Diagnostic {
    let number = &set.instrument;
    let message = text!(
        "`{number}` 没有分条说明，无从知道有哪些条款",
        "the clauses of `{number}` are not described, so they are not known"
    );
    Diagnostic::new(Code::CoverageInvalid, message)
        .at(set.at.clone())
        .help(text!(
            "在 rules/clauses/ 中写明如何分条，在登记表中以 clauses 指明，再运行 choucha texts lock",
            "describe in rules/clauses/ how it is cut, name the file as its `clauses` in the registry, then run `choucha texts lock`"
        ))
}
