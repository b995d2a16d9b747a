//! The workbook's own explanations: the notes on headers and the sheet of explanations.

use rust_xlsxwriter::{Format, Worksheet, XlsxError};

use super::columns::{Column, Layout};
use super::instructions;
use choucha_core::lang::{Lang, Text};
use choucha_core::text;
use choucha_core::value::Type;
use choucha_core::vocabulary::Vocabulary;

/// Instructions for filling in, line by line.
fn lines() -> [Text; 9] {
    [
        Text::new(
            "每个案卷（每批次）一行；表头不要改动，列可以删去或者调换位置。",
            "Write one row a case. Leave the headers as they are; columns may be removed or moved.",
        ),
        Text::new(
            "未知的事项留空；确无此事、没有发生的写“无”。二者的审查结果不同。",
            "Leave unknown facts blank; write \"none\" where there was none or it did not happen. The two are judged differently.",
        ),
        Text::new(
            "“案卷完整”填“是”的，空格一律视为没有；全部材料都已录入时才填。",
            "If \"Dossier complete\" is yes, every blank counts as none: say so only when every page has been copied.",
        ),
        Text::new(
            "日期可写 2024-3-1、2024年3月1日、20240301，也可以用日期格式的单元格。",
            "Days may be written 2024-3-1, 2024.3.1 or 20240301, or as cells formatted as dates.",
        ),
        Text::new(
            "一格填写几项的，用顿号、逗号、分号或者换行分开，如：甲某、乙某。",
            "Several entries in one cell are separated by commas, semicolons or line breaks.",
        ),
        Text::new(
            "金额以元为单位；写“万元”的按万元折算。",
            "Money is in yuan; 万元 after a number counts as ten thousand yuan.",
        ),
        Text::new(
            "明细表（如更正补充）每项一行，案卷编号须与案卷表一致。",
            "Sheets of details have a row for each, with the case number of the main sheet.",
        ),
        Text::new(
            "人员另有工号、单位的，可加“抽样人员·工号”“抽样人员·单位”等列，顺序与姓名一致。",
            "Staff numbers and employers may stand in columns of their own, such as `Samplers·id`, in the order of the names.",
        ),
        Text::new(
            "审查：choucha audit 文件.xlsx",
            "To audit: choucha audit FILE.xlsx",
        ),
    ]
}

/// Writes the sheet of explanations.
pub(super) fn write(
    sheet: &mut Worksheet,
    vocabulary: &Vocabulary,
    layout: &Layout<'_>,
    lang: Lang,
) -> Result<(), XlsxError> {
    sheet.set_name(instructions(lang))?;
    let bold = Format::new().set_bold();
    let wrapped = Format::new().set_text_wrap();
    sheet.set_column_width(0, 44)?;
    sheet.set_column_width(1, 60)?;
    sheet.set_column_width(2, 30)?;
    sheet.set_column_width(3, 40)?;
    let mut row = 0;
    for line in lines() {
        sheet.write_string(row, 0, line.get(lang))?;
        row += 1;
    }
    row += 1;
    let heads = [
        Text::new("列", "Column"),
        Text::new("含义", "Meaning"),
        Text::new("见于", "Found on"),
        Text::new("写法", "How to write it"),
    ];
    for (column, head) in (0..).zip(&heads) {
        sheet.write_string_with_format(row, column, head.get(lang), &bold)?;
    }
    for column in layout.columns() {
        row += 1;
        let fact = column.fact;
        let form = fact.form.clone().unwrap_or_default();
        let cells = [
            fact.title.get(lang).to_owned(),
            fact.description.get(lang).to_owned(),
            form.get(lang).to_owned(),
            how(vocabulary, column).get(lang).to_owned(),
        ];
        for (at, cell) in (0..).zip(&cells) {
            sheet.write_string_with_format(row, at, cell, &wrapped)?;
        }
    }
    Ok(())
}

/// The note on a header.
pub(super) fn note(vocabulary: &Vocabulary, column: &Column<'_>, lang: Lang) -> String {
    let fact = column.fact;
    let mut lines = vec![fact.description.get(lang).to_owned()];
    if let Some(form) = &fact.form {
        lines.push(text!("见于：{}", "Found on: {}"; form).get(lang).to_owned());
    }
    if let Some(unit) = &fact.unit {
        lines.push(text!("单位：{}", "Unit: {}"; unit).get(lang).to_owned());
    }
    lines.push(how(vocabulary, column).get(lang).to_owned());
    lines.retain(|line| !line.trim().is_empty());
    lines.join("\n")
}

/// How to write the values of a column.
fn how(vocabulary: &Vocabulary, column: &Column<'_>) -> Text {
    match &column.fact.ty {
        Type::Text | Type::Row(_) => Text::default(),
        Type::Rows(_) => text!(
            "没有的写“无”；有的留空，在工作表“{}”中每项填一行",
            "write none if there are none; else leave it blank and fill in a row for each in the sheet \"{}\"";
            column.label
        ),
        Type::Bool => Text::new("是、否", "yes or no"),
        Type::Int => Text::new("整数", "a whole number"),
        Type::Decimal => Text::new("数字", "a number"),
        Type::Date => Text::new(
            "日期，如 2024-03-01；已办理而日期不明的写“有”",
            "a date, as 2024-03-01; \"done\" where it was done on a day that is not known",
        ),
        Type::DateTime => Text::new(
            "日期和时间，如 2024-03-01 09:30",
            "a date and time, as 2024-03-01 09:30",
        ),
        Type::Person => Text::new("姓名", "a name"),
        Type::Organisation => Text::new("单位名称", "the name of the organisation"),
        Type::Enum(id) => values(vocabulary, *id, "之一", "one of: "),
        Type::List(of) => match &**of {
            Type::Enum(id) => values(
                vocabulary,
                *id,
                "；可填几项，用顿号分开",
                "any of, separated by commas: ",
            ),
            _ => Text::new("可填几项，用顿号分开", "any number, separated by commas"),
        },
    }
}

fn values(
    vocabulary: &Vocabulary,
    id: choucha_core::value::EnumId,
    after: &str,
    before: &str,
) -> Text {
    let values = &vocabulary.enumeration(id).values;
    let zh: Vec<&str> = values.iter().map(|value| value.label.zh.as_str()).collect();
    let en: Vec<&str> = values.iter().map(|value| value.label.en.as_str()).collect();
    Text::new(
        format!("{}{after}", zh.join("、")),
        format!("{before}{}", en.join("; ")),
    )
}
