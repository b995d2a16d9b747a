//! Cycles as diagnostics: the whole path, with the place of every link on it.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use petgraph::algo::tarjan_scc;
use petgraph::graph::{DiGraph, EdgeIndex, NodeIndex};
use petgraph::visit::EdgeRef;

use super::{EdgeKind, Link, Node};
use crate::diagnostic::{Code, Diagnostic};
use crate::lang::Text;
use crate::text;

/// One diagnostic for every knot of nodes that depend on each other, in the order of the notice.
pub(super) fn find(graph: &DiGraph<Node, Link>) -> Vec<Diagnostic> {
    let mut knots: Vec<BTreeSet<NodeIndex>> = tarjan_scc(graph)
        .into_iter()
        .map(|knot| knot.into_iter().collect::<BTreeSet<_>>())
        .filter(|knot| {
            knot.len() > 1
                || knot
                    .iter()
                    .any(|node| graph.find_edge(*node, *node).is_some())
        })
        .collect();
    knots.sort_by_key(|knot| knot.first().copied());
    knots
        .iter()
        .filter_map(|knot| Some(diagnostic(graph, &shortest(graph, knot)?)))
        .collect()
}

/// The edges of a shortest cycle through the first node of a knot.
fn shortest(graph: &DiGraph<Node, Link>, knot: &BTreeSet<NodeIndex>) -> Option<Vec<EdgeIndex>> {
    let start = *knot.first()?;
    let mut reached_by: BTreeMap<NodeIndex, EdgeIndex> = BTreeMap::new();
    let mut waiting = VecDeque::from([start]);
    while let Some(node) = waiting.pop_front() {
        let mut edges: Vec<_> = graph.edges(node).map(|e| (e.target(), e.id())).collect();
        edges.sort_unstable();
        for (next, edge) in edges {
            if !knot.contains(&next) || reached_by.contains_key(&next) {
                continue;
            }
            reached_by.insert(next, edge);
            if next == start {
                let mut path = Vec::new();
                let mut at = start;
                while let Some(&edge) = reached_by.get(&at) {
                    path.push(edge);
                    at = graph.edge_endpoints(edge)?.0;
                    if at == start {
                        break;
                    }
                }
                path.reverse();
                return Some(path);
            }
            waiting.push_back(next);
        }
    }
    None
}

fn diagnostic(graph: &DiGraph<Node, Link>, path: &[EdgeIndex]) -> Diagnostic {
    let id = |node: NodeIndex| {
        graph
            .node_weight(node)
            .map(|node| node.id().to_string())
            .unwrap_or_default()
    };
    let mut names: Vec<String> = Vec::new();
    let mut labels = Vec::new();
    for edge in path {
        let (Some((from, to)), Some(link)) =
            (graph.edge_endpoints(*edge), graph.edge_weight(*edge))
        else {
            continue;
        };
        let (from, to) = (id(from), id(to));
        labels.push((
            link.at.clone(),
            match link.kind {
                EdgeKind::After => {
                    text!("`{to}` 以 `{from}` 为前提", "`{to}` comes after `{from}`")
                }
                EdgeKind::Triggers => text!("`{from}` 触发 `{to}`", "`{from}` triggers `{to}`"),
                EdgeKind::Unless => text!("`{from}` 排除 `{to}`", "`{from}` defeats `{to}`"),
                EdgeKind::Remedies => text!("`{to}` 补救 `{from}`", "`{to}` remedies `{from}`"),
                EdgeKind::Follows => text!("`{from}` 引起 `{to}`", "`{from}` explains `{to}`"),
            },
        ));
        if names.is_empty() {
            names.push(format!("`{from}`"));
        }
        names.push(format!("`{to}`"));
    }
    let path = names.join(" → ");
    let mut diagnostic = Diagnostic::new(
        Code::GraphCycle,
        text!(
            "循环依赖：{path}",
            "these depend on each other in a cycle: {path}"
        ),
    );
    for (at, text) in labels {
        diagnostic = diagnostic.label(at, text);
    }
    diagnostic.help(Text::new(
        "删去其中一处 after、triggers 或 remedies",
        "remove one of these `after`, `triggers` or `remedies`",
    ))
}
