//! Matches the duties of the two sides.

use std::collections::BTreeSet;

use super::Side;
use choucha_core::compare::{self, Class, World};
use choucha_core::expr::Expr;
use choucha_core::obligation::{Deadline, Obligation, Requirement};
use choucha_core::vocabulary::Vocabulary;

choucha_core::coded! {
    /// Why two duties were matched.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
    pub enum Match {
        /// They have the same id.
        Id = "id";
        /// They refine the same duty above, or one refines the other.
        Refines = "refines";
        /// They demand the same things.
        Demand = "demand";
        /// Their clauses, or the facts they read, are similar.
        Likeness = "likeness";
    }
}

/// The least similarity, from 0 to 1, of two duties that are matched.
const ALIKE: f64 = 0.45;

/// The least similarity of their words if one duty reads all the facts of the other.
const NEAR: f64 = 0.3;

type Pair<'a> = (&'a Obligation, &'a Obligation, Match);
type Duties<'s, 'a> = (&'s World<'a>, &'s Side<'a>, &'s [&'a Obligation]);

/// The matched duties, each at most once, the most certain matches first.
pub(super) fn pairs<'a>(before: Duties<'_, 'a>, after: Duties<'_, 'a>) -> Vec<Pair<'a>> {
    let mut found = Found {
        pairs: Vec::new(),
        before: before.2,
        after: after.2,
    };
    found.by(Match::Id, |old, new| old.id == new.id);
    found.by(Match::Refines, |old, new| {
        root(before.1, old) == root(after.1, new)
    });
    found.by(Match::Demand, |old, new| {
        // Comparing is expensive: only duties that read the same facts can be equal.
        reads(before.1.vocabulary, old) == reads(after.1.vocabulary, new)
            && compare::compare((after.0, &[new]), (before.0, old)).class() == Class::Same
    });
    found.by_likeness(|old, new| {
        let (a, b) = (
            reads(before.1.vocabulary, old),
            reads(after.1.vocabulary, new),
        );
        let shared = a.intersection(&b).count();
        let is_of_a_kind = old.bearer == new.bearer && old.scope == new.scope;
        if !is_of_a_kind || is_timed(old) != is_timed(new) {
            return 0.0;
        }
        let facts = ratio(2 * shared, a.len() + b.len());
        let words = words_alike(old, new);
        // One demands more about the same thing, in similar words.
        let one_is_part = shared > 0 && shared == a.len().min(b.len()) && words >= NEAR;
        words.max(facts).max(if one_is_part { ALIKE } else { 0.0 })
    });
    found.pairs
}

struct Found<'s, 'a> {
    pairs: Vec<Pair<'a>>,
    before: &'s [&'a Obligation],
    after: &'s [&'a Obligation],
}

impl<'a> Found<'_, 'a> {
    fn open(&self) -> (Vec<&'a Obligation>, Vec<&'a Obligation>) {
        let old = |duty: &&&Obligation| !self.pairs.iter().any(|pair| std::ptr::eq(pair.0, **duty));
        let new = |duty: &&&Obligation| !self.pairs.iter().any(|pair| std::ptr::eq(pair.1, **duty));
        (
            self.before.iter().filter(old).copied().collect(),
            self.after.iter().filter(new).copied().collect(),
        )
    }

    fn by(&mut self, how: Match, is_one: impl Fn(&'a Obligation, &'a Obligation) -> bool) {
        let (old, mut new) = self.open();
        for old in old {
            if let Some(at) = new.iter().position(|new| is_one(old, new)) {
                self.pairs.push((old, new.remove(at), how));
            }
        }
    }

    /// Matches the most similar pairs first; ties in the order declared.
    fn by_likeness(&mut self, likeness: impl Fn(&'a Obligation, &'a Obligation) -> f64) {
        let (old, new) = self.open();
        let mut all: Vec<(f64, usize, usize)> = Vec::new();
        for (i, before) in old.iter().enumerate() {
            for (j, after) in new.iter().enumerate() {
                let alike = likeness(before, after);
                if alike >= ALIKE {
                    all.push((alike, i, j));
                }
            }
        }
        all.sort_by(|a, b| b.0.total_cmp(&a.0).then((a.1, a.2).cmp(&(b.1, b.2))));
        let mut taken = (BTreeSet::new(), BTreeSet::new());
        for (_, i, j) in all {
            if taken.0.contains(&i) || taken.1.contains(&j) {
                continue;
            }
            if let (Some(before), Some(after)) = (old.get(i), new.get(j)) {
                taken.0.insert(i);
                taken.1.insert(j);
                self.pairs.push((before, after, Match::Likeness));
            }
        }
    }
}

/// The id of the topmost duty that a duty refines, or its own id.
fn root<'a>(side: &Side<'a>, duty: &'a Obligation) -> &'a str {
    let mut at = duty;
    // The bound is the most layers there can be.
    for _ in 0..16 {
        let Some(link) = &at.refines else { break };
        let mut all = side.layers.iter().flat_map(|set| set.all_obligations());
        match all.find(|known| known.id == link.id && !std::ptr::eq(*known, at)) {
            Some(higher) => at = higher,
            None => return &link.id.0,
        }
    }
    &at.id.0
}

/// The paths of the facts that its requirement reads.
fn reads<'a>(vocabulary: &'a Vocabulary, duty: &Obligation) -> BTreeSet<&'a str> {
    fn collect<'e>(requirement: &'e Requirement, into: &mut Vec<&'e Expr>) {
        match requirement {
            Requirement::Must(expr) | Requirement::MustNot(expr) => into.push(expr),
            Requirement::Deadline(Deadline { act, since, .. }) => {
                into.push(act);
                into.extend(since);
            }
            Requirement::Parts(parts) => {
                parts
                    .iter()
                    .for_each(|part| collect(&part.requirement, into));
            }
        }
    }
    let mut all = Vec::new();
    collect(&duty.requirement, &mut all);
    all.iter()
        .flat_map(|expr| expr.facts())
        .map(|fact| vocabulary.fact(fact).path.as_str())
        .collect()
}

fn is_timed(duty: &Obligation) -> bool {
    matches!(duty.requirement, Requirement::Deadline(_))
}

/// The similarity of the words two duties quote, from 0 to 1: that of the two most similar sentences, by pairs of
/// characters.
fn words_alike(a: &Obligation, b: &Obligation) -> f64 {
    let pairs = |text: &str| -> BTreeSet<(char, char)> {
        let chars: Vec<char> = text.chars().filter(|c| c.is_alphanumeric()).collect();
        chars
            .windows(2)
            .filter_map(|two| Some((*two.first()?, *two.last()?)))
            .collect()
    };
    let mut most: f64 = 0.0;
    for a in a.all_citations() {
        let a = pairs(&a.quote);
        for b in b.all_citations() {
            let b = pairs(&b.quote);
            most = most.max(ratio(2 * a.intersection(&b).count(), a.len() + b.len()));
        }
    }
    most
}

#[allow(clippy::cast_precision_loss, reason = "counts of characters and facts")]
fn ratio(part: usize, of: usize) -> f64 {
    if of == 0 {
        0.0
    } else {
        part as f64 / of as f64
    }
}
