//! What a command reads, and what stands where it is to write: nothing it writes takes the place of what it reads, nor,
//! unless that is asked for, of what it did not write itself.

use std::fs::{self, File};
use std::io::Read;
use std::path::{Path, PathBuf};

use super::arguments::{AuditTask, PeopleTask, Shared, Task};
use super::output;
use choucha_core::diagnostic::{Code, Diagnostic};
use choucha_core::lang::{Lang, Text};
use choucha_core::text;
use choucha_intake::batch::{self, Input};
use choucha_intake::table::Book;
use choucha_report::delimited;

/// How much of a file tells whose it is.
const LOOKED_AT: u64 = 4096;

/// The largest workbook that is looked into.
const MAX_BOOK: u64 = 64 * 1024 * 1024;

/// A file whatever it is called: by device and number, or where there are none by its place.
#[derive(Debug, PartialEq, Eq)]
struct Identity(u64, u64, PathBuf);

impl Identity {
    /// That of a file, if there is one.
    fn of(path: &Path) -> Option<Self> {
        let data = fs::metadata(path).ok()?;
        // A terminal or a pipe may be read and written.
        if !data.is_file() {
            return None;
        }
        #[cfg(unix)]
        {
            use std::os::unix::fs::MetadataExt;
            Some(Identity(data.dev(), data.ino(), PathBuf::new()))
        }
        #[cfg(not(unix))]
        {
            Some(Identity(0, 0, path.canonicalize().ok()?))
        }
    }

    /// That of an input; `-` is what standard input was opened from.
    fn of_input(path: &Path) -> Option<Self> {
        match path.as_os_str() == "-" {
            true if cfg!(unix) => Identity::of(Path::new("/dev/stdin")),
            true => None,
            false => Identity::of(path),
        }
    }
}

/// That the output named is of no format, or would take the place of something: known from the arguments alone.
pub(super) fn refused(task: &Task, shared: &Shared) -> Option<Diagnostic> {
    let output = shared.output.as_deref()?;
    let of_no_format = || Some(is_of_no_format(output, task.unknown_extension(output)?));
    let Some(standing) = Identity::of(output) else {
        return of_no_format();
    };
    let (files, folders) = named(task);
    let is_read = |path: &&PathBuf| Identity::of_input(path).as_ref() == Some(&standing);
    if let Some(path) = files.into_iter().find(is_read) {
        return Some(is_input(path));
    }
    let place = output::target(output);
    let holds = |folder: &&PathBuf| {
        let folder = folder.canonicalize();
        folder.is_ok_and(|folder| place.starts_with(folder))
    };
    let folders = folders.into_iter().chain(&shared.rules);
    if folders.into_iter().any(|folder| holds(&folder)) {
        return Some(is_input(output));
    }
    let is_template = matches!(task, Task::Template(_));
    if shared.force {
        return None;
    }
    match is_ours(output, is_template) {
        true => of_no_format(),
        false => Some(is_foreign(output)),
    }
}

/// An input that the report would take the place of, found where the paths lead to.
pub(super) fn overwritten(output: Option<&Path>, inputs: &[Input]) -> Option<Diagnostic> {
    let standing = Identity::of(output?)?;
    for input in inputs {
        let columns = batch::columns_beside(input);
        for path in std::iter::once(&input.path).chain(&columns) {
            if Identity::of_input(path).as_ref() == Some(&standing) {
                return Some(is_input(path));
            }
        }
    }
    None
}

/// The files a task names to read, and the folders of which it may read any file.
fn named(task: &Task) -> (Vec<&PathBuf>, Vec<&PathBuf>) {
    match task {
        Task::Audit(AuditTask { dossiers, .. }) | Task::People(PeopleTask { dossiers, .. }) => (
            dossiers.paths.iter().chain(&dossiers.columns).collect(),
            Vec::new(),
        ),
        Task::Columns(task) => (task.paths.iter().chain(&task.columns).collect(), Vec::new()),
        Task::Graph(task) => (task.case.iter().collect(), Vec::new()),
        Task::Coverage(task) => (Vec::new(), task.texts.iter().collect()),
        Task::Texts(task) => (Vec::new(), task.texts.iter().collect()),
        Task::Check(task) => (Vec::new(), task.texts.iter().collect()),
        Task::Diff(task) => (Vec::new(), task.against.iter().collect()),
        Task::Rules(_) | Task::Explain(_) | Task::Schema(_) | Task::Test(_) | Task::Template(_) => {
            (Vec::new(), Vec::new())
        }
    }
}

fn is_input(path: &Path) -> Diagnostic {
    let name = path.display();
    let message = text!(
        "`{name}` 是要读取的文件，不能又作输出文件",
        "`{name}` is read by this command; its output cannot take its place"
    );
    Diagnostic::new(Code::UsageInvalid, message)
        .help(Text::new("请另写一个文件名", "name another file"))
}

fn is_of_no_format(path: &Path, known: &str) -> Diagnostic {
    let name = path.display();
    let message = text!(
        "从 `{name}` 的扩展名看不出要写成什么格式",
        "the extension of `{name}` names no format that is written"
    );
    Diagnostic::new(Code::UsageInvalid, message).help(text!(
        "可用的扩展名：{known}；用其他名称的，以 --format 写明格式",
        "known extensions: {known}; for another name say the format with --format"
    ))
}

fn is_foreign(path: &Path) -> Diagnostic {
    let name = path.display();
    let message = text!(
        "`{name}` 已经存在，而且看来不是本程序写的报告",
        "`{name}` is there already, and does not look like a report of this program"
    );
    Diagnostic::new(Code::UsageInvalid, message).help(Text::new(
        "请另写一个文件名；确要替换的，加上 --force",
        "name another file, or add --force to replace it",
    ))
}

/// Whether a file may be replaced without asking: it is blank, or this program wrote it. A workbook that was written to be
/// filled in may have been, and is not ours any more.
fn is_ours(path: &Path, is_template: bool) -> bool {
    let mut head = Vec::new();
    let read = File::open(path).and_then(|file| file.take(LOOKED_AT).read_to_end(&mut head));
    // A file that cannot be read cannot be recognised.
    if read.is_err() {
        return false;
    }
    match head.starts_with(b"PK") {
        true => !is_template && is_book(path),
        false => is_report(&String::from_utf8_lossy(&head)),
    }
}

/// Whether a workbook is one of results.
fn is_book(path: &Path) -> bool {
    let is_small = fs::metadata(path).is_ok_and(|data| data.len() <= MAX_BOOK);
    let bytes = is_small.then(|| fs::read(path).ok()).flatten();
    let book = bytes.and_then(|bytes| Book::workbook("", bytes).ok());
    book.is_some_and(|book| {
        let names: Vec<String> = book.sheets().map(|sheet| sheet.name().to_owned()).collect();
        let mut pairs = names.windows(2);
        pairs.any(|pair| {
            choucha_report::workbook::SHEETS
                .iter()
                .any(|own| pair == own)
        })
    })
}

/// Whether a text begins as a report does.
fn is_report(head: &str) -> bool {
    let text = head.trim_start_matches('\u{feff}').trim_start();
    let lists = [Lang::Zh, Lang::En].map(|lang| delimited::List::new(lang).head());
    let columns = |text: &str| -> Vec<String> {
        let text = text.trim_start_matches('\u{feff}');
        text.split(',').take(3).map(str::to_owned).collect()
    };
    let is_list = |list: &String| columns(list) == columns(text);
    let packed: String = text.split_whitespace().collect();
    let first = text.lines().next().unwrap_or_default();
    let both = |one, other| text.contains(one) && text.contains(other);
    text.is_empty()
        || packed.starts_with("{\"schema\":\"choucha.")
        || packed.starts_with("{\"case\":") && packed.contains("\"ruleset\":")
        || packed.starts_with("{\"$") && (packed.contains("choucha") || packed.contains("\"fact."))
        || lists.iter().any(is_list)
        || first.contains(",角色,说明,应履行,")
        || first.contains(",role,remark,owed,")
        || text.starts_with("<!DOCTYPE html>")
            && ["<title>抽查审查</title>", "<title>条款覆盖"]
                .iter()
                .any(|title| text.contains(title))
        || text.starts_with("digraph obligations {")
        || text.starts_with("<svg") && text.contains("graph-title graph-description")
        || both("规则：", "截至：")
        || both("rules: ", "as of: ")
        || first.starts_with('【') && first.contains("审查案卷")
        || first.contains(" dossiers audited)")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_begins_as_a_report_is_one_and_nothing_else() {
        for ours in [
            "",
            "\n",
            "{\n  \"schema\": \"choucha.audit/1\",",
            "{\"case\":\"一\",\"ruleset\":\"a/b\"}",
            "\u{feff}序号,案卷编号,被抽样单位,产品",
            "digraph obligations {\n",
            "案卷：一\n规则：甲\n截至：2024-05-31\n",
        ] {
            assert!(is_report(ours), "{ours}");
        }
        for other in [
            "case:\n  number: 1\n",
            "{\"case\": {\"number\": \"1\"}}",
            "序号,案卷编号\n",
            "the last report",
            "# notes",
        ] {
            assert!(!is_report(other), "{other}");
        }
    }
}
