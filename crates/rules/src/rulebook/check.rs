//! Checks across rule sets, once all are loaded: includes, and shared ids.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use choucha_core::diagnostic::{Code, Diagnostic};
use choucha_core::lang::Text;
use choucha_core::obligation::{Id, RuleSet, RuleSetId};
use choucha_core::source::Span;
use choucha_core::text;

/// All errors between rule sets.
pub(super) fn between(
    rule_sets: &BTreeMap<RuleSetId, RuleSet>,
    includes: &HashMap<RuleSetId, Vec<(String, Span)>>,
) -> Vec<Diagnostic> {
    let mut problems = Vec::new();
    let mut reported = BTreeSet::new();
    for id in rule_sets.keys() {
        let mut path = vec![id.clone()];
        cycles(id, includes, &mut path, &mut reported, &mut problems);
    }
    if problems.is_empty() {
        for set in rule_sets.values() {
            shared_ids(set, rule_sets, &mut problems);
        }
    }
    problems
}

/// Follows the includes from the last of `path`; reports each cycle once, wherever it is entered.
fn cycles(
    id: &RuleSetId,
    includes: &HashMap<RuleSetId, Vec<(String, Span)>>,
    path: &mut Vec<RuleSetId>,
    reported: &mut BTreeSet<Vec<RuleSetId>>,
    problems: &mut Vec<Diagnostic>,
) {
    // Longer than any sensible layering; keeps the search from growing with the number of paths.
    if path.len() > 16 {
        return;
    }
    for (included, at) in includes.get(id).into_iter().flatten() {
        let included = RuleSetId(included.clone());
        let Some(from) = path.iter().position(|known| *known == included) else {
            path.push(included.clone());
            cycles(&included, includes, path, reported, problems);
            path.pop();
            continue;
        };
        let mut members = path[from..].to_vec();
        members.sort();
        if !reported.insert(members) {
            continue;
        }
        let names: Vec<&str> = path[from..]
            .iter()
            .chain([&included])
            .map(|id| id.0.as_str())
            .collect();
        let circle = names.join(" → ");
        let message = text!(
            "规则集循环包含：{circle}",
            "rule sets include each other in a circle: {circle}"
        );
        let mut diagnostic = Diagnostic::new(Code::RulesIncludeCycle, message).at(at.clone());
        for pair in path[from..].windows(2) {
            let next = includes
                .get(&pair[0])
                .into_iter()
                .flatten()
                .find(|(name, _)| *name == pair[1].0);
            if let Some((name, at)) = next {
                diagnostic = diagnostic.label(
                    at.clone(),
                    text!("此处包含 `{name}`", "`{name}` is included here"),
                );
            }
        }
        problems.push(diagnostic);
    }
}

/// Reports ids that an included rule set has too, unless the obligation refines that very obligation.
fn shared_ids(
    set: &RuleSet,
    rule_sets: &BTreeMap<RuleSetId, RuleSet>,
    problems: &mut Vec<Diagnostic>,
) {
    let mut above: HashMap<&Id, &Span> = HashMap::new();
    let mut waiting: Vec<&RuleSetId> = set.includes.iter().collect();
    let mut seen = BTreeSet::new();
    while let Some(id) = waiting.pop() {
        let Some(included) = rule_sets.get(id).filter(|_| seen.insert(id)) else {
            continue;
        };
        above.extend(declared(included));
        waiting.extend(&included.includes);
    }
    for (id, at) in declared(set) {
        let Some(first) = above.get(id) else {
            continue;
        };
        let refines = set.all_obligations().any(|known| {
            known.id == *id && known.refines.as_ref().is_some_and(|link| link.id == *id)
        });
        if refines {
            continue;
        }
        let message = text!(
            "编号 `{id}` 与所包含的规则集重复",
            "the id `{id}` is taken by a rule set this one includes"
        );
        let help = text!(
            "若是同一义务的更严规定，写 refines: \"{id}\"；否则换一个编号",
            "if it is the same duty made tighter write refines: \"{id}\"; else choose another id"
        );
        problems.push(
            Diagnostic::new(Code::RulesDuplicateId, message)
                .at(at.clone())
                .label((*first).clone(), Text::new("已在此声明", "declared here"))
                .help(help),
        );
    }
}

fn declared(set: &RuleSet) -> impl Iterator<Item = (&Id, &Span)> {
    let stages = set.stages.iter().map(|stage| (&stage.id, &stage.at));
    let exceptions = set
        .exceptions
        .iter()
        .map(|exception| (&exception.id, &exception.at));
    let obligations = set
        .all_obligations()
        .map(|obligation| (&obligation.id, &obligation.at));
    stages.chain(exceptions).chain(obligations)
}
