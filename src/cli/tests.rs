mod across;
mod disk;
mod input;
mod many;
mod people;
mod results;
mod said;

use super::*;
use std::fs;
use std::io;
use std::path::PathBuf;

/// The result of a run of the command.
struct Ran {
    out: String,
    err: String,
    code: u8,
}

fn run_with(arguments: &[&str], input: &str, locales: &[&str]) -> Ran {
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let exit = run(
        std::iter::once("choucha")
            .chain(arguments.iter().copied())
            .map(OsString::from),
        &mut Surroundings {
            out: &mut out,
            err: &mut err,
            input: &mut input.as_bytes(),
            today: Day::parse("2024-06-01").unwrap(),
            locales: locales.iter().map(|l| (*l).to_owned()).collect(),
            columns: Some(80),
            out_color: false,
            err_color: false,
            out_terminal: false,
            err_terminal: false,
            threads: NonZeroUsize::MIN.saturating_add(1),
            heed_interrupts: || {},
            interrupted: &AtomicBool::new(false),
        },
    );
    Ran {
        out: String::from_utf8(out).unwrap(),
        err: String::from_utf8(err).unwrap(),
        code: exit.code(),
    }
}

fn ran(arguments: &[&str]) -> Ran {
    run_with(arguments, "", &[])
}

fn fixture(name: &str) -> String {
    format!("{}/fixtures/{name}", env!("CARGO_MANIFEST_DIR"))
}

fn late() -> String {
    fixture("shanxi-2024-batch-1/late-mailing.yaml")
}

/// An empty folder for one test, removed at the end.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("choucha-{}-{name}", std::process::id()));
        let _ = fs::remove_dir_all(&path);
        fs::create_dir_all(&path).unwrap();
        Folder(path)
    }

    fn path(&self, name: &str) -> String {
        self.0.join(name).display().to_string()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

#[test]
fn help_is_in_the_readers_language_and_no_wider_than_the_terminal() {
    for (lang, word) in [("zh", "用法："), ("en", "Usage: ")] {
        let tasks = [
            "audit", "people", "rules", "explain", "graph", "schema", "coverage", "texts",
        ];
        for task in tasks {
            let ran = ran(&[task, "--lang", lang, "--help"]);
            assert!(ran.out.contains(word), "{}", ran.out);
            assert_eq!(ran.code, 0);
            for line in ran.out.lines() {
                assert!(choucha_core::layout::width(line) <= 80, "{line}");
            }
        }
    }
    insta::assert_snapshot!("help_zh", ran(&["--help"]).out);
    insta::assert_snapshot!("help_audit_zh", ran(&["audit", "-h"]).out);
    insta::assert_snapshot!("help_audit_en", ran(&["audit", "-h", "--lang=en"]).out);
    assert_eq!(
        run_with(&["-h"], "", &["en-US"]).out,
        ran(&["-h", "--lang", "en"]).out
    );
    let nothing = ran(&[]);
    assert_eq!((nothing.code, nothing.out.as_str()), (2, ""));
    assert_eq!(nothing.err, ran(&["--help"]).out);
}

#[test]
fn usage_errors_are_said_in_words_and_end_with_2() {
    let mut found = String::new();
    for arguments in [
        &["audti", "x"][..],
        &["audit"],
        &["audit", "--as-of", "2024-02-30", "x"],
        &["audit", "--form", "json", "x"],
        &["audit", "--format", "xml", "x"],
        &["audit", "--as-of"],
        &["audit", "--all", "--all", "x"],
        &["rules", "a", "b"],
        &["rules", "--format", "ndjson"],
        &["explain"],
        &["--lang", "fr", "rules"],
        &["explain", "report.failed.mail-to-provinc"],
        &["rules", "shanxi/2024-batch-2"],
        &["graph"],
        &["audit", "--ruleset", "national/order-81", "x"],
    ] {
        for lang in ["zh-CN", "en-US"] {
            let ran = run_with(arguments, "", &[lang]);
            assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{arguments:?}");
            found.push_str(&format!("$ choucha {}\n{}\n", arguments.join(" "), ran.err));
        }
    }
    insta::assert_snapshot!("usage", found);
}

#[test]
fn the_exit_code_says_the_gravest_thing_that_was_found() {
    let clean = Exit::CLEAN;
    let violated = ran(&["audit", &late()]);
    assert_eq!((violated.code, violated.err.as_str()), (1, ""));
    assert!(violated.out.contains("不合格检验报告7日内寄送省局"));
    let open = run_with(
        &["audit", "-"],
        "case: {ruleset: shanxi/2024-batch-1}\n",
        &[],
    );
    assert_eq!(open.code, 4, "{}", open.out);
    assert_eq!(
        ran(&["audit", &late(), &fixture("invalid/empty.yaml")]).code,
        2
    );
    assert_eq!(clean.code(), 0);
    assert_eq!(clean.and(Exit::FAILED).code(), 2);
}

#[test]
fn a_record_that_contradicts_itself_is_left_to_a_person() {
    let dossier = fixture("shanxi-2024-batch-1/unlicensed-terminated.yaml");
    assert_eq!(ran(&["audit", &dossier]).code, 0);
    let terminated = fs::read_to_string(dossier).unwrap();
    let report = "report: {issued_on: 2024-03-09, conclusion: pass}\n";
    let tested =
        format!("{terminated}\ntesting: {{started_on: 2024-03-05, finished_on: 2024-03-06}}\n");
    let judged = |record: &str| {
        let ran = run_with(&["audit", "-"], record, &[]);
        assert_eq!(ran.code, 4, "{}", ran.out);
        assert_eq!(
            ran.out.matches("record/contradiction").count(),
            1,
            "{}",
            ran.out
        );
        assert!(ran.out.contains("案卷记载自相矛盾1处"), "{}", ran.out);
        let json = run_with(&["audit", "-", "--format", "json"], record, &[]);
        let document: serde_json::Value = serde_json::from_str(&json.out).unwrap();
        assert_eq!(document["cases"][0]["outcome"], "review");
        assert_eq!(document["summary"]["review"], 1, "{document:#}");
        ran.out
    };
    judged(&format!("{terminated}\n{report}"));
    let found = judged(&format!("{tested}{report}"));
    assert!(found.contains("与案卷的另外4处记载矛盾"), "{found}");
    for fact in [
        "检验开始日期：2024-03-05",
        "检验完成日期：2024-03-06",
        "报告出具日期：2024-03-09",
        "检验结论：合格",
    ] {
        assert!(found.contains(fact), "{found}");
    }

    let passing =
        fs::read_to_string(fixture("shanxi-2024-batch-1/passing-report-at-a-shop.yaml")).unwrap();
    let closed = |day: &str| {
        let line = passing
            .lines()
            .find(|line| line.contains("closed_on:"))
            .unwrap();
        passing.replace(line, &format!("  closed_on: {day}"))
    };
    let backwards = run_with(
        &["audit", "-", "--as-of", "2024-05-31"],
        &closed("2024-01-08"),
        &[],
    );
    assert!(
        backwards.out.contains("record/backwards"),
        "{}",
        backwards.out
    );
    assert_eq!(backwards.code, 4, "{}", backwards.out);
}

#[test]
fn an_amount_of_nothing_does_not_contradict_that_nothing_was_charged() {
    let passing =
        fs::read_to_string(fixture("shanxi-2024-batch-1/passing-report-at-a-shop.yaml")).unwrap();
    let charged = |amount: &str| {
        let fees = format!("charged: false\n  amount: {amount}");
        run_with(
            &["audit", "-"],
            &passing.replace("charged: false", &fees),
            &[],
        )
    };
    for nothing in ["0.00", "0", "无"] {
        let ran = charged(nothing);
        assert_eq!(ran.code, 0, "{nothing}: {}", ran.out);
        assert!(
            !ran.out.contains("record/contradiction"),
            "{nothing}: {}",
            ran.out
        );
    }
    let ran = charged("0.01");
    assert!(ran.out.contains("record/contradiction"), "{}", ran.out);
}

#[test]
fn a_rule_set_of_another_organiser_is_reported_at_the_organiser() {
    let passing =
        fs::read_to_string(fixture("shanxi-2024-batch-1/passing-report-at-a-shop.yaml")).unwrap();
    let with = |from: &str, to: &str| {
        assert!(passing.contains(from), "{from}");
        run_with(&["audit", "-"], &passing.replace(from, to), &[])
    };
    let organiser = "  organiser: 山西省市场监督管理局";
    assert!(
        !ran(&[
            "audit",
            &fixture("shanxi-2024-batch-1/passing-report-at-a-shop.yaml")
        ])
        .out
        .contains("record/other-organiser")
    );
    let other = with(organiser, "  organiser: 重庆市市场监督管理局");
    let found = other.out.replace("\n  ", "");
    assert!(found.contains("record/other-organiser"), "{found}");
    assert!(found.contains("适用于山西省市场监督管理局组织的监督抽查，案卷记载的组织监督抽查部门为 `重庆市市场监督管理局`"), "{found}");
    assert!(
        other.out.contains("  organiser: 重庆市市场监督管理局\n"),
        "{}",
        other.out
    );
    let level = with("organiser_level: provincial", "organiser_level: county");
    let found = level.out.replace("\n  ", "");
    assert!(found.contains("案卷记载的组织部门层级为 `县级`"), "{found}");
    // A short name says which level, not which bureau.
    let short = with(organiser, "  organiser: 省局");
    assert!(
        !short.out.contains("record/other-organiser"),
        "{}",
        short.out
    );
}

#[test]
fn every_dossier_given_is_accounted_for() {
    let folder = Folder::new("account");
    fs::copy(late(), folder.path("b.yaml")).unwrap();
    fs::copy(fixture("invalid/empty.yaml"), folder.path("a.yml")).unwrap();
    fs::create_dir(folder.path("sub")).unwrap();
    fs::copy(fixture("same-record/codes.json"), folder.path("sub/c.JSON")).unwrap();
    fs::write(folder.path("notes.txt"), "x").unwrap();
    fs::write(folder.path(".hidden.yaml"), "x").unwrap();
    let root = folder.path("");
    let gone = folder.path("gone.yaml");

    let json = ran(&["audit", &root, &gone, "--format", "json"]);
    assert_eq!(json.code, 2);
    let document: serde_json::Value = serde_json::from_str(&json.out).unwrap();
    let names: Vec<String> = document["cases"]
        .as_array()
        .unwrap()
        .iter()
        .map(|case| case["source"]["path"].as_str().unwrap().replace(&root, ""))
        .collect();
    assert_eq!(names, ["a.yml", "b.yaml", "sub/c.JSON", "gone.yaml"]);
    assert_eq!(document["summary"]["records"], 4);
    assert_eq!(document["summary"]["unaudited"], 2, "{document}");
    assert_eq!(document["diagnostics"][0]["code"], "input/passed-over");

    let lines = |more: &[&str]| -> Vec<serde_json::Value> {
        let arguments = ["audit", &root, &gone, "--format", "ndjson"];
        let lines = ran(&[&arguments, more].concat());
        let line = |line: &str| serde_json::from_str(line).unwrap();
        let of_a_case = |line: &serde_json::Value| line.get("case").is_some();
        lines.out.lines().map(line).filter(of_a_case).collect()
    };
    let cases = document["cases"].as_array().unwrap();
    assert_eq!(&lines(&["--all"]), cases);
    // Without --all a line has only the findings that need attention.
    let mut found = cases.clone();
    for case in &mut found {
        case["timeline"] = serde_json::json!([]);
        let findings = case["findings"].as_array_mut().unwrap();
        findings.retain(|finding| {
            let outcome = finding["outcome"].as_str().unwrap();
            !matches!(outcome, "satisfied" | "not_applicable") || finding["lapsed"] == true
        });
    }
    assert_ne!(&found, cases);
    assert_eq!(lines(&[]), found);

    let text = ran(&["audit", &root, &gone]);
    assert!(text.out.contains("共4份案卷"), "{}", text.out);
    assert!(text.err.contains("没有 `"), "{}", text.err);

    let empty = Folder::new("empty");
    let none = ran(&["audit", &empty.path("")]);
    assert!(none.err.contains("input/no-dossiers"), "{}", none.err);
    assert_eq!(none.code, 2);
}

#[test]
fn what_is_written_is_what_the_schemas_say() {
    let validator = |kind: &str| {
        let schema = ran(&["schema", kind]);
        assert_eq!(schema.code, 0);
        jsonschema::draft202012::new(&serde_json::from_str(&schema.out).unwrap()).unwrap()
    };
    let value = |ran: Ran| -> serde_json::Value { serde_json::from_str(&ran.out).unwrap() };
    let check = |validator: &jsonschema::Validator, value: &serde_json::Value| {
        let errors: Vec<String> = validator
            .iter_errors(value)
            .map(|e| format!("{e} at {}", e.instance_path()))
            .collect();
        assert!(errors.is_empty(), "{errors:#?}");
    };
    let folder = fixture("shanxi-2024-batch-1");
    for extra in [&["--lang", "en"][..], &["--explain", "--assume-complete"]] {
        let mut arguments = vec!["audit", &folder, "--format", "json"];
        arguments.extend(extra);
        check(&validator("audit"), &value(ran(&arguments)));
    }
    check(
        &validator("rules"),
        &value(ran(&["rules", "--format", "json"])),
    );
    check(
        &validator("rules"),
        &value(ran(&[
            "rules",
            "report.failed.mail-to-province",
            "--format",
            "json",
        ])),
    );
}

#[test]
fn an_output_file_is_whole_or_not_there() {
    let folder = Folder::new("output");
    let target = folder.path("report.json");
    fs::write(&target, "before").unwrap();
    let failed = ran(&[
        "audit",
        "--ruleset",
        "nix",
        &late(),
        "-o",
        &target,
        "--force",
    ]);
    assert_eq!(failed.code, 2);
    assert_eq!(fs::read_to_string(&target).unwrap(), "before");
    let written = ran(&[
        "audit",
        &late(),
        "--format",
        "json",
        "-o",
        &target,
        "--force",
    ]);
    assert_eq!((written.code, written.out.as_str()), (1, ""));
    assert_eq!(
        fs::read_to_string(&target).unwrap(),
        ran(&["audit", &late(), "--format", "json"]).out
    );
    // Nothing else is left next to it.
    assert_eq!(fs::read_dir(&folder.0).unwrap().count(), 1);

    let inside = folder.path("gone/report.txt");
    let ran = ran(&["rules", "-o", &inside]);
    assert!(ran.err.contains("output/unwritable"), "{}", ran.err);
    assert_eq!(ran.code, 2);
    let onto = self::ran(&["rules", "-o", &folder.path("")]);
    assert!(onto.err.contains("output/unwritable"), "{}", onto.err);
}

/// A reader that has closed.
struct Closed;

impl Write for Closed {
    fn write(&mut self, _: &[u8]) -> io::Result<usize> {
        Err(io::ErrorKind::BrokenPipe.into())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[test]
fn a_reader_who_stops_reading_ends_the_command_quietly() {
    let mut err = Vec::new();
    let late = late();
    let exit = run(
        ["choucha", "audit", &late].map(OsString::from),
        &mut Surroundings {
            out: &mut Closed,
            err: &mut err,
            input: &mut io::empty(),
            today: Day::parse("2024-06-01").unwrap(),
            locales: vec![],
            columns: None,
            out_color: false,
            err_color: false,
            out_terminal: false,
            err_terminal: false,
            threads: NonZeroUsize::MIN.saturating_add(1),
            heed_interrupts: || {},
            interrupted: &AtomicBool::new(false),
        },
    );
    assert_eq!(String::from_utf8(err).unwrap(), "");
    assert_eq!(exit.code(), 1);
}

#[test]
fn the_day_of_the_audit_is_given_or_closing_or_today_and_the_report_says_which() {
    let open = "case: {ruleset: shanxi/2024-batch-1}\n";
    assert!(
        run_with(&["audit", "-"], open, &[])
            .out
            .contains("截至：2024-06-01（今日）")
    );
    let given = run_with(&["audit", "-", "--as-of", "2024-03-05"], open, &[]);
    assert!(given.out.contains("截至：2024-03-05（按指定日期）"));
    assert!(
        ran(&["audit", &late()])
            .out
            .contains("（案卷记载的结案日期）")
    );
}

#[test]
fn a_graph_is_drawn_and_coloured_by_a_case() {
    let plain = ran(&["graph", "shanxi/2024-batch-1"]);
    assert!(plain.out.starts_with("digraph"));
    let (folder, what) = (Folder::new("drawn"), "shanxi/2024-batch-1");
    for (name, begin) in [("g.svg", "<svg"), ("g.gv", "digraph"), ("g", "digraph")] {
        let path = folder.path(name);
        assert_eq!(ran(&["graph", what, "-o", &path]).code, 0, "{name}");
        assert!(
            fs::read_to_string(&path).unwrap().starts_with(begin),
            "{name}"
        );
    }
    for arguments in [["graph", what], ["audit", &late()], ["people", &late()]] {
        let path = folder.path("g.pdf");
        let refused = ran(&[&arguments[..], &["-o", &path]].concat());
        assert_eq!(refused.code, 2, "{arguments:?}");
        assert!(refused.err.contains("可用的扩展名："), "{}", refused.err);
        assert!(!Path::new(&path).exists());
    }
    let colored = ran(&["graph", "--case", &late(), "--format", "svg"]);
    assert!(colored.out.contains("<svg") && colored.out.contains("违规"));
    assert_eq!((plain.code, colored.code), (0, 0));
}

#[test]
fn the_same_input_gives_the_same_bytes() {
    let folder = fixture("shanxi-2024-batch-1");
    for format in ["text", "json", "ndjson"] {
        let arguments = ["audit", &folder, "--format", format, "--all", "--explain"];
        let (a, b) = (ran(&arguments), ran(&arguments));
        assert_eq!(a.out, b.out);
        assert_eq!(a.err, b.err);
    }
}

/// The program's own rules as files, with a text that belongs to none of their instruments.
fn rules_on_disk(folder: &Folder) -> String {
    let rules = choucha_rules::rulebook::RuleFolder::embedded();
    for path in rules.paths() {
        let (source, _) = rules.source(path).unwrap();
        let file = folder.0.join("rules").join(path);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, source.text()).unwrap();
    }
    folder.path("rules")
}

#[test]
fn coverage_is_complete_for_the_rules_built_in_and_tells_by_its_exit_code_what_is_missing() {
    let set = "shanxi/2024-batch-1";
    let text = ran(&["coverage", set]);
    assert_eq!((text.code, text.err.as_str()), (0, ""));
    assert!(text.out.contains("遗漏0条"), "{}", text.out);
    let page = ran(&["coverage", set, "--format", "html"]);
    assert!(page.out.starts_with("<!DOCTYPE html>"));
    let json = ran(&["coverage", "--format", "json"]).out;
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    let schema = serde_json::from_str(&ran(&["schema", "coverage"]).out).unwrap();
    assert!(jsonschema::is_valid(&schema, &json));

    let folder = Folder::new("coverage");
    let rules = rules_on_disk(&folder);
    fs::write(format!("{rules}/{set}/not-auditable.yaml"), "clauses: []\n").unwrap();
    let missing = ran(&["coverage", set, "--rules", &rules]);
    assert_eq!(missing.code, 1);
    assert!(missing.out.contains("遗漏的条款") && missing.out.contains("二、（一）/2.2"));
    assert_eq!(ran(&["coverage", "nix"]).code, 2);
    assert_eq!(ran(&["coverage", "--texts", "/nix"]).code, 2);
}

#[test]
fn quotes_are_checked_and_a_rules_folder_with_a_wrong_one_is_not_loaded() {
    assert_eq!(ran(&["texts", "check"]).code, 0);
    let lacking = ran(&["texts", "lock"]);
    assert_eq!(lacking.code, 2);
    assert!(lacking.err.contains("--texts"), "{}", lacking.err);

    let folder = Folder::new("texts");
    let rules = rules_on_disk(&folder);
    assert_eq!(ran(&["rules", "--rules", &rules]).code, 0);
    let script = format!("{rules}/shanxi/2024-batch-1/2-1-sampling.rhai");
    let text = fs::read_to_string(&script).unwrap();
    assert!(text.contains("\"抽样人员不得少于2人\""));
    fs::write(
        &script,
        text.replace("\"抽样人员不得少于2人\"", "\"抽样人员不得少于3人\""),
    )
    .unwrap();
    for arguments in [
        &["texts", "check", "--rules", &rules][..],
        &["rules", "--rules", &rules],
    ] {
        let wrong = ran(arguments);
        assert_eq!(wrong.code, 2, "{}", wrong.err);
        assert!(wrong.err.contains("citation/not-locked"), "{}", wrong.err);
        assert!(wrong.err.contains("2-1-sampling.rhai:"), "{}", wrong.err);
    }
    // Without the texts there is nothing to lock; the locks stay unchanged.
    let empty = folder.path("empty");
    fs::create_dir_all(&empty).unwrap();
    let lock = format!("{rules}/clauses/order-18.lock.yaml");
    let before = fs::read_to_string(&lock).unwrap();
    let locked = ran(&["texts", "lock", "--texts", &empty, "--rules", &rules]);
    assert!(locked.err.contains("texts/missing"), "{}", locked.err);
    assert_eq!(fs::read_to_string(&lock).unwrap(), before);
}
