//! The higher duties that apply again where the duties that refine them are out of force.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::Auditor;
use crate::audit::dates::{self, OutOfForce};
use crate::diagnostic::Diagnostic;
use crate::graph::Graph;
use crate::obligation::Obligation;

/// The size of the cache: as many auditors as there are sets of duties that go out of force together, which are few.
const KEPT: usize = 32;

/// An auditor, or the errors of its graph; `None` if no duty applies again.
type Rebuilt = Option<Arc<Result<Auditor, Vec<Diagnostic>>>>;

/// The auditors built so far, by the mask of duties out of force. An archive of old cases needs the same few again and
/// again, and building one costs as much as auditing many cases.
#[derive(Debug, Default)]
pub(super) struct Restored(Mutex<Vec<(Box<[bool]>, Rebuilt)>>);

impl Restored {
    fn kept(&self) -> MutexGuard<'_, Vec<(Box<[bool]>, Rebuilt)>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Auditor {
    /// The cached or new auditor in which the duties apply again that duties out of force refine; `None` if there are
    /// none.
    pub(super) fn restored(&self, out: &OutOfForce) -> Rebuilt {
        let kept = self.restored.kept();
        let known = kept.iter().find(|(mask, _)| **mask == *out.mask);
        if let Some((_, made)) = known {
            return made.clone();
        }
        drop(kept);
        let made = self.restore(out).map(Arc::new);
        let mut kept = self.restored.kept();
        if kept.len() < KEPT {
            kept.push((out.mask.as_slice().into(), made.clone()));
        }
        made
    }

    /// Builds the auditor in which the duties apply again that duties out of force refine; `None` if there are none.
    fn restore(&self, out: &OutOfForce) -> Option<Result<Auditor, Vec<Diagnostic>>> {
        let is_out = |obligation: &Obligation| {
            let node = self.graph.resolve(&obligation.id);
            let at = node.and_then(|node| self.plan.position(node));
            at.is_some_and(|at| out.mask.get(at.index()) == Some(&true))
        };
        let mut refining = self.graph.obligations().map(|(_, obligation)| obligation);
        refining.find(|obligation| obligation.refines.is_some() && is_out(obligation))?;
        let sets = dates::layers_without(&self.graph, &self.layers, &self.refined, is_out);
        let [own, included @ ..] = sets.as_slice() else {
            return None;
        };
        let graph = Graph::build(own, &included.iter().collect::<Vec<_>>());
        Some(graph.map(|graph| {
            Auditor::new(
                Arc::clone(&self.vocabulary),
                Arc::clone(&self.calendar),
                graph,
                self.ruleset.clone(),
                self.title.clone(),
            )
            .minding_dates(sets.iter())
        }))
    }
}
