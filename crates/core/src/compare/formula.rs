//! When a duty arises, as a formula over expressions, stages and obligations.

use std::collections::HashMap;
use std::sync::OnceLock;

use crate::expr::Expr;
use crate::obligation::{Exception, Id, Link, Obligation, RuleSet, Stage};
use crate::vocabulary::Vocabulary;

/// Rule sets in force together, the nearest first, and what ids mean among them.
#[derive(Debug, Clone)]
pub struct World<'a> {
    pub(super) layers: Vec<&'a RuleSet>,
    pub(super) vocabulary: Option<&'a Vocabulary>,
    index: OnceLock<Index<'a>>,
}

/// The obligations of a world that are looked up often.
#[derive(Debug, Clone, Default)]
struct Index<'a> {
    /// By id; the nearest if several layers declare it.
    by_id: HashMap<&'a Id, &'a Obligation>,
    /// The obligations that trigger others.
    triggering: Vec<&'a Obligation>,
    /// The remedies that excuse the breach they remedy.
    excusing: Vec<&'a Obligation>,
}

impl<'a> World<'a> {
    /// The world of a rule set and those it includes. Worlds made this way share one vocabulary.
    #[must_use]
    pub fn new(layers: Vec<&'a RuleSet>) -> Self {
        World {
            layers,
            vocabulary: None,
            index: OnceLock::new(),
        }
    }

    /// Like [`World::new`], for comparing worlds with different vocabularies: facts and values are then matched by
    /// name.
    #[must_use]
    pub fn speaking(layers: Vec<&'a RuleSet>, vocabulary: &'a Vocabulary) -> Self {
        World {
            layers,
            vocabulary: Some(vocabulary),
            index: OnceLock::new(),
        }
    }

    pub(super) fn obligations(&self) -> impl Iterator<Item = &'a Obligation> {
        self.layers.iter().flat_map(|set| &set.obligations)
    }

    pub(super) fn obligation(&self, id: &Id) -> Option<&'a Obligation> {
        self.index().by_id.get(id).copied()
    }

    fn index(&self) -> &Index<'a> {
        self.index.get_or_init(|| {
            let mut index = Index::default();
            for duty in self.obligations() {
                index.by_id.entry(&duty.id).or_insert(duty);
            }
            let with = |wanted: fn(&&Obligation) -> bool| self.obligations().filter(wanted);
            index.triggering = with(|duty| !duty.triggers.is_empty()).collect();
            index.excusing = with(|duty| duty.excuses).collect();
            index
        })
    }

    fn node(&self, id: &Id) -> Option<Node<'a>> {
        let mut stages = self.layers.iter().flat_map(|set| &set.stages);
        let stage = stages.find(|stage| stage.id == *id).map(Node::Stage);
        stage.or_else(|| self.obligation(id).map(Node::Duty))
    }

    pub(super) fn exceptions(&self, links: &[Link]) -> Vec<&'a Exception> {
        let find = |link: &Link| {
            let mut all = self.layers.iter().flat_map(|set| &set.exceptions);
            all.find(|exception| exception.id == link.id)
        };
        links.iter().filter_map(find).collect()
    }

    /// Whether an id refers to a duty: its own id, or the id of a duty it refines, directly or through others.
    fn means(&self, id: &Id, duty: &'a Obligation) -> bool {
        let mut at = Some(duty);
        // The bound is the most layers there can be; the graph reports refinements that form a cycle.
        for _ in 0..16 {
            match at {
                Some(known) if known.id == *id => return true,
                Some(known) => match &known.refines {
                    Some(link) if link.id == *id => return true,
                    Some(link) => at = self.obligation(&link.id),
                    None => return false,
                },
                None => return false,
            }
        }
        false
    }

    /// The remedies that excuse a breach of a duty.
    pub(super) fn excuses(&self, duty: &'a Obligation) -> Vec<&'a Obligation> {
        let excuse = |known: &&Obligation| {
            let base = known.remedies.as_ref();
            base.is_some_and(|base| self.means(&base.id, duty))
        };
        let excusing = self.index().excusing.iter().copied();
        excusing.filter(excuse).collect()
    }

    /// When a duty arises.
    pub(super) fn applies(&self, duty: &'a Obligation) -> Formula<'a> {
        let mut all = self.after(&duty.after);
        all.extend(duty.when.as_ref().map(|when| Formula::Expr(when, true)));
        let triggers: Vec<Formula<'a>> = self
            .index()
            .triggering
            .iter()
            .copied()
            .filter(|known| known.triggers.iter().any(|link| self.means(&link.id, duty)))
            .map(|known| Formula::Node(Node::Duty(known)))
            .collect();
        if !triggers.is_empty() {
            all.push(Formula::Any(triggers));
        }
        if let Some(base) = &duty.remedies {
            all.push(match self.obligation(&base.id) {
                Some(base) => Formula::Breach(base),
                None => Formula::Any(Vec::new()),
            });
        }
        Formula::All(all)
    }

    fn after(&self, links: &[Link]) -> Vec<Formula<'a>> {
        // The graph reports a link that leads nowhere; here nothing follows from it.
        let node = |link: &Link| match self.node(&link.id) {
            Some(node) => Formula::Node(node),
            None => Formula::Any(Vec::new()),
        };
        links.iter().map(node).collect()
    }

    /// The condition for a node to be reached, or to arise.
    pub(super) fn unfolded(&self, node: Node<'a>) -> Formula<'a> {
        match node {
            Node::Duty(duty) => self.applies(duty),
            Node::Stage(stage) => {
                let mut all = self.after(&stage.after);
                all.extend(stage.holds.as_ref().map(|holds| Formula::Expr(holds, true)));
                Formula::All(all)
            }
        }
    }

    /// The titles of the nodes a duty comes after.
    pub(super) fn titles(&self, links: &[Link]) -> Vec<crate::lang::Text> {
        let title = |link: &Link| match self.node(&link.id) {
            Some(Node::Stage(stage)) => stage.title.clone(),
            Some(Node::Duty(duty)) => duty.title.clone(),
            None => crate::lang::Text::same(link.id.to_string()),
        };
        links.iter().map(title).collect()
    }
}

/// A stage or an obligation.
#[derive(Debug, Clone, Copy)]
pub(super) enum Node<'a> {
    Stage(&'a Stage),
    Duty(&'a Obligation),
}

impl Node<'_> {
    pub(super) fn id(&self) -> &Id {
        match self {
            Node::Stage(stage) => &stage.id,
            Node::Duty(duty) => &duty.id,
        }
    }

    /// Its address in memory, as its identity.
    pub(super) fn place(self) -> *const () {
        match self {
            Node::Stage(stage) => std::ptr::from_ref(stage).cast(),
            Node::Duty(duty) => std::ptr::from_ref(duty).cast(),
        }
    }

    /// Whether both are the same declaration.
    pub(super) fn is(self, other: Node<'_>) -> bool {
        match (self, other) {
            (Node::Stage(a), Node::Stage(b)) => std::ptr::eq(a, b),
            (Node::Duty(a), Node::Duty(b)) => std::ptr::eq(a, b),
            _ => false,
        }
    }
}

/// A three-valued formula.
#[derive(Debug, Clone)]
pub(super) enum Formula<'a> {
    /// An expression holds (`true`), or does not.
    Expr(&'a Expr, bool),
    /// All hold; true if empty.
    All(Vec<Formula<'a>>),
    /// At least one holds; false if empty.
    Any(Vec<Formula<'a>>),
    /// The stage is reached, or the obligation arises.
    Node(Node<'a>),
    /// The requirement of the obligation is breached.
    Breach(&'a Obligation),
}
