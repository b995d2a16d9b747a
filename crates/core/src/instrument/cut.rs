//! Cuts a text into clauses.
//!
//! Terms: a *line* is one line of the file, as scanned; a *row* is a line of cells between tabs; an *open* paragraph
//! does not end as sentences do, so a page break may have cut it.
//!
//! Blank lines mean nothing: some scans put one after every line. The next line continues a paragraph if the paragraph
//! is open and too long for a title ([`TITLE`]), and the line does not begin a heading, a numbered item or a row.
//! Sentences end with 。；！？, also inside brackets.

use std::ops::Range;
use std::sync::Arc;

use super::clause::{Clause, ClauseId, ClauseKind, OPENING};
use super::normal::normal;
use super::outline::{Outline, Part, Style, wrong};
use crate::diagnostic::Diagnostic;
use crate::lang::Text;
use crate::source::{Source, Span};
use crate::text;

/// An open paragraph of fewer characters than this is a title, a cell or a signature, and ends with its line.
const TITLE: usize = 24;

/// The clauses of a text, in its order.
///
/// # Errors
/// Diagnostics where the description does not fit the text: a part not found, a line to leave out not found, a
/// duplicate section, a kind for no clause.
pub fn cut(source: &Arc<Source>, outline: &Outline) -> Result<Vec<Clause>, Vec<Diagnostic>> {
    let mut problems = Vec::new();
    let lines = within(source, outline, &mut problems);
    let paragraphs = paragraphs(source.text(), &lines, outline.style);
    let mut clauses = Vec::new();
    let mut section = OPENING.to_owned();
    let mut seen = vec![section.clone()];
    let mut marks = Marks::default();
    let mut number = 0;
    for paragraph in &paragraphs {
        if let Some(next) = marks.section(paragraph, outline.style) {
            if seen.contains(&next) {
                let message = text!(
                    "文本中有两个 `{next}`",
                    "the text has two sections `{next}`"
                );
                let help = Text::new(
                    "用 parts 的 from、until 截出这一文件自己的部分，用 leave_out 去掉不是标题的行",
                    "cut out the instrument's own part with `from` and `until`, and leave out lines that are not headings",
                );
                let at = outline.parts.first().map(|part| part.at.clone());
                let at = at.unwrap_or_else(|| Span::new(source, 0..0));
                let there = Span::new(source, paragraph.range(0..paragraph.text.len()));
                problems.push(wrong(at, message).label(there, Text::default()).help(help));
            }
            seen.push(next.clone());
            section = next;
            number = 0;
        }
        number += 1;
        for (sentence, range) in (1..).zip(paragraph.sentences()) {
            clauses.push(Clause {
                id: ClauseId {
                    section: section.clone(),
                    paragraph: number,
                    sentence,
                },
                kind: ClauseKind::Normative,
                text: paragraph.text.get(range.clone()).unwrap_or("").to_owned(),
                at: paragraph.range(range),
            });
        }
    }
    // Kinds name clauses by id; while the ids are wrong, kinds cannot be checked.
    if problems.is_empty() {
        outline.sort(&mut clauses).map(|()| clauses)
    } else {
        Err(problems)
    }
}

/// A line of the file, without surrounding white space.
struct Raw {
    range: Range<usize>,
    normal: String,
    /// Whether it begins with a tab.
    tabbed: bool,
}

/// An element of paragraphs.
enum Line {
    /// A line of words, and whether a part begins with it.
    Words(Range<usize>, bool),
    /// The cells of a row.
    Row(Vec<Range<usize>>),
}

/// The lines of the outline's parts, without blank lines and lines to leave out.
fn within(source: &Source, outline: &Outline, problems: &mut Vec<Diagnostic>) -> Vec<Line> {
    let text = source.text();
    let mut start = 0;
    let mut all = Vec::new();
    for line in text.split_inclusive('\n') {
        let from = start + (line.len() - line.trim_start().len());
        let words = line.trim();
        all.push(Raw {
            range: from..from + words.len(),
            normal: normal(words),
            tabbed: line.starts_with('\t'),
        });
        start += line.len();
    }
    let left_out: Vec<String> = outline
        .leave_out
        .iter()
        .map(|(line, _)| normal(line))
        .collect();
    let mut used = vec![false; left_out.len()];
    let mut lines = Vec::new();
    let mut next = 0;
    for part in &outline.parts {
        let Some((from, until)) = bounds(&all, next, part, problems) else {
            continue;
        };
        next = until;
        let mut first = true;
        let mut row: Vec<Range<usize>> = Vec::new();
        for raw in all.get(from..until).unwrap_or_default() {
            if part.cells_on_lines && raw.tabbed {
                row.push(raw.range.clone());
                continue;
            }
            end_row(&mut row, &mut lines);
            let known = left_out
                .iter()
                .position(|line| !line.is_empty() && raw.normal.starts_with(line));
            if let Some(used) = known.and_then(|at| used.get_mut(at)) {
                *used = true;
            } else if !raw.range.is_empty() {
                lines.push(line(text, raw.range.clone(), first));
                first = false;
            }
        }
        end_row(&mut row, &mut lines);
    }
    for ((beginning, at), _) in outline.leave_out.iter().zip(used).filter(|(_, used)| !used) {
        let message = text!(
            "没有以 `{beginning}` 开头的行",
            "no line begins with `{beginning}`"
        );
        problems.push(wrong(at.clone(), message));
    }
    lines
}

/// A line of words, or a row of the cells between its tabs.
fn line(text: &str, range: Range<usize>, first: bool) -> Line {
    let words = text.get(range.clone()).unwrap_or("");
    if !words.contains('\t') {
        return Line::Words(range, first);
    }
    let mut at = range.start;
    let cells = words.split('\t').map(|cell| {
        let start = at + (cell.len() - cell.trim_start().len());
        at += cell.len() + 1;
        start..start + cell.trim().len()
    });
    Line::Row(cells.collect())
}

/// Ends a row whose cells stand on separate lines; drops empty cells at its end.
fn end_row(row: &mut Vec<Range<usize>>, lines: &mut Vec<Line>) {
    let filled = row.iter().rposition(|cell| !cell.is_empty());
    row.truncate(filled.map_or(0, |last| last + 1));
    if !row.is_empty() {
        lines.push(Line::Row(std::mem::take(row)));
    }
}

/// The first line of a part and the line after its last, searched from `start` on.
fn bounds(
    all: &[Raw],
    start: usize,
    part: &Part,
    problems: &mut Vec<Diagnostic>,
) -> Option<(usize, usize)> {
    let mut find = |marker: &Option<String>, from: usize, missing: usize| match marker {
        None => Some(missing),
        Some(marker) => {
            let wanted = normal(marker);
            let found = all
                .iter()
                .skip(from)
                .position(|line| !wanted.is_empty() && line.normal.starts_with(&wanted));
            if found.is_none() {
                let message = text!(
                    "文本中没有以 `{marker}` 开头的行",
                    "the text has no line that begins with `{marker}`"
                );
                problems.push(wrong(part.at.clone(), message));
            }
            found.map(|at| at + from)
        }
    };
    let from = find(&part.from, start, start)?;
    let until = find(&part.until, from + 1, all.len())?;
    Some((from, until))
}

/// One or more joined lines.
struct Paragraph {
    /// Its words: joined lines, or the cells of a row separated by ` | `.
    text: String,
    /// For every byte of `text`, its byte offset in the file.
    from: Vec<usize>,
    /// The beginning of its normal form, used to recognise headings.
    head: String,
    row: bool,
}

impl Paragraph {
    fn new(row: bool) -> Self {
        Paragraph {
            text: String::new(),
            from: Vec::new(),
            head: String::new(),
            row,
        }
    }

    fn add(&mut self, file: &str, line: Range<usize>) {
        self.text.push_str(file.get(line.clone()).unwrap_or(""));
        self.from.extend(line);
        self.from.truncate(self.text.len());
    }

    fn cell(&mut self, file: &str, cell: Range<usize>, first: bool) {
        if !first {
            self.text.push_str(" | ");
            self.from.resize(self.text.len(), cell.start);
        }
        self.add(file, cell);
    }

    /// Whether it does not end as sentences do.
    fn open(&self) -> bool {
        let end = self.text.trim_end_matches(['”', '’', '"', '\'']);
        !self.row && !end.ends_with(['。', '；', '：', '！', '？', ';', ':', '!', '?'])
    }

    /// The byte range in the file for a range of the words.
    fn range(&self, range: Range<usize>) -> Range<usize> {
        let start = self.from.get(range.start).copied().unwrap_or(0);
        let end = range
            .end
            .checked_sub(1)
            .and_then(|last| self.from.get(last));
        start..end.map_or(start, |end| end + 1)
    }

    /// Its sentences, each including its closing marks; a row is one sentence.
    fn sentences(&self) -> Vec<Range<usize>> {
        let mut sentences = Vec::new();
        let mut start = 0;
        let mut chars = self.text.char_indices().peekable();
        while let Some((at, c)) = chars.next() {
            if self.row || !matches!(c, '。' | '；' | '！' | '？' | ';' | '!' | '?') {
                continue;
            }
            let mut end = at + c.len_utf8();
            while let Some((at, c)) = chars.next_if(|(_, c)| matches!(c, '”' | '’' | '"' | '\''))
            {
                end = at + c.len_utf8();
            }
            sentences.push(start..end);
            start = end;
        }
        sentences.push(start..self.text.len());
        sentences
            .into_iter()
            .filter_map(|range| {
                let words = self.text.get(range.clone())?;
                let start = range.start + (words.len() - words.trim_start().len());
                let range = start..start + words.trim().len();
                (!range.is_empty()).then_some(range)
            })
            .collect()
    }
}

fn paragraphs(file: &str, lines: &[Line], style: Style) -> Vec<Paragraph> {
    let mut paragraphs: Vec<Paragraph> = Vec::new();
    for line in lines {
        let (line, first) = match line {
            Line::Words(range, first) => (range.clone(), *first),
            Line::Row(cells) => {
                let mut row = Paragraph::new(true);
                for (at, cell) in cells.iter().enumerate() {
                    row.cell(file, cell.clone(), at == 0);
                }
                paragraphs.push(row);
                continue;
            }
        };
        let words = file.get(line.clone()).unwrap_or("");
        let head: String = normal(words).chars().take(16).collect();
        if let Some(last) = paragraphs.last_mut()
            && last.open()
            && last.text.chars().count() >= TITLE
            && !first
            && !begins(words, &head, style)
            && !(head.starts_with('《') && last.text.ends_with('》'))
        {
            last.add(file, line);
            continue;
        }
        // A heading in the file's own markup ends with its line, whatever its length.
        let title = words.starts_with('#');
        let mut paragraph = Paragraph::new(title);
        paragraph.head = head.trim_start_matches('#').to_owned();
        let skip = words.len() - words.trim_start_matches(['#', ' ']).len();
        let start = if title { line.start + skip } else { line.start };
        paragraph.add(file, start..line.end);
        paragraphs.push(paragraph);
    }
    paragraphs
}

/// Whether a line begins a heading or an item.
fn begins(words: &str, head: &str, style: Style) -> bool {
    let numbered = head.trim_start_matches(|c: char| c.is_ascii_digit());
    head.starts_with('#')
        || numbered.len() < head.len()
            && numbered.starts_with('.')
            && !numbered
                .get(1..)
                .is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()))
        || bracketed(head).is_some()
        || match style {
            Style::Notice => {
                numeral(head).is_some_and(|rest| rest.starts_with('、')) || annex(words).is_some()
            }
            Style::Articles => article(words).is_some(),
        }
}

/// The headings a text stands under.
#[derive(Default)]
struct Marks {
    above: String,
    /// The current annex; empty in the instrument's own text.
    annex: String,
}

impl Marks {
    /// The section that a paragraph begins, if any.
    fn section(&mut self, paragraph: &Paragraph, style: Style) -> Option<String> {
        let head = paragraph.head.as_str();
        match style {
            Style::Notice => {
                if let Some(annex) = annex(&paragraph.text) {
                    self.above.clone_from(&annex);
                    self.annex.clone_from(&annex);
                    return Some(annex);
                }
                if let Some(rest) = numeral(head).filter(|rest| rest.starts_with('、')) {
                    let number = head.get(..head.len() - rest.len())?;
                    self.above = format!("{}{number}、", self.annex);
                    return Some(self.above.clone());
                }
                let number = bracketed(head)?;
                Some(format!("{}（{number}）", self.above))
            }
            Style::Articles => {
                if let Some(article) = article(&paragraph.text) {
                    return Some(article.to_owned());
                }
                let rest = numeral(head.strip_prefix('第')?)?;
                let unit = rest
                    .chars()
                    .next()
                    .filter(|c| matches!(c, '编' | '章' | '节'))?;
                let end = head.len() - rest.len() + unit.len_utf8();
                let mark = head.get(..end)?;
                if unit == '节' {
                    return Some(format!("{}{mark}", self.above));
                }
                self.above = mark.to_owned();
                Some(self.above.clone())
            }
        }
    }
}

/// The text after a leading Chinese numeral, if there is one.
fn numeral(text: &str) -> Option<&str> {
    let rest = text.trim_start_matches([
        '一', '二', '三', '四', '五', '六', '七', '八', '九', '十', '百', '千', '零', '〇',
    ]);
    (rest.len() < text.len()).then_some(rest)
}

/// The Chinese numeral in brackets at the beginning of a normal form.
fn bracketed(head: &str) -> Option<&str> {
    let inside = head.strip_prefix('(')?;
    let rest = numeral(inside)?;
    rest.starts_with(')')
        .then(|| inside.get(..inside.len() - rest.len()))
        .flatten()
}

/// The annex whose heading a line is: 附件, 附件1, 附件一, and nothing else on the line.
fn annex(line: &str) -> Option<String> {
    // Longer lines are sentences; this saves computing their normal forms.
    const LONGEST: usize = 40;
    if line.len() > LONGEST {
        return None;
    }
    let line = normal(line);
    let number = line.strip_prefix("附件")?;
    let number = number.strip_suffix(':').unwrap_or(number);
    let counted = number.chars().all(|c| c.is_ascii_digit()) || numeral(number) == Some("");
    counted.then(|| format!("附件{number}"))
}

/// The article (第…条) that begins a text.
fn article(text: &str) -> Option<&str> {
    let rest = numeral(text.strip_prefix('第')?)?.strip_prefix('条')?;
    // 第十七条第二款 at the beginning of a line is a reference that a page break moved there.
    let begins = !rest.starts_with(['第', '的', '、', '，', ',', '和', '或', '至', '规']);
    begins
        .then(|| text.get(..text.len() - rest.len()))
        .flatten()
}
