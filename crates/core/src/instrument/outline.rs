//! How to cut a text: which part of the file is the instrument, how its sections are marked, and the kinds of its
//! clauses. Data, one file per instrument: `rules/clauses/<name>.yaml`.
//!
//! ```yaml
//! style: notice                     # 一、 and （一）, annexes 附件1; or articles: 第一条
//! parts:                            # the whole file, if left out
//!   - from: 某市监发〔2024〕3号       # the first line of the file that begins so
//!     until: 附件 1                  # the next line that begins so, which is no longer part of it
//!     cells_on_lines: true          # if every cell of a table is a line that begins with a tab, with a blank line after each row
//! leave_out:                        # lines printed twice, page numbers and the like, by how they begin
//!   - 案》，现印发你们
//! kinds:                            # every other clause is normative
//!   heading: [序, 一、/1]             # a section, a paragraph
//!   form: [附件1/5-49]               # paragraphs
//!   policy: [二、（一）/2.2]          # a sentence
//! ```
//!
//! Invariants: a kind for a sentence overrides the kind for its paragraph, and that the kind for its section; no clause
//! has two kinds at one level, and no kind is for a clause that does not exist.

use std::sync::Arc;

use serde::Deserialize;
use serde_saphyr::{Location, Spanned};

use super::clause::{Clause, ClauseId, ClauseKind};
use crate::diagnostic::{Code, Diagnostic, nearest};
use crate::lang::Text;
use crate::source::{Source, Span};
use crate::text;

/// How the sections of a text are marked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    /// 一、 and below it （一）; annexes (附件1), each under a line with nothing else.
    Notice,
    /// 第一条, under chapters and parts (章, 节).
    Articles,
}

/// A part of a file.
#[derive(Debug, Clone)]
pub struct Part {
    /// The beginning of its first line; `None` for the first line of the file.
    pub from: Option<String>,
    /// The beginning of the line after its last; `None` for the end of the file.
    pub until: Option<String>,
    /// Whether the cells of its tables are on lines of their own that begin with a tab, with a blank line after each
    /// row.
    pub cells_on_lines: bool,
    /// Where the part is described.
    pub at: Span,
}

/// A set of clauses: a section, some of its paragraphs, or sentences of one paragraph.
#[derive(Debug, Clone)]
pub struct Selector {
    section: String,
    paragraphs: Option<(u32, u32)>,
    sentences: Option<(u32, u32)>,
    /// Where it is written.
    pub at: Span,
}

impl Selector {
    /// Parses `二、（一）`, `二、（一）/3`, `二、（一）/3-5`, `二、（一）/3.1` or `二、（一）/3.1-2`.
    #[must_use]
    pub fn parse(text: &str, at: Span) -> Option<Self> {
        let Some((section, place)) = text.rsplit_once('/') else {
            return (!text.is_empty()).then(|| Selector {
                section: text.to_owned(),
                paragraphs: None,
                sentences: None,
                at,
            });
        };
        let (paragraphs, sentences) = match place.split_once('.') {
            Some((paragraph, sentences)) => {
                let paragraph = paragraph.parse().ok()?;
                ((paragraph, paragraph), Some(span(sentences)?))
            }
            None => (span(place)?, None),
        };
        (!section.is_empty()).then(|| Selector {
            section: section.to_owned(),
            paragraphs: Some(paragraphs),
            sentences,
            at,
        })
    }

    /// Whether a clause is in the set.
    #[must_use]
    pub fn covers(&self, id: &ClauseId) -> bool {
        let within =
            |span: Option<(u32, u32)>, n| span.is_none_or(|(first, last)| first <= n && n <= last);
        self.section == id.section
            && within(self.paragraphs, id.paragraph)
            && within(self.sentences, id.sentence)
    }

    /// How specific it is: 0 for a section, 1 for paragraphs, 2 for sentences.
    fn level(&self) -> u8 {
        u8::from(self.paragraphs.is_some()) + u8::from(self.sentences.is_some())
    }
}

fn span(text: &str) -> Option<(u32, u32)> {
    let (first, last) = text.split_once('-').unwrap_or((text, text));
    let (first, last) = (first.parse().ok()?, last.parse().ok()?);
    (0 < first && first <= last).then_some((first, last))
}

/// How to cut a text.
#[derive(Debug, Clone)]
pub struct Outline {
    /// How its sections are marked in the text.
    pub style: Style,
    /// Its parts, in the order of the file.
    pub parts: Vec<Part>,
    /// Lines to leave out, by how they begin.
    pub leave_out: Vec<(String, Span)>,
    /// The kinds of clauses that are not normative.
    pub kinds: Vec<(Selector, ClauseKind)>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    style: Spanned<String>,
    #[serde(default)]
    parts: Vec<PartFields>,
    #[serde(default)]
    leave_out: Vec<Spanned<String>>,
    #[serde(default)]
    kinds: KindFields,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PartFields {
    from: Option<Spanned<String>>,
    until: Option<Spanned<String>>,
    #[serde(default)]
    cells_on_lines: bool,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct KindFields {
    normative: Vec<Spanned<String>>,
    plan: Vec<Spanned<String>>,
    policy: Vec<Spanned<String>>,
    form: Vec<Spanned<String>>,
    heading: Vec<Spanned<String>>,
}

impl Outline {
    /// Reads the description in a file.
    ///
    /// # Errors
    /// Diagnostics for all its errors.
    pub fn load(source: &Arc<Source>) -> Result<Outline, Vec<Diagnostic>> {
        let file: File = yaml(source, Code::ClausesInvalid)?;
        let mut problems = Vec::new();
        let style = match file.style.value.as_str() {
            "notice" => Style::Notice,
            "articles" => Style::Articles,
            other => {
                let message = text!("没有 `{other}` 这种分条方式", "there is no style `{other}`");
                let help = match nearest(other, ["notice", "articles"]) {
                    Some(near) => text!("是否应为 `{near}`？", "did you mean `{near}`?"),
                    None => Text::same("notice / articles"),
                };
                problems.push(wrong(span_at(source, file.style.referenced), message).help(help));
                Style::Notice
            }
        };
        let mut kinds = Vec::new();
        let fields = file.kinds;
        for (kind, selectors) in [
            (ClauseKind::Normative, fields.normative),
            (ClauseKind::Plan, fields.plan),
            (ClauseKind::Policy, fields.policy),
            (ClauseKind::Form, fields.form),
            (ClauseKind::Heading, fields.heading),
        ] {
            for selector in selectors {
                let at = span_at(source, selector.referenced);
                match Selector::parse(&selector.value, at.clone()) {
                    Some(selector) => kinds.push((selector, kind)),
                    None => {
                        problems.push(not_a_selector(&selector.value, at, Code::ClausesInvalid));
                    }
                }
            }
        }
        let whole = Span::new(source, 0..0);
        let mut parts: Vec<Part> = file
            .parts
            .into_iter()
            .map(|part| Part {
                at: part
                    .from
                    .as_ref()
                    .or(part.until.as_ref())
                    .map_or(whole.clone(), |line| span_at(source, line.referenced)),
                from: part.from.map(|line| line.value),
                until: part.until.map(|line| line.value),
                cells_on_lines: part.cells_on_lines,
            })
            .collect();
        if parts.is_empty() {
            parts.push(Part {
                from: None,
                until: None,
                cells_on_lines: false,
                at: whole,
            });
        }
        if problems.is_empty() {
            Ok(Outline {
                style,
                parts,
                leave_out: file
                    .leave_out
                    .into_iter()
                    .map(|line| (line.value, span_at(source, line.referenced)))
                    .collect(),
                kinds,
            })
        } else {
            Err(problems)
        }
    }

    /// Sets the kind of every clause.
    ///
    /// # Errors
    /// Diagnostics for selectors that match no clause, and for clauses that two selectors of one level match.
    pub(super) fn sort(&self, clauses: &mut [Clause]) -> Result<(), Vec<Diagnostic>> {
        let mut problems = Vec::new();
        let mut used = vec![false; self.kinds.len()];
        for clause in clauses {
            let mut best: Option<(u8, &Selector, ClauseKind)> = None;
            for ((selector, kind), used) in self.kinds.iter().zip(&mut used) {
                if !selector.covers(&clause.id) {
                    continue;
                }
                *used = true;
                let level = selector.level();
                match best {
                    Some((known, first, _)) if known == level => {
                        let id = &clause.id;
                        let message = text!(
                            "条款 `{id}` 的种类写了两次",
                            "the kind of `{id}` is given twice"
                        );
                        let first = (
                            first.at.clone(),
                            Text::new("已写在此处", "given here first"),
                        );
                        problems.push(wrong(selector.at.clone(), message).label(first.0, first.1));
                    }
                    Some((known, ..)) if known > level => {}
                    _ => best = Some((level, selector, *kind)),
                }
            }
            clause.kind = best.map_or(ClauseKind::Normative, |(_, _, kind)| kind);
        }
        for ((selector, _), _) in self.kinds.iter().zip(used).filter(|(_, used)| !used) {
            let message = Text::new("文本中没有这些条款", "the text has no such clauses");
            problems.push(wrong(selector.at.clone(), message));
        }
        if problems.is_empty() {
            Ok(())
        } else {
            Err(problems)
        }
    }
}

/// The diagnostic for a text that is not a selector.
pub fn not_a_selector(text: &str, at: Span, code: Code) -> Diagnostic {
    let message = text!("`{text}` 不是条款编号", "`{text}` names no clauses");
    let help = Text::new(
        "写作 二、（一）、二、（一）/3、二、（一）/3-5 或 二、（一）/3.1",
        "write 二、（一）, 二、（一）/3, 二、（一）/3-5 or 二、（一）/3.1",
    );
    Diagnostic::new(code, message).at(at).help(help)
}

pub(super) fn wrong(at: Span, message: Text) -> Diagnostic {
    Diagnostic::new(Code::ClausesInvalid, message).at(at)
}

/// Deserialises a YAML file.
///
/// # Errors
/// One diagnostic with the given code, if the file does not match the type.
pub fn yaml<T: for<'de> Deserialize<'de>>(
    source: &Arc<Source>,
    code: Code,
) -> Result<T, Vec<Diagnostic>> {
    let options = serde_saphyr::options! { strict_booleans: true, with_snippet: false };
    serde_saphyr::from_str_with_options(source.text(), options).map_err(|error| {
        let at = error
            .location()
            .map_or(Span::new(source, 0..0), |at| span_at(source, at));
        let message = text!("文件不合要求：{error}", "the file is invalid: {error}");
        vec![Diagnostic::new(code, message).at(at)]
    })
}

/// The span for a place reported by the YAML reader.
pub fn span_at(source: &Arc<Source>, at: Location) -> Span {
    Span::new(source, super::load::place(source, at.into()))
}
