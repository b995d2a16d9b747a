//! The page's data equals the JSON of an audit without repetition; and no input can become markup in the page.

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::{Value, json};

fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    folder
}

fn audit(path: &str, format: &str, more: &[&str]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_choucha"))
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .args([
            "audit",
            path,
            "--format",
            format,
            "--lang",
            "zh",
            "--as-of",
            "2026-11-30",
        ])
        .args(more)
        .output()
        .unwrap();
    String::from_utf8(output.stdout).unwrap()
}

/// The cases, groups and end of a run, rebuilt from the lines of the page.
struct Rebuilt {
    cases: Vec<Value>,
    groups: Vec<Value>,
    end: Value,
    findings: usize,
}

fn rebuild(lines: &str) -> Rebuilt {
    let (mut findings, mut duties) = (Vec::new(), Vec::new());
    let (mut cases, mut groups, mut end) = (Vec::new(), Vec::new(), Value::Null);
    for line in lines.lines().skip(1) {
        let found: Value = serde_json::from_str(line).unwrap();
        if let Some(finding) = found.get("finding") {
            findings.push(finding.clone());
        } else if let Some(duty) = found.get("duty") {
            duties.push(duty.clone());
        } else if let Some(case) = found.get("case") {
            let mut whole = whole(case, &findings);
            let events = case.get("events").and_then(Value::as_array);
            let events = events.into_iter().flatten().map(|event| {
                let duty = &duties[usize::try_from(event[0].as_u64().unwrap()).unwrap()];
                brief(duty, event)
            });
            whole["timeline"] = events.collect();
            cases.push(whole);
        } else if let Some(group) = found.get("group") {
            groups.push(whole(group, &findings));
        } else if let Some(last) = found.get("end") {
            end = last.clone();
        }
    }
    Rebuilt {
        cases,
        groups,
        end,
        findings: findings.len(),
    }
}

/// A case or a group with its findings put back.
fn whole(line: &Value, findings: &[Value]) -> Value {
    let evidence: HashMap<&str, &Value> = line["evidence"]
        .as_array()
        .unwrap()
        .iter()
        .map(|item| (item["fact"].as_str().unwrap(), item))
        .collect();
    let mut of = line["of"].clone();
    let refers = line["refers"].as_array().unwrap().iter().map(|number| {
        let found = &findings[usize::try_from(number.as_u64().unwrap()).unwrap()];
        let mut finding = found["of"].clone();
        for fact in found["facts"].as_array().unwrap() {
            let item = evidence[fact.as_str().unwrap()].clone();
            finding["evidence"].as_array_mut().unwrap().push(item);
        }
        finding
    });
    of["findings"] = refers.collect();
    of
}

fn brief(duty: &Value, event: &Value) -> Value {
    let mut fields = event.as_array().unwrap().clone();
    fields[0] = json!([duty["obligation"], duty["title"]]);
    fields.into()
}

/// An event of the JSON of an audit, shortened to the fields the page has.
fn abridged(event: &Value) -> Value {
    let due = &event["due"];
    json!([
        [event["obligation"], event["title"]],
        event["progress"],
        event["outcome"],
        due["on"],
        due["from"],
        due["earliest"],
        due["otherwise"],
        due["act"],
        due["late_days"],
        due["late_unit"],
        due["reminder"]
    ])
}

#[test]
fn the_page_is_reported_what_json_tells_of_every_fixture() {
    let mut shared = false;
    for path in [
        "fixtures/shanxi-2024-batch-1",
        "fixtures/chongqing-2021-follow-up",
        "fixtures/invalid",
        "fixtures/tables",
        "fixtures/conduct",
        "fixtures/campaigns/shanxi-datong-2025/files",
        "fixtures/campaigns/shanxi-2024-batch-1/files",
        "fixtures/campaigns/jiangsu-zhangjiagang-2021/workbook",
    ] {
        let json: Value = serde_json::from_str(&audit(path, "json", &["--all"])).unwrap();
        let lines = audit(path, "page", &["--all"]);
        let found = rebuild(&lines);
        let cases = json["cases"].as_array().unwrap();
        assert_eq!(found.cases.len(), cases.len(), "{path}");
        let mut findings = 0;
        for (found, case) in found.cases.iter().zip(cases) {
            let mut case = case.clone();
            findings += case["findings"].as_array().unwrap().len();
            let events = case["timeline"].as_array().unwrap().iter().map(abridged);
            case["timeline"] = events.collect();
            assert_eq!(found, &case, "{path}");
        }
        let campaigns = json["campaigns"].as_array().unwrap();
        let groups: Vec<Value> = campaigns
            .iter()
            .flat_map(|campaign| campaign["groups"].as_array().unwrap().clone())
            .collect();
        assert_eq!(found.groups, groups, "{path}");
        for part in ["as_of", "diagnostics", "summary"] {
            assert_eq!(found.end[part], json[part], "{path} {part}");
        }
        assert!(found.findings <= findings + groups.len() * 100);
        shared |= found.findings < findings / 2;
    }
    assert!(shared, "what many cases have in common stands once");
}

#[test]
fn every_line_is_as_its_schema_says() {
    let schema = serde_json::from_str(choucha::report::json::PAGE_SCHEMA).unwrap();
    let validator = jsonschema::draft202012::new(&schema).unwrap();
    for all in [&["--all"][..], &[]] {
        let lines = audit("fixtures/campaigns/shanxi-2024-batch-1/files", "page", all);
        assert!(lines.lines().count() > 100);
        for line in lines.lines() {
            let line: Value = serde_json::from_str(line).unwrap();
            let errors: Vec<String> = validator
                .iter_errors(&line)
                .map(|e| e.to_string())
                .collect();
            assert!(errors.is_empty(), "{errors:?} {line}");
        }
    }
}

#[test]
fn what_a_record_holds_is_no_markup_in_a_report() {
    let folder = folder("hostile-page");
    let hostile = "</script><script>document.title='owned'</script><!--";
    let dossier = folder.join("hostile.yaml");
    let record = json!({
        "case": {"number": hostile, "ruleset": "shanxi/2024-batch-1"},
        "sampling": {"sampled_on": hostile, "samplers": [hostile]},
        hostile: hostile,
    });
    fs::write(&dossier, record.to_string()).unwrap();
    let report = folder.join("report.html");
    let paths = [dossier.to_str().unwrap(), report.to_str().unwrap()];
    audit(paths[0], "html", &["-o", paths[1]]);
    let page = fs::read_to_string(&report).unwrap();
    assert!(!page.contains("owned'</script>"));
    // The lines of the run, and the script of the page.
    assert_eq!(page.matches("</script>").count(), 2);
    let (_, rest) = page.split_once("id=\"run\">\n").unwrap();
    let lines = rest.split_once("</script>").unwrap().0;
    assert!(!lines.contains('<'));
    let found = rebuild(lines);
    assert_eq!(found.cases.len(), 1);
    assert!(found.cases[0].to_string().contains("owned"));
}

#[test]
fn a_report_is_whole_and_named_by_its_extension() {
    let folder = folder("report-page");
    let report = folder.join("\u{62a5}\u{544a}.html");
    let output = Command::new(env!("CARGO_BIN_EXE_choucha"))
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .args([
            "audit",
            "fixtures/shanxi-2024-batch-1",
            "--lang",
            "en",
            "-o",
        ])
        .arg(&report)
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(1));
    let page = fs::read_to_string(&report).unwrap();
    assert!(page.starts_with("<!DOCTYPE html>\n<html lang=\"en\">"));
    assert!(page.ends_with("</html>\n"));
    assert!(page.contains("\"schema\":\"choucha.page/1\""));
    assert!(page.contains("default-src 'none'"));
}
