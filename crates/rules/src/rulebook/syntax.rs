//! Explains syntax errors to people: full-width punctuation, disabled and reserved words first, since they are the
//! commonest.

use std::sync::Arc;

use rhai::{LexError, ParseErrorType, Position};

use super::errors::unknown;
use super::host::{Call, Host, clip};
use super::limits;
use super::names;
use super::scan;
use choucha_core::diagnostic::{Code, Diagnostic};
use choucha_core::lang::Text;
use choucha_core::source::{Source, Span};
use choucha_core::text;

/// The most full-width characters reported in one script.
const MAX_FULL_WIDTH: usize = 10;

/// Disabled words and operators, with what to write instead.
const DISABLED: &[(&str, &str, &str)] = &[
    ("&&", "写 `&` 或者 all([…])", "write `&` or all([…])"),
    (
        "||",
        "写 `|` 或者 any([…])；无参数的闭包不能使用",
        "write `|` or any([…]); closures without a parameter cannot be used",
    ),
    (
        "??",
        "用 if x == () { … } 给出缺省值",
        "give a default with if x == () { … }",
    ),
    ("?.", "先判断是否为 ()", "see first whether it is ()"),
    ("?[", "先判断是否为 ()", "see first whether it is ()"),
    (
        "switch",
        "用 any([…])、all([…]) 组合条件；普通值用 if … else",
        "combine conditions with any([…]) and all([…]); for plain values use if … else",
    ),
    (
        "try",
        "错误应当报告，不应吞掉",
        "mistakes are to be reported, not swallowed",
    ),
    (
        "catch",
        "错误应当报告，不应吞掉",
        "mistakes are to be reported, not swallowed",
    ),
    ("eval", "直接写出脚本", "write the script itself"),
    ("Fn", "直接写闭包 |x| …", "write the closure itself: |x| …"),
    ("call", "直接写函数", "write a function"),
    (
        "curry",
        "直接写闭包 |x| …",
        "write the closure itself: |x| …",
    ),
    ("this", "把值作为参数传入", "pass the value as a parameter"),
    ("is_def_var", "", ""),
    ("is_def_fn", "", ""),
    ("is_shared", "", ""),
    ("type_of", "", ""),
    ("sleep", "", ""),
    ("exit", "", ""),
];

/// Disables what scripts may not use.
pub(super) fn disable(engine: &mut rhai::Engine) {
    for (word, _, _) in DISABLED {
        engine.disable_symbol(*word);
    }
}

/// The diagnostics for a script that does not compile.
pub(super) fn diagnostics(
    host: &Host,
    error: &ParseErrorType,
    position: Position,
    source: &Arc<Source>,
) -> Vec<Diagnostic> {
    let full_width = full_width(source);
    if !full_width.is_empty() {
        return full_width;
    }
    let span = host.span(source, position);
    // At the end of a script there is no token to mark: mark its last character.
    let at_end = span.range.is_empty();
    let span = if at_end {
        last_before(source, span.range.start)
    } else {
        span
    };
    let call = Call { frames: vec![span] };
    let incomplete = at_end
        && matches!(
            error,
            ParseErrorType::MissingToken(..) | ParseErrorType::MissingSymbol(_)
        );
    let error = if incomplete {
        &ParseErrorType::UnexpectedEOF
    } else {
        error
    };
    vec![explain(error, &call, source)]
}

fn last_before(source: &Arc<Source>, offset: usize) -> Span {
    let before = source.text().get(..offset).unwrap_or("").trim_end();
    let last = before.chars().next_back().map_or(0, char::len_utf8);
    Span::new(source, before.len() - last..before.len())
}

fn full_width(source: &Arc<Source>) -> Vec<Diagnostic> {
    scan::full_width_in(source.text())
        .into_iter()
        .take(MAX_FULL_WIDTH)
        .map(|(range, found, meant)| {
            let message = text!(
                "此处用了全角标点 `{found}`",
                "`{found}` is full-width punctuation"
            );
            let help = text!(
                "改为半角 `{meant}`；引号内的中文标点不受影响",
                "write `{meant}`; punctuation inside quotes may stay"
            );
            Diagnostic::new(Code::RulesFullWidth, message)
                .at(Span::new(source, range))
                .help(help)
        })
        .collect()
}

/// The diagnostic for a disabled or reserved word or operator.
fn reserved(call: &Call, word: &str) -> Diagnostic {
    if let Some((_, zh, en)) = DISABLED.iter().find(|(known, _, _)| *known == word) {
        let message = text!(
            "规则脚本中不能使用 `{word}`",
            "rule scripts cannot use `{word}`"
        );
        let mut diagnostic = call.diagnostic(Code::RulesDisabled, message);
        if matches!(word, "&&" | "||" | "??" | "switch") {
            diagnostic = diagnostic.why(Text::new(
                "它只认普通真假值，会把逐案求值的条件在装载时就定死",
                "it knows plain booleans only and would settle a condition when the script is loaded, not for every case",
            ));
        }
        return if zh.is_empty() {
            diagnostic
        } else {
            diagnostic.help(Text::new(*zh, *en))
        };
    }
    let shown = clip(word);
    let is_word = word.chars().next().is_some_and(char::is_alphabetic);
    if is_word {
        let message = text!("`{shown}` 是保留字", "`{shown}` is a reserved word");
        let help = text!(
            "换一个名称；作为映射的键时加引号：\"{shown}\": …",
            "give it another name; as the key of a map put it in quotes: \"{shown}\": …"
        );
        call.diagnostic(Code::RulesReserved, message).help(help)
    } else {
        let message = text!("没有运算符 `{shown}`", "there is no operator `{shown}`");
        call.diagnostic(Code::RulesSyntax, message)
    }
}

fn explain(error: &ParseErrorType, call: &Call, source: &Arc<Source>) -> Diagnostic {
    use ParseErrorType as P;
    let syntax = |message: Text| call.diagnostic(Code::RulesSyntax, message);
    let limit = |message: Text| call.diagnostic(Code::RulesLimit, message);
    match error {
        P::UnexpectedEOF => syntax(Text::new("脚本没有写完", "the script is incomplete")).help(
            Text::new("检查括号是否配对", "see whether every bracket is closed"),
        ),
        P::BadInput(error) => bad_input(error, call),
        P::UnknownOperator(word) | P::Reserved(word) => reserved(call, word),
        P::MissingToken(token, _) => missing(call, token, source),
        P::MissingSymbol(_) => syntax(Text::new("此处缺少符号", "a symbol is missing here")),
        P::MalformedIndexExpr(_) => syntax(Text::new("下标写法有误", "the index is malformed")),
        P::MalformedCapture(_) => syntax(Text::new("此处不能使用 `!`", "`!` cannot stand here")),
        P::DuplicatedProperty(name) => {
            let name = clip(name);
            call.diagnostic(
                Code::RulesSyntax,
                text!("键 `{name}` 重复", "the key `{name}` is given twice"),
            )
        }
        P::DuplicatedVariable(name) | P::VariableExists(name) => syntax(text!(
            "变量 `{name}` 已有定义",
            "the variable `{name}` is defined already"
        )),
        P::ForbiddenVariable(name) => syntax(text!(
            "不能用 `{name}` 作变量名",
            "no variable may be named `{name}`"
        )),
        P::VariableUndefined(name) => unknown(
            call,
            name,
            &Text::new("变量", "variable"),
            scan::names_in(source.text()),
        ),
        P::ModuleUndefined(name) => unknown(
            call,
            name,
            &Text::new("模块", "module"),
            scan::names_in(source.text()),
        )
        .help(Text::new(
            "先写 import \"lib/…\" as …;",
            "write import \"lib/…\" as …; first",
        )),
        P::PropertyExpected => property_expected(call, source),
        P::VariableExpected => syntax(Text::new(
            "此处应为变量名",
            "the name of a variable is expected here",
        )),
        P::ExprExpected(_) => syntax(Text::new(
            "此处应为表达式",
            "an expression is expected here",
        )),
        P::MismatchedType(wanted, found) => {
            let (wanted, found) = (names::type_name(wanted), names::type_name(found));
            let (wanted_zh, wanted_en, found_zh, found_en) =
                (&wanted.zh, &wanted.en, &found.zh, &found.en);
            call.diagnostic(
                Code::RulesType,
                text!(
                    "此处需要{wanted_zh}，而这是{found_zh}",
                    "{wanted_en} is needed here, not {found_en}"
                ),
            )
        }
        P::WrongFnDefinition => syntax(Text::new(
            "函数只能在脚本最外层定义",
            "functions are defined at the outermost level only",
        )),
        P::WrongDocComment => syntax(Text::new(
            "`///` 注释只能写在函数定义之前",
            "a `///` comment stands before a function only",
        ))
        .help(Text::new("改用 `//`", "use `//`")),
        P::FnDuplicatedDefinition(name, count) => syntax(text!(
            "有 {count} 个参数的函数 `{name}` 定义了两次",
            "the function `{name}` with {count} parameters is defined twice"
        )),
        P::FnDuplicatedParam(name, parameter) => syntax(text!(
            "函数 `{name}` 的参数 `{parameter}` 重复",
            "the function `{name}` has the parameter `{parameter}` twice"
        )),
        P::FnMissingName => syntax(Text::new("函数没有名称", "the function has no name")),
        P::FnMissingParams(name) => syntax(text!(
            "函数 `{name}` 缺少参数表",
            "the function `{name}` has no list of parameters"
        )),
        P::FnMissingBody(_) => syntax(Text::new(
            "函数缺少函数体 { … }",
            "the function has no body { … }",
        )),
        P::WrongExport => syntax(Text::new(
            "export 只能写在最外层",
            "`export` stands at the outermost level only",
        )),
        P::AssignmentToConstant(name) => syntax(text!(
            "`{name}` 是常量，不能改变",
            "`{name}` is a constant and cannot be changed"
        )),
        P::AssignmentToInvalidLHS(_) => syntax(Text::new(
            "等号左边不能赋值",
            "what stands left of `=` cannot be assigned to",
        ))
        .help(Text::new("比较用 `==`", "to compare write `==`")),
        P::ExprTooDeep => limit(limits::expression_depth()).help(Text::new(
            "用 all([…])、any([…]) 代替长串的 `&`、`|`",
            "use all([…]) and any([…]) instead of long rows of `&` and `|`",
        )),
        P::TooManyFunctions => limit(limits::functions()),
        P::LiteralTooLarge(..) => limit(limits::data()),
        P::LoopBreak => syntax(Text::new(
            "break、continue 只能写在循环里",
            "`break` and `continue` stand in loops only",
        )),
        other => {
            let shown = clip(&other.to_string());
            syntax(text!(
                "语法有误：{shown}",
                "the script is malformed: {shown}"
            ))
        }
    }
}

/// The diagnostic for a missing name after a full stop; numbers with a full stop are the usual cause.
fn property_expected(call: &Call, source: &Arc<Source>) -> Diagnostic {
    let before = source.text().get(..call.at().range.start).unwrap_or("");
    let number = before
        .strip_suffix('.')
        .is_some_and(|before| before.ends_with(|c: char| c.is_ascii_digit()));
    if number {
        let message = Text::new(
            "规则脚本中没有浮点数",
            "rule scripts have no floating-point numbers",
        );
        let help = Text::new(
            "小数写作 decimal(\"1.50\")",
            "a decimal is written decimal(\"1.50\")",
        );
        return call.diagnostic(Code::RulesSyntax, message).help(help);
    }
    let message = Text::new(
        "此处应为键或者属性的名称",
        "the name of a key or property is expected here",
    );
    call.diagnostic(Code::RulesSyntax, message)
}

/// The diagnostic for a missing token; in a map, a reserved word used as a key is the usual cause.
fn missing(call: &Call, token: &str, source: &Arc<Source>) -> Diagnostic {
    let at = call.at();
    let found = source.text().get(at.range.clone()).unwrap_or("");
    if let Some((word, _, _)) = DISABLED.iter().find(|(word, _, _)| *word == found) {
        return reserved(call, word);
    }
    let token = clip(token);
    let message = text!("此处缺少 `{token}`", "`{token}` is missing here");
    let mut diagnostic = call.diagnostic(Code::RulesSyntax, message);
    if !found.is_empty() {
        let found = clip(found);
        diagnostic = diagnostic.why(text!("读到的是 `{found}`", "`{found}` stands here"));
    }
    if token == ";" || token == "," || token == "}" {
        diagnostic = diagnostic.help(Text::new(
            "检查前一行是否漏了逗号、分号或者括号",
            "see whether the line before lacks a comma, a semicolon or a bracket",
        ));
    }
    diagnostic
}

/// The diagnostic for an unclosed quote; a full-width closing quote is the usual cause.
fn unclosed(call: &Call) -> Diagnostic {
    let at = call.at();
    let shown = at.source.text().get(at.range.clone()).unwrap_or("");
    let closing = shown
        .char_indices()
        .skip(1)
        .find(|(_, c)| matches!(c, '”' | '“' | '＂'));
    if let Some((offset, found)) = closing {
        let start = at.range.start + offset;
        let span = Span::new(&at.source, start..start + found.len_utf8());
        let message = text!(
            "此处用了全角引号 `{found}`，前面的引号没有关闭",
            "`{found}` is full-width and does not close the quotes before it"
        );
        let help = Text::new("改为半角 `\"`", "write `\"`");
        return call
            .diagnostic_at(Code::RulesFullWidth, message, span)
            .help(help);
    }
    let message = Text::new("引号没有关闭", "the quotes are not closed");
    call.diagnostic(Code::RulesSyntax, message).help(Text::new(
        "文本以半角双引号 \" 结束；跨行的文本用反引号 `",
        "a text ends with \" ; one over several lines stands between backticks",
    ))
}

fn bad_input(error: &LexError, call: &Call) -> Diagnostic {
    let syntax = |message: Text| call.diagnostic(Code::RulesSyntax, message);
    match error {
        LexError::UnexpectedInput(found) => {
            let found = clip(found);
            syntax(text!(
                "此处不应出现 `{found}`",
                "`{found}` cannot stand here"
            ))
        }
        LexError::UnterminatedString => unclosed(call),
        LexError::StringTooLong(_) => call.diagnostic(Code::RulesLimit, limits::data()),
        LexError::MalformedEscapeSequence(found) => {
            let found = clip(found);
            syntax(text!(
                "转义 `{found}` 有误",
                "the escape `{found}` is malformed"
            ))
        }
        LexError::MalformedNumber(found) => {
            let found = clip(found);
            syntax(text!(
                "数 `{found}` 写法有误",
                "the number `{found}` is malformed"
            ))
            .help(Text::new(
                "小数写作 decimal(\"1.50\")",
                "a decimal is written decimal(\"1.50\")",
            ))
        }
        LexError::MalformedChar(_) => syntax(Text::new(
            "单引号只能括一个字符",
            "single quotes hold one character only",
        ))
        .help(Text::new("文本用双引号", "a text stands in double quotes")),
        LexError::MalformedIdentifier(found) => {
            let found = clip(found);
            syntax(text!(
                "名称 `{found}` 写法有误",
                "the name `{found}` is malformed"
            ))
        }
        LexError::ImproperSymbol(symbol, _)
            if DISABLED.iter().any(|(known, _, _)| known == symbol) =>
        {
            reserved(call, symbol)
        }
        LexError::ImproperSymbol(symbol, _) => {
            let symbol = clip(symbol);
            syntax(text!(
                "没有符号 `{symbol}`",
                "there is no symbol `{symbol}`"
            ))
        }
        other => {
            let shown = clip(&other.to_string());
            syntax(text!(
                "语法有误：{shown}",
                "the script is malformed: {shown}"
            ))
        }
    }
}
