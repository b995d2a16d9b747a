//! The tables the cases came from, shown again with the cells marked that findings rest on (原表).
//!
//! A cell keeps its place, so that `台账.xlsx:抽样!F5` is cell F5 here too. The rows of a text file
//! stand at their line numbers.
//!
//! Invariant: each mark is small and their number is limited; marks left out are counted.

use std::collections::{BTreeMap, HashMap};
use std::path::Path;

use rust_xlsxwriter::{Note, Worksheet};

use super::page::Shared;
use super::{Failed, Totals, copied};
use crate::issues::Listed;
use crate::terminal::mark;
use choucha_core::audit::{Finding, Outcome, Tally};
use choucha_core::diagnostic::{Diagnostic, Level};
use choucha_core::lang::{Lang, Text};
use choucha_core::layout;
use choucha_core::source::{Source, Span, of_address};
use choucha_core::text;
use choucha_intake::batch::FileKind;
use choucha_intake::table::{Book, Held, Sheet, guarded, sheet_title};

/// How many findings a note names.
const NAMED: usize = 12;

/// How many rows from the top, which contain the header, are shown of a table too large to show whole.
const TOP: u32 = 30;

/// A place in a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct At {
    row: u32,
    /// The column; in a text file, the byte within the row until the file is read again.
    column: u32,
}

/// A mark on a cell.
#[derive(Debug, Clone, Copy)]
enum Said {
    /// A finding rests on it.
    Finding {
        outcome: Outcome,
        number: u32,
        title: u32,
    },
    /// It could not be read, or its contents are wrong.
    Problem { text: u32 },
    /// The case begins here: its findings by outcome, and their numbers.
    Case {
        counts: [u16; Outcome::ALL.len()],
        numbers: (u32, u32),
    },
}

/// The marks of one sheet.
#[derive(Debug)]
struct Marked {
    /// The sheet's name in this workbook.
    name: String,
    /// The sheet's name in the file; None for a text file.
    sheet: Option<String>,
    said: Vec<(At, Said)>,
}

/// The marks of all tables.
#[derive(Debug, Default)]
pub(super) struct Marks {
    /// By file and sheet, in order of appearance.
    sheets: Vec<((String, String), Marked)>,
    places: HashMap<(String, String), usize>,
    digests: BTreeMap<String, String>,
    titles: Vec<Text>,
    problems: Vec<Text>,
    known: HashMap<String, u32>,
    kept: usize,
    /// Marks left out for lack of room.
    pub(super) left_out: usize,
    /// Notes that were left out.
    pub(super) notes_left_out: usize,
    /// Rows of the list without a link to the table.
    pub(super) links_left_out: usize,
    /// Sheets of which only the marked rows are shown.
    pub(super) shortened: Vec<String>,
    /// Tables that could not be shown: names and reasons.
    pub(super) unshown: Vec<(String, Text)>,
}

impl Marks {
    /// Marks the cells that the listed findings rest on; the findings have the numbers from `first` on.
    pub(super) fn add(&mut self, listed: Listed<'_>, first: u64, shared: &Shared) {
        // A table without problems of its own may still matter to a finding across cases.
        if let (None, Some((sheet, _))) =
            (listed.group, place(&Span::new(&listed.audit.source, 0..0)))
        {
            self.marked(&listed.audit.source, sheet.as_deref(), shared.lang);
        }
        let number = |n: u64| u32::try_from(n).unwrap_or(u32::MAX);
        let mut last = first;
        let mut counts = [0_u16; Outcome::ALL.len()];
        for (finding, n) in listed.findings().zip(first..) {
            last = n;
            let count = &mut counts[finding.outcome as usize];
            *count = count.saturating_add(1);
            if !matches!(
                finding.outcome,
                Outcome::Violated | Outcome::Review | Outcome::Errored
            ) {
                continue;
            }
            let title = self.title(finding);
            let said = Said::Finding {
                outcome: finding.outcome,
                number: number(n),
                title,
            };
            for item in &finding.evidence {
                if let Some(span) = item.origin.span() {
                    self.say(span, said, shared);
                }
            }
        }
        if counts.iter().any(|n| *n > 0) && listed.group.is_none() {
            let said = Said::Case {
                counts,
                numbers: (number(first), number(last)),
            };
            self.say(&Span::new(&listed.audit.source, 0..0), said, shared);
        }
    }

    /// Marks cells that could not be read, or are contradicted.
    pub(super) fn add_problems(&mut self, problems: &[Diagnostic], shared: &Shared) {
        for problem in problems.iter().filter(|it| it.level != Level::Note) {
            let Some(label) = problem.labels.first() else {
                continue;
            };
            if place(&label.span).is_none() || self.kept >= shared.limits.marks {
                continue;
            }
            let text = u32::try_from(self.problems.len()).unwrap_or(u32::MAX);
            self.problems.push(problem.message.clone());
            self.say(&label.span, Said::Problem { text }, shared);
        }
    }

    fn title(&mut self, finding: &Finding) -> u32 {
        let id = &finding.obligation.0;
        if let Some(at) = self.known.get(id) {
            return *at;
        }
        let at = u32::try_from(self.titles.len()).unwrap_or(u32::MAX);
        self.titles.push(finding.title.clone());
        self.known.insert(id.clone(), at);
        at
    }

    fn say(&mut self, span: &Span, said: Said, shared: &Shared) {
        let found = match place(span) {
            Some((sheet, at)) => {
                Some((self.marked(&span.source, sheet.as_deref(), shared.lang), at))
            }
            None => self.gathered(span),
        };
        let Some((known, at)) = found else {
            return;
        };
        if self.kept >= shared.limits.marks {
            self.left_out += 1;
        } else if let Some((_, marked)) = self.sheets.get_mut(known) {
            marked.said.push((at, said));
            self.kept += 1;
        }
    }

    /// The sheet and cell of a fact gathered from several cases, from its place.
    fn gathered(&self, span: &Span) -> Option<(usize, At)> {
        let place = span.to_string();
        let (before, address) = place.rsplit_once('!')?;
        let (row, column) = of_address(address)?;
        let known = self.sheets.iter().position(|((file, sheet), _)| {
            before
                .strip_prefix(file.as_str())
                .and_then(|rest| rest.strip_prefix(':'))
                == Some(sheet)
        })?;
        Some((known, At { row, column }))
    }

    /// The index of a sheet's marks, which are created if there are none yet.
    fn marked(&mut self, source: &Source, sheet: Option<&str>, lang: Lang) -> usize {
        let key = (
            source.name().to_owned(),
            sheet.unwrap_or_default().to_owned(),
        );
        if let Some(at) = self.places.get(&key) {
            return *at;
        }
        let stem = Path::new(source.name()).file_stem();
        let stem = stem.map(|stem| stem.to_string_lossy().into_owned());
        let shown = sheet.map_or(stem.unwrap_or_default(), str::to_owned);
        let name = self.free_name(&shown, lang);
        self.digests
            .entry(key.0.clone())
            .or_insert_with(|| source.digest().to_owned());
        let marked = Marked {
            name,
            sheet: sheet.map(str::to_owned),
            said: Vec::new(),
        };
        self.sheets.push((key.clone(), marked));
        self.places.insert(key, self.sheets.len() - 1);
        self.sheets.len() - 1
    }

    /// A name no other sheet has, ignoring case.
    fn free_name(&self, sheet: &str, lang: Lang) -> String {
        let clean = |text: &str| {
            let text = layout::visible(text).replace('\'', "’");
            sheet_title(text.trim())
        };
        let prefix = lang.pick("原表-", "Table-");
        let taken = |name: &str| {
            let same = |known: &str| known.to_lowercase() == name.to_lowercase();
            self.sheets.iter().any(|(_, marked)| same(&marked.name))
        };
        let name = clean(&format!("{prefix}{sheet}"));
        let mut free = name.clone();
        let mut n = 1;
        while taken(&free) {
            n += 1;
            let end = format!("({n})");
            let room = 31_usize.saturating_sub(end.len());
            free = name.chars().take(room).chain(end.chars()).collect();
        }
        free
    }

    /// The cell of this workbook where a case begins, if its table will be shown.
    pub(super) fn link(&self, source: &std::sync::Arc<Source>) -> Option<String> {
        if source.name() == "-" {
            return None;
        }
        let (sheet, at) = place(&Span::new(source, 0..0))?;
        let key = (source.name().to_owned(), sheet.unwrap_or_default());
        let (_, marked) = self.sheets.get(*self.places.get(&key)?)?;
        let row = u64::from(at.row) + 1;
        Some(format!("'{}'!A{row}", marked.name))
    }

    /// The files with marked cells, in order of appearance.
    pub(super) fn files(&self) -> Vec<String> {
        let mut files: Vec<String> = Vec::new();
        for ((file, _), marked) in &self.sheets {
            if !marked.said.is_empty() && !files.contains(file) {
                files.push(file.clone());
            }
        }
        files
    }

    /// Shows the sheets of a file again.
    pub(super) fn show(
        &mut self,
        book: &Book,
        shared: &mut Shared,
    ) -> Result<Vec<Worksheet>, Failed> {
        let mut shown = Vec::new();
        if self.digests.get(book.name()).map(String::as_str) != Some(book.digest()) {
            let why = Text::new(
                "审查期间文件已被改动",
                "the file has changed since it was audited",
            );
            self.unshown.push((book.name().to_owned(), why));
            return Ok(shown);
        }
        for at in 0..self.sheets.len() {
            let ((file, _), marked) = &mut self.sheets[at];
            if file != book.name() || marked.said.is_empty() {
                continue;
            }
            let wanted = marked.sheet.clone();
            let is_it =
                |sheet: &Sheet<'_>| wanted.as_deref().is_none_or(|name| name == sheet.name());
            let Some(sheet) = book.sheets().find(is_it) else {
                continue;
            };
            let (name, said) = (marked.name.clone(), std::mem::take(&mut marked.said));
            let said = self.by_cell(sheet, said);
            let copied = guarded(|| self.copy(sheet, &name, &said, shared));
            shown.push(copied.ok_or(Failed::Scratch)??);
        }
        Ok(shown)
    }

    /// The marks by cell.
    fn by_cell(&self, sheet: Sheet<'_>, said: Vec<(At, Said)>) -> BTreeMap<At, Vec<Said>> {
        let fields: HashMap<u32, Vec<std::ops::Range<usize>>> = sheet.fields().collect();
        let mut cells: BTreeMap<At, Vec<Said>> = BTreeMap::new();
        for (mut at, said) in said {
            if let Some(fields) = fields.get(&at.row) {
                let byte = at.column as usize;
                let before = fields.iter().take_while(|field| field.start <= byte);
                let column = before.count().saturating_sub(1);
                at.column = u32::try_from(column).unwrap_or(0);
            }
            cells.entry(at).or_default().push(said);
        }
        cells
    }

    fn copy(
        &mut self,
        sheet: Sheet<'_>,
        name: &str,
        said: &BTreeMap<At, Vec<Said>>,
        shared: &mut Shared,
    ) -> Result<Worksheet, Failed> {
        let whole = sheet.len() <= shared.limits.cells;
        if !whole {
            self.shortened.push(name.to_owned());
        }
        let mut copy = shared.sheet()?;
        copy.set_name(name)?;
        let widths = copied::widths(sheet);
        for (column, width) in &widths {
            copy.set_column_width(*column, *width)?;
        }
        let top = copied::top(sheet);
        copy.set_landscape();
        copy.set_paper_size(super::page::A4);
        copy.set_print_fit_to_pages(1, 0);
        copy.set_print_gridlines(true);
        if let Some((first, last)) = top.repeated {
            copy.set_repeat_rows(first, last)?;
            copy.set_freeze_panes(last + 1, 0)?;
        }
        copy.set_margins(0.4, 0.4, 0.5, 0.6, 0.3, 0.3);
        copy.set_footer("&L&A&R&P / &N");
        let mut notes = 0;
        for (row, cells) in sheet.rows() {
            let marks = said.range(
                At { row, column: 0 }..At {
                    row: row.saturating_add(1),
                    column: 0,
                },
            );
            let marks: BTreeMap<u32, &Vec<Said>> =
                marks.map(|(at, said)| (at.column, said)).collect();
            if !whole && marks.is_empty() && row >= TOP || row >= shared.limits.rows {
                continue;
            }
            let is_title = top.is_title(row);
            if !is_title {
                copied::fit(&mut copy, row, &cells, &widths)?;
            }
            let cells: BTreeMap<u32, Held<'_>> = cells.into_iter().collect();
            // A mark may stand on a blank cell, such as one below a merged one.
            let columns = cells.keys().chain(marks.keys());
            let columns: std::collections::BTreeSet<u32> = columns.copied().collect();
            for column in columns {
                let Ok(at) = u16::try_from(column) else {
                    continue;
                };
                let marks = marks.get(&column).map(|said| said.as_slice());
                let outcome = marks.and_then(gravest);
                match (cells.get(&column), outcome) {
                    (Some(Held::Text(text)), None) if is_title => {
                        copied::title(shared, &mut copy, (row, at), text)?;
                    }
                    (held, outcome) => copied::write(shared, &mut copy, (row, at), held, outcome)?,
                }
                if let Some(marks) = marks {
                    if notes < shared.limits.notes {
                        copy.insert_note(row, at, &self.note(marks, shared.lang))?;
                        notes += 1;
                    } else {
                        self.notes_left_out += 1;
                    }
                }
            }
        }
        Ok(copy)
    }

    fn note(&self, said: &[Said], lang: Lang) -> Note {
        let mut lines: Vec<String> = Vec::new();
        for said in said.iter().take(NAMED) {
            lines.push(match said {
                Said::Finding {
                    outcome,
                    number,
                    title,
                } => {
                    let title = self.titles.get(*title as usize).cloned().unwrap_or_default();
                    let label = outcome.label();
                    let mark = mark(*outcome);
                    let words = text!("{mark} 第{number}项 {}：{}", "{mark} no. {number}, {}: {}"; label, title);
                    words.get(lang).to_owned()
                }
                Said::Problem { text } => {
                    let problem = self.problems.get(*text as usize);
                    let (mark, problem) = (mark(Outcome::Errored), problem.cloned().unwrap_or_default());
                    text!("{mark} {}", "{mark} {}"; problem).get(lang).to_owned()
                }
                Said::Case { counts, numbers } => {
                    let mut tally = Tally::default();
                    for (outcome, n) in Outcome::ALL.into_iter().zip(counts) {
                        tally[outcome] += usize::from(*n);
                    }
                    let counted = Totals::words(&tally, lang);
                    let (first, last) = numbers;
                    let words = match first == last {
                        true => text!("本案：{counted}；问题清单第{first}项", "This case: {counted}; no. {first} of the list"),
                        false => text!(
                            "本案：{counted}；问题清单第{first}至{last}项",
                            "This case: {counted}; nos. {first} to {last} of the list"
                        ),
                    };
                    words.get(lang).to_owned()
                }
            });
        }
        if said.len() > NAMED {
            let n = said.len() - NAMED;
            let more = text!("另有{n}项，见问题清单", "{n} more: see the list");
            lines.push(more.get(lang).to_owned());
        }
        let rows = lines
            .iter()
            .map(|line| layout::width(line) / 44 + 1)
            .sum::<usize>();
        let height = u32::try_from(24 + 18 * rows.min(30)).unwrap_or(120);
        Note::new(lines.join("\n"))
            .add_author_prefix(false)
            .set_width(320)
            .set_height(height)
    }
}

/// The sheet and cell that a span names; None if it is in no table. For a text file the column is a byte.
fn place(span: &Span) -> Option<(Option<String>, At)> {
    let source = &span.source;
    let position = span.position();
    if let Some(cell) = source.cell(position.line) {
        let at = At {
            row: cell.row,
            column: cell.column,
        };
        return Some((Some(cell.sheet.to_string()), at));
    }
    if FileKind::of(Path::new(source.name())) != FileKind::Delimited {
        return None;
    }
    // The row is the text: its first line is the row's number, however many lines its fields have.
    let row = source.position(0).line.checked_sub(1)?;
    let at = At {
        row: u32::try_from(row).ok()?,
        column: u32::try_from(span.range.start).ok()?,
    };
    Some((None, at))
}

/// The most serious outcome among the marks of a cell.
fn gravest(said: &[Said]) -> Option<Outcome> {
    let outcomes = said.iter().filter_map(|said| match said {
        Said::Finding { outcome, .. } => Some(*outcome),
        Said::Problem { .. } => Some(Outcome::Errored),
        Said::Case { .. } => None,
    });
    outcomes.min()
}
