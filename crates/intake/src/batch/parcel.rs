//! Cases cut off an input, for one thread to decode and audit at a time.

use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use super::{Case, dossier_at};
use crate::ingest::{self, Decoded};
use crate::table::Rows;
use choucha_core::diagnostic::Diagnostic;
use choucha_core::vocabulary::Vocabulary;

/// Consecutive cases of one input, as many as one thread decodes at a time.
#[derive(Debug)]
pub struct Parcel {
    name: Arc<str>,
    held: Held,
}

#[derive(Debug)]
enum Held {
    /// A file, read once when its case is requested.
    File(PathBuf, OnceLock<Decoded>),
    /// Cases already decoded, and their size in bytes.
    Decoded(Vec<Decoded>, u64),
    /// Rows of a table, read when requested, and their size in bytes.
    Rows(Rows, u64),
    /// Lines not yet decoded.
    Lines { text: Vec<u8>, lines: Vec<Line> },
}

/// One line with a case.
#[derive(Debug)]
pub(super) struct Line {
    /// Its number, from 1.
    pub(super) number: usize,
    pub(super) holds: Holds,
}

#[derive(Debug)]
pub(super) enum Holds {
    /// The bytes of the parcel.
    Bytes(Range<usize>),
    /// A line that cannot be read.
    Unreadable(Box<Diagnostic>),
}

impl Parcel {
    /// A file already read.
    #[must_use]
    pub fn read(path: &Path, decoded: Decoded) -> Self {
        Parcel::decoded(&path.display().to_string().into(), vec![decoded], 0)
    }

    pub(super) fn file(name: &Arc<str>, path: PathBuf) -> Self {
        Parcel {
            name: Arc::clone(name),
            held: Held::File(path, OnceLock::new()),
        }
    }

    pub(super) fn decoded(name: &Arc<str>, cases: Vec<Decoded>, bytes: u64) -> Self {
        Parcel {
            name: Arc::clone(name),
            held: Held::Decoded(cases, bytes),
        }
    }

    pub(super) fn rows(name: &Arc<str>, rows: Rows, bytes: u64) -> Self {
        Parcel {
            name: Arc::clone(name),
            held: Held::Rows(rows, bytes),
        }
    }

    pub(super) fn lines(name: &Arc<str>, text: Vec<u8>, lines: Vec<Line>) -> Self {
        Parcel {
            name: Arc::clone(name),
            held: Held::Lines { text, lines },
        }
    }

    /// How many cases it holds.
    #[must_use]
    pub fn len(&self) -> usize {
        match &self.held {
            Held::File(..) => 1,
            Held::Decoded(cases, _) => cases.len(),
            Held::Rows(rows, _) => rows.len(),
            Held::Lines { lines, .. } => lines.len(),
        }
    }

    /// Whether it holds none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Its size in the input in bytes, as far as known.
    #[must_use]
    pub fn bytes(&self) -> u64 {
        match &self.held {
            Held::File(path, _) => std::fs::metadata(path).map_or(0, |data| data.len()),
            Held::Decoded(_, bytes) | Held::Rows(_, bytes) => *bytes,
            Held::Lines { text, .. } => text.len() as u64,
        }
    }

    /// Whether its cases are lines of a text, which has one encoding.
    #[must_use]
    pub fn is_lines(&self) -> bool {
        matches!(self.held, Held::Lines { .. })
    }

    /// The line on which a case begins, if its cases are lines; else its position among the cases of the parcel, from 1.
    #[must_use]
    pub fn line(&self, at: usize) -> usize {
        match &self.held {
            Held::Lines { lines, .. } => lines.get(at).map_or(0, |line| line.number),
            _ => at + 1,
        }
    }

    /// Decodes a case, counted from 0; repeatable. None beyond the last case.
    #[must_use]
    pub fn case(&self, at: usize, vocabulary: &Vocabulary) -> Option<Case> {
        let (title, decoded) = match &self.held {
            Held::File(path, read) if at == 0 => {
                let decoded = read.get_or_init(|| dossier_at(path, vocabulary));
                (None, decoded.clone())
            }
            Held::File(..) => return None,
            Held::Decoded(cases, _) => (None, cases.get(at)?.clone()),
            Held::Rows(rows, _) => (None, rows.read(at, vocabulary)?),
            Held::Lines { text, lines } => {
                let line = lines.get(at)?;
                let decoded = match &line.holds {
                    Holds::Bytes(range) => {
                        let bytes = text.get(range.clone()).unwrap_or_default();
                        ingest::read_line(&self.name, bytes, line.number, vocabulary)
                    }
                    Holds::Unreadable(problem) => Decoded {
                        record: None,
                        diagnostics: vec![(**problem).clone()],
                    },
                };
                (Some(format!("{}:{}", self.name, line.number)), decoded)
            }
        };
        let record = decoded.record.as_ref();
        let title = title.or_else(|| record.map(|record| record.source().title()));
        Some(Case {
            path: self.name.to_string(),
            title: title.unwrap_or_else(|| self.name.to_string()),
            decoded,
        })
    }
}
