//! The cells of one case as the outline of a record, and as the text that displays them.

use std::ops::Range;
use std::sync::Arc;

use super::grid::{Cell, Grid, number_text};
use super::heading::{Column, Header, What};
use super::index::Target;
use super::written::{entries, is_struck_out, scalar};
use choucha_core::diagnostic::{Code, Diagnostic};
use choucha_core::lang::Text;
use choucha_core::record::outline::{Content, Node};
use choucha_core::source::{CellName, Source, Span};
use choucha_core::text;
use choucha_core::value::naming::{has_invisible, normal, people, revealed};
use choucha_core::value::{EnumId, Type};
use choucha_core::vocabulary::{Fact, FactId, PartyField, Vocabulary};

/// Integers from here on have more digits than a spreadsheet keeps.
const DIGITS_END: f64 = 1e15;

/// Collects the cells of one case.
pub(super) struct Gatherer<'v> {
    vocabulary: &'v Vocabulary,
    name: &'v str,
    digest: &'v Arc<str>,
    text: String,
    cells: Vec<CellName>,
    /// The ranges of the fields in the row, if the text is the row itself, and its line.
    fields: Option<(Vec<Range<usize>>, usize)>,
    root: Entries,
    faults: Vec<(Range<usize>, Diagnostic)>,
    /// The number of struck-out cells, which were read as blank.
    pub(super) struck_out: usize,
}

type Entries = Vec<(Node<'static>, Node<'static>)>;

/// The result of gathering.
pub(super) struct Gathered {
    pub(super) source: Arc<Source>,
    pub(super) root: Node<'static>,
    pub(super) diagnostics: Vec<Diagnostic>,
}

/// One cell in the text.
struct CellText {
    key: Range<usize>,
    value: Range<usize>,
}

impl<'v> Gatherer<'v> {
    pub(super) fn new(vocabulary: &'v Vocabulary, name: &'v str, digest: &'v Arc<str>) -> Self {
        Gatherer {
            vocabulary,
            name,
            digest,
            text: String::new(),
            cells: Vec::new(),
            fields: None,
            root: Vec::new(),
            faults: Vec::new(),
            struck_out: 0,
        }
    }

    /// Shows the row of a text file as it stands there.
    pub(super) fn of_text(mut self, text: &str, delimiter: char, line: usize) -> Self {
        self.text = text.to_owned();
        self.fields = Some((fields(text, delimiter), line));
        self
    }

    /// Gathers a row of facts of the record.
    pub(super) fn row(&mut self, grid: &Grid, header: &Header, row: u32) {
        let mut entries = std::mem::take(&mut self.root);
        self.facts(grid, header, row, "", &mut entries);
        self.root = entries;
    }

    /// Gathers the rows of a list of groups, or the entries of a list.
    pub(super) fn many(&mut self, grid: &Grid, header: &Header, rows: &[u32], fact: FactId) {
        let vocabulary = self.vocabulary;
        let fact = vocabulary.fact(fact);
        let start = self.text.len();
        let mut items = Vec::new();
        let mut key = None;
        for &row in rows {
            let from = self.text.len();
            match &fact.ty {
                Type::List(of) => {
                    items.extend(self.entry(grid, header, row, of));
                }
                _ => {
                    let mut entries = Vec::new();
                    let prefix = format!("{}[].", fact.path);
                    self.facts(grid, header, row, &prefix, &mut entries);
                    let range = entries
                        .first()
                        .map_or(from..from, |(_, value)| value.range.clone());
                    if !entries.is_empty() {
                        items.push(Node {
                            range,
                            content: Content::Map(entries),
                        });
                    }
                }
            }
            key = key.or_else(|| items.first().map(|item: &Node<'_>| item.range.clone()));
        }
        if items.is_empty() {
            return;
        }
        let key = key.unwrap_or(start..start);
        let node = Node {
            range: key.clone(),
            content: Content::List(items),
        };
        insert(&mut self.root, &fact.path, key, node);
    }

    /// The record's outline, the text that shows it, and the diagnostics for single cells.
    pub(super) fn finish(self) -> Gathered {
        let source = match self.fields {
            Some((_, line)) => {
                Source::part(self.name, self.text, line, Some(Arc::clone(self.digest)))
            }
            None => Source::cells(self.name, self.text, self.cells, Arc::clone(self.digest)),
        };
        let diagnostics = self
            .faults
            .into_iter()
            .map(|(range, diagnostic)| diagnostic.at(Span::new(&source, range)))
            .collect();
        Gathered {
            root: Node {
                range: 0..source.text().len(),
                content: Content::Map(self.root),
            },
            source,
            diagnostics,
        }
    }

    /// The facts of a row, below a prefix of their paths.
    fn facts(&mut self, grid: &Grid, header: &Header, row: u32, prefix: &str, into: &mut Entries) {
        let vocabulary = self.vocabulary;
        let parties = header.parties();
        let mut people: Vec<FactId> = Vec::new();
        for column in &header.columns {
            let What::Target(target) = column.what else {
                continue;
            };
            let id = target.fact();
            let fact = vocabulary.fact(id);
            let path = fact.path.strip_prefix(prefix).unwrap_or(&fact.path);
            let has_fields = parties.contains(&id);
            let found = if has_fields {
                if people.contains(&id) {
                    continue;
                }
                people.push(id);
                self.party(grid, header, row, id)
            } else {
                self.fact(grid, column, row, fact)
            };
            if let Some((key, node)) = found {
                insert(into, path, key, node);
            }
        }
    }

    /// One cell as the value of a fact.
    fn fact(
        &mut self,
        grid: &Grid,
        column: &Column,
        row: u32,
        fact: &Fact,
    ) -> Option<(Range<usize>, Node<'static>)> {
        let (shown, cell) = self.show(grid, column, row)?;
        let mapped = column
            .values
            .as_deref()
            .and_then(|values| values.get(&normal(&cell.text())));
        if let Some(word) = mapped {
            let node = leaf(shown.value.clone(), word.clone());
            // A single word may stand for a list of one.
            let is_list =
                matches!(fact.ty, Type::List(_)) && !matches!(word.as_str(), "" | "无" | "none");
            let node = match is_list {
                true => Node {
                    range: shown.value,
                    content: Content::List(vec![node]),
                },
                false => node,
            };
            return Some((shown.key, node));
        }
        let says_none = matches!(cell.text().trim(), "无" | "none");
        let node = match &fact.ty {
            _ if says_none => leaf(shown.value.clone(), cell.text()),
            Type::Rows(_) => {
                self.fault(
                    &shown,
                    Code::TableListInCell,
                    text!(
                        "`{}` 是明细，不能写在一个单元格里",
                        "`{}` is a list of groups, which does not fit in one cell";
                        fact.label
                    ),
                    text!(
                        "请另建工作表 `{}`，每项一行，首列写案卷编号；确无的写 `无`",
                        "keep a sheet `{}` with a row for each and the case number in its first column; write `none` if there are none";
                        fact.label
                    ),
                );
                return None;
            }
            Type::List(of) => self.list(&shown, of, cell, grid.from_1904),
            ty => self.leaf(&shown, ty, cell, grid.from_1904, column.factor)?,
        };
        Some((shown.key, node))
    }

    /// A cell as a scalar.
    fn leaf(
        &mut self,
        shown: &CellText,
        ty: &Type,
        cell: &Cell,
        from_1904: bool,
        factor: rust_decimal::Decimal,
    ) -> Option<Node<'static>> {
        if let (Cell::Number(number), Type::Text | Type::Person | Type::Organisation) = (cell, ty)
            && number.abs() >= DIGITS_END
        {
            self.fault(
                shown,
                Code::TableDigitsLost,
                Text::new(
                    "这个编号按数字存放，第15位以后的数字已经丢失",
                    "this number is kept as a number, and has lost its digits after the fifteenth",
                ),
                Text::new(
                    "请把这一列设为“文本”格式，再照原件重新录入",
                    "format the column as text, then enter the number again from the papers",
                ),
            );
            return None;
        }
        let written = scalar(ty, cell, from_1904, factor);
        if let Cell::Text(text) = cell {
            self.invisible(&shown.value, text, &written);
        }
        Some(leaf(shown.value.clone(), written))
    }

    /// A cell that holds a list.
    fn list(&mut self, shown: &CellText, of: &Type, cell: &Cell, from_1904: bool) -> Node<'static> {
        let one = rust_decimal::Decimal::ONE;
        let Cell::Text(_) = cell else {
            let items = self.leaf(shown, of, cell, from_1904, one);
            return Node {
                range: shown.value.clone(),
                content: Content::List(items.into_iter().collect()),
            };
        };
        if *of == Type::Person {
            return self.people(&shown.value);
        }
        let items = self.parts(&shown.value, of).into_iter().map(|range| {
            let part = Cell::Text(self.text[range.clone()].into());
            leaf(range, scalar(of, &part, from_1904, one))
        });
        Node {
            range: shown.value.clone(),
            content: Content::List(items.collect()),
        }
    }

    /// Notes invisible characters that are not in the value read from a cell; the reader of dossiers notes the others.
    fn invisible(&mut self, range: &Range<usize>, text: &str, read: &str) {
        if !has_invisible(text) || has_invisible(read) {
            return;
        }
        let shown = revealed(text.trim()).into_owned();
        let message = text!(
            "单元格中有看不见的字符，不计在内：`{shown}`",
            "the cell holds invisible characters, which do not count: `{shown}`"
        );
        let diagnostic = Diagnostic::new(Code::RecordInvisible, message);
        self.faults.push((range.clone(), diagnostic));
    }

    /// The people a cell names, each with the place of the name; one text if it is unclear.
    fn people(&mut self, range: &Range<usize>) -> Node<'static> {
        let text = self.text.get(range.clone()).unwrap_or_default().to_owned();
        let Ok(found) = people(&text) else {
            return leaf(range.clone(), text);
        };
        let names: Vec<&str> = found.iter().map(|part| &text[part.clone()]).collect();
        self.invisible(range, &text, &names.concat());
        let items = found.into_iter().map(|part| {
            let name = text[part.clone()].to_owned();
            leaf(range.start + part.start..range.start + part.end, name)
        });
        Node {
            range: range.clone(),
            content: Content::List(items.collect()),
        }
    }

    /// The entries of a list in the text.
    fn parts(&self, range: &Range<usize>, of: &Type) -> Vec<Range<usize>> {
        let text = self.text.get(range.clone()).unwrap_or_default();
        let found: Vec<Range<usize>> = entries(of, text)
            .into_iter()
            .map(|part| range.start + part.start..range.start + part.end)
            .collect();
        match of {
            Type::Enum(id) => self.named(*id, &found),
            _ => found,
        }
    }

    /// The words of a part of the text.
    fn words(&self, range: &Range<usize>) -> Vec<Range<usize>> {
        let text = self.text.get(range.clone()).unwrap_or_default();
        let start = |word: &str| range.start + word.as_ptr() as usize - text.as_ptr() as usize;
        let words = text.split_whitespace();
        words
            .map(|word| start(word)..start(word) + word.len())
            .collect()
    }

    /// Rejoins entries where a name of the vocabulary itself contains a separator.
    fn named(&self, id: EnumId, parts: &[Range<usize>]) -> Vec<Range<usize>> {
        let known = |range: &Range<usize>| {
            let text = self.text.get(range.clone()).unwrap_or_default();
            self.vocabulary.enumeration(id).symbol(text).is_some()
        };
        let mut found = Vec::with_capacity(parts.len());
        let mut at = 0;
        while let Some(first) = parts.get(at) {
            // Names contain few separators.
            let last = (at + 1..parts.len().min(at + 6))
                .rev()
                .find(|last| known(&(first.start..parts[*last].end)))
                .unwrap_or(at);
            found.push(first.start..parts[last].end);
            at = last + 1;
        }
        found
    }

    /// A person or an organisation, or several, with their further columns.
    fn party(
        &mut self,
        grid: &Grid,
        header: &Header,
        row: u32,
        id: FactId,
    ) -> Option<(Range<usize>, Node<'static>)> {
        let fact = self.vocabulary.fact(id);
        let column = |what| header.column(What::Target(what));
        let names = column(Target::Fact(id)).and_then(|column| self.cell(grid, column, row));
        let mut further = Vec::new();
        for (field, key) in [(PartyField::Id, "id"), (PartyField::Employer, "employer")] {
            if let Some(column) = column(Target::Party(id, field))
                && let Some(shown) = self.cell(grid, column, row)
            {
                further.push((key, shown));
            }
        }
        let first = names.as_ref().or(further.first().map(|(_, shown)| shown))?;
        let key = first.0.key.clone();
        let range = first.0.value.clone();
        if names
            .as_ref()
            .is_some_and(|(_, text)| matches!(text.trim(), "无" | "none"))
        {
            return Some((key, leaf(range, "无".to_owned())));
        }
        let Type::List(_) = &fact.ty else {
            let mut entries = Vec::new();
            let all = names.iter().map(|shown| ("name", shown));
            for (key, (shown, text)) in all.chain(further.iter().map(|(key, shown)| (*key, shown)))
            {
                insert(
                    &mut entries,
                    key,
                    shown.key.clone(),
                    leaf(shown.value.clone(), text.clone()),
                );
            }
            let content = Content::Map(entries);
            return Some((key, Node { range, content }));
        };
        let all = names.as_ref().map(|shown| self.people(&shown.0.value));
        let people: Vec<Range<usize>> = match all {
            // If it is unclear who is named, further columns belong to nobody.
            Some(unclear) if unclear.text().is_some() => return Some((key, unclear)),
            Some(Node {
                content: Content::List(items),
                ..
            }) => items.into_iter().map(|item| item.range).collect(),
            _ => Vec::new(),
        };
        let mut items: Vec<Entries> = people
            .iter()
            .map(|range| {
                let name = leaf(range.clone(), self.text[range.clone()].to_owned());
                vec![(word(range.clone(), "name"), name)]
            })
            .collect();
        let mut unmatched = Vec::new();
        for (key, shown) in &further {
            let mut values = self.parts(&shown.0.value, &Type::Text);
            if let [only] = values.as_slice()
                && people.len() > 1
            {
                let apart = self.words(only);
                if apart.len() == people.len() {
                    values = apart;
                }
            }
            // One employer may apply to all of them; a number belongs to one person.
            let one_for_all = *key == "employer" && values.len() == 1;
            if values.len() != items.len() && !one_for_all {
                unmatched.push((shown.0.value.clone(), values.len()));
                continue;
            }
            for (at, item) in items.iter_mut().enumerate() {
                let range = values[if one_for_all { 0 } else { at }].clone();
                let value = leaf(range.clone(), self.text[range.clone()].to_owned());
                item.push((word(range, key), value));
            }
        }
        let count = people.len();
        for (range, found) in unmatched {
            let message = text!(
                "这里有{found}项，姓名有{count}个",
                "there are {found} entries here and {count} names"
            );
            let help = Text::new(
                "请按姓名的顺序逐个填写，或者另建工作表，每人一行",
                "write one for each name, in their order, or keep a sheet with a row a person",
            );
            let diagnostic = Diagnostic::new(Code::TableUnmatched, message).help(help);
            self.faults.push((range, diagnostic));
        }
        let items = items.into_iter().map(|entries| Node {
            range: entries[0].1.range.clone(),
            content: Content::Map(entries),
        });
        let content = Content::List(items.collect());
        Some((key, Node { range, content }))
    }

    /// The cell of a person's column, with its text.
    fn cell(&mut self, grid: &Grid, column: &Column, row: u32) -> Option<(CellText, String)> {
        let (shown, cell) = self.show(grid, column, row)?;
        if matches!(cell, Cell::Number(_)) {
            self.leaf(&shown, &Type::Text, cell, grid.from_1904, column.factor)?;
        }
        Some((shown, cell.text()))
    }

    /// A row of a sheet of list entries.
    fn entry(
        &mut self,
        grid: &Grid,
        header: &Header,
        row: u32,
        of: &Type,
    ) -> Option<Node<'static>> {
        let of_party = matches!(of, Type::Person | Type::Organisation);
        let mut entries: Entries = Vec::new();
        for column in &header.columns {
            let key = match column.what {
                What::Entry => "name",
                What::Party(PartyField::Id) => "id",
                What::Party(PartyField::Employer) => "employer",
                What::Party(PartyField::Name) | What::Case | What::Target(_) => continue,
            };
            let Some((shown, cell)) = self.show(grid, column, row) else {
                continue;
            };
            if let Some(node) = self.leaf(&shown, of, cell, grid.from_1904, column.factor) {
                entries.push((word(shown.key, key), node));
            }
        }
        if !of_party {
            return entries.pop().map(|(_, node)| node);
        }
        let range = entries.first()?.1.range.clone();
        let content = Content::Map(entries);
        Some(Node { range, content })
    }

    /// Adds a cell to the text. None if it is blank or struck out, or its formula failed.
    fn show<'g>(
        &mut self,
        grid: &'g Grid,
        column: &Column,
        row: u32,
    ) -> Option<(CellText, &'g Cell)> {
        let ((row, at), cell) = grid.shown(row, column.at)?;
        if matches!(cell, Cell::Text(text) if is_struck_out(text)) {
            self.struck_out += 1;
            return None;
        }
        let shown = match &self.fields {
            Some((fields, _)) => {
                let range = fields.get(at as usize)?.clone();
                CellText {
                    key: range.clone(),
                    value: range,
                }
            }
            None => {
                let start = self.text.len();
                self.text.push_str(&one_line(&column.name));
                let key = start..self.text.len();
                self.text.push_str(": ");
                let start = self.text.len();
                self.text.push_str(&display(cell, grid.from_1904));
                let value = start..self.text.len();
                self.text.push('\n');
                self.cells.push(grid.cell_name(row, at));
                CellText { key, value }
            }
        };
        if let Cell::NoValue = cell {
            self.fault(
                &shown,
                Code::TableNoValue,
                Text::new(
                    "单元格里有公式，但没有计算结果",
                    "the cell holds a formula that was never calculated",
                ),
                Text::new(
                    "请用表格软件打开，重新计算后保存，或者直接填写数值",
                    "open it in a spreadsheet, let it calculate and save it, or write the value itself",
                ),
            );
            return None;
        }
        if let Cell::Failed(word) = cell {
            let word = word.to_string();
            self.fault(
                &shown,
                Code::TableCellError,
                text!(
                    "单元格的公式出错：`{word}`",
                    "the formula of the cell failed: `{word}`"
                ),
                Text::new(
                    "请改正公式，或者直接填写数值",
                    "mend the formula, or write the value itself",
                ),
            );
            return None;
        }
        Some((shown, cell))
    }

    fn fault(&mut self, shown: &CellText, code: Code, message: Text, help: Text) {
        let diagnostic = Diagnostic::new(code, message).help(help);
        self.faults.push((shown.value.clone(), diagnostic));
    }
}

/// A cell on one line, as people see it.
fn display(cell: &Cell, from_1904: bool) -> String {
    let one = rust_decimal::Decimal::ONE;
    match cell {
        Cell::Text(text) => one_line(text),
        Cell::Date(_) => scalar(&Type::Text, cell, from_1904, one),
        Cell::Number(number) => number_text(*number),
        Cell::Bool(yes) => if *yes { "TRUE" } else { "FALSE" }.to_owned(),
        Cell::Iso(text) | Cell::Failed(text) => one_line(text),
        Cell::NoValue => "=".to_owned(),
    }
}

/// Turns line breaks into list separators.
fn one_line(text: &str) -> String {
    let lines: Vec<&str> = text
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .collect();
    lines.join("；")
}

fn leaf(range: Range<usize>, text: String) -> Node<'static> {
    Node {
        range,
        content: Content::Scalar {
            text: text.into(),
            quoted: false,
        },
    }
}

fn word(range: Range<usize>, word: &str) -> Node<'static> {
    leaf(range, word.to_owned())
}

/// Inserts a value at a path of codes into a map.
fn insert(entries: &mut Entries, path: &str, key: Range<usize>, node: Node<'static>) {
    let Some((group, rest)) = path.split_once('.') else {
        entries.push((word(key, path), node));
        return;
    };
    let at = entries.iter().position(|(name, value)| {
        name.text() == Some(group) && matches!(value.content, Content::Map(_))
    });
    let at = at.unwrap_or_else(|| {
        let range = key.clone();
        let content = Content::Map(Vec::new());
        entries.push((word(key.clone(), group), Node { range, content }));
        entries.len() - 1
    });
    if let Content::Map(inner) = &mut entries[at].1.content {
        insert(inner, rest, key, node);
    }
}

/// The positions of the fields in a row of a text file, without their quotes.
pub(super) fn fields(text: &str, delimiter: char) -> Vec<Range<usize>> {
    let mut fields = Vec::new();
    let mut start = 0;
    let mut quoted = false;
    let row = text.trim_end_matches(['\r', '\n']);
    for (at, c) in row.char_indices() {
        match c {
            '"' => quoted = !quoted,
            c if c == delimiter && !quoted => {
                fields.push(bare(row, start..at));
                start = at + c.len_utf8();
            }
            _ => {}
        }
    }
    fields.push(bare(row, start..row.len()));
    fields
}

/// A field trimmed of white space and quotes.
fn bare(row: &str, range: Range<usize>) -> Range<usize> {
    let field = &row[range.clone()];
    let start = range.start + field.len() - field.trim_start().len();
    let field = field.trim();
    match field
        .strip_prefix('"')
        .and_then(|rest| rest.strip_suffix('"'))
    {
        Some(inner) => start + 1..start + 1 + inner.len(),
        None => start..start + field.len(),
    }
}
