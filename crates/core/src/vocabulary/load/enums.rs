//! Enums and the names of their values.

use std::sync::Arc;

use super::raw;
use super::{Loader, NAMES, is_taken, place};
use crate::diagnostic::Label;
use crate::lang::Text;
use crate::source::Source;
use crate::text;
use crate::value::{EnumId, Mark, Symbol};
use crate::vocabulary::{Enum, EnumValue, Names};
use crate::written::Word;

impl Loader {
    /// Adds an enum, unless its code is taken.
    pub(super) fn add_enum(&mut self, source: &Arc<Source>, code: &Word, raw: &raw::Enum) {
        let at = place(source, code);
        self.check_code(&at, &code.value);
        if let Some(first) = self
            .vocabulary
            .enums
            .iter()
            .position(|e| e.code == code.value)
        {
            let name = &code.value;
            let first = self.enum_places[first].clone();
            let diagnostic = self.report(
                at,
                text!(
                    "枚举 `{name}` 重复定义",
                    "the enum `{name}` is declared twice"
                ),
            );
            diagnostic.labels.push(Label {
                span: first,
                text: Text::new("首次定义在此", "first declared here"),
            });
            return;
        }
        if self.vocabulary.enums.len() > usize::from(u16::MAX)
            || raw.values.0.len() > usize::from(Mark::SYMBOLS)
        {
            self.report(
                at,
                Text::new("枚举过多", "there are too many enums or values"),
            );
            return;
        }
        let label = self.both(
            &at,
            "label",
            raw.label.as_ref(),
            raw.label_en.as_ref(),
            true,
        );
        if raw.values.0.is_empty() {
            let name = &code.value;
            self.report(
                at.clone(),
                text!("枚举 `{name}` 没有值", "the enum `{name}` has no values"),
            );
        }
        let mut values = Vec::with_capacity(raw.values.0.len());
        let mut names = Names::default();
        names.reserve(NAMES * raw.values.0.len());
        for (index, (value, raw)) in raw.values.0.iter().enumerate() {
            let at = place(source, value);
            self.check_code(&at, &value.value);
            let label = self.both(
                &at,
                "label",
                raw.label.as_ref(),
                raw.label_en.as_ref(),
                true,
            );
            let symbol = Symbol(u16::try_from(index).unwrap_or(u16::MAX));
            let own = [value.value.as_str(), &label.zh, &label.en];
            for name in own
                .into_iter()
                .chain(raw.aliases.iter().map(|alias| alias.value.as_str()))
            {
                if matches!(name, "无" | "none") {
                    self.report(
                        at.clone(),
                        text!(
                            "枚举值不能叫 `{name}`",
                            "an enum value cannot be called `{name}`"
                        ),
                    )
                    .why
                    .push(Text::new(
                        "这个词表示已知没有",
                        "the word means that there is known to be none",
                    ));
                }
                if is_taken(&mut names, name, symbol) {
                    self.report_taken(&at, name);
                }
            }
            values.push(EnumValue {
                code: value.value.clone(),
                label,
                aliases: raw
                    .aliases
                    .iter()
                    .map(|alias| alias.value.clone())
                    .collect(),
            });
        }
        self.enum_places.push(at);
        self.vocabulary.enums.push(Enum {
            code: code.value.clone(),
            label,
            values,
            names,
        });
    }

    /// The id of the enum with this code; reports an unknown code.
    pub(super) fn enum_id(&mut self, source: &Arc<Source>, word: &Word) -> Option<EnumId> {
        let name = &word.value;
        let position = self.vocabulary.enums.iter().position(|e| e.code == *name);
        if position.is_none() {
            let codes: Vec<String> = self
                .vocabulary
                .enums
                .iter()
                .map(|e| e.code.clone())
                .collect();
            self.report_unknown(
                place(source, word),
                text!("没有枚举 `{name}`", "there is no enum `{name}`"),
                name,
                codes.iter().map(String::as_str),
            );
        }
        position.and_then(|at| u16::try_from(at).ok()).map(EnumId)
    }
}
