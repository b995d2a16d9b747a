//! NDJSON: one case per line, cut into parcels of whole lines.

use std::io::{self, BufRead, Read};
use std::path::Path;
use std::sync::Arc;

use super::parcel::{Holds, Line, Parcel};
use crate::ingest;
use choucha_core::diagnostic::{Code, Diagnostic, system};
use choucha_core::lang::Text;

/// The approximate size of a parcel in bytes: large enough that handing it over costs little compared with reading it, small
/// enough that its results, which may be thirty times as large, stay small.
const PARCEL: usize = 64 * 1024;

/// A text of lines, one parcel at a time.
pub(super) struct Lines<'a> {
    name: Arc<str>,
    reader: Box<dyn BufRead + 'a>,
    /// The number of the last line read.
    line: usize,
    ended: bool,
    /// Whether any line was not blank.
    any: bool,
    /// Whether reading is to end before its time, and whether it did.
    stopped: &'a dyn Fn() -> bool,
    is_stopped: bool,
}

impl<'a> Lines<'a> {
    pub(super) fn new(
        name: &Arc<str>,
        reader: Box<dyn BufRead + 'a>,
        stopped: &'a dyn Fn() -> bool,
    ) -> Self {
        Lines {
            name: Arc::clone(name),
            reader,
            line: 0,
            ended: false,
            any: false,
            stopped,
            is_stopped: false,
        }
    }

    /// Whether reading ended before its time.
    pub(super) fn is_stopped(&self) -> bool {
        self.is_stopped
    }

    /// Appends the next line to the text. None at the end; else whether the line is whole.
    fn read(&mut self, text: &mut Vec<u8>) -> io::Result<Option<bool>> {
        let start = text.len();
        let limit = ingest::MAX_BYTES as u64 + 1;
        let read = self.reader.by_ref().take(limit).read_until(b'\n', text)?;
        if read == 0 {
            return Ok(None);
        }
        self.line += 1;
        if read <= ingest::MAX_BYTES {
            return Ok(Some(true));
        }
        // The rest of a line that is too long is skipped without being kept.
        let mut ended = text.last() == Some(&b'\n');
        text.truncate(start);
        while !ended {
            if (self.stopped)() {
                (self.is_stopped, self.ended) = (true, true);
                return Ok(None);
            }
            let rest = self.reader.fill_buf()?;
            let end = memchr::memchr(b'\n', rest);
            let used = end.map_or(rest.len(), |at| at + 1);
            ended = end.is_some() || rest.is_empty();
            self.reader.consume(used);
        }
        Ok(Some(false))
    }

    /// The next lines that are not blank.
    pub(super) fn next(&mut self) -> Option<Parcel> {
        let mut text = Vec::with_capacity(PARCEL + PARCEL / 8);
        let mut lines = Vec::new();
        let unreadable = |problem: Diagnostic| Holds::Unreadable(Box::new(problem));
        while !self.ended && text.len() < PARCEL {
            let start = text.len();
            let holds = match self.read(&mut text) {
                Ok(None) => {
                    self.ended = true;
                    continue;
                }
                Ok(Some(true)) if text[start..].trim_ascii().is_empty() => continue,
                Ok(Some(true)) => Holds::Bytes(start..text.len()),
                Ok(Some(false)) => {
                    let place = format!("{}:{}", self.name, self.line);
                    unreadable(ingest::too_large(&place))
                }
                Err(error) => {
                    self.ended = true;
                    self.line += 1;
                    text.truncate(start);
                    unreadable(system::unreadable(Path::new(&*self.name), &error))
                }
            };
            lines.push(Line {
                number: self.line,
                holds,
            });
        }
        if self.ended && lines.is_empty() && !self.any && !self.is_stopped {
            let message = Text::new("文件里没有案卷", "the file holds no case");
            let empty = Diagnostic::new(Code::InputEmpty, message).about(&*self.name);
            let help = Text::new("每行写一个案卷（JSON）", "write a case a line, as JSON");
            lines.push(Line {
                number: self.line.max(1),
                holds: unreadable(empty.help(help)),
            });
        }
        self.any |= !lines.is_empty();
        (!lines.is_empty()).then(|| Parcel::lines(&self.name, text, lines))
    }
}
