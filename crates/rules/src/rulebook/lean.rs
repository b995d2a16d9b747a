//! What of the shared library a rule set can never call: left out when it is compiled.
//!
//! A library holds the duties of every notice and a rule set takes some of them; for a cold start, compiling the others is
//! most of the waste. Only the program's own rules are made lean: they were compiled whole when the program was tested. A
//! function counts as called wherever its name stands before a bracket, in a comment too: what is left out is surely not
//! needed, what is kept may not be.

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use super::folder::RuleFolder;
use choucha_core::obligation::RuleSetId;

/// The folder of the library.
const LIBRARY: &str = "lib/";

/// The names of the library's functions that a rule set calls, also by way of the library.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Needed(HashSet<String>);

impl Needed {
    /// What the scripts of a rule set need; nothing, if a file cannot be read.
    pub(super) fn by(folder: &RuleFolder, id: &RuleSetId) -> Option<Needed> {
        let library = folder.paths().filter(|path| path.starts_with(LIBRARY));
        let library: Vec<&str> = library
            .map(|path| folder.text(path))
            .collect::<Option<_>>()?;
        let scripts = folder.scripts(id);
        let mut waiting: Vec<&str> = scripts
            .iter()
            .map(|path| folder.text(path))
            .collect::<Option<_>>()?;
        let mut bodies: HashMap<&str, Vec<&str>> = HashMap::new();
        for text in library {
            let mut rest = 0;
            for function in functions(text) {
                waiting.push(&text[rest..function.range.start]);
                rest = function.range.end;
                let body = &text[function.range];
                bodies.entry(function.name).or_default().push(body);
            }
            waiting.push(&text[rest..]);
        }
        let mut needed = HashSet::new();
        while let Some(text) = waiting.pop() {
            for name in called(text) {
                if let Some(body) = bodies.remove(name) {
                    waiting.extend(body);
                    needed.insert(name.to_owned());
                }
            }
        }
        Some(Needed(needed))
    }

    /// A script of the library without the functions nobody needs; everything else keeps its line and column.
    pub(super) fn of(&self, path: &str, text: &str) -> Option<String> {
        if !path.starts_with(LIBRARY) {
            return None;
        }
        let mut lean = String::with_capacity(text.len());
        let mut rest = 0;
        for function in functions(text) {
            lean.push_str(&text[rest..function.range.start]);
            let body = &text[function.range.clone()];
            if self.0.contains(function.name) {
                lean.push_str(body);
            } else {
                lean.extend(body.bytes().filter(|byte| *byte == b'\n').map(char::from));
            }
            rest = function.range.end;
        }
        lean.push_str(&text[rest..]);
        Some(lean)
    }
}

/// A function of a script, as the library is laid out: from `fn` to a closing brace, both at the beginning of a line.
struct Function<'t> {
    name: &'t str,
    range: Range<usize>,
}

fn functions(text: &str) -> impl Iterator<Item = Function<'_>> {
    let mut begun = None;
    let starts = std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1));
    starts.filter_map(move |start| {
        let line = text.get(start..)?;
        if let Some(signature) = line.strip_prefix("fn ") {
            begun = Some((start, signature.split('(').next()?));
        } else if line.starts_with('}')
            && let Some((from, name)) = begun.take()
        {
            let range = from..start + 1;
            return Some(Function { name, range });
        }
        None
    })
}

/// Every name that stands before a bracket.
fn called(text: &str) -> impl Iterator<Item = &str> {
    text.match_indices('(').filter_map(|(at, _)| {
        let before = text[..at].trim_end();
        let is_of_name = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
        let passed = before.bytes().rev().position(|byte| !is_of_name(byte));
        let mut start = passed.map_or(0, |passed| before.len() - passed);
        // Only what follows a letter that is not ASCII needs a closer look.
        if before[..start].ends_with(|c: char| !c.is_ascii()) {
            start = before
                .trim_end_matches(|c: char| c.is_alphanumeric() || c == '_')
                .len();
        }
        before.get(start..).filter(|name| !name.is_empty())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder(script: &str) -> RuleFolder {
        let library = "import \"lib/b\" as b;\n\n/// 甲\nfn one(x) {\n    b::two (x)\n}\nfn three(x) {\n    x\n}\n";
        let other = "fn two(x) {\n    x + 1\n}\n\nfn two(x, y) {\n    four(x)\n}\n\nfn four(x) {\n    x\n}\n";
        RuleFolder::from_texts(
            "rules",
            [
                ("a/ruleset.rhai", script),
                ("lib/a.rhai", library),
                ("lib/b.rhai", other),
            ],
        )
    }

    fn lean(script: &str) -> [String; 2] {
        let folder = folder(script);
        let needed = Needed::by(&folder, &RuleSetId("a".to_owned())).unwrap();
        ["lib/a.rhai", "lib/b.rhai"].map(|path| {
            let (source, _) = folder.source(path).unwrap();
            needed.of(path, source.text()).unwrap()
        })
    }

    #[test]
    fn what_is_called_is_kept_with_all_it_calls_and_keeps_its_place() {
        let [a, b] = lean("import \"lib/a\" as a;\na::one(1);");
        assert!(a.contains("fn one") && !a.contains("fn three"));
        assert!(b.contains("fn two(x)") && b.contains("fn two(x, y)") && b.contains("fn four"));
        let (whole, _) = folder("").source("lib/a.rhai").unwrap();
        assert_eq!(a.lines().count(), whole.text().lines().count());
        assert_eq!(a.find("fn one"), whole.text().find("fn one"));
        let [a, b] = lean("a::three(1);");
        assert!(!a.contains("fn one") && a.contains("fn three"));
        assert!(!b.contains("fn"));
    }
}
