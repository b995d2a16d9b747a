//! Continues an interrupted audit.
//!
//! What is written is kept beside the output as `FILE.partial`, and its state as `FILE.partial.json`: of which inputs, rules
//! and options it is, and the digest of every block written. The state comes to its place by renaming and is of bytes that
//! are on the disk already, so that whenever a run is killed there is the state before or the one after. What stands
//! behind the last block is written again; a block that is not as it was written is never delivered.
//!
//! A run that continues decodes and judges the cases written already once more, without explaining them,
//! and holds each against its line: the digest of its text, its day, its outcome and its counts. So nothing is kept but
//! the lines themselves, what is asked across cases is gathered of all of them, and what comes of it is, byte for byte,
//! what one run would have written.

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

/// What stands beside a partial output.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct State {
    identity: Identity,
    blocks: Vec<Block>,
}

/// Some whole lines of a partial output, from where the block before ends.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Block {
    bytes: usize,
    sha256: String,
}

/// A block has about so many bytes: what a run that is killed loses at most. Tests have several in little text.
const BLOCK: usize = match cfg!(test) {
    true => 64 * 1024,
    false => 4 * 1024 * 1024,
};

/// No block has more bytes: a line with one that has almost as many.
const MAX_BLOCK: usize = 1024 * 1024 * 1024;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Asked {
    lang: String,
    all: bool,
    explain: bool,
    ruleset: Option<String>,
    as_of: Option<String>,
    assume_complete: bool,
    #[serde(default)]
    assume: Vec<String>,
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
            let columns = match &task.dossiers.columns {
                Some(path) => Some(path.clone()),
                None => batch::columns_beside(input),
            };
            Given {
                path: input.path.display().to_string(),
                // An unreadable file is reported when it is needed.
                // A pipe can be read once only.
                columns: columns
                    .filter(|path| path.is_file())
                    .and_then(|path| Some(sha256(&fs::read(path).ok()?))),
            }
        };
        Identity {
            schema: "choucha.partial/2".to_owned(),
            version: engine.version.clone(),
            rules: engine.rules_digest.clone(),
            calendar: engine.calendar_digest.clone(),
            options: Asked {
                lang: lang.to_owned(),
                all: task.all,
                explain: task.explain,
                ruleset: task.dossiers.ruleset.clone(),
                as_of: task.dossiers.as_of.map(|day| day.to_string()),
                assume_complete: task.dossiers.assume_complete,
                assume: task.assume.clone(),
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

    /// Says beside the partial output of what it is, and what is written of it: the state before, or this one.
    fn save(&self, state: &State) -> Result<(), Failure> {
        let text = serde_json::to_string_pretty(state).map_err(|error| unserialised(&error))?;
        let mut nowhere = io::sink();
        let mut output = Output::open(Some(&self.identity), &mut nowhere)?;
        output.write(&text)?;
        output.write("\n")?;
        output.finish()
    }

    /// The identity of the partial output; None if there is none.
    pub(super) fn state(&self) -> Result<Option<State>, Failure> {
        // One that is blank, as a run that was killed at its very beginning leaves it, has nothing to continue.
        if !fs::metadata(&self.partial).is_ok_and(|data| data.is_file() && data.len() > 0) {
            return Ok(None);
        }
        let text = fs::read_to_string(&self.identity).unwrap_or_default();
        let state = serde_json::from_str(&text).map_err(|_| {
            let name = self.identity.display();
            let message = text!(
                "`{name}` 缺失或者已损坏，无法确认中断的审查是针对什么进行的",
                "`{name}` is missing or damaged: there is no telling what the interrupted audit was of"
            );
            self.refused(message)
        })?;
        Ok(Some(state))
    }

    /// Opens the partial output to continue it, or creates one. Also returns the lines already written.
    pub(super) fn open<'a>(
        &self,
        path: &Path,
        identity: &Identity,
        before: Option<&mut State>,
    ) -> Result<(Output<'a>, Option<Written>), Failure> {
        if let Some(before) = &before {
            let differences = before.identity.differs(identity);
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
                self.save(&State {
                    identity: identity.clone(),
                    blocks: Vec::new(),
                })?;
                None
            }
            Some(state) => {
                let Some((lines, length)) =
                    verified(&mut file, &mut state.blocks).map_err(failed)?
                else {
                    return Err(self.refused(Text::new(
                        "已经写入的内容与记录不符：文件被改动过，或者磁盘有错",
                        "what is written is not as it was: the file was changed, or the disk is faulty",
                    )));
                };
                // What stands behind the last block is written again.
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
    /// What the output is of: what that of the interrupted run is of, if one is continued; and its blocks.
    state: State,
    /// The lines of the block that is being written.
    block: Vec<u8>,
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
            state: State {
                identity,
                blocks: Vec::new(),
            },
            block: Vec::new(),
            resumed,
        };
        let (Some(places), Some(path), true) = (&continued.places, path, resumed) else {
            return Ok((Output::open(path, stream)?, continued));
        };
        let mut before = places.state()?;
        let identity = &continued.state.identity;
        let (output, written) = places.open(path, identity, before.as_mut())?;
        continued.written = written;
        if let Some(before) = before {
            continued.state = before;
        }
        Ok((output, continued))
    }

    /// The day the run began.
    pub(super) fn today(&self) -> Option<Day> {
        self.state.identity.today()
    }

    /// How many cases are already written.
    pub(super) fn count(&self) -> usize {
        self.written.as_ref().map_or(0, |written| written.count)
    }

    /// Where to keep the output if the run is interrupted; None if the output is no file.
    pub(super) fn places(&self, output: &Output<'_>) -> Option<&Places> {
        self.places.as_ref().filter(|_| output.is_file())
    }

    /// Writes a line, and at the end of a block the state of what is written.
    pub(super) fn write(&mut self, output: &mut Output<'_>, line: &str) -> Result<(), Failure> {
        output.write(line)?;
        if self.places(output).is_none() {
            return Ok(());
        }
        self.block.extend_from_slice(line.as_bytes());
        if self.block.len() < BLOCK {
            return Ok(());
        }
        self.end_block();
        match (&self.places, self.resumed) {
            (Some(places), true) => {
                output.sync()?;
                places.save(&self.state)
            }
            _ => Ok(()),
        }
    }

    fn end_block(&mut self) {
        if !self.block.is_empty() {
            self.state.blocks.push(Block {
                bytes: self.block.len(),
                sha256: sha256(&self.block),
            });
            self.block.clear();
        }
    }

    /// Ends the output: moves it to its target, or keeps it to be continued.
    pub(super) fn end(&mut self, output: Output<'_>, is_interrupted: bool) -> Result<(), Failure> {
        if self.places(&output).is_none() {
            return output.finish();
        }
        self.end_block();
        let Some(places) = &self.places else {
            return output.finish();
        };
        if is_interrupted {
            output.keep(&places.partial)?;
            return places.save(&self.state);
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
    if !task.resume || task.format(output) == Format::Ndjson && output.is_some() {
        return None;
    }
    let message = Text::new(
        "--resume 只能与 --format ndjson 和 --output 一起使用",
        "--resume goes with --format ndjson and --output only",
    );
    Some(Diagnostic::new(Code::UsageInvalid, message))
}

/// How many lines the blocks of a file have that are there, and their bytes; nothing if one of them is not as it was
/// written. Of the blocks only those stay.
fn verified(file: &mut File, blocks: &mut Vec<Block>) -> io::Result<Option<(usize, u64)>> {
    let there = file.metadata()?.len();
    let (mut lines, mut length, mut kept) = (0, 0_u64, 0);
    let mut text = Vec::new();
    file.seek(SeekFrom::Start(0))?;
    for block in &*blocks {
        let end = length.saturating_add(block.bytes as u64);
        if end > there {
            break;
        }
        if block.bytes > MAX_BLOCK {
            return Ok(None);
        }
        text.clear();
        Read::by_ref(file)
            .take(block.bytes as u64)
            .read_to_end(&mut text)?;
        if sha256(&text) != block.sha256 || !text.ends_with(b"\n") {
            return Ok(None);
        }
        lines += memchr::memchr_iter(b'\n', &text).count();
        (length, kept) = (end, kept + 1);
    }
    blocks.truncate(kept);
    Ok(Some((lines, length)))
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
