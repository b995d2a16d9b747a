//! What a case is about, as a list of many cases shows it.

use crate::record::Settled;
use crate::value::{Day, SlotId, Value};
use crate::vocabulary::{Entry, Vocabulary};

/// Whom and what a case concerns, as the record names them; `None` where it does not.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Subject {
    /// 被抽样单位: the producer or seller sampled.
    pub respondent: Option<Box<str>>,
    /// The product sampled.
    pub product: Option<Box<str>>,
    /// The county of the respondent.
    pub county: Option<Box<str>>,
    /// The agency that sampled.
    pub sampling_agency: Option<Box<str>>,
    /// The agency that tested.
    pub inspection_agency: Option<Box<str>>,
    /// The day of sampling.
    pub sampled_on: Option<Day>,
    /// The day the report was issued.
    pub reported_on: Option<Day>,
}

impl Subject {
    /// The organisation that people in a role work for unless the record says otherwise: samplers for the sampling
    /// agency, testers for the inspection agency. `None` for a role that organisations fill; `Some(None)` if the record
    /// does not name the agency.
    #[must_use]
    pub fn employer(&self, role: &str) -> Option<Option<&str>> {
        match role {
            "samplers" => Some(self.sampling_agency.as_deref()),
            "testers" => Some(self.inspection_agency.as_deref()),
            _ => None,
        }
    }
}

/// The slots that say what a case is about; `None` for facts the vocabulary lacks.
#[derive(Debug, Clone, Copy)]
pub(super) struct Slots {
    names: [Option<SlotId>; 5],
    days: [Option<SlotId>; 2],
}

impl Slots {
    pub(super) fn of(vocabulary: &Vocabulary) -> Self {
        let slot = |path: &str| match vocabulary.find(path)? {
            Entry::Fact(id) => Some(vocabulary.fact(id).slot),
            Entry::Group(_) => None,
        };
        Slots {
            names: [
                "respondent.name",
                "product.name",
                "respondent.county",
                "case.sampling_agency",
                "case.inspection_agency",
            ]
            .map(slot),
            days: ["sampling.sampled_on", "report.issued_on"].map(slot),
        }
    }

    pub(super) fn subject(self, record: &Settled) -> Subject {
        let [
            respondent,
            product,
            county,
            sampling_agency,
            inspection_agency,
        ] = self.names.map(|slot| name(record.get(slot?)));
        let [sampled_on, reported_on] = self.days.map(|slot| match record.get(slot?) {
            Value::Day(day) => Some(*day),
            Value::Moment(moment) => Some(moment.day),
            _ => None,
        });
        Subject {
            respondent,
            product,
            county,
            sampling_agency,
            inspection_agency,
            sampled_on,
            reported_on,
        }
    }
}

fn name(value: &Value) -> Option<Box<str>> {
    let name = match value {
        Value::Text(text) => text.trim(),
        Value::Party(party) => party.name.trim(),
        _ => return None,
    };
    (!name.is_empty()).then(|| name.into())
}
