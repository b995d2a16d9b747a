//! `choucha test` on the rules we ship, and on rules whose tests are wrong.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn choucha(args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_choucha"))
        .args(args)
        .output()
        .unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

/// A copy of the rules we ship with one file of tests replaced.
fn rules_with(name: &str, tests: &str) -> PathBuf {
    let to = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = fs::remove_dir_all(&to);
    copy(&root().join("rules"), &to);
    fs::write(to.join("national/order-18/tests.yaml"), tests).unwrap();
    to
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let target = to.join(path.file_name().unwrap());
        if path.is_dir() {
            copy(&path, &target);
        } else {
            fs::copy(&path, &target).unwrap();
        }
    }
}

#[test]
fn every_test_of_the_rules_we_ship_passes() {
    let output = choucha(&["test", "--format", "json", "--lang", "en"]);
    let json: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    assert_eq!(text(&output.stderr), "");
    let schema = choucha(&["schema", "test"]).stdout;
    let schema: Value = serde_json::from_slice(&schema).unwrap();
    let validator = jsonschema::draft202012::new(&schema).unwrap();
    if let Err(error) = validator.validate(&json) {
        panic!("{error}");
    }
    assert_eq!(json["passed"], true);
    let order = json["rulesets"]
        .as_array()
        .unwrap()
        .iter()
        .find(|set| set["ruleset"] == "national/order-18")
        .unwrap();
    assert_eq!(order["tests"], order["passed"]);
    // An objection not in writing has no effect, and revocation has its own procedure: both always go to a person.
    let never = serde_json::json!([
        "order-18.objection.in-writing",
        "order-18.recheck.licence-revoked"
    ]);
    assert_eq!(order["never"]["violated"], never);
    for outcome in ["satisfied", "undetermined"] {
        assert_eq!(order["never"][outcome], serde_json::json!([]), "{outcome}");
    }
}

#[test]
fn editors_can_check_every_file_of_tests_we_ship() {
    let schema = choucha(&["schema", "tests", "--lang", "en"]).stdout;
    let schema: Value = serde_json::from_slice(&schema).unwrap();
    let validator = jsonschema::draft202012::new(&schema).unwrap();
    let mut files = Vec::new();
    for folder in ["national", "shanxi"] {
        for entry in fs::read_dir(root().join("rules").join(folder)).unwrap() {
            files.push(entry.unwrap().path().join("tests.yaml"));
        }
    }
    files.retain(|path| path.exists());
    assert!(files.len() > 1);
    for path in files {
        let yaml = fs::read_to_string(&path).unwrap();
        let tests: Value = serde_yaml::from_str(&yaml).unwrap();
        if let Err(error) = validator.validate(&tests) {
            panic!("{}: {error} at {}", path.display(), error.instance_path());
        }
    }
    for wrong in [
        serde_json::json!({"bases": {}, "tests": [{"name": "a", "base": "b"}]}),
        serde_json::json!({"tests": [{"name": "a", "base": "b", "expect": {"no.such": "violated"}}]}),
        serde_json::json!({"tests": [{"name": "a", "base": "b", "expect": {"order-18.refusal.recorded": "wrong"}}]}),
        serde_json::json!({"bases": {"a": {"from": "b", "sett": {}}}}),
        serde_json::json!({"bases": {"a": {"sampling": {"no_such": 1}}}}),
    ] {
        assert!(!validator.is_valid(&wrong), "{wrong}");
    }
}

#[test]
fn a_failing_test_is_shown_with_its_place_what_was_expected_what_came_and_why() {
    let rules = rules_with(
        "failing-tests",
        "bases:
  a: {complete: true, 抽样: {抽样日期: 2024-01-22, 抽样方式: 现场抽样, 抽样结果: 完成抽样, 抽样人员: [甲某]}}
tests:
  - name: 一名抽样人员
    base: a
    as_of: 2024-03-01
    expect: {order-18.sampling.at-least-two-samplers: satisfied}
",
    );
    let output = choucha(&[
        "test",
        "national/order-18",
        "--rules",
        rules.to_str().unwrap(),
        "--lang",
        "zh",
    ]);
    let shown = text(&output.stdout);
    assert_eq!(output.status.code(), Some(1));
    for expected in [
        "共 1 项，通过 0 项，未通过 1 项",
        "未通过：一名抽样人员",
        "national/order-18/tests.yaml:4:11",
        "order-18.sampling.at-least-two-samplers  抽样人员人数符合规定",
        "national/order-18/tests.yaml:7:55",
        "预期合规（satisfied），实为违规（violated）",
        "规定要求抽样人员不少于2人",
        "没有测试违反的义务：119 项",
    ] {
        assert!(shown.contains(expected), "{expected}: {shown}");
    }
    // All of them, however long the list.
    let listed = shown.lines().filter(|line| line.starts_with("  order-18."));
    assert!(listed.count() >= 109);
}

#[test]
fn a_file_of_tests_that_is_wrong_is_exit_2_and_the_other_rule_sets_are_tested() {
    let rules = rules_with(
        "broken-tests",
        "bases: {a: {抽样: {抽样结果: 完成抽样吗}}}\ntests: [{name: 甲, base: b, expect: {}}]\n",
    );
    let rules = rules.to_str().unwrap();
    let output = choucha(&["test", "--rules", rules, "--format", "json", "--lang", "zh"]);
    let json: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(json["passed"], false);
    let codes: Vec<&str> = json["diagnostics"]
        .as_array()
        .unwrap()
        .iter()
        .map(|diagnostic| diagnostic["code"].as_str().unwrap())
        .collect();
    for code in [
        "record/unknown-value",
        "tests/unknown-name",
        "tests/not-run",
    ] {
        assert!(codes.contains(&code), "{codes:?}");
    }
    let sets = json["rulesets"].as_array().unwrap();
    let is_order = |set: &&Value| set["ruleset"] == "national/order-18";
    assert!(!sets.is_empty() && sets.iter().find(is_order).is_none());
}

#[test]
fn an_unknown_rule_set_or_a_filter_that_fits_nothing_is_a_mistake() {
    let output = choucha(&["test", "national/order-81", "--lang", "zh"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output.stderr).contains("是否应为 `national/order-18`（"));
    let output = choucha(&["test", "--filter", "没有这样的测试", "--lang", "zh"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output.stderr).contains("没有名称含有"));
    let output = choucha(&[
        "test",
        "national/order-18",
        "--filter",
        "拒签",
        "--lang",
        "zh",
    ]);
    assert_eq!(output.status.code(), Some(0));
    assert!(!text(&output.stdout).contains("没有测试违反的义务"));
}
