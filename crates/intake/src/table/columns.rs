//! `columns.yaml`: the meaning of columns and sheets whose names do not say it.
//!
//! ```yaml
//! columns:                    # for every sheet
//!   抽样时间: sampling.sampled_on   # header: fact, by path or by label
//!   检验·日期: report.issued_on     # a header over another: both, with ·
//!   备注: 不读                  # ignore
//! sheets:
//!   抽样台账: 主表              # main
//!   寄递: report.to_respondent  # more facts of the cases, of a group; or a list of groups
//!   草稿: 不读
//!   更正明细:
//!     holds: sampling.corrections
//!     header: 3                # the row of the header, where it is not found
//!     columns: {更正内容: item}
//! values:                     # what stands in a column: what it means
//!   检验结论: {P: 合格, F: 不合格}
//! ```

use std::collections::HashMap;
use std::sync::Arc;

use super::index::{self, Found, Holds, Index, Target, parts};
use crate::ingest;
use choucha_core::diagnostic::{Code, Diagnostic, nearest};
use choucha_core::lang::Text;
use choucha_core::record::Format;
use choucha_core::record::outline::{Content, Node, Outline};
use choucha_core::source::{Source, Span};
use choucha_core::text;
use choucha_core::value::Type;
use choucha_core::value::naming::normal;
use choucha_core::vocabulary::{Entry, FactId, GroupId, Vocabulary};

/// The contents of a column mapping.
#[derive(Debug, Default)]
pub struct Columns {
    /// The headers of every sheet.
    headers: Headers,
    sheets: HashMap<String, Sheet>,
    /// By fact: written words, in normal form, and their meanings.
    values: HashMap<FactId, Arc<Values>>,
}

/// The words written in a column, in normal form, and their meanings.
pub(super) type Values = HashMap<String, String>;

type Headers = HashMap<Vec<String>, Meaning>;

/// The meaning of a header.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Meaning {
    Target(Target),
    Ignored,
}

/// The mapping of one sheet.
#[derive(Debug, Default)]
struct Sheet {
    role: Option<Role>,
    /// The row of the header, from 0.
    header: Option<u32>,
    headers: Headers,
}

/// The role of a sheet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    Main,
    Holds(Holds),
    Ignored,
}

/// Words for columns and sheets not to read.
const IGNORED: [&str; 3] = ["不读", "忽略", "ignore"];

/// Words for the main table.
const MAIN: [&str; 2] = ["主表", "main"];

impl Columns {
    /// Reads a mapping.
    ///
    /// # Errors
    ///
    /// All mistakes: not YAML, unknown facts, each with its place.
    pub fn read(
        name: &str,
        bytes: Vec<u8>,
        vocabulary: &Vocabulary,
    ) -> Result<Self, Vec<Diagnostic>> {
        let (source, _) = ingest::text_of(name, bytes)?;
        let outline = Outline::read(&source, Format::Yaml);
        if !outline.diagnostics.is_empty() {
            return Err(outline.diagnostics);
        }
        let mut reader = Reader {
            source: &source,
            vocabulary,
            problems: Vec::new(),
            columns: Columns::default(),
        };
        if let Some(root) = &outline.root {
            reader.root(root);
            let all = reader.entries(root);
            for (_, _, value) in all
                .iter()
                .filter(|(name, ..)| matches!(*name, "values" | "值"))
            {
                reader.values(value);
            }
        }
        if reader.problems.is_empty() {
            Ok(reader.columns)
        } else {
            Err(reader.problems)
        }
    }

    pub(super) fn role(&self, sheet: &str) -> Option<Role> {
        self.sheets.get(&index::plain(sheet))?.role
    }

    pub(super) fn header(&self, sheet: &str) -> Option<u32> {
        self.sheets.get(&index::plain(sheet))?.header
    }

    /// The meaning of a header, given the headers above it.
    pub(super) fn meaning(&self, sheet: &str, above: &[&str], name: &str) -> Option<Meaning> {
        let mut key: Vec<String> = above.iter().flat_map(|name| parts(name)).collect();
        key.extend(parts(name));
        let own = self.sheets.get(&index::plain(sheet));
        own.and_then(|sheet| sheet.headers.get(&key))
            .or_else(|| self.headers.get(&key))
            .copied()
    }

    /// The meanings of words in a fact's column that are not the vocabulary's.
    pub(super) fn values(&self, fact: FactId) -> Option<&Arc<Values>> {
        self.values.get(&fact)
    }

    /// The named sheets, in normal form.
    pub(super) fn sheets(&self) -> impl Iterator<Item = &str> {
        self.sheets.keys().map(String::as_str)
    }
}

struct Reader<'a> {
    source: &'a Arc<Source>,
    vocabulary: &'a Vocabulary,
    problems: Vec<Diagnostic>,
    columns: Columns,
}

impl Reader<'_> {
    fn wrong(&mut self, node: &Node<'_>, message: Text) -> &mut Diagnostic {
        let line = self.source.text()[node.range.clone()]
            .lines()
            .next()
            .map_or(0, str::len);
        let span = Span::new(self.source, node.range.start..node.range.start + line);
        self.problems
            .push(Diagnostic::new(Code::TableMapping, message).at(span));
        let last = self.problems.len() - 1;
        &mut self.problems[last]
    }

    /// The keys and values of a map; reports a node that is no map.
    fn entries<'n>(&mut self, node: &'n Node<'n>) -> Vec<(&'n str, &'n Node<'n>, &'n Node<'n>)> {
        match &node.content {
            Content::Map(entries) => entries
                .iter()
                .filter_map(|(key, value)| Some((key.text()?.trim(), key, value)))
                .collect(),
            _ if node.is_null() => Vec::new(),
            _ => {
                self.wrong(
                    node,
                    Text::new("这里须为“键: 值”", "here stand keys and values"),
                );
                Vec::new()
            }
        }
    }

    fn root(&mut self, root: &Node<'_>) {
        for (name, key, value) in self.entries(root) {
            match name {
                "columns" | "列" => {
                    let index = Index::of(self.vocabulary, GroupId(0));
                    self.columns.headers = self.headers(value, &index);
                }
                "sheets" | "工作表" => self.sheets(value),
                "values" | "值" => {}
                _ => self.unknown(
                    key,
                    name,
                    &["columns", "sheets", "values", "列", "工作表", "值"],
                ),
            }
        }
    }

    /// Reads the meanings of words; last, because it may refer to mapped columns by name.
    fn values(&mut self, node: &Node<'_>) {
        let index = Index::of(self.vocabulary, GroupId(0));
        for (name, key, value) in self.entries(node) {
            let mapped = self.columns.meaning("", &[], name);
            let fact = match (mapped, index.find(&[], name)) {
                (Some(Meaning::Target(target)), _) | (None, Found::One(target)) => target.fact(),
                _ => {
                    let near = index.nearest(name, |_| true).map(str::to_owned);
                    let problem = self.wrong(
                        key,
                        text!("`{name}` 不是一个事项", "`{name}` is not one fact"),
                    );
                    if let Some(near) = near {
                        problem
                            .help
                            .push(text!("是否指 `{near}`？", "did you mean `{near}`?"));
                    }
                    continue;
                }
            };
            let mut values = Values::new();
            for (written, _, meant) in self.entries(value) {
                if let Some(word) = self.meant(fact, meant) {
                    values.insert(normal(written), word);
                }
            }
            self.columns.values.insert(fact, Arc::new(values));
        }
    }

    /// The meaning of a word: a possible value of the fact.
    fn meant(&mut self, fact: FactId, node: &Node<'_>) -> Option<String> {
        let word = node.text().unwrap_or_default().trim().to_owned();
        let of = match &self.vocabulary.fact(fact).ty {
            Type::List(of) => of,
            ty => ty,
        };
        let is_value = match of {
            Type::Enum(id) => self.vocabulary.enumeration(*id).symbol(&word).is_some(),
            Type::Bool => matches!(word.as_str(), "是" | "否" | "有" | "true" | "false"),
            _ => true,
        };
        // Blank means unknown.
        if is_value || word.is_empty() || matches!(word.as_str(), "无" | "none") {
            return Some(word);
        }
        let names: Vec<String> = match of {
            Type::Enum(id) => {
                let values = &self.vocabulary.enumeration(*id).values;
                values.iter().map(|value| value.label.zh.clone()).collect()
            }
            _ => vec!["是".to_owned(), "否".to_owned()],
        };
        let names = names.join("、");
        let label = self.vocabulary.fact(fact).label.clone();
        self.wrong(
            node,
            text!("`{}` 没有 `{word}` 这一值", "`{}` has no value `{word}`"; label),
        )
        .help
        .push(text!("可用的值：{names}", "the values are: {names}"));
        None
    }

    fn unknown(&mut self, key: &Node<'_>, name: &str, known: &[&str]) {
        let near = nearest(name, known.iter().copied()).map_or(known[0], |near| near);
        let near = near.to_owned();
        let problem = self.wrong(
            key,
            text!("没有 `{name}` 这一项", "there is no key `{name}`"),
        );
        problem
            .help
            .push(text!("是否指 `{near}`？", "did you mean `{near}`?"));
    }

    fn headers(&mut self, node: &Node<'_>, index: &Index<'_>) -> Headers {
        let mut headers = Headers::new();
        for (header, key, value) in self.entries(node) {
            let Some(fact) = value.text().map(str::trim) else {
                self.wrong(
                    key,
                    Text::new("列名须对应一个事项", "a header means one fact"),
                );
                continue;
            };
            let meaning = if IGNORED.contains(&fact) {
                Meaning::Ignored
            } else {
                match index.find(&[], fact) {
                    Found::One(target) => Meaning::Target(target),
                    Found::Several(facts) => {
                        let names: Vec<&str> = facts
                            .iter()
                            .take(6)
                            .map(|fact| self.vocabulary.fact(*fact).path.as_str())
                            .collect();
                        let names = names.join(", ");
                        self.wrong(
                            value,
                            text!("`{fact}` 可指几个事项", "`{fact}` may mean several facts"),
                        )
                        .help
                        .push(text!("请写其中之一：{names}", "write one of them: {names}"));
                        continue;
                    }
                    Found::Nothing => {
                        let near = index.nearest(fact, |_| true).map(str::to_owned);
                        let problem = self.wrong(
                            value,
                            text!("数据字典中没有 `{fact}`", "the vocabulary has no `{fact}`"),
                        );
                        problem.help.push(match near {
                            Some(near) => text!("是否指 `{near}`？", "did you mean `{near}`?"),
                            None => Text::new(
                                "全部事项见 `choucha schema`；不读的列写 `不读`",
                                "`choucha schema` lists every fact; write `ignore` for a column not to be read",
                            ),
                        });
                        continue;
                    }
                }
            };
            headers.insert(parts(header), meaning);
        }
        headers
    }

    fn sheets(&mut self, node: &Node<'_>) {
        for (name, _, value) in self.entries(node) {
            let mut sheet = Sheet::default();
            if value.text().is_some() {
                sheet.role = self.role(value);
            } else {
                let entries = self.entries(value);
                let holds = entries
                    .iter()
                    .find(|(key, ..)| matches!(*key, "holds" | "内容"));
                sheet.role = holds.and_then(|(_, _, value)| self.role(value));
                for (key, node, value) in entries {
                    match key {
                        "holds" | "内容" => {}
                        "header" | "表头行" => sheet.header = self.row(value),
                        "columns" | "列" => {
                            let base = self.base(sheet.role);
                            let index = Index::of(self.vocabulary, base);
                            sheet.headers = self.headers(value, &index);
                        }
                        _ => self.unknown(
                            node,
                            key,
                            &["holds", "header", "columns", "内容", "表头行", "列"],
                        ),
                    }
                }
            }
            self.columns.sheets.insert(index::plain(name), sheet);
        }
    }

    fn base(&self, role: Option<Role>) -> GroupId {
        match role {
            Some(Role::Holds(Holds::Many(fact))) => rows_group(self.vocabulary, fact),
            _ => GroupId(0),
        }
    }

    fn row(&mut self, node: &Node<'_>) -> Option<u32> {
        let row = node.text().and_then(|text| text.trim().parse::<u32>().ok());
        match row.and_then(|row| row.checked_sub(1)) {
            Some(row) => Some(row),
            None => {
                self.wrong(
                    node,
                    Text::new(
                        "表头行须为行号，如 3",
                        "the header is the number of a row, as 3",
                    ),
                );
                None
            }
        }
    }

    fn role(&mut self, node: &Node<'_>) -> Option<Role> {
        let word = node.text().unwrap_or_default().trim().to_owned();
        if MAIN.contains(&word.as_str()) {
            return Some(Role::Main);
        }
        if IGNORED.contains(&word.as_str()) {
            return Some(Role::Ignored);
        }
        let by_path = match self.vocabulary.find(&word) {
            Some(Entry::Group(group)) if !self.vocabulary.group(group).path.contains("[]") => {
                Some(Holds::Group(group))
            }
            _ => None,
        };
        match index::sheet(self.vocabulary, &word).or(by_path) {
            Some(holds) => Some(Role::Holds(holds)),
            None => {
                self.wrong(
                    node,
                    text!("`{word}` 不是工作表的内容", "`{word}` is nothing a sheet may hold"),
                )
                .help
                .push(Text::new(
                    "写 `主表`、`不读`，或者数据字典中的一组事实，如 `sampling.corrections`",
                    "write `main`, `ignore`, or a group of the vocabulary, as `sampling.corrections`",
                ));
                None
            }
        }
    }
}

/// The group of a list's rows.
pub(super) fn rows_group(vocabulary: &Vocabulary, fact: FactId) -> GroupId {
    match vocabulary.fact(fact).ty {
        Type::Rows(shape) => vocabulary.shape(shape).group,
        _ => GroupId(0),
    }
}
