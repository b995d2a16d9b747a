//! Assembles the record of one group: the campaign's own record, the plan, what the cases share, the cases.

use std::sync::Arc;

use super::flat::Entry;
use super::gather::Key;
use super::plan::Products;
use super::{Campaign, CaseRef};
use choucha_core::lang::Text;
use choucha_core::obligation::{RuleSet, Scope};
use choucha_core::record::{Format, Found, Record};
use choucha_core::source::{Source, Span};

use choucha_core::value::{Row, ShapeId, SlotId, Value};
use choucha_core::vocabulary::{Across, Vocabulary};

/// The parts of a group's record.
#[derive(Debug, Clone, Copy)]
pub(super) struct Assembly<'a> {
    pub(super) vocabulary: &'a Vocabulary,
    pub(super) scope: &'a Scope,
    pub(super) set: &'a RuleSet,
    pub(super) key: &'a Key,
    pub(super) rows: &'a [Entry],
    pub(super) campaign: Campaign<'a>,
    pub(super) products: Option<&'a Products>,
    /// Which facts of a case may be evidence, by slot: those that are read.
    pub(super) read: &'a [bool],
}

impl Assembly<'_> {
    /// The record, without places.
    pub(super) fn record(&self) -> Record {
        let source = Source::gathered(self.name(), String::new(), Vec::new());
        Record::new(self.root(), source, Format::Yaml).into_gathered()
    }

    fn root(&self) -> Row {
        let vocabulary = self.vocabulary;
        let facts = vocabulary.shape(ShapeId::ROOT).facts.len();
        let mut slots = vec![Value::Unknown; facts];
        let mut put = |slot: SlotId, value: Value| {
            if let Some(held) = slots.get_mut(usize::from(slot.0)) {
                *held = value;
            }
        };
        let Some(across) = vocabulary.across() else {
            return Row {
                slots: slots.into(),
            };
        };
        let reserved = vocabulary.reserved();
        if let Some(record) = self.campaign.record {
            for (slot, value) in (0..).map(SlotId).zip(record.root().slots.iter()) {
                if vocabulary.fact_in(ShapeId::ROOT, slot).is_across() || slot == reserved.waivers {
                    put(slot, value.clone());
                }
            }
            put(reserved.complete, record.get(reserved.complete).clone());
            if let Some(slot) = across.closed_on {
                put(reserved.closed_on, record.get(slot).clone());
            }
        }
        if let (Some(fact), Some(plan)) = (across.plan, self.campaign.plan) {
            put(fact.slot, Value::Rows(Arc::clone(&plan.rows)));
        }
        for (slot, value) in &self.key.0 {
            put(*slot, value.clone());
        }
        put(reserved.number, Value::Text(self.name().into()));
        let rows = self.rows.iter().map(|entry| self.row(across, entry));
        put(across.cases, Value::Rows(rows.collect()));
        Row {
            slots: slots.into(),
        }
    }

    fn row(&self, across: &Across, entry: &Entry) -> Row {
        let facts = self.vocabulary.shape(across.row).facts.len();
        let mut slots = vec![Value::Unknown; facts];
        for kept in &entry.facts {
            let value = match kept.value.clone().value() {
                Value::Text(text) => match self.products.and_then(|products| {
                    is_product(across, kept.slot())
                        .then(|| products.named(&text))
                        .flatten()
                }) {
                    Some(name) => Value::Text(Arc::clone(name)),
                    None => Value::Text(text),
                },
                value => value,
            };
            if let Some(held) = slots.get_mut(usize::from(kept.slot)) {
                *held = value;
            }
        }
        Row {
            slots: slots.into(),
        }
    }

    /// The record with the places of its facts in the cases, the campaign's record and the plan.
    pub(super) fn with_places(&self, record: &Record) -> Record {
        let mut text = String::new();
        let mut at: Vec<Box<str>> = Vec::new();
        let mut spans: Vec<(String, std::ops::Range<usize>)> = Vec::new();
        let row = self.vocabulary.across().map(|across| across.row);
        for (position, entry) in (1..).zip(self.rows) {
            let case = self.case(entry);
            let number = case.number.as_deref().unwrap_or(&entry.place);
            let begin = text.len();
            text.push_str(&line(&format!("{}  {number}", entry.place)));
            at.push(entry.place.as_str().into());
            spans.push((format!("cases[{position}]"), begin..text.len()));
            text.push('\n');
            // An unread fact is no evidence, and a group may have many cases.
            let is_read = |slot: SlotId| self.read.get(usize::from(slot.0)) == Some(&true);
            for kept in entry.facts.iter().filter(|kept| is_read(kept.slot())) {
                let Some(row) = row else { continue };
                let fact = self.vocabulary.fact_in(row, kept.slot());
                let value = self.vocabulary.show(&fact.ty, &kept.value.clone().value());
                let at_place = kept.place.as_deref().unwrap_or(&entry.place);
                text.push_str(&line(&format!("{at_place}  {number} {}：", fact.label.zh)));
                let begin = text.len();
                text.push_str(&line(&value.zh));
                at.push(at_place.into());
                spans.push((
                    format!("cases[{position}].{}", fact.code),
                    begin..text.len(),
                ));
                text.push('\n');
            }
        }
        // The text ends with an empty line.
        at.push("".into());
        let source = Source::gathered(self.name(), text, at);
        let mut places: Vec<(String, Span)> = spans
            .into_iter()
            .map(|(path, range)| (path, Span::new(&source, range)))
            .collect();
        let beside = [
            self.campaign.record,
            self.campaign.plan.map(|plan| &plan.record),
        ];
        for record in beside.into_iter().flatten() {
            let origins = record.origins(self.vocabulary);
            for path in origins.paths() {
                if let Some(span) = origins.value(&path) {
                    places.push((path.into_owned(), span));
                }
            }
        }
        Record::new(record.root().clone(), source, Format::Yaml)
            .into_gathered()
            .with_places(Found::gathered(places))
    }

    /// The name of the group for people.
    pub(super) fn key_shown(&self) -> Text {
        if *self.scope == Scope::Campaign {
            return self.set.title.clone();
        }
        Text::same(self.key.shown())
    }

    fn name(&self) -> String {
        match self.scope {
            Scope::Campaign => self.set.title.zh.clone(),
            _ => self.key.shown(),
        }
    }

    /// The cases of the group.
    pub(super) fn cases(&self) -> Vec<CaseRef> {
        self.rows.iter().map(|entry| self.case(entry)).collect()
    }

    pub(super) fn case(&self, entry: &Entry) -> CaseRef {
        let number = self.vocabulary.across().and_then(|across| across.number);
        let kept = entry.facts.iter().find(|kept| Some(kept.slot()) == number);
        CaseRef {
            number: match kept.map(|kept| kept.value.clone().value()) {
                Some(Value::Text(number)) if !number.trim().is_empty() => {
                    Some(number.trim().to_owned())
                }
                _ => None,
            },
            place: entry.place.clone(),
        }
    }
}

/// Whether products are gathered by this fact of a row.
fn is_product(across: &Across, slot: SlotId) -> bool {
    let mut keys = across.keys.iter();
    keys.any(|key| key.code == "product" && key.gathers.contains(&slot))
}

/// A text on one line.
fn line(text: &str) -> String {
    text.replace(['\n', '\r'], " ")
}
