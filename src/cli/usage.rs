//! Reports clap's errors in the reader's language: by the kind of error and its context, never by its text.

use clap::error::{ContextKind, ContextValue, ErrorKind};

use super::{Exit, Surroundings};
use choucha_core::diagnostic::{self, Code, Diagnostic, Style};
use choucha_core::lang::{Lang, Text};
use choucha_core::text;

/// Shows help, the version, or the error in the arguments.
pub(super) fn explain(
    error: &clap::Error,
    lang: Lang,
    width: usize,
    around: &mut Surroundings<'_>,
) -> Exit {
    match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => {
            // It does not matter if the reader has closed the output.
            let _ = around.out.write_all(error.to_string().as_bytes());
            Exit::CLEAN
        }
        ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            let _ = around.err.write_all(error.to_string().as_bytes());
            Exit::FAILED
        }
        _ => {
            let style = Style {
                lang,
                color: around.err_color,
                width,
            };
            let text = diagnostic::render(&diagnose(error), style);
            let _ = around.err.write_all(text.as_bytes());
            Exit::FAILED
        }
    }
}

fn diagnose(error: &clap::Error) -> Diagnostic {
    let get = |kind| error.get(kind).map(shown).unwrap_or_default();
    let arg = get(ContextKind::InvalidArg);
    let value = get(ContextKind::InvalidValue);
    let message = match error.kind() {
        ErrorKind::UnknownArgument => {
            text!("没有 `{arg}` 这个参数", "there is no argument `{arg}`")
        }
        ErrorKind::InvalidSubcommand => {
            let name = get(ContextKind::InvalidSubcommand);
            text!("没有 `{name}` 这个命令", "there is no command `{name}`")
        }
        ErrorKind::MissingSubcommand => Text::new("没有写明命令", "no command is given"),
        ErrorKind::InvalidValue | ErrorKind::TooFewValues | ErrorKind::WrongNumberOfValues
            if value.is_empty() =>
        {
            text!("`{arg}` 缺少取值", "`{arg}` needs a value")
        }
        ErrorKind::ValueValidation if arg.starts_with("--as-of") => {
            text!("`{value}` 不是日期", "`{value}` is not a date")
        }
        ErrorKind::InvalidValue | ErrorKind::ValueValidation => {
            text!("`{arg}` 不能取 `{value}`", "`{arg}` cannot be `{value}`")
        }
        ErrorKind::MissingRequiredArgument => text!("缺少参数 {arg}", "{arg} is missing"),
        ErrorKind::ArgumentConflict => {
            let other = get(ContextKind::PriorArg);
            if other.is_empty() || other == arg {
                text!("`{arg}` 重复", "`{arg}` is given twice")
            } else {
                text!(
                    "`{arg}` 不能与 `{other}` 同时使用",
                    "`{arg}` cannot be used with `{other}`"
                )
            }
        }
        ErrorKind::TooManyValues => {
            text!(
                "`{arg}` 多出取值 `{value}`",
                "`{arg}` has too many values: `{value}`"
            )
        }
        ErrorKind::InvalidUtf8 => Text::new(
            "参数不是合法的 UTF-8 文字",
            "an argument is not valid UTF-8",
        ),
        _ => Text::new("参数有误", "the arguments are wrong"),
    };
    let mut diagnostic = Diagnostic::new(Code::UsageInvalid, message);
    let valid = get(ContextKind::ValidValue);
    if !valid.is_empty() {
        diagnostic = diagnostic.help(text!("可以取：{valid}", "it can be: {valid}"));
    }
    if error.kind() == ErrorKind::ValueValidation && arg.starts_with("--as-of") {
        let help = Text::new("日期写作 2024-05-30", "write a date as 2024-05-30");
        diagnostic = diagnostic.help(help);
    }
    for kind in [
        ContextKind::SuggestedArg,
        ContextKind::SuggestedSubcommand,
        ContextKind::SuggestedValue,
    ] {
        let near = get(kind);
        if !near.is_empty() {
            diagnostic = diagnostic.help(text!("是否应为 `{near}`？", "did you mean `{near}`?"));
        }
    }
    // If the correction is known, the help need not say where to look it up.
    if diagnostic.help.is_empty() {
        diagnostic = diagnostic.help(Text::new(
            "用法见 `choucha --help`，各命令的参数见 `choucha 命令 --help`",
            "see `choucha --help`, and `choucha COMMAND --help` for its arguments",
        ));
    }
    diagnostic
}

fn shown(value: &ContextValue) -> String {
    match value {
        ContextValue::None => String::new(),
        ContextValue::Bool(yes) => yes.to_string(),
        ContextValue::String(text) => text.clone(),
        ContextValue::Strings(texts) => texts.join(", "),
        ContextValue::Number(n) => n.to_string(),
        other => other.to_string(),
    }
}
