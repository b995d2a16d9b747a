//! Checks of expressions where they are used.

use super::types::{is_day, is_number};
use super::{BuildError, Builder};
use crate::expr::{Expr, ExprKind};
use crate::value::{ShapeId, Type};

impl Builder {
    /// Rejects an expression that must stand alone but reads a row bound by no closure around it.
    pub fn closed(&self, expr: &Expr) -> Result<(), BuildError> {
        let mut bound = Vec::new();
        match expr.loose(&mut bound) {
            Some(ExprKind::Field { fact, .. }) => Err(BuildError::LooseRow {
                path: self.vocabulary.fact(*fact).path.clone(),
            }),
            Some(_) => Err(BuildError::WholeRow),
            None => Ok(()),
        }
    }

    /// Rejects anything but a condition.
    pub fn condition(&self, expr: &Expr) -> Result<(), BuildError> {
        match &expr.0.ty {
            Type::Bool => Ok(()),
            Type::Row(_) => Err(BuildError::WholeRow),
            ty => Err(BuildError::NotACondition { ty: self.name(ty) }),
        }
    }

    /// Rejects anything but a date or date-time.
    pub fn day(&self, expr: &Expr) -> Result<(), BuildError> {
        if is_day(&expr.0.ty) {
            Ok(())
        } else {
            Err(BuildError::NotADay {
                ty: self.name(&expr.0.ty),
            })
        }
    }

    pub(super) fn number(&self, expr: &Expr) -> Result<(), BuildError> {
        if is_number(&expr.0.ty) {
            Ok(())
        } else {
            Err(BuildError::NotANumber {
                ty: self.name(&expr.0.ty),
            })
        }
    }

    pub(super) fn rows(&self, list: &Expr) -> Result<ShapeId, BuildError> {
        match &list.0.ty {
            Type::Rows(shape) => Ok(*shape),
            ty => Err(BuildError::NotGroups { ty: self.name(ty) }),
        }
    }

    pub(super) fn element<'e>(&self, list: &'e Expr) -> Result<&'e Type, BuildError> {
        match &list.0.ty {
            Type::List(of) => Ok(of),
            ty => Err(BuildError::NotAList { ty: self.name(ty) }),
        }
    }

    pub(super) fn alike(&self, left: &Expr, right: &Expr) -> Result<[Expr; 2], BuildError> {
        self.comparable(self.element(left)?, self.element(right)?)?;
        Ok([left.clone(), right.clone()])
    }

    pub(super) fn quantified(&self, list: &Expr, body: &Expr) -> Result<[Expr; 2], BuildError> {
        self.rows(list)?;
        self.condition(body)?;
        Ok([list.clone(), body.clone()])
    }
}
