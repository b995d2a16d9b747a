//! `choucha audit --assume`: what if a fact were otherwise, from outside.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

const LATE: &str = "fixtures/shanxi-2024-batch-1/late-mailing.yaml";

fn audit(arguments: &[&str]) -> Value {
    let told = Command::new(env!("CARGO_BIN_EXE_choucha"))
        .arg("audit")
        .args(arguments)
        .args(["--format", "json", "--lang", "zh"])
        .output()
        .unwrap();
    serde_json::from_slice(&told.stdout).unwrap()
}

fn mailing(case: &Value) -> &Value {
    let findings = case["findings"].as_array().unwrap();
    let mut findings = findings.iter();
    findings
        .find(|finding| finding["obligation"] == "report.failed.mail-to-province")
        .unwrap()
}

fn assumed(case: &Value) -> usize {
    let all = case["diagnostics"].as_array().unwrap().iter();
    all.filter(|problem| problem["code"] == "record/assumed")
        .count()
}

#[test]
fn an_assumption_changes_what_is_found_and_is_said() {
    let before = audit(&[LATE]);
    assert_eq!(mailing(&before["cases"][0])["outcome"], "violated");
    assert_eq!(assumed(&before["cases"][0]), 0);
    let after = audit(&[LATE, "--assume", "report.to_province.posted_on=2024-03-08"]);
    let case = &after["cases"][0];
    let finding = mailing(case);
    assert_eq!(
        (&finding["outcome"], assumed(case)),
        (&Value::from("satisfied"), 1)
    );
    let mut evidence = finding["evidence"].as_array().unwrap().iter();
    let fact = evidence
        .find(|item| item["fact"] == "report.to_province.posted_on")
        .unwrap();
    assert_eq!(fact["origin_kind"], "assumed");
}

#[test]
fn an_assumption_is_made_of_every_case_and_does_not_make_two_of_them_one() {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("assume");
    fs::create_dir_all(&folder).unwrap();
    let text = fs::read_to_string(Path::new(LATE)).unwrap();
    fs::write(folder.join("甲.yaml"), &text).unwrap();
    let other = text.replace("posted_on: 2024-03-12", "posted_on: 2024-03-11");
    fs::write(folder.join("乙.yaml"), other).unwrap();
    let folder = folder.to_str().unwrap();
    let told = audit(&[
        folder,
        "--assume",
        "report.to_province.posted_on=2024-03-08",
    ]);
    let cases = told["cases"].as_array().unwrap();
    assert_eq!(cases.len(), 2);
    for case in cases {
        assert_eq!(
            (&mailing(case)["outcome"], assumed(case)),
            (&Value::from("satisfied"), 1)
        );
    }
    // They bear one number and differ in what they say.
    let problems = cases
        .iter()
        .flat_map(|case| case["diagnostics"].as_array().unwrap());
    let codes: Vec<&Value> = problems.map(|problem| &problem["code"]).collect();
    assert!(
        codes.contains(&&Value::from("record/same-number")),
        "{codes:?}"
    );
    assert!(
        !codes.contains(&&Value::from("record/same-dossier")),
        "{codes:?}"
    );
}
