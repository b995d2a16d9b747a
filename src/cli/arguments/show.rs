//! The arguments of `choucha explain`, `choucha graph` and `choucha schema`.

use clap::builder::PossibleValuesParser;
use clap::{Arg, Command};

use super::Words;

impl Words {
    pub(super) fn explain(self) -> Command {
        self.task(
            "explain",
            "解释一项义务（条文、条件、所用事实、期限），或者一个诊断代码",
            "explain an obligation (clause, conditions, facts, deadline), or the code of a diagnostic",
        )
        .arg(
            Arg::new("obligation")
                .value_name(self.pick("义务或代码", "OBLIGATION|CODE"))
                .required(true)
                .help(self.pick(
                    "义务的编号，如 report.failed.mail-to-province；或者诊断代码，如 lint/never-violated",
                    "its id, as report.failed.mail-to-province; or the code, as lint/never-violated",
                )),
        )
        .arg(self.ruleset())
        .args(self.shared())
    }

    pub(super) fn graph(self) -> Command {
        self.task(
            "graph",
            "画出义务之间的关系",
            "draw the graph of obligations",
        )
        .arg(
            Arg::new("name")
                .value_name(self.pick("规则集", "RULESET"))
                .help(self.pick(
                    "规则集编号或者名称；用 --case 的可以省略",
                    "the rule set, by id or title; may be left out with --case",
                )),
        )
        .arg(self.path("case", ("文件", "FILE")).help(self.pick(
            "按该案卷的审查结果着色",
            "colour it by the findings on this dossier",
        )))
        .arg(self.as_of())
        .arg(self.assume_complete())
        .arg(self.choice("format", &["dot", "svg"]).help(self.pick(
            "格式：dot 或 svg；缺省为 dot",
            "format: dot or svg; dot by default",
        )))
        .args(self.shared())
    }

    pub(super) fn schema(self) -> Command {
        self.task("schema", "输出 JSON Schema", "print a JSON Schema")
            .arg(
                Arg::new("kind")
                    .value_name(self.pick("对象", "OF"))
                    .value_parser(PossibleValuesParser::new([
                        "record", "audit", "rules", "coverage", "test", "tests", "check", "diff",
                        "effective",
                        "conduct",
                        "people",
                        "page",
                        "project",
                        "columns",
                    ]))
                    .help(self.pick(
                        "record 案卷记录（供编辑器补全和检查），audit 审查结果，rules 规则，coverage 条款覆盖，test 规则测试的结果，tests 规则测试文件 tests.yaml，check 规则检查的结果，diff 规则集差异，effective 有效义务，conduct 汇总表，people 人员和机构，page 网页读取的数据，project 审查项目文件，columns 表格各列的读法；缺省为 record",
                        "record (for editors), audit (results), rules, coverage, test (results of rule tests), tests (the file tests.yaml), check (results of rule checks), diff, effective, conduct (tables), people, page (what the page reads), project (files the page saves) or columns (how tables are read); record by default",
                    )),
            )
            .args(self.shared())
    }
}
