//! Runs the rule scripts that the program carries and stores the rule sets in `OUT_DIR/rules.bin`, in the format of
//! `src/stored.rs`. An error in a rule stops the build with its diagnostic.

#![allow(
    clippy::print_stderr,
    reason = "what is wrong with a rule is said where the build is watched"
)]

use std::error::Error;
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;
use std::{env, fs};

use choucha_core::diagnostic::{Diagnostic, Style, render_all};
use choucha_core::lang::Lang;
use choucha_core::stored;
use choucha_core::vocabulary;
use choucha_rules::rulebook::{self, RuleFolder, Rulebook};
use choucha_rules::texts;

#[path = "src/stored.rs"]
mod form;

use form::Stored;

const STYLE: Style = Style {
    lang: Lang::Zh,
    color: false,
    width: 100,
};

fn main() -> Result<ExitCode, Box<dyn Error>> {
    // The rules are part of a library that this script is built with, so changes to them rebuild and rerun it.
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=src/stored.rs");
    let folder = RuleFolder::embedded();
    let rules = match load(&folder) {
        Ok(rules) => rules,
        Err(problems) => {
            eprintln!("{}", render_all(&problems, STYLE));
            return Ok(ExitCode::FAILURE);
        }
    };
    let mut all = Vec::new();
    for set in &rules.rule_sets {
        all.push((set, stored::write(set)?));
    }
    let all: Vec<Stored<'_>> = all
        .iter()
        .map(|(set, bytes)| Stored::of(set, bytes))
        .collect();
    let to = Path::new(&env::var("OUT_DIR")?).join("rules.bin");
    fs::write(to, postcard::to_allocvec(&(folder.digest(), all))?)?;
    Ok(ExitCode::SUCCESS)
}

fn load(folder: &RuleFolder) -> Result<Rulebook, Vec<Diagnostic>> {
    let vocabulary = Arc::new(vocabulary::load(&folder.vocabulary()?)?);
    let mut rules = rulebook::load(folder, &vocabulary)?;
    let problems = texts::verify_against_locks(&rules, folder);
    if !problems.is_empty() {
        return Err(problems);
    }
    // Stored rule sets carry no notes, so nobody would see them.
    match std::mem::take(&mut rules.notes) {
        notes if notes.is_empty() => Ok(rules),
        notes => Err(notes),
    }
}
