//! The arguments of the command. Each is a field here and a row in the table of [`texts`], which has its help.

mod texts;

use std::ffi::OsString;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};

use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{
    ArgAction, Args, Command, CommandFactory, FromArgMatches, Parser, Subcommand, ValueEnum,
};

use choucha_core::lang::Lang;
use choucha_core::value::Day;
use choucha_run::conduct::By;

/// A parsed command line.
#[derive(Debug, Parser)]
#[command(
    version,
    disable_help_flag = true,
    disable_help_subcommand = true,
    disable_version_flag = true
)]
pub(super) struct Invocation {
    #[arg(short, long, action = ArgAction::Help)]
    _help: Option<bool>,
    #[arg(short = 'V', long, action = ArgAction::Version)]
    _version: Option<bool>,
    /// The language is chosen before the arguments are parsed.
    #[arg(long, value_parser = ["zh", "en"])]
    _lang: Option<String>,
    #[command(subcommand)]
    pub(super) task: Task,
    #[arg(skip)]
    pub(super) shared: Shared,
}

/// The options of every task.
#[derive(Debug, Default, Args)]
pub(super) struct Shared {
    #[arg(short, long)]
    pub(super) output: Option<PathBuf>,
    /// Whether the output may take the place of a file this program did not write.
    #[arg(long)]
    pub(super) force: bool,
    /// The rules folder; None: the rules built in.
    #[arg(long)]
    pub(super) rules: Option<PathBuf>,
    #[arg(long, value_parser = ["zh", "en"])]
    _lang: Option<String>,
    #[arg(long)]
    pub(super) color: Option<Color>,
    #[arg(short, long, action = ArgAction::Help)]
    _help: Option<bool>,
}

/// When to use colours.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub(super) enum Color {
    Auto,
    Always,
    Never,
}

#[derive(Debug, Subcommand)]
pub(super) enum Task {
    Audit(AuditTask),
    People(PeopleTask),
    Rules(RulesTask),
    Explain(ExplainTask),
    Graph(GraphTask),
    Schema(SchemaTask),
    Coverage(CoverageTask),
    Columns(ColumnsTask),
    Texts(TextsTask),
    Check(CheckTask),
    Test(TestTask),
    Diff(DiffTask),
    Template(TemplateTask),
}

/// The dossiers of an audit and how they are read.
#[derive(Debug, Args)]
pub(super) struct Dossiers {
    #[arg(required = true)]
    pub(super) paths: Vec<PathBuf>,
    #[arg(long)]
    pub(super) ruleset: Option<String>,
    #[arg(long, value_parser = day)]
    pub(super) as_of: Option<Day>,
    #[arg(long)]
    pub(super) assume_complete: bool,
    /// A mapping of table columns.
    #[arg(long)]
    pub(super) columns: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(super) struct AuditTask {
    #[command(flatten)]
    pub(super) dossiers: Dossiers,
    /// Facts assumed to be otherwise than the dossiers say: `FACT=VALUE`.
    #[arg(long)]
    pub(super) assume: Vec<String>,
    #[arg(long)]
    format: Option<Format>,
    #[arg(long)]
    pub(super) all: bool,
    #[arg(long)]
    pub(super) explain: bool,
    /// The table over all cases; None: a report on each.
    #[arg(long = "by", value_parser = table())]
    pub(super) view: Option<View>,
    /// Whether to hide personal data.
    #[arg(long)]
    pub(super) mask: bool,
    /// The number of threads; None: as many as cores.
    #[arg(long, value_parser = threads)]
    pub(super) threads: Option<NonZeroUsize>,
    /// Whether to continue an interrupted run.
    #[arg(long)]
    pub(super) resume: bool,
}

#[derive(Debug, Args)]
pub(super) struct PeopleTask {
    #[command(flatten)]
    pub(super) dossiers: Dossiers,
    #[arg(long, value_parser = formats(["text", "json", "csv"]))]
    format: Option<Format>,
    #[arg(long)]
    mask: bool,
    #[arg(long, value_parser = threads)]
    threads: Option<NonZeroUsize>,
}

/// A table over all cases.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum View {
    /// By everybody who does the work.
    People,
    /// With one row per subject of this kind.
    By(By),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    Text,
    Json,
    Ndjson,
    Xlsx,
    Csv,
    /// A page to open in a browser.
    Html,
    /// The data such a page reads.
    Page,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum TextOrJson {
    Text,
    Json,
}

#[derive(Debug, Args)]
pub(super) struct RulesTask {
    /// A rule set or an obligation.
    pub(super) name: Option<String>,
    /// The rule set whose duties in force are listed.
    #[arg(long, conflicts_with = "name")]
    pub(super) effective: Option<String>,
    /// The day on which they are in force; None: today.
    #[arg(long, requires = "effective", value_parser = day)]
    pub(super) at: Option<Day>,
    #[arg(long, default_value = "text")]
    pub(super) format: TextOrJson,
}

#[derive(Debug, Args)]
pub(super) struct ExplainTask {
    pub(super) obligation: String,
    #[arg(long)]
    pub(super) ruleset: Option<String>,
}

#[derive(Debug, Args)]
pub(super) struct GraphTask {
    pub(super) name: Option<String>,
    #[arg(long)]
    pub(super) case: Option<PathBuf>,
    #[arg(long, value_parser = day)]
    pub(super) as_of: Option<Day>,
    #[arg(long)]
    pub(super) assume_complete: bool,
    #[arg(long)]
    format: Option<Drawing>,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub(super) enum Drawing {
    Dot,
    Svg,
}

#[derive(Debug, Args)]
pub(super) struct SchemaTask {
    #[arg(default_value = "record")]
    pub(super) kind: Schema,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub(super) enum Schema {
    Record,
    Audit,
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
    Columns,
}

#[derive(Debug, Args)]
pub(super) struct CoverageTask {
    /// None: every rule set.
    pub(super) name: Option<String>,
    #[arg(long)]
    pub(super) texts: Option<PathBuf>,
    #[arg(long, default_value = "text")]
    pub(super) format: Page,
    #[arg(long)]
    pub(super) all: bool,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub(super) enum Page {
    Text,
    Json,
    Html,
}

#[derive(Debug, Args)]
pub(super) struct ColumnsTask {
    #[arg(required = true)]
    pub(super) paths: Vec<PathBuf>,
    /// The mapping to read them by; None: the one beside each.
    #[arg(long)]
    pub(super) columns: Option<PathBuf>,
    #[arg(long, default_value = "text")]
    pub(super) format: TextOrJson,
}

#[derive(Debug, Args)]
pub(super) struct TextsTask {
    pub(super) action: Action,
    #[arg(long)]
    pub(super) texts: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Action {
    /// Checks the quotes.
    Check,
    /// Writes the locks.
    Lock,
}

#[derive(Debug, Args)]
pub(super) struct CheckTask {
    /// Empty: every rule set.
    pub(super) names: Vec<String>,
    #[arg(long)]
    pub(super) texts: Option<PathBuf>,
    #[arg(long, default_value = "text")]
    pub(super) format: TextOrJson,
}

#[derive(Debug, Args)]
pub(super) struct TestTask {
    /// Empty: every rule set.
    pub(super) names: Vec<String>,
    #[arg(long)]
    pub(super) filter: Option<String>,
    #[arg(long, default_value = "text")]
    pub(super) format: TextOrJson,
}

#[derive(Debug, Args)]
pub(super) struct DiffTask {
    pub(super) before: String,
    /// None: the same rule set.
    #[arg(required_unless_present = "against")]
    pub(super) after: Option<String>,
    /// The rules folder of the after side.
    #[arg(long)]
    pub(super) against: Option<PathBuf>,
    #[arg(long)]
    pub(super) own: bool,
    #[arg(long, default_value = "text")]
    pub(super) format: Sheet,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub(super) enum Sheet {
    Text,
    Json,
    Markdown,
}

#[derive(Debug, Args)]
pub(super) struct TemplateTask {
    /// The rule set to write a workbook for.
    pub(super) name: String,
    /// Whether it is a form for one case, with one fact per row.
    #[arg(long)]
    pub(super) vertical: bool,
}

impl Invocation {
    pub(super) fn parse(arguments: &[OsString]) -> Result<Self, clap::Error> {
        let matches = untranslated().try_get_matches_from(arguments)?;
        let mut invocation = Invocation::from_arg_matches(&matches)?;
        if let Some((_, task)) = matches.subcommand() {
            invocation.shared = Shared::from_arg_matches(task)?;
        }
        Ok(invocation)
    }
}

/// The command in a language.
pub(super) fn command(lang: Lang) -> Command {
    texts::translated(untranslated(), lang)
}

/// The command as far as parsing needs it.
fn untranslated() -> Command {
    Invocation::command()
        .mut_subcommands(|task| Shared::augment_args(task.disable_help_flag(true)))
        .mut_subcommand("template", |task| {
            task.mut_arg("output", |output| output.required(true))
        })
}

/// The limit of threads.
const MOST_THREADS: usize = 512;

fn threads(text: &str) -> Result<NonZeroUsize, &'static str> {
    let number = text.parse::<NonZeroUsize>().ok();
    number.filter(|n| n.get() <= MOST_THREADS).ok_or("number")
}

fn day(text: &str) -> Result<Day, &'static str> {
    Day::parse(text).ok_or("date")
}

/// Accepts the kinds of rows of a table.
fn table() -> impl TypedValueParser<Value = View> {
    PossibleValuesParser::new(By::ALL.map(By::code))
        .try_map(|code| By::of_code(&code).map(View::By).ok_or("subject"))
}

/// Accepts some of the formats.
fn formats<const N: usize>(names: [&'static str; N]) -> impl TypedValueParser<Value = Format> {
    PossibleValuesParser::new(names).try_map(|name| Format::from_str(&name, false))
}

/// The format that the extension of a file names; `also`: extensions that are not the name of a format, with that name.
fn named_by_extension<T: ValueEnum>(path: &Path, also: &[(&str, &str)]) -> Option<T> {
    let extension = path.extension()?.to_str()?.to_lowercase();
    let known = also.iter().find(|(other, _)| *other == extension);
    T::from_str(known.map_or(&extension, |(_, name)| name), false).ok()
}

impl Format {
    /// The format of a file, by its extension.
    fn of_file(path: &Path) -> Option<Format> {
        named_by_extension(
            path,
            &[("txt", "text"), ("jsonl", "ndjson"), ("htm", "html")],
        )
    }

    /// Whether findings that are satisfied or not applicable are reported too.
    pub(super) fn shows_all(self) -> bool {
        matches!(self, Format::Json | Format::Xlsx)
    }
}

impl AuditTask {
    /// The requested format, else the one of the output's extension, else text.
    pub(super) fn format(&self, output: Option<&Path>) -> Format {
        self.format
            .or_else(|| Format::of_file(output?))
            .unwrap_or(Format::Text)
    }
}

impl GraphTask {
    /// The requested format, else the one of the output's extension, else DOT.
    pub(super) fn format(&self, output: Option<&Path>) -> Drawing {
        self.format
            .or_else(|| Drawing::of_file(output?))
            .unwrap_or(Drawing::Dot)
    }
}

impl Drawing {
    /// The format of a file, by its extension.
    fn of_file(path: &Path) -> Option<Drawing> {
        named_by_extension(path, &[("gv", "dot")])
    }
}

impl Task {
    /// The extensions of files this task writes, if none of them, and no option, says what `output` is to be.
    pub(super) fn unknown_extension(&self, output: &Path) -> Option<&'static str> {
        output.extension()?;
        match self {
            Task::Audit(AuditTask { format: None, .. }) if Format::of_file(output).is_none() => {
                Some("txt, json, ndjson, csv, xlsx, html")
            }
            Task::People(PeopleTask { format: None, .. }) if Format::of_file(output).is_none() => {
                Some("txt, json, csv")
            }
            Task::Graph(GraphTask { format: None, .. }) if Drawing::of_file(output).is_none() => {
                Some("dot, gv, svg")
            }
            _ => None,
        }
    }
}

impl PeopleTask {
    /// The audit that gathers the table.
    pub(super) fn audit(self) -> AuditTask {
        AuditTask {
            dossiers: self.dossiers,
            assume: Vec::new(),
            format: self.format,
            all: false,
            explain: false,
            view: Some(View::People),
            mask: self.mask,
            threads: self.threads,
            resume: false,
        }
    }
}
