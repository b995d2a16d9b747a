//! What the command must never do to a dossier, or report of one.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    folder
}

fn choucha(args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_choucha"))
        .args(args)
        .args(["--lang", "zh"])
        .output()
        .unwrap()
}

fn dossier(name: &str) -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    fs::read_to_string(root.join("fixtures/shanxi-2024-batch-1").join(name)).unwrap()
}

#[test]
fn of_a_record_that_could_not_all_be_read_nothing_is_judged() {
    let folder = folder("half");
    let whole = dossier("passing-report-at-a-shop.yaml");
    let half = folder.join("half.yaml");
    let cut = whole.floor_char_boundary(2_500);
    fs::write(&half, format!("{}\n\t", &whole[..cut])).unwrap();
    let output = choucha(&["audit", half.to_str().unwrap(), "--format", "json"]);
    let json: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(json["cases"][0]["findings"].as_array().unwrap().len(), 0);
    assert_eq!(json["summary"]["unaudited"], 1);
}

#[test]
fn a_report_never_takes_the_place_of_a_dossier_nor_an_empty_one_that_of_the_last_report() {
    let folder = folder("output");
    let own = folder.join("own.yaml");
    fs::write(&own, dossier("late-mailing.yaml")).unwrap();
    let path = own.to_str().unwrap();
    assert_eq!(choucha(&["audit", path, "-o", path]).status.code(), Some(2));
    assert_eq!(
        fs::read_to_string(&own).unwrap(),
        dossier("late-mailing.yaml")
    );

    let last = folder.join("last.txt");
    fs::write(&last, "the last report").unwrap();
    let missing = folder.join("missing.yaml");
    let args = [
        "audit",
        missing.to_str().unwrap(),
        "-o",
        last.to_str().unwrap(),
    ];
    assert_eq!(choucha(&args).status.code(), Some(2));
    assert_eq!(fs::read_to_string(&last).unwrap(), "the last report");
    assert_eq!(
        fs::read_dir(&folder).unwrap().count(),
        2,
        "nothing is left behind"
    );
}

#[test]
fn one_person_named_twice_is_no_team_of_two() {
    let folder = folder("twice");
    let path = folder.join("twice.yaml");
    let text = dossier("最简.yaml").replace("抽样人员: [祁乙, 毛丙]", "抽样人员: [祁乙, 祁 乙]");
    assert!(text.contains("祁 乙"));
    fs::write(&path, text).unwrap();
    let output = choucha(&["audit", path.to_str().unwrap(), "--format", "json"]);
    let json: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let findings = json["cases"][0]["findings"].as_array().unwrap();
    let finding = findings
        .iter()
        .find(|finding| finding["obligation"] == "sampling.at-least-two-samplers");
    assert_eq!(finding.unwrap()["outcome"], "violated");
}

#[test]
fn rules_of_a_folder_that_quote_what_no_text_says_do_not_audit() {
    let folder = folder("quotes");
    let rules = folder.join("rules");
    copy(&Path::new(env!("CARGO_MANIFEST_DIR")).join("rules"), &rules);
    let script = rules.join("shanxi/2024-batch-1/3-requirements.rhai");
    let text = fs::read_to_string(&script).unwrap();
    fs::write(
        &script,
        text.replace("坚决防止以罚代改", "坚决防止以教代改"),
    )
    .unwrap();
    let case = folder.join("case.yaml");
    fs::write(&case, dossier("late-mailing.yaml")).unwrap();
    let output = choucha(&[
        "audit",
        case.to_str().unwrap(),
        "--rules",
        rules.to_str().unwrap(),
    ]);
    assert_eq!(output.status.code(), Some(2));
    assert!(
        String::from_utf8(output.stderr)
            .unwrap()
            .contains("坚决防止以教代改")
    );
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
fn a_diff_ends_with_0_where_nothing_differs_1_where_something_does_and_2_on_an_error() {
    let rules = Path::new(env!("CARGO_MANIFEST_DIR")).join("rules");
    let rules = rules.to_str().unwrap();
    let code = |args: &[&str]| choucha(args).status.code();
    let (coal, machinery) = (
        "shanxi/2021-158-coal",
        "shanxi/2021-159-machinery-daily-textile",
    );
    assert_eq!(code(&["diff", coal, coal]), Some(0));
    assert_eq!(code(&["diff", coal, machinery]), Some(1));
    assert_eq!(
        code(&["diff", coal, machinery, "--own", "--format", "markdown"]),
        Some(1)
    );
    assert_eq!(code(&["diff", coal, "shanxi/nowhere"]), Some(2));
    assert_eq!(code(&["diff", coal]), Some(2));
    // A rule set compared with itself in another folder.
    assert_eq!(code(&["diff", coal, "--against", rules]), Some(0));
    assert_eq!(code(&["diff", coal, "--against", "nowhere"]), Some(2));
}

#[test]
fn a_folder_whose_notice_relaxes_the_order_is_loaded_with_a_warning_and_both_are_in_force() {
    let folder = folder("relaxed");
    copy(
        &Path::new(env!("CARGO_MANIFEST_DIR")).join("rules"),
        &folder,
    );
    // Every notice, and not the order, now excepts on-site testing from the number of samplers.
    let library = folder.join("lib/sampling.rhai");
    let text = fs::read_to_string(&library).unwrap();
    fs::write(&library, text.replace("must: fact(\"sampling.samplers\").count() >= given.number,", "must: fact(\"sampling.samplers\").count() >= given.number,\n        unless: if given.tightens == \"\" { [] } else { [\"testing.on-site\"] },")).unwrap();
    let rules = folder.to_str().unwrap();
    let output = choucha(&[
        "rules",
        "--effective",
        "shanxi/2024-batch-1",
        "--at",
        "2024-03-01",
        "--rules",
        rules,
        "--format",
        "json",
    ]);
    let found = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(0), "{found}");
    assert!(found.contains("layers/relaxed"), "{found}");
    assert!(found.contains("增加例外"), "{found}");
    let json: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(json["counts"]["beside"], 1);
    let all = json["obligations"].as_array().unwrap();
    let duty = |id: &str| all.iter().find(|duty| duty["id"] == id).unwrap();
    assert_eq!(
        duty("order-18.sampling.at-least-two-samplers")["standing"],
        "beside"
    );
    assert_eq!(
        duty("sampling.at-least-two-samplers")["refines"][0]["replaced"],
        false
    );
    // An audit under these rules finds both duties.
    let dossier = folder.join("dossier.yaml");
    fs::write(&dossier, self::dossier("late-mailing.yaml")).unwrap();
    let output = choucha(&[
        "audit",
        dossier.to_str().unwrap(),
        "--rules",
        rules,
        "--all",
        "--format",
        "json",
    ]);
    let json: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let findings = json["cases"][0]["findings"].as_array().unwrap();
    for id in [
        "order-18.sampling.at-least-two-samplers",
        "sampling.at-least-two-samplers",
    ] {
        assert_eq!(
            findings
                .iter()
                .filter(|finding| finding["obligation"] == id)
                .count(),
            1
        );
    }
}
