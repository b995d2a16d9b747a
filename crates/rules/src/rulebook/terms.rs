//! The host values in scripts, and how a script's value becomes an operand.

use std::rc::Rc;

use rhai::{Array, Dynamic, Engine, ImmutableString};
use rust_decimal::Decimal;

use super::host::{Call, Host, clip};
use super::names;
use choucha_core::diagnostic::{Code, Diagnostic};
use choucha_core::expr::{Expr, Input, Literal};
use choucha_core::instrument::Instrument;
use choucha_core::lang::Text;
use choucha_core::obligation::{Citation, Deadline, Part, Reading};
use choucha_core::period::Limit;
use choucha_core::text;
use choucha_core::value::Day;

/// A host value in a script: sound, or broken by a mistake that has been reported.
pub(super) struct Handle<T>(Option<Rc<T>>);

impl<T> Handle<T> {
    pub(super) fn new(value: T) -> Self {
        Handle(Some(Rc::new(value)))
    }

    pub(super) fn broken() -> Self {
        Handle(None)
    }

    pub(super) fn get(&self) -> Option<&T> {
        self.0.as_deref()
    }

    pub(super) fn is_broken(&self) -> bool {
        self.0.is_none()
    }
}

impl<T> From<Option<T>> for Handle<T> {
    fn from(value: Option<T>) -> Self {
        Handle(value.map(Rc::new))
    }
}

impl<T> Clone for Handle<T> {
    fn clone(&self) -> Self {
        Handle(self.0.clone())
    }
}

/// An expression.
pub(super) type Term = Handle<Expr>;
/// `instrument("…")`.
pub(super) type Registered = Handle<Instrument>;
/// `notice.at("…", "…")`.
pub(super) type Cited = Handle<Citation>;
/// `date("2024-04-05")`.
pub(super) type DayLiteral = Handle<Day>;
/// `decimal("1.50")`.
pub(super) type DecimalLiteral = Handle<Decimal>;
/// `days(7)`, `workdays(3)`: a length of time, without its start.
pub(super) type Duration = Handle<Limit>;
/// `act.within(days(7), since)`.
pub(super) type Due = Handle<Deadline>;
/// `part("…", "…", "…", …)`.
pub(super) type Piece = Handle<Part>;
/// `parts([…])`.
pub(super) type Pieces = Handle<Vec<Part>>;
/// `reading(…, "…", "…")`.
pub(super) type Judged = Handle<Reading>;

macro_rules! kinds {
    ($($kind:ty: $name:literal;)*) => {
        /// Registers the names of the host types.
        pub(super) fn register(engine: &mut Engine) {
            $(engine.register_type_with_name::<$kind>($name);)*
        }

        /// The name of a host type, from Rust's type name; any other name is returned unchanged.
        pub(super) fn name_of(rust: &str) -> &str {
            $(if rust == std::any::type_name::<$kind>() { return $name; })*
            rust
        }
    };
}

kinds! {
    Term: "expression";
    Registered: "instrument";
    Cited: "citation";
    DayLiteral: "day";
    DecimalLiteral: "decimal";
    Duration: "duration";
    Due: "deadline";
    Piece: "part";
    Pieces: "parts";
    Judged: "reading";
}

/// The name of a value's type for people.
pub(super) fn type_of(value: &Dynamic) -> Text {
    names::type_name(value.type_name())
}

/// The value as a literal; `Ok(None)` if it is broken, `Err` if it is not a literal.
fn literal(value: &Dynamic) -> Result<Option<Literal>, ()> {
    if let Some(text) = value.read_lock::<ImmutableString>() {
        Ok(Some(Literal::Text(text.to_string())))
    } else if let Ok(number) = value.as_int() {
        Ok(Some(Literal::Int(number)))
    } else if let Ok(known) = value.as_bool() {
        Ok(Some(Literal::Bool(known)))
    } else if let Some(day) = value.read_lock::<DayLiteral>() {
        Ok(day.get().copied().map(Literal::Day))
    } else if let Some(number) = value.read_lock::<DecimalLiteral>() {
        Ok(number.get().copied().map(Literal::Decimal))
    } else {
        Err(())
    }
}

/// A short representation of a script's value.
pub(super) fn show(value: &Dynamic) -> Text {
    match literal(value) {
        Ok(Some(Literal::Text(text))) => Text::same(format!("`\"{}\"`", clip(&text))),
        Ok(Some(Literal::Int(number))) => Text::same(format!("`{number}`")),
        Ok(Some(Literal::Bool(known))) => Text::same(format!("`{known}`")),
        Ok(Some(Literal::Decimal(number))) => Text::same(format!("`decimal(\"{number}\")`")),
        Ok(Some(Literal::Day(day))) => Text::same(format!("`date(\"{day}\")`")),
        Ok(None) | Err(()) => type_of(value),
    }
}

impl Host {
    /// A script's value as an operand; `None` if it is broken or has just been reported not to be one.
    pub(super) fn input(&self, call: &Call, value: &Dynamic) -> Option<Input> {
        if let Some(term) = value.read_lock::<Term>() {
            return term.get().cloned().map(Input::Expr);
        }
        match literal(value) {
            Ok(literal) => literal.map(Input::Literal),
            Err(()) => {
                self.report(not_an_operand(call, value));
                None
            }
        }
    }

    /// The literals of an array; `None` if one is broken or has just been reported not to be one.
    pub(super) fn literals(&self, call: &Call, values: &Array) -> Option<Vec<Literal>> {
        let mut literals = Some(Vec::new());
        for value in values {
            match (literal(value), &mut literals) {
                (Ok(Some(literal)), Some(literals)) => literals.push(literal),
                (Ok(Some(_)), None) => {}
                (Ok(None), _) => literals = None,
                (Err(()), _) => {
                    let is_broken = value
                        .read_lock::<Term>()
                        .is_some_and(|term| term.is_broken());
                    if !is_broken {
                        let found = type_of(value);
                        let (zh, en) = (&found.zh, &found.en);
                        let help = Text::new(
                            "与事实比较用 any([a == b, …])",
                            "to compare with facts use any([a == b, …])",
                        );
                        let message = text!(
                            "列表中只能写常量，不能是{zh}",
                            "the list takes literals only, not {en}"
                        );
                        self.report(call.diagnostic(Code::RulesArguments, message).help(help));
                    }
                    literals = None;
                }
            }
        }
        literals
    }

    /// A script's value as a condition; `None` if it is broken or has just been reported not to be one.
    pub(super) fn condition(&self, call: &Call, value: &Dynamic) -> Option<Expr> {
        if let Some(term) = value.read_lock::<Term>() {
            return term.get().cloned();
        }
        self.report(not_a_condition(call, value));
        None
    }

    /// The conditions of an array; `None` if one is broken or is not a condition.
    pub(super) fn conditions(&self, call: &Call, values: &Array) -> Option<Vec<Expr>> {
        // Checks all of them first, so that every mistake is reported.
        let conditions: Vec<Option<Expr>> = values
            .iter()
            .map(|value| self.condition(call, value))
            .collect();
        conditions.into_iter().collect()
    }
}

/// The diagnostic for a value that cannot be compared or computed with.
fn not_an_operand(call: &Call, value: &Dynamic) -> Diagnostic {
    let found = type_of(value);
    let (zh, en) = (&found.zh, &found.en);
    let message = text!(
        "事实不能与{zh}比较或运算",
        "a fact cannot be compared or computed with {en}"
    );
    let help = Text::new(
        "可用的有：另一事实、文本、整数、true/false、decimal(\"1.50\")、date(\"2024-04-05\")",
        "it can be with another fact, a text, a whole number, true or false, decimal(\"1.50\") or date(\"2024-04-05\")",
    );
    call.diagnostic(Code::RulesArguments, message).help(help)
}

/// The diagnostic for a value that is not a condition where one is needed.
pub(super) fn not_a_condition(call: &Call, value: &Dynamic) -> Diagnostic {
    let shown = show(value);
    let (zh, en) = (&shown.zh, &shown.en);
    if value.is_bool() {
        let message = text!(
            "此处需要读取案卷的条件，而 {zh} 在装载时就已定死",
            "a condition on the record is needed here; {en} is already settled when the script is loaded"
        );
        let why = Text::new(
            "条件须由 fact(\"…\") 构成，逐案求值；普通真假值对所有案卷都一样",
            "a condition is made of fact(\"…\") and judged for every case; a plain boolean is the same for all",
        );
        let help = Text::new(
            "恒成立的条件不必写；要否定条件用 `!`，要合并条件用 `&`、`|`、all([…])、any([…])",
            "leave out what always holds; negate with `!`, combine with `&`, `|`, all([…]), any([…])",
        );
        return call
            .diagnostic(Code::RulesPlainBoolean, message)
            .why(why)
            .help(help);
    }
    let message = text!(
        "此处需要条件，而这是{zh}",
        "a condition is needed here, not {en}"
    );
    let help = if value.is_string() {
        Text::new(
            "事实写作 fact(\"…\")；不要把表达式拼进文本",
            "a fact is written fact(\"…\"); do not put an expression into a text",
        )
    } else {
        Text::new(
            "用 ==、<、in、.present() 等写成条件",
            "make it a condition with ==, <, in, .present() …",
        )
    };
    call.diagnostic(Code::RulesType, message).help(help)
}
