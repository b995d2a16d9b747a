//! Prints expressions as script text that builds the same tree again.

use super::{Group, group};
use crate::expr::explain::relative;
use crate::expr::{Arithmetic, Comparison, Expr, ExprKind, Readings, Variable};
use crate::period::Limit;
use crate::value::{Type, Value};
use crate::vocabulary::Vocabulary;

/// More conditions than this are written as a list, so that no chain of operators nests deeply.
const CHAIN: usize = 4;

/// The precedence of an operator in the script language.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Binding {
    Or,
    And,
    Equal,
    In,
    Order,
    Sum,
    Product,
    Prefix,
    Method,
}

impl Expr {
    /// The expression as script text that builds the same tree again.
    #[must_use]
    pub fn code(&self, vocabulary: &Vocabulary) -> String {
        Writer {
            vocabulary,
            rows: Vec::new(),
        }
        .write(self)
        .0
    }
}

struct Writer<'a> {
    vocabulary: &'a Vocabulary,
    rows: Vec<Variable>,
}

impl Writer<'_> {
    /// The text of an expression in parentheses, unless it binds at least as strongly as `needed`.
    fn tight(&self, expr: &Expr, needed: Binding) -> String {
        let (code, binding) = self.write(expr);
        if binding >= needed {
            code
        } else {
            format!("({code})")
        }
    }

    fn method(&self, of: &Expr, name: &str, arguments: &str) -> (String, Binding) {
        let of = self.tight(of, Binding::Method);
        (format!("{of}.{name}({arguments})"), Binding::Method)
    }

    /// A method that takes a closure over the rows of a list.
    fn closure(
        &self,
        list: &Expr,
        name: &str,
        variable: Variable,
        body: &Expr,
    ) -> (String, Binding) {
        let mut rows = self.rows.clone();
        rows.push(variable);
        let inner = Writer {
            vocabulary: self.vocabulary,
            rows,
        };
        let arguments = format!("|{}| {}", inner.row(variable), inner.write(body).0);
        self.method(list, name, &arguments)
    }

    fn row(&self, variable: Variable) -> String {
        let depth = self.rows.iter().rposition(|known| *known == variable);
        match depth.unwrap_or(self.rows.len()) {
            0 => "x".into(),
            1 => "y".into(),
            2 => "z".into(),
            n => format!("x{n}"),
        }
    }

    fn write(&self, expr: &Expr) -> (String, Binding) {
        match &expr.0.kind {
            ExprKind::Fact { fact, .. } => {
                let path = &self.vocabulary.fact(*fact).path;
                (format!("fact({})", text(path)), Binding::Method)
            }
            ExprKind::Field { fact, variable, .. } => {
                let path = relative(&self.vocabulary.fact(*fact).path);
                let row = self.row(*variable);
                (format!("{row}.fact({})", text(path)), Binding::Method)
            }
            ExprKind::Row { variable, .. } => (self.row(*variable), Binding::Method),
            ExprKind::Constant(value) => self.constant(&expr.0.ty, value),
            ExprKind::Not(inner) => match &inner.0.kind {
                ExprKind::Present(fact) => self.method(fact, "absent", ""),
                ExprKind::Any(items) => {
                    let items = self.each(items);
                    (format!("none_of([{items}])"), Binding::Method)
                }
                _ => (
                    format!("!{}", self.tight(inner, Binding::Prefix)),
                    Binding::Prefix,
                ),
            },
            ExprKind::All(items) => self.all(items),
            ExprKind::Any(items) => {
                let parts = items.iter().map(|item| self.write(item)).collect();
                junction(parts, "any", " | ", Binding::Or)
            }
            ExprKind::Compare(op, a, b) => {
                let (sign, binding) = match op {
                    Comparison::Eq => ("==", Binding::Equal),
                    Comparison::Ne => ("!=", Binding::Equal),
                    Comparison::Lt => ("<", Binding::Order),
                    Comparison::Le => ("<=", Binding::Order),
                    Comparison::Gt => (">", Binding::Order),
                    Comparison::Ge => (">=", Binding::Order),
                };
                let (a, b) = (self.tight(a, Binding::Sum), self.tight(b, Binding::Sum));
                (format!("{a} {sign} {b}"), binding)
            }
            ExprKind::OneOf(a, values) => {
                let values = self.constants(&a.0.ty, values);
                let a = self.tight(a, Binding::Method);
                (format!("{a} in [{values}]"), Binding::In)
            }
            ExprKind::Present(fact) => self.method(fact, "present", ""),
            ExprKind::Contains(list, x) => self.method(list, "contains", &self.write(x).0),
            ExprKind::Disjoint(a, b) => self.method(a, "disjoint", &self.write(b).0),
            ExprKind::Subset(a, b) => self.method(a, "subset_of", &self.write(b).0),
            ExprKind::Both(a, b) => self.method(a, "both", &self.write(b).0),
            ExprKind::ForAll(list, variable, body) => self.closure(list, "all", *variable, body),
            ExprKind::Exists(list, variable, body) => self.closure(list, "any", *variable, body),
            ExprKind::Count(list) => self.method(list, "count", ""),
            ExprKind::CountWhere(list, variable, body) => {
                self.closure(list, "count", *variable, body)
            }
            ExprKind::Sum(list, variable, body) => self.closure(list, "sum", *variable, body),
            ExprKind::Arithmetic(op, a, b) => {
                let (sign, own, right) = match op {
                    Arithmetic::Add => ("+", Binding::Sum, Binding::Product),
                    Arithmetic::Sub => ("-", Binding::Sum, Binding::Product),
                    Arithmetic::Mul => ("*", Binding::Product, Binding::Prefix),
                };
                let (a, b) = (self.tight(a, own), self.tight(b, right));
                (format!("{a} {sign} {b}"), own)
            }
            ExprKind::DaysSince(a, b) => self.method(a, "days_since", &self.write(b).0),
            ExprKind::MonthsAfter(day, n) => self.method(day, "plus", &months(*n)),
            ExprKind::Within(act, since, limit, readings) => {
                let name = match readings {
                    Readings::Some => "is_within",
                    Readings::Every => "is_surely_within",
                };
                let time = match limit {
                    Limit::Workdays(n) => format!("workdays({n})"),
                    Limit::Days(n) => format!("days({n})"),
                    Limit::Months(n) => months(*n),
                    // Conditions have no other limits.
                    _ => String::new(),
                };
                self.method(act, name, &format!("{time}, {}", self.write(since).0))
            }
        }
    }

    fn all(&self, items: &[Expr]) -> (String, Binding) {
        let parts = group(items)
            .into_iter()
            .map(|part| match part {
                Group::One(item) => self.write(item),
                Group::ContainsAll(list, constants) => {
                    let what: Vec<String> = constants.iter().map(|c| self.write(c).0).collect();
                    self.method(list, "contains_all", &format!("[{}]", what.join(", ")))
                }
            })
            .collect();
        junction(parts, "all", " & ", Binding::And)
    }

    fn each(&self, items: &[Expr]) -> String {
        let items: Vec<String> = items.iter().map(|item| self.write(item).0).collect();
        items.join(", ")
    }

    fn constants(&self, ty: &Type, values: &[Value]) -> String {
        let values: Vec<String> = values.iter().map(|v| self.constant(ty, v).0).collect();
        values.join(", ")
    }

    fn constant(&self, ty: &Type, value: &Value) -> (String, Binding) {
        let code = match (value, ty) {
            (Value::Int(n), _) => {
                let binding = if *n < 0 {
                    Binding::Prefix
                } else {
                    Binding::Method
                };
                return (n.to_string(), binding);
            }
            (Value::Bool(b), _) => b.to_string(),
            (Value::Decimal(n), _) => format!("decimal(\"{n}\")"),
            (Value::Day(day), _) => format!("date(\"{day}\")"),
            (Value::Moment(moment), _) => text(&moment.to_string()),
            (Value::Symbol(symbol), Type::Enum(id)) => {
                let value = self.vocabulary.enumeration(*id).value(*symbol);
                text(value.map_or("", |value| value.code.as_str()))
            }
            (Value::Party(party), _) => text(&party.name),
            (Value::Text(content), _) => text(content),
            (Value::List(items), Type::List(of)) => format!("[{}]", self.constants(of, items)),
            // The builder makes no such constant.
            _ => text(""),
        };
        (code, Binding::Method)
    }
}

/// Conditions joined by an operator, or in a list if there are many.
fn junction(
    mut parts: Vec<(String, Binding)>,
    name: &str,
    operator: &str,
    binding: Binding,
) -> (String, Binding) {
    if let [_] = parts.as_slice()
        && let Some(only) = parts.pop()
    {
        return only;
    }
    if parts.len() > CHAIN {
        let parts: Vec<String> = parts.into_iter().map(|(code, _)| code).collect();
        return (format!("{name}([{}])", parts.join(", ")), Binding::Method);
    }
    let parts: Vec<String> = parts
        .into_iter()
        .map(|(code, own)| {
            if own > binding {
                code
            } else {
                format!("({code})")
            }
        })
        .collect();
    (parts.join(operator), binding)
}

/// A text as a literal of the script language.
fn text(content: &str) -> String {
    let mut literal = String::from("\"");
    for c in content.chars() {
        match c {
            '"' => literal.push_str("\\\""),
            '\\' => literal.push_str("\\\\"),
            '\n' => literal.push_str("\\n"),
            '\r' => literal.push_str("\\r"),
            '\t' => literal.push_str("\\t"),
            c if c.is_control() => literal.push_str(&format!("\\u{:04x}", u32::from(c))),
            c => literal.push(c),
        }
    }
    literal.push('"');
    literal
}

/// `years(2)`, `months(6)`.
fn months(months: u16) -> String {
    if months.is_multiple_of(12) {
        format!("years({})", months / 12)
    } else {
        format!("months({months})")
    }
}
