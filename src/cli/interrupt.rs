//! Ctrl-C, and the signals that ask a process to end.

#[cfg(unix)]
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
#[cfg(not(target_family = "wasm"))]
use std::sync::atomic::Ordering;

/// Whether the user has interrupted the run.
pub(super) static INTERRUPTED: AtomicBool = AtomicBool::new(false);

/// The exit code of an interrupted process, by the convention of shells.
#[cfg(not(target_family = "wasm"))]
const AT_ONCE: i32 = 130;

/// On the first interruption, ends a long run and keeps what is done; on the second, ends at once.
#[cfg(not(target_family = "wasm"))]
pub(super) fn heed() {
    // If no handler can be set, an interruption ends the process as before.
    let _ = ctrlc::set_handler(|| {
        if INTERRUPTED.swap(true, Ordering::Relaxed) {
            std::process::exit(AT_ONCE);
        }
    });
}

/// Turns a file that may not grow further into an error that is reported, instead of ending the process.
#[cfg(unix)]
pub(super) fn survive_full_files() {
    // Where it cannot be heeded, it ends the process, as it did before.
    let _ = signal_hook::flag::register(signal_hook::consts::SIGXFSZ, Arc::default());
}

/// There are no such limits.
#[cfg(not(unix))]
pub(super) fn survive_full_files() {}

/// In the page a run is ended from outside, by ending its worker.
#[cfg(target_family = "wasm")]
pub(super) fn heed() {}
