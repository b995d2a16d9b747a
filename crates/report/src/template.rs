//! The workbook to fill in for a rule set: one row per case, the facts its rules read as columns.
//!
//! Headers are the vocabulary's labels below those of their groups, so that [`choucha_intake::table`] reads the
//! workbook without a mapping. Notes on the headers describe each fact and name its paper; columns have drop-down
//! lists, and formats that keep codes as text and days as dates.
//!
//! Invariant: the same rule set and language give the same bytes.

mod columns;
mod explained;

use std::collections::HashSet;

use rust_xlsxwriter::{
    DataValidation, DataValidationErrorStyle, DataValidationRule, DocProperties, ExcelDateTime,
    Format, FormatAlign, FormatBorder, Formula, Note, Workbook, Worksheet, XlsxError,
};

use choucha_core::lang::{Lang, Text};
use choucha_core::text;
use choucha_core::value::{EnumId, Type};
use choucha_core::vocabulary::{Fact, FactId, Vocabulary};
use choucha_intake::table::{INSTRUCTIONS, sheet_title};
use columns::{Column, Group};

/// How many rows have drop-down lists and checks.
const CHECKED_ROWS: u32 = 10_000;

/// The row of the labels in the main table: below the title and the groups.
const LABELS: u32 = 2;

/// The arrangement of cases in the workbook.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// One row per case.
    Table,
    /// One sheet per case, with one fact per row.
    Upright,
}

/// Writes the workbook for the facts that a rule set reads.
///
/// # Errors
///
/// The writer of workbooks rejects something; our texts cannot cause that.
pub fn write(
    vocabulary: &Vocabulary,
    title: &Text,
    facts: &HashSet<FactId>,
    form: Form,
    lang: Lang,
) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    // The time of writing would make every workbook different.
    let written = ExcelDateTime::from_ymd(2024, 1, 1)?;
    book.set_properties(&DocProperties::new().set_creation_datetime(&written));
    let layout = columns::of(vocabulary, facts, lang);
    let choices = Choices::of(vocabulary, &layout, lang);
    let writer = Writer {
        vocabulary,
        lang,
        choices: &choices,
    };
    match form {
        Form::Table => writer.main(book.add_worksheet(), title, &layout.groups)?,
        Form::Upright => writer.upright(book.add_worksheet(), &layout.groups)?,
    }
    for (fact, columns) in &layout.lists {
        writer.list(book.add_worksheet(), fact, columns)?;
    }
    if !layout.campaign.is_empty() {
        writer.campaign(book.add_worksheet(), &layout.campaign)?;
    }
    explained::write(book.add_worksheet(), vocabulary, &layout, lang)?;
    choices.write(book.add_worksheet(), vocabulary, lang)?;
    book.save_to_buffer()
}

/// The values of drop-down lists, on a hidden sheet: lists within cells are limited in length and cannot contain commas.
struct Choices {
    enums: Vec<EnumId>,
    lengths: Vec<usize>,
}

impl Choices {
    const SHEET: &'static str = "_values";

    fn of(vocabulary: &Vocabulary, layout: &columns::Layout<'_>, _: Lang) -> Self {
        let mut enums: Vec<EnumId> = Vec::new();
        for column in layout.columns() {
            if let Type::Enum(id) = column.fact.ty
                && !enums.contains(&id)
            {
                enums.push(id);
            }
        }
        let lengths = enums
            .iter()
            .map(|id| vocabulary.enumeration(*id).values.len())
            .collect();
        Choices { enums, lengths }
    }

    /// The range of an enum's values: in its own column, after the column of yes and no.
    fn range(&self, id: EnumId) -> Option<String> {
        let at = self.enums.iter().position(|known| *known == id)?;
        let length = self.lengths.get(at)?;
        Some(Self::cells(at + 1, *length))
    }

    fn yes_or_no() -> String {
        Self::cells(0, 2)
    }

    fn cells(column: usize, length: usize) -> String {
        let letters = choucha_core::source::CellName {
            sheet: "".into(),
            row: 0,
            column: u32::try_from(column).unwrap_or(u32::MAX),
        };
        let address = letters.address();
        let column = address.trim_end_matches('1');
        format!("={}!${column}$1:${column}${length}", Self::SHEET)
    }

    fn write(
        &self,
        sheet: &mut Worksheet,
        vocabulary: &Vocabulary,
        lang: Lang,
    ) -> Result<(), XlsxError> {
        sheet.set_name(Self::SHEET)?;
        sheet.set_hidden(true);
        sheet.write_string(0, 0, lang.pick("是", "yes"))?;
        sheet.write_string(1, 0, lang.pick("否", "no"))?;
        for (column, id) in (1..).zip(&self.enums) {
            for (row, value) in (0..).zip(&vocabulary.enumeration(*id).values) {
                sheet.write_string(row, column, value.label.get(lang))?;
            }
        }
        Ok(())
    }
}

struct Writer<'a> {
    vocabulary: &'a Vocabulary,
    lang: Lang,
    choices: &'a Choices,
}

fn head() -> Format {
    Format::new()
        .set_bold()
        .set_text_wrap()
        .set_align(FormatAlign::Center)
        .set_align(FormatAlign::VerticalCenter)
        .set_border(FormatBorder::Thin)
        .set_background_color(0x00DD_EBF7)
}

impl Writer<'_> {
    fn main(
        &self,
        sheet: &mut Worksheet,
        title: &Text,
        groups: &[Group<'_>],
    ) -> Result<(), XlsxError> {
        sheet.set_name(self.lang.pick("案卷表", "Cases"))?;
        let heading = text!("{} 案卷表", "{}: cases"; title);
        let large = Format::new().set_bold().set_font_size(14);
        sheet.write_string_with_format(0, 0, heading.get(self.lang), &large)?;
        let head = head();
        let mut at: u16 = 0;
        for group in groups {
            let first = at;
            for column in &group.columns {
                self.column(sheet, LABELS, at, column)?;
                at += 1;
            }
            let last = at.saturating_sub(1);
            let name = group.title.get(self.lang);
            if name.is_empty() {
                continue;
            }
            if last > first {
                sheet.merge_range(LABELS - 1, first, LABELS - 1, last, name, &head)?;
            } else {
                sheet.write_string_with_format(LABELS - 1, first, name, &head)?;
            }
        }
        sheet.set_row_height(LABELS, 45)?;
        sheet.set_freeze_panes(LABELS + 1, 1)?;
        Ok(())
    }

    /// A sheet with one row per group of a list.
    fn list(
        &self,
        sheet: &mut Worksheet,
        fact: &Fact,
        columns: &[Column<'_>],
    ) -> Result<(), XlsxError> {
        sheet.set_name(sheet_title(fact.label.get(self.lang)))?;
        for (at, column) in (0..).zip(columns) {
            self.column(sheet, 0, at, column)?;
        }
        sheet.set_row_height(0, 45)?;
        sheet.set_freeze_panes(1, 1)?;
        Ok(())
    }

    /// The sheet of the campaign's record, one fact per row.
    fn campaign(&self, sheet: &mut Worksheet, facts: &[Column<'_>]) -> Result<(), XlsxError> {
        sheet.set_name(self.lang.pick("整批抽查", "Campaign"))?;
        self.items(sheet, facts.iter().map(|column| (column, &column.label)))
    }

    /// The sheet of one case, one fact per row, to be copied for the next case.
    fn upright(&self, sheet: &mut Worksheet, groups: &[Group<'_>]) -> Result<(), XlsxError> {
        sheet.set_name(self.lang.pick("案卷1", "Case 1"))?;
        let columns = groups.iter().flat_map(|group| &group.columns);
        self.items(sheet, columns.map(|column| (column, &column.fact.name)))
    }

    /// Facts one below the other, each next to its name.
    fn items<'c>(
        &self,
        sheet: &mut Worksheet,
        facts: impl Iterator<Item = (&'c Column<'c>, &'c Text)>,
    ) -> Result<(), XlsxError> {
        let lang = self.lang;
        let heads = [
            Text::new("事项", "Item"),
            Text::new("内容", "Content"),
            Text::new("说明", "Explanation"),
        ];
        for ((at, text), width) in (0..).zip(&heads).zip([28, 44, 60]) {
            sheet.set_column_width(at, width)?;
            sheet.write_string_with_format(0, at, text.get(lang), &head())?;
        }
        let wrapped = Format::new().set_text_wrap();
        for (row, (column, name)) in (1..).zip(facts) {
            let fact = column.fact;
            sheet.write_string_with_format(row, 0, name.get(lang), &head())?;
            let format = format_of(&fact.ty).unwrap_or_default().set_text_wrap();
            sheet.write_blank(row, 1, &format)?;
            let note = explained::note(self.vocabulary, column, lang);
            sheet.write_string_with_format(row, 2, note.replace('\n', "；"), &wrapped)?;
            if let Some(check) = self.check(fact)? {
                sheet.add_data_validation(row, 1, row, 1, &check)?;
            }
        }
        sheet.set_freeze_panes(1, 1)?;
        Ok(())
    }

    fn column(
        &self,
        sheet: &mut Worksheet,
        row: u32,
        at: u16,
        column: &Column<'_>,
    ) -> Result<(), XlsxError> {
        let fact = column.fact;
        let label = column.label.get(self.lang);
        let width = choucha_core::layout::width(label).clamp(10, 24) + 2;
        // Widths are in digits; a sheet's columns fit in 32 bits.
        sheet.set_column_width(at, u32::try_from(width).unwrap_or(26))?;
        if let Some(format) = format_of(&fact.ty) {
            sheet.set_column_format(at, &format)?;
        }
        sheet.write_string_with_format(row, at, label, &head())?;
        let words = explained::note(self.vocabulary, column, self.lang);
        let lines = u32::try_from(words.lines().count() + words.chars().count() / 18).unwrap_or(20);
        let note = Note::new(words)
            .add_author_prefix(false)
            .set_width(280)
            .set_height(30 + 18 * lines.min(20));
        sheet.insert_note(row, at, &note)?;
        if let Some(check) = self.check(fact)? {
            sheet.add_data_validation(row + 1, at, row + CHECKED_ROWS, at, &check)?;
        }
        Ok(())
    }

    /// The check on a column's values. A warning still lets other values in: 无 says more than blank.
    fn check(&self, fact: &Fact) -> Result<Option<DataValidation>, XlsxError> {
        let check = match &fact.ty {
            Type::Bool => {
                DataValidation::new().allow_list_formula(Formula::new(Choices::yes_or_no()))
            }
            Type::Enum(id) => match self.choices.range(*id) {
                Some(range) => DataValidation::new().allow_list_formula(Formula::new(range)),
                None => return Ok(None),
            },
            Type::Date => {
                let (from, to) = fact.days;
                let day =
                    |day: choucha_core::value::Day| ExcelDateTime::parse_from_str(&day.to_string());
                DataValidation::new().allow_date(DataValidationRule::Between(day(from)?, day(to)?))
            }
            _ => return Ok(None),
        };
        let message = Text::new(
            "请核对填写的内容。确无此事的写“无”；已办理而日期不明的写“有”；未知的留空。",
            "Please check the entry. Write \"none\" where there was none, \"done\" where an act was done on a day that is not known; leave unknown facts blank.",
        );
        let title = Text::new("请核对", "Please check");
        Ok(Some(
            check
                .ignore_blank(true)
                .set_error_style(DataValidationErrorStyle::Warning)
                .set_error_title(title.get(self.lang))?
                .set_error_message(message.get(self.lang))?,
        ))
    }
}

/// The cell format of a type: text for codes, so that no digit is lost; dates for days.
fn format_of(ty: &Type) -> Option<Format> {
    let format = |code: &str| Some(Format::new().set_num_format(code));
    match ty {
        Type::Date => format("yyyy-mm-dd"),
        Type::DateTime => format("yyyy-mm-dd hh:mm"),
        Type::Text | Type::Person | Type::Organisation | Type::List(_) => format("@"),
        _ => None,
    }
}

/// The name of the sheet of explanations.
fn instructions(lang: Lang) -> &'static str {
    lang.pick(INSTRUCTIONS.0, INSTRUCTIONS.1)
}

#[cfg(test)]
mod tests;
