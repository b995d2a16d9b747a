//! Gathers the cases of a ledger by what a scope says they share.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;

use super::flat::{Entry, Flat};
use super::ledger::{Failed, Ledger};
use super::plan::{Plan, Products};
use crate::obligation::Scope;
use crate::value::{Party, SlotId, Value};
use crate::vocabulary::{Key as KeyFact, Vocabulary};

/// The cases of one group.
#[derive(Debug)]
pub(super) struct Group {
    pub(super) key: Key,
    /// Their positions in the ledger, in order.
    pub(super) entries: Vec<u32>,
}

/// What the cases of a group share: of each fact of the scope the value, with its slot in the root shape.
#[derive(Debug, Clone, Default)]
pub(super) struct Key(pub(super) Vec<(SlotId, Value)>);

impl Key {
    /// The names, joined.
    pub(super) fn shown(&self) -> String {
        let shown = self.0.iter().map(|(_, value)| match value {
            Value::Text(text) => text.to_string(),
            Value::Party(party) => party.name.to_string(),
            _ => String::new(),
        });
        shown.collect::<Vec<_>>().join(" · ")
    }
}

/// Every group of a scope.
#[derive(Debug)]
pub(super) struct Gathered {
    /// In the order of their first case; products of the plan that no case has, last.
    pub(super) groups: Vec<Group>,
    /// How many cases are in none, because they do not say what they are gathered by.
    pub(super) left_out: usize,
    /// The products of the plan.
    pub(super) products: Option<Products>,
}

/// Gathers cases.
pub(super) fn by(
    scope: &Scope,
    vocabulary: &Vocabulary,
    ledger: &Ledger,
    plan: Option<&Plan>,
) -> Result<Gathered, Failed> {
    let products = plan.map(|plan| plan.products(vocabulary));
    let mut gathered = Gathered {
        groups: Vec::new(),
        left_out: 0,
        products,
    };
    let codes = match scope {
        Scope::Case => return Ok(gathered),
        Scope::Campaign => {
            // No ledger holds more cases than 32 bits number.
            let all = 0..u32::try_from(ledger.len()).unwrap_or(u32::MAX);
            gathered.groups.push(Group {
                key: Key::default(),
                entries: all.collect(),
            });
            return Ok(gathered);
        }
        Scope::Gathered(codes) => codes,
    };
    let keys: Vec<&KeyFact> = vocabulary
        .across()
        .map_or(&[][..], |across| &across.keys)
        .iter()
        .filter(|key| codes.contains(&key.code))
        .collect();
    let names = Names::of(&keys, ledger)?;
    let mut at: HashMap<u128, usize> = HashMap::new();
    let (groups, products) = (&mut gathered.groups, gathered.products.as_ref());
    let mut left_out = 0;
    ledger.each(|position, entry| {
        let found = found(&keys, entry, products, &names);
        if found.is_empty() {
            left_out += 1;
        }
        for key in found {
            let group = *at.entry(hash(&key)).or_insert_with(|| {
                groups.push(Group {
                    key,
                    entries: Vec::new(),
                });
                groups.len() - 1
            });
            // Positions come in order, so that a case twice in a group is there last.
            if let Some(group) = groups.get_mut(group)
                && group.entries.last() != Some(&position)
            {
                group.entries.push(position);
            }
        }
    })?;
    gathered.left_out = left_out;
    // What the plan asks for and nobody sampled is a group of no cases.
    if let ([key], Some(products)) = (keys.as_slice(), &gathered.products)
        && key.code == "product"
    {
        for name in &products.names {
            let value = Value::Text(Arc::clone(name));
            let is_known = |group: &Group| group.key.0.iter().any(|(_, known)| *known == value);
            if !gathered.groups.iter().any(is_known) {
                gathered.groups.push(Group {
                    key: Key(vec![(key.slot, value)]),
                    entries: Vec::new(),
                });
            }
        }
    }
    Ok(gathered)
}

/// The keys of a case: every combination of the values of the facts of the scope. Empty, if one of them is unknown.
fn found(keys: &[&KeyFact], entry: &Entry, products: Option<&Products>, names: &Names) -> Vec<Key> {
    let mut found = vec![Key::default()];
    for key in keys {
        let mut values: Vec<Value> = Vec::new();
        for slot in &key.gathers {
            let kept = entry.facts.iter().find(|kept| kept.slot() == *slot);
            let items: &[Flat] = match kept.map(|kept| &kept.value) {
                Some(Flat::List(items)) => items,
                Some(single) => std::slice::from_ref(single),
                None => &[],
            };
            for item in items {
                let value = named(item.clone().value(), products, names);
                if value.is_present() && !values.contains(&value) {
                    values.push(value);
                }
            }
        }
        found = found
            .iter()
            .flat_map(|begun| {
                values.iter().map(|value| {
                    let mut next = begun.clone();
                    next.0.push((key.slot, value.clone()));
                    next
                })
            })
            .collect();
    }
    found
}

/// A product by the plan's name, a party with its identifier where others of that name have one and the same.
fn named(value: Value, products: Option<&Products>, names: &Names) -> Value {
    match &value {
        Value::Text(text) if text.trim().is_empty() => Value::None,
        Value::Text(text) => match products.and_then(|products| products.named(text)) {
            Some(name) => Value::Text(Arc::clone(name)),
            None => value,
        },
        Value::Party(party) if party.id.is_none() => match names.only(party) {
            Some(id) => Value::Party(Arc::new(Party {
                id: Some(id.into()),
                ..Party::clone(party)
            })),
            None => value,
        },
        _ => value,
    }
}

/// The identifiers that go with each name: of a name that goes with one alone, those who give none are meant too.
#[derive(Debug, Default)]
struct Names(HashMap<String, Option<String>>);

impl Names {
    fn of(keys: &[&KeyFact], ledger: &Ledger) -> Result<Names, Failed> {
        let mut names: HashMap<String, Option<String>> = HashMap::new();
        let mut note = |value: &Flat| {
            if let Flat::Party(name, Some(id), _) = value {
                match names.entry(stripped(name)) {
                    std::collections::hash_map::Entry::Occupied(mut known) => {
                        if known.get().as_ref() != Some(id) {
                            known.insert(None);
                        }
                    }
                    std::collections::hash_map::Entry::Vacant(new) => {
                        new.insert(Some(id.clone()));
                    }
                }
            }
        };
        ledger.each(|_, entry| {
            for kept in &entry.facts {
                if keys.iter().any(|key| key.gathers.contains(&kept.slot())) {
                    match &kept.value {
                        Flat::List(items) => items.iter().for_each(&mut note),
                        single => note(single),
                    }
                }
            }
        })?;
        Ok(Names(names))
    }

    fn only(&self, party: &Party) -> Option<&str> {
        self.0.get(&stripped(&party.name))?.as_deref()
    }
}

fn stripped(name: &str) -> String {
    name.chars().filter(|c| !c.is_whitespace()).collect()
}

/// What tells one key from another, in 128 bits: no two of any number of cases that can be read will share it.
fn hash(key: &Key) -> u128 {
    let half = |seed: u8| {
        let mut hasher = DefaultHasher::new();
        seed.hash(&mut hasher);
        for (slot, value) in &key.0 {
            slot.hash(&mut hasher);
            match value {
                Value::Party(party) => match &party.id {
                    Some(id) => (1u8, id).hash(&mut hasher),
                    None => (2u8, stripped(&party.name)).hash(&mut hasher),
                },
                Value::Text(text) => (3u8, stripped(text)).hash(&mut hasher),
                other => (4u8, format!("{other:?}")).hash(&mut hasher),
            }
        }
        u128::from(hasher.finish())
    };
    half(0) << 64 | half(1)
}
