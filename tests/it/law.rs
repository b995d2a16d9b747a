//! Checks `docs/law.md` against the rules and the tests: every reading has a line, every obligation it names is in force in
//! some rule set, every test it names exists.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use crate::support::engine;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn read(path: impl AsRef<Path>) -> String {
    let path = path.as_ref();
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The rows of the table of readings: number, obligations, tests.
fn rows() -> Vec<(u32, Vec<String>, Vec<String>)> {
    let doc = read(root().join("docs/law.md"));
    let table = doc
        .lines()
        .skip_while(|line| !line.starts_with("| 解读 |"))
        .skip(2)
        .take_while(|line| line.starts_with('|'));
    table
        .map(|line| {
            let cells: Vec<&str> = line.trim_matches('|').split('|').collect();
            assert_eq!(cells.len(), 4, "{line}");
            assert!(!cells[1].trim().is_empty(), "{line}");
            let named = |cell: &str| {
                cell.split('`')
                    .skip(1)
                    .step_by(2)
                    .map(str::to_owned)
                    .collect()
            };
            let number = cells[0].trim().parse().expect("the number of a reading");
            (number, named(cells[2]), named(cells[3]))
        })
        .collect()
}

/// Every test: the functions after `#[test]`, and the entries of the tables.
fn tests() -> BTreeSet<String> {
    fn files(folder: &Path, into: &mut Vec<PathBuf>) {
        for entry in fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                files(&path, into);
            } else if path
                .extension()
                .is_some_and(|ending| ending == "rs" || ending == "yaml")
            {
                into.push(path);
            }
        }
    }
    let mut sources = Vec::new();
    files(&root().join("tests"), &mut sources);
    let mut found = BTreeSet::new();
    for source in sources {
        let text = read(&source);
        if source.extension().is_some_and(|ending| ending == "yaml") {
            let table: serde_yaml::Value = serde_yaml::from_str(&text).expect("a table");
            let entries = table["entries"].as_mapping().expect("entries");
            found.extend(
                entries
                    .keys()
                    .filter_map(|name| Some(name.as_str()?.to_owned())),
            );
            continue;
        }
        let mut lines = text.lines().map(str::trim);
        while lines.any(|line| line == "#[test]") {
            let named = lines.find_map(|line| line.strip_prefix("fn "));
            let name = named.and_then(|rest| rest.split('(').next());
            found.extend(name.map(str::to_owned));
        }
    }
    found
}

fn obligations() -> BTreeSet<String> {
    let sets = &engine().rulebook().rule_sets;
    sets.iter()
        .flat_map(choucha::obligation::RuleSet::all_obligations)
        .map(|obligation| obligation.id.0.clone())
        .collect()
}

#[test]
fn every_reading_has_a_line_with_obligations_that_exist_and_tests_that_exist() {
    let (tests, obligations) = (tests(), obligations());
    let rows = rows();
    let numbers: Vec<u32> = rows.iter().map(|row| row.0).collect();
    assert_eq!(numbers, (1..=35).collect::<Vec<u32>>());
    for (number, duties, shown_by) in rows {
        assert!(!duties.is_empty(), "reading {number}: obligations");
        assert!(!shown_by.is_empty(), "reading {number}: tests");
        for duty in duties {
            assert!(
                obligations.contains(&duty),
                "reading {number}: no obligation `{duty}`"
            );
        }
        for test in shown_by {
            assert!(tests.contains(&test), "reading {number}: no test `{test}`");
            assert!(
                test.starts_with(&format!("reading_{number:02}_")),
                "reading {number}: {test}"
            );
        }
    }
}

#[test]
fn every_test_of_a_reading_is_named_in_the_table() {
    let named: BTreeSet<String> = rows().into_iter().flat_map(|row| row.2).collect();
    for test in tests().iter().filter(|test| test.starts_with("reading_")) {
        assert!(named.contains(test), "`{test}` is not in docs/law.md");
    }
}
