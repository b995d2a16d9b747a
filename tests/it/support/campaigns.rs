//! Every rule set, loaded once, with dossiers for each: its own, and those of the first batch of 2024 moved to its days.

use std::collections::BTreeMap;
use std::sync::{LazyLock, OnceLock};

use choucha::record::Record;
use choucha::value::{Row, Value};
use choucha::vocabulary::Fact;

use super::random::{bare, candidates, with};
use super::{World, dossiers, engine, files, name, record, world};

/// A rule set and the dossiers to try it on.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Campaign {
    pub(crate) rule_set: &'static str,
    /// The folder of its dossiers; empty if it has none.
    pub(crate) fixtures: &'static str,
    /// Weeks from the first batch of 2024 to its days: whole weeks, so that the day of the week stays.
    pub(crate) weeks: i32,
}

/// Every rule set of the rules folder; a test checks that the list is complete.
pub(crate) const CAMPAIGNS: &[Campaign] = &[
    Campaign {
        rule_set: "national/order-18",
        fixtures: "",
        weeks: 0,
    },
    Campaign {
        rule_set: "shanxi/2024-batch-1",
        fixtures: "fixtures/shanxi-2024-batch-1",
        weeks: 0,
    },
    Campaign {
        rule_set: "shanxi/2021-158-coal",
        fixtures: "fixtures/shanxi-2021-158-coal",
        weeks: -130,
    },
    Campaign {
        rule_set: "shanxi/2021-159-machinery-daily-textile",
        fixtures: "fixtures/shanxi-2021-159-machinery-daily-textile",
        weeks: -130,
    },
    Campaign {
        rule_set: "shanxi/datong-2025",
        fixtures: "fixtures/shanxi-datong-2025",
        weeks: 89,
    },
    Campaign {
        rule_set: "jiangsu/zhangjiagang-2021",
        fixtures: "fixtures/jiangsu-zhangjiagang-2021",
        weeks: -130,
    },
    Campaign {
        rule_set: "chongqing/2021-follow-up",
        fixtures: "fixtures/chongqing-2021-follow-up",
        weeks: -126,
    },
];

pub(crate) fn campaign(rule_set: &str) -> &'static Campaign {
    CAMPAIGNS
        .iter()
        .find(|campaign| campaign.rule_set == rule_set)
        .unwrap_or_else(|| panic!("`{rule_set}` is not among the campaigns"))
}

static WORLDS: LazyLock<BTreeMap<&str, OnceLock<World>>> = LazyLock::new(|| {
    CAMPAIGNS
        .iter()
        .map(|campaign| (campaign.rule_set, OnceLock::new()))
        .collect()
});

/// A rule set, ready to audit.
pub(crate) fn world_of(rule_set: &str) -> &'static World {
    WORLDS[rule_set].get_or_init(|| World::of(engine(), rule_set))
}

impl Campaign {
    pub(crate) fn world(&self) -> &'static World {
        world_of(self.rule_set)
    }

    /// Its own dossiers, then those of the first batch of 2024, moved to its days and naming this rule set.
    pub(crate) fn dossiers(&self) -> Vec<(String, Record)> {
        let mut all: Vec<(String, Record)> = Vec::new();
        if !self.fixtures.is_empty() {
            all.extend(
                files(self.fixtures)
                    .iter()
                    .map(|path| (name(path), record(path))),
            );
        }
        if self.fixtures != super::FIXTURES {
            let moved = dossiers()
                .into_iter()
                .map(|(name, record)| (name, self.takes(&record)));
            all.extend(moved);
        }
        all
    }

    /// Every value of a fact worth trying, on the campaign's days.
    pub(crate) fn candidates(&self, fact: &Fact) -> Vec<Value> {
        candidates(world().vocabulary(), fact)
            .iter()
            .map(|value| shifted(value, 7 * self.weeks))
            .collect()
    }

    /// A record of the first batch of 2024, turned into one of this campaign.
    pub(crate) fn takes(&self, record: &Record) -> Record {
        let rule_set = world().fact("case.ruleset").slot;
        let row = moved(record.root(), 7 * self.weeks);
        bare(with(&row, rule_set, Value::Text(self.rule_set.into())))
    }
}

/// A row with all its days moved.
fn moved(row: &Row, days: i32) -> Row {
    Row {
        slots: row.slots.iter().map(|value| shifted(value, days)).collect(),
    }
}

fn shifted(value: &Value, days: i32) -> Value {
    match value {
        Value::Day(day) => Value::Day(*day + days),
        Value::List(items) => Value::List(
            items
                .iter()
                .map(|item| shifted(item, days))
                .collect::<Vec<_>>()
                .into(),
        ),
        Value::Rows(rows) => Value::Rows(
            rows.iter()
                .map(|row| moved(row, days))
                .collect::<Vec<_>>()
                .into(),
        ),
        other => other.clone(),
    }
}
