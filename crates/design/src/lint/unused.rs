//! Stages, exceptions and facts that nothing uses.

use std::collections::HashSet;

use super::named;
use choucha_core::audit;
use choucha_core::diagnostic::{Code, Diagnostic};
use choucha_core::expr::{Expr, ExprKind};
use choucha_core::lang::Text;
use choucha_core::obligation::{Id, RuleSet};
use choucha_core::text;
use choucha_core::vocabulary::FactId;
use choucha_run::engine::Engine;

/// Stages and exceptions of a rule set that no rule of it, or of a rule set that includes it, names.
pub(super) fn nodes(engine: &Engine, set: &RuleSet) -> Vec<Diagnostic> {
    let mut used: HashSet<&Id> = HashSet::new();
    for other in &engine.rulebook().rule_sets {
        if !engine.layers(other).iter().any(|layer| layer.id == set.id) {
            continue;
        }
        let links = other.all_obligations().flat_map(|o| {
            let remedies = o.remedies.iter();
            o.after
                .iter()
                .chain(&o.triggers)
                .chain(&o.unless)
                .chain(&o.follows)
                .chain(remedies)
        });
        let stages = other.stages.iter().flat_map(|stage| &stage.after);
        used.extend(links.chain(stages).map(|link| &link.id));
    }
    let stages = set.stages.iter().filter(|stage| !used.contains(&stage.id));
    let stages = stages.map(|stage| {
        let name = named(&stage.title, &stage.id);
        let (zh, en) = (&name.zh, &name.en);
        let message = text!(
            "没有规则以环节{zh}为前提",
            "no rule presupposes the stage {en}"
        );
        Diagnostic::new(Code::LintUnusedStage, message)
            .at(stage.at.clone())
            .help(Text::new(
                "在义务的 after 中写上该环节，或者删去环节",
                "name it in the `after` of an obligation, or remove it",
            ))
    });
    let exceptions = set.exceptions.iter().filter(|one| !used.contains(&one.id));
    let exceptions = exceptions.map(|exception| {
        let name = named(&exception.title, &exception.id);
        let (zh, en) = (&name.zh, &name.en);
        let message = text!(
            "没有义务引用例外{zh}",
            "no obligation names the exception {en}"
        );
        Diagnostic::new(Code::LintUnusedException, message)
            .at(exception.at.clone())
            .help(Text::new(
                "在义务的 unless 中写上该例外，或者删去例外",
                "name it in the `unless` of an obligation, or remove it",
            ))
    });
    stages.chain(exceptions).collect()
}

/// The facts that no rule set, inference, order of dates or role reads, in one note.
pub(super) fn facts(engine: &Engine) -> Option<Diagnostic> {
    let vocabulary = engine.vocabulary();
    let mut read = audit::beside_rules(vocabulary);
    for set in &engine.rulebook().rule_sets {
        for expr in set.expressions() {
            collect(expr, &mut read);
        }
    }
    let unread: Vec<&str> = (0u16..)
        .zip(vocabulary.facts())
        .filter(|(id, _)| !read.contains(&FactId(*id)))
        .map(|(_, fact)| fact.path.as_str())
        .collect();
    if unread.is_empty() {
        return None;
    }
    let (n, all) = (unread.len(), vocabulary.facts().len());
    let list = unread.join(", ");
    let message = text!(
        "数据字典的 {all} 项事实中，有 {n} 项没有规则用到",
        "{n} of the {all} facts of the vocabulary are read by no rule"
    );
    Some(
        Diagnostic::new(Code::LintUnusedFacts, message)
            .about("vocabulary")
            .why(Text::same(list)),
    )
}

fn collect(expr: &Expr, into: &mut HashSet<FactId>) {
    if let ExprKind::Fact { fact, .. } | ExprKind::Field { fact, .. } = expr.kind() {
        into.insert(*fact);
    }
    for child in expr.children() {
        collect(child, into);
    }
}
