//! Reports what a rule set relaxes of the rule sets above it.

use super::{Class, Comparison, World, compare, is_covered};
use crate::diagnostic::{Code, Diagnostic};
use crate::lang::Text;
use crate::obligation::{Citation, Id, Link, Obligation, RuleSet};
use crate::text;
use crate::vocabulary::Vocabulary;

/// A higher duty, the duties of nearer rule sets that refine it, and their comparison.
#[derive(Debug, Clone)]
pub struct Refinement<'a> {
    /// The refined duty.
    pub higher: &'a Obligation,
    /// The duties that refine it directly, those of the nearest rule set first.
    pub lower: Vec<&'a Obligation>,
    /// All of them together, compared with it.
    pub comparison: Comparison,
}

/// Every refined duty among rule sets in force together, the nearest first.
///
/// Omits refinements of duties that no layer declares: the graph reports them.
#[must_use]
pub fn refinements<'a>(layers: &[&'a RuleSet]) -> Vec<Refinement<'a>> {
    let worlds = worlds(layers);
    let Some(world) = worlds.first() else {
        return Vec::new();
    };
    refined(world)
        .into_iter()
        .map(|(higher, lower)| {
            let above = above(&worlds, higher).unwrap_or(world);
            let comparison = compare((world, &lower), (above, higher));
            Refinement {
                higher,
                lower,
                comparison,
            }
        })
        .collect()
}

/// The duties whose refinements are not shown to cover them: they stay in force as well.
pub(crate) fn uncovered<'a>(layers: &[&'a RuleSet]) -> Vec<&'a Obligation> {
    let worlds = worlds(layers);
    let Some(world) = worlds.first() else {
        return Vec::new();
    };
    refined(world)
        .into_iter()
        .filter(|(_, lower)| !lower.iter().any(|duty| duty.counts_otherwise))
        .filter(|(higher, lower)| {
            let above = above(&worlds, higher).unwrap_or(world);
            !is_covered((world, lower), (above, higher))
        })
        .map(|(higher, _)| higher)
        .collect()
}

/// The refined duties, each with the duties that refine it directly.
fn refined<'a>(world: &World<'a>) -> Vec<(&'a Obligation, Vec<&'a Obligation>)> {
    let mut found: Vec<(&'a Obligation, Vec<&'a Obligation>)> = Vec::new();
    for lower in world.obligations() {
        let higher = lower.refines.as_ref();
        let Some(higher) = higher.and_then(|link| world.obligation(&link.id)) else {
            continue;
        };
        if std::ptr::eq(lower, higher) {
            continue;
        }
        let known = found
            .iter_mut()
            .find(|(known, _)| std::ptr::eq(*known, higher));
        match known {
            Some((_, all)) => all.push(lower),
            None => found.push((higher, vec![lower])),
        }
    }
    found
}

/// The world of all layers, then of all but the nearest, and so on.
fn worlds<'a>(layers: &[&'a RuleSet]) -> Vec<World<'a>> {
    let from = |nearest: usize| layers.get(nearest..).unwrap_or_default().to_vec();
    (0..layers.len())
        .map(|nearest| World::new(from(nearest)))
        .collect()
}

/// The world of a higher duty without the layers nearer than its own, if its rule set is among the layers.
fn above<'w, 'a>(worlds: &'w [World<'a>], higher: &Obligation) -> Option<&'w World<'a>> {
    let is_own = |world: &&World<'_>| {
        let nearest = world.layers.first();
        nearest.is_some_and(|set| set.id == higher.ruleset)
    };
    worlds.iter().find(is_own)
}

/// The diagnostics for what the first of several rule sets relaxes, or may relax, of the others: a warning if it
/// relaxes, a note if it cannot be compared. The higher duty then stays in force as well.
///
/// `layers`: the rule set, then those it includes.
#[must_use]
pub fn relaxations(layers: &[&RuleSet], vocabulary: &Vocabulary) -> Vec<Diagnostic> {
    let own = layers.first().map(|set| &set.id);
    let mut found: Vec<Diagnostic> = refinements(layers)
        .iter()
        .filter(|found| found.lower.iter().any(|duty| Some(&duty.ruleset) == own))
        .filter_map(|found| diagnostic(found, vocabulary))
        .collect();
    let above = World::new(layers.get(1..).unwrap_or_default().to_vec());
    let duties = layers.first().map_or(&[][..], |set| &set.obligations);
    for duty in duties {
        found.extend(interferences(duty, &above, layers));
    }
    found
}

/// Whether the duty with this id, in any layer, is a remedy that excuses a breach of another.
#[must_use]
pub fn excuses_above(layers: &[&RuleSet], remedy: &Id, base: &Id) -> bool {
    let mut duties = layers.iter().flat_map(|set| &set.obligations);
    let remedy = duties.find(|duty| duty.id == *remedy);
    remedy.is_some_and(|remedy| {
        let link = remedy.remedies.as_ref().filter(|_| remedy.excuses);
        link.is_some_and(|link| link.id == *base)
    })
}

/// How a duty weakens a higher one without refining it: it excuses its breach, or makes it arise only together with
/// itself.
fn interferences(duty: &Obligation, above: &World<'_>, layers: &[&RuleSet]) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    let mut report = |link: &Link, higher: &Obligation, message: Text| {
        found.push(
            Diagnostic::new(Code::LayersRelaxed, message)
                .at(link.at.clone())
                .label(
                    higher.at.clone(),
                    text!("上位义务 `{}`", "`{}`, the duty above"; Text::same(higher.id.to_string())),
                )
                .why(Text::new(
                    "下位规定不得放宽上位规定：这一关系不起作用",
                    "a lower norm may not relax a higher one: the link has no effect",
                ))
                .help(Text::new(
                    "删去这一关系；上位规定自有的免除或者触发，用 refines 细化",
                    "leave the link out; what the higher norm itself excuses or triggers is refined with `refines`",
                )),
        );
    };
    let id = &duty.id;
    if let Some(link) = duty.remedies.as_ref().filter(|_| duty.excuses)
        && let Some(higher) = above.obligation(&link.id)
    {
        let refined = duty.refines.as_ref();
        if !refined.is_some_and(|refined| excuses_above(layers, &refined.id, &higher.id)) {
            let base = &higher.id;
            report(
                link,
                higher,
                text!(
                    "`{id}` 免除上位义务 `{base}` 的违反",
                    "`{id}` excuses a breach of `{base}` above it"
                ),
            );
        }
    }
    for link in &duty.triggers {
        let Some(higher) = above.obligation(&link.id) else {
            continue;
        };
        let triggered = above
            .obligations()
            .any(|known| known.triggers.iter().any(|link| link.id == higher.id));
        if !triggered {
            let base = &higher.id;
            report(
                link,
                higher,
                text!(
                    "`{id}` 使上位义务 `{base}` 仅随其产生",
                    "`{id}` makes `{base}` above it arise only with itself"
                ),
            );
        }
    }
    found
}

fn diagnostic(found: &Refinement<'_>, vocabulary: &Vocabulary) -> Option<Diagnostic> {
    let class = found.comparison.class();
    let covers = found.comparison.covers();
    if found.lower.iter().any(|duty| duty.counts_otherwise) {
        return None;
    }
    let lower = found.lower.first()?;
    let (id, higher) = (&lower.id, &found.higher.id);
    let (code, message) = match (class, covers) {
        (Class::Relaxed, false) => (
            Code::LayersRelaxed,
            text!(
                "`{id}` 放宽了上位义务 `{higher}`",
                "`{id}` relaxes `{higher}` above it"
            ),
        ),
        (_, false) => (
            Code::LayersNotComparable,
            text!(
                "`{id}` 不能证明不低于上位义务 `{higher}`",
                "`{id}` is not shown to demand as much as `{higher}` above it"
            ),
        ),
        (_, true) => return None,
    };
    let at = lower.refines.as_ref().map_or(&lower.at, |link| &link.at);
    let mut diagnostic = Diagnostic::new(code, message).at(at.clone());
    for change in found.comparison.lacking() {
        let title = change.title();
        let (own, other) = (
            change.lower_text(vocabulary),
            change.higher_text(vocabulary),
        );
        diagnostic = diagnostic
            .label(change.lower_at.clone(), text!("{}", "{}"; title))
            .why(
                text!("{}：此处为“{}”，上位为“{}”", "{}: “{}” here, “{}” above"; title, own, other),
            );
    }
    diagnostic = diagnostic.label(
        found.higher.at.clone(),
        text!("上位义务 `{higher}`", "`{higher}`, the duty above"),
    );
    for duty in [*lower, found.higher] {
        let cited = duty
            .citations
            .iter()
            .find(|cited| is_own(cited, duty, found));
        if let Some(cited) = cited.or_else(|| duty.citations.first()) {
            let (number, section, quote) = (&cited.instrument, &cited.section, &cited.quote);
            diagnostic = diagnostic.why(text!(
                "{number} {section}：“{quote}”",
                "{number} {section}: “{quote}”"
            ));
        }
    }
    Some(
        diagnostic
            .why(Text::new(
                "下位规定不得放宽上位规定：上位义务仍然有效，两项分别审查",
                "a lower norm may not relax a higher one: the duty above stays in force, and both are audited",
            ))
            .help(Text::new(
                "规定确实更严的，改写条件、要求或者期限，使其不低于上位义务；不是同一义务的，删去 refines",
                "if the text is stricter, write condition, demand or deadline so that it asks at least as much; if it is another duty, leave out `refines`",
            )),
    )
}

/// Whether a citation is of the duty's own instrument, and not one shared with the duty it is compared with.
fn is_own(cited: &Citation, duty: &Obligation, found: &Refinement<'_>) -> bool {
    let higher = found.higher.citations.iter();
    std::ptr::eq(duty, found.higher)
        || higher
            .clone()
            .all(|other| other.instrument != cited.instrument)
}
