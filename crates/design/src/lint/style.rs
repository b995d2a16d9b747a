//! Checks the style of scripts: line width, and that each sentence of an instrument is quoted once.

use std::collections::{BTreeMap, HashMap, HashSet};

use choucha_core::diagnostic::{Code, Diagnostic};
use choucha_core::lang::Text;
use choucha_core::layout;
use choucha_core::obligation::{Citation, RuleSet};
use choucha_core::source::{Position, Source, Span};
use choucha_core::text;

/// The widest line of a script, in columns: 120 Chinese characters.
const WIDEST: usize = 240;

/// A comment repeats a quote if they share this many consecutive letters and numerals.
const REPEATED: usize = 12;

/// Checks the scripts that declare a rule set.
pub(super) fn style(set: &RuleSet) -> Vec<Diagnostic> {
    let mut scripts: BTreeMap<&str, &Span> = BTreeMap::new();
    let places = set
        .all_obligations()
        .map(|obligation| &obligation.at)
        .chain(set.stages.iter().map(|stage| &stage.at))
        .chain(set.exceptions.iter().map(|exception| &exception.at))
        .chain([&set.at]);
    for place in places {
        scripts.entry(place.source.name()).or_insert(place);
    }
    let mut found: Vec<Diagnostic> = Vec::new();
    for place in scripts.values() {
        long_lines(place, &mut found);
        let name = place.source.name();
        let cited: Vec<&Citation> = set
            .citations()
            .map(|(_, cited)| cited)
            .filter(|cited| cited.at.source.name() == name)
            .collect();
        cited_twice(&cited, &mut found);
        repeating_comments(place, &cited, &mut found);
    }
    found
}

/// Reports quotes that a script writes in two places.
fn cited_twice(cited: &[&Citation], found: &mut Vec<Diagnostic>) {
    let mut first: HashMap<(&str, &str, &str), &Span> = HashMap::new();
    for cited in cited {
        let words = (
            cited.instrument.as_str(),
            cited.section.as_str(),
            cited.quote.as_str(),
        );
        let known = first.entry(words).or_insert(&cited.at);
        if **known == cited.at {
            continue;
        }
        let section = &cited.section;
        let message = text!(
            "脚本两次抄录 {section} 的同一句",
            "the script writes the same words of {section} twice"
        );
        let help = Text::new(
            "用 let 给这一引用取名，两处都用其名",
            "give the citation a name with `let` and use it in both places",
        );
        found.push(
            Diagnostic::new(Code::LintRepeatedWords, message)
                .at(cited.at.clone())
                .label(
                    (*known).clone(),
                    Text::new("首次抄录", "written here first"),
                )
                .help(help),
        );
    }
}

/// Reports comments that repeat what the script quotes.
fn repeating_comments(place: &Span, cited: &[&Citation], found: &mut Vec<Diagnostic>) {
    let source = &place.source;
    let quoted: Vec<Vec<char>> = cited.iter().flat_map(|cited| runs(&cited.quote)).collect();
    let quoted: HashSet<&[char]> = quoted
        .iter()
        .flat_map(|run| run.windows(REPEATED))
        .collect();
    for (line, comment) in comments(source) {
        let runs = runs(&comment);
        let Some(words) = runs
            .iter()
            .flat_map(|run| run.windows(REPEATED))
            .find(|words| quoted.contains(words))
        else {
            continue;
        };
        let words: String = words.iter().collect();
        let message = text!(
            "注释重复了引文：“{words}……”",
            "the comment repeats a quote: “{words}…”"
        );
        let help = Text::new(
            "原文只写一次，即所引的一句；注释写原文没有说的，如取哪一种读法",
            "a sentence stands once, as the quote; a comment says what the quote does not, such as the reading taken",
        );
        let start = source.offset(Position { line, column: 1 });
        let shown = source.text().get(start..).unwrap_or_default();
        let end = start + shown.find('\n').unwrap_or(shown.len());
        found.push(
            Diagnostic::new(Code::LintRepeatedWords, message)
                .at(Span::new(source, start..end))
                .help(help),
        );
    }
}

/// The comments on lines of their own, each with its first line; consecutive lines are one comment.
fn comments(source: &Source) -> Vec<(usize, String)> {
    let mut comments: Vec<(usize, String)> = Vec::new();
    let mut is_open = false;
    for (line, text) in (1..).zip(source.text().lines()) {
        let Some(words) = text.trim_start().strip_prefix("//") else {
            is_open = false;
            continue;
        };
        match comments.last_mut() {
            Some((_, comment)) if is_open => comment.push_str(words),
            _ => comments.push((line, words.to_owned())),
        }
        is_open = true;
    }
    comments
}

/// The letters and numerals of a text, without titles 《…》, which any text may name.
fn runs(text: &str) -> Vec<Vec<char>> {
    text.split('《')
        .enumerate()
        .map(|(at, part)| match part.split_once('》') {
            Some((_, rest)) if at > 0 => rest,
            _ => part,
        })
        .map(|part| part.chars().filter(|c| c.is_alphanumeric()).collect())
        .collect()
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
