//! Problems with a book as a whole, its sheets, headers and rows: in the user's words, with the cell and the correction.

use std::collections::HashSet;

use super::Book;
use super::cases::place;
use super::heading::Fault;
use super::index::sheet_name;
use super::placing::unplaced;
use choucha_core::diagnostic::{Code, Diagnostic, nearest};
use choucha_core::lang::Text;
use choucha_core::text;
use choucha_core::value::Type;
use choucha_core::value::naming::normal;
use choucha_core::vocabulary::{FactId, GroupId, PARTY_KEYS, PartyField, Vocabulary};

/// How many names a message lists.
const MAX_NAMES: usize = 12;

/// Names in backticks, shortened if there are many.
fn listed<'n>(names: impl ExactSizeIterator<Item = &'n str>) -> Text {
    let more = names.len().saturating_sub(MAX_NAMES);
    let shown: Vec<String> = names
        .take(MAX_NAMES)
        .map(|name| format!("`{}`", cut(name)))
        .collect();
    let (mut zh, mut en) = (shown.join("、"), shown.join(", "));
    if more > 0 {
        zh.push_str(&format!("等，另有{more}个"));
        en.push_str(&format!(" and {more} more"));
    }
    Text::new(zh, en)
}

fn cut(name: &str) -> String {
    match name.char_indices().nth(40) {
        Some((at, _)) => format!("{}…", &name[..at]),
        None => name.to_owned(),
    }
}

pub(super) fn paths(vocabulary: &Vocabulary, facts: &[FactId]) -> Text {
    let titles: Vec<String> = facts
        .iter()
        .take(MAX_NAMES)
        .map(|fact| format!("`{}`", vocabulary.fact(*fact).name.zh))
        .collect();
    let codes: Vec<String> = facts
        .iter()
        .take(MAX_NAMES)
        .map(|fact| format!("`{}`", vocabulary.fact(*fact).path))
        .collect();
    Text::new(titles.join("、"), codes.join(", "))
}

/// How to map a column.
pub(super) fn map_it() -> Text {
    Text::new(
        "或者在 columns.yaml 中写明这一列的含义；不用的列写 `不读`",
        "or say in columns.yaml what the column means; write `ignore` for one that is not used",
    )
}

/// How to map the words of a column.
pub(super) fn map_values() -> Text {
    Text::new(
        "整列都这样写的，可以在 columns.yaml 的 values 中写明含义，如 `检验结论: {P: 合格, F: 不合格}`",
        "if the whole column is written so, say under `values` in columns.yaml what the words mean, as in `检验结论: {P: 合格, F: 不合格}`",
    )
}

/// A header that cannot be used.
pub(super) fn column(
    book: &Book,
    vocabulary: &Vocabulary,
    grid: usize,
    row: u32,
    (at, name, fault): (u32, &str, &Fault),
) -> Diagnostic {
    let shown = cut(name);
    let diagnostic = match fault {
        Fault::Unknown { near, .. } => {
            let near = near.as_deref().unwrap_or_default();
            Diagnostic::new(
                Code::TableUnknownColumn,
                text!(
                    "没有 `{shown}` 这一事项，该列没有读取",
                    "there is no fact `{shown}`; the column was not read"
                ),
            )
            .help(text!("是否指 `{near}`？", "did you mean `{near}`?"))
            .help(map_it())
        }
        Fault::Unplaced(content, candidates) => {
            let candidates = (*content, candidates.as_slice());
            return unplaced(book, vocabulary, (grid, row, at), &shown, candidates);
        }
        Fault::Ambiguous(facts) => {
            let choices = paths(vocabulary, facts);
            Diagnostic::new(
                Code::TableAmbiguousColumn,
                text!(
                    "列名 `{shown}` 可指几个事项，该列没有读取",
                    "the header `{shown}` may mean several facts; the column was not read"
                ),
            )
            .help(text!("请写明是哪一个：{}", "say which: {}"; choices))
            .help(map_it())
        }
        Fault::Duplicate(earlier) => Diagnostic::new(
            Code::TableDuplicateColumn,
            text!(
                "`{shown}` 与左边的一列是同一事项，只读取左边的",
                "`{shown}` is the same fact as a column to its left, which alone is read"
            ),
        )
        .at(place(book, grid, row, at))
        .label(
            place(book, grid, row, *earlier),
            Text::new("同一事项", "the same fact"),
        )
        .help(Text::new(
            "请删去一列，或者在 columns.yaml 中写明其中一列 `不读`",
            "remove one of them, or write `ignore` for it in columns.yaml",
        )),
        Fault::Unit { unit, fact } => {
            let fact = vocabulary.fact(*fact);
            let expected = fact.unit.clone().unwrap_or_default();
            Diagnostic::new(
                Code::TableUnit,
                text!(
                    "列名注明单位为 `{unit}`，该列没有读取",
                    "the header gives the unit `{unit}`; the column was not read"
                ),
            )
            .why(text!(
                "`{}` 的单位是{}",
                "`{}` is in {}";
                fact.title, expected
            ))
            .help(Text::new(
                "请换算后修改列名中的单位",
                "convert the numbers and change the unit in the header",
            ))
        }
    };
    if diagnostic.labels.is_empty() {
        diagnostic.at(place(book, grid, row, at))
    } else {
        diagnostic
    }
}

/// A column that matches no fact.
pub(super) struct Unread {
    pub(super) at: u32,
    pub(super) name: String,
    /// The nearest name.
    pub(super) near: Option<String>,
    /// The facts whose names end with the header.
    pub(super) may_be: Vec<FactId>,
}

/// Columns that match no fact.
pub(super) fn unread(
    book: &Book,
    grid: usize,
    row: u32,
    vocabulary: &Vocabulary,
    columns: &[Unread],
) -> Diagnostic {
    let names = listed(columns.iter().map(|column| column.name.as_str()));
    let sheet = &book.grids[grid].name;
    let mut diagnostic = Diagnostic::new(
        Code::TableIgnoredColumns,
        text!("`{sheet}` 中没有读取的列：{}", "columns of `{sheet}` that were not read: {}"; names),
    );
    if let Some(first) = columns.first() {
        diagnostic = diagnostic.at(place(book, grid, row, first.at));
    }
    for Unread {
        name, near, may_be, ..
    } in columns.iter().take(MAX_NAMES)
    {
        let of_party = PARTY_KEYS
            .iter()
            .find(|(key, _)| normal(key) == normal(name));
        if matches!(of_party, Some((_, PartyField::Id | PartyField::Employer))) {
            diagnostic = diagnostic.help(text!(
                "`{name}` 须写明是谁的，如 `单位名称·{name}`、`抽样人员·{name}`",
                "`{name}` must say whose it is, as `Respondent name·{name}`"
            ));
        } else if !may_be.is_empty() {
            let names = paths(vocabulary, may_be);
            diagnostic =
                diagnostic.help(text!("`{name}` 可能是：{}", "`{name}` may be: {}"; names));
        } else if let Some(near) = near {
            diagnostic = diagnostic.help(text!(
                "`{name}` 是否指 `{near}`？",
                "does `{name}` mean `{near}`?"
            ));
        }
    }
    diagnostic.help(Text::new(
        "要读取的，改用数据字典的名称，或者在 columns.yaml 中写明",
        "to have one read, use the vocabulary's name or say in columns.yaml what it means",
    ))
}

/// No sheet with a header.
pub(super) fn no_header(book: &Book) -> Diagnostic {
    Diagnostic::new(
        Code::TableNoHeader,
        Text::new("没有找到案卷表的表头", "no header of a table of cases was found"),
    )
    .about(&*book.name)
    .why(Text::new(
        "表头是前30行中列名最多的一行，至少有两个列名是数据字典中的事项",
        "the header is the row among the first thirty with the most names of facts, of which there must be two",
    ))
    .help(Text::new(
        "用 `choucha template` 生成样表，或者在 columns.yaml 中写明表头行和列的含义",
        "`choucha template` writes a workbook to fill in; or say in columns.yaml which row is the header and what the columns mean",
    ))
}

/// A table without rows.
pub(super) fn no_cases(book: &Book) -> Diagnostic {
    Diagnostic::new(
        Code::InputEmpty,
        Text::new("表头以下没有案卷", "there are no cases below the header"),
    )
    .about(&*book.name)
    .help(Text::new("每个案卷（每批次）一行", "write one row a case"))
}

/// Several sheets that may be the main table.
pub(super) fn several_main(book: &Book, sheets: &[usize]) -> Diagnostic {
    let names: Vec<&str> = sheets
        .iter()
        .map(|at| book.grids[*at].name.as_ref())
        .collect();
    let names = listed(names.into_iter());
    Diagnostic::new(
        Code::TableSeveralMain,
        text!(
            "几个工作表都像主表，都已读取：{}",
            "several sheets look like the main table, and all were read: {}";
            names
        ),
    )
    .about(&*book.name)
    .help(Text::new(
        "只用其中一个的，在 columns.yaml 的 sheets 中把其余的写为 `不读`",
        "if one of them is meant, write `ignore` for the others under `sheets` in columns.yaml",
    ))
}

/// A sheet with other columns than the main table, and other case numbers.
pub(super) fn which_cases(book: &Book, grid: usize, main: usize) -> Diagnostic {
    let (sheet, main) = (&book.grids[grid].name, &book.grids[main].name);
    Diagnostic::new(
        Code::TableWhichCases,
        text!(
            "工作表 `{sheet}` 的各行不是主表 `{main}` 中的案卷，没有读取",
            "the rows of the sheet `{sheet}` are no cases of the main table `{main}`, and were not read"
        ),
    )
    .about(format!("{}:{sheet}", book.name))
    .why(Text::new(
        "是另外的案卷，还是主表各案的明细，无从确定",
        "whether they are other cases, or more of the same ones, is not certain",
    ))
    .help(text!(
        "是另外的案卷的，在 columns.yaml 的 sheets 中写 `{sheet}: 主表`；是明细的，把案卷编号改成与主表一致；不用的写 `{sheet}: 不读`",
        "if they are other cases, write `{sheet}: main` under `sheets` in columns.yaml; if they are more of the same ones, number them as the main table does; if they are not used, write `{sheet}: ignore`"
    ))
}

/// A sheet named after a group or a list, without a column of case numbers.
pub(super) fn no_key(book: &Book, grid: usize) -> Diagnostic {
    let sheet = &book.grids[grid].name;
    let first = book.grids[grid]
        .rows
        .iter()
        .next()
        .and_then(|(row, cells)| Some((*row, cells.first()?.0)))
        .unwrap_or_default();
    Diagnostic::new(
        Code::TableNoCaseNumber,
        text!(
            "工作表 `{sheet}` 没有“案卷编号”列，没有读取",
            "the sheet `{sheet}` has no column of case numbers and was not read"
        ),
    )
    .at(place(book, grid, first.0, first.1))
    .help(Text::new(
        "请加一列“案卷编号”，与主表的编号一致；不用的工作表在 columns.yaml 中写 `不读`",
        "add a column `Case number` with the numbers of the main table; write `ignore` in columns.yaml for a sheet that is not used",
    ))
}

/// Sheets that were not read, and sheets in the mapping that do not exist.
pub(super) fn sheets<'n>(
    book: &Book,
    vocabulary: &Vocabulary,
    passed_over: &[usize],
    wanted: impl Iterator<Item = &'n str>,
) -> Vec<Diagnostic> {
    let known = known_sheets(vocabulary);
    let mut found = Vec::new();
    let mut others: Vec<&str> = Vec::new();
    for &at in passed_over {
        let name = book.grids[at].name.as_ref();
        let near = nearest(name, known.iter().map(String::as_str)).filter(|near| {
            name.chars().count() >= 3
                && strsim::osa_distance(&sheet_name(name), &sheet_name(near)) <= 1
        });
        match near {
            Some(near) => found.push(
                Diagnostic::new(
                    Code::TableUnknownSheet,
                    text!(
                        "工作表 `{name}` 没有读取",
                        "the sheet `{name}` was not read"
                    ),
                )
                .about(format!("{}:{name}", book.name))
                .help(text!("是否指 `{near}`？", "did you mean `{near}`?"))
                .help(Text::new(
                    "不用的工作表在 columns.yaml 中写 `不读`",
                    "write `ignore` in columns.yaml for a sheet that is not used",
                )),
            ),
            None => others.push(name),
        }
    }
    if !others.is_empty() && others.len() < book.grids.len() {
        let names = listed(others.into_iter());
        found.push(
            Diagnostic::new(
                Code::TableSheetPassedOver,
                text!("没有读取的工作表：{}", "sheets that were not read: {}"; names),
            )
            .about(&*book.name),
        );
    }
    let there: HashSet<String> = book
        .grids
        .iter()
        .map(|grid| super::index::plain(&grid.name))
        .collect();
    for name in wanted.filter(|name| !there.contains(*name) && !book.is_text()) {
        let near = nearest(name, book.grids.iter().map(|grid| grid.name.as_ref()));
        let diagnostic = Diagnostic::new(
            Code::TableUnknownSheet,
            text!(
                "columns.yaml 所写的工作表 `{name}` 不在工作簿中",
                "the workbook has no sheet `{name}`, which columns.yaml names"
            ),
        )
        .about(&*book.name);
        found.push(match near {
            Some(near) => diagnostic.help(text!("是否指 `{near}`？", "did you mean `{near}`?")),
            None => {
                let names = listed(book.grids.iter().map(|grid| grid.name.as_ref()));
                diagnostic.help(text!("现有：{}", "there are: {}"; names))
            }
        });
    }
    found
}

/// The names of groups and lists, for sheets.
fn known_sheets(vocabulary: &Vocabulary) -> Vec<String> {
    let lists = vocabulary
        .facts()
        .iter()
        .filter(|fact| matches!(fact.ty, Type::Rows(_) | Type::List(_)))
        .map(|fact| fact.label.zh.clone());
    let groups = (1..vocabulary.groups.len())
        .filter_map(|id| u16::try_from(id).ok())
        .map(|id| vocabulary.group(GroupId(id)).label.zh.clone());
    lists.chain(groups).collect()
}

/// Rows skipped as totals and the like.
pub(super) fn rows(book: &Book, grid: usize, rows: &[u32]) -> Diagnostic {
    let sheet = &book.grids[grid].name;
    let shown: Vec<String> = rows
        .iter()
        .take(MAX_NAMES)
        .map(|row| (u64::from(*row) + 1).to_string())
        .collect();
    let more = rows.len().saturating_sub(MAX_NAMES);
    let (mut zh, mut en) = (shown.join("、"), shown.join(", "));
    if more > 0 {
        zh.push_str(&format!("等，另有{more}行"));
        en.push_str(&format!(" and {more} more"));
    }
    let first = rows.first().copied().unwrap_or_default();
    let column = book.grids[grid]
        .rows
        .get(&first)
        .and_then(|cells| cells.first())
        .map_or(0, |(column, _)| *column);
    Diagnostic::new(
        Code::TableRowPassedOver,
        text!(
            "`{sheet}` 第{zh}行是合计、说明或者重复的表头，不是案卷",
            "of `{sheet}`, these rows are totals, notes or the header once more, and no cases: {en}"
        ),
    )
    .at(place(book, grid, first, column))
}

/// Hidden rows and columns, which are read.
pub(super) fn hidden(book: &Book, grid: usize, rows: &[u32], columns: &[u32]) -> Diagnostic {
    let sheet = &book.grids[grid];
    let name = |cell: choucha_core::source::CellName| cell.address();
    let rows_shown: Vec<String> = rows
        .iter()
        .map(|row| (u64::from(*row) + 1).to_string())
        .collect();
    let columns_shown: Vec<String> = columns
        .iter()
        .map(|column| {
            let address = name(sheet.cell_name(0, *column));
            address.trim_end_matches('1').to_owned()
        })
        .collect();
    let list = |zh: &str, en: &str, shown: &[String]| match shown {
        [] => None,
        shown => {
            let (n, first) = (shown.len(), shown[..shown.len().min(MAX_NAMES)].join(", "));
            Some(text!("{zh}（{n}）：{first}", "{en} ({n}): {first}"))
        }
    };
    let found = [
        list("行", "rows", &rows_shown),
        list("列", "columns", &columns_shown),
    ];
    let found = found.into_iter().flatten();
    let found = found.reduce(|one, other| text!("{}；{}", "{}; {}"; one, other));
    let found = found.unwrap_or_default();
    let sheet = &sheet.name;
    Diagnostic::new(
        Code::TableHidden,
        text!(
            "`{sheet}` 中隐藏的行、列照常读取：{}",
            "hidden rows and columns of `{sheet}` were read like the others: {}";
            found
        ),
    )
    .about(&*book.name)
}

/// A row of a further sheet whose case is missing in the main table, or is not named.
pub(super) fn orphan(
    book: &Book,
    (grid, column): (usize, u32),
    row: u32,
    case: Option<&str>,
    known: &HashSet<String>,
) -> Diagnostic {
    let span = place(book, grid, row, column);
    let Some(case) = case else {
        return Diagnostic::new(
            Code::TableNoCaseNumber,
            Text::new(
                "这一行没有案卷编号，没有读取",
                "this row has no case number and was not read",
            ),
        )
        .at(span)
        .help(Text::new("请填写案卷编号", "write the case number"));
    };
    let shown = cut(case);
    let diagnostic = Diagnostic::new(
        Code::TableUnknownCase,
        text!(
            "主表中没有案卷 `{shown}`，这一行没有读取",
            "the main table has no case `{shown}`; this row was not read"
        ),
    )
    .at(span);
    // Sorted, so that of equally near names the same one is always offered.
    let mut names: Vec<&str> = known.iter().map(String::as_str).collect();
    names.sort_unstable();
    match nearest(case, names) {
        Some(near) => diagnostic.help(text!("是否指 `{near}`？", "did you mean `{near}`?")),
        None => diagnostic.help(Text::new(
            "请核对编号，或者在主表中补上这一案卷",
            "check the number, or add the case to the main table",
        )),
    }
}

/// A case with two rows in a sheet that has one per case.
pub(super) fn twice(book: &Book, (grid, column): (usize, u32), row: u32, first: u32) -> Diagnostic {
    let case = book.grids[grid]
        .shown(row, column)
        .map(|(_, cell)| cut(cell.text().trim()))
        .unwrap_or_default();
    Diagnostic::new(
        Code::RecordDuplicateKey,
        text!(
            "案卷 `{case}` 在这个工作表中又有一行，没有读取",
            "the case `{case}` has another row in this sheet, which was not read"
        ),
    )
    .label(
        place(book, grid, row, column),
        Text::new("又有一行", "another row"),
    )
    .label(
        place(book, grid, first, column),
        Text::new("读取的是这一行", "this one was read"),
    )
    .help(Text::new("请只保留一行", "keep one of the two"))
}

/// Cells that hold only a slash or a dash.
pub(super) fn struck_out(book: &Book, count: usize) -> Diagnostic {
    Diagnostic::new(
        Code::TableBlankMark,
        text!(
            "有{count}个单元格只写了斜线或者横线，按未填写读取",
            "{count} cells hold only a slash or a dash and were read as blank"
        ),
    )
    .about(&*book.name)
    .help(Text::new(
        "确无此事的写 `无`，未填写与 `无` 的审查结果不同",
        "write `none` where there was none: blank and none are judged differently",
    ))
}
