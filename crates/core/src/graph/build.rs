//! Builds and checks a graph.
//!
//! Terms: a *layer* here is a rule set with its position, the nearest first; a *declaration* is a node before
//! refinement.

mod declared;

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, BinaryHeap};

use petgraph::graph::{DiGraph, NodeIndex};
use petgraph::visit::EdgeRef;

use super::{EdgeKind, Graph, Node, NodeId, NodeKind, What, cycle};
use crate::compare;
use crate::diagnostic::{Code, Diagnostic, nearest};
use crate::effective::Effective;
use crate::lang::Text;
use crate::obligation::{Id, Link, Obligation, RuleSet, RuleSetId};
use crate::text;
use declared::Declared;

/// Builds the graph, or reports all its errors.
pub(super) fn build(rule_set: &RuleSet, included: &[&RuleSet]) -> Result<Graph, Vec<Diagnostic>> {
    let mut seen = BTreeSet::new();
    let layers: Vec<&RuleSet> = std::iter::once(rule_set)
        .chain(included.iter().copied())
        .filter(|layer| seen.insert(&layer.id))
        .collect();
    let mut builder = Builder {
        declared: BTreeMap::new(),
        order: Vec::new(),
        refined_by: BTreeMap::new(),
        diagnostics: Vec::new(),
    };
    builder.declare(&layers);
    builder.refine(&layers);
    builder.keep_beside(&layers);
    builder.finish(rule_set, &layers)
}

/// A link under `key` that names an id nobody declares; `known`: the ids it may name.
#[must_use]
pub fn dangling<'i>(
    link: &Link,
    key: &str,
    why: Text,
    known: impl Iterator<Item = &'i str>,
) -> Diagnostic {
    let id = &link.id;
    let message = text!(
        "{key} 所指的 `{id}` 不存在",
        "`{id}`, named by {key}, does not exist"
    );
    let diagnostic = Diagnostic::new(Code::GraphDanglingId, message)
        .at(link.at.clone())
        .why(why);
    match nearest(&id.0, known) {
        Some(near) => diagnostic.help(text!("是否为 `{near}`？", "did you mean `{near}`?")),
        None => diagnostic,
    }
}

struct Builder<'a> {
    /// Every declaration by its id; the first if an id is declared twice.
    declared: BTreeMap<&'a Id, Declared<'a>>,
    /// The ids in the order of the notice.
    order: Vec<&'a Id>,
    /// For every refined obligation, those that refine it.
    refined_by: BTreeMap<&'a Id, Vec<&'a Id>>,
    diagnostics: Vec<Diagnostic>,
}

impl<'a> Builder<'a> {
    fn declare(&mut self, layers: &[&'a RuleSet]) {
        for layer in layers {
            let stages = layer.stages.iter().map(Declared::Stage);
            let exceptions = layer.exceptions.iter().map(Declared::Exception);
            let obligations = layer.obligations.iter().map(Declared::Obligation);
            for node in stages.chain(exceptions).chain(obligations) {
                let id = node.id();
                if let Some(first) = self.declared.get(id) {
                    self.diagnostics.push(twice(*first, node));
                } else {
                    self.order.push(id);
                    self.declared.insert(id, node);
                }
            }
        }
    }

    /// Finds the obligations that nearer ones refine.
    fn refine(&mut self, layers: &[&'a RuleSet]) {
        for layer in layers {
            let below = included_by(layer, layers);
            for obligation in &layer.obligations {
                let Some(link) = &obligation.refines else {
                    continue;
                };
                let Some(found) = self.find(link, &[NodeKind::Obligation], "refines") else {
                    continue;
                };
                if below.contains(found) {
                    let refining = self.refined_by.entry(&link.id).or_default();
                    if !refining.contains(&&obligation.id) {
                        refining.push(&obligation.id);
                    }
                } else {
                    self.not_included(obligation, link, found, &layer.id);
                }
            }
        }
    }

    /// Keeps a duty in force that its refining duties do not cover: a lower norm may tighten a higher one, never relax
    /// it.
    fn keep_beside(&mut self, layers: &[&'a RuleSet]) {
        // If links are wrong, the comparison is meaningless and the graph is not built anyway.
        if self.refined_by.is_empty() || !self.diagnostics.is_empty() {
            return;
        }
        if let Some((own, included)) = layers.split_first() {
            for higher in Effective::of(own, included, None).beside() {
                self.refined_by.remove(&higher.id);
            }
        }
    }

    /// The rule set that declares the target of a link, if the target is of an allowed kind.
    fn find(&mut self, link: &Link, kinds: &[NodeKind], key: &str) -> Option<&'a RuleSetId> {
        let wanted = |glue: &str, lang: fn(Text) -> String| {
            kinds
                .iter()
                .map(|kind| lang(kind.label()))
                .collect::<Vec<_>>()
                .join(glue)
        };
        let id = &link.id;
        let Some(node) = self.declared.get(id).copied() else {
            let (zh, en) = (wanted("或", |t| t.zh), wanted(" or ", |t| t.en));
            let why = text!(
                "{key} 应指向{zh}的编号",
                "{key} names the id of a kind of: {en}"
            );
            let of_kind = self
                .declared
                .values()
                .filter(|node| kinds.contains(&node.kind()));
            let known = of_kind.map(|node| node.id().0.as_str());
            self.diagnostics.push(dangling(link, key, why, known));
            return None;
        };
        if kinds.contains(&node.kind()) {
            return Some(node.ruleset());
        }
        let (zh, en) = (wanted("或", |t| t.zh), wanted(" or ", |t| t.en));
        let is = node.kind().label();
        let (is_zh, is_en) = (&is.zh, &is.en);
        self.diagnostics.push(
            Diagnostic::new(
                Code::GraphWrongKind,
                text!(
                    "{key} 所指的 `{id}` 是{is_zh}，应为{zh}",
                    "`{id}`, named by {key}, is of the kind {is_en}; it should be {en}"
                ),
            )
            .at(link.at.clone())
            .label(
                node.at().clone(),
                text!("`{id}` 在此声明", "`{id}` is declared here"),
            ),
        );
        None
    }

    fn not_included(
        &mut self,
        obligation: &Obligation,
        link: &Link,
        found: &RuleSetId,
        layer: &RuleSetId,
    ) {
        let (id, refined) = (&obligation.id, &link.id);
        let mut diagnostic = Diagnostic::new(
            Code::GraphNotIncluded,
            text!(
                "`{id}` 细化的 `{refined}` 属于 `{found}`，而 `{layer}` 并未包含该规则集",
                "`{id}` refines `{refined}` of `{found}`, which `{layer}` does not include"
            ),
        )
        .at(link.at.clone());
        if let Some(node) = self.declared.get(refined) {
            diagnostic = diagnostic.label(
                node.at().clone(),
                text!("`{refined}` 在此声明", "`{refined}` is declared here"),
            );
        }
        let why = Text::new(
            "细化（refines）只用于更严地规定上位规则集已有的义务",
            "`refines` is for demanding more than a duty of a rule set above",
        );
        self.diagnostics.push(diagnostic.why(why));
    }

    /// What an id refers to: itself, or the obligations in force that refine it. `None` if refinements form a cycle.
    fn meaning(&self, id: &'a Id, path: &mut Vec<&'a Id>) -> Option<Vec<&'a Id>> {
        let Some(refining) = self.refined_by.get(id) else {
            return Some(vec![id]);
        };
        if path.contains(&id) {
            return None;
        }
        path.push(id);
        let mut meaning: Vec<&Id> = Vec::new();
        for next in refining {
            for id in self.meaning(next, path)? {
                if !meaning.contains(&id) {
                    meaning.push(id);
                }
            }
        }
        path.pop();
        Some(meaning)
    }

    fn finish(
        mut self,
        rule_set: &RuleSet,
        layers: &[&'a RuleSet],
    ) -> Result<Graph, Vec<Diagnostic>> {
        let mut nodes: DiGraph<Node, super::Link> = DiGraph::new();
        let mut meanings: BTreeMap<&Id, Vec<NodeIndex>> = BTreeMap::new();
        let order = std::mem::take(&mut self.order);
        let (refined, in_force): (Vec<&Id>, Vec<&Id>) = order
            .into_iter()
            .partition(|id| self.refined_by.contains_key(id));
        // The nodes in force, in the order of their numbers.
        let in_force: Vec<Declared<'a>> = in_force
            .iter()
            .filter_map(|id| self.declared.get(id).copied())
            .collect();
        for node in &in_force {
            meanings.insert(node.id(), vec![nodes.add_node(node.node())]);
        }
        let mut circular = Vec::new();
        for refined in refined {
            let Some(meaning) = self.meaning(refined, &mut Vec::new()) else {
                circular.push(refined);
                continue;
            };
            let meaning: Vec<NodeIndex> = meaning
                .iter()
                .filter_map(|id| meanings.get(id)?.first().copied())
                .collect();
            for index in &meaning {
                if let Some(node) = nodes.node_weight_mut(*index) {
                    node.aliases.push(refined.clone());
                }
            }
            meanings.insert(refined, meaning);
        }
        for id in circular {
            self.circular(id);
        }
        self.connect(&mut nodes, &in_force, &meanings);
        shield(&mut nodes, layers);
        self.diagnostics.extend(cycle::find(&nodes));
        if !self.diagnostics.is_empty() {
            return Err(self.diagnostics);
        }
        let ids = meanings
            .into_iter()
            .filter_map(|(id, meaning)| Some((id.clone(), NodeId::from(*meaning.first()?))))
            .collect();
        let order = self::order(&nodes);
        let title = rule_set.title.clone();
        Ok(Graph {
            title,
            nodes,
            ids,
            order,
        })
    }

    fn connect(
        &mut self,
        nodes: &mut DiGraph<Node, super::Link>,
        declared: &[Declared<'a>],
        meanings: &BTreeMap<&Id, Vec<NodeIndex>>,
    ) {
        use NodeKind::{Exception, Obligation, Stage};
        let indices: Vec<NodeIndex> = nodes.node_indices().collect();
        for (here, node) in indices.into_iter().zip(declared) {
            for (link, edge) in node.links() {
                let (kinds, key): (&[NodeKind], &str) = match edge {
                    EdgeKind::After => (&[Stage, Obligation], "after"),
                    EdgeKind::Triggers => (&[Obligation], "triggers"),
                    EdgeKind::Unless => (&[Exception], "unless"),
                    EdgeKind::Remedies => (&[Obligation], "remedies"),
                    // A cause of another scope is not in this graph; the load of the rules has looked for it.
                    EdgeKind::Follows if !meanings.contains_key(&link.id) => continue,
                    EdgeKind::Follows => (&[Obligation], "follows"),
                };
                if self.find(link, kinds, key).is_none() {
                    continue;
                }
                let meaning = meanings.get(&link.id).map_or(&[][..], Vec::as_slice);
                // A breach has one remedy at a time: the first of several refining obligations.
                let many = if edge == EdgeKind::Remedies {
                    1
                } else {
                    meaning.len()
                };
                for &other in meaning.iter().take(many) {
                    let (from, to) = match edge {
                        EdgeKind::Triggers => (here, other),
                        _ => (other, here),
                    };
                    let known = nodes
                        .edges_connecting(from, to)
                        .any(|known| known.weight().kind == edge);
                    if !known {
                        let at = link.at.clone();
                        nodes.add_edge(from, to, super::Link { kind: edge, at });
                    }
                }
            }
        }
    }

    fn circular(&mut self, id: &Id) {
        let Some(Declared::Obligation(obligation)) = self.declared.get(id) else {
            return;
        };
        let Some(link) = &obligation.refines else {
            return;
        };
        let other = &link.id;
        self.diagnostics.push(
            Diagnostic::new(
                Code::GraphCycle,
                text!(
                    "`{id}` 与 `{other}` 的细化形成循环",
                    "`{id}` and `{other}` refine each other in a cycle"
                ),
            )
            .at(link.at.clone()),
        );
    }
}

/// Removes what a nearer layer adds to a higher duty that would relax it: a remedy that excuses it, or a trigger
/// without which it would not arise. [`compare::relaxations`] reports these.
fn shield(graph: &mut DiGraph<Node, super::Link>, layers: &[&RuleSet]) {
    let above = |upper: &Node, lower: &Node| {
        let layer = layers.iter().find(|layer| layer.id == *lower.ruleset());
        layer.is_some_and(|layer| included_by(layer, layers).contains(upper.ruleset()))
    };
    let mut idle = Vec::new();
    let mut excuses = Vec::new();
    for edge in graph.edge_references() {
        let (Some(from), Some(to)) = (
            graph.node_weight(edge.source()),
            graph.node_weight(edge.target()),
        ) else {
            continue;
        };
        match edge.weight().kind {
            EdgeKind::Remedies if above(from, to) => {
                // A remedy that refines a remedy of the duty's own layer replaces that remedy, and stays.
                let own = to
                    .aliases
                    .iter()
                    .any(|id| compare::excuses_above(layers, id, from.id()));
                if !own {
                    excuses.push(edge.target());
                }
            }
            EdgeKind::Triggers if above(to, from) => {
                let others = graph.edges_directed(edge.target(), petgraph::Incoming);
                let has_own = others
                    .filter(|other| other.weight().kind == EdgeKind::Triggers)
                    .filter_map(|other| graph.node_weight(other.source()))
                    .any(|other| !above(to, other));
                if !has_own {
                    idle.push(edge.id());
                }
            }
            _ => {}
        }
    }
    for node in excuses {
        if let Some(What::Obligation(duty)) = graph.node_weight_mut(node).map(|node| &mut node.what)
        {
            duty.excuses = false;
        }
    }
    graph.retain_edges(|_, edge| !idle.contains(&edge));
}

/// The nodes in topological order; ties in the order of the notice.
fn order(graph: &DiGraph<Node, super::Link>) -> Vec<NodeId> {
    let mut waits: Vec<usize> = graph
        .node_indices()
        .map(|node| graph.edges_directed(node, petgraph::Incoming).count())
        .collect();
    let mut ready: BinaryHeap<Reverse<NodeIndex>> = graph
        .node_indices()
        .filter(|node| waits.get(node.index()) == Some(&0))
        .map(Reverse)
        .collect();
    let mut order = Vec::with_capacity(waits.len());
    while let Some(Reverse(node)) = ready.pop() {
        order.push(node.into());
        for edge in graph.edges(node) {
            if let Some(left) = waits.get_mut(edge.target().index()) {
                *left -= 1;
                if *left == 0 {
                    ready.push(Reverse(edge.target()));
                }
            }
        }
    }
    order
}

/// The rule sets a layer includes, directly or through others.
fn included_by(layer: &RuleSet, layers: &[&RuleSet]) -> BTreeSet<RuleSetId> {
    let mut included = BTreeSet::new();
    let mut waiting: Vec<&RuleSetId> = layer.includes.iter().collect();
    while let Some(id) = waiting.pop() {
        if included.insert(id.clone())
            && let Some(layer) = layers.iter().find(|layer| layer.id == *id)
        {
            waiting.extend(&layer.includes);
        }
    }
    included
}

fn twice(first: Declared<'_>, second: Declared<'_>) -> Diagnostic {
    let id = second.id();
    Diagnostic::new(
        Code::GraphDuplicateId,
        text!("编号 `{id}` 重复声明", "the id `{id}` is declared twice"),
    )
    .label(second.at().clone(), Text::new("再次声明", "declared again"))
    .label(first.at().clone(), Text::new("首次声明", "declared first"))
    .help(if first.ruleset() == second.ruleset() {
        Text::new("改用另一编号", "give one of them another id")
    } else {
        Text::new(
            "规定更严的，另取编号并写明 refines",
            "to demand more than the included rule set, take another id and say what it `refines`",
        )
    })
}
