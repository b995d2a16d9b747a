//! The arguments of the command, with their help in the reader's language.

mod columns;
mod layers;
mod people;
mod running;
mod show;
mod template;
mod texts;
mod trial;

use std::num::NonZeroUsize;
use std::path::PathBuf;

use clap::builder::PossibleValuesParser;
use clap::{Arg, ArgAction, ArgMatches, Command, value_parser};

use choucha_core::lang::Lang;
use choucha_core::value::Day;
use choucha_run::conduct::By;

/// A parsed command line.
#[derive(Debug)]
pub(super) struct Invocation {
    pub(super) lang: Lang,
    pub(super) color: Color,
    pub(super) rules: Option<PathBuf>,
    pub(super) output: Option<PathBuf>,
    /// Whether the output may take the place of a file this program did not write.
    pub(super) force: bool,
    pub(super) task: Task,
}

/// When to use colours.
#[derive(Debug, Clone, Copy)]
pub(super) enum Color {
    Auto,
    Always,
    Never,
}

#[derive(Debug)]
pub(super) enum Task {
    Audit(AuditTask),
    Rules(RulesTask),
    Explain(ExplainTask),
    Graph(GraphTask),
    Schema(Schema),
    Coverage(CoverageTask),
    Columns(ColumnsTask),
    Texts(TextsTask),
    Test(TestTask),
    Check(CheckTask),
    Diff(DiffTask),
    /// The rule set to write a workbook for.
    Template {
        name: String,
        /// Whether it is a form for one case, with one fact per row.
        vertical: bool,
    },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Format {
    Text,
    Json,
    Ndjson,
    Csv,
    Xlsx,
    /// A page to open in a browser.
    Html,
    /// The data such a page reads.
    Page,
}

impl Format {
    /// The format by name or file extension.
    fn named(name: &str) -> Option<Format> {
        Some(match name.to_lowercase().as_str() {
            "text" | "txt" => Format::Text,
            "json" => Format::Json,
            "ndjson" | "jsonl" => Format::Ndjson,
            "csv" => Format::Csv,
            "xlsx" => Format::Xlsx,
            "html" | "htm" => Format::Html,
            "page" => Format::Page,
            _ => return None,
        })
    }

    /// The requested format, else the one of the output's extension, else text.
    fn of(asked: Option<&str>, output: Option<&PathBuf>) -> Format {
        let extension = || output?.extension()?.to_str();
        asked
            .or_else(extension)
            .and_then(Format::named)
            .unwrap_or(Format::Text)
    }

    /// Whether findings that are satisfied or not applicable are reported too.
    pub(super) fn shows_all(self) -> bool {
        matches!(self, Format::Json | Format::Xlsx)
    }
}

/// How an audit is reported.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum View {
    /// Every case.
    Cases,
    /// One table over all cases, by everybody who does the work.
    People,
    /// One table over all cases, with one row per subject of this kind.
    By(By),
}

#[derive(Debug)]
pub(super) struct AuditTask {
    pub(super) paths: Vec<PathBuf>,
    /// A mapping of table columns.
    pub(super) columns: Option<PathBuf>,
    pub(super) ruleset: Option<String>,
    pub(super) as_of: Option<Day>,
    pub(super) assume_complete: bool,
    pub(super) format: Format,
    pub(super) all: bool,
    pub(super) explain: bool,
    /// The number of threads; None: as many as cores.
    pub(super) threads: Option<NonZeroUsize>,
    /// Whether to continue an interrupted run.
    pub(super) resume: bool,
    pub(super) view: View,
    /// Whether to hide personal data.
    pub(super) mask: bool,
    /// Facts assumed to be otherwise than the dossiers say.
    pub(super) assume: Vec<String>,
}

#[derive(Debug)]
pub(super) struct RulesTask {
    /// A rule set or an obligation.
    pub(super) name: Option<String>,
    /// The rule set whose duties in force are listed.
    pub(super) effective: Option<String>,
    /// The day on which they are in force; None: today.
    pub(super) at: Option<Day>,
    pub(super) format: Format,
}

#[derive(Debug)]
pub(super) struct DiffTask {
    pub(super) before: String,
    /// None: the same rule set.
    pub(super) after: Option<String>,
    /// The rules folder of the after side.
    pub(super) against: Option<PathBuf>,
    pub(super) own: bool,
    pub(super) format: Sheet,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sheet {
    Text,
    Json,
    Markdown,
}

#[derive(Debug)]
pub(super) struct ExplainTask {
    pub(super) obligation: String,
    pub(super) ruleset: Option<String>,
}

#[derive(Debug)]
pub(super) struct GraphTask {
    pub(super) ruleset: Option<String>,
    pub(super) case: Option<PathBuf>,
    pub(super) as_of: Option<Day>,
    pub(super) assume_complete: bool,
    pub(super) svg: bool,
}

#[derive(Debug)]
pub(super) struct CoverageTask {
    /// None: every rule set.
    pub(super) ruleset: Option<String>,
    pub(super) texts: Option<PathBuf>,
    pub(super) format: Page,
    pub(super) all: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Page {
    Text,
    Json,
    Html,
}

#[derive(Debug)]
pub(super) struct ColumnsTask {
    pub(super) paths: Vec<PathBuf>,
    /// The mapping to read them by; else the one beside each.
    pub(super) columns: Option<PathBuf>,
    pub(super) format: Format,
}

#[derive(Debug)]
pub(super) struct TextsTask {
    /// Whether to write the locks; otherwise the quotes are checked.
    pub(super) lock: bool,
    pub(super) texts: Option<PathBuf>,
}

#[derive(Debug)]
pub(super) struct TestTask {
    /// Empty: every rule set.
    pub(super) rulesets: Vec<String>,
    pub(super) filter: Option<String>,
    pub(super) format: Format,
}

#[derive(Debug)]
pub(super) struct CheckTask {
    /// Empty: every rule set.
    pub(super) rulesets: Vec<String>,
    pub(super) texts: Option<PathBuf>,
    pub(super) format: Format,
}

#[derive(Debug, Clone, Copy)]
pub(super) enum Schema {
    Record,
    Audit,
    Columns,
    Rules,
    Coverage,
    Test,
    Tests,
    Check,
    Diff,
    Effective,
    Conduct,
    People,
    Page,
    Project,
}

impl Invocation {
    /// The task of parsed arguments.
    pub(super) fn of(matches: &ArgMatches, lang: Lang) -> Self {
        let (name, sub) = matches.subcommand().unwrap_or(("", matches));
        let text = |id: &str| sub.get_one::<String>(id).cloned();
        let flag = |id: &str| sub.get_flag(id);
        let format = |id: &str| match text(id).as_deref() {
            Some("json") => Format::Json,
            Some("ndjson") => Format::Ndjson,
            Some("csv") => Format::Csv,
            _ => Format::Text,
        };
        let day = || sub.get_one::<Day>("as-of").copied();
        let task = match name {
            "people" => Task::Audit(AuditTask {
                paths: paths(sub),
                columns: sub.get_one::<PathBuf>("columns").cloned(),
                ruleset: text("ruleset"),
                as_of: day(),
                assume_complete: flag("assume-complete"),
                format: Format::of(text("format").as_deref(), sub.get_one::<PathBuf>("output")),
                all: false,
                explain: false,
                threads: sub.get_one::<NonZeroUsize>("threads").copied(),
                resume: false,
                view: View::People,
                mask: flag("mask"),
                assume: Vec::new(),
            }),
            "rules" => Task::Rules(RulesTask {
                name: text("name"),
                effective: text("effective"),
                at: sub.get_one::<Day>("at").copied(),
                format: format("format"),
            }),
            "diff" => Task::Diff(DiffTask {
                before: text("before").unwrap_or_default(),
                after: text("after"),
                against: sub.get_one::<PathBuf>("against").cloned(),
                own: flag("own"),
                format: match text("format").as_deref() {
                    Some("json") => Sheet::Json,
                    Some("markdown") => Sheet::Markdown,
                    _ => Sheet::Text,
                },
            }),
            "explain" => Task::Explain(ExplainTask {
                obligation: text("obligation").unwrap_or_default(),
                ruleset: text("ruleset"),
            }),
            "graph" => Task::Graph(GraphTask {
                ruleset: text("name"),
                case: sub.get_one::<PathBuf>("case").cloned(),
                as_of: day(),
                assume_complete: flag("assume-complete"),
                svg: text("format").as_deref() == Some("svg"),
            }),
            "schema" => Task::Schema(match text("kind").as_deref() {
                Some("audit") => Schema::Audit,
                Some("columns") => Schema::Columns,
                Some("rules") => Schema::Rules,
                Some("coverage") => Schema::Coverage,
                Some("test") => Schema::Test,
                Some("tests") => Schema::Tests,
                Some("check") => Schema::Check,
                Some("diff") => Schema::Diff,
                Some("effective") => Schema::Effective,
                Some("conduct") => Schema::Conduct,
                Some("people") => Schema::People,
                Some("page") => Schema::Page,
                Some("project") => Schema::Project,
                _ => Schema::Record,
            }),
            "coverage" => Task::Coverage(CoverageTask {
                ruleset: text("name"),
                texts: sub.get_one::<PathBuf>("texts").cloned(),
                format: match text("format").as_deref() {
                    Some("json") => Page::Json,
                    Some("html") => Page::Html,
                    _ => Page::Text,
                },
                all: flag("all"),
            }),
            "columns" => Task::Columns(ColumnsTask {
                paths: paths(sub),
                columns: sub.get_one::<PathBuf>("columns").cloned(),
                format: format("format"),
            }),
            "texts" => Task::Texts(TextsTask {
                lock: text("action").as_deref() == Some("lock"),
                texts: sub.get_one::<PathBuf>("texts").cloned(),
            }),
            "check" => Task::Check(CheckTask {
                rulesets: names(sub),
                texts: sub.get_one::<PathBuf>("texts").cloned(),
                format: format("format"),
            }),
            "template" => Task::Template {
                name: text("name").unwrap_or_default(),
                vertical: flag("vertical"),
            },
            "test" => Task::Test(TestTask {
                rulesets: names(sub),
                filter: text("filter"),
                format: format("format"),
            }),
            _ => Task::Audit(AuditTask {
                paths: paths(sub),
                columns: sub.get_one::<PathBuf>("columns").cloned(),
                ruleset: text("ruleset"),
                as_of: day(),
                assume_complete: flag("assume-complete"),
                format: Format::of(text("format").as_deref(), sub.get_one::<PathBuf>("output")),
                all: flag("all"),
                explain: flag("explain"),
                threads: sub.get_one::<NonZeroUsize>("threads").copied(),
                resume: flag("resume"),
                view: text("by")
                    .and_then(|by| By::of_code(&by))
                    .map_or(View::Cases, View::By),
                mask: flag("mask"),
                assume: sub
                    .get_many::<String>("assume")
                    .into_iter()
                    .flatten()
                    .cloned()
                    .collect(),
            }),
        };
        Invocation {
            lang,
            color: match text("color").as_deref() {
                Some("always") => Color::Always,
                Some("never") => Color::Never,
                _ => Color::Auto,
            },
            rules: sub.get_one::<PathBuf>("rules").cloned(),
            output: sub.get_one::<PathBuf>("output").cloned(),
            force: flag("force"),
            task,
        }
    }
}

/// The paths of a command's dossiers.
fn paths(sub: &ArgMatches) -> Vec<PathBuf> {
    let paths = sub.get_many::<PathBuf>("paths");
    paths.unwrap_or_default().cloned().collect()
}

/// The rule sets a command names.
fn names(sub: &ArgMatches) -> Vec<String> {
    let names = sub.get_many::<String>("names");
    names.unwrap_or_default().cloned().collect()
}

/// Builds arguments in one language.
#[derive(Clone, Copy)]
struct Words(Lang);

impl Words {
    fn pick(self, zh: &'static str, en: &'static str) -> &'static str {
        match self.0 {
            Lang::Zh => zh,
            Lang::En => en,
        }
    }

    /// `--name VALUE`.
    fn option(self, name: &'static str, value: (&'static str, &'static str)) -> Arg {
        Arg::new(name)
            .long(name)
            .value_name(self.pick(value.0, value.1))
    }

    fn flag(self, name: &'static str, zh: &'static str, en: &'static str) -> Arg {
        Arg::new(name)
            .long(name)
            .action(ArgAction::SetTrue)
            .help(self.pick(zh, en))
    }

    fn choice(self, name: &'static str, values: &'static [&'static str]) -> Arg {
        self.option(name, ("取值", "VALUE"))
            .value_parser(PossibleValuesParser::new(values))
    }

    fn path(self, name: &'static str, value: (&'static str, &'static str)) -> Arg {
        self.option(name, value)
            .value_parser(value_parser!(PathBuf))
    }

    fn ruleset(self) -> Arg {
        self.option("ruleset", ("规则集", "RULESET"))
            .help(self.pick(
                "适用的规则集，如 shanxi/2024-batch-1；缺省时依案卷所载",
                "the rule set, as shanxi/2024-batch-1; by default the one the record names",
            ))
    }

    fn as_of(self) -> Arg {
        self.option("as-of", ("日期", "DATE"))
            .value_parser(|text: &str| Day::parse(text).ok_or("date"))
            .help(self.pick(
                "审查截至之日，如 2024-05-30；缺省为案卷的结案日期，没有的为今日",
                "the day of the audit, as 2024-05-30; by default the closing date on record, else today",
            ))
    }

    fn assume_complete(self) -> Arg {
        self.flag(
            "assume-complete",
            "视案卷为完整：没有记载的事项按“没有”认定",
            "take dossiers for complete: what is not recorded counts as not done",
        )
    }

    /// The options of every task.
    fn shared(self) -> [Arg; 6] {
        [
            self.path("output", ("文件", "FILE"))
                .short('o')
                .help(self.pick(
                    "写入文件而不是标准输出；写完整后才替换原文件",
                    "write to a file instead of standard output; it is replaced only when complete",
                )),
            self.flag(
                "force",
                "输出文件已经存在的，即使不是本程序写的也替换",
                "replace what is at --output even if this program did not write it",
            ),
            self.path("rules", ("文件夹", "DIR")).help(self.pick(
                "使用该文件夹中的规则，不用程序内置的规则",
                "use the rules in this folder instead of those built in",
            )),
            self.choice("lang", &["zh", "en"]).help(self.pick(
                "语言：zh 中文，en 英文；缺省依系统语言，未指明的为中文",
                "language: zh or en; by default that of the locale, else Chinese",
            )),
            self.choice("color", &["auto", "always", "never"])
                .help(self.pick(
                    "颜色：auto 自动，always 始终使用，never 不使用",
                    "colours: auto, always or never",
                )),
            Arg::new("help")
                .long("help")
                .short('h')
                .action(ArgAction::Help)
                .help(self.pick("显示本帮助", "show this help")),
        ]
    }

    fn task(self, name: &'static str, zh: &'static str, en: &'static str) -> Command {
        Command::new(name)
            .about(self.pick(zh, en))
            .disable_help_flag(true)
            .disable_version_flag(true)
    }

    fn audit(self) -> Command {
        self.task("audit", "审查案卷", "audit dossiers")
            .arg(self.paths())
            .arg(self.ruleset())
            .arg(self.as_of())
            .arg(self.assume_complete())
            .arg(
                Arg::new("assume")
                    .long("assume")
                    .value_name(self.pick("事项=内容", "FACT=VALUE"))
                    .action(ArgAction::Append)
                    .help(self.pick(
                        "假设某一事项另有记载，看结果如何变化；可以多次",
                        "what if a fact were otherwise: audit as if the record said so; any number of times",
                    )),
            )
            .arg(self.columns())
            .arg(
                self.choice("format", &["text", "json", "ndjson", "xlsx", "csv", "html", "page"])
                    .help(self.pick(
                        "格式：text 文本，json，ndjson 每案一行（只列要说明的），xlsx 工作簿（问题清单、汇总、标记的原表），csv 问题清单，html 用浏览器打开的报告，page 供网页读取的数据；缺省依 --output 的扩展名，没有的为 text",
                        "format: text, json, ndjson (a case a line, with what is to be told of it), xlsx (list of problems, totals, the tables marked), csv (list of problems), html (a report to open in a browser), or page (what such a page reads); by default what --output is called, else text",
                    )),
            )
            .arg(self.flag(
                "all",
                "一并列出合规和不适用的义务；ndjson 并列出时间表",
                "also list what is satisfied and what does not apply; in ndjson the timeline too",
            ))
            .arg(self.flag(
                "explain",
                "列出每项结果的推导过程",
                "show how every finding was reached",
            ))
            .arg(self.by())
            .arg(self.mask())
            .args(self.running())
            .args(self.shared())
    }
}

/// The command in a language.
pub(super) fn command(lang: Lang) -> Command {
    command_for(lang, |_| true)
}

/// The command as far as parsing needs it: tasks that are not `wanted` have only a name.
pub(super) fn command_for(lang: Lang, wanted: impl Fn(&str) -> bool) -> Command {
    type Build = fn(Words) -> Command;
    let words = Words(lang);
    let tasks: [(&str, Build); 13] = [
        ("audit", Words::audit),
        ("people", Words::people),
        ("rules", Words::rules),
        ("explain", Words::explain),
        ("graph", Words::graph),
        ("schema", Words::schema),
        ("coverage", Words::coverage),
        ("columns", Words::columns_task),
        ("texts", Words::texts),
        ("check", Words::check),
        ("test", Words::test),
        ("diff", Words::diff),
        ("template", Words::template),
    ];
    let tasks = tasks.map(|(name, build)| match wanted(name) {
        true => build(words),
        false => Command::new(name),
    });
    words
        .task(
            "choucha",
            "依据规则审查产品质量监督抽查案卷，逐项指出违规、所依条文和案卷中的位置",
            "audits the dossiers of product-quality spot checks against the rules that governed them",
        )
        .subcommand_required(true)
        .arg_required_else_help(true)
        .disable_help_subcommand(true)
        .version(env!("CARGO_PKG_VERSION"))
        .arg(
            Arg::new("help")
                .long("help")
                .short('h')
                .action(ArgAction::Help)
                .help(words.pick("显示本帮助", "show this help")),
        )
        .arg(
            Arg::new("version")
                .long("version")
                .short('V')
                .action(ArgAction::Version)
                .help(words.pick("显示版本", "show the version")),
        )
        .arg(
            words
                .choice("lang", &["zh", "en"])
                .help(words.pick("语言：zh 或 en", "language: zh or en")),
        )
        .subcommands(tasks)
}
