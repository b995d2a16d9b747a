//! Messages about choices, odd input and failing output.

use super::*;

fn written(folder: &Folder, name: &str, text: &str) -> String {
    fs::write(folder.path(name), text).unwrap();
    folder.path(name)
}

/// A dossier of the fixtures that names neither its rule set nor its campaign.
fn unnamed(folder: &Folder, fixture_name: &str) -> String {
    let text = fs::read_to_string(fixture(fixture_name)).unwrap();
    let lines: Vec<&str> = text
        .lines()
        .filter(|line| !line.trim_start().starts_with("ruleset:"))
        .filter(|line| !line.trim_start().starts_with("campaign:"))
        .collect();
    written(folder, "unnamed.yaml", &lines.join("\n"))
}

#[test]
fn a_dossier_that_names_no_rule_set_is_audited_by_the_one_that_fits_and_told_why() {
    let folder = Folder::new("unnamed");
    let dossier = unnamed(&folder, "shanxi-2021-158-coal/unlicensed-terminated.yaml");
    let named = ran(&[
        "audit",
        &fixture("shanxi-2021-158-coal/unlicensed-terminated.yaml"),
    ]);
    let text = ran(&["audit", &dossier]);
    assert_eq!(text.code, named.code, "{}{}", text.out, text.err);
    assert!(text.out.contains("shanxi/2021-158-coal"), "{}", text.out);
    assert!(
        text.out.contains("选定：案卷没有写明规则集"),
        "{}",
        text.out
    );
    assert!(!named.out.contains("选定："));
    let json = ran(&["audit", &dossier, "--format", "json", "--lang", "en"]);
    let json: serde_json::Value = serde_json::from_str(&json.out).unwrap();
    let because = json["cases"][0]["ruleset_chosen_because"].as_str().unwrap();
    assert!(
        because.contains("动力用煤") && because.contains("山西省市场监督管理局"),
        "{because}"
    );
    let several = ran(&["audit", &dossier, &late(), "--format", "json"]);
    let json: serde_json::Value = serde_json::from_str(&several.out).unwrap();
    assert_eq!(json["cases"][0]["ruleset"], "shanxi/2021-158-coal");
    assert!(json["cases"][1]["ruleset_chosen_because"].is_null());
}

#[test]
fn where_several_rule_sets_fit_the_audit_asks_and_fails() {
    let asked = run_with(
        &["audit", "-"],
        "case: {organiser: 山西省市场监督管理局}\nsampling: {sampled_on: 2021-08-03}\n",
        &[],
    );
    assert_eq!((asked.code, asked.out.as_str()), (2, ""));
    for said in [
        "record/several-rule-sets",
        "shanxi/2021-158-coal",
        "shanxi/2021-159-machinery-daily-textile",
        "product.plan_product",
        "--ruleset",
        "case.ruleset",
    ] {
        assert!(asked.err.contains(said), "{said}\n{}", asked.err);
    }
    assert!(!asked.err.contains("shanxi/2024-batch-1"), "{}", asked.err);
}

#[test]
fn a_rule_set_is_named_by_its_title_on_the_command_line_and_in_a_record() {
    let title = "山西省2024年第一批产品质量监督抽查";
    let by_title = ran(&["audit", "--ruleset", title, &late()]);
    assert_eq!(by_title.code, 1, "{}", by_title.err);
    let folder = Folder::new("title");
    let record = written(
        &folder,
        "a.yaml",
        &format!("case: {{ruleset: {title}}}\nsampling: {{outcome: completed}}\n"),
    );
    assert_eq!(ran(&["audit", &record]).code, 4);
    let near = written(
        &folder,
        "b.yaml",
        "case: {ruleset: 山西省2024年第一批产品质量监督抽察}\n",
    );
    let near = ran(&["audit", &near]);
    assert_eq!(near.code, 2);
    assert!(
        near.err
            .contains(&format!("`shanxi/2024-batch-1`（{title}）")),
        "{}",
        near.err
    );
}

#[test]
fn two_dossiers_of_one_number_are_reported_with_both_places() {
    let folder = Folder::new("numbers");
    fs::copy(late(), folder.path("a.yaml")).unwrap();
    // Another record with the same number.
    let other = fs::read_to_string(late()).unwrap().replace("史己", "史庚");
    fs::write(folder.path("b.yaml"), other).unwrap();
    let ran = ran(&["audit", &folder.path("a.yaml"), &folder.path("b.yaml")]);
    assert_eq!(
        ran.out.matches("record/same-number").count(),
        1,
        "{}",
        ran.out
    );
    let found = ran.out.split("record/same-number").nth(1).unwrap();
    let found: String = found.chars().filter(|c| !c.is_whitespace()).collect();
    assert!(
        found.contains("a.yaml`的相同") && found.contains("b.yaml:"),
        "{found}"
    );
}

#[test]
fn a_dossier_given_twice_counts_once_in_every_view_and_it_is_said() {
    let folder = Folder::new("given-twice");
    fs::copy(late(), folder.path("a.yaml")).unwrap();
    fs::copy(late(), folder.path("b.yaml")).unwrap();
    let paths = [folder.path("a.yaml"), folder.path("b.yaml")];
    let twice = |options: &[&str]| {
        let paths: Vec<&str> = paths.iter().map(String::as_str).collect();
        ran(&[&["audit"], &paths[..], options].concat())
    };
    let document: serde_json::Value =
        serde_json::from_str(&twice(&["--format", "json"]).out).unwrap();
    assert_eq!(document["cases"].as_array().unwrap().len(), 2);
    assert_eq!(document["summary"]["records"], 1, "{}", document["summary"]);
    let found = document["cases"][1]["diagnostics"].to_string();
    assert!(
        found.contains("record/same-dossier") && found.contains("a.yaml"),
        "{found}"
    );
    let once = ran(&["audit", &paths[0], "--by", "obligation", "--format", "csv"]);
    assert_eq!(
        twice(&["--by", "obligation", "--format", "csv"]).out,
        once.out
    );
}

#[test]
fn a_graph_coloured_by_a_dossier_that_cannot_be_read_fails() {
    let broken = ran(&["graph", "--case", &fixture("invalid/wrong-type.yaml")]);
    assert_eq!((broken.code, broken.out.as_str()), (2, ""));
    let sound = ran(&["graph", "--case", &late()]);
    assert_eq!(sound.code, 0, "{}", sound.err);
    assert!(sound.out.starts_with("digraph"));
}

#[test]
fn an_empty_folder_is_reported_and_not_summed_up() {
    let folder = Folder::new("nothing");
    let ran = ran(&["audit", &folder.path("")]);
    assert_eq!((ran.code, ran.out.as_str()), (2, ""));
    assert!(ran.err.contains("没有案卷"), "{}", ran.err);
}

#[test]
fn a_duty_of_several_rule_sets_is_explained_under_the_name_of_each() {
    let several = ran(&["explain", "samples.sealed"]).out;
    for title in [
        "【山西省2021年工业用煤及焦炭产品质量专项监督抽查】shanxi/2021-158-coal",
        "【山西省2024年第一批产品质量监督抽查】shanxi/2024-batch-1",
    ] {
        assert!(several.contains(title), "{several}");
    }
    let one = ran(&[
        "explain",
        "samples.sealed",
        "--ruleset",
        "shanxi/2024-batch-1",
    ]);
    assert!(!one.out.contains('【'), "{}", one.out);
}

#[test]
fn a_window_is_not_explained_as_a_due_date() {
    let all = ran(&["rules", "national/order-18", "--format", "json"]).out;
    let all: serde_json::Value = serde_json::from_str(&all).unwrap();
    let duties = all["obligations"].as_array().unwrap();
    let found = duties.iter().find(|duty| {
        let deadline = duty["deadline"].to_string();
        deadline.contains("90") && deadline.contains("60")
    });
    let text = ran(&["explain", found.unwrap()["id"].as_str().unwrap()]).out;
    assert!(text.contains("起止日之间"), "{text}");
    assert!(text.contains("界日"), "{text}");
    assert!(!text.contains("期限届满之日以前"), "{text}");
}

/// A stream that is full.
struct Full;

impl Write for Full {
    fn write(&mut self, _: &[u8]) -> io::Result<usize> {
        Err(io::ErrorKind::StorageFull.into())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[test]
fn output_that_cannot_be_written_is_called_by_its_name() {
    let mut err = Vec::new();
    let exit = run(
        ["choucha", "schema"].map(OsString::from),
        &mut Surroundings {
            out: &mut Full,
            err: &mut err,
            input: &mut io::empty(),
            today: Day::parse("2024-06-01").unwrap(),
            locales: vec!["zh-CN".to_owned()],
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
    assert_eq!(exit.code(), 2);
    let found = String::from_utf8(err).unwrap();
    assert!(found.contains("无法写入标准输出"), "{found}");
    assert!(!found.contains("`-`"), "{found}");
}

#[test]
fn a_value_in_a_list_is_not_told_to_be_written_as_a_list() {
    let ran = run_with(
        &["audit", "-"],
        "case: {ruleset: shanxi/2024-batch-1}\nrespondent:\n  breaches: [阻碍, [拒绝]]\nsampling:\n  shown: [没有的]\n",
        &[],
    );
    assert_eq!(ran.code, 2);
    assert!(!ran.err.contains("请写成列表"), "{}", ran.err);
    assert!(ran.err.contains("不写成列表"), "{}", ran.err);
}

#[test]
fn a_thin_dossier_asks_for_its_papers_in_the_order_of_the_work() {
    let ran = run_with(
        &["audit", "-"],
        "case: {ruleset: shanxi/2024-batch-1}\n",
        &[],
    );
    let place = |paper: &str| {
        let papers = ran.out.split("应补材料").nth(1).unwrap();
        papers.find(paper).unwrap_or_else(|| panic!("{paper}"))
    };
    assert!(place("抽样单") < place("检验报告"), "{}", ran.out);
    assert!(place("检验报告") < place("复检"), "{}", ran.out);
}

#[test]
fn rules_that_print_are_heard_once_and_rules_that_loop_are_shown_where() {
    let folder = Folder::new("printing");
    let copy = |from: &Path, to: &Path| {
        fn all(from: &Path, to: &Path) {
            fs::create_dir_all(to).unwrap();
            for entry in fs::read_dir(from).unwrap() {
                let entry = entry.unwrap();
                let target = to.join(entry.file_name());
                match entry.file_type().unwrap().is_dir() {
                    true => all(&entry.path(), &target),
                    false => assert!(fs::copy(entry.path(), target).is_ok()),
                }
            }
        }
        all(from, to);
    };
    let rules = folder.0.join("rules");
    copy(&Path::new(env!("CARGO_MANIFEST_DIR")).join("rules"), &rules);
    let script = rules.join("shanxi/2024-batch-1/3-requirements.rhai");
    let text = fs::read_to_string(&script).unwrap();
    fs::write(&script, format!("{text}\nprint(\"看到这里\");\n")).unwrap();
    let at = rules.display().to_string();
    for task in [
        &["audit", "--rules", &at, &late()][..],
        &["rules", "--rules", &at],
    ] {
        let ran = ran(task);
        assert_eq!(ran.err.matches("rules/printed").count(), 1, "{}", ran.err);
        assert!(ran.err.contains("看到这里"), "{}", ran.err);
    }
    fs::write(
        &script,
        format!("{text}\nlet i = 0;\nwhile true {{\n  i += 1;\n}}\n"),
    )
    .unwrap();
    let stopped = ran(&["audit", "--rules", &at, &late()]);
    assert_eq!(stopped.code, 2);
    assert!(stopped.err.contains("rules/limit"), "{}", stopped.err);
    assert!(
        stopped.err.contains("3-requirements.rhai:"),
        "{}",
        stopped.err
    );
    assert!(!stopped.err.contains("ruleset.rhai:1:1"), "{}", stopped.err);
}
