//! Ctrl-C, and the signals that ask a process to end.

use std::sync::atomic::AtomicBool;
#[cfg(not(target_family = "wasm"))]
use std::sync::atomic::Ordering;

/// Whether the user has asked the run to end.
pub(super) static INTERRUPTED: AtomicBool = AtomicBool::new(false);

/// How a process ends that was interrupted, as shells know it.
#[cfg(not(target_family = "wasm"))]
const AT_ONCE: i32 = 130;

/// Ends a long run with what is done when the user interrupts it; at once when he does so again.
#[cfg(not(target_family = "wasm"))]
pub(super) fn heed() {
    // Where it cannot be heeded, an interruption ends the process, as it did before.
    let _ = ctrlc::set_handler(|| {
        if INTERRUPTED.swap(true, Ordering::Relaxed) {
            std::process::exit(AT_ONCE);
        }
    });
}

/// In the page a run is ended from outside: the worker it runs in goes.
#[cfg(target_family = "wasm")]
pub(super) fn heed() {}
