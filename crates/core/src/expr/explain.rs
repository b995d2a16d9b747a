//! Explains the value of an expression: a tree with the facts and their values.
//!
//! Terms: the *path* of a fact read in a row contains the position of the row, from 1: `corrections[2].confirmed`.
//!
//! Invariant: nothing here runs unless it is shown.

mod reads;

use crate::lang::Text;
use crate::text;
use crate::truth::Truth;
use crate::value::{Row, Type, Value};
use crate::vocabulary::{FactId, Vocabulary};

use super::eval::{Bounds, Operand, Scope};
use super::{Expr, ExprKind, Variable};

/// The most rows of one list an explanation shows.
const ROWS_SHOWN: usize = 20;

/// One node of an explanation.
#[derive(Debug, Clone, PartialEq)]
pub struct Trace {
    /// The expression in words.
    pub text: Text,
    /// The value of the expression.
    pub value: TraceValue,
    /// The paths of the facts that this node itself reads, with rows numbered from 1: `corrections[2].confirmed`.
    pub facts: Vec<String>,
    /// The traces of its parts.
    pub children: Vec<Trace>,
}

/// The value of an expression.
#[derive(Debug, Clone, PartialEq)]
pub enum TraceValue {
    /// A condition.
    Truth(Truth),
    /// A value in words.
    Value(Text),
}

impl Expr {
    /// Explains the value of the expression: its parts with their values, down to the facts. Of a list's rows it shows
    /// only those that decide the value, at most twenty.
    #[must_use]
    pub fn explain(&self, scope: &Scope<'_>, vocabulary: &Vocabulary) -> Trace {
        View::new(scope, vocabulary).explain(self)
    }
}

/// A scope that knows the positions of its rows in the record.
pub(super) struct View<'a> {
    scope: &'a Scope<'a>,
    vocabulary: &'a Vocabulary,
    row: Option<At<'a>>,
}

/// The position of a row.
struct At<'a> {
    variable: Variable,
    /// The list it belongs to.
    list: Option<FactId>,
    /// Its path: `corrections[2]`.
    path: String,
    parent: &'a View<'a>,
}

impl<'a> View<'a> {
    fn new(scope: &'a Scope<'a>, vocabulary: &'a Vocabulary) -> Self {
        View {
            scope,
            vocabulary,
            row: None,
        }
    }

    /// The path of a fact or field; `None` for anything else.
    fn path(&self, expr: &Expr) -> Option<String> {
        match &expr.0.kind {
            ExprKind::Fact { fact, .. } => Some(self.vocabulary.fact(*fact).path.clone()),
            ExprKind::Field { fact, variable, .. } => {
                let path = &self.vocabulary.fact(*fact).path;
                Some(match self.at(*variable) {
                    Some(at) => format!("{}.{}", at.path, relative(path)),
                    None => path.clone(),
                })
            }
            _ => None,
        }
    }

    fn at(&self, variable: Variable) -> Option<&At<'a>> {
        let mut view = self;
        while let Some(at) = &view.row {
            if at.variable == variable {
                return Some(at);
            }
            view = at.parent;
        }
        None
    }

    /// The current rows, for wording fields.
    fn lists(&self) -> Vec<(Variable, FactId)> {
        let mut lists = Vec::new();
        let mut view = self;
        while let Some(at) = &view.row {
            lists.extend(at.list.map(|list| (at.variable, list)));
            view = at.parent;
        }
        lists.reverse();
        lists
    }

    /// Calls `each` with the view of every row of a list and its position from 1; not at all if the list is unknown.
    fn each_row(&self, list: &Expr, variable: Variable, mut each: impl FnMut(usize, &View<'_>)) {
        for (index, row) in list.rows(self.scope).unwrap_or_default().iter().enumerate() {
            self.in_row(list, variable, index + 1, row, |view| each(index + 1, view));
        }
    }

    fn in_row<R>(
        &self,
        list: &Expr,
        variable: Variable,
        position: usize,
        row: &Row,
        then: impl FnOnce(&View<'_>) -> R,
    ) -> R {
        let scope = self.scope.with(variable, row);
        let path = self.path(list).unwrap_or_default();
        then(&View {
            scope: &scope,
            vocabulary: self.vocabulary,
            row: Some(At {
                variable,
                list: list.fact_id(),
                path: format!("{path}[{position}]"),
                parent: self,
            }),
        })
    }

    fn explain(&self, expr: &Expr) -> Trace {
        let text = expr.text_in(self.vocabulary, &self.lists());
        if let ExprKind::Not(inner) = &expr.0.kind {
            // The wording folds the negation in, so the parts are those of the negated condition.
            return Trace {
                text,
                value: TraceValue::Truth(expr.truth(self.scope)),
                ..self.explain(inner)
            };
        }
        Trace {
            text,
            value: self.shown(expr),
            facts: self.own_facts(expr),
            children: self.children(expr),
        }
    }

    fn own_facts(&self, expr: &Expr) -> Vec<String> {
        match &expr.0.kind {
            ExprKind::Fact { .. } | ExprKind::Field { .. } => self.path(expr),
            ExprKind::ForAll(list, ..)
            | ExprKind::Exists(list, ..)
            | ExprKind::CountWhere(list, ..)
            | ExprKind::Sum(list, ..) => self.path(list),
            _ => None,
        }
        .into_iter()
        .collect()
    }

    fn children(&self, expr: &Expr) -> Vec<Trace> {
        match &expr.0.kind {
            ExprKind::ForAll(list, variable, body) | ExprKind::Exists(list, variable, body) => {
                let decided = expr.truth(self.scope);
                let for_all = matches!(expr.0.kind, ExprKind::ForAll(..));
                let shows = |row: Truth| match decided {
                    Truth::Unknown => row == Truth::Unknown,
                    // One counter-example, or one example, decides.
                    Truth::False if for_all => row == Truth::False,
                    Truth::True if !for_all => row == Truth::True,
                    _ => true,
                };
                self.row_traces(list, *variable, body, shows)
            }
            ExprKind::CountWhere(list, variable, body) | ExprKind::Sum(list, variable, body) => {
                self.row_traces(list, *variable, body, |_| true)
            }
            ExprKind::Disjoint(a, b) => {
                let mut children: Vec<Trace> = self.parts(expr);
                if expr.truth(self.scope) == Truth::False {
                    children.extend(self.in_both(a, b));
                }
                children
            }
            _ => self.parts(expr),
        }
    }

    fn parts(&self, expr: &Expr) -> Vec<Trace> {
        expr.children()
            .filter(|child| !matches!(child.0.kind, ExprKind::Constant(_)))
            .map(|child| self.explain(child))
            .collect()
    }

    /// The elements that two lists have in common, by name.
    fn in_both(&self, a: &Expr, b: &Expr) -> Option<Trace> {
        let common = a.elements(self.scope).both(&b.elements(self.scope));
        let super::eval::Elements::Known(items) = common else {
            return None;
        };
        let items: std::sync::Arc<[Value]> =
            items.iter().filter(|i| i.is_present()).cloned().collect();
        Some(Trace {
            text: Text::new("两者共有", "in both"),
            value: TraceValue::Value(self.vocabulary.show(a.ty(), &Value::List(items))),
            facts: Vec::new(),
            children: Vec::new(),
        })
    }

    /// The case number of a row, if the rows are cases.
    fn case_at(&self, list: &Expr, position: usize) -> Option<String> {
        let Type::Rows(shape) = list.ty() else {
            return None;
        };
        let rows = list.rows(self.scope)?;
        let row = rows.get(position.checked_sub(1)?)?;
        self.vocabulary.case_of(*shape, row).map(str::to_owned)
    }

    fn row_traces(
        &self,
        list: &Expr,
        variable: Variable,
        body: &Expr,
        shows: impl Fn(Truth) -> bool,
    ) -> Vec<Trace> {
        let mut traces = Vec::new();
        let mut left_out = 0_usize;
        self.each_row(list, variable, |position, view| {
            if !shows(body.truth(view.scope)) {
                return;
            }
            if traces.len() == ROWS_SHOWN {
                left_out += 1;
                return;
            }
            let mut trace = view.explain(body);
            let Text { zh, en } = &trace.text;
            trace.text = match self.case_at(list, position) {
                Some(case) => text!("{case}：{zh}", "{case}: {en}"),
                None => text!("第{position}项：{zh}", "entry {position}: {en}"),
            };
            traces.push(trace);
        });
        if left_out > 0 {
            traces.push(Trace {
                text: Text::new("其余各项从略", "the others are left out"),
                value: TraceValue::Value(text!("{left_out}项", "{left_out} entries")),
                facts: Vec::new(),
                children: Vec::new(),
            });
        }
        traces
    }

    fn shown(&self, expr: &Expr) -> TraceValue {
        let stored = matches!(expr.0.kind, ExprKind::Fact { .. } | ExprKind::Field { .. });
        if expr.is_condition() {
            return TraceValue::Truth(expr.truth(self.scope));
        }
        let text = match expr.operand(self.scope) {
            Operand::Between(Bounds::ANY) => Text::new("不明", "not known"),
            Operand::Between(Bounds { min, max: i64::MAX }) => {
                text!("不少于{min}", "at least {min}")
            }
            Operand::Between(Bounds { min, max }) => {
                text!("{min}至{max}之间", "from {min} to {max}")
            }
            Operand::Unknown if !stored => Text::new("不明", "not known"),
            _ => self.vocabulary.show(expr.ty(), &expr.value(self.scope)),
        };
        let number = matches!(
            expr.operand(self.scope),
            Operand::Int(_) | Operand::Decimal(_)
        );
        let unit = expr
            .fact_id()
            .and_then(|id| self.vocabulary.fact(id).unit.as_ref())
            .filter(|_| number);
        TraceValue::Value(match unit {
            Some(unit) => Text::new(
                format!("{}{}", text.zh, unit.zh),
                format!("{} {}", text.en, unit.en),
            ),
            None => text,
        })
    }
}

impl Expr {
    pub(super) fn is_condition(&self) -> bool {
        self.0.ty == Type::Bool
    }

    /// The fact that a fact or field expression reads.
    pub(super) fn fact_id(&self) -> Option<FactId> {
        match self.0.kind {
            ExprKind::Fact { fact, .. } | ExprKind::Field { fact, .. } => Some(fact),
            _ => None,
        }
    }
}

/// The path of a fact within its row, or of a fact of the record itself.
pub(super) fn relative(path: &str) -> &str {
    path.rsplit_once("[].").map_or(path, |(_, rest)| rest)
}
