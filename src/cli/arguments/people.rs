//! The arguments of `choucha people`, and those `choucha audit` shares with it.

use clap::builder::PossibleValuesParser;
use clap::{Arg, Command, value_parser};
use std::path::PathBuf;

use super::Words;

impl Words {
    /// The paths of dossiers.
    pub(super) fn paths(self) -> Arg {
        Arg::new("paths")
            .value_name(self.pick("路径", "PATH"))
            .value_parser(value_parser!(PathBuf))
            .num_args(1..)
            .required(true)
            .help(self.pick(
                "案卷（yaml、json）、多案文件（ndjson、csv、xlsx、xls、ods）、文件夹，或 -（标准输入）；可以有多个",
                "dossiers (yaml, json), files of many cases (ndjson, csv, xlsx, xls, ods), folders, or - (standard input); any number",
            ))
    }

    /// The mapping of table columns.
    pub(super) fn columns(self) -> Arg {
        self.path("columns", ("文件", "FILE")).help(self.pick(
            "写明表格各列含义的文件；缺省为表格旁边的 columns.yaml",
            "what the columns of tables mean; by default columns.yaml beside the table",
        ))
    }

    /// The kind of subject in the rows of a table.
    pub(super) fn by(self) -> Arg {
        self.option("by", ("对象", "SUBJECT"))
            .value_parser(PossibleValuesParser::new([
                "person",
                "organisation",
                "role",
                "county",
                "product",
                "obligation",
            ]))
            .help(self.pick(
                "不逐案报告，只出一张汇总表：按 person 人员、organisation 单位、role 义务主体、county 县区、product 产品、obligation 义务",
                "instead of the cases, one table: by person, organisation, role, county, product or obligation",
            ))
    }

    /// Whether to mask persons.
    pub(super) fn mask(self) -> Arg {
        self.flag(
            "mask",
            "隐去个人信息：人员用代号，其他个人信息不显示",
            "hide personal data: persons get pseudonyms, other personal values are struck out",
        )
    }

    pub(super) fn people(self) -> Command {
        self.task(
            "people",
            "汇总抽样、检验人员和各机构、部门的履职情况，并列出几起案卷对照才能看到的记载",
            "sum up what samplers, testers, agencies and bureaus owed, met and broke, and what only several cases show",
        )
        .arg(self.paths())
        .arg(self.ruleset())
        .arg(self.as_of())
        .arg(self.assume_complete())
        .arg(self.columns())
        .arg(self.choice("format", &["text", "json", "csv"]).help(self.pick(
            "格式：text 文本，json，csv 只有汇总表；缺省为 text",
            "format: text, json, or csv (the table only); text by default",
        )))
        .arg(self.mask())
        .arg(self.threads())
        .args(self.shared())
    }
}
