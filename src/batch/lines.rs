//! NDJSON: a case a line.

use std::io::{self, BufRead, Read};
use std::path::Path;

use crate::diagnostic::{Code, Diagnostic, system};
use crate::ingest::{self, Decoded};
use crate::vocabulary::Vocabulary;

/// Reads a case a line, one line at a time.
pub(super) struct Lines<'a> {
    name: String,
    reader: Box<dyn BufRead + 'a>,
    vocabulary: &'a Vocabulary,
    /// The number of the last line read.
    line: usize,
    /// Whether it has been said that the text is not UTF-8.
    recoded: bool,
    ended: bool,
    buffer: Vec<u8>,
}

impl<'a> Lines<'a> {
    pub(super) fn new(
        name: &str,
        reader: Box<dyn BufRead + 'a>,
        vocabulary: &'a Vocabulary,
    ) -> Self {
        Lines {
            name: name.to_owned(),
            reader,
            vocabulary,
            line: 0,
            recoded: false,
            ended: false,
            buffer: Vec::new(),
        }
    }

    /// Reads the next line into the buffer. Whether there was one, and whether it is whole.
    fn read(&mut self) -> io::Result<Option<bool>> {
        self.buffer.clear();
        let limit = ingest::MAX_BYTES as u64 + 1;
        let read = self
            .reader
            .by_ref()
            .take(limit)
            .read_until(b'\n', &mut self.buffer)?;
        if read == 0 {
            return Ok(None);
        }
        self.line += 1;
        if self.buffer.len() <= ingest::MAX_BYTES {
            return Ok(Some(true));
        }
        // The rest of a line that is too long is passed over without being kept.
        let mut ended = self.buffer.last() == Some(&b'\n');
        while !ended {
            let rest = self.reader.fill_buf()?;
            let end = rest.iter().position(|byte| *byte == b'\n');
            let used = end.map_or(rest.len(), |at| at + 1);
            ended = end.is_some() || rest.is_empty();
            self.reader.consume(used);
        }
        Ok(Some(false))
    }

    fn decode(&mut self) -> Decoded {
        let bytes = std::mem::take(&mut self.buffer);
        let mut decoded = ingest::read_line(&self.name, bytes, self.line, self.vocabulary);
        // What holds for the whole text is said once.
        let recoded = |d: &Diagnostic| d.code == Code::InputRecoded;
        if self.recoded {
            decoded.diagnostics.retain(|d| !recoded(d));
        }
        self.recoded |= decoded.diagnostics.iter().any(recoded);
        decoded
    }
}

impl Iterator for Lines<'_> {
    /// The number of the line, and what it holds.
    type Item = (usize, Decoded);

    fn next(&mut self) -> Option<Self::Item> {
        let failed = |diagnostic| Decoded {
            record: None,
            diagnostics: vec![diagnostic],
        };
        while !self.ended {
            match self.read() {
                Ok(None) => self.ended = true,
                Ok(Some(true)) if self.buffer.trim_ascii().is_empty() => {}
                Ok(Some(true)) => return Some((self.line, self.decode())),
                Ok(Some(false)) => {
                    let place = format!("{}:{}", self.name, self.line);
                    return Some((self.line, failed(ingest::too_large(&place))));
                }
                Err(error) => {
                    self.ended = true;
                    let problem = system::unreadable(Path::new(&self.name), &error);
                    return Some((self.line + 1, failed(problem)));
                }
            }
        }
        None
    }
}
