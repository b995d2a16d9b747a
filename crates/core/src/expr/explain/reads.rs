//! Which facts an expression reads, which could still change its value, and which determine it.

use std::collections::HashSet;
use std::sync::Arc;

use super::View;
use crate::expr::eval::{Elements, Operand, Scope, collect_parties};
use crate::expr::{Comparison, Expr, ExprKind, Variable};
use crate::truth::Truth;
use crate::value::naming::Sameness;
use crate::value::{Party, SlotId, Type, Value};
use crate::vocabulary::{FactId, Vocabulary};

impl Expr {
    /// Every fact the expression reads, each once, in the order first read.
    #[must_use]
    pub fn facts(&self) -> Vec<FactId> {
        let mut found = Vec::new();
        self.visit(&mut |expr| {
            if let Some(fact) = expr.fact_id()
                && !found.contains(&fact)
            {
                found.push(fact);
            }
        });
        found
    }

    fn visit(&self, each: &mut impl FnMut(&Expr)) {
        each(self);
        for child in self.children() {
            child.visit(each);
        }
    }

    /// Calls `each` with the slot of every unknown fact of the record itself that could change the value of the
    /// condition or operand as the record stands, once per read. For conditions on rows: every unknown fact that they
    /// read.
    pub(crate) fn open(&self, scope: &Scope<'_>, each: &mut impl FnMut(SlotId)) {
        let mut is_unknown = |expr: &Expr| match expr.0.kind {
            ExprKind::Fact { slot, .. } if scope.mark(slot).is_unknown() => each(slot),
            _ => {}
        };
        if let ExprKind::Fact { .. } = self.0.kind {
            return is_unknown(self);
        }
        if self.is_condition() && self.truth(scope).is_known() {
            return;
        }
        if self.binds().is_some() {
            return self.visit(&mut is_unknown);
        }
        for child in self.children() {
            child.open(scope, each);
        }
    }

    /// The paths of the unknown facts that could change the value of the condition or operand as the record stands, in
    /// the order read; empty if it is known. An unknown element of a list is named by its position:
    /// `sampling.samplers[2]`.
    #[must_use]
    pub fn undecided(&self, scope: &Scope<'_>, vocabulary: &Vocabulary) -> Vec<String> {
        let mut found = Paths::default();
        View::new(scope, vocabulary).open(self, &mut found);
        found.in_order
    }

    /// The paths of the facts that the known value of the condition rests on, in the order read: with every other fact
    /// blank, the value is still the same. Empty if it is unknown. For an operand, such as the date of an act: the
    /// known facts it is made of.
    #[must_use]
    pub fn decisive(&self, scope: &Scope<'_>, vocabulary: &Vocabulary) -> Vec<String> {
        let mut found = Paths::default();
        let view = View::new(scope, vocabulary);
        if self.is_condition() {
            view.basis(self, &mut found);
        } else {
            view.basis_of_operand(self, &mut found);
        }
        found.in_order
    }

    /// The persons and organisations that decide the condition: of two lists that share elements, the shared ones; of a
    /// list not wholly in another, the elements outside; of two equal names, that name.
    #[must_use]
    pub fn culprits(&self, scope: &Scope<'_>) -> Vec<Party> {
        let mut found = Vec::new();
        self.collect_culprits(scope, &mut found);
        found
    }

    fn collect_culprits(&self, scope: &Scope<'_>, found: &mut Vec<Party>) {
        let truth = self.truth(scope);
        match &self.0.kind {
            ExprKind::Not(inner) => inner.collect_culprits(scope, found),
            ExprKind::All(items) | ExprKind::Any(items) => {
                for item in items.iter().filter(|item| item.truth(scope) == truth) {
                    item.collect_culprits(scope, found);
                }
            }
            ExprKind::ForAll(list, variable, body) | ExprKind::Exists(list, variable, body) => {
                for row in list.rows(scope).unwrap_or_default() {
                    let inner = scope.with(*variable, row);
                    if body.truth(&inner) == truth {
                        body.collect_culprits(&inner, found);
                    }
                }
            }
            ExprKind::Disjoint(a, b) if truth == Truth::False => {
                if let Elements::Known(items) = a.elements(scope).both(&b.elements(scope)) {
                    collect_parties(&Value::List(items.into_owned().into()), found);
                }
            }
            ExprKind::Subset(a, b) if truth == Truth::False => {
                let outside = a.elements(scope).outside(&b.elements(scope));
                collect_parties(&Value::List(outside.into()), found);
            }
            ExprKind::Contains(_, x) if truth == Truth::True => {
                collect_parties(&x.value(scope), found);
            }
            ExprKind::Compare(op, a, b) => {
                if let (Operand::Party(a), Operand::Party(b)) = (a.operand(scope), b.operand(scope))
                    && a.is_same(b)
                    && matches!(op, Comparison::Eq | Comparison::Ne)
                {
                    collect_parties(&Value::Party(Arc::new(a.clone())), found);
                }
            }
            ExprKind::Present(inner) if matches!(inner.0.kind, ExprKind::Both(..)) => {
                collect_parties(&inner.value(scope), found);
            }
            _ => {}
        }
    }
}

/// How many paths are searched linearly before a hash set is used.
const FEW: usize = 32;

/// Paths, each once, in the order found. An expression over the cases of a campaign may rest on thousands.
#[derive(Default)]
struct Paths {
    in_order: Vec<String>,
    /// All paths; filled once there are many.
    known: HashSet<String>,
}

impl Paths {
    fn push(&mut self, path: String) {
        if self.in_order.len() < FEW {
            if !self.in_order.contains(&path) {
                self.in_order.push(path);
            }
            return;
        }
        if self.known.is_empty() {
            self.known.extend(self.in_order.iter().cloned());
        }
        if self.known.insert(path.clone()) {
            self.in_order.push(path);
        }
    }
}

fn push(path: String, found: &mut Paths) {
    found.push(path);
}

impl View<'_> {
    /// The unknown facts that could change a value that is not wholly known.
    fn open(&self, expr: &Expr, found: &mut Paths) {
        if expr.is_condition() && expr.truth(self.scope).is_known() {
            return;
        }
        let operand = expr.operand(self.scope);
        match &expr.0.kind {
            ExprKind::Fact { .. } | ExprKind::Field { .. } => self.open_fact(expr, operand, found),
            ExprKind::ForAll(list, variable, body)
            | ExprKind::Exists(list, variable, body)
            | ExprKind::CountWhere(list, variable, body)
            | ExprKind::Sum(list, variable, body) => {
                self.open(list, found);
                self.each_row(list, *variable, |_, view| view.open(body, found));
            }
            ExprKind::Arithmetic(..) | ExprKind::DaysSince(..) | ExprKind::MonthsAfter(..)
                if !matches!(
                    operand,
                    Operand::Unknown | Operand::Between(_) | Operand::Done
                ) => {}
            ExprKind::Both(..) if !expr.elements(self.scope).is_open() => {}
            ExprKind::Compare(_, a, b)
            | ExprKind::Contains(a, b)
            | ExprKind::Disjoint(a, b)
            | ExprKind::Subset(a, b)
            | ExprKind::Both(a, b) => {
                self.open(a, found);
                self.open(b, found);
                self.open_names(a, b, found);
            }
            _ => {
                for child in expr.children() {
                    self.open(child, found);
                }
            }
        }
    }

    /// Two facts that name parties that may or may not be the same.
    fn open_names(&self, a: &Expr, b: &Expr, found: &mut Paths) {
        let of_parties = |expr: &Expr| match expr.ty() {
            Type::List(of) => matches!(**of, Type::Person | Type::Organisation),
            ty => matches!(ty, Type::Person | Type::Organisation),
        };
        if !of_parties(a) && !of_parties(b) {
            return;
        }
        let named = |expr: &Expr| {
            let mut named = Vec::new();
            collect_parties(&expr.value(self.scope), &mut named);
            named
        };
        let (one, other) = (named(a), named(b));
        let unclear = one
            .iter()
            .any(|party| other.iter().any(|b| party.sameness(b) == Sameness::Unclear));
        if unclear {
            found_path(self.path(a), found);
            found_path(self.path(b), found);
        }
    }

    fn open_fact(&self, expr: &Expr, operand: Operand<'_>, found: &mut Paths) {
        let Some(path) = self.path(expr) else {
            return;
        };
        match operand {
            // The day of an act done on an unknown day is open.
            Operand::Unknown | Operand::Done => push(path, found),
            Operand::List(items) => {
                for (index, _) in items.iter().enumerate().filter(|(_, i)| i.is_unknown()) {
                    push(format!("{path}[{}]", index + 1), found);
                }
            }
            _ => {}
        }
    }

    /// The facts a known condition rests on.
    fn basis(&self, expr: &Expr, found: &mut Paths) {
        let truth = expr.truth(self.scope);
        if !truth.is_known() {
            return;
        }
        match &expr.0.kind {
            ExprKind::Not(inner) => self.basis(inner, found),
            ExprKind::All(items) | ExprKind::Any(items) => {
                for item in items.iter().filter(|item| item.truth(self.scope) == truth) {
                    self.basis(item, found);
                }
            }
            ExprKind::ForAll(list, variable, body) | ExprKind::Exists(list, variable, body) => {
                // A statement about every row, or about none, rests on the list having no other rows.
                let whole = (truth == Truth::True) == matches!(expr.0.kind, ExprKind::ForAll(..));
                if whole {
                    self.basis_of_operand(list, found);
                }
                self.basis_of_rows(list, *variable, body, truth, found);
            }
            ExprKind::Compare(op, a, b) => {
                let more = self.basis_of_more(*op, a, b, truth, found)
                    || self.basis_of_more(op.flipped(), b, a, truth, found);
                if !more {
                    self.basis_of_pair(a, b, found);
                }
            }
            ExprKind::Contains(list, x) => {
                if matches!(x.operand(self.scope), Operand::None) {
                    self.basis_of_operand(x, found);
                } else {
                    self.basis_of_operand(list, found);
                    if !list.elements(self.scope).is_empty() {
                        self.basis_of_operand(x, found);
                    }
                }
            }
            ExprKind::Disjoint(a, b) => self.basis_of_lists(a, b, true, found),
            ExprKind::Subset(a, b) => self.basis_of_lists(a, b, false, found),
            // An act not done is not in time, whatever the time runs from.
            ExprKind::Within(act, since, ..) => {
                self.basis_of_operand(act, found);
                if !matches!(act.operand(self.scope), Operand::None) {
                    self.basis_of_operand(since, found);
                }
            }
            ExprKind::OneOf(inner, _) | ExprKind::Present(inner) => {
                self.basis_of_operand(inner, found);
            }
            _ => self.basis_of_operand(expr, found),
        }
    }

    /// The facts of the rows for which the condition has the given truth. Returns whether there are any such rows.
    fn basis_of_rows(
        &self,
        list: &Expr,
        variable: Variable,
        body: &Expr,
        truth: Truth,
        found: &mut Paths,
    ) -> bool {
        let mut any = false;
        self.each_row(list, variable, |position, view| {
            if body.truth(view.scope) == truth {
                any = true;
                let before = found.in_order.len();
                view.basis(body, found);
                let row = self.path(list).map(|path| format!("{path}[{position}]"));
                let in_row = |path: &String| {
                    row.as_ref()
                        .is_some_and(|row| path.starts_with(row.as_str()))
                };
                // A condition that reads nothing of the row still rests on there being a row.
                if !found.in_order.iter().skip(before).any(in_row) {
                    self.basis_of_operand(list, found);
                }
            }
        });
        any
    }

    /// The reads of a count that reaches or exceeds a limit: the counted rows, and the limit; other rows could only
    /// increase it. Returns whether it is such a count.
    fn basis_of_more(
        &self,
        op: Comparison,
        count: &Expr,
        limit: &Expr,
        truth: Truth,
        found: &mut Paths,
    ) -> bool {
        let reaches = match op {
            Comparison::Le | Comparison::Lt => truth == Truth::False,
            Comparison::Ge | Comparison::Gt => truth == Truth::True,
            Comparison::Eq | Comparison::Ne => false,
        };
        let ExprKind::CountWhere(list, variable, body) = &count.0.kind else {
            return false;
        };
        if !reaches || matches!(limit.operand(self.scope), Operand::None) {
            return false;
        }
        let any = self.basis_of_rows(list, *variable, body, Truth::True, found);
        if any {
            self.basis_of_operand(limit, found);
        }
        any
    }

    /// The reads of two operands: if one is known none, it alone decides.
    fn basis_of_pair(&self, a: &Expr, b: &Expr, found: &mut Paths) {
        let none = |side: &Expr| matches!(side.operand(self.scope), Operand::None);
        let decides = [a, b].into_iter().find(|side| none(side));
        match decides {
            Some(side) => self.basis_of_operand(side, found),
            None => {
                self.basis_of_operand(a, found);
                self.basis_of_operand(b, found);
            }
        }
    }

    /// The reads of two lists: if one is empty, it may decide alone.
    fn basis_of_lists(&self, a: &Expr, b: &Expr, either: bool, found: &mut Paths) {
        if a.elements(self.scope).is_empty() {
            self.basis_of_operand(a, found);
        } else if either && b.elements(self.scope).is_empty() {
            self.basis_of_operand(b, found);
        } else {
            self.basis_of_operand(a, found);
            self.basis_of_operand(b, found);
        }
    }

    fn basis_of_operand(&self, expr: &Expr, found: &mut Paths) {
        match &expr.0.kind {
            ExprKind::Fact { .. } | ExprKind::Field { .. } => {
                if !matches!(expr.operand(self.scope), Operand::Unknown) {
                    found_path(self.path(expr), found);
                }
            }
            ExprKind::Arithmetic(_, a, b) | ExprKind::DaysSince(a, b) => {
                self.basis_of_pair(a, b, found);
            }
            ExprKind::Both(a, b) => self.basis_of_lists(a, b, true, found),
            ExprKind::Count(inner) | ExprKind::MonthsAfter(inner, _) => {
                self.basis_of_operand(inner, found);
            }
            ExprKind::CountWhere(list, variable, body) => {
                self.basis_of_operand(list, found);
                self.each_row(list, *variable, |_, view| view.basis(body, found));
            }
            ExprKind::Sum(list, variable, body) => {
                self.basis_of_operand(list, found);
                self.each_row(list, *variable, |_, view| {
                    view.basis_of_operand(body, found);
                });
            }
            ExprKind::Constant(_) | ExprKind::Row { .. } => {}
            _ => self.basis(expr, found),
        }
    }
}

fn found_path(path: Option<String>, found: &mut Paths) {
    if let Some(path) = path {
        push(path, found);
    }
}
