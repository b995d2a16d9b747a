//! The output of a report: standard output, or a file that is written whole or not at all.

use std::fs::{self, File, OpenOptions};
use std::io::{self, BufWriter, ErrorKind, Write};
use std::path::{Path, PathBuf};

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
    File(BufWriter<File>, Place),
    /// Not a regular file, such as a device: it is written to, not replaced.
    Device(BufWriter<File>),
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
        match fs::metadata(&target) {
            Ok(data) if data.is_dir() => return Err(ErrorKind::IsADirectory.into()),
            Ok(data) if !data.is_file() => {
                let file = OpenOptions::new().write(true).open(&target)?;
                return Ok(Sink::Device(BufWriter::new(file)));
            }
            _ => {}
        }
        let name = target.file_name().ok_or(ErrorKind::InvalidInput)?;
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
                    let place = Place {
                        temporary,
                        target,
                        kept: false,
                    };
                    return Ok(Sink::File(BufWriter::new(file), place));
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
            sink: Sink::File(BufWriter::new(file), place),
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
                    false => fs::rename(&place.temporary, partial),
                })
                .map(|()| place.kept = true),
        };
        ended.map_err(|error| failure(self.name.as_deref(), &error))
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
                .and_then(|()| fs::rename(&place.temporary, &place.target))
                .map(|()| place.kept = true),
        };
        ended.map_err(|error| failure(self.name.as_deref(), &error))
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

/// The target of a file. A link is followed: its target is replaced, not the link.
pub(super) fn target(path: &Path) -> PathBuf {
    fs::canonicalize(path).unwrap_or_else(|_| path.to_owned())
}

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
