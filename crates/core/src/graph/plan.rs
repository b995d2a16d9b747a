//! The graph laid out for the audit: steps in evaluation order that know each other by position.
//!
//! Invariant: every position a step holds is that of an earlier step, except `remedied_by`, whose are later.

use super::{EdgeKind, Graph, NodeId, NodeKind};

/// The position of a step in its plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct At(pub u32);

impl At {
    /// The position as an index of slices.
    #[must_use]
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// One node to evaluate, with what it needs to know of others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// The node.
    pub node: NodeId,
    /// Its kind.
    pub kind: NodeKind,
    /// The stages and obligations it presupposes: every one must apply.
    pub after: Box<[At]>,
    /// The obligations that trigger it: where there are any, one must apply.
    pub triggered_by: Box<[At]>,
    /// The exceptions that defeat it.
    pub unless: Box<[At]>,
    /// The obligation whose breach it remedies.
    pub remedies: Option<At>,
    /// The obligations whose breach would explain its own.
    pub follows: Box<[At]>,
    /// Whether fulfilling this remedy would have excused the breach.
    pub excuses: bool,
    /// The obligations that remedy its breach: later steps.
    pub remedied_by: Box<[At]>,
}

impl Step {
    /// The steps a breach of this one may follow from. A remedy that would have excused a breach does not follow from
    /// it: the breach stands only because the remedy was not done.
    pub fn causes(&self) -> impl Iterator<Item = At> {
        self.after
            .iter()
            .chain(&self.triggered_by)
            .chain(&self.follows)
            .copied()
            .chain(self.remedies.filter(|_| !self.excuses))
    }
}

/// The steps of an audit, each after all it depends on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    steps: Vec<Step>,
    of_node: Vec<At>,
}

impl Plan {
    pub(super) fn of(graph: &Graph) -> Plan {
        let mut of_node = vec![At(0); graph.len()];
        for (at, node) in (0..).zip(graph.order()) {
            if let Some(slot) = of_node.get_mut(node.index()) {
                *slot = At(at);
            }
        }
        let find = |node: NodeId| of_node.get(node.index()).copied();
        let mut steps: Vec<Step> = graph
            .order()
            .iter()
            .filter_map(|&id| {
                let edges = graph.incoming(id.petgraph());
                let sources = |kind: EdgeKind| {
                    let mut sources: Vec<At> = edges
                        .iter()
                        .filter(|edge| edge.kind == kind)
                        .filter_map(|edge| find(edge.from))
                        .collect();
                    sources.sort_unstable();
                    sources.into_boxed_slice()
                };
                Some(Step {
                    node: id,
                    kind: graph.node(id)?.kind(),
                    after: sources(EdgeKind::After),
                    triggered_by: sources(EdgeKind::Triggers),
                    unless: sources(EdgeKind::Unless),
                    remedies: sources(EdgeKind::Remedies).first().copied(),
                    follows: sources(EdgeKind::Follows),
                    excuses: graph
                        .node(id)?
                        .obligation()
                        .is_some_and(|duty| duty.excuses),
                    remedied_by: Box::default(),
                })
            })
            .collect();
        let mut remedied = vec![Vec::new(); steps.len()];
        for (at, step) in (0..).zip(&steps) {
            if let Some(list) = step
                .remedies
                .and_then(|base| remedied.get_mut(base.index()))
            {
                list.push(At(at));
            }
        }
        for (step, list) in steps.iter_mut().zip(remedied) {
            step.remedied_by = list.into_boxed_slice();
        }
        Plan { steps, of_node }
    }

    /// The steps in the order to evaluate them.
    #[must_use]
    pub fn steps(&self) -> &[Step] {
        &self.steps
    }

    /// The step at a position; none for a position of another plan.
    #[must_use]
    pub fn step(&self, at: At) -> Option<&Step> {
        self.steps.get(at.index())
    }

    /// The position of a node; none for a node of another graph.
    #[must_use]
    pub fn position(&self, node: NodeId) -> Option<At> {
        self.of_node.get(node.index()).copied()
    }

    /// For every step the violated obligation that its own violation follows from, if any: the one furthest back that
    /// is reached through violated obligations and stages alone, and of several the one that is evaluated first.
    ///
    /// Only the entries of violated obligations mean anything to a reader of findings.
    pub fn root_causes(&self, violated: impl Fn(At) -> bool) -> Vec<Option<At>> {
        // What alone is violated follows from nothing, and most breaches are alone.
        let breaches = (0..).map(At).take(self.steps.len());
        if breaches.filter(|at| violated(*at)).nth(1).is_none() {
            return vec![None; self.steps.len()];
        }
        let mut roots: Vec<Option<At>> = Vec::with_capacity(self.steps.len());
        for step in &self.steps {
            let root = step
                .causes()
                .filter_map(|cause| {
                    let further = roots.get(cause.index()).copied().flatten();
                    match self.step(cause)?.kind {
                        NodeKind::Stage => further,
                        _ if violated(cause) => further.or(Some(cause)),
                        _ => None,
                    }
                })
                .min();
            roots.push(root);
        }
        self.under_remedies(&violated, &mut roots);
        roots
    }

    /// A breach that a remedy would have excused follows from the remedy not being done, and so does what follows from
    /// the breach: a refusal to sign that is not noted is one root, the missing signature its consequence.
    fn under_remedies(&self, violated: impl Fn(At) -> bool, roots: &mut [Option<At>]) {
        for (at, step) in (0..).map(At).zip(&self.steps) {
            let Some(base) = step.remedies.filter(|_| step.excuses) else {
                continue;
            };
            if !violated(at) || !violated(base) {
                continue;
            }
            let root = roots.get(at.index()).copied().flatten().unwrap_or(at);
            // What the remedy itself follows from is not put under it.
            if root == base {
                continue;
            }
            for (of, known) in (0..).map(At).zip(roots.iter_mut()) {
                if of == base || *known == Some(base) {
                    *known = Some(root);
                }
            }
        }
    }
}
