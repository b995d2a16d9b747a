//! The scripts of a rules folder, each read and compiled once a load.
//!
//! Compiling needs no vocabulary, so what a load will need can be compiled while the vocabulary is still being read.

use std::cell::RefCell;
use std::collections::{HashMap, VecDeque};
use std::rc::Rc;
use std::sync::Arc;

use rhai::{AST, Engine, Expr, ParseError, Stmt};

use super::engine;
use super::folder::{RULE_SET_SCRIPT, RuleFolder};
use crate::diagnostic::Diagnostic;
use crate::obligation::RuleSetId;
use crate::source::Source;

/// Reads and compiles scripts.
pub(super) struct Scripts {
    folder: RuleFolder,
    /// An engine that knows the language but none of our functions: enough to compile.
    language: Engine,
    ready: RefCell<HashMap<String, Rc<Script>>>,
}

/// One script.
pub(super) struct Script {
    pub(super) source: Arc<Source>,
    /// A byte-order mark.
    pub(super) note: Option<Diagnostic>,
    /// What it compiles to, or why it does not.
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

    /// A script of the folder.
    #[expect(
        clippy::result_large_err,
        reason = "files are read a few times a load, and every caller keeps the diagnostic as it is"
    )]
    pub(super) fn get(&self, path: &str) -> Result<Rc<Script>, Diagnostic> {
        if let Some(script) = self.ready.borrow().get(path) {
            return Ok(Rc::clone(script));
        }
        let (source, note) = self.folder.source(path)?;
        let mut ast = self.language.compile(source.text());
        if let Ok(ast) = &mut ast {
            ast.set_source(path);
        }
        let script = Rc::new(Script { source, note, ast });
        self.ready
            .borrow_mut()
            .insert(path.to_owned(), Rc::clone(&script));
        Ok(script)
    }

    /// Compiles ahead what a rule set will most likely need: its scripts, `ruleset.rhai` first, and the modules these
    /// import; `includes` is told, early, of the rule sets it includes. Mistakes are left for when the scripts are run.
    pub(super) fn prepare(&self, id: &RuleSetId, includes: &dyn Fn(&RuleSetId)) {
        let mut waiting: VecDeque<String> = self.folder.scripts(id).into();
        while let Some(path) = waiting.pop_front() {
            if self.ready.borrow().contains_key(&path) || !self.folder.contains(&path) {
                continue;
            }
            let Ok(script) = self.get(&path) else {
                continue;
            };
            let Ok(ast) = &script.ast else {
                continue;
            };
            for statement in ast.statements() {
                match statement {
                    Stmt::Import(import, _) => {
                        if let Expr::StringConstant(module, _) = &import.0 {
                            waiting.push_back(format!("{module}.rhai"));
                        }
                    }
                    Stmt::FnCall(call, _)
                        if call.name == "ruleset" && path.ends_with(RULE_SET_SCRIPT) =>
                    {
                        // One that is not there is told where it is included.
                        call.args
                            .iter()
                            .flat_map(included)
                            .filter(|id| self.folder.has_rule_set(id))
                            .for_each(|id| includes(&id));
                    }
                    _ => {}
                }
            }
        }
    }
}

/// What the map of a `ruleset(…)` includes, as far as it is written out.
fn included(argument: &Expr) -> Vec<RuleSetId> {
    let Expr::Map(map, _) = argument else {
        return Vec::new();
    };
    let includes = map.0.iter().find(|(key, _)| key.name == "includes");
    let Some((_, Expr::Array(items, _))) = includes else {
        return Vec::new();
    };
    items
        .iter()
        .filter_map(|item| match item {
            Expr::StringConstant(id, _) => Some(RuleSetId(id.to_string())),
            _ => None,
        })
        .collect()
}
