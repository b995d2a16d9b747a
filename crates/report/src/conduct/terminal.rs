//! The tables for the terminal.

use super::super::sheet::Sheet;
use super::{View, days, disclaimer, rate};
use choucha_core::audit::Outcome;
use choucha_core::diagnostic::Style;
use choucha_core::lang::{Lang, Text};
use choucha_core::layout::{self, Tone};
use choucha_core::text;
use choucha_run::conduct::{Account, CaseEvidence, Conflict, ConflictKind, Grade, Row};

/// The width of a number column.
const NUMBER: usize = 7;

/// The width of a rate column.
const RATE: usize = 18;

/// The terminal width from which the days have a column of their own.
const WIDE: usize = 96;

/// Below this width there are no columns: the numbers follow each other, each with its name.
const NARROW: usize = NAME + 6 * NUMBER + RATE;

/// The width of the column of two days.
const DAYS: usize = 24;

/// The least width of a name next to its numbers.
const NAME: usize = 10;

/// How many cases of a conflict are listed.
const SHOWN: usize = 6;

/// The table as text, ending in a line break.
#[must_use]
pub fn render(view: &View<'_>, style: Style) -> String {
    let mut sheet = Sheet::new(style);
    head(&mut sheet, view);
    match view.by {
        Some(by) => {
            let label = by.label();
            table(
                &mut sheet,
                view,
                view.book.rows.iter(),
                label.get(view.lang),
            );
        }
        None => {
            for role in view.roles() {
                table(&mut sheet, view, view.rows_of(role), &view.role(role));
            }
        }
    }
    total(&mut sheet, view);
    if view.by.is_none() {
        conflicts(&mut sheet, view);
    }
    sheet.finish()
}

fn head(sheet: &mut Sheet, view: &View<'_>) {
    let lang = view.lang;
    let (n, unaudited) = (view.book.audited, view.book.unaudited);
    let title = view.title();
    let text = text!("【{}】审查案卷{n}份", "{} ({n} dossiers audited)"; title);
    sheet.heading(Tone::Strong, text.get(lang));
    if unaudited > 0 {
        let text = text!(
            "另有{unaudited}份案卷未能审查，不在统计之内",
            "{unaudited} more could not be audited and are not counted"
        );
        let text = sheet.paint.paint(Tone::Warn, text.get(lang));
        sheet.line(0, &text);
    }
    if view.is_masked() {
        let text = Text::new(
            "人员姓名已用代号代替；同一代号在本次输出中是同一人",
            "names of persons are replaced; one pseudonym is one person throughout this output",
        );
        sheet.para(0, text.get(lang));
    }
    let text = Text::new(
        "应履行：已发生或者可能已发生的义务，不含不适用；违规率＝违规÷已判定（违规和合规）。待证、判断、未到期的尚未判定，不计入违规率。起止为案卷所载抽样日期。",
        "owed: duties that arose or may have, without those that do not apply; the rate is violated of decided (violated or met). What is undetermined, to be judged or pending is not decided and not in the rate. The days are those of sampling on record.",
    );
    sheet.faint(0, text.get(lang));
}

/// Widths of the columns of a table.
struct Columns {
    name: usize,
    days: bool,
}

impl Columns {
    fn of(width: usize) -> Columns {
        let days = width >= WIDE;
        let taken = 6 * NUMBER + RATE + if days { DAYS } else { 0 };
        Columns {
            name: width.saturating_sub(taken).max(NAME),
            days,
        }
    }
}

fn table<'r>(sheet: &mut Sheet, view: &View<'_>, rows: impl Iterator<Item = &'r Row>, title: &str) {
    let lang = view.lang;
    let columns = Columns::of(sheet.style.width);
    sheet.blank();
    let heads = [
        ("应履行", "owed"),
        ("合规", "met"),
        ("待证", "undet."),
        ("判断", "review"),
        ("未到期", "pend."),
        ("案卷", "cases"),
    ];
    let mut line = String::new();
    for (at, (zh, en)) in heads.iter().enumerate() {
        if at == 1 {
            line.push_str(&right(lang.pick("违规率", "violated"), RATE));
        }
        line.push_str(&right(lang.pick(zh, en), NUMBER));
    }
    if columns.days {
        line.push_str(&right(lang.pick("抽样日期起止", "sampled"), DAYS));
    }
    let first = sheet.paint.paint(Tone::Strong, title);
    if sheet.style.width < NARROW {
        sheet.para(0, title);
    } else if layout::width(title) > columns.name {
        sheet.line(0, &first);
        sheet.line(columns.name, &line);
    } else {
        let pad = columns.name - layout::width(title);
        sheet.line(0, &format!("{first}{:pad$}{line}", ""));
    }
    for one in rows {
        row(sheet, view, one, &columns);
    }
}

fn row(sheet: &mut Sheet, view: &View<'_>, row: &Row, columns: &Columns) {
    let lang = view.lang;
    let label = view.label(row);
    let figures = figures(sheet, &row.account, columns, lang);
    if sheet.style.width < NARROW {
        sheet.para(0, &label);
        listed(sheet, &row.account, lang);
    } else if layout::width(&layout::visible(&label)) < columns.name {
        sheet.line(
            0,
            &format!("{}{figures}", layout::pad(&label, columns.name)),
        );
    } else {
        // A name is never cut: it identifies the row.
        sheet.para(0, &label);
        sheet.line(columns.name, &figures);
    }
    let mut more: Vec<String> = Vec::new();
    if !columns.days {
        let days = days(&row.account);
        more.push(
            text!("抽样日期{days}", "sampled {days}")
                .get(lang)
                .to_owned(),
        );
    }
    let broken = row.account.cases_broken;
    if broken > 0 {
        more.push(
            text!("违规涉及{broken}份案卷", "breaches in {broken} dossiers")
                .get(lang)
                .to_owned(),
        );
    }
    for outcome in [Outcome::Waived, Outcome::Errored] {
        let (n, label) = (row.account.count(outcome), outcome.label());
        if n > 0 {
            more.push(text!("{}{n}", "{} {n}"; label).get(lang).to_owned());
        }
    }
    more.extend(view.remark(row));
    if !more.is_empty() {
        sheet.faint(2, &more.join(lang.pick("；", "; ")));
    }
}

fn figures(sheet: &Sheet, account: &Account, columns: &Columns, lang: Lang) -> String {
    let broke = right(&rate(account.broke(), account.decided(), lang), RATE);
    let broke = match account.broke() {
        0 => broke,
        _ => sheet.paint.paint(Tone::Bad, &broke),
    };
    let number = |n: usize| right(&n.to_string(), NUMBER);
    let mut line = format!(
        "{}{broke}{}{}{}{}{}",
        number(account.owed()),
        number(account.count(Outcome::Satisfied)),
        number(account.count(Outcome::Undetermined)),
        number(account.count(Outcome::Review)),
        number(account.count(Outcome::Pending)),
        number(account.cases),
    );
    if columns.days {
        line.push_str(&right(&days(account), DAYS));
    }
    line
}

/// The numbers of a row in sequence: `应履行40、违规37/40（92.5%）、合规2`.
fn listed(sheet: &mut Sheet, account: &Account, lang: Lang) {
    let (owed, cases) = (account.owed(), account.cases);
    let mut items = vec![
        text!("应履行{owed}", "owed {owed}").get(lang).to_owned(),
        format!(
            "{}{}",
            lang.pick("违规", "violated "),
            rate(account.broke(), account.decided(), lang)
        ),
    ];
    for outcome in [
        Outcome::Satisfied,
        Outcome::Undetermined,
        Outcome::Review,
        Outcome::Pending,
    ] {
        let (n, label) = (account.count(outcome), outcome.label());
        if n > 0 {
            items.push(text!("{}{n}", "{} {n}"; label).get(lang).to_owned());
        }
    }
    items.push(text!("案卷{cases}份", "{cases} cases").get(lang).to_owned());
    let lines = layout::flow(
        &items,
        lang.pick("、", ", "),
        sheet.style.width.saturating_sub(2),
    );
    sheet.lines(2, &lines);
}

fn total(sheet: &mut Sheet, view: &View<'_>) {
    let lang = view.lang;
    let columns = Columns::of(sheet.style.width);
    sheet.blank();
    let name = layout::pad(lang.pick("合计", "total"), columns.name);
    let figures = figures(sheet, &view.book.total, &columns, lang);
    if sheet.style.width < NARROW {
        sheet.line(0, name.trim_end());
        listed(sheet, &view.book.total, lang);
    } else {
        sheet.line(0, &format!("{name}{figures}"));
    }
    let across = view.book.broke_across;
    if across > 0 {
        let text = text!(
            "违规中有{across}项是跨案审查发现的，不计入任何一份案卷",
            "{across} of the violations were found across cases and are of no one dossier"
        );
        sheet.faint(2, text.get(lang));
    }
    let shared = view.book.shared;
    if shared > 0 {
        let text = text!(
            "合计中每项义务只计一次；由几人（或几家单位）共同承担的，在各行分别计入，各行相加比合计多{shared}项",
            "the total counts every duty once; one that several answer for is in the row of each: the rows add up to {shared} more than the total"
        );
        sheet.faint(2, text.get(lang));
    }
}

fn conflicts(sheet: &mut Sheet, view: &View<'_>) {
    let lang = view.lang;
    let found = &view.book.conflicts;
    let n = found.len();
    let text = text!("【供核查参考】{n}项", "TO BE CHECKED ({n})");
    sheet.heading(Tone::Strong, text.get(lang));
    if found.is_empty() {
        let text = Text::new(
            "没有发现须将几起案卷放在一起核对的记载",
            "nothing on record calls for several cases to be compared",
        );
        sheet.para(0, text.get(lang));
        return;
    }
    sheet.para(0, disclaimer().get(lang));
    for grade in [Grade::Check, Grade::Know] {
        for kind in ConflictKind::ALL {
            let of = |conflict: &&Conflict| conflict.kind == kind && conflict.grade == grade;
            let some: Vec<&Conflict> = found.iter().filter(of).collect();
            if some.is_empty() {
                continue;
            }
            let (n, title, label) = (some.len(), kind.title(), grade.label());
            let text = text!("{}〔{}〕{n}项", "{} [{}] ({n})"; title, label);
            sheet.heading(
                match grade {
                    Grade::Check => Tone::Warn,
                    Grade::Know => Tone::Note,
                },
                text.get(lang),
            );
            sheet.hang(
                2,
                Tone::Faint,
                lang.pick("通常的解释：", "ordinary explanations: "),
                kind.innocent().get(lang),
            );
            for conflict in some {
                one(sheet, view, conflict);
            }
        }
    }
}

fn one(sheet: &mut Sheet, view: &View<'_>, conflict: &Conflict) {
    let lang = view.lang;
    sheet.blank();
    sheet.hang(2, Tone::Strong, "· ", &view.statement(&conflict.statement));
    for case in conflict.cases.iter().take(SHOWN) {
        let text = evidence(view, case);
        sheet.faint(4, &text);
    }
    let more = conflict.count.saturating_sub(SHOWN);
    if more > 0 {
        let text = text!(
            "另有{more}起案卷，见 --format json",
            "{more} more cases; see --format json"
        );
        sheet.faint(4, text.get(lang));
    }
}

/// `晋抽2024-1-026：抽样人员 案卷/026.yaml:66:14，抽样日期 案卷/026.yaml:62:15`.
fn evidence(view: &View<'_>, case: &CaseEvidence) -> String {
    let lang = view.lang;
    let place = view.shown(&case.place);
    let shows: Vec<String> = case
        .shows
        .iter()
        .map(|sighting| {
            let at = view.shown(&sighting.place);
            // The file is named once.
            let file = place
                .rsplit_once(':')
                .map_or(place.as_str(), |(file, _)| file);
            let at = at
                .strip_prefix(&format!("{file}:"))
                .or_else(|| at.strip_prefix(&format!("{place}:")))
                .unwrap_or(&at)
                .to_owned();
            format!("{} {at}", view.fact(sighting.fact))
        })
        .collect();
    let number = view.shown(&case.case);
    let name = match number == place {
        true => place,
        false => format!("{number}  {place}"),
    };
    match shows.is_empty() {
        true => name,
        false => format!(
            "{name}{}{}",
            lang.pick("：", ": "),
            shows.join(lang.pick("，", ", "))
        ),
    }
}

/// Aligns `text` to the right edge of a column.
fn right(text: &str, columns: usize) -> String {
    let missing = columns.saturating_sub(layout::width(text));
    format!("{:missing$}{text}", "")
}
