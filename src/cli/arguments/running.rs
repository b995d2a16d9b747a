//! The options of a long audit.

use std::num::NonZeroUsize;

use clap::Arg;

use super::Words;

/// The limit of threads.
const MOST: usize = 512;

impl Words {
    /// The number of threads.
    pub(super) fn threads(self) -> Arg {
        self.option("threads", ("数目", "N"))
            .value_parser(|text: &str| {
                let number = text.parse::<NonZeroUsize>().ok();
                number.filter(|n| n.get() <= MOST).ok_or("number")
            })
            .help(self.pick(
                "用几个线程审查，1 至 512；缺省为处理器核数；结果与此无关",
                "how many threads audit, 1 to 512; by default as many as there are cores; the results do not depend on it",
            ))
    }

    /// The options of an audit of many cases.
    pub(super) fn running(self) -> [Arg; 2] {
        [
            self.threads(),
            self.flag(
                "resume",
                "接着进行被中断的审查（与 --format ndjson 和 --output 一起使用）",
                "continue an audit that was interrupted (with --format ndjson and --output)",
            ),
        ]
    }
}
