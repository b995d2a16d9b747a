//! The arguments of `choucha rules` and `choucha diff`.

use clap::{Arg, Command};

use super::Words;
use choucha_core::value::Day;

impl Words {
    pub(super) fn rules(self) -> Command {
        self.task(
            "rules",
            "列出规则集和义务",
            "list rule sets and obligations",
        )
        .arg(
            Arg::new("name")
                .value_name(self.pick("规则集或义务", "RULESET|OBLIGATION"))
                .help(self.pick(
                    "只列该规则集；或者解释该义务",
                    "list this rule set only, or explain this obligation",
                )),
        )
        .arg(
            self.option("effective", ("规则集", "RULESET"))
                .conflicts_with("name")
                .help(self.pick(
                    "列出该规则集在某日有效的全部义务，写明各部分出自哪一层",
                    "every duty in force under this rule set on a day, with the layer each part came from",
                )),
        )
        .arg(
            self.option("at", ("日期", "DATE"))
                .requires("effective")
                .value_parser(|text: &str| Day::parse(text).ok_or("date"))
                .help(self.pick(
                    "哪一日有效，如 2024-03-01；缺省为今日",
                    "the day, as 2024-03-01; today by default",
                )),
        )
        .arg(self.choice("format", &["text", "json"]).help(self.pick(
            "格式：text 文本，json；缺省为 text",
            "format: text or json; text by default",
        )))
        .args(self.shared())
    }

    pub(super) fn diff(self) -> Command {
        self.task(
            "diff",
            "比较两个规则集：新增、取消、更严、放宽、不同、仅措辞不同的义务",
            "compare two rule sets: duties added, dropped, tightened, relaxed, unlike, reworded",
        )
        .arg(
            Arg::new("before")
                .value_name(self.pick("原规则集", "BEFORE"))
                .required(true)
                .help(self.pick("从该规则集", "from this rule set")),
        )
        .arg(
            Arg::new("after")
                .value_name(self.pick("新规则集", "AFTER"))
                .required_unless_present("against")
                .help(self.pick(
                    "到该规则集；有 --against 的可以省略，为同一规则集",
                    "to this one; with --against it may be left out: the same",
                )),
        )
        .arg(self.path("against", ("文件夹", "DIR")).help(self.pick(
            "新规则集取自该规则文件夹，原规则集取自 --rules 或者程序内置的规则",
            "take the rule set compared to from this rules folder, the other from --rules or those built in",
        )))
        .arg(self.flag(
            "own",
            "只比较规则集自行规定的义务，不含所包含的规则集",
            "compare only the duties each rule set declares itself, not those it includes",
        ))
        .arg(
            self.choice("format", &["text", "json", "markdown"])
                .help(self.pick(
                    "格式：text 文本，json，markdown；缺省为 text",
                    "format: text, json or markdown; text by default",
                )),
        )
        .args(self.shared())
    }
}
