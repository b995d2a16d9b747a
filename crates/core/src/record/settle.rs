//! What a record settles without saying so: inferences of the vocabulary, and completeness.
//!
//! Invariants: only unknown facts are settled, so a recorded value is never overridden; settling twice settles no more.
//! Every audit settles its record, so nothing here touches texts or copies what is recorded: what silence comes to
//! stands beside the record, as a mark a slot; places, messages and a whole row are made when asked for.

mod conflicts;

use std::ops::Range;
use std::sync::{Arc, OnceLock};

use super::{Record, Recorded, value_in};
use crate::source::{Origin, Span};
use crate::value::{Day, Mark, Row, ShapeId, SlotId, Value};
use crate::vocabulary::{Draw, Entry, GroupId, Settlements, Silence, Vocabulary, Wanted, agree};

/// A record with everything it settles filled in.
#[derive(Debug, Clone)]
pub struct Settled {
    recorded: Arc<Recorded>,
    settlements: Arc<Settlements>,
    /// What is known of every slot, by the record or by what it settles.
    marks: Box<[Mark]>,
    /// The slots an inference gives another value where the record leaves them open, with the position of its statement.
    stated: Vec<(SlotId, u32)>,
    /// The inferences that hold, in the order they were drawn: their positions in that order.
    drawn: Vec<usize>,
    complete: bool,
    /// Whether absent facts of rows do, too.
    closes_rows: bool,
    /// What is recorded and what is settled, in one: made when first asked for.
    root: OnceLock<Row>,
    /// The slots an inference knows to have a value, and the record leaves open (a report has a date of issue), each with
    /// the position of that inference.
    existing: Vec<(SlotId, usize)>,
    /// The stage of the course it took that a record declared or taken to be complete says nothing of.
    cut_off: Option<GroupId>,
    /// Slots whose value an inference that holds contradicts, with its position.
    contradictions: Vec<(SlotId, usize)>,
    /// Pairs of dates of which the second is before the first.
    backwards: Vec<(SlotId, SlotId)>,
}

impl Record {
    /// The record with the vocabulary's inferences drawn and then, if the dossier is complete, every fact still unknown
    /// known none, in rows too.
    ///
    /// The dossier is complete if the record declares it or if `complete` asks to assume it; a record of which something
    /// could not be read never is, nor one that says nothing of a stage its course went through: it was cut off.
    #[must_use]
    pub fn settle(&self, vocabulary: &Vocabulary, complete: bool) -> Settled {
        let declared = *self.get(vocabulary.reserved().complete) == Value::Bool(true);
        let complete = (complete || declared) && !self.is_partial();
        let mut settled = Settled {
            recorded: Arc::clone(&self.recorded),
            settlements: Arc::clone(vocabulary.settlements()),
            marks: self.recorded.marks.clone(),
            // What most cases need.
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

    /// The day in a slot of the root shape, where it is one without a time.
    pub(crate) fn day(&self, slot: SlotId) -> Option<Day> {
        match self.mark(slot) {
            Mark::DAY => match self.at(slot) {
                Value::Day(day) => Some(*day),
                _ => None,
            },
            _ => None,
        }
    }

    /// The facts as recorded: in their rows, even a complete dossier may leave facts unknown.
    pub(crate) fn recorded(&self) -> &Row {
        &self.recorded.row
    }

    /// What facts come to where the record leaves them open.
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

    /// The value in a slot, rows as they are recorded.
    #[inline]
    fn at(&self, slot: SlotId) -> &Value {
        self.silence().value(&self.recorded.row, slot)
    }

    /// What is known of a slot.
    #[inline]
    fn mark(&self, slot: SlotId) -> Mark {
        self.silence().mark(slot)
    }

    /// The position of the inference that settled a slot: the first drawn that does.
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

    /// Whether silence on a path counts as none; `head` is what of it comes before any row.
    fn closes(&self, head: &str, path: &str) -> bool {
        match head == path {
            true => self.complete,
            false => self.closes_rows,
        }
    }

    /// Whether a fact, or a field of a row, is none only because the dossier is complete and does not mention it.
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

    /// Where a fact comes from; `record` is the one that was settled. The path has the positions of rows from 1:
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
        if record.get(slot).is_unknown() || field_is_unknown(record.get(slot), vocabulary, path) {
            return silent;
        }
        // A record that was not decoded from a text, as in a test, knows its facts and no places.
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

    /// Where the text shows a slot: its own place, or that of the fact which settles it.
    fn place(&self, record: &Record, vocabulary: &Vocabulary, slot: SlotId) -> Option<Span> {
        let mut slot = slot;
        // An inference settles a slot once, so a chain of them ends after as many steps as there are.
        for _ in 0..=vocabulary.inferences().len() {
            let path = &vocabulary.fact_in(ShapeId::ROOT, slot).path;
            match self.inference(slot) {
                None => return record.origins(vocabulary).value(path),
                Some(inference) => {
                    slot = vocabulary.inferences().get(inference)?.given.first()?.0;
                }
            }
        }
        None
    }

    /// Whether nothing in the record contradicts itself or runs backwards in time.
    pub fn is_consistent(&self) -> bool {
        self.contradictions.is_empty() && self.backwards.is_empty()
    }

    /// Draws inferences until none settles anything more: once, unless they ask about each other in a circle.
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
        // What one inference knows to be there, another may have ruled out since.
        let existing = std::mem::take(&mut self.existing);
        for &(slot, inference) in &existing {
            if self.mark(slot).is_nothing() {
                self.contradicts(slot, inference);
            }
        }
        self.existing = existing;
    }

    /// The first stage of the course the case took that nothing is known of.
    fn missing_stage(&self) -> Option<GroupId> {
        let holds =
            |(slot, wanted): &(SlotId, Wanted)| wanted.is_met(self.mark(*slot), || self.at(*slot));
        self.settlements
            .missing_stage(holds, |slot| self.mark(slot).is_unknown())
    }

    /// The stage of the course it took that a record declared or taken to be complete says nothing of: it was cut off, and is
    /// not complete.
    pub(crate) fn cut_off(&self) -> Option<GroupId> {
        self.cut_off
    }

    /// Makes every fact still unknown known none, but those known to be there and the states nobody writes down.
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

    /// Settles what an inference that holds states. Gives back whether that was anything new.
    fn draw(&mut self, draw: &Draw<'_>) -> bool {
        let mut new = self.rule_out(draw.none, draw.inference);
        for (&(slot, ref value), at) in draw.statements.iter().zip(draw.first_statement..) {
            if self.mark(slot).is_unknown() {
                // A vocabulary states far less than 32 bits number.
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

    /// Makes slots none that the record leaves open. Gives back whether any of them was not before.
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
            // What the record says, or another inference has stated, is not made nothing.
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

    /// Finds dates that run backwards.
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
        self.backwards = backwards;
    }
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

/// Makes a fact that is unknown known none, and those of rows.
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

/// The slot of the root shape that holds a path, or the list of groups it leads into.
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
