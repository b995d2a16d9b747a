//! The type of a fact, and the limits of its values.

use std::sync::Arc;

use rust_decimal::Decimal;

use super::super::place;
use super::super::raw::Node;
use super::Builder;
use crate::lang::Text;
use crate::source::Source;
use crate::text;
use crate::value::{Day, Type};
use crate::written::Word;

/// The names of types, for suggestions.
const TYPES: [&str; 10] = [
    "text",
    "boolean",
    "integer",
    "decimal",
    "date",
    "date_time",
    "enum",
    "person",
    "organisation",
    "list",
];

impl Builder<'_, '_> {
    /// The type of a fact that is not a list of groups.
    pub(super) fn leaf_type(
        &mut self,
        source: &Arc<Source>,
        node: &Node,
        ty: &Word,
    ) -> Option<Type> {
        if ty.value != "list" {
            return self.scalar_type(source, node, ty);
        }
        let Some(of) = &node.of else {
            self.loader.report(
                place(source, ty),
                Text::new("列表须写明 `of`", "a list needs an `of`"),
            );
            return None;
        };
        if of.value == "list" {
            self.loader.report(
                place(source, of),
                Text::new(
                    "列表的元素不能是列表",
                    "the elements of a list cannot be lists",
                ),
            );
            return None;
        }
        self.scalar_type(source, node, of)
            .map(|of| Type::List(Box::new(of)))
    }

    fn scalar_type(&mut self, source: &Arc<Source>, node: &Node, ty: &Word) -> Option<Type> {
        Some(match ty.value.as_str() {
            "text" => Type::Text,
            "boolean" => Type::Bool,
            "integer" => Type::Int,
            "decimal" => Type::Decimal,
            "date" => Type::Date,
            "date_time" => Type::DateTime,
            "person" => Type::Person,
            "organisation" => Type::Organisation,
            "enum" => {
                let Some(name) = &node.enumeration else {
                    self.loader.report(
                        place(source, ty),
                        Text::new("枚举须写明 `enum`", "an enum needs an `enum`"),
                    );
                    return None;
                };
                Type::Enum(self.loader.enum_id(source, name)?)
            }
            other => {
                self.loader.report_unknown(
                    place(source, ty),
                    text!("没有类型 `{other}`", "there is no type `{other}`"),
                    other,
                    TYPES.into_iter().chain(["groups"]),
                );
                return None;
            }
        })
    }

    /// Reports keys that do not suit the type.
    pub(super) fn check_keys(&mut self, source: &Arc<Source>, code: &Word, node: &Node, ty: &Type) {
        let scalar = match ty {
            Type::List(of) => of,
            other => other,
        };
        let number = matches!(scalar, Type::Int | Type::Decimal);
        let date = matches!(scalar, Type::Date | Type::DateTime);
        let rows = matches!(ty, Type::Rows(_));
        let unit = node.unit.as_ref().map(|_| code);
        let list = matches!(ty, Type::List(_));
        let symbol = matches!(scalar, Type::Enum(_));
        for (key, written, fits) in [
            ("of", node.of.as_ref(), list),
            ("enum", node.enumeration.as_ref(), symbol),
            ("shape", node.shape.as_ref(), rows),
            ("unit", unit, number),
            ("min", node.min.as_ref(), number),
            ("max", node.max.as_ref(), number),
            ("earliest", node.earliest.as_ref(), date),
            ("latest", node.latest.as_ref(), date),
        ] {
            if let Some(word) = written
                && !fits
            {
                self.loader.report(
                    place(source, word),
                    text!(
                        "`{key}` 与这一类型不符",
                        "`{key}` does not go with this type"
                    ),
                );
            }
        }
        if node.facts.is_some() && !rows {
            self.loader.report(
                place(source, code),
                Text::new(
                    "只有一组事实或分组列表有 `facts`",
                    "only a group or a list of groups has `facts`",
                ),
            );
        }
    }

    pub(super) fn range(
        &mut self,
        source: &Arc<Source>,
        node: &Node,
        ty: &Type,
    ) -> Option<(Decimal, Decimal)> {
        if node.min.is_none() && node.max.is_none() {
            return None;
        }
        let whole = matches!(ty, Type::Int) || matches!(ty, Type::List(of) if **of == Type::Int);
        let mut limit = |word: &Option<Word>, open: Decimal| {
            let Some(word) = word else { return open };
            match Decimal::from_str_exact(&word.value) {
                Ok(number) if !whole || number.is_integer() => number,
                _ => {
                    let written = &word.value;
                    self.loader.report(
                        place(source, word),
                        text!(
                            "`{written}` 不是这一类型的数",
                            "`{written}` is not a number of this type"
                        ),
                    );
                    open
                }
            }
        };
        let range = (
            limit(&node.min, Decimal::MIN),
            limit(&node.max, Decimal::MAX),
        );
        if range.0 > range.1
            && let Some(word) = &node.min
        {
            self.loader.report(
                place(source, word),
                Text::new("`min` 大于 `max`", "`min` is more than `max`"),
            );
        }
        Some(range)
    }

    pub(super) fn days(&mut self, source: &Arc<Source>, node: &Node) -> (Day, Day) {
        let mut limit = |word: &Option<Word>, year: i32| {
            let open =
                Day::from_ymd(year, 1, 1).unwrap_or_else(|| Day::from(chrono::NaiveDate::MIN));
            let Some(word) = word else { return open };
            Day::parse(&word.value).unwrap_or_else(|| {
                let written = &word.value;
                self.loader.report(
                    place(source, word),
                    text!("`{written}` 不是日期", "`{written}` is not a date"),
                );
                open
            })
        };
        let days = (limit(&node.earliest, 2000), limit(&node.latest, 2100));
        if days.0 > days.1
            && let Some(word) = &node.earliest
        {
            self.loader.report(
                place(source, word),
                Text::new("`earliest` 晚于 `latest`", "`earliest` is after `latest`"),
            );
        }
        days
    }
}
