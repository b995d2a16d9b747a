//! `choucha check` on the rules we ship, and on rules with one mistake each.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::LazyLock;

use serde_json::Value;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn choucha(args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_choucha"))
        .args(args)
        .args(["--lang", "zh"])
        .output()
        .unwrap()
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

/// A copy of the rules we ship.
fn rules(name: &str) -> PathBuf {
    let to = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("check-{name}"));
    let _ = fs::remove_dir_all(&to);
    copy(&root().join("rules"), &to);
    to
}

static SCHEMA: LazyLock<jsonschema::Validator> = LazyLock::new(|| {
    let schema: Value = serde_json::from_slice(&choucha(&["schema", "check"]).stdout).unwrap();
    jsonschema::draft202012::new(&schema).unwrap()
});

/// The diagnostics of a check as `code level place-in-folder`, without notes on what is merely untested or unused, and the
/// exit code.
fn checked(rules: &Path, set: &str) -> (Vec<String>, Option<i32>) {
    let output = choucha(&[
        "check",
        set,
        "--rules",
        rules.to_str().unwrap(),
        "--format",
        "json",
    ]);
    let json: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert!(SCHEMA.is_valid(&json), "{json}");
    let prefix = format!("{}/", rules.display());
    let found = json["diagnostics"].as_array().unwrap().iter();
    let found = found
        .filter(|one| one["level"] != "note")
        .map(|one| {
            let place = one["place"].as_str().unwrap_or_default();
            format!(
                "{} {}",
                one["code"].as_str().unwrap(),
                place.replace(&prefix, "")
            )
        })
        .collect();
    (found, output.status.code())
}

fn edit(file: &Path, from: &str, to: &str) {
    let text = fs::read_to_string(file).unwrap();
    assert!(text.contains(from), "{}: {from}", file.display());
    fs::write(file, text.replacen(from, to, 1)).unwrap();
}

#[test]
fn the_rules_we_ship_are_clean() {
    let output = choucha(&["check"]);
    let shown = String::from_utf8(output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(0), "{shown}");
    assert!(shown.contains("错误 0 个，警告 0 个"), "{shown}");
    assert!(shown.contains("引文已对照锁定文件核对"), "{shown}");
}

#[test]
fn rules_that_are_wrong_in_one_way_get_one_diagnostic_at_its_place() {
    const ORDER: &str = "national/order-18/2-organisation.rhai";
    // The mistake; the file; its text; the replacement; the diagnostic.
    let cases = [
        (
            "quote",
            ORDER,
            "抽样机构、检验机构应当在委托范围内开展抽样、检验工作",
            "抽样机构应当在范围之内开展工作",
            "citation/not-locked national/order-18/2-organisation.rhai:27:",
        ),
        (
            "section",
            ORDER,
            "order.at(\"第十四条\", \"抽样机构、",
            "order.at(\"第十五条\", \"抽样机构、",
            "citation/not-locked national/order-18/2-organisation.rhai:27:",
        ),
        (
            "instrument",
            ORDER,
            "instrument(\"市场监管总局令第18号\")",
            "instrument(\"市场监管总局令第81号\")",
            "rules/unknown-instrument national/order-18/2-organisation.rhai:4:",
        ),
        (
            "refines",
            "shanxi/2024-batch-1/1-tasks.rhai",
            "tightens: \"order-18.respondent.cooperates\"",
            "tightens: \"order-18.respondent.cooperate\"",
            "graph/dangling-id shanxi/2024-batch-1/1-tasks.rhai:",
        ),
        (
            "bearer",
            ORDER,
            "    bearer: \"agencies\",\n",
            "",
            "rules/missing-key national/order-18/2-organisation.rhai",
        ),
        (
            "english",
            ORDER,
            "    title_en: \"Sampling and testing within the scope entrusted\",\n",
            "",
            "rules/missing-key national/order-18/2-organisation.rhai",
        ),
        (
            "stage",
            ORDER,
            "after: [\"sampling\"],",
            "after: [\"sampled\"],",
            "graph/dangling-id national/order-18/2-organisation.rhai",
        ),
        (
            "punctuation",
            ORDER,
            "after: [\"sampling\"],",
            "after：[\"sampling\"],",
            "rules/full-width national/order-18/2-organisation.rhai",
        ),
        (
            "id",
            ORDER,
            "\"order-18.conduct.within-scope\"",
            "\"order-18.conduct.Within_Scope\"",
            "rules/bad-id national/order-18/2-organisation.rhai",
        ),
    ];
    for (name, file, from, to, expected) in cases {
        let folder = rules(name);
        edit(&folder.join(file), from, to);
        let set = file.rsplit_once('/').unwrap().0;
        let (found, exit) = checked(&folder, set);
        assert_eq!(found.len(), 1, "{name}: {found:?}");
        assert!(found[0].starts_with(expected), "{name}: {found:?}");
        assert_eq!(exit, Some(2), "{name}");
    }
}

#[test]
fn two_rule_sets_with_one_id_are_reported_once() {
    let folder = rules("twice-id");
    copy(
        &folder.join("national/order-18"),
        &folder.join("national/order-18-again"),
    );
    let (found, exit) = checked(&folder, "national/order-18");
    assert_eq!(exit, Some(2));
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(
        found[0].starts_with("rules/rule-set national/order-18-again/ruleset.rhai"),
        "{found:?}"
    );
}

#[test]
fn a_lock_that_does_not_match_is_reported_once() {
    let folder = rules("lock");
    let lock = folder.join("clauses/order-18.lock.yaml");
    let text = fs::read_to_string(&lock).unwrap();
    let at = text.find("sha256:").unwrap() + "sha256:".len();
    let mut other = text;
    other.replace_range(at..at + 8, "00000000");
    fs::write(&lock, other).unwrap();
    let (found, exit) = checked(&folder, "national/order-18");
    assert_eq!(exit, Some(2));
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(
        found[0].starts_with("lock/stale instruments.yaml"),
        "{found:?}"
    );
}

/// A duty with the given rest: conditions and requirement.
fn duty(id: &str, rest: &str) -> String {
    format!(
        "\nobligation(\"order-18.{id}\", #{{ title: \"示例\", title_en: \"Example\", bearer: \"samplers\", cite: quoted,\n    {rest}\n}});\n"
    )
}

#[test]
fn rules_that_load_and_cannot_be_meant_are_warned_of_at_their_place() {
    let outcome = "fact(\"sampling.outcome\")";
    let cases = [
        // Contradictory conditions: one fact that is two things.
        (duty("a", &format!("when: ({outcome} == \"refused\") & ({outcome} == \"terminated\"), must: fact(\"refusal.recorded\"),")), "lint/never-applies"),
        // The same through the stage it presupposes.
        (duty("a", &format!("after: [\"refusal\"], when: {outcome} == \"completed\", must: fact(\"refusal.recorded\"),")), "lint/never-applies"),
        // A requirement that always holds.
        (duty("a", "must: fact(\"samples.test_quantity\").present() | fact(\"samples.test_quantity\").absent(),"), "lint/never-violated"),
        (duty("a", "must: (fact(\"samples.test_quantity\") > 2) | !(fact(\"samples.test_quantity\") > 1),"), ""),
        (duty("a", "must: (fact(\"samples.test_quantity\") > 1) | !(fact(\"samples.test_quantity\") > 1),"), "lint/never-violated"),
        // A requirement that never holds.
        (duty("a", "must: fact(\"sampling.channel\").absent() & (fact(\"sampling.channel\") == \"online\"),"), "lint/never-satisfied"),
        // A requirement that the duty's own condition rules out.
        (duty("a", &format!("when: {outcome} == \"refused\", must_not: {outcome} == \"completed\",")), "lint/never-violated"),
        ("\nstage(\"unused\", #{ title: \"示例\", title_en: \"Example\", holds: fact(\"storage.on_site\") });\n".to_owned(), "lint/unused-stage"),
        ("\nexception(\"unneeded\", #{ title: \"示例\", title_en: \"Example\", cite: order.at(\"第九条\", \"除现场检验外\"), holds: fact(\"testing.on_site\") });\n".to_owned(), "lint/unused-exception"),
        (format!("\n// {}\n", "长".repeat(119)), "lint/long-line"),
        // A window that opens when the other deadline is over.
        (format!("{}{}", duty("a", "must: fact(\"recheck.second_on\").within(days(40), fact(\"recheck.announced_on\")),"), duty("b", "must: fact(\"recheck.second_on\").between(days(60), days(90), fact(\"recheck.announced_on\")),")), "lint/contradictory-deadlines"),
        // Two deadlines that meet, and two in cases that exclude each other.
        (duty("a", "after: [\"recheck.failed\"], must: fact(\"recheck.second_on\").within(days(70), fact(\"recheck.announced_on\")),"), ""),
        (format!("{}{}", duty("a", "when: fact(\"case.kind\") == \"follow_up\", must: fact(\"testing.finished_on\").within(days(10), fact(\"receipt.received_on\")),"), duty("b", "when: fact(\"case.kind\") == \"emergency\", must: fact(\"testing.finished_on\").between(days(60), days(90), fact(\"receipt.received_on\")),")), ""),
    ];
    // All in one script: each mistake is reported at its own lines, and nothing at the sound duties.
    let folder = rules("lints");
    let file = folder.join("national/order-18/2-organisation.rhai");
    let quoted = "order.at(\"第十四条\", \"抽样机构、检验机构应当在委托范围内开展抽样、检验工作，保证抽样、检验工作及其结果的客观、公正、真实\")";
    let declared = "obligation(\"order-18.conduct.within-scope\"";
    let mut text = fs::read_to_string(&file)
        .unwrap()
        .replace(quoted, "quoted")
        .replace(declared, &format!("let quoted = {quoted};\n{declared}"));
    let mut places = Vec::new();
    for (n, (script, expected)) in cases.iter().enumerate() {
        let before = text.lines().count();
        text.push_str(
            &script
                .replace("\"order-18.a\"", &format!("\"order-18.a-{n}\""))
                .replace("\"order-18.b\"", &format!("\"order-18.b-{n}\"")),
        );
        places.push((before..text.lines().count(), *expected, script));
    }
    fs::write(&file, text).unwrap();
    let (mut found, exit) = checked(&folder, "national/order-18");
    assert_eq!(exit, Some(1));
    for (lines, expected, script) in places {
        let here = |one: &String| {
            let line: usize = one.rsplit(':').nth(1).unwrap().parse().unwrap();
            one.contains("2-organisation.rhai") && lines.contains(&(line - 1))
        };
        let of_rule: Vec<String> = found.iter().filter(|one| here(one)).cloned().collect();
        found.retain(|one| !here(one));
        if expected.is_empty() {
            assert!(of_rule.is_empty(), "{script}: {of_rule:?}");
        } else {
            // The window meets the deadline of the order itself too.
            let all = of_rule.iter().all(|one| one.starts_with(expected));
            assert!(all && !of_rule.is_empty(), "{script}: {of_rule:?}");
        }
    }
    assert_eq!(found, [""; 0]);
}

#[test]
fn a_sentence_written_twice_and_one_nobody_answers_for_are_warned_of() {
    let folder = rules("twice");
    let file = folder.join("national/order-18/2-organisation.rhai");
    let cited = "    cite: order.at(\"第十四条\", \"抽样机构、检验机构应当在委托范围内开展抽样、检验工作，保证抽样、检验工作及其结果的客观、公正、真实\"),\n";
    let text = fs::read_to_string(&file).unwrap();
    let comment = "// “……检验机构应当在委托范围内开展\n// 抽样、检验工作。”\n";
    let again = "exception(\"again\", #{ title: \"示例\", title_en: \"Example\", cite: order.at(\"第十四条\", \"抽样机构、检验机构应当在委托范围内开展抽样、检验工作，保证抽样、检验工作及其结果的客观、公正、真实\"), holds: fact(\"testing.on_site\") });\n";
    assert!(text.contains(cited));
    fs::write(&file, [text.as_str(), "\n", comment, again].concat()).unwrap();
    let (found, exit) = checked(&folder, "national/order-18");
    assert_eq!(exit, Some(1));
    let script = "national/order-18/2-organisation.rhai";
    let line = text.lines().count() + 2;
    let twice =
        |line: usize, column: usize| format!("lint/repeated-words {script}:{line}:{column}");
    assert!(found.contains(&twice(line, 1)), "{found:?}");
    assert!(
        found
            .iter()
            .any(|one| one.starts_with(&format!("lint/repeated-words {script}:{}:", line + 2))),
        "{found:?}"
    );
    assert_eq!(found.len(), 3, "the exception is unused as well: {found:?}");

    let folder = rules("missing");
    let file = folder.join("national/order-18/2-organisation.rhai");
    let text = fs::read_to_string(&file).unwrap();
    let start = text
        .find("conduct::no_breach(\"order-18.conduct.no-false-report\"")
        .unwrap();
    let end = start + text[start..].find("});").unwrap() + "});".len();
    fs::write(&file, [&text[..start], &text[end..]].concat()).unwrap();
    fs::remove_file(folder.join("national/order-18/tests.yaml")).unwrap();
    let (found, exit) = checked(&folder, "national/order-18");
    assert_eq!(exit, Some(1), "{found:?}");
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(
        found[0].starts_with("lint/clause-missing national/order-18/ruleset.rhai"),
        "{found:?}"
    );
}

#[test]
fn a_code_is_explained_and_an_unknown_one_is_a_mistake() {
    let output = choucha(&["explain", "lint/never-violated"]);
    let shown = String::from_utf8(output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(0));
    assert!(
        shown.starts_with("lint/never-violated（警告）："),
        "{shown}"
    );
    let output = choucha(&["explain", "lint/never-violate"]);
    let found = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(
        found.contains("是否应为 `lint/never-violated`？"),
        "{found}"
    );
}
