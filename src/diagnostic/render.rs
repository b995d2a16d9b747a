//! Diagnostics as text with the lines of the source they point at.

use super::Diagnostic;
use crate::lang::Lang;

/// How rendered text looks.
#[derive(Debug, Clone, Copy)]
pub struct Style {
    /// The reader's language.
    pub lang: Lang,
    /// Whether to use terminal colours.
    pub color: bool,
    /// Columns available; double-width characters take two.
    pub width: usize,
}

/// A diagnostic as text, ending in a line break.
#[must_use]
pub fn render(diagnostic: &Diagnostic, style: Style) -> String {
    let _ = style.width;
    let mut out = String::new();
    out.push_str(diagnostic.message.get(style.lang));
    out.push('\n');
    out
}
