//! The arguments of `choucha test` and `choucha check`.

use clap::{Arg, Command};

use super::Words;

impl Words {
    /// Rule sets by id, any number.
    pub(super) fn names(self) -> Arg {
        Arg::new("names")
            .value_name(self.pick("规则集", "RULESET"))
            .num_args(0..)
            .help(self.pick(
                "只看这些规则集；缺省为全部规则集",
                "these rule sets only; by default all of them",
            ))
    }

    pub(super) fn check(self) -> Command {
        self.task(
            "check",
            "检查规则集：多余、矛盾、不可能违反、遗漏条款、引文、写法",
            "check rule sets: unused, contradictory or impossible rules, missing clauses, quotes, style",
        )
        .arg(self.names())
        .arg(self.texts_folder())
        .arg(self.choice("format", &["text", "json"]).help(self.pick(
            "格式：text 文本，json；缺省为 text",
            "format: text or json; text by default",
        )))
        .args(self.shared())
    }

    pub(super) fn test(self) -> Command {
        self.task(
            "test",
            "运行规则集的测试（tests.yaml）",
            "run the tests of rule sets (tests.yaml)",
        )
        .arg(self.names())
        .arg(self.option("filter", ("文字", "TEXT")).help(self.pick(
            "只运行名称含有这些文字的测试",
            "only the tests whose names contain this",
        )))
        .arg(self.choice("format", &["text", "json"]).help(self.pick(
            "格式：text 文本，json；缺省为 text",
            "format: text or json; text by default",
        )))
        .args(self.shared())
    }
}
