//! Inferences laid out so that settling a record copies no values.

use std::collections::{BTreeSet, HashMap};
use std::ops::Range;

use super::{Fact, Given, GroupId, Inference, Vocabulary};
use crate::value::{Mark, Row, ShapeId, SlotId, Value};

/// What open facts of a record mean.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Silence<'a> {
    /// The mark of every slot of the root shape, recorded or settled.
    pub(crate) marks: &'a [Mark],
    /// The few slots to which an inference gives a value other than none, each with the index of its statement.
    pub(crate) stated: &'a [(SlotId, u32)],
    /// Every statement of the vocabulary.
    pub(crate) statements: &'a [(SlotId, Value)],
    /// Values tried for unknown facts.
    pub(crate) tried: &'a [(SlotId, Value)],
    /// The value of open facts in rows.
    pub(crate) in_rows: &'a Value,
}

impl<'a> Silence<'a> {
    /// The mark of a slot of the root shape.
    #[inline]
    pub(crate) fn mark(&self, slot: SlotId) -> Mark {
        let mark = self.marks.get(usize::from(slot.0));
        mark.copied().unwrap_or(Mark::UNKNOWN)
    }

    /// The value of a slot of the root shape: from the record's `row` or, if open there, the settled value; unknown if
    /// nothing settles it.
    #[inline]
    pub(crate) fn value(&self, row: &'a Row, slot: SlotId) -> &'a Value {
        // The marks are close together; most of the row is unknown and need not be fetched to see that.
        match self.mark(slot) {
            Mark::UNKNOWN => &Value::Unknown,
            Mark::NONE => &Value::None,
            _ => match row.slots.get(usize::from(slot.0)) {
                None | Some(Value::Unknown) => self.statement(slot),
                Some(value) => value,
            },
        }
    }

    /// The value that an inference states for a slot, or that is tried for it; unknown if there is none.
    fn statement(&self, slot: SlotId) -> &'a Value {
        let mut tried = self.tried.iter();
        if let Some((_, value)) = tried.find(|(tried, _)| *tried == slot) {
            return value;
        }
        let stated = self.stated.iter().find(|(stated, _)| *stated == slot);
        stated
            .and_then(|(_, at)| self.statements.get(*at as usize))
            .map_or(&Value::Unknown, |(_, value)| value)
    }
}

/// The inferences of a vocabulary, laid out compactly because every case draws them.
#[derive(Debug, Default)]
pub(crate) struct Settlements {
    /// The inferences in drawing order: without cycles, no inference settles what an earlier one depends on.
    draws: Vec<Place>,
    given: Vec<(SlotId, Wanted)>,
    /// The stated values other than none.
    pub(crate) statements: Vec<(SlotId, Value)>,
    existing: Vec<SlotId>,
    /// The slots made none, with contiguous ones in one range: usually the facts of a group.
    none: Vec<Range<usize>>,
    /// The slots of facts that stay unknown if a complete dossier does not mention them.
    pub(crate) states: Vec<SlotId>,
    courses: Vec<Course>,
}

/// The stages that a case of a certain course has gone through.
#[derive(Debug)]
struct Course {
    given: Vec<(SlotId, Wanted)>,
    stages: Vec<(GroupId, Vec<SlotId>)>,
}

/// What a fact must be for an inference to hold, in a form in which the commonest conditions need only the mark.
#[derive(Debug, Clone)]
pub(crate) enum Wanted {
    Present,
    None,
    /// Exactly the value with this mark.
    Marked(Mark),
    Other(Value),
}

impl Wanted {
    fn of(given: &Given) -> Wanted {
        match given {
            Given::Present => Wanted::Present,
            Given::None => Wanted::None,
            Given::Is(Value::Bool(true)) => Wanted::Marked(Mark::YES),
            Given::Is(Value::Symbol(symbol)) => Wanted::Marked(Mark::of_symbol(*symbol)),
            Given::Is(value) => Wanted::Other(value.clone()),
        }
    }

    /// Whether a fact with this mark, and the value that `value` returns, meets the condition. Unknown never does.
    #[inline]
    pub(crate) fn is_met<'v>(&self, mark: Mark, value: impl FnOnce() -> &'v Value) -> bool {
        match self {
            Wanted::Present => !mark.is_unknown() && !mark.is_nothing(),
            Wanted::None => mark.is_nothing(),
            Wanted::Marked(wanted) => mark == *wanted,
            Wanted::Other(wanted) => !mark.is_unknown() && agree(value(), wanted),
        }
    }
}

/// Whether a known value and a value stated by an inference are compatible. Known none is compatible with "no", with an
/// empty list and with an amount of zero; but not with a count of zero, which may mean more: an order to correct within
/// 0 days.
pub(crate) fn agree(value: &Value, stated: &Value) -> bool {
    match (value, stated) {
        (Value::None, Value::Bool(false)) | (Value::Bool(false), Value::None) => true,
        (Value::None, Value::Decimal(amount)) | (Value::Decimal(amount), Value::None) => {
            amount.is_zero()
        }
        (Value::None, other) | (other, Value::None) => is_nothing(other),
        (Value::Done, Value::Day(_) | Value::Moment(_))
        | (Value::Day(_) | Value::Moment(_), Value::Done) => true,
        (value, stated) => value == stated,
    }
}

/// Whether a value is known none, or an empty list.
fn is_nothing(value: &Value) -> bool {
    match value {
        Value::None => true,
        Value::List(items) => items.is_empty(),
        Value::Rows(rows) => rows.is_empty(),
        _ => false,
    }
}

/// The position of an inference in the layout.
#[derive(Debug)]
struct Place {
    /// Its position in the vocabulary.
    inference: usize,
    /// The ranges of its conditions, its statements, its facts known to exist and those known none.
    given: Range<usize>,
    statements: Range<usize>,
    existing: Range<usize>,
    none: Range<usize>,
    asked_before: bool,
}

/// An inference, for drawing.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Draw<'v> {
    /// Its position in the vocabulary.
    pub(crate) inference: usize,
    /// Ranges of slots that are known none.
    pub(crate) none: &'v [Range<usize>],
    /// The stated values, numbered from `first_statement`.
    pub(crate) statements: &'v [(SlotId, Value)],
    pub(crate) first_statement: usize,
    /// The slots known to exist.
    pub(crate) existing: &'v [SlotId],
    /// Whether an inference drawn no later depends on what it settles, so that those must be drawn again.
    pub(crate) asked_before: bool,
}

impl Settlements {
    /// Prepares the inferences of a vocabulary.
    pub(super) fn of(vocabulary: &Vocabulary) -> Settlements {
        let inferences = &vocabulary.inferences;
        let mut all = Settlements::default();
        let of_record = |fact: &&Fact| fact.is_state && fact.shape == ShapeId::ROOT;
        let states = vocabulary.facts.iter().filter(of_record);
        all.states = states.map(|fact| fact.slot).collect();
        let courses = vocabulary.course.iter().map(|course| Course {
            given: wanted(&course.given).collect(),
            stages: course.stages.clone(),
        });
        all.courses = courses.collect();
        for (position, asked_before) in Asking::of(inferences).draws() {
            let inference = &inferences[position];
            let begin = [
                all.given.len(),
                all.statements.len(),
                all.existing.len(),
                all.none.len(),
            ];
            let mut none = Vec::new();
            for (slot, value) in &inference.settles {
                match value {
                    Value::None => none.push(usize::from(slot.0)),
                    Value::Unknown => all.existing.push(*slot),
                    value => all.statements.push((*slot, value.clone())),
                }
            }
            all.none.extend(ranges(none));
            all.given.extend(wanted(&inference.given));
            all.draws.push(Place {
                inference: position,
                given: begin[0]..all.given.len(),
                statements: begin[1]..all.statements.len(),
                existing: begin[2]..all.existing.len(),
                none: begin[3]..all.none.len(),
                asked_before,
            });
        }
        all
    }

    /// The conditions of each inference, in drawing order.
    #[inline]
    pub(crate) fn conditions(&self) -> impl Iterator<Item = &[(SlotId, Wanted)]> {
        let draws = self.draws.iter();
        draws.map(|place| &self.given[place.given.clone()])
    }

    /// The first stage of a case's course about which nothing is known, not even that the case did not reach it.
    pub(crate) fn missing_stage(
        &self,
        holds: impl Fn(&(SlotId, Wanted)) -> bool,
        is_unknown: impl Fn(SlotId) -> bool,
    ) -> Option<GroupId> {
        let taken = |course: &&Course| course.given.iter().all(&holds);
        let mut stages = self.courses.iter().filter(taken).flat_map(|it| &it.stages);
        let missing = stages.find(|(_, slots)| slots.iter().all(|slot| is_unknown(*slot)));
        missing.map(|(group, _)| *group)
    }

    /// The inference at a position in drawing order.
    pub(crate) fn draw(&self, at: usize) -> Option<Draw<'_>> {
        let place = self.draws.get(at)?;
        Some(Draw {
            inference: place.inference,
            none: &self.none[place.none.clone()],
            statements: &self.statements[place.statements.clone()],
            first_statement: place.statements.start,
            existing: &self.existing[place.existing.clone()],
            asked_before: place.asked_before,
        })
    }
}

impl Draw<'_> {
    /// Whether any inference gives a slot a value.
    pub(crate) fn settles(&self, slot: SlotId) -> bool {
        let at = usize::from(slot.0);
        self.none.iter().any(|range| range.contains(&at))
            || self.statements.iter().any(|(stated, _)| *stated == slot)
    }
}

fn wanted(given: &[(SlotId, Given)]) -> impl Iterator<Item = (SlotId, Wanted)> {
    given.iter().map(|(slot, given)| (*slot, Wanted::of(given)))
}

/// Numbers as the fewest possible ranges.
fn ranges(mut numbers: Vec<usize>) -> Vec<Range<usize>> {
    numbers.sort_unstable();
    numbers.dedup();
    let mut ranges: Vec<Range<usize>> = Vec::new();
    for number in numbers {
        match ranges.last_mut() {
            Some(last) if last.end == number => last.end += 1,
            _ => ranges.push(number..number + 1),
        }
    }
    ranges
}

/// Whether an inference may depend on what another settles.
fn asks(inference: &Inference, other: &Inference) -> bool {
    inference.given.iter().any(|(slot, given)| {
        let given = Wanted::of(given);
        let mut settles = other.settles.iter();
        settles.any(|(settled, value)| settled == slot && given.is_met(Mark::of(value), || value))
    })
}

/// The dependencies between inferences.
struct Asking {
    /// For each inference, those whose settlements it depends on, possibly itself.
    asks: Vec<Vec<usize>>,
    /// The inverse relation.
    asked_by: Vec<Vec<usize>>,
}

impl Asking {
    fn of(inferences: &[Inference]) -> Asking {
        let mut settling: HashMap<SlotId, Vec<usize>> = HashMap::new();
        for (at, inference) in inferences.iter().enumerate() {
            for (slot, _) in &inference.settles {
                settling.entry(*slot).or_default().push(at);
            }
        }
        let mut asking = Asking {
            asks: vec![Vec::new(); inferences.len()],
            asked_by: vec![Vec::new(); inferences.len()],
        };
        for (at, inference) in inferences.iter().enumerate() {
            let slots = inference.given.iter().map(|(slot, _)| slot);
            let others = slots.filter_map(|slot| settling.get(slot)).flatten();
            let mut others: Vec<usize> = others.copied().collect();
            others.sort_unstable();
            others.dedup();
            others.retain(|other| asks(inference, &inferences[*other]));
            for &other in &others {
                asking.asked_by[other].push(at);
            }
            asking.asks[at] = others;
        }
        asking
    }

    /// The positions of the inferences in drawing order, each with whether an inference drawn no later depends on what
    /// it settles.
    fn draws(&self) -> Vec<(usize, bool)> {
        let mut drawn = vec![false; self.asks.len()];
        let draw = |at: usize| {
            drawn[at] = true;
            (at, self.asked_by[at].iter().any(|other| drawn[*other]))
        };
        self.order().into_iter().map(draw).collect()
    }

    /// The positions of the inferences in dependency order; those in cycles in the order written.
    fn order(&self) -> Vec<usize> {
        let others = |at: usize| self.asks[at].iter().filter(|other| **other != at).count();
        let mut open: Vec<usize> = (0..self.asks.len()).map(others).collect();
        let mut waiting: BTreeSet<usize> = (0..open.len()).collect();
        let mut free: BTreeSet<usize> = (0..open.len()).filter(|at| open[*at] == 0).collect();
        let mut order = Vec::with_capacity(open.len());
        while let Some(first) = waiting.first().copied() {
            let next = free.pop_first().unwrap_or(first);
            waiting.remove(&next);
            order.push(next);
            for &asking in &self.asked_by[next] {
                if asking != next && waiting.contains(&asking) {
                    open[asking] -= 1;
                    if open[asking] == 0 {
                        free.insert(asking);
                    }
                }
            }
        }
        order
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lang::Text;
    use crate::source::{Source, Span};
    use proptest::prelude::*;

    fn inference(given: &[u16], settles: &[u16]) -> Inference {
        let source = Source::new("vocabulary.yaml", "");
        Inference {
            given: given
                .iter()
                .map(|at| (SlotId(*at), Given::Present))
                .collect(),
            settles: settles
                .iter()
                .map(|at| (SlotId(*at), Value::Bool(true)))
                .collect(),
            why: Text::default(),
            declared: Span::new(&source, 0..0),
        }
    }

    /// Finds the next inference by checking all that wait.
    fn naive(inferences: &[Inference]) -> Vec<usize> {
        let mut waiting: Vec<usize> = (0..inferences.len()).collect();
        let mut order = Vec::new();
        while !waiting.is_empty() {
            let is_free = |at: &usize| {
                let mut others = waiting.iter().filter(|other| *other != at);
                others.all(|other| !asks(&inferences[*at], &inferences[*other]))
            };
            let next = waiting.iter().position(is_free).unwrap_or(0);
            order.push(waiting.remove(next));
        }
        order
    }

    proptest! {
        #[test]
        fn inferences_are_drawn_after_those_they_ask_about_else_as_written(
            shapes in prop::collection::vec(
                (prop::collection::vec(0..12_u16, 0..4), prop::collection::vec(0..12_u16, 0..3)),
                0..14,
            ),
        ) {
            let all: Vec<Inference> = shapes
                .iter()
                .map(|(given, settles)| inference(given, settles))
                .collect();
            let asking = Asking::of(&all);
            let order = naive(&all);
            prop_assert_eq!(&asking.order(), &order);
            for (at, (position, asked_before)) in asking.draws().into_iter().enumerate() {
                let mut no_later = order[..=at].iter();
                let again = no_later.any(|other| asks(&all[*other], &all[position]));
                prop_assert_eq!((position, asked_before), (order[at], again));
            }
        }
    }
}
