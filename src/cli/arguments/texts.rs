//! The arguments of `choucha coverage` and `choucha texts`.

use clap::builder::PossibleValuesParser;
use clap::{Arg, Command};

use super::Words;

impl Words {
    pub(super) fn texts_folder(self) -> Arg {
        self.path("texts", ("文件夹", "DIR")).help(self.pick(
            "规范文件的文本所在的文件夹，文件名见登记表的 text",
            "the folder of the instruments' texts; the registry names the files as `text`",
        ))
    }

    pub(super) fn coverage(self) -> Command {
        self.task(
            "coverage",
            "逐条核对规范文件的每一句由哪项义务回应",
            "account for every sentence of an instrument",
        )
        .arg(
            Arg::new("name")
                .value_name(self.pick("规则集", "RULESET"))
                .help(self.pick(
                    "只核对该规则集；缺省为全部规则集",
                    "this rule set only; by default all of them",
                )),
        )
        .arg(self.texts_folder())
        .arg(
            self.choice("format", &["text", "json", "html"])
                .help(self.pick(
                    "格式：text 文本，json，html 网页；缺省为 text",
                    "format: text, json or html; text by default",
                )),
        )
        .arg(self.flag(
            "all",
            "列出每一条，不只是遗漏的",
            "list every clause, not only those that are missing",
        ))
        .args(self.shared())
    }

    pub(super) fn texts(self) -> Command {
        self.task(
            "texts",
            "核对引文，锁定规范文件的条款",
            "check quotes and lock the clauses of instruments",
        )
        .arg(
            Arg::new("action")
                .value_name(self.pick("动作", "ACTION"))
                .required(true)
                .value_parser(PossibleValuesParser::new(["check", "lock"]))
                .help(self.pick(
                    "check 核对每处引文，lock 写锁定文件（写入 --rules 的文件夹）",
                    "check every quote, or write the locks into the folder of --rules",
                )),
        )
        .arg(self.texts_folder())
        .args(self.shared())
    }
}
