//! The progress of an audit of many cases, shown on a terminal.

use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use choucha_core::lang::Lang;
use choucha_intake::batch::{FileKind, Input};

/// How long an audit runs before progress is shown.
const PATIENCE: Duration = Duration::from_millis(500);

/// A bar, or nothing.
pub(super) struct Progress {
    bar: Option<ProgressBar>,
    lang: Lang,
    begun: Instant,
    shown: bool,
    cases: usize,
    /// The cases of the interrupted run, which do not count for the rate.
    before: usize,
}

impl Progress {
    /// A bar on standard error, if wanted. The total is the size of the inputs in bytes, as far as known.
    pub(super) fn new(wanted: bool, lang: Lang, inputs: &[Input]) -> Self {
        let bar = wanted.then(|| {
            let known = inputs.iter().all(|input| input.kind != FileKind::Stream);
            let sizes = inputs.iter().map(size);
            let bar = match known {
                true => ProgressBar::with_draw_target(
                    Some(sizes.sum::<u64>().max(1)),
                    ProgressDrawTarget::hidden(),
                ),
                false => ProgressBar::with_draw_target(None, ProgressDrawTarget::hidden()),
            };
            let template = match (known, lang) {
                (true, Lang::Zh) => "{bar:30} {percent}% {msg} 剩余 {eta_precise}",
                (true, Lang::En) => "{bar:30} {percent}% {msg}, {eta_precise} left",
                (false, _) => "{elapsed_precise} {msg}",
            };
            match ProgressStyle::with_template(template) {
                Ok(style) => bar.with_style(style.progress_chars("=> ")),
                Err(_) => bar,
            }
        });
        Progress {
            bar,
            lang,
            begun: Instant::now(),
            shown: false,
            cases: 0,
            before: 0,
        }
    }

    /// Whether anything is shown.
    pub(super) fn is_wanted(&self) -> bool {
        self.bar.is_some()
    }

    /// Adds finished cases and their bytes.
    pub(super) fn advance(&mut self, cases: usize, before: usize, bytes: u64) {
        self.cases += cases;
        self.before += before;
        let Some(bar) = &self.bar else {
            return;
        };
        bar.inc(bytes);
        let elapsed = self.begun.elapsed();
        if elapsed < PATIENCE {
            return;
        }
        if !std::mem::replace(&mut self.shown, true) {
            bar.set_draw_target(ProgressDrawTarget::stderr());
        }
        let done = self.cases - self.before;
        let rate = done as u64 * 1000
            / u64::try_from(elapsed.as_millis())
                .unwrap_or(u64::MAX)
                .max(1);
        let cases = self.cases;
        bar.set_message(match self.lang {
            Lang::Zh => format!("{cases} 份，每秒 {rate} 份"),
            Lang::En => format!("{cases} dossiers, {rate}/s"),
        });
    }

    /// Runs `write`, which writes to the same terminal, without disturbing the bar.
    pub(super) fn aside<T>(&self, write: impl FnOnce() -> T) -> T {
        match &self.bar {
            Some(bar) if self.shown => bar.suspend(write),
            _ => write(),
        }
    }

    /// Removes the bar.
    pub(super) fn end(&mut self) {
        if let Some(bar) = self.bar.take() {
            bar.finish_and_clear();
        }
    }
}

fn size(input: &Input) -> u64 {
    std::fs::metadata(&input.path).map_or(0, |data| data.len())
}
