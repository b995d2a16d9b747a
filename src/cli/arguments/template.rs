//! The arguments of `choucha template`.

use clap::{Arg, ArgAction, Command};

use super::Words;

impl Words {
    pub(super) fn template(self) -> Command {
        self.task(
            "template",
            "生成供填写的工作簿（xlsx）：规则集用到的事项，每案一行",
            "write the workbook to fill in (xlsx): the facts a rule set reads, a row a case",
        )
        .arg(
            Arg::new("name")
                .value_name(self.pick("规则集", "RULESET"))
                .required(true)
                .help(self.pick(
                    "规则集编号或者名称，如 shanxi/2024-batch-1",
                    "the rule set, by id or title, as shanxi/2024-batch-1",
                )),
        )
        .arg(
            Arg::new("vertical")
                .long("vertical")
                .action(ArgAction::SetTrue)
                .help(self.pick(
                    "每案一个工作表，事项竖排",
                    "a sheet a case, with a fact a row",
                )),
        )
        .args(self.shared())
        .mut_arg("output", |output| {
            output.required(true).help(self.pick(
                "工作簿的文件名，如 台账.xlsx",
                "the name of the workbook, as cases.xlsx",
            ))
        })
    }
}
