//! How scripts are written: lines that fit, and the clause beside the duty that encodes it.

use std::collections::BTreeMap;

use super::named;
use crate::diagnostic::{Code, Diagnostic};
use crate::lang::Text;
use crate::layout;
use crate::obligation::RuleSet;
use crate::source::{Position, Source, Span};
use crate::text;

/// The widest a line of a script may be, in columns: 120 characters of Chinese.
const WIDEST: usize = 240;

/// Checks the scripts a rule set is declared in.
pub(super) fn style(set: &RuleSet) -> Vec<Diagnostic> {
    let mut scripts: BTreeMap<&str, &Span> = BTreeMap::new();
    let places = set
        .all_obligations()
        .flat_map(|obligation| {
            obligation
                .citations
                .iter()
                .map(|cited| &cited.at)
                .chain([&obligation.at])
        })
        .chain(set.stages.iter().map(|stage| &stage.at))
        .chain(set.exceptions.iter().map(|exception| &exception.at))
        .chain([&set.at]);
    for place in places {
        scripts.entry(place.source.name()).or_insert(place);
    }
    let mut found: Vec<Diagnostic> = Vec::new();
    for place in scripts.values() {
        long_lines(place, &mut found);
    }
    for obligation in set.all_obligations() {
        // A duty of the library is declared where the notice cites its clause.
        let Some(cited) = obligation.citations.first() else {
            continue;
        };
        if !is_commented(&cited.at, &cited.section) {
            let name = named(&obligation.title, &obligation.id);
            let (zh, en, section) = (&name.zh, &name.en, &cited.section);
            let message = text!(
                "义务{zh}旁边没有写明条款的注释",
                "no comment beside {en} says which clause it encodes"
            );
            found.push(Diagnostic::new(Code::LintNoClauseComment, message).at(cited.at.clone()).help(
                text!(
                    "在其上方写一行注释，如 `// {section} ……`，并抄录原文",
                    "write a comment above it, such as `// {section} …`, with the words of the clause"
                ),
            ));
        }
    }
    found
}

fn long_lines(place: &Span, found: &mut Vec<Diagnostic>) {
    let source = &place.source;
    for (line, text) in (1..).zip(source.text().lines()) {
        let width = layout::width(text);
        if width <= WIDEST {
            continue;
        }
        let start = source.offset(Position { line, column: 1 });
        let message = text!(
            "这一行宽 {width} 列，超过 {WIDEST} 列",
            "the line is {width} columns wide, more than {WIDEST}"
        );
        let help = Text::new("分成几行", "break it into several lines");
        let span = Span::new(source, start..start + text.len());
        found.push(
            Diagnostic::new(Code::LintLongLine, message)
                .at(span)
                .help(help),
        );
    }
}

/// Whether a comment stands in the paragraph of a place, or a comment above it names the section.
fn is_commented(place: &Span, section: &str) -> bool {
    let text = above(&place.source, place.position().line);
    let lines: Vec<&str> = text.lines().collect();
    let is_comment = |line: &&&str| line.trim_start().starts_with("//");
    let mut paragraph = lines
        .iter()
        .rev()
        .take_while(|line| !line.trim().is_empty());
    let named = lines
        .iter()
        .filter(is_comment)
        .any(|line| line.contains(section));
    named || paragraph.any(|line| is_comment(&line))
}

/// The text of a source up to the end of a line.
fn above(source: &Source, line: usize) -> &str {
    let end = source.offset(Position {
        line: line + 1,
        column: 1,
    });
    source.text().get(..end).unwrap_or_default()
}
