//! Settles what a record implies: by inferences of the vocabulary, and by completeness.
//!
//! Invariants: only unknown facts are settled, so a recorded value is never overridden; settling twice adds nothing.
//! Every audit settles its record, so nothing here touches texts or copies recorded values: each slot gets a mark next
//! to the record; places, messages and a whole row are computed on demand.

mod conflicts;

use std::ops::Range;
use std::sync::{Arc, OnceLock};

use super::{Record, Recorded, value_in};
use crate::source::{Origin, Span};
use crate::value::{Day, Mark, Row, ShapeId, SlotId, Value};
use crate::vocabulary::{Draw, Entry, GroupId, Settlements, Silence, Vocabulary, Wanted, agree};

/// A record with everything it implies filled in.
#[derive(Debug, Clone)]
pub struct Settled {
    recorded: Arc<Recorded>,
    settlements: Arc<Settlements>,
    /// The mark of every slot, recorded or settled.
    marks: Box<[Mark]>,
    /// The open slots that an inference gives a value other than none, with the index of the statement.
    stated: Vec<(SlotId, u32)>,
    /// The inferences that hold, in the order drawn, as positions in the drawing order.
    drawn: Vec<usize>,
    complete: bool,
    /// Whether absent facts in rows count as known not to exist, too.
    closes_rows: bool,
    /// The recorded and settled facts in one row; computed on first use.
    root: OnceLock<Row>,
    /// The open slots that an inference knows to have a value (a report has a date of issue), each with the position of
    /// that inference.
    existing: Vec<(SlotId, usize)>,
    /// For a record declared or assumed complete: the stage of its course that it says nothing about.
    cut_off: Option<GroupId>,
    /// Slots whose value contradicts an inference that holds, with the position of the inference.
    contradictions: Vec<(SlotId, usize)>,
    /// Pairs of dates whose second is before the first.
    backwards: Vec<(SlotId, SlotId)>,
}

impl Record {
    /// Draws the vocabulary's inferences and then, if the dossier is complete, makes every fact that is still unknown
    /// known none, in rows too. Facts known to exist and states that nobody writes down stay unknown.
    ///
    /// The dossier is complete if the record declares it or if `complete` asks to assume it. A record is never complete
    /// if something in it could not be read, or if it says nothing about a stage that its course went through: it was
    /// cut off.
    #[must_use]
    pub fn settle(&self, vocabulary: &Vocabulary, complete: bool) -> Settled {
        let declared = *self.get(vocabulary.reserved().complete) == Value::Bool(true);
        let complete = (complete || declared) && !self.is_partial();
        let mut settled = Settled {
            recorded: Arc::clone(&self.recorded),
            settlements: Arc::clone(vocabulary.settlements()),
            marks: self.recorded.marks.clone(),
            // Enough for most cases.
            stated: Vec::with_capacity(8),
            drawn: Vec::with_capacity(32),
            complete,
            closes_rows: complete && !self.gathered,
            root: OnceLock::new(),
            existing: Vec::with_capacity(32),
            cut_off: None,
            contradictions: Vec::new(),
            backwards: Vec::new(),
        };
        settled.infer(vocabulary.settlements());
        settled.order(vocabulary.chronology());
        if settled.complete {
            settled.cut_off = settled.missing_stage();
            match settled.cut_off {
                None => settled.complete(),
                Some(_) => (settled.complete, settled.closes_rows) = (false, false),
            }
        }
        settled
    }
}

impl Settled {
    /// The facts as a row of the root shape.
    #[must_use]
    pub fn root(&self) -> &Row {
        self.root.get_or_init(|| {
            let slots = self.recorded.row.slots.iter().zip(0..=u16::MAX);
            let settled = slots.map(|(recorded, slot)| {
                if recorded.is_unknown() {
                    return self.at(SlotId(slot)).clone();
                }
                let mut value = recorded.clone();
                if self.closes_rows {
                    close(&mut value);
                }
                value
            });
            Row {
                slots: settled.collect(),
            }
        })
    }

    /// The value in a slot of the root shape.
    #[must_use]
    pub fn get(&self, slot: SlotId) -> &Value {
        match self.at(slot) {
            rows @ Value::Rows(_) if self.closes_rows && is_open(rows) => {
                value_in(self.root(), slot)
            }
            value => value,
        }
    }

    /// The day in a slot of the root shape, if it is a day without a time.
    pub(crate) fn day(&self, slot: SlotId) -> Option<Day> {
        match self.mark(slot) {
            Mark::DAY => match self.at(slot) {
                Value::Day(day) => Some(*day),
                _ => None,
            },
            _ => None,
        }
    }

    /// The facts as recorded, with unknown facts in rows even if the dossier is complete.
    pub(crate) fn recorded(&self) -> &Row {
        &self.recorded.row
    }

    /// What open facts mean.
    #[inline]
    pub(crate) fn silence(&self) -> Silence<'_> {
        Silence {
            marks: &self.marks,
            stated: &self.stated,
            statements: &self.settlements.statements,
            tried: &[],
            in_rows: if self.closes_rows {
                &Value::None
            } else {
                &Value::Unknown
            },
        }
    }

    /// The value in a slot, with rows as recorded.
    #[inline]
    fn at(&self, slot: SlotId) -> &Value {
        self.silence().value(&self.recorded.row, slot)
    }

    /// The mark of a slot.
    #[inline]
    fn mark(&self, slot: SlotId) -> Mark {
        self.silence().mark(slot)
    }

    /// The position of the first drawn inference that settled a slot.
    fn inference(&self, slot: SlotId) -> Option<usize> {
        if self.recorded.states(slot) {
            return None;
        }
        let mut drawn = self
            .drawn
            .iter()
            .filter_map(|at| self.settlements.draw(*at));
        drawn
            .find(|draw| draw.settles(slot))
            .map(|draw| draw.inference)
    }

    /// Whether absent facts count as known not to exist.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.complete
    }

    /// Whether silence on a path counts as none; `head` is the part of the path before any row.
    fn closes(&self, head: &str, path: &str) -> bool {
        match head == path {
            true => self.complete,
            false => self.closes_rows,
        }
    }

    /// Whether a fact, or a field of a row, is none only because a complete dossier does not mention it.
    #[must_use]
    pub fn is_silent(&self, vocabulary: &Vocabulary, path: &str) -> bool {
        let head = path.split('[').next().unwrap_or(path);
        let Some(slot) = root_slot(vocabulary, head).filter(|_| self.closes(head, path)) else {
            return false;
        };
        let recorded = value_in(&self.recorded.row, slot);
        if recorded.is_unknown() {
            return !self.mark(slot).is_unknown() && self.inference(slot).is_none();
        }
        field_is_unknown(recorded, vocabulary, path)
    }

    /// Where a fact comes from; `record` is the one that was settled. Rows in the path are numbered from 1:
    /// `corrections[2].confirmed`.
    #[must_use]
    pub fn origin(&self, record: &Record, vocabulary: &Vocabulary, path: &str) -> Origin {
        let head = path.split('[').next().unwrap_or(path);
        let silent = if self.closes(head, path) {
            Origin::Complete
        } else {
            Origin::Absent
        };
        let Some(slot) = root_slot(vocabulary, head) else {
            return Origin::Absent;
        };
        if let Some(inference) = self.inference(slot) {
            return self.inferred_by(record, vocabulary, inference);
        }
        if head == path && self.mark(slot).is_unknown() {
            return Origin::Absent;
        }
        if record.assumes(slot) {
            return Origin::Assumed;
        }
        if record.get(slot).is_unknown() || field_is_unknown(record.get(slot), vocabulary, path) {
            return silent;
        }
        // A record not decoded from a text, as in tests, has facts without places.
        record
            .origins(vocabulary)
            .value(path)
            .map_or(Origin::Absent, Origin::Text)
    }

    fn inferred_by(&self, record: &Record, vocabulary: &Vocabulary, inference: usize) -> Origin {
        let given = vocabulary
            .inferences()
            .get(inference)
            .and_then(|inference| inference.given.first());
        let Some((slot, _)) = given else {
            return Origin::Absent;
        };
        let from = vocabulary.fact_in(ShapeId::ROOT, *slot).path.clone();
        let span = self.place(record, vocabulary, *slot);
        Origin::Inferred { from, span }
    }

    /// The place in the text that shows a slot: its own, or that of the fact that settles it.
    fn place(&self, record: &Record, vocabulary: &Vocabulary, slot: SlotId) -> Option<Span> {
        let mut slot = slot;
        // An inference settles a slot once, so a chain has at most as many steps as there are inferences.
        for _ in 0..=vocabulary.inferences().len() {
            let path = &vocabulary.fact_in(ShapeId::ROOT, slot).path;
            match self.inference(slot) {
                None if record.assumes(slot) => return None,
                None => return record.origins(vocabulary).value(path),
                Some(inference) => {
                    slot = vocabulary.inferences().get(inference)?.given.first()?.0;
                }
            }
        }
        None
    }

    /// Whether nothing in the record contradicts itself and no dates are in the wrong order.
    pub fn is_consistent(&self) -> bool {
        self.contradictions.is_empty() && self.backwards.is_empty()
    }

    /// Draws inferences until nothing more is settled: once, unless they depend on each other in a cycle.
    fn infer(&mut self, settlements: &Settlements) {
        let mut more = true;
        let mut again = false;
        while more {
            more = false;
            for (at, given) in settlements.conditions().enumerate() {
                let holds = |(slot, wanted): &(SlotId, Wanted)| {
                    wanted.is_met(self.mark(*slot), || self.at(*slot))
                };
                if given.iter().all(holds)
                    && !(again && self.drawn.contains(&at))
                    && let Some(draw) = settlements.draw(at)
                {
                    self.drawn.push(at);
                    let new = self.draw(&draw);
                    more |= new && draw.asked_before;
                }
            }
            again = true;
        }
        // A later inference may have ruled out what an earlier one knew to exist.
        let existing = std::mem::take(&mut self.existing);
        for &(slot, inference) in &existing {
            if self.mark(slot).is_nothing() {
                self.contradicts(slot, inference);
            }
        }
        self.existing = existing;
    }

    /// The first stage of the case's course about which nothing is known.
    fn missing_stage(&self) -> Option<GroupId> {
        let holds =
            |(slot, wanted): &(SlotId, Wanted)| wanted.is_met(self.mark(*slot), || self.at(*slot));
        self.settlements
            .missing_stage(holds, |slot| self.mark(slot).is_unknown())
    }

    /// For a record declared or assumed complete: the stage of its course that it says nothing about. Such a record was
    /// cut off and is not complete.
    pub(crate) fn cut_off(&self) -> Option<GroupId> {
        self.cut_off
    }

    /// Makes every fact that is still unknown known none, except facts known to exist and states nobody writes down.
    fn complete(&mut self) {
        let there = self.existing.iter().map(|(slot, _)| *slot);
        let stay = there.chain(self.settlements.states.iter().copied());
        let stay: Vec<SlotId> = stay.filter(|slot| self.mark(*slot).is_unknown()).collect();
        Mark::close(&mut self.marks);
        for slot in stay {
            if let Some(mark) = self.marks.get_mut(usize::from(slot.0)) {
                *mark = Mark::UNKNOWN;
            }
        }
    }

    /// Settles what an inference that holds states. Returns whether anything was new.
    fn draw(&mut self, draw: &Draw<'_>) -> bool {
        let mut new = self.rule_out(draw.none, draw.inference);
        for (&(slot, ref value), at) in draw.statements.iter().zip(draw.first_statement..) {
            if self.mark(slot).is_unknown() {
                // A vocabulary has far fewer statements than fit in 32 bits.
                self.stated
                    .push((slot, u32::try_from(at).unwrap_or(u32::MAX)));
                if let Some(mark) = self.marks.get_mut(usize::from(slot.0)) {
                    *mark = Mark::of(value);
                }
                new = true;
            } else if !self.mark(slot).is(value) && !agree(self.at(slot), value) {
                self.contradicts(slot, draw.inference);
            }
        }
        for &slot in draw.existing {
            match self.mark(slot) {
                Mark::UNKNOWN => self.existing.push((slot, draw.inference)),
                mark if mark.is_nothing() => self.contradicts(slot, draw.inference),
                _ => {}
            }
        }
        new
    }

    /// Makes open slots none. Returns whether anything was new.
    fn rule_out(&mut self, none: &[Range<usize>], inference: usize) -> bool {
        let mut new = false;
        for range in none {
            let Some(marks) = self.marks.get_mut(range.clone()) else {
                continue;
            };
            let (closed, stated) = Mark::close(marks);
            new |= closed;
            if !stated {
                continue;
            }
            // What is recorded, or stated by another inference, stays; if it excludes none, it is a contradiction.
            for slot in range.clone().filter_map(|at| u16::try_from(at).ok()) {
                let slot = SlotId(slot);
                if self.mark(slot) != Mark::NONE && !agree(self.at(slot), &Value::None) {
                    self.contradicts(slot, inference);
                }
            }
        }
        new
    }

    fn contradicts(&mut self, slot: SlotId, inference: usize) {
        if !self.contradictions.contains(&(slot, inference)) {
            self.contradictions.push((slot, inference));
        }
    }

    /// Finds dates in the wrong order.
    fn order(&mut self, chronology: &[Vec<SlotId>]) {
        let mut backwards = Vec::new();
        for chain in chronology {
            let mut earlier: Option<(SlotId, &Value)> = None;
            for &slot in chain {
                if self.mark(slot) != Mark::DAY {
                    continue;
                }
                let value = self.at(slot);
                if let Some((first, before)) = earlier
                    && is_before(value, before)
                    && !backwards.contains(&(first, slot))
                {
                    backwards.push((first, slot));
                }
                earlier = Some((slot, value));
            }
        }
        for pair in self.around_undated(chronology) {
            if !backwards.contains(&pair) {
                backwards.push(pair);
            }
        }
        self.backwards = backwards;
    }

    /// Finds acts on an unrecorded day whose range of days is empty: the last day before is after the first day after.
    /// No single chain shows that.
    fn around_undated(&self, chronology: &[Vec<SlotId>]) -> Vec<(SlotId, SlotId)> {
        let mut acts: Vec<Undated> = Vec::new();
        for chain in chronology {
            for (place, &slot) in chain.iter().enumerate() {
                if self.mark(slot) != Mark::DONE {
                    continue;
                }
                let at = acts.iter().position(|act| act.slot == slot);
                let at = at.unwrap_or_else(|| {
                    acts.push(Undated {
                        slot,
                        after: None,
                        before: None,
                    });
                    acts.len() - 1
                });
                let dated = |slot: &SlotId| Some((self.dated(*slot)?, *slot));
                let (earlier, later) = chain.split_at(place);
                let act = &mut acts[at];
                act.after = act.after.max(earlier.iter().filter_map(dated).max());
                let before = act.before.into_iter();
                act.before = before.chain(later.iter().filter_map(dated)).min();
            }
        }
        let backwards = acts.iter().filter_map(|act| {
            let ((after, first), (before, last)) = act.after.zip(act.before)?;
            (before < after).then_some((first, last))
        });
        backwards.collect()
    }

    /// The day in a slot, of a day or a moment.
    fn dated(&self, slot: SlotId) -> Option<Day> {
        match self.at(slot) {
            Value::Day(day) => Some(*day),
            Value::Moment(moment) => Some(moment.day),
            _ => None,
        }
    }
}

/// An act on an unrecorded day, with the last recorded day before it and the first after it.
struct Undated {
    slot: SlotId,
    after: Option<(Day, SlotId)>,
    before: Option<(Day, SlotId)>,
}

fn is_before(value: &Value, other: &Value) -> bool {
    match (value, other) {
        (Value::Day(a), Value::Day(b)) => a < b,
        (Value::Moment(a), Value::Moment(b)) => a < b,
        (Value::Day(a), Value::Moment(b)) => *a < b.day,
        (Value::Moment(a), Value::Day(b)) => a.day < *b,
        _ => false,
    }
}

/// Makes an unknown fact, or unknown facts in rows, known none.
fn close(value: &mut Value) {
    match value {
        Value::Unknown => *value = Value::None,
        Value::Rows(rows) if rows.iter().any(|row| row.slots.iter().any(is_open)) => {
            *rows = rows
                .iter()
                .map(|row| {
                    let mut row = row.clone();
                    row.slots.iter_mut().for_each(close);
                    row
                })
                .collect();
        }
        _ => {}
    }
}

fn is_open(value: &Value) -> bool {
    match value {
        Value::Unknown => true,
        Value::Rows(rows) => rows.iter().any(|row| row.slots.iter().any(is_open)),
        _ => false,
    }
}

/// The slot of the root shape for a path, or for the list of groups it leads into.
fn root_slot(vocabulary: &Vocabulary, head: &str) -> Option<SlotId> {
    match vocabulary.find(head)? {
        Entry::Fact(id) => {
            let fact = vocabulary.fact(id);
            (fact.shape == ShapeId::ROOT).then_some(fact.slot)
        }
        Entry::Group(_) => None,
    }
}

/// Whether a path leads to a field of a row that the record leaves unknown.
fn field_is_unknown(value: &Value, vocabulary: &Vocabulary, path: &str) -> bool {
    let mut value = value;
    let mut general = String::new();
    let mut rest = path;
    while let Some((head, tail)) = rest.split_once('[') {
        let Some((position, tail)) = tail.split_once(']') else {
            return false;
        };
        general.push_str(head);
        general.push_str("[]");
        let Value::Rows(rows) = value else {
            return false;
        };
        let row = position
            .parse::<usize>()
            .ok()
            .and_then(|n| rows.get(n.checked_sub(1)?));
        let field = match tail.find('[') {
            Some(at) => &tail[..at],
            None => tail,
        };
        let (Some(row), Some(Entry::Fact(id))) =
            (row, vocabulary.find(&format!("{general}{field}")))
        else {
            return false;
        };
        value = value_in(row, vocabulary.fact(id).slot);
        rest = tail;
    }
    value.is_unknown()
}
