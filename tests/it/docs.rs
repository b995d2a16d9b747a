//! The guides for authors of rules: every path, command and id they name exists, their examples load, and both
//! languages show the same.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use crate::support::root;
use choucha::engine::Engine;
use choucha::rulebook::RuleFolder;
use choucha::vocabulary::Entry;

/// The English guides; each has a Chinese counterpart.
const GUIDES: [&str; 2] = ["docs/rule-authoring", "docs/script-api"];

const LANGUAGES: [&str; 2] = ["md", "zh.md"];

fn pages() -> impl Iterator<Item = (String, String)> {
    GUIDES.iter().flat_map(|guide| {
        LANGUAGES.map(|language| {
            let path = format!("{guide}.{language}");
            let text = fs::read_to_string(root().join(&path)).expect(&path);
            (path, text)
        })
    })
}

/// A fenced block of a page.
#[derive(Debug, PartialEq)]
struct Block {
    language: String,
    text: String,
}

impl Block {
    /// The file its first line names, `// rules/…` or `# rules/…`.
    fn file(&self) -> Option<&str> {
        let first = self.text.lines().next()?;
        let name = first.strip_prefix("// ").or(first.strip_prefix("# "))?;
        name.starts_with("rules/").then_some(name)
    }
}

/// The fenced blocks of a page, and its prose.
fn blocks(page: &str) -> (Vec<Block>, String) {
    let (mut blocks, mut prose) = (Vec::new(), String::new());
    let mut open: Option<Block> = None;
    for line in page.lines() {
        match (line.strip_prefix("```"), open.take()) {
            (Some(_), Some(block)) => blocks.push(block),
            (Some(language), None) => {
                open = Some(Block {
                    language: language.to_owned(),
                    text: String::new(),
                });
            }
            (None, Some(mut block)) => {
                block.text.push_str(line);
                block.text.push('\n');
                open = Some(block);
            }
            (None, None) => {
                prose.push_str(line);
                prose.push('\n');
            }
        }
    }
    assert!(open.is_none(), "a fence is not closed");
    (blocks, prose)
}

/// The words in backticks in the prose of a page.
fn marked(prose: &str) -> impl Iterator<Item = &str> {
    prose.split("\n\n").flat_map(|paragraph| {
        paragraph
            .lines()
            .flat_map(|line| line.split('`').skip(1).step_by(2))
    })
}

/// A copy of the rules folder with the examples of a guide added. `of`: the test it is for.
fn with_examples(guide: &str, of: &str) -> PathBuf {
    let page = fs::read_to_string(root().join(format!("{guide}.md"))).expect(guide);
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(of);
    if folder.exists() {
        fs::remove_dir_all(&folder).expect("an old copy can go");
    }
    copy(&root().join("rules"), &folder.join("rules"));
    let mut examples = 0;
    for block in blocks(&page).0 {
        if let Some(file) = block.file() {
            let path = folder.join(file);
            fs::create_dir_all(path.parent().expect("a folder")).expect("a folder can be made");
            fs::write(path, &block.text).expect("an example can be written");
            examples += 1;
        }
    }
    assert!(examples > 0, "{guide} has no examples");
    folder
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a folder can be made");
    for entry in fs::read_dir(from).expect("a folder") {
        let path = entry.expect("an entry").path();
        let target = to.join(path.file_name().expect("a name"));
        if path.is_dir() {
            copy(&path, &target);
        } else {
            fs::copy(&path, &target).expect("a file can be copied");
        }
    }
}

fn choucha(arguments: &[&str], folder: &Path) -> Output {
    Command::new(env!("CARGO_BIN_EXE_choucha"))
        .args(arguments)
        .args(["--lang", "en", "--color", "never"])
        .current_dir(folder)
        .output()
        .expect("the command runs")
}

fn said(output: &Output) -> String {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    format!("{}{}", text(&output.stdout), text(&output.stderr))
}

/// Every command line of a page, in its blocks and in its prose.
fn commands(page: &str) -> Vec<String> {
    let (blocks, prose) = blocks(page);
    let shown = blocks
        .iter()
        .filter(|block| block.language == "console")
        .flat_map(|block| block.text.lines())
        .map(str::to_owned);
    let named = marked(&prose)
        .filter(|code| code.starts_with("choucha "))
        .map(str::to_owned);
    shown.chain(named).collect()
}

#[test]
fn both_languages_show_the_same_blocks() {
    for guide in GUIDES {
        let page = |language: &str| {
            let path = format!("{guide}.{language}");
            blocks(&fs::read_to_string(root().join(&path)).expect(&path)).0
        };
        assert_eq!(page("md"), page("zh.md"), "{guide}");
    }
}

#[test]
fn every_path_and_link_of_a_guide_leads_somewhere() {
    for (name, page) in pages() {
        let (blocks, prose) = blocks(&page);
        let written: BTreeSet<&str> = blocks.iter().filter_map(Block::file).collect();
        let tops = ["rules/", "docs/", "src/", "tests/", "fixtures/"];
        let mut seen = 0;
        for path in marked(&prose).filter(|code| tops.iter().any(|top| code.starts_with(top))) {
            let there = root().join(path).exists() || written.contains(path);
            assert!(there, "{name}: `{path}`");
            seen += 1;
        }
        let links = prose
            .split("](")
            .skip(1)
            .filter_map(|rest| rest.split_once(')'));
        for (target, _) in links.filter(|(target, _)| !target.starts_with("https://")) {
            assert!(
                root().join("docs").join(target).exists(),
                "{name}: {target}"
            );
            seen += 1;
        }
        assert!(seen > 2, "{name}");
    }
}

#[test]
fn every_command_of_a_guide_is_one_the_program_takes() {
    for (name, page) in pages() {
        for command in commands(&page) {
            let mut arguments: Vec<&str> = command.split(' ').collect();
            assert_eq!(arguments.remove(0), "choucha", "{name}: {command}");
            arguments.push("--help");
            let output = choucha(&arguments, root());
            assert_eq!(
                output.status.code(),
                Some(0),
                "{name}: {command}\n{}",
                said(&output)
            );
        }
    }
    let guide = fs::read_to_string(root().join("docs/rule-authoring.md")).expect("the guide");
    let commands = commands(&guide);
    assert!(commands.len() > 10, "{commands:?}");
}

/// Words with dots or slashes are ids of obligations, stages, exceptions, rule sets or facts, or files.
#[test]
fn every_id_of_a_guide_is_there() {
    let folder = RuleFolder::open(&with_examples("docs/rule-authoring", "guide-ids").join("rules"))
        .expect("a folder");
    let engine = Engine::load(&folder).expect("the rules load");
    let sets = &engine.rulebook().rule_sets;
    let declared: BTreeSet<&str> = sets
        .iter()
        .flat_map(|set| {
            let obligations = set.obligations.iter().map(|it| &it.id);
            let stages = set.stages.iter().map(|it| &it.id);
            let exceptions = set.exceptions.iter().map(|it| &it.id);
            obligations.chain(stages).chain(exceptions)
        })
        .map(|id| id.0.as_str())
        .collect();
    let is_word = |code: &&str| {
        code.contains('.')
            && code.split(['.', '-', '_']).all(|word| {
                !word.is_empty()
                    && word
                        .bytes()
                        .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit())
            })
    };
    let endings = [".rhai", ".yaml", ".md", ".txt"];
    // Properties of an instrument, in the tables of functions.
    let properties = ["notice.number", "notice.title", "notice.title_en"];
    let mut seen = 0;
    for (name, page) in pages() {
        let (_, prose) = blocks(&page);
        for id in marked(&prose).filter(is_word) {
            if endings.iter().any(|ending| id.ends_with(ending)) || properties.contains(&id) {
                continue;
            }
            let fact = matches!(engine.vocabulary().find(id), Some(Entry::Fact(_)));
            assert!(declared.contains(id) || fact, "{name}: `{id}`");
            seen += 1;
        }
        for set in marked(&prose).filter(|code| {
            ["national/", "shanxi/", "jiangsu/", "chongqing/", "example/"]
                .iter()
                .any(|top| code.starts_with(top))
        }) {
            assert!(sets.iter().any(|it| it.id.0 == set), "{name}: `{set}`");
            seen += 1;
        }
    }
    assert!(seen > 5, "{seen}");
}

#[test]
fn the_worked_example_loads_and_its_tests_pass() {
    let folder = with_examples("docs/rule-authoring", "guide-example");
    for (set, states) in [
        ("example/coal-sealing", "samples.sealed"),
        ("example/coal-sealing-over-order-18", "samples.sealed"),
    ] {
        let output = choucha(&["rules", set, "--rules", "rules"], &folder);
        assert_eq!(output.status.code(), Some(0), "{set}: {}", said(&output));
        assert!(said(&output).contains(states), "{set}: {}", said(&output));
    }
    let output = choucha(
        &[
            "test",
            "example/coal-sealing",
            "--rules",
            "rules",
            "--format",
            "json",
        ],
        &folder,
    );
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    let document: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let set = &document["rulesets"][0];
    assert_eq!(set["tests"], 7, "{document:#}");
    for outcome in ["satisfied", "violated", "undetermined", "not_applicable"] {
        assert_eq!(set["never"][outcome], serde_json::json!([]), "{document:#}");
    }
    let output = choucha(
        &["check", "example/coal-sealing", "--rules", "rules"],
        &folder,
    );
    assert!(said(&output).contains("0 errors"), "{}", said(&output));
    // A test that expects otherwise fails.
    let tests = folder.join("rules/example/coal-sealing/tests.yaml");
    let wrong = fs::read_to_string(&tests)
        .expect("the tests")
        .replace("samples.sealed: review", "samples.sealed: violated");
    fs::write(&tests, wrong).expect("written");
    let output = choucha(
        &["test", "example/coal-sealing", "--rules", "rules"],
        &folder,
    );
    assert_ne!(output.status.code(), Some(0), "{}", said(&output));
}

/// The guide's claim about a notice that relaxes the duty above.
#[test]
fn a_laxer_duty_stands_beside_the_one_it_refines_and_check_says_so() {
    let folder = with_examples("docs/rule-authoring", "guide-laxer");
    let script = folder.join("rules/example/coal-sealing-over-order-18/6-results.rhai");
    let laxer = r#"// 第四十七条，另许以其他方式处理
obligation("recheck.failure-reported-or-handled", #{
    title: "复查不合格的上报或者另行处理", title_en: "Failed recheck reported, or dealt with otherwise",
    bearer: "result_bureau",
    cite: instrument("市场监管总局令第18号").at("第四十七条", "被抽样生产者、销售者经复查不合格的，负责结果处理的市场监督管理部门应当逐级上报至省级市场监督管理部门"),
    after: ["recheck.failed"],
    must: any([fact("recheck.reported_up_on").present(), fact("follow_up.handled")]),
    refines: "order-18.recheck.failure-reported-up",
});
"#;
    fs::write(script, laxer).expect("a script can be written");
    let set = "example/coal-sealing-over-order-18";
    let output = choucha(&["check", set, "--rules", "rules"], &folder);
    assert_eq!(output.status.code(), Some(1), "{}", said(&output));
    assert!(
        said(&output).contains("warning[layers/relaxed]"),
        "{}",
        said(&output)
    );
    let at = ["--at", "2021-08-01", "--rules", "rules"];
    let output = choucha(&[&["rules", "--effective", set], &at[..]].concat(), &folder);
    let listed = said(&output);
    assert!(
        listed.contains("recheck.failure-reported-or-handled")
            && listed
                .contains("\n- Failed recheck reported up to the province  order-18.recheck.failure-reported-up"),
        "{listed}"
    );
    assert!(listed.contains("1 from above that stand"), "{listed}");
}

#[test]
fn the_examples_of_the_script_api_load_and_use_every_function() {
    let page = fs::read_to_string(root().join("docs/script-api.md")).expect("the page");
    let (blocks, prose) = blocks(&page);
    let mut files: Vec<(String, String)> = Vec::new();
    read(&root().join("rules"), "", &mut files);
    for (number, block) in blocks.iter().enumerate() {
        assert_eq!(block.language, "rhai");
        let name = match number {
            0 => "example/guide/ruleset.rhai".to_owned(),
            number => format!("example/guide/{number}.rhai"),
        };
        files.push((name, block.text.clone()));
    }
    let texts = files
        .iter()
        .map(|(path, text)| (path.as_str(), text.as_str()));
    if let Err(problems) = Engine::load(&RuleFolder::from_texts("rules", texts)) {
        panic!("{problems:#?}");
    }
    let used: String = blocks.iter().map(|block| block.text.as_str()).collect();
    let written = prose.lines().filter_map(|line| {
        let (code, _) = line.strip_prefix("| `")?.split_once('`')?;
        let (head, _) = code.split_once('(')?;
        Some(head.rsplit('.').next().unwrap_or(head).to_owned())
    });
    for function in written {
        // No list of groups in the vocabulary has a number.
        let used = used.contains(&format!("{function}(")) || function == "sum";
        assert!(used, "no example uses {function}(…)");
    }
}

/// The files of a folder, by their path within it.
fn read(folder: &Path, under: &str, into: &mut Vec<(String, String)>) {
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        let name = path
            .file_name()
            .expect("a name")
            .to_string_lossy()
            .into_owned();
        let inside = format!("{under}{name}");
        if path.is_dir() {
            read(&path, &format!("{inside}/"), into);
        } else if path.extension().is_none_or(|end| end != "png") {
            into.push((inside, fs::read_to_string(&path).expect("a text")));
        }
    }
}

/// A sentence says 由人工判断 where the outcome is 待人工判断.
#[test]
fn what_is_left_to_a_person_has_one_name() {
    let mut texts = Vec::new();
    for top in ["rules", "docs", "src"] {
        read(&root().join(top), &format!("{top}/"), &mut texts);
    }
    let mut seen = 0;
    for (path, text) in &texts {
        for (at, line) in text.lines().enumerate() {
            for other in ["判断", "核实", "认定", "核对"].map(|verb| format!("由人{verb}"))
            {
                assert!(!line.contains(&other), "{path}:{}: {line}", at + 1);
            }
            seen += line.matches("由人工判断").count();
        }
    }
    assert!(seen > 100, "{seen}");
}
