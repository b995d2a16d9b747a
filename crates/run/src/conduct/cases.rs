//! What conflicts need of each case, kept small: texts and amounts once per run, people and places as numbers.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::Arc;

use rust_decimal::Decimal;

use choucha_core::audit::PartyKind;
use choucha_core::record::Record;
use choucha_core::source::{CellName, Span};
use choucha_core::value::{Day, SlotId, Value};
use choucha_core::vocabulary::Vocabulary;

use super::extract::{Extract, day, slot, text};
use super::identity::{InCase, Mention, MentionId};

/// The memory per case for conflicts, in bytes; in addition, four bytes for every person named in it, the case number,
/// and texts that no other case has (a report number, a batch, the path of a dossier).
pub const BYTES_A_CASE: usize = size_of::<Case>();

/// The facts that conflicts rest on. Facts that the vocabulary lacks are unknown in every case.
#[derive(Debug, Clone)]
pub(super) struct Facts {
    slots: [Option<SlotId>; Fact::COUNT],
    online: Option<(SlotId, Value)>,
}

/// One of those facts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fact {
    Samplers,
    Testers,
    SampledOn,
    Respondent,
    Agency,
    Province,
    City,
    County,
    Product,
    Model,
    Batch,
    Report,
    Marked,
    Paid,
    Total,
}

impl Fact {
    const COUNT: usize = 15;

    pub(super) const ALL: [Fact; Fact::COUNT] = [
        Fact::Samplers,
        Fact::Testers,
        Fact::SampledOn,
        Fact::Respondent,
        Fact::Agency,
        Fact::Province,
        Fact::City,
        Fact::County,
        Fact::Product,
        Fact::Model,
        Fact::Batch,
        Fact::Report,
        Fact::Marked,
        Fact::Paid,
        Fact::Total,
    ];

    /// Its path in the vocabulary.
    pub(super) fn path(self) -> &'static str {
        match self {
            Fact::Samplers => "sampling.samplers",
            Fact::Testers => "testing.testers",
            Fact::SampledOn => "sampling.sampled_on",
            Fact::Respondent => "respondent.name",
            Fact::Agency => "case.sampling_agency",
            Fact::Province => "respondent.province",
            Fact::City => "respondent.city",
            Fact::County => "respondent.county",
            Fact::Product => "product.name",
            Fact::Model => "product.model",
            Fact::Batch => "product.batch",
            Fact::Report => "report.number",
            Fact::Marked => "purchase.marked_price",
            Fact::Paid => "purchase.paid_price",
            Fact::Total => "purchase.paid_total",
        }
    }
}

/// The values of these facts in one case.
#[derive(Debug, Clone)]
pub(super) struct CaseFacts {
    samplers: Vec<u16>,
    testers: Vec<u16>,
    respondent: Option<u16>,
    agency: Option<u16>,
    day: Option<Day>,
    online: bool,
    texts: [Option<Box<str>>; TEXTS.len()],
    money: [Option<Decimal>; MONEY.len()],
    file: Box<str>,
    places: [Option<Place>; Fact::COUNT],
    start: Option<Place>,
}

#[derive(Debug, Clone)]
enum Place {
    Line(u32, u16),
    Cell(CellName),
}

impl Place {
    fn of(span: &Span) -> Place {
        let position = span.position();
        match span.source.cell(position.line) {
            Some(cell) => Place::Cell(cell.clone()),
            None => Place::Line(
                u32::try_from(position.line).unwrap_or(u32::MAX),
                u16::try_from(position.column).unwrap_or(u16::MAX),
            ),
        }
    }
}

const TEXTS: [Fact; 7] = [
    Fact::Province,
    Fact::City,
    Fact::County,
    Fact::Product,
    Fact::Model,
    Fact::Batch,
    Fact::Report,
];

const MONEY: [Fact; 3] = [Fact::Marked, Fact::Paid, Fact::Total];

impl Facts {
    pub(super) fn of(vocabulary: &Vocabulary) -> Facts {
        let channel = slot(vocabulary, "sampling.channel");
        Facts {
            slots: Fact::ALL.map(|fact| slot(vocabulary, fact.path())),
            online: channel.and_then(|slot| {
                let channel = vocabulary
                    .enums()
                    .iter()
                    .find(|it| it.code == "sampling_channel")?;
                Some((slot, Value::Symbol(channel.symbol("online")?)))
            }),
        }
    }

    fn get<'r>(&self, record: &'r Record, fact: Fact) -> &'r Value {
        static UNKNOWN: Value = Value::Unknown;
        self.slots[fact as usize].map_or(&UNKNOWN, |slot| record.get(slot))
    }

    pub(super) fn of_case(
        &self,
        record: &Record,
        vocabulary: &Vocabulary,
        people: &mut InCase,
    ) -> CaseFacts {
        let mut named = |fact, kind| {
            let mut found = Vec::new();
            parties(self.get(record, fact), kind, people, &mut found);
            found
        };
        let samplers = named(Fact::Samplers, PartyKind::Person);
        let testers = named(Fact::Testers, PartyKind::Person);
        let respondent = named(Fact::Respondent, PartyKind::Organisation)
            .first()
            .copied();
        let agency = named(Fact::Agency, PartyKind::Organisation)
            .first()
            .copied();
        let origins = record.origins(vocabulary);
        let source = record.source();
        let money = |fact| match self.get(record, fact) {
            Value::Decimal(amount) => Some(amount.normalize()),
            _ => None,
        };
        CaseFacts {
            samplers,
            testers,
            respondent,
            agency,
            day: day(self.get(record, Fact::SampledOn)),
            online: self
                .online
                .as_ref()
                .is_some_and(|(slot, online)| record.get(*slot) == online),
            texts: TEXTS.map(|fact| text(self.get(record, fact))),
            money: MONEY.map(money),
            file: source.name().into(),
            places: Fact::ALL.map(|fact| Some(Place::of(&origins.value(fact.path())?))),
            start: match Place::of(&Span::new(source, 0..0)) {
                // A file with a single case begins with its first line.
                Place::Line(1, _) if source.title() == source.name() => None,
                place => Some(place),
            },
        }
    }
}

fn parties(value: &Value, kind: PartyKind, people: &mut InCase, found: &mut Vec<u16>) {
    match value {
        Value::Party(party) => {
            let at = people.add(Mention::of(party, kind));
            if !found.contains(&at) {
                found.push(at);
            }
        }
        Value::List(items) => items
            .iter()
            .for_each(|item| parties(item, kind, people, found)),
        _ => {}
    }
}

/// The distinct values of a run, by position; [`NONE`] stands for no value.
#[derive(Debug)]
struct Pool<T> {
    all: Vec<T>,
    places: HashMap<T, u32>,
}

impl<T> Default for Pool<T> {
    fn default() -> Self {
        Pool {
            all: Vec::new(),
            places: HashMap::new(),
        }
    }
}

/// Marks a value that is not on record.
const NONE: u32 = u32::MAX;

impl<T: Clone + Eq + Hash> Pool<T> {
    fn add(&mut self, value: &T) -> u32 {
        if let Some(at) = self.places.get(value) {
            return *at;
        }
        let at = u32::try_from(self.all.len()).unwrap_or(NONE);
        self.all.push(value.clone());
        self.places.insert(value.clone(), at);
        at
    }

    fn add_some(&mut self, value: Option<&T>) -> u32 {
        value.map_or(NONE, |value| self.add(value))
    }

    fn get(&self, at: u32) -> Option<&T> {
        self.all.get(at as usize)
    }
}

/// A place in a file: line and column, or row and column of a sheet.
#[derive(Debug, Clone, Copy)]
struct Spot {
    line: u32,
    column: u16,
    /// The index of the sheet plus one; 0 for a text.
    sheet: u16,
}

const NOWHERE: Spot = Spot {
    line: u32::MAX,
    column: 0,
    sheet: 0,
};

#[derive(Debug)]
struct Case {
    number: Box<str>,
    file: u32,
    start: Spot,
    day: Option<Day>,
    texts: [u32; TEXTS.len()],
    money: [u32; MONEY.len()],
    respondent: u32,
    agency: u32,
    people: u32,
    samplers: u8,
    testers: u8,
    online: bool,
    spots: [Spot; Fact::COUNT],
}

/// A case, by its position among those audited.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct CaseId(pub(super) u32);

/// The cases of a run.
#[derive(Debug, Default)]
pub(super) struct Cases {
    cases: Vec<Case>,
    people: Vec<MentionId>,
    texts: Pool<Box<str>>,
    money: Pool<Decimal>,
    sheets: Pool<Arc<str>>,
}

/// A recorded text, comparable within a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct TextId(u32);

impl Cases {
    pub(super) fn add(&mut self, extract: &Extract, facts: &CaseFacts, ids: &[MentionId]) {
        let id = |at: u16| ids.get(usize::from(at)).copied();
        let people = u32::try_from(self.people.len()).unwrap_or(NONE);
        // More samplers than fit in a byte do not occur.
        let few = usize::from(u8::MAX);
        let samplers: Vec<MentionId> = facts
            .samplers
            .iter()
            .take(few)
            .copied()
            .filter_map(id)
            .collect();
        let testers: Vec<MentionId> = facts
            .testers
            .iter()
            .take(few)
            .copied()
            .filter_map(id)
            .collect();
        self.people.extend(samplers.iter().chain(&testers));
        let who = |at: Option<u16>| at.and_then(id).map_or(NONE, |mention| mention.0);
        let sheets = &mut self.sheets;
        let mut spot = |place: Option<&Place>| match place {
            None => NOWHERE,
            Some(Place::Line(line, column)) => Spot {
                line: *line,
                column: *column,
                sheet: 0,
            },
            Some(Place::Cell(cell)) => Spot {
                line: cell.row,
                column: u16::try_from(cell.column).unwrap_or(u16::MAX),
                sheet: u16::try_from(sheets.add(&cell.sheet) + 1).unwrap_or(u16::MAX),
            },
        };
        let start = spot(facts.start.as_ref());
        let spots = std::array::from_fn(|at| spot(facts.places.get(at).and_then(Option::as_ref)));
        let texts = &mut self.texts;
        let money = &mut self.money;
        self.cases.push(Case {
            number: extract.case.clone(),
            file: texts.add(&facts.file),
            start,
            day: facts.day,
            texts: std::array::from_fn(|at| {
                texts.add_some(facts.texts.get(at).and_then(Option::as_ref))
            }),
            money: std::array::from_fn(|at| {
                money.add_some(facts.money.get(at).and_then(Option::as_ref))
            }),
            respondent: who(facts.respondent),
            agency: who(facts.agency),
            people,
            samplers: u8::try_from(samplers.len()).unwrap_or(u8::MAX),
            testers: u8::try_from(testers.len()).unwrap_or(u8::MAX),
            online: facts.online,
            spots,
        });
    }

    pub(super) fn ids(&self) -> impl Iterator<Item = CaseId> + use<> {
        (0..u32::try_from(self.cases.len()).unwrap_or(NONE)).map(CaseId)
    }

    fn case(&self, id: CaseId) -> Option<&Case> {
        self.cases.get(id.0 as usize)
    }

    pub(super) fn number(&self, id: CaseId) -> &str {
        self.case(id).map_or("", |case| &case.number)
    }

    pub(super) fn day(&self, id: CaseId) -> Option<Day> {
        self.case(id)?.day
    }

    pub(super) fn is_online(&self, id: CaseId) -> bool {
        self.case(id).is_some_and(|case| case.online)
    }

    pub(super) fn samplers(&self, id: CaseId) -> &[MentionId] {
        self.named(id).0
    }

    pub(super) fn testers(&self, id: CaseId) -> &[MentionId] {
        self.named(id).1
    }

    fn named(&self, id: CaseId) -> (&[MentionId], &[MentionId]) {
        let Some(case) = self.case(id) else {
            return (&[], &[]);
        };
        let start = case.people as usize;
        let middle = start + usize::from(case.samplers);
        let end = middle + usize::from(case.testers);
        let slice = |range| self.people.get(range).unwrap_or_default();
        (slice(start..middle), slice(middle..end))
    }

    pub(super) fn respondent(&self, id: CaseId) -> Option<MentionId> {
        let at = self.case(id)?.respondent;
        (at != NONE).then_some(MentionId(at))
    }

    pub(super) fn agency(&self, id: CaseId) -> Option<MentionId> {
        let at = self.case(id)?.agency;
        (at != NONE).then_some(MentionId(at))
    }

    /// A text of a case for comparison; `None` if not on record.
    pub(super) fn text_id(&self, id: CaseId, fact: Fact) -> Option<TextId> {
        let at = TEXTS.iter().position(|text| *text == fact)?;
        let text = *self.case(id)?.texts.get(at)?;
        (text != NONE).then_some(TextId(text))
    }

    /// The same text for reading.
    pub(super) fn text(&self, id: CaseId, fact: Fact) -> Option<&str> {
        let TextId(text) = self.text_id(id, fact)?;
        self.texts.get(text).map(|text| &**text)
    }

    pub(super) fn money(&self, id: CaseId, fact: Fact) -> Option<Decimal> {
        let at = MONEY.iter().position(|money| *money == fact)?;
        self.money.get(*self.case(id)?.money.get(at)?).copied()
    }

    /// Where a case begins: the file, and the line or the cell.
    pub(super) fn place(&self, id: CaseId) -> String {
        let Some(case) = self.case(id) else {
            return String::new();
        };
        let file = self.texts.get(case.file).map_or("", |file| &**file);
        match self.spot(case.start) {
            Some((place, true)) => format!("{file}:{place}"),
            // The case begins on the line, whatever the column.
            Some((_, false)) => format!("{file}:{}", case.start.line),
            None => file.to_owned(),
        }
    }

    /// The place of a fact of a case.
    pub(super) fn where_is(&self, id: CaseId, fact: Fact) -> Option<String> {
        let case = self.case(id)?;
        let file = self.texts.get(case.file)?;
        let (place, _) = self.spot(case.spots[fact as usize])?;
        Some(format!("{file}:{place}"))
    }

    /// A place within its file, and whether it is a cell.
    fn spot(&self, spot: Spot) -> Option<(String, bool)> {
        if spot.line == u32::MAX {
            return None;
        }
        let Some(sheet) = spot.sheet.checked_sub(1) else {
            return Some((format!("{}:{}", spot.line, spot.column), false));
        };
        let cell = CellName {
            sheet: Arc::clone(self.sheets.get(u32::from(sheet))?),
            row: spot.line,
            column: u32::from(spot.column),
        };
        Some((cell.to_string(), true))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_of_a_case_stays_small() {
        const { assert!(BYTES_A_CASE <= 224) };
    }
}
