//! Files of many cases, audited by the command.

use super::*;
use rust_xlsxwriter::Workbook;

/// A book with one sheet of texts.
fn book(folder: &Folder, name: &str, rows: &[&[&str]]) -> String {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    sheet.set_name("抽样").unwrap();
    for (row, cells) in (0..).zip(rows) {
        for (column, text) in (0..).zip(*cells) {
            sheet.write_string(row, column, *text).unwrap();
        }
    }
    let path = folder.path(name);
    book.save(&path).unwrap();
    path
}

const HEADER: &[&str] = &[
    "案卷编号",
    "适用规则集",
    "抽样日期",
    "抽样方式",
    "抽样人员",
    "抽样结果",
];
const SET: &str = "shanxi/2024-batch-1";

fn json(arguments: &[&str]) -> (serde_json::Value, u8) {
    let ran = ran(&[arguments, &["--format", "json"]].concat());
    (
        serde_json::from_str(&ran.out).unwrap_or_else(|e| panic!("{e}: {}", ran.err)),
        ran.code,
    )
}

#[test]
fn every_row_of_a_workbook_is_audited_and_evidence_names_its_cell() {
    let folder = Folder::new("book");
    let path = book(
        &folder,
        "book.xlsx",
        &[
            HEADER,
            &["示例-1", SET, "2024-3-1", "现场", "甲某", "完成抽样"],
            &["示例-2", SET, "2024-3-2", "现场", "甲某、乙某", "完成抽样"],
        ],
    );
    let (document, code) = json(&["audit", &path]);
    assert_eq!(code, 1);
    assert_eq!(document["summary"]["records"], 2);
    assert_eq!(document["cases"][0]["outcome"], "violated");
    let findings = document["cases"][0]["findings"].as_array().unwrap();
    let two = findings
        .iter()
        .find(|f| f["obligation"] == "sampling.at-least-two-samplers")
        .unwrap();
    let origin = two["evidence"][0]["origin"].as_str().unwrap();
    assert!(origin.ends_with("book.xlsx:抽样!E2"), "{origin}");
    assert_eq!(document["cases"][0]["source"]["path"], path);
    let schema = serde_json::from_str(&ran(&["schema", "audit"]).out).unwrap();
    assert!(jsonschema::is_valid(&schema, &document));
}

#[test]
fn what_of_a_row_cannot_be_read_is_reported_and_the_rest_is_judged_without_taking_it_for_missing() {
    let folder = Folder::new("partial");
    let path = book(
        &folder,
        "book.xlsx",
        &[
            &[HEADER, &["抽样结果"]].concat(),
            &["示例-1", SET, "2024-2-30", "现场", "甲某", "完成抽样"],
        ],
    );
    let (document, code) = json(&["audit", &path, "--assume-complete", "--all"]);
    assert_eq!(code, 2);
    let case = &document["cases"][0];
    assert_eq!(case["complete"], "open");
    assert_eq!(case["outcome"], "violated");
    let place = case["diagnostics"][0]["place"].as_str().unwrap();
    assert!(place.ends_with("book.xlsx:抽样!C2"), "{place}");
    assert_eq!(case["diagnostics"][0]["places"][0]["line"], 2);
    assert_eq!(case["diagnostics"][0]["places"][0]["column"], 3);
    let codes = case["diagnostics"].as_array().unwrap();
    assert!(
        codes.iter().any(|d| d["code"] == "record/partial"),
        "{case}"
    );
    // Only the duty the record settles is violated; silence settles none.
    assert_eq!(case["counts"]["violated"], 1, "{case}");
}

#[test]
fn files_of_every_kind_are_audited_together_and_all_are_accounted_for() {
    let folder = Folder::new("kinds");
    book(
        &folder,
        "a.xlsx",
        &[HEADER, &["示例-1", SET, "2024-3-1", "现场", "甲某、乙某"]],
    );
    fs::write(
        folder.path("b.csv"),
        format!("案卷编号,适用规则集,抽样日期\n示例-2,{SET},2024-3-1\n示例-1,{SET},2024-3-1\n"),
    )
    .unwrap();
    fs::write(
        folder.path("c.ndjson"),
        format!(
            "{{\"case\": {{\"number\": \"示例-3\", \"ruleset\": \"{SET}\"}}}}\n{{\"case\": 1}}\n"
        ),
    )
    .unwrap();
    fs::write(folder.path("d.xlsx"), "not a workbook").unwrap();
    fs::copy(late(), folder.path("e.yaml")).unwrap();
    fs::write(folder.path("columns.yaml"), "columns: {备注: 不读}\n").unwrap();
    fs::write(folder.path("~$a.xlsx"), "lock").unwrap();
    let root = folder.path("");
    let (document, code) = json(&["audit", &root]);
    assert_eq!(code, 2);
    let names: Vec<&str> = document["cases"]
        .as_array()
        .unwrap()
        .iter()
        .map(|case| case["case"].as_str().unwrap().rsplit('/').next().unwrap())
        .collect();
    assert_eq!(
        names[..5],
        ["示例-1", "示例-2", "示例-1", "示例-3", "c.ndjson:2"]
    );
    assert_eq!((names[5], names.len()), ("d.xlsx", 7));
    assert_eq!(document["summary"]["unaudited"], 2);
    let again = document["cases"][2]["diagnostics"].as_array().unwrap();
    let again = again
        .iter()
        .find(|d| d["code"] == "record/same-number")
        .unwrap();
    assert!(
        again["message"]
            .as_str()
            .unwrap()
            .contains("a.xlsx:抽样!A2"),
        "{again}"
    );

    let lines = ran(&["audit", &root, "--format", "ndjson"]);
    // After the cases come lines with findings across cases.
    let cases = lines
        .out
        .lines()
        .filter(|line| line.starts_with("{\"case\":"));
    assert_eq!(cases.count(), 7);
    let text = ran(&["audit", &root]);
    assert!(text.out.contains("共7份案卷"), "{}", text.out);
    assert!(text.err.contains("d.xlsx"), "{}", text.err);
}

#[test]
fn ndjson_comes_from_standard_input_too() {
    let line = format!("{{\"case\": {{\"ruleset\": \"{SET}\"}}}}\n");
    let ran = run_with(&["audit", "-", "--format", "ndjson"], &line.repeat(3), &[]);
    assert_eq!((ran.out.lines().count(), ran.code), (3, 4), "{}", ran.err);
}

#[test]
fn an_unknown_rule_set_is_reported_with_its_cell_and_the_other_rows_are_audited() {
    let folder = Folder::new("unknown");
    let path = book(
        &folder,
        "book.xlsx",
        &[
            HEADER,
            &[
                "示例-1",
                "shanxi/2024-batch-9",
                "2024-3-1",
                "现场",
                "甲某、乙某",
            ],
            &["示例-2", SET, "2024-3-2", "现场", "甲某、乙某", "完成抽样"],
        ],
    );
    let (document, code) = json(&["audit", &path]);
    assert_eq!(code, 2);
    assert_eq!(document["summary"]["unaudited"], 1);
    let place = document["cases"][0]["diagnostics"][0]["place"]
        .as_str()
        .unwrap();
    assert!(place.ends_with("抽样!B2"), "{place}");
    assert_eq!(document["cases"][1]["ruleset"], SET);
}

#[test]
fn a_mapping_is_given_or_lies_beside_the_table_and_a_wrong_one_is_reported() {
    let folder = Folder::new("mapped");
    let rows: &[&[&str]] = &[
        &["案卷编号", "规则", "抽样日"],
        &["示例-1", SET, "2024-3-1"],
    ];
    let path = book(&folder, "book.xlsx", rows);
    let mapping = "columns: {规则: case.ruleset, 抽样日: sampling.sampled_on}\n";
    let elsewhere = folder.path("m.yml");
    fs::write(&elsewhere, mapping).unwrap();
    let (given, _) = json(&["audit", &path, "--columns", &elsewhere]);
    fs::write(folder.path("columns.yaml"), mapping).unwrap();
    let (beside, _) = json(&["audit", &path]);
    assert_eq!(given, beside);
    assert_eq!(given["cases"][0]["ruleset"], SET);
    fs::write(
        folder.path("columns.yaml"),
        "columns: {规则: case.rulset}\n",
    )
    .unwrap();
    let (wrong, code) = json(&["audit", &path]);
    assert_eq!(
        (code, &wrong["summary"]["unaudited"]),
        (2, &serde_json::json!(1))
    );
    assert_eq!(wrong["cases"][0]["diagnostics"][0]["code"], "table/mapping");
}

#[test]
fn a_template_is_written_and_audited_and_an_unknown_rule_set_is_reported() {
    let folder = Folder::new("template");
    for lang in ["zh", "en"] {
        let path = folder.path(&format!("{lang}.xlsx"));
        let written = ran(&["template", SET, "-o", &path, "--lang", lang]);
        assert_eq!((written.code, written.err.as_str()), (0, ""));
        let audited = ran(&["audit", &path, "--lang", "en"]);
        assert_eq!(audited.code, 2);
        assert!(
            audited.err.contains("no cases below the header"),
            "{}",
            audited.err
        );
        assert!(!audited.err.contains("table/"), "{}", audited.err);
    }
    let unknown = ran(&[
        "template",
        "shanxi/2024-batch-9",
        "-o",
        &folder.path("t.xlsx"),
        "--lang",
        "en",
    ]);
    assert_eq!(unknown.code, 2);
    assert!(unknown.err.contains("did you mean"), "{}", unknown.err);
    assert_eq!(ran(&["template", SET]).code, 2);
}

#[test]
fn a_table_as_an_office_keeps_it_is_audited() {
    let (document, code) = json(&[
        "audit",
        &fixture("tables/台账.xlsx"),
        "--as-of",
        "2024-05-31",
        "--all",
    ]);
    assert_eq!(
        (code, &document["summary"]["records"]),
        (2, &serde_json::json!(3))
    );
    let outcome = |case: usize, duty: &str| {
        let findings = document["cases"][case]["findings"].as_array().unwrap();
        let finding = findings.iter().find(|f| f["obligation"] == duty).unwrap();
        let origin = finding["evidence"]
            .as_array()
            .unwrap()
            .iter()
            .filter_map(|e| e["origin"].as_str())
            .map(|origin| origin.rsplit('/').next().unwrap().to_owned())
            .next_back();
        (
            finding["outcome"].as_str().unwrap().to_owned(),
            origin.unwrap_or_default(),
        )
    };
    let samplers = "sampling.at-least-two-samplers";
    assert_eq!(
        outcome(0, samplers),
        ("satisfied".to_owned(), "台账.xlsx:抽样!F4".to_owned())
    );
    assert_eq!(
        outcome(1, samplers),
        ("violated".to_owned(), "台账.xlsx:抽样!F5".to_owned())
    );
    // Mailed on 20 March, due on the 8th; the third case's day is unreadable.
    let mailed = "report.failed.mail-to-province";
    assert_eq!(outcome(1, mailed).0, "violated");
    assert_eq!(outcome(2, mailed).0, "undetermined");
    let wrong = &document["cases"][2]["diagnostics"][0];
    assert!(
        wrong["place"]
            .as_str()
            .unwrap()
            .ends_with("台账.xlsx:抽样!I7"),
        "{wrong}"
    );
}

#[test]
fn cells_struck_out_are_counted_once_though_a_case_is_read_twice() {
    let folder = Folder::new("struck-out");
    // The same number twice: the second case is read again to report it.
    let row: &[&str] = &["示例-1", SET, "2024-3-1", "现场", "/"];
    let path = book(&folder, "book.xlsx", &[HEADER, row, row]);
    for threads in ["1", "3"] {
        for table in [&[][..], &["--by", "role"]] {
            let ran = ran(&[&["audit", &path, "--threads", threads], table].concat());
            assert!(ran.err.contains("有2个单元格"), "{}", ran.err);
        }
    }
}

/// The outcomes on the campaign itself, by obligation.
fn of_campaign(document: &serde_json::Value) -> std::collections::BTreeMap<String, String> {
    let groups = document["campaigns"].as_array().unwrap().iter();
    groups
        .flat_map(|campaign| campaign["groups"].as_array().unwrap())
        .filter(|group| group["scope"] == "campaign")
        .flat_map(|group| group["findings"].as_array().unwrap())
        .map(|finding| {
            let word = |key: &str| finding[key].as_str().unwrap().to_owned();
            (word("obligation"), word("outcome"))
        })
        .collect()
}

#[test]
fn the_record_of_a_campaign_alone_is_audited_as_beside_its_cases_and_nothing_said_of_cases() {
    for name in [
        "chongqing-2021-follow-up",
        "jiangsu-zhangjiagang-2021",
        "shanxi-2021-158-coal",
        "shanxi-2021-159-machinery-daily-textile",
        "shanxi-2024-batch-1",
        "shanxi-datong-2025",
    ] {
        let files = fixture(&format!("campaigns/{name}/files"));
        let path = format!("{files}/campaign.yaml");
        let (whole, _) = json(&["audit", &files, "--all"]);
        let (whole, alone) = (of_campaign(&whole), json(&["audit", &path, "--all"]));
        let (document, code) = alone;
        assert_eq!((code, &document["summary"]["records"]), (1, &0.into()));
        assert_eq!(document["diagnostics"][0]["code"], "campaign/no-cases");
        let alone = of_campaign(&document);
        assert!(alone.len() > 4 && alone.len() < whole.len(), "{alone:?}");
        for (obligation, outcome) in &alone {
            assert_eq!(whole.get(obligation), Some(outcome), "{name}: {obligation}");
        }
        let text = fs::read_to_string(&path).unwrap();
        let piped = run_with(&["audit", "-", "--format", "json", "--all"], &text, &[]);
        let piped = serde_json::from_str(&piped.out).unwrap();
        assert_eq!(of_campaign(&piped), alone, "{name}");
    }
}

#[test]
fn the_record_of_a_campaign_that_no_rule_set_is_named_by_asks_for_one() {
    let folder = Folder::new("campaign-unnamed");
    let path = folder.path("campaign.yaml");
    fs::write(
        &path,
        "campaign:\n  name: 某次抽查\n  filed_on: 2024-01-03\n",
    )
    .unwrap();
    let ran = ran(&["audit", &path]);
    assert_eq!(ran.code, 2);
    assert!(
        ran.err.contains("整批抽查的记录没有写明适用的规则集"),
        "{}",
        ran.err
    );
    let ran = super::ran(&["audit", &path, "--ruleset", SET]);
    assert_eq!(ran.code, 4, "{}{}", ran.out, ran.err);
    assert!(ran.out.contains("【跨案审查】"), "{}", ran.out);
}

#[test]
fn an_input_without_a_case_or_of_another_kind_is_said_to_be_so_and_ends_with_2() {
    let folder = Folder::new("kinds");
    let workbook = book(
        &folder,
        "book.xlsx",
        &[HEADER, &["示例-1", SET, "2024-3-1", "现场", "甲某"]],
    );
    let bytes = fs::read(&workbook).unwrap();
    let row = "案卷编号\t适用规则集\t抽样日期\n示例-1\tnational/order-18\t2024-03-01\n";
    let utf16: Vec<u8> = std::iter::once(0xfeff_u16)
        .chain(row.encode_utf16())
        .flat_map(u16::to_le_bytes)
        .collect();
    for (name, content, said) in [
        ("a.ndjson", Vec::new(), "文件里没有案卷"),
        ("b.ndjson", b"\n\n  \n".to_vec(), "文件里没有案卷"),
        ("c.csv", bytes.clone(), "把扩展名改为 .xlsx"),
        ("d.txt", utf16, "把扩展名改为 .tsv"),
        (
            "e.xlsx",
            bytes[..bytes.len() / 2].to_vec(),
            "没有压缩包的目录",
        ),
    ] {
        let path = folder.path(name);
        fs::write(&path, content).unwrap();
        let ran = ran(&["audit", &path]);
        assert_eq!(ran.code, 2, "{name}");
        let all = format!("{}{}", ran.out, ran.err);
        assert!(all.contains(said), "{name}: {all}");
        assert!(!all.contains("EOCD"), "{name}: {all}");
    }
}

#[test]
fn nearly_equal_names_are_a_question_and_neither_a_breach_nor_a_pass() {
    let folder = Folder::new("near");
    let audit = |name: &str, sampler: &str, tester: &str| {
        let more = ["检验人员", "现场检验", "检验完成情况", "检验完成日期"];
        let header = [HEADER, &more].concat();
        let set = "national/order-18";
        let of_sampling = ["示例-1", set, "2024-3-1", "现场抽样", sampler, "完成抽样"];
        let of_test = [tester, "否", "完成检验", "2024-3-9"];
        let row = [&of_sampling[..], &of_test].concat();
        let path = book(&folder, name, &[&header, &row]);
        let (document, _) = json(&["audit", &path, "--all"]);
        let findings = document["cases"][0]["findings"].as_array().unwrap().clone();
        let mut found = findings.into_iter().filter(|f| {
            f["obligation"]
                .as_str()
                .unwrap()
                .ends_with("testing.not-by-samplers")
        });
        found.next().unwrap()
    };
    let same = audit("a.xlsx", "李海燕（组长）、张\u{200b}甲", "张甲、王丙");
    assert_eq!(same["outcome"], "violated");
    let near = audit("b.xlsx", "李海燕、张甲", "李海艳、王丙");
    assert_eq!(near["outcome"], "undetermined", "{near:#}");
    let because = near["because"].as_str().unwrap();
    assert!(because.contains("“李海燕”与“李海艳”"), "{because}");
    let other = audit("c.xlsx", "李海燕、张甲", "赵丁、王丙");
    assert_eq!(other["outcome"], "satisfied");
}
