//! What is done to files that are written: each step can be made to fail in a test, so that every one of them is tried.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::Path;

/// A file that is written.
#[derive(Debug)]
pub(super) struct Written(File);

impl Written {
    pub(super) fn new(file: File) -> Self {
        Written(file)
    }

    /// Waits until all that was written is on the disk, and what the folder says of it.
    pub(super) fn sync_all(&self) -> io::Result<()> {
        step()?;
        self.0.sync_all()
    }

    /// Waits until all that was written is on the disk.
    pub(super) fn sync_data(&self) -> io::Result<()> {
        step()?;
        self.0.sync_data()
    }
}

impl Write for Written {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        step()?;
        self.0.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

/// Gives a file another name, in place of what bears it.
pub(super) fn rename(from: &Path, to: &Path) -> io::Result<()> {
    step()?;
    fs::rename(from, to)
}

/// One step: in a test that says so it fails, as where the disk is full.
#[cfg(not(test))]
fn step() -> io::Result<()> {
    Ok(())
}

#[cfg(test)]
use failing::step;
#[cfg(test)]
pub(super) use failing::{failing_at, steps};

#[cfg(test)]
mod failing {
    use std::cell::Cell;
    use std::io;

    thread_local! {
        static STEPS: Cell<usize> = const { Cell::new(0) };
        static FAILS: Cell<Option<usize>> = const { Cell::new(None) };
    }

    /// Does something of which the step at this place, from 0, fails, and every one after it too.
    pub(in crate::cli) fn failing_at<T>(at: usize, act: impl FnOnce() -> T) -> T {
        STEPS.set(0);
        FAILS.set(Some(at));
        let done = act();
        FAILS.set(None);
        done
    }

    /// How many steps were taken since.
    pub(in crate::cli) fn steps() -> usize {
        STEPS.get()
    }

    pub(super) fn step() -> io::Result<()> {
        let at = STEPS.get();
        STEPS.set(at + 1);
        match FAILS.get() {
            Some(fails) if at >= fails => Err(io::ErrorKind::StorageFull.into()),
            _ => Ok(()),
        }
    }
}
