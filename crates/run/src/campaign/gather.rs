//! Gathers the cases of a store by the facts of a scope.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;

use super::flat::{Entry, Flat};
use super::plan::{Plan, Products};
use super::store::{CaseStore, Failed};
use choucha_core::obligation::Scope;
use choucha_core::value::naming::normal;
use choucha_core::value::{Party, SlotId, Value};
use choucha_core::vocabulary::{Key as KeyFact, Vocabulary};

/// The cases of one group.
#[derive(Debug)]
pub(super) struct Group {
    pub(super) key: Key,
    /// The positions of the cases in the store, in order.
    pub(super) entries: Vec<u32>,
}

/// What the cases of a group share: for each fact of the scope its slot in the root shape and the value.
#[derive(Debug, Clone, Default)]
pub(super) struct Key(pub(super) Vec<(SlotId, Value)>);

impl Key {
    /// The names of the values, joined.
    pub(super) fn shown(&self) -> String {
        let shown = self.0.iter().map(|(_, value)| match value {
            Value::Text(text) => text.to_string(),
            Value::Party(party) => party.name.to_string(),
            _ => String::new(),
        });
        shown.collect::<Vec<_>>().join(" · ")
    }
}

/// The groups of a scope. Memory: 12 bytes per case in a group and 12 per group, plus the identifiers of parties known
/// by name; the groups themselves are built one at a time.
#[derive(Debug)]
pub(super) struct Gathered<'v> {
    keys: Vec<&'v KeyFact>,
    names: Names,
    by: By,
    /// Products of the plan without cases.
    unsampled: Vec<Key>,
    /// The number of cases in no group, because they do not state what they are gathered by.
    pub(super) left_out: usize,
    /// The products of the plan.
    pub(super) products: Option<Products>,
}

/// The gathered cases.
#[derive(Debug)]
enum By {
    /// All cases together.
    All(u32),
    Keys {
        /// The cases of each key, key after key.
        members: Vec<Member>,
        /// The range of each key in `members`, in the order of its first case.
        begun: Vec<Begun>,
    },
}

/// The initial capacity of the list of members; beyond it, the list grows by an estimate.
const FIRST: usize = 4096;

/// The hash of a key in two halves, and the position of a case with that key.
type Member = [u32; 3];

/// A group, identified by its first case.
#[derive(Debug, Clone, Copy)]
struct Begun {
    first: u32,
    members: (u32, u32),
}

impl Gathered<'_> {
    /// The groups, in the order of their first case; products of the plan without cases come last.
    pub(super) fn groups<'g>(
        &'g self,
        store: &'g CaseStore,
    ) -> impl Iterator<Item = Result<Group, Failed>> + 'g {
        let (all, members, begun) = match &self.by {
            By::All(cases) => (Some(*cases), &[][..], &[][..]),
            By::Keys { members, begun } => (None, members.as_slice(), begun.as_slice()),
        };
        let all = all.map(|cases| {
            Ok(Group {
                key: Key::default(),
                entries: (0..cases).collect(),
            })
        });
        let runs = begun.chunk_by(|one, other| one.first == other.first);
        let keyed = runs.flat_map(move |run| match self.begun_by(run, members, store) {
            Ok(groups) => groups.into_iter().map(Ok).collect(),
            Err(failed) => vec![Err(failed)],
        });
        let unsampled = self.unsampled.iter().map(|key| {
            Ok(Group {
                key: key.clone(),
                entries: Vec::new(),
            })
        });
        all.into_iter().chain(keyed).chain(unsampled)
    }

    /// The groups with the same first case, in the order in which it names their keys.
    fn begun_by(
        &self,
        run: &[Begun],
        members: &[Member],
        store: &CaseStore,
    ) -> Result<Vec<Group>, Failed> {
        let of = |begun: &Begun| {
            let (start, end) = begun.members;
            &members[start as usize..end as usize]
        };
        let mut left: Vec<&[Member]> = run.iter().map(of).collect();
        let mut groups = Vec::with_capacity(run.len());
        let first: Vec<u32> = run.first().map(|begun| begun.first).into_iter().collect();
        for entry in store.rows(&first)? {
            for key in found(&self.keys, &entry, self.products.as_ref(), &self.names) {
                let hash = hash(&key);
                let is_its = |members: &&[Member]| members.first().is_some_and(|m| m[..2] == hash);
                if let Some(at) = left.iter().position(is_its) {
                    let members = left.swap_remove(at);
                    groups.push(Group {
                        key,
                        entries: members.iter().map(|[.., position]| *position).collect(),
                    });
                }
            }
        }
        Ok(groups)
    }
}

/// Gathers cases by a scope.
pub(super) fn by<'v>(
    scope: &Scope,
    vocabulary: &'v Vocabulary,
    store: &CaseStore,
    plan: Option<&Plan>,
) -> Result<Gathered<'v>, Failed> {
    let mut gathered = Gathered {
        keys: Vec::new(),
        names: Names::default(),
        by: By::Keys {
            members: Vec::new(),
            begun: Vec::new(),
        },
        unsampled: Vec::new(),
        left_out: 0,
        products: plan.map(|plan| plan.products(vocabulary)),
    };
    let codes = match scope {
        Scope::Case => return Ok(gathered),
        Scope::Campaign => {
            // A store never holds more cases than fit in 32 bits.
            gathered.by = By::All(u32::try_from(store.len()).unwrap_or(u32::MAX));
            return Ok(gathered);
        }
        Scope::Gathered(codes) => codes,
    };
    let keys = vocabulary.across().map_or(&[][..], |across| &across.keys);
    let keys = keys.iter().filter(|key| codes.contains(&key.code));
    gathered.keys = keys.collect();
    gathered.names = Names::of(&gathered.keys, store)?;
    let mut members: Vec<Member> = Vec::with_capacity(store.len().min(FIRST));
    let cases = store.len();
    store.each(|position, entry| {
        let products = gathered.products.as_ref();
        let found = found(&gathered.keys, entry, products, &gathered.names);
        gathered.left_out += usize::from(found.is_empty());
        if members.len() + found.len() > members.capacity() {
            // Reserves the room that the rest is likely to need, rather than doubling.
            let (seen, left) = (position as usize + 1, cases - position as usize);
            members.reserve_exact(found.len() + members.len() * left / seen + left / 16);
        }
        members.extend(found.iter().map(|key| {
            let [high, low] = hash(key);
            [high, low, position]
        }));
    })?;
    members.sort_unstable();
    members.dedup();
    // A product that the plan asks for and nobody sampled is a group without cases.
    if let ([key], Some(products)) = (gathered.keys.as_slice(), &gathered.products)
        && key.code == "product"
    {
        let keys = products.names.iter();
        let keys = keys.map(|name| Key(vec![(key.slot, Value::Text(Arc::clone(name)))]));
        let is_unsampled = |key: &Key| {
            let hash = hash(key);
            members
                .binary_search_by(|[high, low, _]| [*high, *low].cmp(&hash))
                .is_err()
        };
        gathered.unsampled = keys.filter(is_unsampled).collect();
    }
    gathered.by = By::Keys {
        begun: begun(&members),
        members,
    };
    Ok(gathered)
}

/// The ranges of the groups, in the order of their first case.
fn begun(members: &[Member]) -> Vec<Begun> {
    let same = |one: &Member, other: &Member| one[..2] == other[..2];
    let mut begun = Vec::with_capacity(members.chunk_by(same).count());
    let mut start = 0;
    for group in members.chunk_by(same) {
        let end = start + u32::try_from(group.len()).unwrap_or(u32::MAX);
        if let Some([.., first]) = group.first() {
            begun.push(Begun {
                first: *first,
                members: (start, end),
            });
        }
        start = end;
    }
    begun.sort_unstable_by_key(|group| (group.first, group.members.0));
    begun
}

/// The keys of a case: every combination of the values of the scope's facts. Empty if one of them is unknown.
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

/// Replaces a product by its name in the plan, and gives a party the identifier that its name always goes with.
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

/// The identifiers used with each name. If a name goes with only one, mentions without an identifier mean that party
/// too.
#[derive(Debug, Default)]
struct Names(HashMap<String, Option<String>>);

impl Names {
    fn of(keys: &[&KeyFact], store: &CaseStore) -> Result<Names, Failed> {
        let mut names: HashMap<String, Option<String>> = HashMap::new();
        let mut note = |value: &Flat| {
            if let Flat::Party(name, Some(id), _) = value {
                match names.entry(normal(name)) {
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
        store.each(|_, entry| {
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
        self.0.get(&normal(&party.name))?.as_deref()
    }
}

/// The hash of a key, in two halves of 32 bits. Among a million keys, two have the same hash less often than once in
/// thirty million runs.
fn hash(key: &Key) -> [u32; 2] {
    let mut hasher = DefaultHasher::new();
    for (slot, value) in &key.0 {
        slot.hash(&mut hasher);
        match value {
            Value::Party(party) => match &party.id {
                Some(id) => (1u8, normal(id)).hash(&mut hasher),
                None => (2u8, normal(&party.name)).hash(&mut hasher),
            },
            Value::Text(text) => (3u8, normal(text)).hash(&mut hasher),
            other => (4u8, format!("{other:?}")).hash(&mut hasher),
        }
    }
    let hash = hasher.finish();
    let low = u64::from(u32::MAX);
    [hash >> 32, hash & low].map(|half| u32::try_from(half).unwrap_or_default())
}
