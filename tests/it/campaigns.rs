//! One campaign per notice, as a workbook and as files, with planted violations: the audit across its cases finds
//! exactly those.
//!
//! `cargo test --test it campaigns:: -- --ignored` rewrites `fixtures/campaigns`.

mod ledger;
mod notices;
mod write;

use crate::support;
use std::collections::{BTreeSet, HashMap};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Arc, LazyLock, Mutex, OnceLock};

use self::ledger::Expected;
use serde::Deserialize;
use serde_json::Value;

/// Duties of a plan that no sampling can violate, because the plan leaves both fields open to every product.
const CANNOT_BE_BROKEN: [(&str, &str); 3] = [
    ("shanxi-2021-158-coal", "plan.field"),
    ("shanxi-2021-159-machinery-daily-textile", "plan.field"),
    ("shanxi-datong-2025", "plan.field"),
];

#[derive(Debug, Deserialize)]
struct Findings {
    campaign: Vec<Finding>,
    other: Vec<Finding>,
}

#[derive(Debug, Deserialize)]
struct Finding {
    obligation: String,
    outcome: String,
    group: String,
    cases: Vec<String>,
}

fn folder(name: &str) -> PathBuf {
    support::root().join("fixtures/campaigns").join(name)
}

fn names() -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(folder(""))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

/// The report of an audit of some paths, on a day after every deadline; made once for all tests.
fn audited(paths: &[PathBuf]) -> Arc<Value> {
    type Report = Arc<OnceLock<Arc<Value>>>;
    static REPORTS: LazyLock<Mutex<HashMap<Vec<PathBuf>, Report>>> = LazyLock::new(Mutex::default);
    let mut reports = REPORTS.lock().unwrap();
    let report = Arc::clone(reports.entry(paths.to_vec()).or_default());
    // Other tests need not wait for this audit.
    drop(reports);
    Arc::clone(report.get_or_init(|| Arc::new(audit(paths))))
}

fn audit(paths: &[PathBuf]) -> Value {
    let output = Command::new(env!("CARGO_BIN_EXE_choucha"))
        .arg("audit")
        .args(paths)
        .args(["--as-of", "2026-06-30", "--format", "json", "--lang", "zh"])
        .output()
        .unwrap();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert_eq!(errors, "", "{paths:?}");
    assert_eq!(output.status.code(), Some(1), "{paths:?}");
    serde_json::from_slice(&output.stdout).unwrap()
}

/// The findings across cases, with the cases a finding names, or those of its group if it names none.
fn found(report: &Value) -> BTreeSet<Expected> {
    let list = |value: &Value| value.as_array().unwrap().clone();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let mut found = BTreeSet::new();
    let campaigns = list(&report["campaigns"]);
    assert_eq!(campaigns.len(), 1);
    for group in list(&campaigns[0]["groups"]) {
        let numbers: Vec<String> = list(&group["cases"])
            .iter()
            .map(|case| text(&case["case"]))
            .collect();
        for finding in list(&group["findings"]) {
            if ["satisfied", "not_applicable"].contains(&finding["outcome"].as_str().unwrap()) {
                continue;
            }
            // Evidence from the n-th case of a group is `cases[n].…`.
            let named = list(&finding["evidence"]).into_iter().filter_map(|item| {
                let fact = text(&item["fact"]);
                let (n, _) = fact.strip_prefix("cases[")?.split_once(']')?;
                Some(numbers[n.parse::<usize>().unwrap() - 1].clone())
            });
            let named: BTreeSet<String> = named.collect();
            let mut cases: Vec<String> = named.into_iter().collect();
            if cases.is_empty() && text(&group["scope"]) != "campaign" {
                cases.clone_from(&numbers);
            }
            cases.sort();
            found.insert(Expected {
                obligation: text(&finding["obligation"]),
                outcome: text(&finding["outcome"]),
                group: text(&group["group"]),
                cases,
            });
        }
    }
    found
}

#[test]
fn a_breach_across_cases_is_put_under_the_breaches_on_single_cases_that_explain_it() {
    let report = audited(&[folder("jiangsu-zhangjiagang-2021").join("files")]);
    let groups = report["campaigns"][0]["groups"].as_array().unwrap();
    let violated_by = |case: &Value, id: &str| {
        let is = |finding: &Value| finding["obligation"] == id && finding["outcome"] == "violated";
        case["findings"].as_array().unwrap().iter().any(is)
    };
    for (duty, cause) in [
        (
            "order-18.campaign.drawn-at-random",
            "order-18.draw.at-random",
        ),
        (
            "testing.teams-apart-across-batches",
            "testing.samplers-and-testers-apart",
        ),
    ] {
        let is =
            |finding: &&Value| finding["obligation"] == duty && finding["outcome"] == "violated";
        let mut findings = groups.iter().filter_map(|group| {
            let finding = group["findings"].as_array().unwrap().iter().find(is)?;
            Some((group, finding))
        });
        let (group, finding) = findings.next().unwrap();
        assert_eq!(finding["root_cause"], cause, "{duty}");
        let causes = group["causes"].as_array().unwrap();
        let named = causes.iter().find(|it| it["obligation"] == cause).unwrap();
        let mut cases: Vec<&str> = Vec::new();
        for case in report["cases"].as_array().unwrap() {
            let number = case["case"].as_str().unwrap();
            let is_of_group = |of: &Value| of["case"] == number;
            if group["cases"].as_array().unwrap().iter().any(is_of_group)
                && violated_by(case, cause)
            {
                cases.push(number);
            }
        }
        assert!(!cases.is_empty());
        assert_eq!(named["cases"], Value::from(cases), "{duty}");
    }
}

fn expected(name: &str) -> [BTreeSet<Expected>; 2] {
    let text = fs::read_to_string(folder(name).join("expected.yaml")).unwrap();
    let all: Findings = serde_yaml::from_str(&text).unwrap();
    [all.campaign, all.other].map(|found| {
        let one = |found: Finding| Expected {
            obligation: found.obligation,
            outcome: found.outcome,
            group: found.group,
            cases: found.cases,
        };
        found.into_iter().map(one).collect()
    })
}

/// Planted violations that were not found, and findings that were not planted.
fn differences(
    name: &str,
    expected: &BTreeSet<Expected>,
    found: &BTreeSet<Expected>,
) -> Vec<String> {
    let missing = expected.difference(found);
    let missing = missing.map(|one| format!("{name}: not found: {one:?}"));
    let more = found.difference(expected);
    missing
        .chain(more.map(|one| format!("{name}: not planted: {one:?}")))
        .collect()
}

#[test]
fn a_workbook_and_files_of_one_campaign_give_the_same_findings_across_cases_and_just_those_planted()
{
    let mut wrong = Vec::new();
    for name in names() {
        let [planted, of_other] = expected(&name);
        let files = folder(&name).join("files");
        let mut other = vec![folder(&name).join("other")];
        other.extend(cases(&files));
        for (paths, expected) in [
            (vec![files], &planted),
            (vec![folder(&name).join("workbook")], &planted),
            (other, &of_other),
        ] {
            wrong.extend(differences(&name, expected, &found(&audited(&paths))));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The files of the cases, without the campaign's record.
fn cases(folder: &Path) -> Vec<PathBuf> {
    let mut paths: Vec<PathBuf> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.file_stem().unwrap() != "campaign")
        .collect();
    paths.sort();
    paths
}

#[test]
fn every_duty_across_cases_is_broken_or_left_to_a_person_in_the_campaign_of_its_notice() {
    for name in names() {
        let broken: BTreeSet<String> = expected(&name)
            .into_iter()
            .flatten()
            .map(|found| found.obligation)
            .collect();
        let report = audited(&[folder(&name).join("files")]);
        for scope in report["campaigns"][0]["scopes"].as_array().unwrap() {
            for tally in scope["obligations"].as_array().unwrap() {
                let duty = tally["obligation"].as_str().unwrap();
                assert_eq!(
                    broken.contains(duty),
                    !CANNOT_BE_BROKEN.contains(&(name.as_str(), duty)),
                    "{name}: {duty}"
                );
            }
        }
    }
}

/// The outcomes of a duty in the campaign of a notice, one per group of cases.
fn outcomes(name: &str, duty: &str) -> BTreeSet<String> {
    found(&audited(&[folder(name).join("files")]))
        .into_iter()
        .filter(|found| found.obligation == duty)
        .map(|found| format!("{}：{}", found.group, found.outcome))
        .collect()
}

fn set(texts: &[&str]) -> BTreeSet<String> {
    texts.iter().map(|text| (*text).to_owned()).collect()
}

#[test]
fn reading_21_batches_are_limited_outright_in_2021_and_in_principle_since_and_at_malls_a_person_judges()
 {
    let (one, two) = (
        "batches.one-of-a-product-per-respondent",
        "batches.at-most-two-per-respondent",
    );
    let coal = "shanxi-2021-158-coal";
    assert_eq!(
        outcomes(coal, one),
        set(&["大同市示例煤业商行 · 化工用原料煤：violated"])
    );
    assert_eq!(outcomes(coal, two), set(&["运城市示例能源商行：violated"]));
    let batch_1 = "shanxi-2024-batch-1";
    assert_eq!(
        outcomes(batch_1, one),
        set(&["晋中市示例塑料制品商行 · 塑料购物袋：review"])
    );
    assert_eq!(
        outcomes(batch_1, two),
        set(&["太原市示例杂货商行：violated", "晋中市示例商场：review"])
    );
}

#[test]
fn reading_22_what_is_not_in_the_plan_is_a_breach_of_it_and_an_online_purchase_without_a_number_is_for_a_person()
 {
    let batch_1 = "shanxi-2024-batch-1";
    for (duty, expected) in [
        (
            "plan.product-listed",
            &["电动牙刷：violated", "农用薄膜（聚乙烯）：review"][..],
        ),
        ("plan.field", &["食品接触用金属制品：violated"]),
        ("plan.batches", &["水泥包装袋：violated"]),
        (
            "plan.online-batches",
            &["转换器：violated", "紧固件：review"],
        ),
        ("agency.within-its-products", &["示例检验机构乙：violated"]),
    ] {
        assert_eq!(outcomes(batch_1, duty), set(expected), "{duty}");
    }
    assert_eq!(
        outcomes("shanxi-2021-158-coal", "agency.within-its-territory"),
        set(&[
            "山西省工业标准化研究院：violated",
            "陕西省能源质量监督检验所：review"
        ])
    );
}

#[test]
fn the_campaigns_are_those_their_program_writes() {
    let campaigns = notices::all();
    assert_eq!(campaigns.len(), names().len());
    for campaign in campaigns {
        for (name, text) in write::texts(&campaign) {
            let path = folder(campaign.notice.name).join(name);
            assert_eq!(fs::read_to_string(&path).unwrap(), text, "{path:?}");
        }
    }
}

#[test]
#[ignore = "writes the fixtures"]
fn write_the_campaigns() {
    for campaign in notices::all() {
        let folder = folder(campaign.notice.name);
        let _ = fs::remove_dir_all(&folder);
        write::write(&campaign, &folder);
    }
}
