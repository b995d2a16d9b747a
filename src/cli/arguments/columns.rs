//! The arguments of `choucha columns`.

use clap::Command;

use super::Words;

impl Words {
    pub(super) fn columns_task(self) -> Command {
        self.task(
            "columns",
            "逐列说明表格读成什么：认不出的列、读不出的内容",
            "tell what every column of a table is read as: which are not known, and which words are not understood",
        )
        .arg(self.paths().help(self.pick(
            "表格（xlsx、xls、ods、csv），或者装有表格的文件夹",
            "tables (xlsx, xls, ods, csv), or folders that hold some",
        )))
        .arg(self.columns())
        .arg(self.choice("format", &["text", "json"]).help(self.pick(
            "格式：text 文本，json；缺省为 text",
            "format: text or json; text by default",
        )))
        .args(self.shared())
    }
}
