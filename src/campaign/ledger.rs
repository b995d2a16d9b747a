//! What is kept of the cases of one rule set until all have been read.

use std::io::{self, Read, Seek, SeekFrom, Write};
use std::sync::{Mutex, PoisonError};

use tempfile::SpooledTempFile;

use super::flat::Entry;
use super::project::Projection;
use crate::diagnostic::{Code, Diagnostic};
use crate::lang::Text;
use crate::text;

/// How many bytes stand in memory before the ledger goes to a temporary file.
const IN_MEMORY: usize = 4 * 1024 * 1024;

/// How many bytes are written at a time.
const WRITTEN_AT_ONCE: usize = 256 * 1024;

/// How many bytes are read at a time, where groups are laid out: cases that are gathered often stand close together.
const READ_AT_ONCE: usize = 16 * 1024;

/// How many cases room is made for at a time: what is there is never moved.
const AT_ONCE: usize = 1 << 16;

/// The projected cases, in the order they were read. In memory it takes 8 bytes a case, besides what it keeps of the
/// cases, about 400 bytes each, of which no more than 4 MiB are in memory.
#[derive(Debug)]
pub struct Ledger {
    /// Read from any position, so that groups can be laid out in their own order.
    kept: Mutex<Kept>,
    /// Where each case ends.
    ends: Vec<Vec<u64>>,
}

/// The bytes of the cases.
#[derive(Debug)]
struct Kept {
    file: SpooledTempFile,
    /// What is added and not yet written.
    pending: Vec<u8>,
    /// What was read last, and where it begins.
    read: Vec<u8>,
    begin: u64,
}

impl Kept {
    fn write(&mut self) -> io::Result<()> {
        // Nothing is read before everything is added, so the position is the end.
        self.file.write_all(&self.pending)?;
        self.pending = Vec::new();
        Ok(())
    }

    /// The bytes in a range of it.
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

/// Why the ledger could not be kept.
#[derive(Debug, thiserror::Error)]
#[error(transparent)]
pub struct Failed(#[from] io::Error);

impl Failed {
    /// What a person is told.
    #[must_use]
    pub fn told(&self) -> Diagnostic {
        let reason = &self.0;
        Diagnostic::new(
            Code::CampaignLedger,
            text!(
                "跨案审查用的临时文件无法读写：{reason}",
                "the temporary file for the audit across cases cannot be written or read: {reason}"
            ),
        )
        .about(std::env::temp_dir().display().to_string())
        .help(Text::new(
            "检查临时文件夹是否可写、磁盘是否已满；可用环境变量 TMPDIR 另行指定",
            "see whether the temporary folder can be written and the disk is full; TMPDIR names another",
        ))
    }
}

impl Default for Ledger {
    fn default() -> Self {
        Ledger {
            kept: Mutex::new(Kept {
                file: SpooledTempFile::new(IN_MEMORY),
                pending: Vec::new(),
                read: Vec::new(),
                begin: 0,
            }),
            ends: Vec::new(),
        }
    }
}

impl Ledger {
    /// An empty ledger.
    #[must_use]
    pub fn new() -> Self {
        Ledger::default()
    }

    /// How many cases it holds.
    #[must_use]
    pub fn len(&self) -> usize {
        let last = self.ends.last().map_or(0, Vec::len);
        self.ends.len().saturating_sub(1) * AT_ONCE + last
    }

    /// Whether it holds no case.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// Adds a case.
    ///
    /// # Errors
    /// If the temporary file cannot be written.
    pub fn add(&mut self, projection: &Projection) -> Result<(), Failed> {
        let begin = self.end(self.len());
        let kept = self.kept.get_mut().unwrap_or_else(PoisonError::into_inner);
        kept.pending.extend_from_slice(&projection.0);
        if kept.pending.len() >= WRITTEN_AT_ONCE {
            kept.write()?;
        }
        if self.ends.last().is_none_or(|last| last.len() == AT_ONCE) {
            self.ends.push(Vec::with_capacity(AT_ONCE));
        }
        if let Some(last) = self.ends.last_mut() {
            last.push(begin + projection.0.len() as u64);
        }
        Ok(())
    }

    /// Where so many cases end.
    fn end(&self, cases: usize) -> u64 {
        let Some(at) = cases.checked_sub(1) else {
            return 0;
        };
        let ends = self.ends.get(at / AT_ONCE);
        ends.and_then(|ends| ends.get(at % AT_ONCE))
            .copied()
            .unwrap_or(0)
    }

    /// The cases at these positions, in the order given.
    pub(super) fn rows(&self, entries: &[u32]) -> Result<Vec<Entry>, Failed> {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        entries
            .iter()
            .map(|at| self.read(&mut kept, *at as usize))
            .collect()
    }

    /// Looks at every case in order.
    pub(super) fn each(&self, mut look: impl FnMut(u32, &Entry)) -> Result<(), Failed> {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        for (position, at) in (0..).zip(0..self.len()) {
            look(position, &self.read(&mut kept, at)?);
        }
        Ok(())
    }

    fn read(&self, kept: &mut Kept, at: usize) -> Result<Entry, Failed> {
        entry(kept.bytes(self.end(at), self.end(at + 1))?)
    }
}

fn length(begin: u64, end: u64) -> usize {
    length_of(end.saturating_sub(begin))
}

fn length_of(bytes: u64) -> usize {
    usize::try_from(bytes).unwrap_or(0)
}

fn entry(bytes: &[u8]) -> Result<Entry, Failed> {
    // What was written is read back; a file somebody else has changed is not.
    postcard::from_bytes(bytes).map_err(|error| Failed(io::Error::other(error)))
}
