//! Translates errors of the script engine for people, by the kind of error, never by its wording.

use std::rc::Rc;
use std::sync::Arc;

use rhai::{Dynamic, EvalAltResult, ParseError, Position};

use super::host::{Call, Host, clip};
use super::limits;
use super::names;
use super::scan;
use super::syntax;
use super::terms::show;
use choucha_core::diagnostic::{Code, Diagnostic, nearest};
use choucha_core::lang::Text;
use choucha_core::source::{Source, Span};
use choucha_core::text;

/// The payload of an error that stops a script after its cause has been reported.
#[derive(Debug, Clone)]
struct Reported;

/// An error that stops a script whose mistake has been reported.
pub(super) fn reported(position: Position) -> Box<EvalAltResult> {
    EvalAltResult::ErrorTerminated(Dynamic::from(Reported), position).into()
}

/// Reports why a script does not compile.
pub(super) fn report_parse(host: &Rc<Host>, error: &ParseError, source: &Arc<Source>) {
    for diagnostic in syntax::diagnostics(host, error.err_type(), error.position(), source) {
        host.report(diagnostic);
    }
}

/// Reports why a script failed at run time. `script` is the one that contains the outermost position.
pub(super) fn report(host: &Rc<Host>, error: &EvalAltResult, script: &Arc<Source>) {
    let mut source = Arc::clone(script);
    let mut frames: Vec<Span> = Vec::new();
    let mut error = error;
    loop {
        match error {
            EvalAltResult::ErrorInFunctionCall(_, inside, inner, position) => {
                if position.line().is_some() {
                    frames.push(host.span(&source, *position));
                }
                source = host.source(Some(inside)).unwrap_or(source);
                error = inner;
            }
            EvalAltResult::ErrorInModule(_, inner, _) => error = inner,
            _ => break,
        }
    }
    frames.push(host.span(&source, error.position()));
    let call = Call { frames };
    if let EvalAltResult::ErrorTerminated(token, _) = error
        && !token.is::<Reported>()
    {
        host.stopped_in(&call);
    }
    if let EvalAltResult::ErrorParsing(kind, position) = error {
        for diagnostic in syntax::diagnostics(host, kind, *position, &source) {
            host.report(diagnostic);
        }
    } else if let Some(diagnostic) = explain(error, &call, &source) {
        host.report(diagnostic);
    }
}

/// The diagnostic for an error; `None` if it has been reported.
fn explain(error: &EvalAltResult, call: &Call, source: &Arc<Source>) -> Option<Diagnostic> {
    use EvalAltResult as E;
    let runtime = |message: Text| call.diagnostic(Code::RulesRuntime, message);
    let limit = |message: Text| call.diagnostic(Code::RulesLimit, message);
    Some(match error {
        // The reason is reported once, when the rule set ends.
        E::ErrorTerminated(..) => return None,
        E::ErrorTooManyOperations(..) => limit(limits::Stop::Operations.message()),
        E::ErrorTooManyVariables(..) => limit(limits::variables()),
        E::ErrorTooManyModules(..) => limit(limits::modules()),
        E::ErrorStackOverflow(..) => limit(limits::call_levels()).help(Text::new(
            "检查函数是否直接或间接调用了自己",
            "see whether a function calls itself, directly or through another",
        )),
        E::ErrorDataTooLarge(..) => limit(limits::data()),
        E::ErrorFunctionNotFound(signature, _) => function_not_found(call, signature, source),
        E::ErrorVariableNotFound(name, _) | E::ErrorForbiddenVariable(name, _) => unknown(
            call,
            name,
            &Text::new("变量", "variable"),
            scan::names_in(source.text()),
        ),
        E::ErrorModuleNotFound(name, _) => unknown(
            call,
            name,
            &Text::new("模块", "module"),
            scan::names_in(source.text()),
        ),
        E::ErrorPropertyNotFound(name, _) => {
            unknown(call, name, &Text::new("属性", "property"), Vec::new())
        }
        E::ErrorDotExpr(..) => {
            let message = Text::new("没有这样的属性", "there is no such property");
            call.diagnostic(Code::RulesUnknownName, message)
                .help(Text::new(
                    "表达式只有方法，如 .present()、.count()，须带括号",
                    "expressions have methods only, as .present() or .count(), with brackets",
                ))
        }
        E::ErrorIndexingType(..) | E::ErrorIndexNotFound(..) => {
            runtime(Text::new("不能这样取下标", "this cannot be indexed so"))
        }
        E::ErrorArrayBounds(count, index, _) => runtime(text!(
            "数组只有 {count} 项，没有下标 {index}",
            "the array has {count} items and none at {index}"
        )),
        E::ErrorStringBounds(count, index, _) => runtime(text!(
            "文本只有 {count} 个字符，没有下标 {index}",
            "the text has {count} characters and none at {index}"
        )),
        E::ErrorMismatchDataType(wanted, found, _)
        | E::ErrorMismatchOutputType(wanted, found, _) => mismatch(call, wanted, found),
        E::ErrorFor(_) => runtime(Text::new(
            "for 只能遍历数组、区间或文本",
            "`for` runs over an array, a range or a text",
        )),
        E::ErrorArithmetic(..) => runtime(Text::new(
            "算术出错：溢出或者除以零",
            "arithmetic failed: an overflow or a division by zero",
        )),
        E::ErrorRuntime(thrown, _) => {
            let thrown = if thrown.is_string() {
                Text::same(clip(&thrown.to_string()))
            } else {
                show(thrown)
            };
            let (zh, en) = (&thrown.zh, &thrown.en);
            runtime(text!("脚本报错：{zh}", "the script reports: {en}"))
        }
        E::ErrorVariableExists(name, _) => runtime(text!(
            "变量 `{name}` 已有定义",
            "the variable `{name}` is defined already"
        )),
        E::ErrorAssignmentToConstant(name, _) | E::ErrorNonPureMethodCallOnConstant(name, _) => {
            runtime(text!(
                "`{name}` 是常量，不能改变",
                "`{name}` is a constant and cannot be changed"
            ))
        }
        E::ErrorUnboundThis(_) => runtime(Text::new("此处没有 `this`", "there is no `this` here")),
        E::ErrorDataRace(..) => runtime(Text::new(
            "同一变量在闭包中被同时使用",
            "a variable is used by a closure at the same time",
        )),
        other => {
            let shown = clip(&other.to_string());
            runtime(text!("脚本运行出错：{shown}", "the script failed: {shown}"))
        }
    })
}

fn function_not_found(call: &Call, signature: &str, source: &Arc<Source>) -> Diagnostic {
    let (name, arguments) = names::arguments(signature);
    let (zh, en) = (&arguments.zh, &arguments.en);
    let symbol = !name
        .chars()
        .next()
        .is_some_and(|c| c.is_alphabetic() || c == '_');
    if symbol {
        let message = text!(
            "运算符 `{name}` 不接受（{zh}）",
            "the operator `{name}` does not take ({en})"
        );
        return call.diagnostic(Code::RulesArguments, message);
    }
    if name.starts_with("anon$") {
        let message = Text::new(
            "闭包的参数个数不对",
            "the closure has the wrong number of parameters",
        );
        let help = Text::new(
            "写作 |x| x.fact(\"…\")，只有一个参数",
            "write |x| x.fact(\"…\"), with one parameter",
        );
        return call.diagnostic(Code::RulesArguments, message).help(help);
    }
    if let Some(form) = names::form(&name) {
        let message = text!("`{name}` 不接受（{zh}）", "`{name}` does not take ({en})");
        let help = text!("写作 {form}", "write {form}");
        let mut diagnostic = call.diagnostic(Code::RulesArguments, message);
        if arguments.zh.contains("真假值") {
            diagnostic = diagnostic.why(Text::new(
                "普通真假值在装载时就已定死，与案卷无关",
                "a plain boolean is settled when the script is loaded and has nothing to do with the record",
            ));
        }
        return diagnostic.help(help);
    }
    if matches!(
        name.as_str(),
        "sleep" | "exit" | "eval" | "timestamp" | "Fn" | "call" | "curry"
    ) {
        let message = text!(
            "规则脚本中不能使用 `{name}`",
            "rule scripts cannot use `{name}`"
        );
        return call.diagnostic(Code::RulesDisabled, message);
    }
    let known = names::FUNCTIONS.iter().map(|function| function.name);
    let own = scan::names_in(source.text());
    let near = nearest(&name, known.chain(own)).map(str::to_owned);
    let message = text!(
        "没有函数 `{name}`（{zh}）",
        "there is no function `{name}` ({en})"
    );
    let diagnostic = call.diagnostic(Code::RulesUnknownName, message);
    match near {
        Some(near) if near == name => diagnostic.help(text!(
            "`{name}` 有定义，但参数的个数或者类型不同",
            "`{name}` is defined, but with other arguments"
        )),
        Some(near) => diagnostic.help(text!("是否应为 `{near}`？", "did you mean `{near}`?")),
        None => diagnostic,
    }
}

/// The diagnostic for an unknown name.
pub(super) fn unknown(call: &Call, name: &str, what: &Text, candidates: Vec<&str>) -> Diagnostic {
    let (zh, en) = (&what.zh, &what.en);
    let shown = clip(name);
    let message = text!("没有{zh} `{shown}`", "there is no {en} `{shown}`");
    let diagnostic = call.diagnostic(Code::RulesUnknownName, message);
    if let Some(form) = names::form(name) {
        return diagnostic.help(text!(
            "`{shown}` 是函数：{form}",
            "`{shown}` is a function: {form}"
        ));
    }
    match nearest(name, candidates) {
        Some(near) if near != name => {
            diagnostic.help(text!("是否应为 `{near}`？", "did you mean `{near}`?"))
        }
        Some(_) => diagnostic.help(Text::new(
            "函数之内看不到函数之外的变量：作为参数传入",
            "a function does not see the variables outside it: pass it as a parameter",
        )),
        None => diagnostic,
    }
}

fn mismatch(call: &Call, wanted: &str, found: &str) -> Diagnostic {
    let condition = super::terms::name_of(found) == "expression" && wanted == "bool";
    let (wanted, found) = (names::type_name(wanted), names::type_name(found));
    let (wanted_zh, wanted_en, found_zh, found_en) = (&wanted.zh, &wanted.en, &found.zh, &found.en);
    let message = text!(
        "此处需要{wanted_zh}，而这是{found_zh}",
        "{wanted_en} is needed here, not {found_en}"
    );
    let diagnostic = call.diagnostic(Code::RulesType, message);
    if condition {
        return diagnostic
            .why(Text::new(
                "if、while 在装载时执行，那时还没有案卷，条件的真假无从知道",
                "`if` and `while` run when the script is loaded; there is no record yet to judge the condition on",
            ))
            .help(Text::new(
                "把条件写进义务的 when，或者用 `&`、`|`、all([…])、any([…]) 组合",
                "put the condition into the duty's `when`, or combine with `&`, `|`, all([…]), any([…])",
            ));
    }
    diagnostic
}
