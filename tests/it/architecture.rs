//! Holds the code to the table of allowed imports in `docs/architecture.md`, and the docs to the tree.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

fn files(folder: &Path, ending: &str, into: &mut Vec<PathBuf>) {
    let mut entries: Vec<PathBuf> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    entries.sort();
    for path in entries {
        if path.is_dir() {
            files(&path, ending, into);
        } else if path.to_string_lossy().ends_with(ending) {
            into.push(path);
        }
    }
}

/// Module to the modules it may use, from the table.
fn allowed() -> BTreeMap<String, BTreeSet<String>> {
    let doc = read("docs/architecture.md");
    let table = doc
        .split("## Modules and what they may use")
        .nth(1)
        .and_then(|rest| rest.split("\n## ").next())
        .expect("the section with the table");
    let mut modules: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for row in table.lines().filter(|line| line.starts_with("| `")) {
        let cells: Vec<&str> = row.split('|').map(str::trim).collect();
        let module = cells[1].trim_matches('`').to_owned();
        let may_use = match cells[3] {
            "everything above" => modules.keys().cloned().collect(),
            list => list
                .split(',')
                .map(|name| name.trim().to_owned())
                .filter(|name| !name.is_empty())
                .collect(),
        };
        modules.insert(module, may_use);
    }
    modules
}

#[test]
fn modules_use_only_what_the_table_allows() {
    let allowed = allowed();
    let mut sources = Vec::new();
    files(&root().join("src"), ".rs", &mut sources);
    let mut wrong = Vec::new();
    for path in sources {
        let relative = path.strip_prefix(root().join("src")).unwrap();
        let name = relative
            .components()
            .next()
            .unwrap()
            .as_os_str()
            .to_string_lossy()
            .trim_end_matches(".rs")
            .to_owned();
        if name == "lib" || name == "main" {
            continue;
        }
        let Some(may_use) = allowed.get(&name) else {
            wrong.push(format!(
                "src/{}: module `{name}` is not in the table",
                relative.display()
            ));
            continue;
        };
        // Tests may reach for anything.
        let is_test = relative.to_string_lossy().contains("tests");
        let text = fs::read_to_string(&path).unwrap();
        let production = text.split("#[cfg(test)]\nmod tests").next().unwrap();
        for (at, _) in production.match_indices("crate::") {
            let used: String = production[at + "crate::".len()..]
                .chars()
                .take_while(|c| c.is_ascii_lowercase() || *c == '_')
                .collect();
            let fine = used.is_empty()
                || used == name
                || used == "lang"
                || used == "text"
                || may_use.contains(&used)
                || is_test;
            if !fine {
                wrong.push(format!("src/{}: uses `{used}`", relative.display()));
            }
        }
    }
    wrong.sort();
    wrong.dedup();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn rhai_and_petgraph_have_one_user_each() {
    let mut sources = Vec::new();
    files(&root().join("src"), ".rs", &mut sources);
    for (library, module) in [("rhai::", "rulebook"), ("petgraph::", "graph")] {
        for path in &sources {
            let relative = path
                .strip_prefix(root().join("src"))
                .unwrap()
                .to_string_lossy()
                .into_owned();
            let text = fs::read_to_string(path).unwrap();
            let uses = text
                .lines()
                .any(|line| !line.trim_start().starts_with("//") && line.contains(library));
            assert!(
                !uses || relative.starts_with(module),
                "{relative} uses {library}"
            );
        }
    }
}

#[test]
fn every_path_the_docs_mention_exists() {
    let mut docs = vec![root().join("README.md"), root().join("CHANGELOG.md")];
    files(&root().join("docs"), ".md", &mut docs);
    let mut missing = Vec::new();
    for doc in docs {
        let text = fs::read_to_string(&doc).unwrap();
        for word in text.split(['`', '(', ')', ' ', '\n']) {
            let looks_like_a_path = ["src/", "rules/", "fixtures/", "docs/", "tests/", "benches/"]
                .iter()
                .any(|top| word.starts_with(top));
            let plain = word
                .chars()
                .all(|c| c.is_alphanumeric() || "/._-".contains(c));
            // The files the guide for rule writers tells to write, which its own test writes and runs.
            let example = word.starts_with("rules/example/");
            if looks_like_a_path
                && plain
                && !example
                && !root().join(word.trim_end_matches('.')).exists()
            {
                missing.push(format!(
                    "{}: `{word}`",
                    doc.file_name().unwrap().to_string_lossy()
                ));
            }
        }
    }
    assert!(missing.is_empty(), "{}", missing.join("\n"));
}

#[test]
fn every_yaml_file_we_ship_is_read_by_a_second_reader() {
    let mut shipped = Vec::new();
    files(&root().join("rules"), ".yaml", &mut shipped);
    files(&root().join("fixtures"), ".yaml", &mut shipped);
    // What is broken on purpose need not be readable.
    shipped.retain(|path| !path.starts_with(root().join("fixtures/invalid")));
    assert!(shipped.len() > 20);
    for path in shipped {
        let bytes = fs::read(&path).unwrap();
        // Some dossiers are in GB18030 on purpose.
        let Ok(text) = String::from_utf8(bytes) else {
            assert!(
                path.to_string_lossy().to_lowercase().contains("gb18030"),
                "{}",
                path.display()
            );
            continue;
        };
        let value: Result<serde_yaml::Value, _> = serde_yaml::from_str(&text);
        assert!(value.is_ok(), "{}: {:?}", path.display(), value.err());
    }
}
