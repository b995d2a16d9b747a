//! Continues an interrupted audit.
//!
//! `FILE.partial`, next to the output, holds what is written; `FILE.partial.json` records its inputs, rules and options. A
//! continuing run decodes and judges the written cases once more, without explaining them, and compares each with its line:
//! the digest of its text, its day, its outcome and its counts. So only the lines themselves are kept, the audit across
//! cases sees all cases, and the result is, byte for byte, what one run would have written.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::json::unserialised;
use super::ndjson::Line;
use crate::cli::arguments::{AuditTask, Format};
use crate::cli::output::{self, Failure, Output};
use choucha_core::diagnostic::{Code, Diagnostic};
use choucha_core::lang::Text;
use choucha_core::source::sha256;
use choucha_core::text;
use choucha_core::value::Day;
use choucha_intake::batch::{self, Input};
use choucha_report::json;

/// The inputs, rules and options of a run: runs with equal identities write the same output.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Identity {
    schema: String,
    version: String,
    rules: String,
    calendar: String,
    options: Asked,
    inputs: Vec<Given>,
    /// The first day of the run, for cases without a day of their own; a continuing run uses it too.
    today: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Asked {
    lang: String,
    all: bool,
    explain: bool,
    ruleset: Option<String>,
    as_of: Option<String>,
    assume_complete: bool,
}

/// An input, and the digest of its column mapping.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Given {
    path: String,
    columns: Option<String>,
}

impl Identity {
    pub(super) fn of(
        task: &AuditTask,
        engine: &json::Engine,
        lang: &str,
        inputs: &[Input],
        today: Day,
    ) -> Self {
        let given = |input: &Input| {
            let columns = match &task.columns {
                Some(path) => Some(path.clone()),
                None => batch::columns_beside(input),
            };
            Given {
                path: input.path.display().to_string(),
                // An unreadable file is reported when it is needed.
                columns: columns.and_then(|path| Some(sha256(&fs::read(path).ok()?))),
            }
        };
        Identity {
            schema: "choucha.partial/1".to_owned(),
            version: engine.version.clone(),
            rules: engine.rules_digest.clone(),
            calendar: engine.calendar_digest.clone(),
            options: Asked {
                lang: lang.to_owned(),
                all: task.all,
                explain: task.explain,
                ruleset: task.ruleset.clone(),
                as_of: task.as_of.map(|day| day.to_string()),
                assume_complete: task.assume_complete,
            },
            inputs: inputs.iter().map(given).collect(),
            today: today.to_string(),
        }
    }

    /// The day the run began.
    pub(super) fn today(&self) -> Option<Day> {
        Day::parse(&self.today)
    }

    /// The differences between two runs, except the day they began.
    fn differs(&self, other: &Identity) -> Vec<Text> {
        let mut differences = Vec::new();
        let mut differs = |is: bool, zh, en| {
            if is {
                differences.push(Text::new(zh, en));
            }
        };
        differs(
            self.schema != other.schema || self.version != other.version,
            "程序版本",
            "the version of the program",
        );
        differs(self.rules != other.rules, "规则", "the rules");
        differs(
            self.calendar != other.calendar,
            "节假日数据",
            "the calendar",
        );
        differs(self.options != other.options, "选项", "the options");
        differs(self.inputs != other.inputs, "输入文件", "the inputs");
        differences
    }
}

/// The files of an incomplete output.
pub(super) struct Places {
    pub(super) partial: PathBuf,
    identity: PathBuf,
}

impl Places {
    pub(super) fn beside(path: &Path) -> Self {
        let beside = |ending: &str| {
            let target = output::target(path);
            let mut name = target.file_name().unwrap_or_default().to_owned();
            name.push(ending);
            target.with_file_name(name)
        };
        Places {
            partial: beside(".partial"),
            identity: beside(".partial.json"),
        }
    }

    /// Records the identity of the partial output next to it.
    pub(super) fn identify(&self, identity: &Identity) -> Result<(), Failure> {
        let text = serde_json::to_string_pretty(identity).map_err(|error| unserialised(&error))?;
        fs::write(&self.identity, text + "\n")
            .map_err(|error| output::unwritable(&self.identity, &error))
    }

    /// The identity of the partial output; None if there is none.
    pub(super) fn identity(&self) -> Result<Option<Identity>, Failure> {
        if !self.partial.is_file() {
            return Ok(None);
        }
        let text = fs::read_to_string(&self.identity).unwrap_or_default();
        let identity = serde_json::from_str(&text).map_err(|_| {
            let name = self.identity.display();
            let message = text!(
                "`{name}` 缺失或者已损坏，无法确认中断的审查是针对什么进行的",
                "`{name}` is missing or damaged: there is no telling what the interrupted audit was of"
            );
            self.refused(message)
        })?;
        Ok(Some(identity))
    }

    /// Opens the partial output to continue it, or creates one. Also returns the lines already written.
    pub(super) fn open<'a>(
        &self,
        path: &Path,
        identity: &Identity,
        before: Option<&Identity>,
    ) -> Result<(Output<'a>, Option<Written>), Failure> {
        if let Some(before) = before {
            let differences = before.differs(identity);
            if !differences.is_empty() {
                let join = |of: fn(&Text) -> &str, with| {
                    differences.iter().map(of).collect::<Vec<_>>().join(with)
                };
                let (zh, en) = (join(|t| &t.zh, "、"), join(|t| &t.en, ", "));
                return Err(self.refused(text!(
                    "与中断的审查不同：{zh}",
                    "not the same as in the interrupted audit: {en}"
                )));
            }
        }
        let failed = |error: io::Error| output::unwritable(&self.partial, &error);
        let mut file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(&self.partial)
            .map_err(failed)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                return Err(self.refused(Text::new(
                    "另一次审查正在写入该文件",
                    "another audit is writing it",
                )));
            }
            // The file system has no locks.
            Err(TryLockError::Error(_)) => {}
        }
        let written = match before {
            None => {
                file.set_len(0).map_err(failed)?;
                self.identify(identity)?;
                None
            }
            Some(_) => {
                let (lines, length) = whole_lines(&mut file).map_err(failed)?;
                // An incomplete line is written again.
                file.set_len(length).map_err(failed)?;
                let read = File::open(&self.partial).map_err(failed)?;
                Some(Written {
                    places: Places::beside(path),
                    lines: BufReader::with_capacity(256 * 1024, read.take(length)),
                    count: lines,
                    left: lines,
                    line: Vec::new(),
                })
            }
        };
        file.seek(SeekFrom::End(0)).map_err(failed)?;
        Ok((Output::continuing(&self.partial, file, path), written))
    }

    /// Removes the file that only an incomplete output needs.
    pub(super) fn forget(&self) {
        // If it stays, it is meaningless without the partial output.
        let _ = fs::remove_file(&self.identity);
    }

    fn refused(&self, message: Text) -> Failure {
        let name = self.partial.display();
        let problem = Diagnostic::new(Code::RunNotResumable, message)
            .about(name.to_string())
            .help(text!(
                "要接着审查，请用原来的输入、规则和选项；要从头审查，去掉 --resume 或者删除 `{name}`",
                "to continue, use the inputs, rules and options as they were; to begin anew, leave out --resume or delete `{name}`"
            ));
        Failure::Broken(Box::new(problem))
    }
}

/// The output of a resumable run, and the lines an interrupted run has written.
pub(super) struct Continued {
    /// The lines already written.
    pub(super) written: Option<Written>,
    /// Where to keep the output if this run is interrupted.
    places: Option<Places>,
    /// The identity of the output; that of the interrupted run, if one is continued.
    identity: Identity,
    /// Whether `--resume` was given.
    resumed: bool,
}

impl Continued {
    /// Opens the output of a run; with `resumed`, continues an interrupted one.
    pub(super) fn open<'o>(
        resumed: bool,
        path: Option<&Path>,
        stream: &'o mut dyn Write,
        identity: Identity,
    ) -> Result<(Output<'o>, Continued), Failure> {
        let mut continued = Continued {
            written: None,
            places: path.map(Places::beside),
            identity,
            resumed,
        };
        let (Some(places), Some(path), true) = (&continued.places, path, resumed) else {
            return Ok((Output::open(path, stream)?, continued));
        };
        let before = places.identity()?;
        let (output, written) = places.open(path, &continued.identity, before.as_ref())?;
        continued.written = written;
        continued.identity = before.unwrap_or(continued.identity);
        Ok((output, continued))
    }

    /// The day the run began.
    pub(super) fn today(&self) -> Option<Day> {
        self.identity.today()
    }

    /// How many cases are already written.
    pub(super) fn count(&self) -> usize {
        self.written.as_ref().map_or(0, |written| written.count)
    }

    /// Where to keep the output if the run is interrupted; None if the output is no file.
    pub(super) fn places(&self, output: &Output<'_>) -> Option<&Places> {
        self.places.as_ref().filter(|_| output.is_file())
    }

    /// Ends the output: moves it to its target, or keeps it to be continued.
    pub(super) fn end(&self, output: Output<'_>, is_interrupted: bool) -> Result<(), Failure> {
        let Some(places) = self.places(&output) else {
            return output.finish();
        };
        if is_interrupted {
            output.keep(&places.partial)?;
            return places.identify(&self.identity);
        }
        output.finish()?;
        if self.resumed {
            places.forget();
        }
        Ok(())
    }
}

/// Reports `--resume` with a format or output that cannot be continued.
pub(super) fn not_resumable(task: &AuditTask, output: Option<&Path>) -> Option<Diagnostic> {
    if !task.resume || task.format == Format::Ndjson && output.is_some() {
        return None;
    }
    let message = Text::new(
        "--resume 只能与 --format ndjson 和 --output 一起使用",
        "--resume goes with --format ndjson and --output only",
    );
    Some(Diagnostic::new(Code::UsageInvalid, message))
}

/// The number of whole lines in a file, and their bytes.
fn whole_lines(file: &mut File) -> io::Result<(usize, u64)> {
    let mut reader = BufReader::with_capacity(256 * 1024, file);
    let (mut lines, mut length, mut at) = (0, 0, 0u64);
    loop {
        let read = reader.fill_buf()?;
        if read.is_empty() {
            return Ok((lines, length));
        }
        for end in memchr::memchr_iter(b'\n', read) {
            lines += 1;
            length = at + end as u64 + 1;
        }
        let used = read.len();
        at += used as u64;
        reader.consume(used);
    }
}

/// The lines an interrupted run has written.
pub(super) struct Written {
    places: Places,
    lines: BufReader<io::Take<File>>,
    count: usize,
    left: usize,
    line: Vec<u8>,
}

impl Written {
    /// How many lines were not compared yet.
    pub(super) fn left(&self) -> usize {
        self.left
    }

    /// Compares a case, or a group of cases, with the next line.
    pub(super) fn check(&mut self, line: &Line) -> Result<(), Failure> {
        self.left = self.left.saturating_sub(1);
        self.line.clear();
        self.lines
            .read_until(b'\n', &mut self.line)
            .map_err(|error| output::unwritable(&self.places.partial, &error))?;
        let is_same = match line {
            Line::Whole(text) => self.line == text.as_bytes(),
            Line::Head(text) => {
                self.line.starts_with(text.as_bytes()) && self.line.ends_with(b"}\n")
            }
        };
        match is_same {
            true => Ok(()),
            false => Err(self.changed()),
        }
    }

    /// The inputs differ from those of the written lines.
    pub(super) fn changed(&self) -> Failure {
        self.places.refused(Text::new(
            "输入文件中的案卷与已经写入的不一致",
            "the cases of the inputs are not those that are written already",
        ))
    }
}
