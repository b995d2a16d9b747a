//! Whether what duties name as causes (`follows`) exists. A duty across cases may name one on each case, so that the graph
//! of either alone cannot tell.

use choucha_core::diagnostic::Diagnostic;
use choucha_core::graph;
use choucha_core::lang::Text;
use choucha_core::obligation::{Id, RuleSet};

use super::Rulebook;

/// A diagnostic for every `follows` that names no obligation of its rule set or of those it includes.
pub(super) fn unknown(book: &Rulebook) -> Vec<Diagnostic> {
    let mut problems = Vec::new();
    for set in &book.rule_sets {
        let mut known: Option<Vec<&Id>> = None;
        for link in set.all_obligations().flat_map(|duty| &duty.follows) {
            let known = known.get_or_insert_with(|| {
                let layers = book.layers(set).into_iter();
                let duties = layers.flat_map(RuleSet::all_obligations);
                duties.map(|duty| &duty.id).collect()
            });
            if known.contains(&&link.id) {
                continue;
            }
            let why = Text::new(
                "follows 应指向义务的编号",
                "follows names the id of an obligation",
            );
            let known = known.iter().map(|id| id.0.as_str());
            problems.push(graph::dangling(link, "follows", why, known));
        }
    }
    problems
}
