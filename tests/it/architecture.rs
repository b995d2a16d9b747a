//! Holds the manifests to the table of crates in `docs/architecture.md`, and the docs to the tree.

use std::collections::BTreeSet;
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

/// The dependencies in one section of a manifest.
fn dependencies(manifest: &str, section: &str) -> BTreeSet<String> {
    let text = read(manifest);
    let heading = format!("\n[{section}]\n");
    let Some((_, rest)) = text.split_once(&heading) else {
        return BTreeSet::new();
    };
    rest.lines()
        .take_while(|line| !line.starts_with('['))
        .filter_map(|line| line.split(['.', ' ', '=']).next())
        .filter(|name| !name.is_empty() && !name.starts_with('#'))
        .map(str::to_owned)
        .collect()
}

/// The crates of `docs/architecture.md`, lowest first, each with the libraries that only it uses.
fn crates() -> Vec<(String, Vec<String>)> {
    let doc = read("docs/architecture.md");
    let table = doc
        .split("## The crates")
        .nth(1)
        .and_then(|rest| rest.split("\n## ").next())
        .expect("the section with the table");
    let names = |cell: &str| -> Vec<String> {
        cell.split('`')
            .skip(1)
            .step_by(2)
            .map(str::to_owned)
            .collect()
    };
    table
        .lines()
        .filter(|line| line.starts_with("| `crates/"))
        .map(|row| {
            let cells: Vec<&str> = row.split('|').map(str::trim).collect();
            let folder = cells[1].trim_matches('`').to_owned();
            (folder, names(cells[4]))
        })
        .collect()
}

#[test]
fn a_crate_sees_only_those_above_it_in_the_table() {
    let crates = crates();
    let mut above = BTreeSet::new();
    for (folder, _) in &crates {
        let used = dependencies(&format!("{folder}/Cargo.toml"), "dependencies");
        let own: BTreeSet<String> = used
            .into_iter()
            .filter(|name| name.starts_with("choucha-"))
            .collect();
        assert!(own.is_subset(&above), "{folder} uses {own:?}");
        above.insert(folder.replace("crates/", "choucha-"));
    }
    let mut folders = Vec::new();
    for entry in fs::read_dir(root().join("crates")).unwrap() {
        let name = entry.unwrap().file_name().to_string_lossy().into_owned();
        folders.push(format!("crates/{name}"));
    }
    folders.sort();
    let mut listed: Vec<String> = crates.into_iter().map(|(folder, _)| folder).collect();
    listed.sort();
    assert_eq!(folders, listed, "every crate stands in the table");
}

#[test]
fn a_library_that_belongs_to_one_crate_is_used_by_no_other() {
    let crates = crates();
    let manifests: Vec<String> = crates
        .iter()
        .map(|(folder, _)| format!("{folder}/Cargo.toml"))
        .chain(["Cargo.toml".to_owned()])
        .collect();
    let mut held = 0;
    for (folder, alone) in &crates {
        let own = format!("{folder}/Cargo.toml");
        for library in alone {
            assert!(
                dependencies(&own, "dependencies").contains(library),
                "{folder} does not use {library}"
            );
            let others = manifests.iter().filter(|manifest| **manifest != own);
            for manifest in others {
                assert!(
                    !dependencies(manifest, "dependencies").contains(library),
                    "{manifest} uses {library}, which belongs to {folder}"
                );
                held += 1;
            }
        }
    }
    assert!(held > 20);
    for library in [
        "clap",
        "ctrlc",
        "indicatif",
        "mimalloc",
        "sys-locale",
        "terminal_size",
    ] {
        for (folder, _) in &crates {
            let used = dependencies(&format!("{folder}/Cargo.toml"), "dependencies");
            assert!(!used.contains(library), "{folder} uses {library}");
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
            let looks_like_a_path = [
                "src/",
                "crates/",
                "rules/",
                "fixtures/",
                "docs/",
                "tests/",
                "benches/",
            ]
            .iter()
            .any(|top| word.starts_with(top));
            let plain = word
                .chars()
                .all(|c| c.is_alphanumeric() || "/._-".contains(c));
            // Files that the authoring guide tells its reader to write; the guide's own test writes and runs them.
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
    // Deliberately broken fixtures need not be readable.
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
