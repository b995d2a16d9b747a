//! Loads the vocabulary from its YAML files.
//!
//! A file is first parsed ([`raw`]), then checked and resolved: enums and shapes first, since every file may refer to
//! those of any other; then the tree of facts ([`tree`]); then whatever refers to facts by path ([`relations`]). All
//! errors are reported; a vocabulary results only if there are none.

mod across;
mod enums;
mod raw;
mod relations;
mod short_names;
mod tree;

use std::sync::Arc;

use super::{Entry, FactId, Layout, Names, Reserved, Settlements, Vocabulary};
use crate::diagnostic::{Code, Diagnostic, nearest};
use crate::lang::Text;
use crate::prepared;
use crate::source::{Position, Source, Span};
use crate::text;
use crate::value::{ShapeId, SlotId, Type};
use crate::written::{Place, Word};

/// The number of names most entries have: a code and two labels.
const NAMES: usize = 3;

/// Loads the vocabulary from its files, in the order given.
///
/// # Errors
///
/// All errors in the files, with their places.
pub fn load(files: &[Arc<Source>]) -> Result<Vocabulary, Vec<Diagnostic>> {
    let mut loader = Loader::new();
    let mut raws = Vec::new();
    for (source, parsed) in files.iter().zip(parse_all(files)) {
        match parsed {
            Ok(raw) => raws.push((Arc::clone(source), raw)),
            Err(problem) => loader.diagnostics.push(*problem),
        }
    }
    for (source, raw) in &raws {
        for (code, definition) in &raw.enums.0 {
            loader.add_enum(source, code, definition);
        }
    }
    tree::build(&mut loader, &raws);
    // The paths that a broken file declares are missing: reporting references to them would only repeat the first
    // error.
    if raws.len() == files.len() {
        relations::build(&mut loader, &raws);
        across::build(&mut loader, &raws);
        loader.reserve(files);
    }
    loader.finish()
}

type Parsed = Result<raw::File, Box<Diagnostic>>;

/// Parses all files; if YAML must be read, in two threads, since that is most of the work of a load.
fn parse_all(files: &[Arc<Source>]) -> Vec<Parsed> {
    let parse_some = |some: &[Arc<Source>]| {
        let parse = |source| prepared::read(source).map_or_else(|| parse(source), Ok);
        some.iter().map(parse).collect::<Vec<Parsed>>()
    };
    if files.iter().all(prepared::has) {
        return parse_some(files);
    }
    let (one, other) = files.split_at(files.len() / 2);
    std::thread::scope(|scope| {
        let beside = std::thread::Builder::new().spawn_scoped(scope, || parse_some(other));
        let mut parsed = parse_some(one);
        let rest = beside.ok().and_then(|beside| beside.join().ok());
        parsed.extend(rest.unwrap_or_else(|| parse_some(other)));
        parsed
    })
}

fn parse(source: &Arc<Source>) -> Parsed {
    raw::read(source.text()).map_err(|error| {
        let at = error.location().map_or_else(
            || Span::new(source, 0..0),
            |location| span(source, location.into()),
        );
        let error = error.without_snippet().to_string();
        let reason = error.lines().next().unwrap_or_default();
        let message = text!(
            "数据字典文件无法读取：{reason}",
            "the vocabulary file cannot be read: {reason}"
        );
        let help = Text::new(
            "允许的键见 docs/record-format.md",
            "the keys allowed are listed in docs/record-format.md",
        );
        let problem = Diagnostic::new(Code::VocabularyInvalid, message);
        Box::new(problem.at(at).help(help))
    })
}

/// What has been loaded so far, and the errors found.
struct Loader {
    vocabulary: Vocabulary,
    /// Where each enum is declared, by position.
    enum_places: Vec<Span>,
    diagnostics: Vec<Diagnostic>,
}

impl Loader {
    fn new() -> Self {
        let nowhere = SlotId(u16::MAX);
        Loader {
            vocabulary: Vocabulary {
                facts: Vec::new(),
                groups: Vec::new(),
                shapes: Vec::new(),
                enums: Vec::new(),
                roles: Vec::new(),
                inferences: Vec::new(),
                course: Vec::new(),
                chronology: Vec::new(),
                paths: Names::default(),
                layouts: Vec::new(),
                settlements: Arc::default(),
                across: None,
                // Replaced by `reserve`; a vocabulary without these facts is never returned.
                reserved: Reserved {
                    complete: nowhere,
                    number: nowhere,
                    ruleset: nowhere,
                    closed_on: nowhere,
                    waivers: nowhere,
                    waiver_obligation: nowhere,
                    waiver_approver: nowhere,
                    waiver_reason: nowhere,
                    waiver_from: nowhere,
                    waiver_until: nowhere,
                },
            },
            enum_places: Vec::new(),
            diagnostics: Vec::new(),
        }
    }

    fn finish(mut self) -> Result<Vocabulary, Vec<Diagnostic>> {
        if self.diagnostics.is_empty() {
            self.vocabulary.layouts = Layout::of(&self.vocabulary);
            let settlements = Settlements::of(&self.vocabulary);
            self.vocabulary.settlements = Arc::new(settlements);
            short_names::give(&mut self.vocabulary.facts);
            return Ok(self.vocabulary);
        }
        self.diagnostics.sort_by(Diagnostic::order);
        self.diagnostics.dedup();
        Err(self.diagnostics)
    }

    /// Reports an error at a place.
    fn report(&mut self, at: Span, message: Text) -> &mut Diagnostic {
        self.diagnostics
            .push(Diagnostic::new(Code::VocabularyInvalid, message).at(at));
        let last = self.diagnostics.len() - 1;
        &mut self.diagnostics[last]
    }

    /// Reports an unknown name, with the nearest known one.
    fn report_unknown<'n>(
        &mut self,
        at: Span,
        message: Text,
        word: &str,
        names: impl IntoIterator<Item = &'n str>,
    ) {
        let near = nearest(word, names).map(str::to_owned);
        let diagnostic = self.report(at, message);
        if let Some(near) = near {
            diagnostic
                .help
                .push(text!("是否指 `{near}`？", "did you mean `{near}`?"));
        }
    }

    /// Reports a name that is already used for something else.
    fn report_taken(&mut self, at: &Span, name: &str) {
        self.report(
            at.clone(),
            text!(
                "`{name}` 已用于同级的另一项",
                "`{name}` already stands for a sibling"
            ),
        )
        .why
        .push(Text::new(
            "代码、标签和别名都可作键，同级之间不得相同",
            "codes, labels and aliases are all accepted as keys, so siblings cannot share one",
        ));
    }

    /// Checks that a code has the spelling that scripts and paths need.
    fn check_code(&mut self, at: &Span, code: &str) {
        let starts = code.starts_with(|c: char| c.is_ascii_lowercase());
        if !starts
            || !code
                .bytes()
                .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
        {
            self.report(
                at.clone(),
                text!("代码 `{code}` 不合规范", "the code `{code}` is not well formed"),
            )
            .why
            .push(Text::new(
                "代码由小写字母、数字和下划线组成，以字母开头",
                "a code is made of lower-case letters, digits and underscores and starts with a letter",
            ));
        }
    }

    /// A text that must be given in both languages or, if optional, in neither.
    fn both(
        &mut self,
        at: &Span,
        key: &str,
        zh: Option<&String>,
        en: Option<&String>,
        required: bool,
    ) -> Text {
        let written = |text: Option<&String>| {
            text.map(|text| text.trim().to_owned())
                .filter(|text| !text.is_empty())
        };
        let (zh_text, en_text) = (written(zh), written(en));
        match (&zh_text, &en_text) {
            (Some(_), Some(_)) => {}
            (None, None) if !required => {}
            (Some(_), None) => {
                self.report(
                    at.clone(),
                    text!(
                        "缺少英文：`{key}_en`",
                        "the English wording is missing: `{key}_en`"
                    ),
                );
            }
            (None, Some(_)) => {
                self.report(
                    at.clone(),
                    text!(
                        "缺少中文：`{key}`",
                        "the Chinese wording is missing: `{key}`"
                    ),
                );
            }
            (None, None) => {
                self.report(
                    at.clone(),
                    text!(
                        "缺少 `{key}` 和 `{key}_en`",
                        "`{key}` and `{key}_en` are missing"
                    ),
                );
            }
        }
        Text::new(zh_text.unwrap_or_default(), en_text.unwrap_or_default())
    }

    /// Finds the facts the engine itself reads.
    fn reserve(&mut self, files: &[Arc<Source>]) {
        let Some(first) = files.first() else {
            self.diagnostics.push(Diagnostic::new(
                Code::VocabularyInvalid,
                Text::new("没有数据字典文件", "there are no vocabulary files"),
            ));
            return;
        };
        let mut slot = |path: &str, ty: fn(&Type) -> bool, zh: &str, en: &str| {
            let found = match self.vocabulary.find(path) {
                Some(Entry::Fact(id)) => Some((id, self.vocabulary.fact(id).declared.clone())),
                _ => None,
            };
            match found {
                Some((id, _)) if ty(&self.vocabulary.fact(id).ty) => self.vocabulary.fact(id).slot,
                found => {
                    let at = found.map_or_else(|| Span::new(first, 0..0), |(_, at)| at);
                    self.report(
                        at,
                        text!(
                            "引擎要读取的事实 `{path}` 须为{zh}",
                            "the fact `{path}`, which the engine reads, must be {en}"
                        ),
                    );
                    SlotId(u16::MAX)
                }
            }
        };
        let text = |ty: &Type| *ty == Type::Text;
        let date = |ty: &Type| *ty == Type::Date;
        let reserved = Reserved {
            complete: slot("complete", |ty| *ty == Type::Bool, "是否", "a boolean"),
            number: slot("case.number", text, "文本", "a text"),
            ruleset: slot("case.ruleset", text, "文本", "a text"),
            closed_on: slot("case.closed_on", date, "日期", "a date"),
            waivers: slot(
                "waivers",
                |ty| matches!(ty, Type::Rows(_)),
                "分组列表",
                "a list of groups",
            ),
            waiver_obligation: slot("waivers[].obligation", text, "文本", "a text"),
            waiver_approver: slot("waivers[].approver", text, "文本", "a text"),
            waiver_reason: slot("waivers[].reason", text, "文本", "a text"),
            waiver_from: slot("waivers[].from", date, "日期", "a date"),
            waiver_until: slot("waivers[].until", date, "日期", "a date"),
        };
        self.vocabulary.reserved = reserved;
    }

    /// The fact at a path, which must be one of the record itself and not of a row.
    fn root_fact(&mut self, source: &Arc<Source>, word: &Word) -> Option<FactId> {
        match self.vocabulary.find(&word.value) {
            Some(Entry::Fact(id)) if self.vocabulary.fact(id).shape == ShapeId::ROOT => Some(id),
            Some(entry) => {
                let path = &word.value;
                let (zh, en) = match entry {
                    Entry::Fact(_) => ("列表中的事实", "a fact of a list of groups"),
                    Entry::Group(_) => ("一组事实", "a group"),
                };
                self.report(
                    place(source, word),
                    text!(
                        "`{path}` 是{zh}，这里须为案卷自身的一个事实",
                        "`{path}` is {en}; a fact of the record itself is needed here"
                    ),
                );
                None
            }
            None => {
                self.report_no_path(source, word);
                None
            }
        }
    }

    fn report_no_path(&mut self, source: &Arc<Source>, word: &Word) {
        let path = &word.value;
        let paths: Vec<String> = self.vocabulary.paths.keys().cloned().collect();
        self.report_unknown(
            place(source, word),
            text!("没有路径 `{path}`", "there is no path `{path}`"),
            path,
            sorted(&paths),
        );
    }
}

/// Adds a name to a table; returns whether it already meant something else.
fn is_taken<T: Copy + PartialEq>(names: &mut Names<T>, name: &str, means: T) -> bool {
    if name.trim().is_empty() {
        return false;
    }
    let before = names.insert(name.to_owned(), means);
    before.is_some_and(|other| other != means)
}

/// Names in an order independent of the table they come from.
fn sorted(names: &[String]) -> Vec<&str> {
    let mut names: Vec<&str> = names.iter().map(String::as_str).collect();
    names.sort_unstable();
    names
}

/// The span of a word.
fn place(source: &Arc<Source>, word: &Word) -> Span {
    span(source, word.at)
}

fn span(source: &Arc<Source>, place: Place) -> Span {
    let number = |n: u64| usize::try_from(n).unwrap_or(usize::MAX);
    let start = place.start.map_or_else(
        || {
            source.offset(Position {
                line: number(place.line),
                column: number(place.column),
            })
        },
        number,
    );
    Span::new(source, start..start.saturating_add(number(place.length)))
}

#[cfg(test)]
mod tests;
