//! The help of the command, its tasks and their arguments, in both languages.

use clap::{Arg, Command};

use choucha_core::lang::Lang;

/// A wording in Chinese and in English.
type Pair = (&'static str, &'static str);

/// The value name of what takes no value.
const NONE: Pair = ("", "");

const VALUE: Pair = ("取值", "VALUE");
const RULESET: Pair = ("规则集", "RULESET");

/// The value name and the help of each task and argument. A row is for `task`, for the `--option` of every task, or for an
/// argument of one task: `task --option` or `task <positional>`; a row for one task prevails.
#[rustfmt::skip]
const TEXTS: &[(&str, Pair, Pair)] = &[
    ("choucha", NONE, (
        "依据规则审查产品质量监督抽查案卷，逐项指出违规、所依条文和案卷中的位置",
        "audits the dossiers of product-quality spot checks against the rules that governed them",
    )),
    ("choucha --version", NONE, ("显示版本", "show the version")),
    ("choucha --lang", VALUE, ("语言：zh 或 en", "language: zh or en")),

    ("--output", ("文件", "FILE"), (
        "写入文件而不是标准输出；写完整后才替换原文件",
        "write to a file instead of standard output; it is replaced only when complete",
    )),
    ("--force", NONE, (
        "输出文件已经存在的，即使不是本程序写的也替换",
        "replace what is at --output even if this program did not write it",
    )),
    ("--rules", ("文件夹", "DIR"), (
        "使用该文件夹中的规则，不用程序内置的规则",
        "use the rules in this folder instead of those built in",
    )),
    ("--lang", VALUE, (
        "语言：zh 中文，en 英文；缺省依系统语言，未指明的为中文",
        "language: zh or en; by default that of the locale, else Chinese",
    )),
    ("--color", VALUE, (
        "颜色：auto 自动，always 始终使用，never 不使用",
        "colours: auto, always or never",
    )),
    ("--help", NONE, ("显示本帮助", "show this help")),

    ("--ruleset", RULESET, (
        "适用的规则集，如 shanxi/2024-batch-1；缺省时依案卷所载",
        "the rule set, as shanxi/2024-batch-1; by default the one the record names",
    )),
    ("--as-of", ("日期", "DATE"), (
        "审查截至之日，如 2024-05-30；缺省为案卷的结案日期，没有的为今日",
        "the day of the audit, as 2024-05-30; by default the closing date on record, else today",
    )),
    ("--assume-complete", NONE, (
        "视案卷为完整：没有记载的事项按“没有”认定",
        "take dossiers for complete: what is not recorded counts as not done",
    )),
    ("--columns", ("文件", "FILE"), (
        "写明表格各列含义的文件；缺省为表格旁边的 columns.yaml",
        "what the columns of tables mean; by default columns.yaml beside the table",
    )),
    ("--mask", NONE, (
        "隐去个人信息：人员用代号，其他个人信息不显示",
        "hide personal data: persons get pseudonyms, other personal values are struck out",
    )),
    ("--threads", ("数目", "N"), (
        "用几个线程审查，1 至 512；缺省为处理器核数；结果与此无关",
        "how many threads audit, 1 to 512; by default as many as there are cores; the results do not depend on it",
    )),
    ("--texts", ("文件夹", "DIR"), (
        "规范文件的文本所在的文件夹，文件名见登记表的 text",
        "the folder of the instruments' texts; the registry names the files as `text`",
    )),
    ("<paths>", ("路径", "PATH"), (
        "案卷（yaml、json）、多案文件（ndjson、csv、xlsx、xls、ods）、文件夹，或 -（标准输入）；可以有多个",
        "dossiers (yaml, json), files of many cases (ndjson, csv, xlsx, xls, ods), folders, or - (standard input); any number",
    )),
    ("<names>", RULESET, (
        "只看这些规则集；缺省为全部规则集",
        "these rule sets only; by default all of them",
    )),

    ("audit", NONE, ("审查案卷", "audit dossiers")),
    ("audit --format", VALUE, (
        "格式：text 文本，json，ndjson 每案一行（只列要说明的），xlsx 工作簿（问题清单、汇总、标记的原表），csv 问题清单，html 用浏览器打开的报告，page 供网页读取的数据；缺省依 --output 的扩展名，没有的为 text",
        "format: text, json, ndjson (a case a line, with what is to be told of it), xlsx (list of problems, totals, the tables marked), csv (list of problems), html (a report to open in a browser), or page (what such a page reads); by default what --output is called, else text",
    )),
    ("audit --assume", ("事项=内容", "FACT=VALUE"), (
        "假设某一事项另有记载，看结果如何变化；可以多次",
        "what if a fact were otherwise: audit as if the record said so; any number of times",
    )),
    ("audit --all", NONE, (
        "一并列出合规和不适用的义务；ndjson 并列出时间表",
        "also list what is satisfied and what does not apply; in ndjson the timeline too",
    )),
    ("audit --explain", NONE, ("列出每项结果的推导过程", "show how every finding was reached")),
    ("audit --by", ("对象", "SUBJECT"), (
        "不逐案报告，只出一张汇总表：按 person 人员、organisation 单位、role 义务主体、county 县区、product 产品、obligation 义务",
        "instead of the cases, one table: by person, organisation, role, county, product or obligation",
    )),
    ("audit --resume", NONE, (
        "接着进行被中断的审查（与 --format ndjson 和 --output 一起使用）",
        "continue an audit that was interrupted (with --format ndjson and --output)",
    )),

    ("people", NONE, (
        "汇总抽样、检验人员和各机构、部门的履职情况，并列出几起案卷对照才能看到的记载",
        "sum up what samplers, testers, agencies and bureaus owed, met and broke, and what only several cases show",
    )),
    ("people --format", VALUE, (
        "格式：text 文本，json，csv 只有汇总表；缺省为 text",
        "format: text, json, or csv (the table only); text by default",
    )),

    ("rules", NONE, ("列出规则集和义务", "list rule sets and obligations")),
    ("rules <name>", ("规则集或义务", "RULESET|OBLIGATION"), (
        "只列该规则集；或者解释该义务",
        "list this rule set only, or explain this obligation",
    )),
    ("rules --effective", RULESET, (
        "列出该规则集在某日有效的全部义务，写明各部分出自哪一层",
        "every duty in force under this rule set on a day, with the layer each part came from",
    )),
    ("rules --at", ("日期", "DATE"), (
        "哪一日有效，如 2024-03-01；缺省为今日",
        "the day, as 2024-03-01; today by default",
    )),

    ("explain", NONE, (
        "解释一项义务（条文、条件、所用事实、期限），或者一个诊断代码",
        "explain an obligation (clause, conditions, facts, deadline), or the code of a diagnostic",
    )),
    ("explain <obligation>", ("义务或代码", "OBLIGATION|CODE"), (
        "义务的编号，如 report.failed.mail-to-province；或者诊断代码，如 lint/never-violated",
        "its id, as report.failed.mail-to-province; or the code, as lint/never-violated",
    )),

    ("graph", NONE, ("画出义务之间的关系", "draw the graph of obligations")),
    ("graph <name>", RULESET, (
        "规则集编号或者名称；用 --case 的可以省略",
        "the rule set, by id or title; may be left out with --case",
    )),
    ("graph --case", ("文件", "FILE"), (
        "按该案卷的审查结果着色",
        "colour it by the findings on this dossier",
    )),
    ("graph --format", VALUE, (
        "格式：dot 或 svg；缺省依 --output 的扩展名，没有的为 dot",
        "format: dot or svg; by default what --output is called, else dot",
    )),

    ("schema", NONE, ("输出 JSON Schema", "print a JSON Schema")),
    ("schema <kind>", ("对象", "OF"), (
        "record 案卷记录（供编辑器补全和检查），audit 审查结果，rules 规则，coverage 条款覆盖，test 规则测试的结果，tests 规则测试文件 tests.yaml，check 规则检查的结果，diff 规则集差异，effective 有效义务，conduct 汇总表，people 人员和机构，page 网页读取的数据，project 审查项目文件，columns 表格各列的读法；缺省为 record",
        "record (for editors), audit (results), rules, coverage, test (results of rule tests), tests (the file tests.yaml), check (results of rule checks), diff, effective, conduct (tables), people, page (what the page reads), project (files the page saves) or columns (how tables are read); record by default",
    )),

    ("coverage", NONE, (
        "逐条核对规范文件的每一句由哪项义务回应",
        "account for every sentence of an instrument",
    )),
    ("coverage <name>", RULESET, (
        "只核对该规则集；缺省为全部规则集",
        "this rule set only; by default all of them",
    )),
    ("coverage --format", VALUE, (
        "格式：text 文本，json，html 网页；缺省为 text",
        "format: text, json or html; text by default",
    )),
    ("coverage --all", NONE, (
        "列出每一条，不只是遗漏的",
        "list every clause, not only those that are missing",
    )),

    ("columns", NONE, (
        "逐列说明表格读成什么：认不出的列、读不出的内容",
        "tell what every column of a table is read as: which are not known, and which words are not understood",
    )),
    ("columns <paths>", ("路径", "PATH"), (
        "表格（xlsx、xls、ods、csv），或者装有表格的文件夹",
        "tables (xlsx, xls, ods, csv), or folders that hold some",
    )),

    ("texts", NONE, (
        "核对引文，锁定规范文件的条款",
        "check quotes and lock the clauses of instruments",
    )),
    ("texts <action>", ("动作", "ACTION"), (
        "check 核对每处引文，lock 写锁定文件（写入 --rules 的文件夹）",
        "check every quote, or write the locks into the folder of --rules",
    )),

    ("check", NONE, (
        "检查规则集：多余、矛盾、不可能违反、遗漏条款、引文、写法",
        "check rule sets: unused, contradictory or impossible rules, missing clauses, quotes, style",
    )),

    ("test", NONE, (
        "运行规则集的测试（tests.yaml）",
        "run the tests of rule sets (tests.yaml)",
    )),
    ("test --filter", ("文字", "TEXT"), (
        "只运行名称含有这些文字的测试",
        "only the tests whose names contain this",
    )),

    ("diff", NONE, (
        "比较两个规则集：新增、取消、更严、放宽、不同、仅措辞不同的义务",
        "compare two rule sets: duties added, dropped, tightened, relaxed, unlike, reworded",
    )),
    ("diff <before>", ("原规则集", "BEFORE"), ("从该规则集", "from this rule set")),
    ("diff <after>", ("新规则集", "AFTER"), (
        "到该规则集；有 --against 的可以省略，为同一规则集",
        "to this one; with --against it may be left out: the same",
    )),
    ("diff --against", ("文件夹", "DIR"), (
        "新规则集取自该规则文件夹，原规则集取自 --rules 或者程序内置的规则",
        "take the rule set compared to from this rules folder, the other from --rules or those built in",
    )),
    ("diff --own", NONE, (
        "只比较规则集自行规定的义务，不含所包含的规则集",
        "compare only the duties each rule set declares itself, not those it includes",
    )),
    ("diff --format", VALUE, (
        "格式：text 文本，json，markdown；缺省为 text",
        "format: text, json or markdown; text by default",
    )),

    ("template", NONE, (
        "生成供填写的工作簿（xlsx）：规则集用到的事项，每案一行",
        "write the workbook to fill in (xlsx): the facts a rule set reads, a row a case",
    )),
    ("template <name>", RULESET, (
        "规则集编号或者名称，如 shanxi/2024-batch-1",
        "the rule set, by id or title, as shanxi/2024-batch-1",
    )),
    ("template --vertical", NONE, (
        "每案一个工作表，事项竖排",
        "a sheet a case, with a fact a row",
    )),
    ("template --output", ("文件", "FILE"), (
        "工作簿的文件名，如 台账.xlsx",
        "the name of the workbook, as cases.xlsx",
    )),

    // For `rules`, `columns`, `check` and `test`.
    ("--format", VALUE, (
        "格式：text 文本，json；缺省为 text",
        "format: text or json; text by default",
    )),
];

/// The command and its tasks with their texts in a language.
pub(super) fn translated(command: Command, lang: Lang) -> Command {
    let task = command.get_name().to_owned();
    let about = found(&task).map(|(_, _, (zh, en))| lang.pick(zh, en));
    command
        .about(about.unwrap_or_default())
        .mut_args(|arg| {
            let Some((_, (value_zh, value_en), (zh, en))) = text_of(&task, &arg) else {
                return arg;
            };
            let arg = arg.help(lang.pick(zh, en));
            match lang.pick(value_zh, value_en) {
                "" => arg,
                value => arg.value_name(value),
            }
        })
        .mut_subcommands(|task| translated(task, lang))
}

/// The row of an argument of a task, else of every task.
fn text_of(task: &str, arg: &Arg) -> Option<&'static (&'static str, Pair, Pair)> {
    let name = match arg.get_long() {
        Some(long) => format!("--{long}"),
        None => format!("<{}>", arg.get_id()),
    };
    found(&format!("{task} {name}")).or_else(|| found(&name))
}

fn found(name: &str) -> Option<&'static (&'static str, Pair, Pair)> {
    TEXTS.iter().find(|(row, ..)| *row == name)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::super::untranslated;
    use super::*;

    #[test]
    fn every_task_and_argument_has_a_text_and_every_text_is_used() {
        let mut used = BTreeSet::new();
        let root = untranslated();
        for command in std::iter::once(&root).chain(root.get_subcommands()) {
            let task = command.get_name();
            used.extend(Some(found(task).unwrap_or_else(|| panic!("{task}")).0));
            for arg in command.get_arguments() {
                let row = text_of(task, arg).unwrap_or_else(|| panic!("{task} {arg}"));
                assert_eq!(row.1 != NONE, arg.get_action().takes_values(), "{}", row.0);
                used.insert(row.0);
            }
        }
        let rows: BTreeSet<&str> = TEXTS.iter().map(|(row, ..)| *row).collect();
        assert_eq!(rows, used);
        assert_eq!(rows.len(), TEXTS.len());
    }
}
