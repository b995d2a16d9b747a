//! The two languages of everything that people read.
//!
//! A [`Text`] carries both, so that the language is chosen only where it is shown.

use serde::{Deserialize, Serialize};

/// A language of the reader. Chinese is the default.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash)]
pub enum Lang {
    /// Simplified Chinese.
    #[default]
    Zh,
    /// English.
    En,
}

impl Lang {
    /// Whichever of two texts is in this language.
    #[must_use]
    pub fn pick<'a>(self, zh: &'a str, en: &'a str) -> &'a str {
        match self {
            Lang::Zh => zh,
            Lang::En => en,
        }
    }

    /// The language's code: `zh` or `en`.
    #[must_use]
    pub fn code(self) -> &'static str {
        self.pick_static("zh", "en")
    }

    fn pick_static(self, zh: &'static str, en: &'static str) -> &'static str {
        match self {
            Lang::Zh => zh,
            Lang::En => en,
        }
    }
}

/// One text in both languages.
#[derive(Debug, Clone, PartialEq, Eq, Default, Hash, Serialize, Deserialize)]
pub struct Text {
    /// The Chinese wording.
    pub zh: String,
    /// The English wording.
    pub en: String,
}

impl Text {
    /// A text from its two wordings.
    pub fn new(zh: impl Into<String>, en: impl Into<String>) -> Self {
        Text {
            zh: zh.into(),
            en: en.into(),
        }
    }

    /// A text that reads the same in both languages: a name, a number, a path.
    pub fn same(both: impl Into<String>) -> Self {
        let zh = both.into();
        Text { en: zh.clone(), zh }
    }

    /// The wording in `lang`.
    #[must_use]
    pub fn get(&self, lang: Lang) -> &str {
        lang.pick(&self.zh, &self.en)
    }

    /// Whether both wordings are empty.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.zh.is_empty() && self.en.is_empty()
    }
}

/// Builds a [`Text`] from two format strings. Either both capture the same variables: `text!("第{n}行", "line {n}")`; or
/// each is filled with texts in its own language: `text!("见{}", "see {}"; title)`.
#[macro_export]
macro_rules! text {
    ($zh:literal, $en:literal $(,)?) => {
        $crate::lang::Text::new(format!($zh), format!($en))
    };
    ($zh:literal, $en:literal; $($text:expr),+ $(,)?) => {
        $crate::lang::Text::new(format!($zh, $($text.zh),+), format!($en, $($text.en),+))
    };
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_shows_the_wording_of_the_language_asked_for() {
        let n = 3;
        let text = text!("第{n}行", "line {n}");
        assert_eq!(text.get(Lang::Zh), "第3行");
        assert_eq!(text.get(Lang::En), "line 3");
        assert_eq!(Text::same("a.yaml"), Text::new("a.yaml", "a.yaml"));
    }
}
