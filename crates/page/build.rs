//! Binds the modules and styles of `page/` into one script and one style sheet, so that the page needs no other file and
//! the build no other tool.
//!
//! The modules are plain ES modules that a browser could load as they are. Binding puts each after those it imports and
//! removes the words `import` and `export`: top-level names are unique over all modules, otherwise a browser rejects the
//! script.

use std::collections::BTreeSet;
use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};

type Result<T> = std::result::Result<T, Box<dyn Error>>;

fn main() -> Result<()> {
    let manifest = PathBuf::from(std::env::var("CARGO_MANIFEST_DIR")?);
    let out = PathBuf::from(std::env::var("OUT_DIR")?);
    let page = manifest.join("page");
    for watched in ["src", "style", "index.html"] {
        println!("cargo::rerun-if-changed={}", page.join(watched).display());
    }
    let app = script(&page.join("src"), "main.js")?;
    let worker = script(&page.join("src"), "engine/worker.js")?;
    let style = styles(&page.join("style"))?;
    let shell = fs::read_to_string(page.join("index.html"))?
        .replace("{{style}}", &style)
        .replace("{{hash}}", &STANDARD.encode(Sha256::digest(app.as_bytes())));
    let (begin, end) = shell
        .split_once("{{data}}")
        .ok_or("index.html: no place for data")?;
    let (before, after) = end
        .split_once("{{script}}")
        .ok_or("index.html: no place for the script")?;
    fs::write(out.join("begin.html"), begin)?;
    fs::write(out.join("end.html"), format!("{before}{app}{after}"))?;
    fs::write(out.join("worker.js"), worker)?;
    Ok(())
}

/// The styles, in order of file name.
fn styles(folder: &Path) -> Result<String> {
    let entries = fs::read_dir(folder)?.collect::<std::io::Result<Vec<_>>>()?;
    let mut paths: Vec<PathBuf> = entries.into_iter().map(|entry| entry.path()).collect();
    paths.sort();
    let mut text = String::new();
    for path in paths
        .iter()
        .filter(|path| path.extension().is_some_and(|it| it == "css"))
    {
        text.push_str(&fs::read_to_string(path)?);
    }
    Ok(text)
}

/// A module and everything it imports as one script.
fn script(root: &Path, entry: &str) -> Result<String> {
    let mut text = String::from("'use strict';\n");
    let mut bound = BTreeSet::new();
    bind(&root.join(entry), &mut bound, &mut Vec::new(), &mut text)?;
    let mut names = BTreeSet::new();
    for name in text.lines().filter_map(declared) {
        if !names.insert(name) {
            return Err(format!("{entry}: two modules declare `{name}`").into());
        }
    }
    // The script stands within markup.
    match text.contains("</script") || text.contains("<!--") {
        true => Err(format!("{entry}: markup that would end the script").into()),
        false => Ok(text),
    }
}

/// The top-level name that a line declares.
fn declared(line: &str) -> Option<&str> {
    let line = line.strip_prefix("async ").unwrap_or(line);
    let rest = ["function ", "class ", "const ", "let "]
        .iter()
        .find_map(|word| line.strip_prefix(word))?;
    let end = rest.find(|c: char| !c.is_alphanumeric() && c != '_')?;
    rest.get(..end).filter(|name| !name.is_empty())
}

fn bind(
    path: &Path,
    bound: &mut BTreeSet<PathBuf>,
    under_way: &mut Vec<PathBuf>,
    text: &mut String,
) -> Result<()> {
    let path = fs::canonicalize(path).map_err(|error| format!("{}: {error}", path.display()))?;
    if under_way.contains(&path) {
        return Err(format!(
            "{}: the modules import each other in a circle",
            path.display()
        )
        .into());
    }
    if bound.contains(&path) {
        return Ok(());
    }
    under_way.push(path.clone());
    let source = fs::read_to_string(&path)?;
    let mut own = String::new();
    let mut rest = source.as_str();
    while !rest.is_empty() {
        let (line, after) = rest.split_once('\n').unwrap_or((rest, ""));
        if line.starts_with("import ") {
            // The statement may span several lines.
            let (statement, after) = rest
                .split_once(";\n")
                .ok_or_else(|| format!("{}: an import without an end", path.display()))?;
            let from = statement
                .rsplit('\'')
                .nth(1)
                .ok_or_else(|| format!("{}: an import from nowhere", path.display()))?;
            let folder = path.parent().ok_or("a module without a folder")?;
            bind(&folder.join(from), bound, under_way, text)?;
            rest = after;
            continue;
        }
        own.push_str(line.strip_prefix("export ").unwrap_or(line));
        own.push('\n');
        rest = after;
    }
    under_way.pop();
    bound.insert(path);
    text.push_str(&own);
    Ok(())
}
