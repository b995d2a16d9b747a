//! Whether what duties name as causes (`follows`) exists. A duty across cases may name one on each case, so that the graph
//! of either alone cannot tell.

use choucha_core::diagnostic::{Code, Diagnostic, nearest};
use choucha_core::obligation::{Id, RuleSet};
use choucha_core::text;

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
            let id = &link.id;
            let mut problem = Diagnostic::new(
                Code::GraphDanglingId,
                text!(
                    "follows 所指的 `{id}` 不存在",
                    "`{id}`, named by follows, does not exist"
                ),
            )
            .at(link.at.clone())
            .why(text!(
                "follows 应指向义务的编号",
                "follows names the id of an obligation"
            ));
            if let Some(near) = nearest(&id.0, known.iter().map(|id| id.0.as_str())) {
                problem = problem.help(text!("是否为 `{near}`？", "did you mean `{near}`?"));
            }
            problems.push(problem);
        }
    }
    problems
}
