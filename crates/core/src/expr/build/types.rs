//! Names of types, which types can be compared, and how a literal becomes a value of a type.

use std::sync::Arc;

use rust_decimal::Decimal;

use super::{BuildError, Builder, Literal};
use crate::diagnostic::nearest;
use crate::lang::Text;
use crate::value::{Day, EnumId, Moment, Party, Type, Value};

impl Builder {
    /// The name of a type for people.
    pub(super) fn name(&self, ty: &Type) -> Text {
        match ty {
            Type::Text => Text::new("文本", "a text"),
            Type::Bool => Text::new("是否（条件）", "a condition"),
            Type::Int => Text::new("整数", "a whole number"),
            Type::Decimal => Text::new("小数", "a decimal"),
            Type::Date => Text::new("日期", "a date"),
            Type::DateTime => Text::new("日期时间", "a date-time"),
            Type::Enum(id) => {
                let label = &self.vocabulary.enumeration(*id).label;
                Text::new(
                    format!("枚举“{}”", label.zh),
                    format!("a value of the enum “{}”", label.en),
                )
            }
            Type::Person => Text::new("人员", "a person"),
            Type::Organisation => Text::new("单位", "an organisation"),
            Type::List(_) => Text::new("列表", "a list"),
            Type::Rows(_) => Text::new("多项列表", "a list of groups"),
            Type::Row(_) => Text::new("列表中的一项", "a row of a list of groups"),
        }
    }

    /// A literal as a value of the type opposite, and its resulting type.
    pub(super) fn literal(
        &self,
        literal: Literal,
        against: &Type,
    ) -> Result<(Value, Type), BuildError> {
        let ty = against.clone();
        let value = match (literal, against) {
            (_, Type::Row(_)) => return Err(BuildError::WholeRow),
            (_, Type::List(_) | Type::Rows(_)) => return Err(BuildError::WholeList),
            (Literal::Text(name), Type::Enum(id)) => self.symbol(name, *id)?,
            (Literal::Text(text), Type::Date) => match Day::parse(&text) {
                Some(day) => Value::Day(day),
                None => return Err(BuildError::NotADate { text }),
            },
            (Literal::Text(text), Type::DateTime) => {
                if let Some(day) = Day::parse(&text) {
                    return Ok((Value::Day(day), Type::Date));
                }
                match Moment::parse(&text) {
                    Some(moment) => Value::Moment(moment),
                    None => return Err(BuildError::NotADate { text }),
                }
            }
            (Literal::Text(text), Type::Text) => Value::Text(text.into()),
            (Literal::Text(name), Type::Person | Type::Organisation) => {
                Value::Party(Arc::new(Party::named(name)))
            }
            (Literal::Int(n), Type::Int) => Value::Int(n),
            (Literal::Int(n), Type::Decimal) => Value::Decimal(Decimal::from(n)),
            (Literal::Decimal(n), Type::Int | Type::Decimal) => {
                return Ok((Value::Decimal(n), Type::Decimal));
            }
            (Literal::Bool(b), Type::Bool) => Value::Bool(b),
            (Literal::Day(day), Type::Date | Type::DateTime) => {
                return Ok((Value::Day(day), Type::Date));
            }
            (literal, _) => {
                return Err(BuildError::UnlikeTypes {
                    left: self.name(against),
                    right: self.name(&literal.ty()),
                });
            }
        };
        Ok((value, ty))
    }

    fn symbol(&self, value: String, id: EnumId) -> Result<Value, BuildError> {
        let enumeration = self.vocabulary.enumeration(id);
        match enumeration.symbol(&value) {
            Some(symbol) => Ok(Value::Symbol(symbol)),
            None => {
                // In the order declared, so that ties are always resolved the same way.
                let names = enumeration.values.iter().flat_map(|known| {
                    [known.code.as_str(), known.label.zh.as_str()]
                        .into_iter()
                        .chain(known.aliases.iter().map(String::as_str))
                });
                Err(BuildError::UnknownValue {
                    nearest: nearest(&value, names).map(str::to_owned),
                    enumeration: enumeration.code.clone(),
                    values: enumeration
                        .values
                        .iter()
                        .map(|known| known.code.as_str())
                        .collect::<Vec<_>>()
                        .join(", "),
                    value,
                })
            }
        }
    }

    /// Rejects comparing two types whose values are never equal.
    pub(super) fn comparable(&self, left: &Type, right: &Type) -> Result<(), BuildError> {
        for ty in [left, right] {
            match ty {
                Type::Row(_) => return Err(BuildError::WholeRow),
                Type::List(_) | Type::Rows(_) => return Err(BuildError::WholeList),
                _ => {}
            }
        }
        let alike =
            left == right || is_number(left) && is_number(right) || is_day(left) && is_day(right);
        if alike {
            Ok(())
        } else {
            Err(BuildError::UnlikeTypes {
                left: self.name(left),
                right: self.name(right),
            })
        }
    }
}

impl Literal {
    /// The type of the literal on its own.
    fn ty(&self) -> Type {
        match self {
            Literal::Text(_) => Type::Text,
            Literal::Int(_) => Type::Int,
            Literal::Bool(_) => Type::Bool,
            Literal::Decimal(_) => Type::Decimal,
            Literal::Day(_) => Type::Date,
        }
    }
}

pub(super) fn is_number(ty: &Type) -> bool {
    matches!(ty, Type::Int | Type::Decimal)
}

pub(super) fn is_day(ty: &Type) -> bool {
    matches!(ty, Type::Date | Type::DateTime)
}
