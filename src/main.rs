//! The command `choucha`.

use std::process::ExitCode;

/// Loading the rules makes some hundred thousand short-lived allocations: an allocator made for that
/// takes a tenth off a cold start.
#[cfg(not(target_family = "wasm"))]
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    // The page gives the command a folder for what does not fit in memory; the command cannot find it by itself.
    #[cfg(target_family = "wasm")]
    choucha::campaign::scratch_in(std::path::Path::new("/tmp"));
    choucha::cli::main()
}
