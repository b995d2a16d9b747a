//! Columns whose headers name no fact: their contents, and the facts that may be meant.

use std::collections::HashSet;

use super::Book;
use super::cases::place;
use super::faults::{map_it, paths};
use super::grid::{Cell, Grid};
use super::index::{Index, plain};
use super::written::is_struck_out;
use choucha_core::diagnostic::{Code, Diagnostic};
use choucha_core::lang::Text;
use choucha_core::text;
use choucha_core::value::Type;
use choucha_core::value::naming::{is_organisation, is_people};
use choucha_core::value::written::{self, Written};
use choucha_core::vocabulary::{FactId, Vocabulary};

/// How many cells of a column are examined.
const LOOKED_AT: usize = 60;

/// How many facts a message offers.
const OFFERED: usize = 4;

/// The contents of most cells of a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Content {
    Days,
    People,
    Organisations,
    Conclusions,
    /// Nothing recognisable.
    Other,
}

impl Content {
    /// The contents of a column's cells below its header.
    pub(super) fn of(grid: &Grid, header: u32, column: u32) -> Content {
        let cells = grid.rows.range(header + 1..);
        let cells = cells.filter_map(|(row, _)| grid.own(*row, column));
        let mut counts = [0_usize; 5];
        let mut all = 0;
        for cell in cells.take(LOOKED_AT) {
            if matches!(cell, Cell::Text(text) if is_struck_out(text)) {
                continue;
            }
            all += 1;
            counts[Content::of_cell(cell) as usize] += 1;
        }
        let kinds = [
            Content::Days,
            Content::People,
            Content::Organisations,
            Content::Conclusions,
        ];
        let most = kinds.into_iter().max_by_key(|kind| counts[*kind as usize]);
        most.filter(|kind| counts[*kind as usize] * 5 >= all * 3 && all > 0)
            .unwrap_or(Content::Other)
    }

    fn of_cell(cell: &Cell) -> Content {
        let text = match cell {
            Cell::Date(_) | Cell::Iso(_) => return Content::Days,
            Cell::Text(text) => text.trim(),
            _ => return Content::Other,
        };
        let is_number = text.bytes().all(|b| b.is_ascii_digit());
        match written::read(text) {
            Written::Day(_) | Written::Moment(_) | Written::Several if !is_number => {
                return Content::Days;
            }
            Written::NoYear(..) if text.contains('月') => return Content::Days,
            _ => {}
        }
        let word = plain(text);
        if word.ends_with("合格") || matches!(word.as_str(), "符合" | "不符合") {
            return Content::Conclusions;
        }
        if is_organisation(text) && text.chars().count() <= 40 {
            return Content::Organisations;
        }
        if is_people(text) {
            Content::People
        } else {
            Content::Other
        }
    }

    /// Whether facts that duties rest on have such contents.
    pub(super) fn is_of_facts(self) -> bool {
        self != Content::Other
    }

    /// Whether a fact of the type can have such contents.
    pub(super) fn may_be(self, ty: &Type, vocabulary: &Vocabulary) -> bool {
        let ty = match ty {
            Type::List(of) => of,
            ty => ty,
        };
        match self {
            Content::Days => matches!(ty, Type::Date | Type::DateTime),
            Content::People => matches!(ty, Type::Person),
            Content::Organisations => matches!(ty, Type::Organisation),
            Content::Conclusions => match ty {
                Type::Enum(id) => vocabulary.enumeration(*id).symbol("合格").is_some(),
                _ => false,
            },
            Content::Other => true,
        }
    }

    /// What it is called, and nothing where it tells nothing.
    pub(super) fn name(self) -> Option<Text> {
        self.is_of_facts().then(|| self.words())
    }

    fn words(self) -> Text {
        match self {
            Content::Days => Text::new("日期", "days"),
            Content::People => Text::new("姓名", "names of people"),
            Content::Organisations => Text::new("单位名称", "names of organisations"),
            Content::Conclusions => Text::new("结论", "conclusions"),
            Content::Other => Text::new("文字", "words"),
        }
    }
}

/// The facts a column may mean, by its contents and by its header's similarity to their names; the likeliest first.
pub(super) fn candidates(
    vocabulary: &Vocabulary,
    index: &Index<'_>,
    content: Content,
    chain: &[String],
    name: &str,
) -> Vec<FactId> {
    let wanted = meaning(&format!("{}{name}", chain.concat()));
    let mut found: Vec<(usize, FactId)> = Vec::new();
    for id in index.listed() {
        let fact = vocabulary.fact(id);
        if !content.may_be(&fact.ty, vocabulary) {
            continue;
        }
        let names = [&fact.title.zh, &fact.label.zh]
            .into_iter()
            .chain(&fact.aliases);
        let likeness = |known: &String| likeness(&wanted, &meaning(known));
        let best = names.map(likeness).max().unwrap_or_default();
        if best > 0 {
            found.push((best, id));
        }
    }
    found.sort_by_key(|(likeness, id)| (std::cmp::Reverse(*likeness), *id));
    found.truncate(OFFERED);
    found.into_iter().map(|(_, id)| id).collect()
}

/// A name translated into the words of the vocabulary.
fn meaning(name: &str) -> String {
    const WORDS: [(&str, &str); 16] = [
        ("监督抽查", "抽样"),
        ("抽查", "抽样"),
        ("抽检", "抽样"),
        ("采样", "抽样"),
        ("取样", "抽样"),
        ("检测", "检验"),
        ("化验", "检验"),
        ("受检", "被抽样"),
        ("被检", "被抽样"),
        ("厂家", "生产者"),
        ("企业", "单位"),
        ("公司", "单位"),
        ("时间", "日期"),
        ("签收", "收到"),
        ("发出", "寄出"),
        ("邮寄", "寄出"),
    ];
    WORDS
        .iter()
        .fold(plain(name), |name, (word, known)| name.replace(word, known))
}

/// How much of a known name another shares with it, in pairs of neighbouring characters, per thousand. That both are days
/// does not count.
fn likeness(one: &str, other: &str) -> usize {
    let pairs = |name: &str| -> HashSet<[char; 2]> {
        let characters: Vec<char> = name.chars().collect();
        let pairs = characters.windows(2).map(|pair| [pair[0], pair[1]]);
        pairs.filter(|pair| *pair != ['日', '期']).collect()
    };
    let known = pairs(other);
    pairs(one).intersection(&known).count() * 1000 / known.len().max(1)
}

/// A column with the contents of facts that matches no fact.
pub(super) fn unplaced(
    book: &Book,
    vocabulary: &Vocabulary,
    (grid, row, at): (usize, u32, u32),
    name: &str,
    (content, candidates): (Content, &[FactId]),
) -> Diagnostic {
    let content = content.words();
    let diagnostic = Diagnostic::new(
        Code::TableUnplacedColumns,
        text!(
            "列 `{name}` 填的是{}，不知道是哪一项，没有读取",
            "the column `{name}` holds {}; what they mean is not known, and it was not read";
            content
        ),
    )
    .at(place(book, grid, row, at))
    .why(Text::new(
        "没有读取的不等于没有：本表的案卷不按“案卷完整”认定",
        "what was not read is not missing: no case of this table counts as complete",
    ));
    let diagnostic = match candidates {
        [] => diagnostic,
        several => {
            let names = paths(vocabulary, several);
            diagnostic.help(text!("可能是：{}", "it may be: {}"; names))
        }
    };
    diagnostic.help(map_it())
}
