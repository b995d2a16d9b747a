//! Stores the cases of one rule set until all have been read.

use std::io::{self, Read, Seek, SeekFrom, Write};
use std::sync::{Mutex, PoisonError};

use tempfile::SpooledTempFile;

use super::flat::Entry;
use super::project::Projection;
use choucha_core::diagnostic::{Code, Diagnostic};
use choucha_core::lang::Text;
use choucha_core::text;

/// The most bytes in memory before the store moves to a temporary file.
const IN_MEMORY: usize = 4 * 1024 * 1024;

/// Makes the store use this folder if the system names none for temporary files; later calls have no effect.
pub fn scratch_in(folder: &std::path::Path) {
    let _ = tempfile::env::override_temp_dir(folder);
}

/// The number of bytes written at a time.
const WRITTEN_AT_ONCE: usize = 256 * 1024;

/// The number of bytes read at a time when assembling groups: gathered cases are often close together.
const READ_AT_ONCE: usize = 16 * 1024;

/// The number of cases allocated at a time; stored lengths are never moved.
const AT_ONCE: usize = 1 << 16;

/// The number of cases per mark.
const MARKED: usize = 64;

/// The projected cases, in the order they were read. It takes little more than 4 bytes per case in memory, plus the
/// projections of about 400 bytes each, of which at most 4 MiB are in memory.
#[derive(Debug)]
pub struct CaseStore {
    /// Read from any position, since groups have their own order.
    kept: Mutex<Spool>,
    /// The length of each case in bytes.
    lengths: Vec<Vec<u32>>,
    /// The offset of the first of every [`MARKED`] cases, and the end of the last case.
    marks: Vec<u64>,
    end: u64,
}

/// The bytes of the cases.
#[derive(Debug)]
struct Spool {
    file: SpooledTempFile,
    /// Added, but not yet written.
    pending: Vec<u8>,
    /// The last bytes read, and their offset.
    read: Vec<u8>,
    begin: u64,
}

impl Spool {
    fn write(&mut self) -> io::Result<()> {
        // Reading starts only after everything is added, so the position is the end.
        self.file.write_all(&self.pending)?;
        self.pending = Vec::new();
        Ok(())
    }

    /// The bytes in a range.
    fn bytes(&mut self, begin: u64, end: u64) -> io::Result<&[u8]> {
        if !self.pending.is_empty() {
            self.write()?;
        }
        let length = length(begin, end);
        let held = self.begin + self.read.len() as u64;
        if begin < self.begin || end > held {
            self.file.seek(SeekFrom::Start(begin))?;
            self.begin = begin;
            self.read.clear();
            let room = length.max(READ_AT_ONCE) as u64;
            Read::take(&mut self.file, room).read_to_end(&mut self.read)?;
        }
        let at = length_of(begin - self.begin);
        let bytes = self.read.get(at..at + length);
        bytes.ok_or_else(|| io::Error::from(io::ErrorKind::UnexpectedEof))
    }
}

/// The error that made the store unusable.
#[derive(Debug, thiserror::Error)]
#[error(transparent)]
pub struct Failed(#[from] io::Error);

impl Failed {
    /// The diagnostic to show.
    #[must_use]
    pub fn to_diagnostic(&self) -> Diagnostic {
        let reason = &self.0;
        Diagnostic::new(
            Code::CampaignLedger,
            text!(
                "跨案审查用的临时文件无法读写：{reason}",
                "the temporary file for the audit across cases cannot be written or read: {reason}"
            ),
        )
        .about(tempfile::env::temp_dir().display().to_string())
        .help(Text::new(
            "检查临时文件夹是否可写、磁盘是否已满；可用环境变量 TMPDIR 另行指定",
            "see whether the temporary folder can be written and the disk is full; TMPDIR names another",
        ))
    }
}

impl Default for CaseStore {
    fn default() -> Self {
        CaseStore {
            kept: Mutex::new(Spool {
                file: SpooledTempFile::new(IN_MEMORY),
                pending: Vec::new(),
                read: Vec::new(),
                begin: 0,
            }),
            lengths: Vec::new(),
            marks: Vec::new(),
            end: 0,
        }
    }
}

impl CaseStore {
    /// Creates an empty store.
    #[must_use]
    pub fn new() -> Self {
        CaseStore::default()
    }

    /// The number of cases.
    #[must_use]
    pub fn len(&self) -> usize {
        let last = self.lengths.last().map_or(0, Vec::len);
        self.lengths.len().saturating_sub(1) * AT_ONCE + last
    }

    /// Whether it has no cases.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.lengths.is_empty()
    }

    /// Adds a case.
    ///
    /// # Errors
    /// If the temporary file cannot be written.
    pub fn add(&mut self, projection: &Projection) -> Result<(), Failed> {
        let bytes = projection.0.len();
        // No projection of one case is this large.
        let length = u32::try_from(bytes).map_err(io::Error::other)?;
        if self.len().is_multiple_of(MARKED) {
            self.marks.push(self.end);
        }
        let kept = self.kept.get_mut().unwrap_or_else(PoisonError::into_inner);
        kept.pending.extend_from_slice(&projection.0);
        if kept.pending.len() >= WRITTEN_AT_ONCE {
            kept.write()?;
        }
        if self.lengths.last().is_none_or(|last| last.len() == AT_ONCE) {
            self.lengths.push(Vec::with_capacity(AT_ONCE));
        }
        if let Some(last) = self.lengths.last_mut() {
            last.push(length);
        }
        self.end += bytes as u64;
        Ok(())
    }

    /// The byte range of a case.
    fn place(&self, at: usize) -> (u64, u64) {
        let mark = self.marks.get(at / MARKED).copied().unwrap_or(0);
        let length = |at: usize| {
            let length = self.lengths.get(at / AT_ONCE)?.get(at % AT_ONCE)?;
            Some(u64::from(*length))
        };
        let before = at - at % MARKED..at;
        let begin = mark + before.filter_map(length).sum::<u64>();
        (begin, begin + length(at).unwrap_or(0))
    }

    /// The cases at these positions, in the order given.
    pub(super) fn rows(&self, entries: &[u32]) -> Result<Vec<Entry>, Failed> {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        entries
            .iter()
            .map(|at| self.read(&mut kept, *at as usize))
            .collect()
    }

    /// Visits every case in order.
    pub(super) fn each(&self, mut look: impl FnMut(u32, &Entry)) -> Result<(), Failed> {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        for (position, at) in (0..).zip(0..self.len()) {
            look(position, &self.read(&mut kept, at)?);
        }
        Ok(())
    }

    fn read(&self, kept: &mut Spool, at: usize) -> Result<Entry, Failed> {
        let (begin, end) = self.place(at);
        entry(kept.bytes(begin, end)?)
    }
}

fn length(begin: u64, end: u64) -> usize {
    length_of(end.saturating_sub(begin))
}

fn length_of(bytes: u64) -> usize {
    usize::try_from(bytes).unwrap_or(0)
}

fn entry(bytes: &[u8]) -> Result<Entry, Failed> {
    // The store reads what it wrote; a file changed by somebody else fails.
    postcard::from_bytes(bytes).map_err(|error| Failed(io::Error::other(error)))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn every_case_is_read_back_whether_in_order_or_not() {
        let mut store = CaseStore::new();
        let count: u32 = 70_000;
        let written = |at: u32| Entry {
            place: format!("{at}").repeat(at as usize % 5),
            facts: Vec::new(),
        };
        for at in 0..count {
            let bytes = postcard::to_allocvec(&written(at)).unwrap();
            store.add(&Projection(bytes)).unwrap();
        }
        assert_eq!(store.len(), count as usize);
        let mut seen = 0;
        store
            .each(|position, entry| {
                assert_eq!((position, entry), (seen, &written(seen)));
                seen += 1;
            })
            .unwrap();
        assert_eq!(seen, count);
        let some = [69_999, 0, 63, 64, 65_535, 65_536, 1, 127];
        let read = store.rows(&some).unwrap();
        assert_eq!(read, some.map(written));
    }
}
