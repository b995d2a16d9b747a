//! The output of a report: standard output, or a file that is written whole or not at all.

use std::fs::{self, File, OpenOptions};
use std::io::{self, BufWriter, ErrorKind, Write};
use std::path::{Path, PathBuf};

use super::disk::{self, Written};
use choucha_core::diagnostic::{Code, Diagnostic};
use choucha_core::lang::Text;
use choucha_core::text;

/// Why writing ended.
#[derive(Debug)]
pub(super) enum Failure {
    /// The reader closed the output; nothing to report.
    Closed,
    /// It cannot be written.
    Broken(Box<Diagnostic>),
}

/// An open output. A file is written next to its target and moved there by [`Output::finish`]; if dropped before that, it
/// leaves no trace.
pub(super) struct Output<'a> {
    /// The file; None for the stream.
    name: Option<String>,
    sink: Sink<'a>,
}

enum Sink<'a> {
    Stream(&'a mut dyn Write),
    File(BufWriter<Written>, Place),
    /// Not a regular file, such as a device: it is written to, not replaced.
    Device(BufWriter<Written>),
}

/// The temporary file and its target; on drop the temporary file is removed, unless it is kept.
struct Place {
    temporary: PathBuf,
    target: PathBuf,
    kept: bool,
}

impl Drop for Place {
    fn drop(&mut self) {
        if !self.kept {
            // It may never have been created; nothing more can be done.
            let _ = fs::remove_file(&self.temporary);
        }
    }
}

impl<'a> Output<'a> {
    /// Opens a file, or the stream if no file is named.
    pub(super) fn open(path: Option<&Path>, stream: &'a mut dyn Write) -> Result<Self, Failure> {
        let Some(path) = path else {
            return Ok(Output {
                name: None,
                sink: Sink::Stream(stream),
            });
        };
        let name = path.display().to_string();
        let sink = Output::file(path).map_err(|error| failure(Some(&name), &error))?;
        Ok(Output {
            name: Some(name),
            sink,
        })
    }

    fn file(path: &Path) -> io::Result<Sink<'a>> {
        let target = target(path);
        if fs::symlink_metadata(&target).is_ok_and(|data| data.is_symlink()) {
            return Err(io::Error::other("too many levels of symbolic links"));
        }
        match fs::metadata(&target) {
            Ok(data) if data.is_dir() => return Err(ErrorKind::IsADirectory.into()),
            Ok(data) if !data.is_file() => {
                let file = OpenOptions::new().write(true).open(&target)?;
                return Ok(Sink::Device(BufWriter::new(Written::new(file))));
            }
            _ => {}
        }
        let name = target.file_name().ok_or(ErrorKind::InvalidInput)?;
        remove_stale(&target, &name.to_string_lossy());
        let mut last = io::Error::from(ErrorKind::AlreadyExists);
        for n in 0..100 {
            let hidden = format!(".{}.{}-{n}.tmp", name.to_string_lossy(), process());
            let temporary = target.with_file_name(hidden);
            match OpenOptions::new()
                .write(true)
                .create_new(true)
                .open(&temporary)
            {
                Ok(file) => {
                    // As long as it is locked, another run knows that somebody writes it. Not every file system has locks.
                    let _ = file.try_lock();
                    let place = Place {
                        temporary,
                        target,
                        kept: false,
                    };
                    return Ok(Sink::File(BufWriter::new(Written::new(file)), place));
                }
                Err(error) if error.kind() == ErrorKind::AlreadyExists => last = error,
                Err(error) => return Err(error),
            }
        }
        Err(last)
    }

    /// Continues a file at its end; if dropped before it is finished, it stays at `partial`.
    pub(super) fn continuing(partial: &Path, file: File, path: &Path) -> Self {
        let place = Place {
            temporary: partial.to_owned(),
            target: target(path),
            kept: true,
        };
        Output {
            name: Some(path.display().to_string()),
            sink: Sink::File(BufWriter::new(Written::new(file)), place),
        }
    }

    /// Ends an incomplete output: what is written of a file is kept at `partial`.
    pub(super) fn keep(self, partial: &Path) -> Result<(), Failure> {
        let ended = match self.sink {
            Sink::Stream(stream) => stream.flush(),
            Sink::Device(mut file) => file.flush(),
            Sink::File(file, mut place) => file
                .into_inner()
                .map_err(io::IntoInnerError::into_error)
                .and_then(|file| file.sync_all())
                .and_then(|()| match place.temporary == partial {
                    true => Ok(()),
                    false => disk::rename(&place.temporary, partial),
                })
                .map(|()| place.kept = true),
        };
        ended.map_err(|error| failure(self.name.as_deref(), &error))
    }

    /// Waits until what is written of a file is on the disk.
    pub(super) fn sync(&mut self) -> Result<(), Failure> {
        let synced = match &mut self.sink {
            Sink::File(file, _) => file.flush().and_then(|()| file.get_ref().sync_data()),
            Sink::Stream(_) | Sink::Device(_) => Ok(()),
        };
        synced.map_err(|error| failure(self.name.as_deref(), &error))
    }

    /// Whether it is a file that moves to its target when finished.
    pub(super) fn is_file(&self) -> bool {
        matches!(self.sink, Sink::File(..))
    }

    /// Writes more text.
    pub(super) fn write(&mut self, text: &str) -> Result<(), Failure> {
        self.write_bytes(text.as_bytes())
    }

    /// Writes more bytes.
    pub(super) fn write_bytes(&mut self, bytes: &[u8]) -> Result<(), Failure> {
        let written = match &mut self.sink {
            Sink::Stream(stream) => stream.write_all(bytes),
            Sink::File(file, _) | Sink::Device(file) => file.write_all(bytes),
        };
        written.map_err(|error| failure(self.name.as_deref(), &error))
    }

    /// Lets `write` write to the output.
    pub(super) fn write_with<E>(
        &mut self,
        write: impl FnOnce(&mut (dyn Write + Send)) -> Result<(), E>,
    ) -> Result<Result<(), E>, Failure> {
        match &mut self.sink {
            Sink::File(file, _) | Sink::Device(file) => Ok(write(file)),
            // The packer of workbooks needs a writer for other threads, which a stream is not.
            Sink::Stream(_) => {
                let mut bytes = Vec::new();
                let written = write(&mut bytes);
                self.write_bytes(&bytes).map(|()| written)
            }
        }
    }

    /// The folder of a file being written, for temporary files.
    pub(super) fn folder(&self) -> Option<&Path> {
        match &self.sink {
            Sink::File(_, place) => match place.temporary.parent() {
                Some(folder) if folder.as_os_str().is_empty() => Some(Path::new(".")),
                folder => folder,
            },
            Sink::Stream(_) | Sink::Device(_) => None,
        }
    }

    /// It cannot be written.
    pub(super) fn refused(&self, error: &io::Error) -> Failure {
        failure(self.name.as_deref(), error)
    }

    /// Ends the output; only now a file moves to its target.
    pub(super) fn finish(self) -> Result<(), Failure> {
        let ended = match self.sink {
            Sink::Stream(stream) => stream.flush(),
            Sink::Device(mut file) => file.flush(),
            Sink::File(file, mut place) => file
                .into_inner()
                .map_err(io::IntoInnerError::into_error)
                .and_then(|file| file.sync_all())
                .and_then(|()| disk::rename(&place.temporary, &place.target))
                .map(|()| place.kept = true),
        };
        ended.map_err(|error| failure(self.name.as_deref(), &error))
    }
}

/// Removes what runs that were killed left beside a file: temporary files of it that nobody has locked.
fn remove_stale(target: &Path, name: &str) {
    let folder = match target.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    let begins = format!(".{name}.");
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let is_ours = |found: &str| {
        let middle = found.strip_prefix(&begins)?.strip_suffix(".tmp")?;
        let (process, n) = middle.split_once('-')?;
        (is_number(process) && is_number(n)).then_some(())
    };
    // Tidying up: what cannot be looked at stays.
    let Ok(entries) = fs::read_dir(folder) else {
        return;
    };
    for entry in entries.flatten() {
        let is_temporary = entry.file_name().to_str().and_then(is_ours).is_some();
        let is_file = entry.file_type().is_ok_and(|kind| kind.is_file());
        if is_temporary
            && is_file
            && let Ok(file) = File::open(entry.path())
            && file.try_lock().is_ok()
        {
            let _ = fs::remove_file(entry.path());
        }
    }
}

/// A number that distinguishes the files of this process from others.
fn process() -> u32 {
    // In the page there is one process, and querying its number would end it.
    match cfg!(target_family = "wasm") {
        true => 0,
        false => std::process::id(),
    }
}

/// Where a file belongs. A link is followed: what it points at is replaced, not the link, even where nothing is there yet.
pub(super) fn target(path: &Path) -> PathBuf {
    let mut place = path.to_owned();
    // Links that go round in circles lead nowhere: opening the last one says so.
    for _ in 0..LINKS {
        match fs::read_link(&place) {
            Ok(next) => place = place.parent().unwrap_or(Path::new("")).join(next),
            Err(_) => break,
        }
    }
    fs::canonicalize(&place).unwrap_or(place)
}

/// How many links may lead from one to another.
const LINKS: usize = 40;

/// A file cannot be written.
pub(super) fn unwritable(path: &Path, error: &io::Error) -> Failure {
    failure(Some(&path.display().to_string()), error)
}

fn failure(name: Option<&str>, error: &io::Error) -> Failure {
    if error.kind() == ErrorKind::BrokenPipe {
        return Failure::Closed;
    }
    let why = choucha_core::diagnostic::system::reason(error);
    let Some(name) = name else {
        let message = Text::new("无法写入标准输出", "cannot write standard output");
        let problem = Diagnostic::new(Code::OutputUnwritable, message);
        return Failure::Broken(Box::new(problem.why(why)));
    };
    let message = text!("无法写入 `{name}`", "cannot write `{name}`");
    let problem = Diagnostic::new(Code::OutputUnwritable, message);
    Failure::Broken(Box::new(problem.about(name).why(why)))
}

/// JSON could not be serialised; our data cannot cause that.
pub(super) fn unserialisable(error: &impl std::fmt::Display) -> Diagnostic {
    let message = text!("无法生成 JSON：{error}", "cannot make JSON: {error}");
    Diagnostic::new(Code::OutputUnwritable, message)
}
