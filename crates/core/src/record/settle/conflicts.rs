//! Reports contradictions and dates in the wrong order in a record, once per cause.
//!
//! One wrong fact often breaks several inferences: a sampling recorded as terminated rules out the tests that the
//! record states, and each of those tests implies that the sampling was completed. Inferences that share a recorded
//! fact are one cause, and one diagnostic lists all its facts.

use super::{Record, Settled};
use crate::diagnostic::{Code, Diagnostic};
use crate::lang::Text;
use crate::text;
use crate::value::{ShapeId, SlotId};
use crate::vocabulary::Vocabulary;

/// How many facts of one cause are shown with their places before the rest are counted.
const SHOWN: usize = 12;

/// How many reasons of one cause are given.
const REASONS: usize = 4;

/// An inference that holds but contradicts the record.
struct Conflict {
    /// Its position in the vocabulary.
    inference: usize,
    /// What it rules out.
    ruled_out: Vec<SlotId>,
    /// The recorded facts it rests on.
    given: Vec<SlotId>,
    /// Those facts, and the recorded facts behind what it rules out.
    recorded: Vec<SlotId>,
}

impl Settled {
    /// The warnings about contradictions and dates in the wrong order, with every place; one diagnostic per cause.
    #[must_use]
    pub fn diagnostics(&self, record: &Record, vocabulary: &Vocabulary) -> Vec<Diagnostic> {
        let mut diagnostics: Vec<Diagnostic> = causes(self.conflicts(vocabulary))
            .iter()
            .filter_map(|cause| match cause.as_slice() {
                [only] => self.contradiction(record, vocabulary, only),
                several => self.contradictions(record, vocabulary, several),
            })
            .chain(
                self.backwards
                    .iter()
                    .map(|(first, second)| self.reversal(record, vocabulary, *first, *second)),
            )
            .collect();
        diagnostics.sort_by(Diagnostic::order);
        diagnostics
    }

    /// The inferences that the record contradicts, in the order of the vocabulary.
    fn conflicts(&self, vocabulary: &Vocabulary) -> Vec<Conflict> {
        let mut positions: Vec<usize> = self.contradictions.iter().map(|(_, at)| *at).collect();
        positions.sort_unstable();
        positions.dedup();
        let conflict = |inference: usize| {
            let ruled_out: Vec<SlotId> = self
                .contradictions
                .iter()
                .filter(|(_, at)| *at == inference)
                .map(|(slot, _)| *slot)
                .collect();
            let given: Vec<SlotId> = vocabulary
                .inferences()
                .get(inference)?
                .given
                .iter()
                .map(|(slot, _)| self.behind(vocabulary, *slot))
                .collect();
            let mut recorded = given.clone();
            recorded.extend(ruled_out.iter().map(|slot| self.behind(vocabulary, *slot)));
            recorded.sort_unstable();
            recorded.dedup();
            Some(Conflict {
                inference,
                ruled_out,
                given,
                recorded,
            })
        };
        positions.into_iter().filter_map(conflict).collect()
    }

    /// The recorded fact behind a slot: the slot itself, or the fact that settles it.
    fn behind(&self, vocabulary: &Vocabulary, slot: SlotId) -> SlotId {
        let mut slot = slot;
        // An inference settles a slot once, so a chain has at most as many steps as there are inferences.
        for _ in 0..=vocabulary.inferences().len() {
            let settling = self.inference(slot).and_then(|at| {
                let inference = vocabulary.inferences().get(at)?;
                inference.given.first()
            });
            match settling {
                Some((given, _)) => slot = *given,
                None => break,
            }
        }
        slot
    }

    /// One diagnostic for everything that several inferences with a common fact rule out.
    fn contradictions(
        &self,
        record: &Record,
        vocabulary: &Vocabulary,
        cause: &[Conflict],
    ) -> Option<Diagnostic> {
        let mut facts: Vec<SlotId> = cause
            .iter()
            .flat_map(|conflict| conflict.recorded.iter().copied())
            .collect();
        facts.sort_unstable();
        facts.dedup();
        // The fact that most of them depend on; of several, the first in the dictionary.
        let turns_on = |slot: &SlotId| {
            let on = cause.iter().filter(|c| c.recorded.contains(slot)).count();
            (std::cmp::Reverse(on), *slot)
        };
        let centre = *facts.iter().min_by_key(|slot| turns_on(slot))?;
        facts.retain(|slot| *slot != centre);
        let n = facts.len();
        let shown = self.named(vocabulary, centre);
        let mut diagnostic = Diagnostic::new(
            Code::RecordContradiction,
            match n {
                1 => text!(
                    "{}与案卷的另一处记载矛盾",
                    "{} contradicts another fact of the record"; shown
                ),
                _ => text!(
                    "{}与案卷的另外{n}处记载矛盾",
                    "{} contradicts {n} other facts of the record"; shown
                ),
            },
        );
        if let Some(span) = self.place(record, vocabulary, centre) {
            diagnostic = diagnostic.at(span);
        }
        for &slot in facts.iter().take(SHOWN) {
            if let Some(span) = self.place(record, vocabulary, slot) {
                diagnostic = diagnostic.label(span, self.seen(vocabulary, slot));
            }
        }
        if n > SHOWN {
            let rest = n - SHOWN;
            diagnostic = diagnostic.why(text!(
                "另有{rest}处与之矛盾的记载没有列出",
                "{rest} more facts that contradict it are not listed"
            ));
        }
        let turning: Vec<&Conflict> = cause.iter().filter(|c| c.given.contains(&centre)).collect();
        let shown = match turning.is_empty() {
            true => cause.iter().collect(),
            false => turning,
        };
        for conflict in shown.into_iter().take(REASONS) {
            let inference = vocabulary.inferences().get(conflict.inference)?;
            if !diagnostic.why.contains(&inference.why) {
                diagnostic = diagnostic.why(inference.why.clone());
            }
        }
        Some(diagnostic.help(Text::new(
            "请核对原件，改正有误的记载；核对之前，据此得出的审查结果不可靠",
            "check the papers and correct what is wrong; until then the findings that rest on it are not reliable",
        )))
    }

    /// A fact in backticks, with its value.
    fn named(&self, vocabulary: &Vocabulary, slot: SlotId) -> Text {
        let fact = vocabulary.fact_in(ShapeId::ROOT, slot);
        let (title, shown) = (&fact.title, vocabulary.show(&fact.ty, self.get(slot)));
        Text::new(
            format!("`{}`（{}）", title.zh, shown.zh),
            format!("`{}` ({})", title.en, shown.en),
        )
    }

    /// A fact with its value, as the annotation of its place.
    fn seen(&self, vocabulary: &Vocabulary, slot: SlotId) -> Text {
        let fact = vocabulary.fact_in(ShapeId::ROOT, slot);
        let (title, shown) = (&fact.title, vocabulary.show(&fact.ty, self.get(slot)));
        Text::new(
            format!("{}：{}", title.zh, shown.zh),
            format!("{}: {}", title.en, shown.en),
        )
    }

    /// One diagnostic for everything that one inference rules out.
    fn contradiction(
        &self,
        record: &Record,
        vocabulary: &Vocabulary,
        conflict: &Conflict,
    ) -> Option<Diagnostic> {
        let inference = vocabulary.inferences().get(conflict.inference)?;
        let (&first, rest) = conflict.ruled_out.split_first()?;
        let shown = self.named(vocabulary, first);
        let (others_zh, others_en) = match rest.len() {
            0 => (String::new(), String::new()),
            n => (format!("等 {} 项", n + 1), format!(" and {n} more")),
        };
        let mut diagnostic = Diagnostic::new(
            Code::RecordContradiction,
            text!(
                "{}{others_zh}与案卷其他记载矛盾",
                "{}{others_en} cannot be reconciled with other facts of the record"; shown
            ),
        )
        .why(inference.why.clone());
        if let Some(span) = self.place(record, vocabulary, first) {
            diagnostic = diagnostic.at(span);
        }
        for (given, _) in &inference.given {
            if let Some(span) = self.place(record, vocabulary, *given) {
                diagnostic = diagnostic.label(span, self.seen(vocabulary, *given));
            }
        }
        for &slot in rest.iter().take(SHOWN) {
            if let Some(span) = self.place(record, vocabulary, slot) {
                diagnostic = diagnostic.label(span, self.seen(vocabulary, slot));
            }
        }
        Some(diagnostic.help(Text::new(
            "请核对原件，改正其中一处",
            "check the papers and correct one of the two",
        )))
    }

    fn reversal(
        &self,
        record: &Record,
        vocabulary: &Vocabulary,
        first: SlotId,
        second: SlotId,
    ) -> Diagnostic {
        let (before, after) = (
            vocabulary.fact_in(ShapeId::ROOT, first),
            vocabulary.fact_in(ShapeId::ROOT, second),
        );
        let (from, to) = (
            vocabulary.show(&before.ty, self.get(first)).zh,
            vocabulary.show(&after.ty, self.get(second)).zh,
        );
        let (before, after) = (&before.title, &after.title);
        let (before_zh, after_zh) = (&before.zh, &after.zh);
        let (before_en, after_en) = (&before.en, &after.en);
        let mut diagnostic = Diagnostic::new(
            Code::RecordBackwards,
            text!(
                "`{after_zh}`（{to}）早于 `{before_zh}`（{from}）",
                "`{after_en}` ({to}) is before `{before_en}` ({from})"
            ),
        )
        .why(text!(
            "`{after_zh}` 不可能早于 `{before_zh}`",
            "`{after_en}` cannot be before `{before_en}`"
        ))
        .help(Text::new(
            "请核对两处日期",
            "check the two dates against the papers",
        ));
        for slot in [second, first] {
            if let Some(span) = self.place(record, vocabulary, slot) {
                diagnostic = diagnostic.at(span);
            }
        }
        diagnostic
    }
}

/// Groups conflicts that share a recorded fact, directly or through others.
fn causes(conflicts: Vec<Conflict>) -> Vec<Vec<Conflict>> {
    let mut causes: Vec<Vec<Conflict>> = Vec::new();
    for conflict in conflicts {
        let shares = |cause: &Vec<Conflict>| {
            let mut facts = cause.iter().flat_map(|other| &other.recorded);
            facts.any(|slot| conflict.recorded.contains(slot))
        };
        let (together, apart): (Vec<_>, Vec<_>) = causes.into_iter().partition(shares);
        causes = apart;
        let mut cause: Vec<Conflict> = together.into_iter().flatten().collect();
        cause.push(conflict);
        causes.push(cause);
    }
    causes
}
