//! Runs one script statement by statement, so that a mistake in one duty does not hide the next.

use std::rc::Rc;
use std::sync::Arc;

use rhai::{AST, ASTFlags, ASTNode, Caches, Engine, Scope, Stmt};

use super::errors;
use super::host::Host;
use super::names;
use super::scan;
use super::scripts::Script;
use super::terms::{Cited, Due, Judged, Piece, Pieces, Term};
use choucha_core::diagnostic::{Code, Diagnostic};
use choucha_core::lang::Text;
use choucha_core::source::Source;
use choucha_core::text;

/// The compiled script; `None` if a mistake has been reported.
pub(super) fn checked<'a>(host: &Rc<Host>, path: &str, script: &'a Script) -> Option<&'a AST> {
    let source = &script.source;
    host.add_source(path, source);
    if let Some(note) = &script.note {
        host.report(note.clone());
    }
    if let Some(at) = scan::unclosed_comment(source) {
        let message = Text::new("注释没有关闭", "the comment is not closed");
        let why = Text::new(
            "其后的一切都成了注释，所作的声明会不声不响地丢失",
            "all that follows is part of it, and what is declared there would be lost without a word",
        );
        let help = Text::new(
            "以 */ 关闭；一行以内的注释写作 // ……",
            "close it with */; a comment of one line is written // …",
        );
        host.report(
            Diagnostic::new(Code::RulesSyntax, message)
                .at(at)
                .why(why)
                .help(help),
        );
        return None;
    }
    let ast = match &script.ast {
        Ok(ast) => ast,
        Err(error) => {
            errors::report_parse(host, error, source);
            return None;
        }
    };
    let sound = functions_are_ours(host, ast, source);
    let whole = runs_to_its_end(host, ast, source);
    (sound && whole).then_some(ast)
}

/// Rejects functions that would silently replace ours.
fn functions_are_ours(host: &Host, ast: &AST, source: &Arc<Source>) -> bool {
    let mut sound = true;
    for function in ast.iter_fn_def() {
        let name = function.name.as_str();
        if names::is_taken(name) {
            let message = text!(
                "函数 `{name}` 与内置函数同名",
                "the function `{name}` has the name of a built-in one"
            );
            let why = Text::new(
                "它会不声不响地取代内置函数",
                "it would silently take the place of the built-in one",
            );
            let help = Text::new("换一个名称", "give it another name");
            let at = scan::function(source, name)
                .unwrap_or_else(|| host.span(source, function.body.start_position()));
            host.report(
                Diagnostic::new(Code::RulesShadowed, message)
                    .at(at)
                    .why(why)
                    .help(help),
            );
            sound = false;
        }
    }
    sound
}

/// Rejects a `return` outside functions: whatever follows it would silently not be declared.
fn runs_to_its_end(host: &Host, ast: &AST, source: &Arc<Source>) -> bool {
    let mut whole = true;
    for statement in ast.statements() {
        statement.walk(&mut Vec::new(), &mut |path| {
            if let Some(ASTNode::Stmt(Stmt::Return(_, flags, position))) = path.last()
                && !flags.contains(ASTFlags::BREAK)
            {
                let message = Text::new(
                    "在函数之外使用了 `return`",
                    "`return` stands outside any function",
                );
                let why = Text::new(
                    "其后的声明都会被略过",
                    "everything declared after it would be left out",
                );
                host.report(
                    Diagnostic::new(Code::RulesDisabled, message)
                        .at(host.span(source, *position))
                        .why(why),
                );
                whole = false;
            }
            true
        });
    }
    whole
}

/// Runs the script of a rule set. A mistake stops only its statement; but a mistake in a statement that introduces a
/// name stops the script, since everything after it may need the name.
pub(super) fn run(engine: &Engine, host: &Rc<Host>, path: &str, script: &Script) {
    let source = &script.source;
    let Some(ast) = checked(host, path, script) else {
        return;
    };
    host.enter(Some(Arc::clone(source)));
    let mut global = engine.new_global_runtime_state();
    global.source = Some(path.into());
    global.lib.push(ast.shared_lib().clone());
    let mut caches = Caches::new();
    let mut scope = Scope::new();
    for statement in ast.statements() {
        let one = std::slice::from_ref(statement);
        // The script engine has no other way to run statements one by one while keeping imports and variables.
        #[allow(deprecated)]
        let result = engine.eval_statements_raw(&mut global, &mut caches, &mut scope, one);
        match result {
            Ok(value) => {
                let kept = !(value.is::<Term>()
                    || value.is::<Cited>()
                    || value.is::<Due>()
                    || value.is::<Piece>()
                    || value.is::<Pieces>()
                    || value.is::<Judged>());
                if !kept {
                    discarded(host, statement, source);
                }
            }
            Err(error) => {
                errors::report(host, &error, source);
                let names = matches!(
                    statement,
                    Stmt::Var(..) | Stmt::Import(..) | Stmt::Share(..) | Stmt::Assignment(..)
                );
                if names || host.stopped().is_some() {
                    break;
                }
            }
        }
    }
    host.enter(None);
}

fn discarded(host: &Host, statement: &Stmt, source: &Arc<Source>) {
    if matches!(statement, Stmt::FnCall(..) | Stmt::Expr(..)) {
        let message = Text::new("这里构造的表达式没有用到", "what is made here is not used");
        let help = Text::new(
            "写进 obligation(…) 的 when 或者 must",
            "put it into the `when` or `must` of an obligation",
        );
        let at = host.span(source, statement.position());
        host.report(
            Diagnostic::new(Code::RulesDiscarded, message)
                .at(at)
                .help(help),
        );
    }
}
