//! Findings across cases, reported by the command.

use super::*;
use rust_xlsxwriter::Workbook;

const SET: &str = "shanxi/2024-batch-1";
const BATCHES: &str = "batches.at-most-two-per-respondent";

/// A case with a number, respondent and product, as one line of JSON.
fn line(number: &str, respondent: &str, product: &str) -> String {
    format!(
        r#"{{"case":{{"number":"{number}","ruleset":"{SET}"}},"respondent":{{"name":"{respondent}","premises":"shop"}},"product":{{"name":"{product}"}},"sampling":{{"outcome":"completed","sampled_on":"2024-01-15"}}}}"#
    )
}

fn three() -> String {
    let lines = [
        line("示例-1", "示例甲店", "电火锅"),
        line("示例-2", "示例甲店", "转换器"),
        line("示例-3", "示例甲店", "儿童服装"),
        line("示例-4", "示例乙店", "儿童服装"),
    ];
    lines.join("\n")
}

fn json(arguments: &[&str]) -> serde_json::Value {
    let ran = ran(&[arguments, &["--format", "json", "--as-of", "2024-03-01"]].concat());
    serde_json::from_str(&ran.out).unwrap_or_else(|e| panic!("{e}: {}", ran.err))
}

/// The group with a name in which an obligation has an outcome.
fn group<'d>(
    document: &'d serde_json::Value,
    obligation: &str,
    outcome: &str,
) -> Option<&'d serde_json::Value> {
    let groups = document["campaigns"][0]["groups"].as_array().unwrap();
    groups.iter().find(|group| {
        let mut findings = group["findings"].as_array().unwrap().iter();
        findings.any(|finding| finding["obligation"] == obligation && finding["outcome"] == outcome)
    })
}

#[test]
fn a_third_batch_of_one_respondent_is_reported_with_the_cases_and_their_lines() {
    let folder = Folder::new("across");
    let path = folder.path("cases.ndjson");
    fs::write(&path, three()).unwrap();
    let document = json(&["audit", &path]);
    let found = group(&document, BATCHES, "violated").unwrap();
    assert_eq!(found["group"], "示例甲店");
    let cases = found["cases"].as_array().unwrap();
    assert_eq!(cases.len(), 3);
    assert_eq!(cases[2]["case"], "示例-3");
    assert_eq!(cases[2]["place"], format!("{path}:3"));
    let schema = serde_json::from_str(&ran(&["schema", "audit"]).out).unwrap();
    assert!(jsonschema::is_valid(&schema, &document));
    let text = ran(&["audit", &path, "--as-of", "2024-03-01"]);
    assert_eq!(text.code, 1);
    assert!(
        text.out.contains("被抽样单位：示例甲店（3个案卷）"),
        "{}",
        text.out
    );
}

#[test]
fn a_workbook_shows_the_same_by_its_cells() {
    let folder = Folder::new("across-book");
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    sheet.set_name("抽样").unwrap();
    let header = [
        "案卷编号",
        "适用规则集",
        "单位名称",
        "产品名称",
        "抽样结果",
        "场所类型",
    ];
    let row = |number, product| [number, SET, "示例甲店", product, "完成抽样", "一般门店"];
    let rows = [
        row("示例-1", "电火锅"),
        row("示例-2", "转换器"),
        row("示例-3", "儿童服装"),
    ];
    for (row, cells) in (0..).zip(std::iter::once(&header).chain(&rows)) {
        for (column, text) in (0..).zip(cells) {
            sheet.write_string(row, column, *text).unwrap();
        }
    }
    let path = folder.path("台账.xlsx");
    book.save(&path).unwrap();
    let document = json(&["audit", &path]);
    let found = group(&document, BATCHES, "violated").unwrap();
    let findings = found["findings"].as_array().unwrap();
    let finding = findings
        .iter()
        .find(|f| f["obligation"] == BATCHES)
        .unwrap();
    let evidence = finding["evidence"].as_array().unwrap();
    let at: Vec<&str> = evidence
        .iter()
        .filter_map(|e| e["origin"].as_str())
        .collect();
    assert!(at.contains(&format!("{path}:抽样!E4").as_str()), "{at:?}");
}

#[test]
fn a_single_dossier_is_not_audited_across_however_it_is_handed_in() {
    let text = fs::read_to_string(late()).unwrap();
    let folder = Folder::new("across-single");
    fs::write(folder.path("late.yaml"), &text).unwrap();
    let as_file = json(&["audit", &late()]);
    let in_folder = json(&["audit", &folder.path("")]);
    let piped = run_with(&["audit", "-", "--format", "json"], &text, &[]);
    let piped: serde_json::Value = serde_json::from_str(&piped.out).unwrap();
    for document in [as_file, in_folder, piped] {
        assert_eq!(document["summary"]["records"], 1);
        assert_eq!(document["campaigns"].as_array().unwrap().len(), 0);
    }
}

#[test]
fn a_workbook_may_hold_the_record_of_the_campaign_and_what_is_misspelt_in_it_is_reported() {
    let folder = Folder::new("across-record");
    let with = |facts: &[(&str, &str)]| {
        let mut book = Workbook::new();
        let sheet = book.add_worksheet();
        sheet.set_name("抽样").unwrap();
        let header = ["案卷编号", "适用规则集", "单位名称", "抽样日期"];
        let row = ["示例-1", SET, "示例甲店", "2024-03-05"];
        for (line, cells) in [header, row].iter().enumerate() {
            for (column, text) in cells.iter().enumerate() {
                let (line, column) = (u32::try_from(line).unwrap(), u16::try_from(column).unwrap());
                sheet.write_string(line, column, *text).unwrap();
            }
        }
        let sheet = book.add_worksheet();
        sheet.set_name("整批抽查").unwrap();
        sheet.write_string(0, 0, "事项").unwrap();
        sheet.write_string(0, 1, "内容").unwrap();
        for (row, (fact, content)) in (1..).zip(facts) {
            sheet.write_string(row, 0, *fact).unwrap();
            sheet.write_string(row, 1, *content).unwrap();
        }
        let path = folder.path("台账.xlsx");
        book.save(&path).unwrap();
        path
    };
    let before = "campaign.rules-published-before-sampling";
    let named = ("抽查任务名称", "示例抽查");
    let path = with(&[("细则公开日期", "2024年3月6日"), named, ("备注", "某某")]);
    let document = json(&["audit", &path]);
    assert_eq!(document["cases"].as_array().unwrap().len(), 1, "{document}");
    let found = group(&document, before, "violated").unwrap();
    let findings = found["findings"].as_array().unwrap();
    let finding = findings.iter().find(|f| f["obligation"] == before);
    let evidence = finding.unwrap()["evidence"].as_array().unwrap();
    let at = format!("{path}:整批抽查!B2");
    assert!(
        evidence.iter().any(|e| e["origin"] == at.as_str()),
        "{evidence:?}"
    );

    let organiser = ("组织部门", "示例局");
    for (wrong, place) in [
        (("细则公开日期", "三月六日"), "整批抽查!B2"),
        (("细则公开日其", "2024-03-06"), "整批抽查!A2"),
    ] {
        let path = with(&[wrong, named, organiser]);
        let ran = ran(&["audit", &path, "--as-of", "2024-03-30"]);
        assert_eq!(ran.code, 2, "{}", ran.out);
        assert!(ran.err.contains(place), "{place}: {}", ran.err);
    }
}

#[test]
fn a_record_of_the_campaign_is_no_case_and_a_second_one_is_refused() {
    let folder = Folder::new("across-campaign");
    fs::write(folder.path("cases.ndjson"), three()).unwrap();
    let campaign = format!("campaign: {{ruleset: {SET}, sampling_finished: true}}\n");
    fs::write(folder.path("campaign.yaml"), &campaign).unwrap();
    let document = json(&["audit", &folder.path("")]);
    assert_eq!(document["summary"]["records"], 4);
    assert_eq!(document["campaigns"][0]["cases"], 4);
    fs::write(folder.path("again.yaml"), &campaign).unwrap();
    let document = json(&["audit", &folder.path("")]);
    let diagnostics = document["diagnostics"].as_array().unwrap();
    assert!(diagnostics.iter().any(|d| d["code"] == "campaign/twice"));
}

#[test]
fn a_campaign_of_a_rule_set_that_does_not_exist_is_reported_and_the_cases_are_audited() {
    let folder = Folder::new("across-unknown");
    fs::write(folder.path("cases.ndjson"), three()).unwrap();
    fs::write(
        folder.path("campaign.yaml"),
        "campaign: {ruleset: shanxi/2024-batch-9}",
    )
    .unwrap();
    let ran = ran(&["audit", &folder.path(""), "--format", "json"]);
    assert_eq!(ran.code, 2);
    let document: serde_json::Value = serde_json::from_str(&ran.out).unwrap();
    let message = document["diagnostics"][0].to_string();
    assert!(message.contains("shanxi/2024-batch-1"), "{message}");
    assert_eq!(document["summary"]["records"], 4);
}

#[test]
fn after_the_cases_ndjson_has_a_line_for_each_group_there_is_something_to_tell_of() {
    let folder = Folder::new("across-lines");
    let path = folder.path("cases.ndjson");
    fs::write(&path, three()).unwrap();
    let out = ran(&[
        "audit",
        &path,
        "--format",
        "ndjson",
        "--as-of",
        "2024-03-01",
    ])
    .out;
    let lines: Vec<serde_json::Value> = out
        .lines()
        .map(|l| serde_json::from_str(l).unwrap())
        .collect();
    let groups: Vec<&serde_json::Value> = lines
        .iter()
        .filter(|line| line.get("scope").is_some())
        .collect();
    assert_eq!(lines.len() - groups.len(), 4);
    assert!(groups.iter().any(|group| group["group"] == "示例甲店"));
    assert!(
        !groups
            .iter()
            .any(|group| group["group"] == "示例乙店" && group["scope"] == "respondent")
    );
}
