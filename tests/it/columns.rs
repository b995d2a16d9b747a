//! `choucha columns`: how tables are read, from outside.

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Output};

use serde_json::Value;

fn folder(of: &str) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(of);
    if folder.exists() {
        fs::remove_dir_all(&folder).unwrap();
    }
    fs::create_dir_all(&folder).unwrap();
    folder
}

fn choucha(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_choucha"))
        .args(arguments)
        .args(["--color", "never"])
        .output()
        .unwrap()
}

const TABLE: &str = "案卷编号,抽检时间,检验结论\n甲-1,2024-01-22,P\n";

#[test]
fn what_is_reported_tables_is_as_its_schema_says() {
    let schema: Value = serde_json::from_slice(&choucha(&["schema", "columns"]).stdout).unwrap();
    let validator = jsonschema::draft202012::new(&schema).unwrap();
    let folder = folder("columns-schema");
    let table = folder.join("台账.csv");
    fs::write(&table, TABLE).unwrap();
    let fixtures = "fixtures/campaigns/shanxi-2024-batch-1/workbook";
    for path in [table.to_str().unwrap(), fixtures, "no-such-file.xlsx"] {
        let told = choucha(&["columns", path, "--format", "json", "--lang", "zh"]);
        let told: Value = serde_json::from_slice(&told.stdout).unwrap();
        let errors: Vec<String> = validator
            .iter_errors(&told)
            .map(|e| e.to_string())
            .collect();
        assert!(errors.is_empty(), "{path}: {errors:?}");
    }
}

#[test]
fn a_mapping_is_used_at_once_and_the_exit_code_says_whether_all_is_read() {
    let folder = folder("columns-mapping");
    let table = folder.join("台账.csv");
    fs::write(&table, TABLE).unwrap();
    let table = table.to_str().unwrap();
    let open = choucha(&["columns", table, "--lang", "zh"]);
    let text = String::from_utf8(open.stdout).unwrap();
    assert_eq!(open.status.code(), Some(1), "{text}");
    assert!(
        text.contains("B1 抽检时间：没有读取：填的是日期，不知道是哪一项；可能是："),
        "{text}"
    );
    assert!(text.contains("读不出：`P`（第2行）"), "{text}");
    let mapping = folder.join("columns.yaml");
    let written = "sheets: {台账: {columns: {抽检时间: sampling.sampled_on}}}\nvalues: {report.conclusion: {P: 合格}}\n";
    fs::write(&mapping, written).unwrap();
    let read = choucha(&["columns", table, "--lang", "en"]);
    let text = String::from_utf8(read.stdout).unwrap();
    assert_eq!(read.status.code(), Some(0), "{text}");
    assert!(
        text.contains("(sampling.sampled_on), by columns.yaml"),
        "{text}"
    );
}

#[test]
fn what_is_no_table_is_refused() {
    let dossier = "fixtures/shanxi-2024-batch-1/late-mailing.yaml";
    for path in [dossier, "no-such-file.csv", "fixtures/shanxi-2024-batch-1"] {
        let refused = choucha(&["columns", path, "--lang", "en"]);
        assert_eq!(refused.status.code(), Some(2), "{path}");
        assert!(!refused.stderr.is_empty(), "{path}");
    }
}
