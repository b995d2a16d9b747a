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
const IN_MEMORY: usize = 32 * 1024 * 1024;

/// The projected cases, in the order they were read. In memory it takes 8 bytes a case, besides what it keeps of the
/// cases, about 400 bytes each, of which no more than 32 MiB are in memory.
#[derive(Debug)]
pub struct Ledger {
    /// Read from any position, so that groups can be laid out in their own order.
    kept: Mutex<SpooledTempFile>,
    /// Where each case ends.
    ends: Vec<u64>,
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
            kept: Mutex::new(SpooledTempFile::new(IN_MEMORY)),
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
        self.ends.len()
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
        let begin = self.ends.last().copied().unwrap_or(0);
        let kept = self.kept.get_mut().unwrap_or_else(PoisonError::into_inner);
        // Nothing is read before everything is added, so the position is the end.
        kept.write_all(&projection.0)?;
        self.ends.push(begin + projection.0.len() as u64);
        Ok(())
    }

    /// The cases at these positions, in the order given.
    pub(super) fn rows(&self, entries: &[u32]) -> Result<Vec<Entry>, Failed> {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let mut bytes = Vec::new();
        entries
            .iter()
            .map(|entry| self.read(&mut kept, *entry as usize, &mut bytes))
            .collect()
    }

    /// Looks at every case in order.
    pub(super) fn each(&self, mut look: impl FnMut(u32, &Entry)) -> Result<(), Failed> {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let mut kept = io::BufReader::with_capacity(1 << 20, &mut *kept);
        kept.seek(SeekFrom::Start(0))?;
        let mut bytes = Vec::new();
        let mut begin = 0;
        for (at, end) in (0..).zip(&self.ends) {
            bytes.resize(length(begin, *end), 0);
            kept.read_exact(&mut bytes)?;
            look(at, &entry(&bytes)?);
            begin = *end;
        }
        Ok(())
    }

    fn read(
        &self,
        kept: &mut SpooledTempFile,
        at: usize,
        bytes: &mut Vec<u8>,
    ) -> Result<Entry, Failed> {
        let begin = match at.checked_sub(1) {
            Some(before) => self.ends.get(before).copied().unwrap_or(0),
            None => 0,
        };
        let end = self.ends.get(at).copied().unwrap_or(begin);
        bytes.resize(length(begin, end), 0);
        kept.seek(SeekFrom::Start(begin))?;
        kept.read_exact(bytes)?;
        entry(bytes)
    }
}

fn length(begin: u64, end: u64) -> usize {
    usize::try_from(end.saturating_sub(begin)).unwrap_or(0)
}

fn entry(bytes: &[u8]) -> Result<Entry, Failed> {
    // What was written is read back; a file somebody else has changed is not.
    postcard::from_bytes(bytes).map_err(|error| Failed(io::Error::other(error)))
}
