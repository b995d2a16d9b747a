//! The sheet that explains the others and names their origin (说明).

use rust_xlsxwriter::Worksheet;

use super::marks::Marks;
use super::page::{Cell, Head, Page, Shared};
use super::{About, Failed};
use crate::json::Engine;
use choucha_core::audit::{Outcome, Tally};
use choucha_core::lang::Text;
use choucha_core::text;
use choucha_run::totals::Totals;

/// The meaning of an outcome.
fn meaning(outcome: Outcome) -> Text {
    let (zh, en) = match outcome {
        Outcome::Violated => (
            "已知不符合要求；逾期办理的，注明逾期日数",
            "the requirement is known not to hold; a late act, with the days late",
        ),
        Outcome::Errored => (
            "未能作出判断，既不算合规，也不算违规",
            "it could not be evaluated: neither a pass nor a violation",
        ),
        Outcome::Review => (
            "事实清楚，但条文留有裁量，或者有两种合法读法，由人工判断",
            "the facts are there, but the norm leaves a judgement, or two lawful readings differ",
        ),
        Outcome::Undetermined => (
            "缺少判断所需的事实，“缺少的材料”列明补什么即可判定",
            "a fact it needs is unknown; “Missing” says what would decide it",
        ),
        Outcome::Pending => (
            "尚未办理，审查日未过期限",
            "not done, and not past the due date",
        ),
        Outcome::Waived => ("有记载的豁免", "covered by a recorded waiver"),
        Outcome::Satisfied => ("已知符合要求", "the requirement is known to hold"),
        Outcome::NotApplicable => ("条件不成立，不产生义务", "the duty does not arise"),
    };
    Text::new(zh, en)
}

/// The contents of the sheets, and how to read them.
fn remarks(totals: &Totals) -> Vec<(Text, Text)> {
    let row = |zh: &str, en: &str, zh_text: &str, en_text: &str| {
        (Text::new(zh, en), Text::new(zh_text, en_text))
    };
    let mut rows = vec![
        row(
            "违规、待人工判断、差一项、待补证",
            "Violations, To judge, One fact short, To be supplied",
            "供打印、签字的清单（A4横向），“问题序号”即问题清单的序号；差一项的，补齐所列一项即可判定；待补证按材料排列，每种材料每案一行；一行写不下的，在下一行接着写",
            "lists to print and sign (A4, landscape), under the numbers of the list of problems; one fact short: that fact decides; to be supplied: a row a paper and case; what a row cannot show goes on in the next",
        ),
        row(
            "汇总",
            "Summary",
            "案卷和审查结果总数，有违规的义务（“案卷”为应履行或可能应履行的案件数），有违规的责任单位",
            "cases and findings, duties broken (“Cases” are those in which it was owed, or may have been), organisations that answer for violations",
        ),
        row(
            "问题清单",
            "Problems",
            "除合规、不适用以外，每项审查结果一行；“情况说明”“整改情况”“责任人签字”“日期”留空，由责任单位填写",
            "a row for every finding that is neither satisfied nor inapplicable; the last columns printed are for those responsible to fill in",
        ),
        row(
            "证据",
            "Evidence",
            "审查所依据的事实，括号内为出处：文件:工作表!单元格，或者文件:行:列",
            "the facts the finding rests on, with their places: file:sheet!cell, or file:line:column",
        ),
        row(
            "逾期",
            "Late",
            "按条文规定的单位计：日，或者工作日",
            "in the unit of the clause: days, or working days",
        ),
        row(
            "起因",
            "Root cause",
            "该项由哪一项违规引起；整改时先改起因",
            "the violation it follows from, which is to be mended first",
        ),
        row(
            "义务汇总",
            "By duty",
            "“应履行或可能应履行”为不适用以外的案件数；占比为违规数除以违规与合规之和",
            "owed, or may be: all but those it does not apply to; the share is that of violated among violated and satisfied",
        ),
        row(
            "单位汇总",
            "By organisation",
            "按责任单位计审查结果；责任人为个人的，计入其所在单位，案卷未载明单位的抽样人员、检验人员计入该案的抽样机构、检验机构；一项结果有几个责任单位的，各计一次",
            "findings by those who answer for them; people count for their organisation, samplers and testers without one for the sampling or inspection agency of the case; a finding several answer for counts once for each",
        ),
        row(
            "待补材料",
            "Missing papers",
            "待补证的结果缺少哪些材料和事项；“只缺它”的，补齐即可判定",
            "what undetermined findings lack; those that lack nothing else are decided by it",
        ),
        row(
            "未能审查",
            "Not audited",
            "读不出的文件、行和单元格，以及案卷记载的矛盾：位置和办法",
            "files, rows and cells that could not be read, and contradictions on record: where, and how to mend them",
        ),
        row(
            "原表-",
            "Table-",
            "案卷来自表格的，照原位置列出原表各格的值：粗框红底为违规所涉的单元格，虚线框黄底为待人工判断所涉的，虚线框紫底为读不出或者自相矛盾的；批注指明问题清单的序号",
            "the tables the cases came from, every value in its own cell: thick frame and red for violations, dashed frame and yellow for what is to be judged, dashed and purple for what could not be read or contradicts itself, with notes that name the rows of the list",
        ),
    ];
    if totals.records > totals.unaudited {
        return rows;
    }
    rows.truncate(3);
    rows
}

/// Writes the sheet.
pub(super) fn sheet(
    shared: &mut Shared,
    totals: &Totals,
    about: &About<'_>,
    marks: &Marks,
) -> Result<Vec<Worksheet>, Failed> {
    let heads = vec![
        Head::new("项目", "Item", 26),
        Head::new("说明", "Meaning", 100),
    ];
    let mut page = Page::new(shared.lang.pick("说明", "About"), heads, 0);
    let lang = shared.lang;
    let mut rows: Vec<(Text, Text)> = identity(about.engine);
    rows.push((
        Text::new("审查截至", "As of"),
        match about.as_of {
            Some(day) => text!("{day}（按指定日期）", "{day} (as asked for)"),
            None => Text::new(
                "各案的结案日期；没有的，为审查当日；见案件汇总",
                "the closing date of each case, else the day of the run: see the sheet of cases",
            ),
        },
    ));
    rows.push((Text::new("案件", "Cases"), cases(totals)));
    rows.push((
        Text::new("审查结果", "Findings"),
        outcomes(&totals.findings),
    ));
    rows.extend(remarks(totals));
    rows.extend(Outcome::ALL.map(|outcome| {
        let words = Text::new(
            crate::issues::outcome_words(outcome, choucha_core::lang::Lang::Zh),
            crate::issues::outcome_words(outcome, choucha_core::lang::Lang::En),
        );
        (words, meaning(outcome))
    }));
    rows.extend(limits(shared, marks));
    for (name, digest) in about.inputs {
        let name = Text::same(crate::issues::shown(name));
        rows.push((text!("输入：{}", "Input: {}"; name), Text::same(digest)));
    }
    if about.more_inputs > 0 {
        let n = about.more_inputs;
        rows.push((
            Text::new("输入", "Inputs"),
            text!(
                "另有{n}个文件，见案件汇总的“来源”“摘要”",
                "{n} more files: see “Source” and “Digest” of the sheet of cases"
            ),
        ));
    }
    for (item, meaning) in rows {
        page.row(
            shared,
            &[
                Cell::Strong(item.get(lang).to_owned()),
                Cell::text(meaning.get(lang)),
            ],
        )?;
    }
    page.finish(shared)
}

fn identity(engine: &Engine) -> Vec<(Text, Text)> {
    let (name, version) = (&engine.name, &engine.version);
    vec![
        (
            Text::new("程序", "Program"),
            Text::same(format!("{name} {version}")),
        ),
        (
            Text::new("规则摘要", "Digest of the rules"),
            Text::same(&engine.rules_digest),
        ),
        (
            Text::new("日历摘要", "Digest of the calendar"),
            Text::same(&engine.calendar_digest),
        ),
    ]
}

fn cases(totals: &Totals) -> Text {
    let (n, unaudited) = (totals.records, totals.unaudited);
    let counted = outcomes(&totals.cases);
    match unaudited {
        0 => text!("{n}份：{}", "{n}: {}"; counted),
        _ => {
            text!("{n}份：{}；其中{unaudited}份未能审查", "{n}: {}; {unaudited} of them could not be audited"; counted)
        }
    }
}

fn outcomes(tally: &Tally) -> Text {
    Text::new(
        Totals::words(tally, choucha_core::lang::Lang::Zh),
        Totals::words(tally, choucha_core::lang::Lang::En),
    )
}

/// How the limits of spreadsheets affected the contents: never silently.
fn limits(shared: &Shared, marks: &Marks) -> Vec<(Text, Text)> {
    let mut rows = Vec::new();
    let mut say = |text: Text| rows.push((Text::new("注意", "Mind"), text));
    if shared.continued > 0 {
        let n = shared.continued;
        say(text!(
            "一个工作表放不下，续表{n}个，名称带（2）等序号",
            "{n} sheets continue others, numbered (2) and so on"
        ));
    }
    if shared.long_texts > 0 {
        let n = shared.long_texts;
        say(text!(
            "{n}处文字超过单元格上限，全文在“长文本”表",
            "{n} texts are longer than a cell may be; all of them are in the sheet “Long texts”"
        ));
    }
    if marks.left_out > 0 {
        let n = marks.left_out;
        say(text!(
            "原表未标记{n}处：超过标记的上限；问题清单是全的",
            "{n} marks were left out of the tables, beyond the limit; the list of problems is complete"
        ));
    }
    if marks.notes_left_out > 0 {
        let n = marks.notes_left_out;
        say(text!(
            "原表有{n}处只着色、没有批注：超过批注的上限",
            "{n} cells of the tables are coloured without a note, beyond the limit of notes"
        ));
    }
    if marks.links_left_out > 0 {
        let n = marks.links_left_out;
        say(text!(
            "问题清单有{n}行的“来源”不能点到原表：超过链接的上限",
            "the “Source” of {n} rows of the list does not lead to the table, beyond the limit of links"
        ));
    }
    for name in &marks.shortened {
        say(text!(
            "“{name}”只列出表头和有问题的行：原表过大",
            "“{name}” shows only the header and the rows with problems: the table is too large"
        ));
    }
    for (name, why) in &marks.unshown {
        say(text!("没有列出 `{name}` 的原表：{}", "the table `{name}` is not shown: {}"; why));
    }
    rows
}
