//! Pages of a workbook: sheets written row by row, continued on another sheet when full.
//!
//! No rows stay in memory; the writer keeps them in a separate file until the workbook is saved.

use rust_xlsxwriter::{
    Color, Format, FormatAlign, FormatBorder, FormatPattern, Url, Workbook, Worksheet,
};

use super::{Failed, Limits};
use crate::delimited::is_like_a_formula;
use crate::issues::{self, unit};
use choucha_core::audit::Outcome;
use choucha_core::lang::{Lang, Text};
use choucha_core::layout;
use choucha_core::text;
use choucha_core::value::Day;
use choucha_intake::table::guarded;

/// A column of a page.
#[derive(Debug, Clone)]
pub(super) struct Head {
    pub(super) title: Text,
    pub(super) width: u32,
}

impl Head {
    pub(super) fn new(zh: &str, en: &str, width: u32) -> Self {
        Head {
            title: Text::new(zh, en),
            width,
        }
    }
}

/// One cell to be written.
#[derive(Debug, Clone)]
pub(super) enum Cell {
    Blank,
    Text(String),
    Strong(String),
    Count(u64),
    /// A share of a whole, as a percentage.
    Share(f64),
    Day(Day),
    Late(i32, bool),
    Outcome(Outcome),
    /// A text with a link to a cell of this workbook.
    Link(String, String),
}

impl Cell {
    pub(super) fn count(n: usize) -> Cell {
        Cell::Count(n as u64)
    }

    pub(super) fn text(text: &str) -> Cell {
        Cell::Text(issues::shown(text))
    }

    /// How many lines it takes in a column of this width.
    pub(super) fn lines(&self, width: u32) -> usize {
        let room = (width as usize).saturating_sub(1).max(2);
        match self {
            Cell::Text(text) | Cell::Strong(text) | Cell::Link(text, _) => text
                .lines()
                // Wrapping may leave one place free before a wide character, on nearly every line.
                .map(|line| layout::width(line).div_ceil(room - 1).max(1))
                .sum::<usize>(),
            _ => 1,
        }
    }

    /// The same, with the places in mind where lines may break: no line too few for programs that differ a little.
    fn lines_of_paper(&self, width: u32) -> usize {
        match self {
            Cell::Text(text) | Cell::Strong(text) | Cell::Link(text, _) => {
                let room = (width as usize).saturating_sub(3).max(2);
                layout::wrap(text, room).len().max(1)
            }
            _ => 1,
        }
    }

    /// Takes the first lines off what is shown in a column of some width; what is left is blank, or the rest of the text.
    fn take_lines(&mut self, width: u32, most: usize) -> Cell {
        let room = (width as usize).saturating_sub(1).max(2) - 1;
        let (text, is_strong) = match self {
            Cell::Text(text) | Cell::Link(text, _) => (text.as_str(), false),
            Cell::Strong(text) => (text.as_str(), true),
            _ => return std::mem::replace(self, Cell::Blank),
        };
        let cut = end_of(text, room, most);
        let (first, rest) = text.split_at(cut);
        let made = |text: &str| match is_strong {
            true => Cell::Strong(text.to_owned()),
            false => Cell::Text(text.to_owned()),
        };
        let (shown, left) = (
            made(first.trim_end_matches('\n')),
            rest.trim_start_matches('\n'),
        );
        let left = match left.is_empty() {
            true => Cell::Blank,
            false => made(left),
        };
        match (std::mem::replace(self, left), shown) {
            // Where it leads stays with its beginning.
            (Cell::Link(_, target), Cell::Text(text)) => Cell::Link(text, target),
            (_, shown) => shown,
        }
    }
}

/// Where the text ends that so many lines of some room show.
fn end_of(text: &str, room: usize, most: usize) -> usize {
    let mut lines = 1;
    let mut used = 0;
    for (at, c) in text.char_indices() {
        let wide = layout::width(c.encode_utf8(&mut [0; 4]));
        let breaks = c == '\n' || used + wide > room;
        if breaks {
            lines += 1;
            used = 0;
            // At least one character goes on, so that it comes to an end.
            if lines > most && at > 0 {
                return at;
            }
        }
        if c != '\n' {
            used += wide;
        }
    }
    text.len()
}

/// The looks of cells. Marks or font weight repeat whatever colour shows.
#[derive(Debug)]
pub(super) struct Formats {
    head: Format,
    text: Format,
    quoted: Format,
    pub(super) title: Format,
    strong: Format,
    count: Format,
    share: Format,
    signature: Format,
    pub(super) day: Format,
    pub(super) moment: Format,
    late: [Format; 2],
    link: Format,
    outcomes: [Format; 8],
    pub(super) marked: [Format; 8],
}

impl Formats {
    pub(super) fn new(lang: Lang) -> Self {
        let plain = || Format::new().set_align(FormatAlign::Top);
        let text = || plain().set_text_wrap();
        let late = |in_workdays| {
            let unit = unit(in_workdays);
            let space = lang.pick("", " ");
            let code = format!("0\"{space}{}\"", unit.get(lang));
            plain().set_num_format(code).set_bold()
        };
        Formats {
            head: Format::new()
                .set_bold()
                .set_text_wrap()
                .set_align(FormatAlign::Center)
                .set_align(FormatAlign::VerticalCenter)
                .set_border(FormatBorder::Thin)
                .set_background_color(0x00DD_EBF7),
            text: text(),
            // Keeps the cell a text when it is edited.
            quoted: text().set_quote_prefix(),
            // It runs across the cells beside it.
            title: plain().set_bold().set_font_size(14.0),
            strong: text().set_bold(),
            count: plain().set_num_format("#,##0"),
            share: plain().set_num_format("0.0%"),
            // It runs across the cells beside it.
            signature: Format::new().set_align(FormatAlign::VerticalCenter),
            day: plain()
                .set_num_format("yyyy-mm-dd")
                .set_align(FormatAlign::Left),
            moment: plain()
                .set_num_format("yyyy-mm-dd hh:mm")
                .set_align(FormatAlign::Left),
            late: [late(false), late(true)],
            link: text()
                .set_font_color(0x0005_63C1)
                .set_underline(rust_xlsxwriter::FormatUnderline::Single),
            outcomes: Outcome::ALL.map(|outcome| toned(text(), outcome)),
            marked: Outcome::ALL.map(|outcome| {
                let border = match outcome {
                    Outcome::Violated => FormatBorder::Thick,
                    _ => FormatBorder::MediumDashed,
                };
                toned(Format::new(), outcome).set_border(border)
            }),
        }
    }
}

/// The colours of an outcome.
fn toned(format: Format, outcome: Outcome) -> Format {
    let (fill, font) = match outcome {
        Outcome::Violated => (0x00FF_C7CE, 0x009C_0006),
        Outcome::Errored => (0x00E4_DFEC, 0x003F_3151),
        Outcome::Review => (0x00FF_EB9C, 0x007F_6000),
        Outcome::Undetermined => (0x00FF_F7DD, 0x007F_6000),
        Outcome::Pending => (0x00DD_EBF7, 0x001F_4E78),
        Outcome::Waived | Outcome::NotApplicable => (0x00ED_EDED, 0x0040_4040),
        Outcome::Satisfied => (0x00E2_EFDA, 0x0037_5623),
    };
    let format = format
        .set_background_color(Color::RGB(fill))
        .set_pattern(FormatPattern::Solid)
        .set_font_color(Color::RGB(font));
    match outcome {
        Outcome::Violated | Outcome::Errored => format.set_bold(),
        _ => format,
    }
}

/// Shared by all pages of a workbook.
pub(super) struct Shared {
    pub(super) book: Workbook,
    pub(super) formats: Formats,
    pub(super) lang: Lang,
    pub(super) limits: Limits,
    /// The texts that do not fit in a cell, on a separate sheet.
    long: Option<Box<Page>>,
    pub(super) long_texts: usize,
    /// How many continuation sheets were needed.
    pub(super) continued: usize,
}

impl Shared {
    pub(super) fn new(book: Workbook, lang: Lang, limits: Limits) -> Self {
        Shared {
            book,
            formats: Formats::new(lang),
            lang,
            limits,
            long: None,
            long_texts: 0,
            continued: 0,
        }
    }

    /// A new sheet with its rows in a file.
    pub(super) fn sheet(&mut self) -> Result<Worksheet, Failed> {
        Ok(self.book.new_worksheet_with_constant_memory()?)
    }

    /// The text if it fits a cell; else its beginning, with the whole text on the sheet of long texts.
    pub(super) fn fitting(
        &mut self,
        sheet: &str,
        row: u32,
        column: u16,
        text: String,
    ) -> Result<String, Failed> {
        let most = self.limits.characters;
        if text.encode_utf16().count() <= most {
            return Ok(text);
        }
        self.long_texts += 1;
        let n = self.long_texts;
        let name = long_name(self.lang);
        let note = text!(
            "…（全文见“{name}”第{n}项）",
            "… (all of it: “{name}”, no. {n})"
        );
        let note = note.get(self.lang).to_owned();
        let place = choucha_core::source::CellName {
            sheet: sheet.into(),
            row,
            column: column.into(),
        };
        let room = most.saturating_sub(note.encode_utf16().count());
        let mut page = match self.long.take() {
            Some(page) => page,
            None => Box::new(Page::new(
                name,
                vec![
                    Head::new("项", "No.", 6),
                    Head::new("所在单元格", "Cell", 24),
                    Head::new("段", "Part", 6),
                    Head::new("内容", "Text", 120),
                ],
                1,
            )),
        };
        let mut rest = text.as_str();
        let mut first = None;
        for part in 1_u64.. {
            let (piece, left) = cut(rest, most);
            page.row(
                self,
                &[
                    Cell::count(n),
                    Cell::Text(place.to_string()),
                    Cell::Count(part),
                    Cell::Text(piece.to_owned()),
                ],
            )?;
            first.get_or_insert_with(|| cut(piece, room).0.to_owned());
            rest = left;
            if rest.is_empty() {
                break;
            }
        }
        self.long = Some(page);
        let first = first.unwrap_or_default();
        Ok(format!("{first}{note}"))
    }

    /// The sheets of long texts.
    pub(super) fn long(&mut self) -> Result<Vec<Worksheet>, Failed> {
        match self.long.take() {
            Some(page) => page.finish(self),
            None => Ok(Vec::new()),
        }
    }

    /// Writes one cell.
    pub(super) fn write(
        &mut self,
        sheet: &mut Worksheet,
        (row, column): (u32, u16),
        cell: &Cell,
    ) -> Result<(), Failed> {
        let text = match cell {
            Cell::Text(text) | Cell::Strong(text) | Cell::Link(text, _) => text.clone(),
            _ => String::new(),
        };
        let text = self.fitting(&sheet.name(), row, column, text)?;
        let formats = &self.formats;
        match cell {
            Cell::Blank => return Ok(()),
            Cell::Text(_) if is_like_a_formula(&text) => {
                sheet.write_string_with_format(row, column, text, &formats.quoted)?
            }
            Cell::Text(_) => sheet.write_string_with_format(row, column, text, &formats.text)?,
            Cell::Strong(_) => {
                sheet.write_string_with_format(row, column, text, &formats.strong)?
            }
            Cell::Count(n) => {
                sheet.write_number_with_format(row, column, *n as f64, &formats.count)?
            }
            Cell::Share(share) => {
                sheet.write_number_with_format(row, column, *share, &formats.share)?
            }
            Cell::Day(day) => match serial(*day) {
                Some(serial) => {
                    sheet.write_number_with_format(row, column, serial, &formats.day)?
                }
                None => {
                    sheet.write_string_with_format(row, column, day.to_string(), &formats.text)?
                }
            },
            Cell::Late(days, in_workdays) => {
                let format = &formats.late[usize::from(*in_workdays)];
                sheet.write_number_with_format(row, column, *days, format)?
            }
            Cell::Outcome(outcome) => {
                let words = issues::outcome_words(*outcome, self.lang);
                let format = &formats.outcomes[*outcome as usize];
                sheet.write_string_with_format(row, column, words, format)?
            }
            Cell::Link(_, target) => {
                let link = Url::new(format!("internal:{target}")).set_text(text);
                sheet.write_url_with_format(row, column, link, &formats.link)?
            }
        };
        Ok(())
    }
}

/// The number of the paper size A4.
pub(super) const A4: u8 = 9;

/// How many lines a row shows at most.
pub(super) const HIGHEST: usize = 27;

/// The lines that a row of a paper takes of a text that is too long for one: as many as surely fit.
const TAKEN: usize = HIGHEST * 3 / 4;

/// The name of the sheet of texts that are too long for a cell.
fn long_name(lang: Lang) -> &'static str {
    lang.pick("长文本", "Long texts")
}

/// Splits a text so that its beginning has at most `most` UTF-16 units.
fn cut(text: &str, most: usize) -> (&str, &str) {
    let mut units = 0;
    for (at, c) in text.char_indices() {
        units += c.len_utf16();
        if units > most && at > 0 {
            return text.split_at(at);
        }
    }
    (text, "")
}

/// The serial number of a day in spreadsheets; None before their first day.
pub(super) fn serial(day: Day) -> Option<f64> {
    let first = Day::from_ymd(1900, 3, 1)?;
    let days = day.number().checked_sub(first.number())?;
    (0..2_900_000).contains(&days).then(|| f64::from(days + 61))
}

/// A table written row by row, on as many sheets as needed.
pub(super) struct Page {
    name: String,
    heads: Vec<Head>,
    /// Columns that stay in view.
    frozen: u16,
    /// Columns that are printed, on two pages beside each other; all on one, if none.
    printed: Option<u16>,
    /// What stands at the end of a paper that is printed and signed.
    signature: Option<&'static str>,
    done: Vec<Worksheet>,
    current: Option<Worksheet>,
    /// The next row of the current sheet.
    at: u32,
}

impl Page {
    pub(super) fn new(name: &str, heads: Vec<Head>, frozen: u16) -> Self {
        Page {
            name: name.to_owned(),
            heads,
            frozen,
            printed: None,
            signature: None,
            done: Vec::new(),
            current: None,
            at: 0,
        }
    }

    /// Printed on two pages beside each other, only its first columns.
    pub(super) fn on_two_pages(mut self, columns: u16) -> Self {
        self.printed = Some(columns);
        self
    }

    /// A paper that is printed and signed: no row of it is cut off.
    pub(super) fn signed(mut self, lang: Lang) -> Self {
        self.signature = Some(lang.pick(
            "编制人：＿＿＿＿＿＿　　复核人：＿＿＿＿＿＿　　日期：＿＿＿＿年＿＿月＿＿日",
            "Prepared by: ______________   Checked by: ______________   Date: ______________",
        ));
        self
    }

    /// Writes a row; of a paper as many as it takes to show all of it.
    pub(super) fn row(&mut self, shared: &mut Shared, cells: &[Cell]) -> Result<(), Failed> {
        if self.signature.is_none() || self.lines(cells) <= HIGHEST {
            return self.write(shared, cells);
        }
        let mut rest: Vec<Cell> = cells.to_vec();
        while self.lines(&rest) > HIGHEST {
            let widths = self.heads.iter().map(|head| head.width);
            let shown = rest
                .iter_mut()
                .zip(widths)
                .map(|(cell, width)| cell.take_lines(width, TAKEN));
            let shown: Vec<Cell> = shown.collect();
            self.write(shared, &shown)?;
        }
        self.write(shared, &rest)
    }

    /// How many lines a row takes.
    fn lines(&self, cells: &[Cell]) -> usize {
        let is_paper = self.signature.is_some();
        let cells = self.heads.iter().zip(cells);
        let lines = cells.map(|(head, cell)| match is_paper {
            true => cell.lines_of_paper(head.width),
            false => cell.lines(head.width),
        });
        lines.max().unwrap_or(1)
    }

    fn write(&mut self, shared: &mut Shared, cells: &[Cell]) -> Result<(), Failed> {
        if self.current.is_some() && self.at >= shared.limits.rows {
            self.end(shared)?;
            shared.continued += 1;
        }
        let mut sheet = match self.current.take() {
            Some(sheet) => sheet,
            None => guarded(|| self.begin(shared)).ok_or(Failed::Scratch)??,
        };
        let row = self.at;
        // Not every program computes the height; none allows a row higher than this.
        let height = self.lines(cells).clamp(1, HIGHEST);
        guarded(|| {
            sheet.set_row_height(row, 15.0 * height as f64)?;
            for (column, cell) in (0..).zip(cells) {
                shared.write(&mut sheet, (row, column), cell)?;
            }
            Ok::<(), Failed>(())
        })
        .ok_or(Failed::Scratch)??;
        self.at += 1;
        self.current = Some(sheet);
        Ok(())
    }

    fn begin(&mut self, shared: &mut Shared) -> Result<Worksheet, Failed> {
        let mut sheet = shared.sheet()?;
        let name = match self.done.len() {
            0 => self.name.clone(),
            n => {
                let (name, n) = (&self.name, n + 1);
                let title = text!("{name}（{n}）", "{name} ({n})");
                title.get(shared.lang).to_owned()
            }
        };
        sheet.set_name(name)?;
        for (column, head) in (0..).zip(&self.heads) {
            sheet.set_column_width(column, head.width)?;
            sheet.write_string_with_format(
                0,
                column,
                head.title.get(shared.lang),
                &shared.formats.head,
            )?;
        }
        let lines = self.heads.iter().map(|head| {
            let title = Cell::Text(head.title.get(shared.lang).to_owned());
            title.lines(head.width)
        });
        let height = lines.max().unwrap_or(1) + 1;
        sheet.set_row_height(0, 15.0 * height as f64)?;
        sheet.set_freeze_panes(1, self.frozen)?;
        sheet.set_landscape();
        sheet.set_paper_size(A4);
        match self.printed {
            None => sheet.set_print_fit_to_pages(1, 0),
            Some(_) => sheet.set_print_fit_to_pages(2, 0),
        };
        if self.printed.is_some() && self.frozen > 0 {
            sheet.set_repeat_columns(0, self.frozen - 1)?;
        }
        sheet.set_repeat_rows(0, 0)?;
        sheet.set_print_gridlines(true);
        sheet.set_margins(0.4, 0.4, 0.5, 0.6, 0.3, 0.3);
        match self.signature {
            None => sheet.set_footer("&L&A&R&P / &N"),
            Some(_) => {
                let title = self.name.replace('&', "&&");
                sheet.set_header(format!("&C&B&14{title}"));
                sheet.set_margins(0.4, 0.4, 0.7, 0.6, 0.3, 0.3);
                sheet.set_footer("&C&P / &N")
            }
        };
        self.at = 1;
        Ok(sheet)
    }

    fn end(&mut self, shared: &mut Shared) -> Result<(), Failed> {
        let Some(mut sheet) = self.current.take() else {
            return Ok(());
        };
        let last = self.at.saturating_sub(1);
        let columns = u16::try_from(self.heads.len()).unwrap_or(u16::MAX);
        guarded(|| {
            sheet.autofilter(0, 0, last, columns.saturating_sub(1))?;
            if let Some(printed) = self.printed {
                sheet.set_print_area(0, 0, last, printed.saturating_sub(1))?;
            }
            if let Some(signature) = self.signature
                && last.saturating_add(2) < shared.limits.rows
            {
                sheet.set_row_height(last + 2, 24.0)?;
                sheet.write_string_with_format(
                    last + 2,
                    0,
                    signature,
                    &shared.formats.signature,
                )?;
            }
            Ok::<(), Failed>(())
        })
        .ok_or(Failed::Scratch)??;
        self.done.push(sheet);
        Ok(())
    }

    /// The sheets; one with a header only, if there was no row, which a paper says.
    pub(super) fn finish(mut self, shared: &mut Shared) -> Result<Vec<Worksheet>, Failed> {
        if self.signature.is_some() && self.current.is_none() && self.done.is_empty() {
            let none = Cell::Text(shared.lang.pick("（无）", "(none)").to_owned());
            self.write(shared, &[none])?;
        }
        if self.current.is_none() && self.done.is_empty() {
            let sheet = self.begin(shared)?;
            self.current = Some(sheet);
        }
        self.end(shared)?;
        Ok(self.done)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_numbered_as_spreadsheets_do() {
        let number = |y, m, d| serial(Day::from_ymd(y, m, d).unwrap());
        assert_eq!(number(2024, 3, 1), Some(45_352.0));
        assert_eq!(number(1900, 3, 1), Some(61.0));
        assert_eq!(number(1900, 2, 28), None);
    }

    #[test]
    fn a_text_is_cut_between_characters() {
        assert_eq!(cut("甲乙丙", 2), ("甲乙", "丙"));
        assert_eq!(cut("😀乙", 1), ("😀", "乙"));
        assert_eq!(cut("甲", 5), ("甲", ""));
    }
}
