//! Waivers stated in the record: which findings they cover, and which waivers cover nothing.
//!
//! A waiver covers an obligation if the day the duty was to be done lies between its first and last day: the due date
//! if there is one, else the day of the act, else the day of the audit. A waiver without an approver or a reason covers
//! nothing.

use crate::diagnostic::{Code, Diagnostic, nearest};
use crate::lang::Text;
use crate::record::Settled;
use crate::source::Span;
use crate::text;
use crate::value::{Day, Row, SlotId, Value};
use crate::vocabulary::Vocabulary;

use super::{Outcome, Waiver};

/// The waivers of one record.
pub(super) struct Waivers {
    all: Vec<Entry>,
}

struct Entry {
    waiver: Waiver,
    index: usize,
    used: bool,
    /// The day for which it was last checked.
    tried: Option<Day>,
}

impl Waivers {
    /// Reads the waivers of a record.
    pub(super) fn read(record: &Settled, vocabulary: &Vocabulary) -> Waivers {
        let reserved = vocabulary.reserved();
        let Value::Rows(rows) = record.get(reserved.waivers) else {
            return Waivers { all: Vec::new() };
        };
        let text = |row: &Row, slot: SlotId| match row.slots.get(usize::from(slot.0)) {
            Some(Value::Text(text)) => text.trim().to_owned(),
            Some(Value::Party(party)) => party.to_string(),
            _ => String::new(),
        };
        let day = |row: &Row, slot: SlotId| match row.slots.get(usize::from(slot.0)) {
            Some(Value::Day(day)) => Some(*day),
            _ => None,
        };
        let all = rows
            .iter()
            .enumerate()
            .map(|(index, row)| Entry {
                waiver: Waiver {
                    obligation: text(row, reserved.waiver_obligation),
                    approver: text(row, reserved.waiver_approver),
                    reason: text(row, reserved.waiver_reason),
                    from: day(row, reserved.waiver_from),
                    until: day(row, reserved.waiver_until),
                    span: None,
                },
                index,
                used: false,
                tried: None,
            })
            .collect();
        Waivers { all }
    }

    /// Whether the record states no waiver.
    pub(super) fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    /// Whether one of them names an obligation whose outcome can be waived.
    pub(super) fn concern(&self, obligation: &str, outcome: Outcome) -> bool {
        let coverable = matches!(
            outcome,
            Outcome::Violated | Outcome::Review | Outcome::Undetermined | Outcome::Pending
        );
        coverable
            && self
                .all
                .iter()
                .any(|entry| entry.waiver.obligation == obligation)
    }

    /// The waiver that covers an obligation to be done on `day`; marks it as used.
    pub(super) fn cover(&mut self, obligation: &str, day: Day) -> Option<Waiver> {
        let entries = self.all.iter_mut();
        for entry in entries.filter(|entry| entry.waiver.obligation == obligation) {
            entry.tried = Some(day);
            if entry.waiver.valid_on(day) {
                entry.used = true;
                return Some(entry.waiver.clone());
            }
        }
        None
    }

    /// The waivers that covered nothing, each with a diagnostic that says why.
    ///
    /// `known` are the ids of all obligations in force; `place` finds where the record states the waiver at a position.
    pub(super) fn idle(
        self,
        as_of: Day,
        known: &[&str],
        place: impl Fn(usize) -> Option<Span>,
    ) -> (Vec<Waiver>, Vec<Diagnostic>) {
        let mut waivers = Vec::new();
        let mut diagnostics = Vec::new();
        for entry in self.all.into_iter().filter(|entry| !entry.used) {
            let mut waiver = entry.waiver;
            waiver.span = place(entry.index);
            let day = match entry.tried {
                Some(day) => (day, Text::new("应办之日", "the day it was to be done")),
                None => (as_of, Text::new("审查日", "audited as of")),
            };
            let mut diagnostic = why_idle(&waiver, &day, known);
            if let Some(span) = &waiver.span {
                diagnostic = diagnostic.at(span.clone());
            }
            diagnostics.push(diagnostic);
            waivers.push(waiver);
        }
        (waivers, diagnostics)
    }
}

impl Waiver {
    fn valid_on(&self, day: Day) -> bool {
        !self.approver.is_empty()
            && !self.reason.is_empty()
            && self.from.is_none_or(|from| from <= day)
            && self.until.is_none_or(|until| day <= until)
    }
}

/// Why a waiver covers nothing. `day`: the day that counts, and what day that is.
fn why_idle(waiver: &Waiver, day: &(Day, Text), known: &[&str]) -> Diagnostic {
    let (day, which) = day;
    let id = &waiver.obligation;
    if id.is_empty() {
        return Diagnostic::new(
            Code::WaiverInvalid,
            text!(
                "一项豁免没有写明所豁免的义务编号",
                "a waiver does not name the obligation it waives"
            ),
        )
        .help(text!(
            "写明义务编号；`choucha rules` 列出全部编号",
            "name the obligation; `choucha rules` lists all ids"
        ));
    }
    if !known.contains(&id.as_str()) {
        let diagnostic = Diagnostic::new(
            Code::WaiverInvalid,
            text!(
                "豁免所指的义务 `{id}` 不存在",
                "the waiver names `{id}`, which is not an obligation in force"
            ),
        );
        return match nearest(id, known.iter().copied()) {
            Some(other) => diagnostic.help(text!("是否指 `{other}`？", "did you mean `{other}`?")),
            None => diagnostic.help(text!(
                "`choucha rules` 列出全部编号",
                "`choucha rules` lists all ids"
            )),
        };
    }
    if waiver.approver.is_empty() || waiver.reason.is_empty() {
        return Diagnostic::new(
            Code::WaiverInvalid,
            text!(
                "对 `{id}` 的豁免缺少批准人或者理由，不予采用",
                "the waiver of `{id}` lacks its approver or its reason, and is not applied"
            ),
        )
        .help(text!(
            "补写批准人和豁免理由",
            "state who approved it and why"
        ));
    }
    match (waiver.from, waiver.until) {
        (_, Some(until)) if until < *day => Diagnostic::new(
            Code::WaiverExpired,
            text!(
                "对 `{id}` 的豁免已于{until}到期（{}{day}）",
                "the waiver of `{id}` expired on {until} ({} {day})";
                which
            ),
        ),
        (Some(from), _) if *day < from => Diagnostic::new(
            Code::WaiverExpired,
            text!(
                "对 `{id}` 的豁免自{from}起生效，{}{day}尚未生效",
                "the waiver of `{id}` holds only from {from} ({} {day})";
                which
            ),
        ),
        _ => Diagnostic::new(
            Code::WaiverUnused,
            text!(
                "对 `{id}` 的豁免没有用上：该义务并无需要豁免的问题",
                "the waiver of `{id}` is not used: there is nothing to waive"
            ),
        ),
    }
}
