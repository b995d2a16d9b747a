//! Quoted texts, kept from the script engine until it comes to them.
//!
//! The engine reads a script character by character, and half of a script is titles and quotes. It is given an empty text
//! and as many spaces as the text is long, so that everything keeps its line and column, and the text itself once it has
//! read the empty one.
//!
//! Only the program's own rules are read so, whose texts were found to be no longer than allowed when it was tested. A
//! line in which a quote could mean anything else is left as it is.

use std::borrow::Cow;
use std::cell::RefCell;
use std::collections::VecDeque;

use rhai::{Position, Token};

use super::scan;

/// A text shorter than this is read as fast as it is put back.
const SHORTEST: usize = 6;

const SPACES: &str = "                                                                ";

/// The texts kept from the engine, in the order it comes to them.
#[derive(Debug, Default)]
pub(super) struct Quoted(RefCell<VecDeque<Kept>>);

#[derive(Debug)]
struct Kept {
    /// Line and column of the opening quote, from 1.
    at: (usize, usize),
    text: String,
}

impl Quoted {
    /// Keeps the texts of a script, and forgets those of the one before.
    pub(super) fn keep<'t>(&self, script: &'t str) -> Cow<'t, str> {
        let mut kept = VecDeque::new();
        if !scan::is_of_lines(script) {
            self.0.replace(kept);
            return Cow::Borrowed(script);
        }
        let mut blank = String::with_capacity(script.len());
        // Rare, so that hardly any script needs every line looked at.
        let is_odd = script.contains('\\') || script.contains('\r');
        for (number, line) in (1..).zip(script.split_inclusive('\n')) {
            let is_odd = is_odd && (line.contains('\\') || line.contains('\r'));
            let texts = if is_odd { None } else { texts(line) };
            match texts {
                Some(texts) => {
                    let mut done = 0;
                    let mut column = 1;
                    for (start, text) in texts {
                        let before = &line[done..start];
                        column += before.chars().count();
                        blank.push_str(before);
                        blank.push_str("\"\"");
                        let length = text.chars().count();
                        let mut left = length;
                        while left > 0 {
                            let some = left.min(SPACES.len());
                            blank.push_str(&SPACES[..some]);
                            left -= some;
                        }
                        kept.push_back(Kept {
                            at: (number, column),
                            text: text.to_owned(),
                        });
                        column += length + 2;
                        done = start + text.len() + 2;
                    }
                    blank.push_str(&line[done..]);
                }
                None => blank.push_str(line),
            }
        }
        self.0.replace(kept);
        Cow::Owned(blank)
    }

    /// A token the engine has read, with its text if that was kept.
    pub(super) fn put_back(&self, token: Token, position: Position) -> Token {
        if !matches!(&token, Token::StringConstant(text) if text.is_empty()) {
            return token;
        }
        let at = position.line().zip(position.position());
        let mut kept = self.0.borrow_mut();
        // What stands in a comment the engine never comes to.
        while kept.front().is_some_and(|next| Some(next.at) < at) {
            kept.pop_front();
        }
        if kept.front().is_none_or(|next| Some(next.at) != at) {
            return token;
        }
        match kept.pop_front() {
            Some(kept) => Token::StringConstant(Box::new(kept.text.into())),
            None => token,
        }
    }
}

/// The texts of a line without escapes that can be kept, each with the place of its opening quote; none, if it is not
/// plain which quotes open and which close.
fn texts(line: &str) -> Option<Vec<(usize, &str)>> {
    let mut texts = Vec::new();
    let mut rest = 0;
    while let Some(opening) = line[rest..].find('"').map(|at| rest + at) {
        let start = opening + 1;
        let end = start + line[start..].find('"')?;
        rest = end + 1;
        // A single quote may hold a double one; a doubled one is part of a text.
        if line[..opening].ends_with('\'') || line[rest..].starts_with('"') {
            return None;
        }
        let text = &line[start..end];
        if text.len() >= SHORTEST {
            texts.push((opening, text));
        }
    }
    Some(texts)
}

#[cfg(test)]
mod tests {
    use std::rc::Rc;

    use super::*;
    use crate::rulebook::{RuleFolder, engine};

    #[test]
    fn every_script_the_program_carries_compiles_to_the_same_with_its_texts_kept() {
        let folder = RuleFolder::embedded();
        let quoted = Rc::new(Quoted::default());
        let keeping = engine::language(&quoted, true);
        let plain = engine::language(&Rc::default(), false);
        let mut kept = 0;
        for path in folder.paths().filter(|path| path.ends_with(".rhai")) {
            let (source, _) = folder.source(path).unwrap();
            let text = scan::without_comment_lines(source.text());
            let blank = quoted.keep(&text);
            kept += quoted.0.borrow().len();
            assert_eq!(blank.lines().count(), text.lines().count());
            let (blank, whole) = (keeping.compile(&*blank), plain.compile(&*text));
            assert_eq!(
                format!("{:?}", blank.unwrap()),
                format!("{:?}", whole.unwrap()),
                "{path}"
            );
        }
        assert!(kept > 1000, "{kept}");
    }

    #[test]
    fn a_line_whose_quotes_may_mean_something_else_is_left_as_it_is() {
        let quoted = Quoted::default();
        for line in [
            "let a = '\"'; let b = \"long enough\";",
            "let a = \"one \\\"two\\\" three\";",
            "let a = \"one \"\"two\"\" three\";",
            "let a = `one \"two three\"`;",
            "let a = 1; // it's 5\" long",
        ] {
            assert_eq!(quoted.keep(line), line);
        }
        let line = "f(\"甲乙丙\", \"\", \"long enough\"); // \"said here\"";
        let blank = quoted.keep(line);
        assert_eq!(blank, "f(\"\"   , \"\", \"\"           ); // \"\"         ");
        assert_eq!(blank.chars().count(), line.chars().count());
    }
}
