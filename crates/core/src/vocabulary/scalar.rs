//! Reads scalars as written, in records and in the vocabulary itself.

use rust_decimal::Decimal;

use crate::value::{Day, Moment, Type, Value};

/// The value of a scalar as written, surrounding white space ignored; `None` if it is not of the type.
///
/// Not for enums, whose names the vocabulary knows, nor for persons, organisations and lists. It does not know the
/// words for "none", which the caller reads first; only 有 is read here, as a true boolean.
#[must_use]
pub fn read_scalar(ty: &Type, written: &str) -> Option<Value> {
    let trimmed = written.trim();
    match ty {
        Type::Text => Some(Value::Text(written.into())),
        Type::Bool => read_bool(trimmed).map(Value::Bool),
        Type::Int => read_int(trimmed).map(Value::Int),
        Type::Decimal => read_decimal(trimmed).map(Value::Decimal),
        Type::Date => Day::parse(trimmed).map(Value::Day),
        Type::DateTime => Moment::parse(trimmed).map(Value::Moment),
        Type::Enum(_)
        | Type::Person
        | Type::Organisation
        | Type::List(_)
        | Type::Rows(_)
        | Type::Row(_) => None,
    }
}

/// The texts that say, as the value of a date, that the act happened on an unknown day; the boolean `true` says the
/// same.
pub const DONE: [&str; 7] = ["有", "是", "已办", "done", "true", "True", "TRUE"];

/// `true` and `false` as in YAML 1.2, and 是, 有, 否. Not `yes`, `on`, `1`: those are texts or numbers.
fn read_bool(written: &str) -> Option<bool> {
    match written {
        "true" | "True" | "TRUE" | "是" | "有" => Some(true),
        "false" | "False" | "FALSE" | "否" => Some(false),
        _ => None,
    }
}

/// Digits with an optional minus; no leading zeros, which would make the number a code.
fn read_int(written: &str) -> Option<i64> {
    let digits = written.strip_prefix('-').unwrap_or(written);
    (is_digits(digits) && (digits.len() == 1 || !digits.starts_with('0')))
        .then(|| written.parse().ok())
        .flatten()
}

/// Digits with an optional minus and fraction, exactly; no exponent, and no more digits than a decimal holds.
fn read_decimal(written: &str) -> Option<Decimal> {
    let unsigned = written.strip_prefix('-').unwrap_or(written);
    let (whole, fraction) = unsigned.split_once('.').unwrap_or((unsigned, "0"));
    (is_digits(whole) && is_digits(fraction) && (whole.len() == 1 || !whole.starts_with('0')))
        .then(|| Decimal::from_str_exact(written).ok())
        .flatten()
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_exactly_or_not_at_all() {
        for (written, expected) in [
            ("0", Some("0")),
            ("199.00", Some("199.00")),
            (" -3.5 ", Some("-3.5")),
        ] {
            let read = read_scalar(&Type::Decimal, written).map(|v| match v {
                Value::Decimal(d) => d.to_string(),
                other => format!("{other:?}"),
            });
            assert_eq!(read.as_deref(), expected, "{written}");
        }
        let digits = "9".repeat(400);
        for wrong in [
            "1e400",
            "1e2",
            ".5",
            "5.",
            "+1",
            "01",
            "1,000",
            "１",
            "NaN",
            "0x1",
            "1_000",
            digits.as_str(),
        ] {
            assert_eq!(read_scalar(&Type::Decimal, wrong), None, "{wrong}");
        }
        assert_eq!(read_scalar(&Type::Int, "-12"), Some(Value::Int(-12)));
        for wrong in ["9223372036854775808", "01", "1.0", "1e3", "--1", "-", ""] {
            assert_eq!(read_scalar(&Type::Int, wrong), None, "{wrong}");
        }
    }

    #[test]
    fn booleans_are_strict() {
        for (written, expected) in [
            ("true", true),
            ("False", false),
            ("是", true),
            ("否", false),
            ("有", true),
        ] {
            assert_eq!(
                read_scalar(&Type::Bool, written),
                Some(Value::Bool(expected))
            );
        }
        for wrong in ["yes", "no", "on", "1", "Y", "tRue", "对"] {
            assert_eq!(read_scalar(&Type::Bool, wrong), None, "{wrong}");
        }
    }
}
