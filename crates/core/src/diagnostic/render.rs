//! Renders diagnostics as text, with the source lines they point at.
//!
//! Existing libraries for source snippets do not wrap messages and labels to the terminal, and lose marks that are far
//! apart on one long line; a dossier exported as one line of JSON has both.

use super::snippet::{Mark, place, snippet};
use super::{Diagnostic, Label, Level};
use crate::lang::Lang;
use crate::layout::{self, Paint, Tone};
use crate::source::Source;

/// How to render text.
#[derive(Debug, Clone, Copy)]
pub struct Style {
    /// The reader's language.
    pub lang: Lang,
    /// Whether to use terminal colours.
    pub color: bool,
    /// The available columns; double-width characters take two.
    pub width: usize,
}

impl Level {
    /// The code in JSON output.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Level::Error => "error",
            Level::Warning => "warning",
            Level::Note => "note",
        }
    }

    /// The label shown to people.
    #[must_use]
    pub fn label(self, lang: Lang) -> &'static str {
        match (self, lang) {
            (Level::Error, Lang::Zh) => "错误",
            (Level::Warning, Lang::Zh) => "警告",
            (Level::Note, Lang::Zh) => "说明",
            (Level::Error, Lang::En) => "error",
            (Level::Warning, Lang::En) => "warning",
            (Level::Note, Lang::En) => "note",
        }
    }

    fn tone(self) -> Tone {
        match self {
            Level::Error => Tone::Bad,
            Level::Warning => Tone::Warn,
            Level::Note => Tone::Note,
        }
    }
}

/// A diagnostic as text, ending in a line break: its level and code, the message, the places with their lines, the
/// reasons and the fixes.
#[must_use]
pub fn render(diagnostic: &Diagnostic, style: Style) -> String {
    let lang = style.lang;
    let columns = style.width.max(layout::MIN_WIDTH);
    let paint = Paint { color: style.color };
    let level = diagnostic.level;
    let head = format!("{}[{}]", level.label(lang), diagnostic.code.code());
    let colon = lang.pick("：", ": ");
    let text = format!("{head}{colon}{}", diagnostic.message.get(lang));
    let mut lines: Vec<String> = layout::wrap(&text, columns.saturating_sub(2))
        .iter()
        .enumerate()
        .map(|(at, line)| match at {
            0 => paint.prefix(level.tone(), &head, line),
            _ => format!("  {line}"),
        })
        .collect();

    match &diagnostic.about {
        Some(name) if diagnostic.labels.is_empty() => lines.extend(place(name, style)),
        _ => lines.extend(places(&diagnostic.labels, level.tone(), style)),
    }
    let notes = diagnostic
        .why
        .iter()
        .map(|text| (lang.pick("原因", "why"), text))
        .chain(
            diagnostic
                .help
                .iter()
                .map(|text| (lang.pick("改法", "help"), text)),
        );
    for (name, text) in notes {
        let first = format!("  = {name}{colon}");
        lines.extend(
            layout::hang(&first, text.get(lang), columns)
                .iter()
                .map(|line| paint.prefix(Tone::Strong, &first, line)),
        );
    }
    lines.iter().map(|line| format!("{line}\n")).collect()
}

/// Several diagnostics in reporting order, separated by blank lines; if there are several, their number at the end.
/// Empty for none.
#[must_use]
pub fn render_all(diagnostics: &[Diagnostic], style: Style) -> String {
    if diagnostics.is_empty() {
        return String::new();
    }
    let mut sorted: Vec<&Diagnostic> = diagnostics.iter().collect();
    sorted.sort_by(|a, b| a.order(b));
    let mut out = String::new();
    for (at, diagnostic) in sorted.iter().enumerate() {
        if at > 0 {
            out.push('\n');
        }
        out.push_str(&render(diagnostic, style));
    }
    if diagnostics.len() > 1 {
        out.push('\n');
        out.push_str(&count(diagnostics, style.lang));
        out.push('\n');
    }
    out
}

/// The number of each level: `共2个错误、1个警告`.
fn count(diagnostics: &[Diagnostic], lang: Lang) -> String {
    let counted: Vec<String> = [Level::Error, Level::Warning, Level::Note]
        .into_iter()
        .filter_map(|level| {
            let n = diagnostics.iter().filter(|d| d.level == level).count();
            let label = level.label(lang);
            (n > 0).then(|| match (lang, level) {
                (Lang::Zh, Level::Note) => format!("{n}条{label}"),
                (Lang::Zh, _) => format!("{n}个{label}"),
                (Lang::En, _) => format!("{n} {label}{}", if n == 1 { "" } else { "s" }),
            })
        })
        .collect();
    match lang {
        Lang::Zh => format!("共{}", counted.join("、")),
        Lang::En => counted.join(", "),
    }
}

/// The lines the labels point at, grouped by source in the order the sources are first named.
fn places(labels: &[Label], tone: Tone, style: Style) -> Vec<String> {
    let mut lines = Vec::new();
    let mut done: Vec<&Source> = Vec::new();
    for label in labels {
        let source = &label.span.source;
        if done.iter().any(|other| other.is_same(source)) {
            continue;
        }
        done.push(source);
        let marks: Vec<Mark> = labels
            .iter()
            .enumerate()
            .filter(|(_, other)| other.span.source.is_same(source))
            .map(|(at, other)| Mark {
                range: other.span.range.clone(),
                label: other.text.get(style.lang).to_owned(),
                decisive: at == 0,
            })
            .collect();
        lines.extend(snippet(source, &marks, tone, style));
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::Code;
    use crate::lang::Text;
    use crate::source::{Source, Span};
    use std::sync::Arc;

    const PLAIN: Style = Style {
        lang: Lang::Zh,
        color: false,
        width: 80,
    };

    fn span(source: &Arc<Source>, words: &str) -> Span {
        let at = source.text().find(words).unwrap();
        Span::new(source, at..at + words.len())
    }

    fn samples() -> Vec<Diagnostic> {
        let yaml = Source::new(
            "案卷/示例.yaml",
            "案卷:\n  编号: 示例-001\n检验报告:\n  出具日期: 2024-02-30\n  结伦: \"\u{1b}[31m合格\u{202e}\"\n\t备注: 示例某某检测中心出具\n抽样:\n  抽样日期: 2024-03-09\n",
        );
        let long = format!(
            "{{{}\"出具日期\": \"2024-03-12\",{}\"抽样日期\": \"2024-13-01\"{}}}",
            "\"备注\": \"某某示例\", ".repeat(40_000),
            "\"remark\": \"a b c\", ".repeat(40_000),
            ", \"尾\": \"乙\"".repeat(9)
        );
        let json = Source::new("示例.json", long);
        vec![
            Diagnostic::new(
                Code::RecordImpossibleDate,
                Text::new("日期 `2024-02-30` 不存在", "there is no day `2024-02-30`"),
            )
            .label(
                span(&yaml, "2024-02-30"),
                Text::new("2024年2月只有29天", "February 2024 has 29 days"),
            )
            .help(Text::new(
                "日期写作 `2024-02-29`；确实没有的写“无”，不清楚的留空",
                "write a date as `2024-02-29`; write `none` for what does not exist, and leave blank what is not known",
            )),
            Diagnostic::new(
                Code::RecordUnknownKey,
                Text::new("检验报告没有 `结伦` 这一项", "a report has no `结伦`"),
            )
            .at(span(&yaml, "结伦"))
            .why(Text::new(
                "数据字典中检验报告一组有：出具日期、检验结论、报告编号、检验机构、检验依据、判定依据、检验项目、送达日期等项，此处所写的一项不在其中",
                "the vocabulary has no such key in this group",
            ))
            .help(Text::new("是否应为 `检验结论`？", "did you mean `检验结论`?")),
            Diagnostic::new(
                Code::RecordBackwards,
                Text::new("抽样日期晚于报告出具日期", "sampled after the report was issued"),
            )
            .label(
                span(&yaml, "2024-03-09"),
                Text::new("抽样日期在后，而检验报告的出具日期在前，两者至少有一个写错，请与抽样单和检验报告原件逐一核对", "sampled later"),
            )
            .label(
                span(&yaml, "2024-02-30"),
                Text::new("报告出具在前", "issued earlier"),
            ),
            Diagnostic::new(
                Code::RecordUnknownKey,
                Text::new("没有 `备注`", "no `备注`"),
            )
            .label(span(&yaml, "备注"), Text::new("制表符缩进", "indented with a tab"))
            .label(span(&yaml, "\u{1b}[31m合格\u{202e}"), Text::new("控制字符", "control characters")),
            Diagnostic::new(
                Code::RecordBackwards,
                Text::new("日期先后顺序颠倒", "dates run backwards"),
            )
            .label(span(&json, "2024-13-01"), Text::new("抽样日期", "sampled on"))
            .label(span(&json, "2024-03-12"), Text::new("出具日期", "issued on")),
            Diagnostic::new(
                Code::InputUnreadable,
                Text::new("文件 `没有.yaml` 不存在", "there is no file `没有.yaml`"),
            )
            .about("没有.yaml"),
            Diagnostic::new(
                Code::InputRecoded,
                Text::new("文件不是 UTF-8，已按 GB18030 解码", "decoded as GB18030"),
            )
            .about("旧案卷.yaml"),
        ]
    }

    #[test]
    fn diagnostics_show_the_place_the_reason_and_the_remedy() {
        insta::assert_snapshot!("zh_80", render_all(&samples(), PLAIN));
        insta::assert_snapshot!(
            "en_60",
            render_all(
                &samples(),
                Style {
                    lang: Lang::En,
                    width: 60,
                    ..PLAIN
                }
            )
        );
    }

    #[test]
    fn no_line_is_wider_than_the_terminal_and_nothing_raw_is_let_through() {
        for width in 40..140 {
            for lang in [Lang::Zh, Lang::En] {
                let text = render_all(
                    &samples(),
                    Style {
                        lang,
                        width,
                        ..PLAIN
                    },
                );
                for line in text.lines() {
                    assert!(layout::width(line) <= width, "{width}: {line}");
                    assert!(!line.chars().any(char::is_control), "{line}");
                }
            }
        }
    }

    #[test]
    fn colour_adds_nothing_but_colour() {
        let colored = render_all(
            &samples(),
            Style {
                color: true,
                ..PLAIN
            },
        );
        assert!(colored.contains('\u{1b}'));
        assert_eq!(
            anstream::adapter::strip_str(&colored).to_string(),
            render_all(&samples(), PLAIN)
        );
    }

    #[test]
    fn carets_stand_under_double_width_characters_and_at_the_very_end() {
        let source = Source::new("a", "一: 二三\n四");
        for (range, expected) in [
            (0..3, "1 | 一: 二三\n  | ^^"),
            (5..11, "1 | 一: 二三\n  |     ^^^^"),
            (11..11, "1 | 一: 二三\n  |         ^"),
            (5..15, "1 | 一: 二三\n  |     ^^^^"),
            (15..15, "2 | 四\n  |   ^"),
        ] {
            let lines = snippet(
                &source,
                &[Mark {
                    range,
                    label: String::new(),
                    decisive: true,
                }],
                Tone::Bad,
                PLAIN,
            );
            assert_eq!(lines[1..].join("\n"), expected);
        }
    }
}
