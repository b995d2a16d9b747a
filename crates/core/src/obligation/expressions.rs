//! All expressions of a rule set.

use super::{Obligation, Requirement, RuleSet};
use crate::expr::Expr;

impl RuleSet {
    /// The conditions of its stages and exceptions, and everything its obligations read, who is responsible included.
    #[must_use]
    pub fn expressions(&self) -> Vec<&Expr> {
        let mut all: Vec<&Expr> = Vec::new();
        all.extend(self.stages.iter().filter_map(|stage| stage.holds.as_ref()));
        all.extend(self.stages.iter().filter_map(|stage| stage.on.as_ref()));
        all.extend(self.exceptions.iter().map(|exception| &exception.holds));
        for obligation in self.all_obligations() {
            all.extend(obligation.expressions());
            all.extend(&obligation.responsible);
        }
        all
    }
}

impl Obligation {
    /// All expressions that decide it: its condition, the circumstances for judgement, its requirement.
    #[must_use]
    pub fn expressions(&self) -> Vec<&Expr> {
        let mut all: Vec<&Expr> = self.when.iter().collect();
        all.extend(self.review.iter().map(|reading| &reading.when));
        self.requirement.collect(&mut all);
        all
    }
}

impl Requirement {
    /// All expressions it reads, those of its parts included.
    #[must_use]
    pub fn expressions(&self) -> Vec<&Expr> {
        let mut all = Vec::new();
        self.collect(&mut all);
        all
    }

    fn collect<'o>(&'o self, all: &mut Vec<&'o Expr>) {
        match self {
            Requirement::Must(expr) | Requirement::MustNot(expr) => all.push(expr),
            Requirement::Deadline(deadline) => all.extend(deadline.reads()),
            Requirement::Parts(parts) => {
                for part in parts {
                    all.extend(&part.when);
                    part.requirement.collect(all);
                }
            }
        }
    }
}
