//! The scripts of a rules folder, each read and compiled once per load.
//!
//! Compiling needs no vocabulary, so scripts are compiled while the vocabulary is still being read.

use std::cell::RefCell;
use std::collections::{HashMap, VecDeque};
use std::rc::Rc;
use std::sync::Arc;

use rhai::{AST, Engine, Expr, ParseError, Stmt};

use super::engine;
use super::folder::RuleFolder;
use super::scan;
use choucha_core::diagnostic::Diagnostic;
use choucha_core::obligation::RuleSetId;
use choucha_core::source::Source;

/// Reads and compiles scripts.
pub(super) struct Scripts {
    folder: RuleFolder,
    /// An engine with the language but without our functions, which is enough to compile.
    language: Engine,
    ready: RefCell<HashMap<String, Rc<Script>>>,
}

/// One script.
pub(super) struct Script {
    pub(super) source: Arc<Source>,
    /// A note on its byte-order mark.
    pub(super) note: Option<Diagnostic>,
    /// The compiled script, or the error.
    pub(super) ast: Result<AST, ParseError>,
}

impl Scripts {
    pub(super) fn new(folder: RuleFolder) -> Self {
        Scripts {
            folder,
            language: engine::language(),
            ready: RefCell::default(),
        }
    }

    pub(super) fn folder(&self) -> &RuleFolder {
        &self.folder
    }

    /// The script at a path of the folder.
    #[expect(
        clippy::result_large_err,
        reason = "files are read a few times a load, and every caller keeps the diagnostic as it is"
    )]
    pub(super) fn get(&self, path: &str) -> Result<Rc<Script>, Diagnostic> {
        if let Some(script) = self.ready.borrow().get(path) {
            return Ok(Rc::clone(script));
        }
        let (source, note) = self.folder.source(path)?;
        let text = scan::without_comment_lines(source.text());
        let mut ast = self.language.compile(text);
        if let Ok(ast) = &mut ast {
            ast.set_source(path);
        }
        let script = Rc::new(Script { source, note, ast });
        self.ready
            .borrow_mut()
            .insert(path.to_owned(), Rc::clone(&script));
        Ok(script)
    }

    /// Compiles in advance what a rule set will most likely need: its scripts, `ruleset.rhai` first, and the modules
    /// that these import. Calls `includes` early with the rule sets it includes. Mistakes are reported only when the
    /// scripts run.
    pub(super) fn prepare(&self, id: &RuleSetId, includes: &dyn Fn(&RuleSetId)) {
        let mut waiting: VecDeque<String> = self.folder.scripts(id).into();
        let header = waiting.front().cloned();
        while let Some(path) = waiting.pop_front() {
            let is_header = header.as_ref() == Some(&path);
            let is_known = self.ready.borrow().contains_key(&path) && !is_header;
            if is_known || !self.folder.contains(&path) {
                continue;
            }
            let Ok(script) = self.get(&path) else {
                continue;
            };
            let Ok(ast) = &script.ast else {
                continue;
            };
            if is_header {
                self.note_included(ast, includes);
            }
            for statement in ast.statements() {
                if let Stmt::Import(import, _) = statement
                    && let Expr::StringConstant(module, _) = &import.0
                {
                    waiting.push_back(format!("{module}.rhai"));
                }
            }
        }
    }

    /// Passes on what `ruleset.rhai` includes. A missing rule set is reported where it is included.
    fn note_included(&self, ast: &AST, includes: &dyn Fn(&RuleSetId)) {
        for statement in ast.statements() {
            if let Stmt::Expr(call) = statement {
                included(call)
                    .iter()
                    .filter(|id| self.folder.has_rule_set(id))
                    .for_each(includes);
            }
        }
    }
}

/// The literal includes of a call of `ruleset(…)`; empty for any other expression.
fn included(call: &Expr) -> Vec<RuleSetId> {
    let Expr::FnCall(call, _) = call else {
        return Vec::new();
    };
    let maps = call.args.iter().filter_map(|argument| match argument {
        Expr::Map(map, _) if call.name == "ruleset" => Some(map),
        _ => None,
    });
    maps.flat_map(|map| &map.0)
        .filter_map(|(key, value)| match value {
            Expr::Array(items, _) if key.name == "includes" => Some(items),
            _ => None,
        })
        .flat_map(|items| items.iter())
        .filter_map(|item| match item {
            Expr::StringConstant(id, _) => Some(RuleSetId(id.to_string())),
            _ => None,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rule_set_is_known_to_include_another_before_it_is_run() {
        let ruleset = "ruleset(\"b/c\", #{ title: t(1), includes: [\"a/b\", \"not/there\"] });";
        let folder = RuleFolder::from_texts(
            "rules",
            [("a/b/ruleset.rhai", ""), ("b/c/ruleset.rhai", ruleset)],
        );
        let told = RefCell::new(Vec::new());
        Scripts::new(folder).prepare(&RuleSetId("b/c".to_owned()), &|id| {
            told.borrow_mut().push(id.0.clone());
        });
        assert_eq!(told.take(), ["a/b"]);
    }
}
