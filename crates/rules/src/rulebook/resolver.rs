//! Imports: modules of the rules folder only, each compiled once per load and run once per rule set, without cycles.

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;

use rhai::{Engine, EvalAltResult, Module, ModuleResolver, Position, Scope, Shared};

use super::errors;
use super::host::{Host, clip};
use super::script;
use super::scripts::Scripts;
use choucha_core::diagnostic::{Code, Diagnostic, nearest};
use choucha_core::lang::Text;
use choucha_core::source::Span;
use choucha_core::text;

/// Finds modules in the rules folder.
pub(super) struct Resolver {
    scripts: Rc<Scripts>,
    host: Rc<Host>,
    /// The modules being run, each with the import that requested it.
    running: RefCell<Vec<(String, Span)>>,
}

impl Resolver {
    pub(super) fn new(scripts: Rc<Scripts>, host: Rc<Host>) -> Self {
        Resolver {
            scripts,
            host,
            running: RefCell::default(),
        }
    }

    /// The file of a module; a diagnostic if the path leads out of the folder or to nothing.
    fn file(&self, path: &str) -> Result<String, Box<Diagnostic>> {
        let shown = clip(path);
        let sound = !path.is_empty()
            && path.split('/').all(|part| {
                !part.is_empty()
                    && !part.starts_with('.')
                    && part
                        .chars()
                        .all(|c| c.is_alphanumeric() || matches!(c, '-' | '_' | '.'))
            });
        if !sound {
            let message = text!("不能引入 `{shown}`", "`{shown}` cannot be imported");
            let why = Text::new(
                "只能引入规则文件夹内的模块，路径从规则文件夹起，不含 `..`、`\\` 和盘符",
                "only modules in the rules folder can be imported, by their path from it, without `..`, `\\` or a drive",
            );
            return Err(Diagnostic::new(Code::RulesImport, message).why(why).into());
        }
        let file = format!("{}.rhai", path.strip_suffix(".rhai").unwrap_or(path));
        if self.scripts.folder().contains(&file) {
            return Ok(file);
        }
        let message = text!(
            "规则文件夹中没有模块 `{shown}`",
            "the rules folder has no module `{shown}`"
        );
        let mut diagnostic = Diagnostic::new(Code::RulesImport, message);
        let modules = self
            .scripts
            .folder()
            .paths()
            .filter(|path| path.starts_with("lib/"))
            .filter_map(|path| path.strip_suffix(".rhai"));
        if let Some(near) = nearest(path, modules) {
            diagnostic = diagnostic.help(text!("是否应为 `{near}`？", "did you mean `{near}`?"));
        }
        Err(diagnostic.into())
    }

    fn cycle(&self, file: &str, at: &Span) -> Option<Diagnostic> {
        let running = self.running.borrow();
        let from = running.iter().position(|(known, _)| known == file)?;
        let circle: Vec<&str> = running[from..]
            .iter()
            .map(|(path, _)| path.as_str())
            .chain([file])
            .map(|path| path.strip_suffix(".rhai").unwrap_or(path))
            .collect();
        let circle = circle.join(" → ");
        let message = text!(
            "模块循环引入：{circle}",
            "modules import each other in a circle: {circle}"
        );
        let mut diagnostic = Diagnostic::new(Code::RulesImportCycle, message).at(at.clone());
        for (path, import) in running[from..].iter().skip(1) {
            let text = text!("此处引入 `{path}`", "`{path}` is imported here");
            diagnostic = diagnostic.label(import.clone(), text);
        }
        Some(diagnostic)
    }

    fn load(&self, engine: &Engine, file: &str, at: Span) -> Option<Shared<Module>> {
        let script = match self.scripts.get(file) {
            Ok(script) => script,
            Err(problem) => {
                self.host.report(problem.at(at));
                return None;
            }
        };
        let source = &script.source;
        let ast = script::checked(&self.host, file, &script)?;
        self.running.borrow_mut().push((file.to_owned(), at));
        self.host.modules.set(self.host.modules.get() + 1);
        let before = self.host.enter(Some(Arc::clone(source)));
        let module = Module::eval_ast_as_new(Scope::new(), ast, engine);
        self.host.enter(before);
        self.host.modules.set(self.host.modules.get() - 1);
        self.running.borrow_mut().pop();
        match module {
            Ok(mut module) => {
                module.build_index();
                Some(module.into())
            }
            Err(error) => {
                errors::report(&self.host, &error, source);
                None
            }
        }
    }
}

impl ModuleResolver for Resolver {
    fn resolve(
        &self,
        engine: &Engine,
        source: Option<&str>,
        path: &str,
        pos: Position,
    ) -> Result<Shared<Module>, Box<EvalAltResult>> {
        let reported = || Err(errors::reported(pos));
        let Some(importer) = self.host.source(source) else {
            return reported();
        };
        let at = self.host.span(&importer, pos);
        let file = match self.file(path) {
            Ok(file) => file,
            Err(problem) => {
                self.host.report(problem.at(at));
                return reported();
            }
        };
        if let Some(cycle) = self.cycle(&file, &at) {
            self.host.report(cycle);
            return reported();
        }
        let known = self.host.ready_modules.borrow().get(&file).cloned();
        let module = match known {
            Some(module) => module,
            None => {
                let module = self.load(engine, &file, at);
                self.host
                    .ready_modules
                    .borrow_mut()
                    .insert(file, module.clone());
                module
            }
        };
        module.map_or_else(reported, Ok)
    }
}
