//! Compares what excuses or excepts a breach, and what decides nothing.

use super::demand::{What, demands};
use super::formula::Formula;
use super::proof::Prover;
use super::weigh::Changes;
use super::{Aspect, Change, Class, Said, is_as_strict};
use crate::lang::Text;
use crate::obligation::Obligation;
use crate::source::Span;

/// One thing that removes a breach: its condition, title and place.
struct Softening<'a> {
    when: Formula<'a>,
    title: Text,
    at: Span,
}

/// Compares exceptions, and readings left to a person.
pub(super) fn softened<'a>(
    prover: Prover<'_, 'a>,
    lower: &'a Obligation,
    higher: &'a Obligation,
    changes: &mut Changes,
) {
    let exceptions = |prover: Prover<'_, 'a>, duty: &'a Obligation| -> Vec<Softening<'a>> {
        let all = prover.left.exceptions(&duty.unless).into_iter();
        all.map(|exception| Softening {
            when: Formula::Expr(&exception.holds, true),
            title: exception.title.clone(),
            at: exception.at.clone(),
        })
        .collect()
    };
    let readings = |duty: &'a Obligation| -> Vec<Softening<'a>> {
        let all = duty.review.iter();
        all.map(|reading| Softening {
            when: Formula::Expr(&reading.when, true),
            title: reading.text.clone(),
            at: reading.when.at().unwrap_or(&duty.at).clone(),
        })
        .collect()
    };
    let back = prover.back();
    let places = (&lower.at, &higher.at);
    // If the other side is kept, there is no breach to except.
    let kept = (kept(lower), kept(higher));
    let (own, other) = (exceptions(back, lower), exceptions(prover, higher));
    weigh(
        prover,
        Aspect::Exception,
        (&own, &other),
        places,
        &kept,
        changes,
    );
    let (own, other) = (readings(lower), readings(higher));
    weigh(
        prover,
        Aspect::Judgement,
        (&own, &other),
        places,
        &kept,
        changes,
    );
}

/// The formula that a duty is kept; `None` if it has deadlines.
fn kept(duty: &Obligation) -> Option<Formula<'_>> {
    let all = demands(duty).into_iter().map(|demand| match demand.what {
        What::Time(_) => None,
        What::Holds(expr, holds) => {
            let own = demand.part.and_then(|part| part.when.as_ref());
            let unasked = own.map(|when| Formula::Expr(when, false));
            let kept = std::iter::once(Formula::Expr(expr, holds)).chain(unasked);
            Some(Formula::Any(kept.collect()))
        }
    });
    all.collect::<Option<Vec<_>>>().map(Formula::All)
}

/// Reports remedies that excuse a breach of the lower duty and have no counterpart in the higher.
pub(super) fn excused<'a>(
    prover: Prover<'_, 'a>,
    lower: &'a Obligation,
    higher: &'a Obligation,
    changes: &mut Changes,
) {
    let known = prover.left.excuses(higher);
    for excuse in prover.right.excuses(lower) {
        let kept = known
            .iter()
            .any(|known| std::ptr::eq(*known, excuse) || is_as_strict(prover, excuse, known));
        if !kept {
            changes.push(Change {
                aspect: Aspect::Excuse,
                class: Class::Relaxed,
                part: None,
                lower: Said::Titled(excuse.title.clone()),
                higher: Said::Nothing,
                lower_at: excuse.at.clone(),
                higher_at: higher.at.clone(),
            });
        }
    }
}

/// Reports where only one side is a right that lapses: such a right is never breached, a duty is.
pub(super) fn lapsing(lower: &Obligation, higher: &Obligation, changes: &mut Changes) {
    if lower.lapses == higher.lapses {
        return;
    }
    let said = |duty: &Obligation| {
        Said::Titled(if duty.lapses {
            Text::new(
                "逾期丧失权利，不构成违规",
                "out of time the right lapses, which is no breach",
            )
        } else {
            Text::new("逾期构成违规", "out of time it is breached")
        })
    };
    changes.push(Change {
        aspect: Aspect::Excuse,
        class: if lower.lapses {
            Class::Relaxed
        } else {
            Class::Tightened
        },
        part: None,
        lower: said(lower),
        higher: said(higher),
        lower_at: lower.at.clone(),
        higher_at: higher.at.clone(),
    });
}

/// Compares two sets of softenings: a side that excuses more than the other is relaxed, one that excuses less is
/// tightened; if each excuses what the other does not, they differ.
fn weigh<'a>(
    prover: Prover<'_, 'a>,
    aspect: Aspect,
    (own, other): (&[Softening<'a>], &[Softening<'a>]),
    (lower_at, higher_at): (&Span, &Span),
    kept: &(Option<Formula<'a>>, Option<Formula<'a>>),
    changes: &mut Changes,
) {
    let any = |all: &[Softening<'a>], kept: Option<&Formula<'a>>| -> Vec<Formula<'a>> {
        all.iter()
            .map(|soft| soft.when.clone())
            .chain(kept.cloned())
            .collect()
    };
    // One softening of the other side makes a short proof, which usually suffices; all together make a long one.
    let is_covered = |prover: Prover<'_, 'a>,
                      soft: &Softening<'a>,
                      by: &[Softening<'a>],
                      kept: Option<&Formula<'a>>| {
        let follows = |wanted| prover.follows(vec![soft.when.clone()], wanted, &[]);
        by.iter().any(|one| follows(vec![one.when.clone()])) || follows(any(by, kept))
    };
    let more: Vec<&Softening<'a>> = own
        .iter()
        .filter(|soft| !is_covered(prover.back(), soft, other, kept.1.as_ref()))
        .collect();
    let less: Vec<&Softening<'a>> = other
        .iter()
        .filter(|soft| !is_covered(prover, soft, own, kept.0.as_ref()))
        .collect();
    let both = !more.is_empty() && !less.is_empty();
    let class = |one: Class| if both { Class::Differs } else { one };
    changes.extend(more.into_iter().map(|soft| Change {
        aspect,
        class: class(Class::Relaxed),
        part: None,
        lower: Said::Titled(soft.title.clone()),
        higher: Said::Nothing,
        lower_at: soft.at.clone(),
        higher_at: higher_at.clone(),
    }));
    changes.extend(less.into_iter().map(|soft| Change {
        aspect,
        class: class(Class::Tightened),
        part: None,
        lower: Said::Nothing,
        higher: Said::Titled(soft.title.clone()),
        lower_at: lower_at.clone(),
        higher_at: soft.at.clone(),
    }));
}

/// Reports what decides nothing: who owes it, and how serious a breach is.
pub(super) fn relabelled(lower: &Obligation, higher: &Obligation, changes: &mut Changes) {
    let change = |aspect, own, other| Change {
        aspect,
        class: Class::Differs,
        part: None,
        lower: own,
        higher: other,
        lower_at: lower.at.clone(),
        higher_at: higher.at.clone(),
    };
    if lower.bearer != higher.bearer {
        let (own, other) = (lower.bearer.clone(), higher.bearer.clone());
        changes.push(change(
            Aspect::Bearer,
            Said::Bearer(own),
            Said::Bearer(other),
        ));
    }
    if lower.severity != higher.severity {
        let (own, other) = (lower.severity, higher.severity);
        changes.push(change(
            Aspect::Severity,
            Said::Severity(own),
            Said::Severity(other),
        ));
    }
}
