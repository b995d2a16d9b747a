//! The help of a command, laid out by columns: clap wraps only at blanks, which Chinese does not have.

use clap::{Arg, Command};

use choucha_core::lang::Lang;
use choucha_core::layout;

/// The command and its tasks with finished help texts.
pub(super) fn laid_out(command: Command, lang: Lang, width: usize) -> Command {
    let name = command.get_name().to_owned();
    let command = command.mut_subcommands(|task| {
        let text = text(&task, Some(&name), lang, width);
        task.override_help(text)
    });
    let text = text(&command, None, lang, width);
    command.override_help(text)
}

fn text(command: &Command, parent: Option<&str>, lang: Lang, width: usize) -> String {
    let mut lines = Vec::new();
    if let Some(about) = command.get_about() {
        lines.extend(layout::wrap(&about.to_string(), width));
        lines.push(String::new());
    }
    lines.extend(layout::hang(
        lang.pick("用法：", "Usage: "),
        &usage(command, parent, lang),
        width,
    ));
    let tasks: Vec<(String, String)> = command
        .get_subcommands()
        .map(|task| {
            let about = task.get_about().map(ToString::to_string);
            (task.get_name().to_owned(), about.unwrap_or_default())
        })
        .collect();
    section(&mut lines, lang.pick("命令：", "Commands:"), &tasks, width);
    let (positional, options): (Vec<&Arg>, Vec<&Arg>) =
        command.get_arguments().partition(|arg| arg.is_positional());
    let rows = |arguments: &[&Arg]| -> Vec<(String, String)> {
        arguments
            .iter()
            .map(|arg| {
                let help = arg.get_help().map(ToString::to_string);
                (name(arg), help.unwrap_or_default())
            })
            .collect()
    };
    section(
        &mut lines,
        lang.pick("参数：", "Arguments:"),
        &rows(&positional),
        width,
    );
    section(
        &mut lines,
        lang.pick("选项：", "Options:"),
        &rows(&options),
        width,
    );
    if parent.is_none() {
        let codes = lang.pick(
            "退出码：0 无可报告；1 有违规；2 用法、输入、规则有误或程序出错；4 无违规，但有待补证或待人工判断的事项，或者案卷记载自相矛盾",
            "Exit codes: 0 nothing to report; 1 violations; 2 wrong usage, input or rules, or a failure; 4 no violation, but something undetermined or left to review, or a record that contradicts itself",
        );
        lines.push(String::new());
        lines.extend(layout::wrap(codes, width));
    }
    lines
        .iter()
        .map(|line| format!("{}\n", line.trim_end()))
        .collect()
}

/// `choucha audit [选项] <路径>…`.
fn usage(command: &Command, parent: Option<&str>, lang: Lang) -> String {
    let mut words: Vec<String> = parent.into_iter().map(str::to_owned).collect();
    words.push(command.get_name().to_owned());
    if command.has_subcommands() {
        words.push(lang.pick("<命令>", "<COMMAND>").to_owned());
    }
    words.push(lang.pick("[选项]", "[OPTIONS]").to_owned());
    words.extend(command.get_positionals().map(|arg| {
        if arg.is_required_set() {
            name(arg)
        } else {
            name(arg).replace('<', "[").replace('>', "]")
        }
    }));
    words.join(" ")
}

/// `-o, --output <文件>`, `<路径>…`.
fn name(arg: &Arg) -> String {
    let value = arg
        .get_value_names()
        .and_then(|names| names.first())
        .map(|value| format!("<{value}>"));
    if arg.is_positional() {
        let many = arg
            .get_num_args()
            .is_some_and(|range| range.max_values() > 1);
        let more = if many { layout::ELLIPSIS } else { "" };
        return format!("{}{more}", value.unwrap_or_default());
    }
    let short = arg
        .get_short()
        .map_or("    ".to_owned(), |short| format!("-{short}, "));
    let long = arg.get_long().unwrap_or_default();
    let value = value.filter(|_| arg.get_action().takes_values());
    match value {
        Some(value) => format!("{short}--{long} {value}"),
        None => format!("{short}--{long}"),
    }
}

fn section(lines: &mut Vec<String>, title: &str, rows: &[(String, String)], width: usize) {
    if rows.is_empty() {
        return;
    }
    lines.push(String::new());
    lines.push(title.to_owned());
    let column = rows
        .iter()
        .map(|(name, _)| layout::width(name))
        .max()
        .unwrap_or(0);
    for (name, help) in rows {
        let first = format!("  {}  ", layout::pad(name, column));
        lines.extend(layout::hang(&first, help, width));
    }
}
