//! How tables are read, as people read it: every sheet, every column of its header, and the words nobody understands.

use super::sheet::Sheet;
use choucha_core::diagnostic::Style;
use choucha_core::lang::{Lang, Text};
use choucha_core::layout::Tone;
use choucha_core::text;
use choucha_core::vocabulary::{FactId, Vocabulary};
use choucha_intake::table::{ColumnLayout, Holding, Layout, Reads, SheetLayout};

/// How many facts a column may mean are named.
const NAMED: usize = 4;

/// How many words that are not understood are named.
const WORDS: usize = 12;

/// How many cells are named of each.
const CELLS: usize = 6;

/// The sheets and columns of books.
#[must_use]
pub fn render_columns(layouts: &[Layout], vocabulary: &Vocabulary, style: Style) -> String {
    let mut sheet = Sheet::new(style);
    for layout in layouts {
        sheet.heading(Tone::Strong, &layout.name);
        for one in &layout.sheets {
            of_sheet(&mut sheet, one, vocabulary);
        }
        let (read, all) = layout.cases;
        if read < all {
            let note = text!(
                "只看了前{read}份案卷（共{all}份）的内容",
                "the words of the first {read} of {all} cases were looked at"
            );
            sheet.faint(2, note.get(style.lang));
        }
    }
    sheet.finish()
}

fn of_sheet(sheet: &mut Sheet, layout: &SheetLayout, vocabulary: &Vocabulary) {
    let lang = sheet.lang();
    let holds = holding(&layout.holds, vocabulary);
    let header = match layout.header {
        Some(row) => text!("，表头第{row}行", ", header in row {row}"),
        None => Text::default(),
    };
    let first = format!("{}{}", layout.name, sheet.pick("：", ": "));
    let tone = match layout.holds {
        Holding::Unknown => Tone::Warn,
        _ => Tone::Strong,
    };
    let told = text!("{}{}", "{}{}"; holds, header);
    sheet.hang(2, tone, &first, told.get(lang));
    for column in &layout.columns {
        of_column(sheet, column, vocabulary);
    }
}

fn of_column(sheet: &mut Sheet, column: &ColumnLayout, vocabulary: &Vocabulary) {
    let lang = sheet.lang();
    let tone = match column.reads {
        Reads::Fact(..) | Reads::Case | Reads::Entry => Tone::Strong,
        Reads::Ignored => Tone::Faint,
        _ => Tone::Warn,
    };
    let meaning = meaning(column, vocabulary);
    let (cell, name) = (&column.cell, &column.name);
    let first = format!("{cell} {name}{}", sheet.pick("：", ": "));
    sheet.hang(4, tone, &first, meaning.get(lang));
    let separator = lang.pick("；", "; ");
    let words = column.unread.iter().take(WORDS).map(|unread| {
        let shown: Vec<String> = unread
            .cells
            .iter()
            .take(CELLS)
            .map(|cell| place(cell, lang))
            .collect();
        let (word, count, cells) = (
            &unread.word,
            unread.count,
            shown.join(lang.pick("、", ", ")),
        );
        let more = match unread.count > shown.len() {
            true => text!("等{count}格", " and others, {count} in all"),
            false => Text::default(),
        };
        text!("`{word}`（{cells}{}）", "`{word}` ({cells}{})"; more)
            .get(lang)
            .to_owned()
    });
    let words: Vec<String> = words.collect();
    if !words.is_empty() {
        let more = column.unread.len().saturating_sub(WORDS);
        let more = match more {
            0 => Text::default(),
            more => text!("；另有{more}种写法", "; and {more} more"),
        };
        let words = words.join(separator);
        let line = text!("读不出：{words}{}", "not understood: {words}{}"; more);
        sheet.para(8, line.get(lang));
    }
}

/// A cell, or the line of a text file.
fn place(cell: &str, lang: Lang) -> String {
    match cell.bytes().all(|b| b.is_ascii_digit()) {
        true => text!("第{cell}行", "line {cell}").get(lang).to_owned(),
        false => cell.to_owned(),
    }
}

/// What the rows of a sheet are.
pub(crate) fn holding(holds: &Holding, vocabulary: &Vocabulary) -> Text {
    match holds {
        Holding::Main => Text::new("主表，每行一个案卷", "the main table, a case a row"),
        Holding::Group(path) if path.is_empty() => {
            Text::new("主表各案的更多事项", "more facts of the cases")
        }
        Holding::Group(path) => {
            let mut labels = vocabulary.groups.iter().filter(|group| group.path == *path);
            let label = labels
                .next()
                .map(|group| group.label.clone())
                .unwrap_or_default();
            text!("主表各案的“{}”", "of the cases: {}"; label)
        }
        Holding::List(fact) => {
            text!("主表各案的明细“{}”", "rows of the cases: {}"; vocabulary.fact(*fact).title)
        }
        Holding::Campaign => Text::new("整批抽查的记录", "the record of the campaign"),
        Holding::Nothing => Text::new("不读", "not read"),
        Holding::Unknown => Text::new(
            "没有读取：没有找到案卷表的表头",
            "not read: no header of a table of cases was found",
        ),
    }
}

/// What comes of a column.
fn meaning(column: &ColumnLayout, vocabulary: &Vocabulary) -> Text {
    let titled = |fact: FactId| {
        let fact = vocabulary.fact(fact);
        let path = &fact.path;
        text!("{}（{path}）", "{} ({path})"; fact.title)
    };
    let mapped = match column.is_mapped {
        true => Text::new("，依 columns.yaml", ", by columns.yaml"),
        false => Text::default(),
    };
    let may_be = || {
        if column.candidates.is_empty() {
            return Text::default();
        }
        let name = |lang: Lang| {
            let facts = column.candidates.iter().take(NAMED);
            let names = facts.map(|fact| titled(*fact).get(lang).to_owned());
            names.collect::<Vec<_>>().join(lang.pick("、", ", "))
        };
        let (zh, en) = (name(Lang::Zh), name(Lang::En));
        text!("；可能是：{zh}", "; it may be: {en}")
    };
    match column.reads {
        Reads::Fact(fact, None) => text!("{}{}", "{}{}"; titled(fact), mapped),
        Reads::Fact(fact, Some(_)) => {
            text!("{}的号码或者单位{}", "the number or employer of {}{}"; titled(fact), mapped)
        }
        Reads::Case => Text::new("所属案卷的编号", "the number of the case"),
        Reads::Entry => Text::new("明细本身", "the entries themselves"),
        Reads::Ignored => Text::new("不读，依 columns.yaml", "not read, by columns.yaml"),
        Reads::Unknown => match &column.content {
            Some(content) => text!(
                "没有读取：填的是{}，不知道是哪一项{}",
                "not read: it holds {}, and what they mean is not known{}";
                content, may_be()
            ),
            None => text!(
                "没有读取：不是数据字典中的事项{}",
                "not read: it is no fact of the vocabulary{}";
                may_be()
            ),
        },
        Reads::Ambiguous => {
            text!("没有读取：可指几个事项{}", "not read: it may mean several facts{}"; may_be())
        }
        Reads::Duplicate => Text::new(
            "没有读取：与左边的一列是同一事项",
            "not read: a column to its left is the same fact",
        ),
        Reads::Unit(fact) => text!(
            "没有读取：列名所注的单位不是“{}”的单位",
            "not read: the unit in its header is not that of {}";
            titled(fact)
        ),
    }
}
