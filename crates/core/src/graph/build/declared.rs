//! Stages, exceptions and obligations as their rule sets declare them, before refinement.

use crate::graph::{EdgeKind, Node, NodeKind, What};
use crate::obligation::{Exception, Id, Link, Obligation, RuleSetId, Stage};
use crate::source::Span;

/// A node as its rule set declares it.
#[derive(Clone, Copy)]
pub(super) enum Declared<'a> {
    Stage(&'a Stage),
    Exception(&'a Exception),
    Obligation(&'a Obligation),
}

impl<'a> Declared<'a> {
    pub(super) fn id(self) -> &'a Id {
        match self {
            Declared::Stage(stage) => &stage.id,
            Declared::Exception(exception) => &exception.id,
            Declared::Obligation(obligation) => &obligation.id,
        }
    }

    pub(super) fn ruleset(self) -> &'a RuleSetId {
        match self {
            Declared::Stage(stage) => &stage.ruleset,
            Declared::Exception(exception) => &exception.ruleset,
            Declared::Obligation(obligation) => &obligation.ruleset,
        }
    }

    pub(super) fn at(self) -> &'a Span {
        match self {
            Declared::Stage(stage) => &stage.at,
            Declared::Exception(exception) => &exception.at,
            Declared::Obligation(obligation) => &obligation.at,
        }
    }

    pub(super) fn kind(self) -> NodeKind {
        match self {
            Declared::Stage(_) => NodeKind::Stage,
            Declared::Exception(_) => NodeKind::Exception,
            Declared::Obligation(_) => NodeKind::Obligation,
        }
    }

    /// The links it has, each with the kind of edge it makes.
    pub(super) fn links(self) -> Vec<(&'a Link, EdgeKind)> {
        let of = |links: &'a [Link], kind| links.iter().map(move |link| (link, kind));
        match self {
            Declared::Stage(stage) => of(&stage.after, EdgeKind::After).collect(),
            Declared::Exception(_) => Vec::new(),
            Declared::Obligation(obligation) => of(&obligation.after, EdgeKind::After)
                .chain(of(&obligation.triggers, EdgeKind::Triggers))
                .chain(of(&obligation.unless, EdgeKind::Unless))
                .chain(of(obligation.remedies.as_slice(), EdgeKind::Remedies))
                .chain(of(&obligation.follows, EdgeKind::Follows))
                .collect(),
        }
    }

    /// A node of its own.
    pub(super) fn node(self) -> Node {
        Node {
            what: match self {
                Declared::Stage(stage) => What::Stage(stage.clone()),
                Declared::Exception(exception) => What::Exception(exception.clone()),
                Declared::Obligation(obligation) => What::Obligation(Box::new(obligation.clone())),
            },
            aliases: Vec::new(),
        }
    }
}
