//! Facts as evidence: from a path that names the rows, to the value, its wording and its origin.

use crate::record::Settled;
use crate::value::{Row, Value};
use crate::vocabulary::{Entry, Fact, Vocabulary};

use super::explain::Explainer;
use super::{Evidence, Missing};

/// The fact and the value at a path such as `sampling.corrections[2].confirmed`; rows are numbered from 1.
pub(super) fn resolve<'a>(
    vocabulary: &'a Vocabulary,
    settled: &'a Settled,
    path: &str,
) -> Option<(&'a Fact, &'a Value)> {
    // Most paths lead through no row.
    if !path.contains('[') {
        let fact = fact(vocabulary, path)?;
        return Some((fact, value_of(settled, None, fact)?));
    }
    let mut key = String::with_capacity(path.len());
    let mut row = None;
    let mut rest = path;
    while let Some((before, after)) = rest.split_once('[') {
        let (index, after) = after.split_once(']')?;
        key.push_str(before);
        let list = fact(vocabulary, &key)?;
        let Value::Rows(rows) = value_of(settled, row, list)? else {
            return None;
        };
        row = Some(rows.get(index.parse::<usize>().ok()?.checked_sub(1)?)?);
        key.push_str("[]");
        rest = after;
    }
    key.push_str(rest);
    let fact = fact(vocabulary, &key)?;
    Some((fact, value_of(settled, row, fact)?))
}

/// The value of a fact in a row, or in the record itself.
fn value_of<'a>(settled: &'a Settled, row: Option<&'a Row>, fact: &Fact) -> Option<&'a Value> {
    match row {
        Some(row) => row.slots.get(usize::from(fact.slot.0)),
        None => Some(settled.get(fact.slot)),
    }
}

fn fact<'a>(vocabulary: &'a Vocabulary, key: &str) -> Option<&'a Fact> {
    match vocabulary.find(key)? {
        Entry::Fact(id) => Some(vocabulary.fact(id)),
        Entry::Group(_) => None,
    }
}

/// The fact at a path, as evidence.
pub(super) fn evidence(of: &Explainer<'_>, path: &str) -> Option<Evidence> {
    let vocabulary = of.vocabulary;
    let (fact, value) = resolve(vocabulary, of.settled, path)?;
    Some(Evidence {
        fact: path.to_owned(),
        title: fact.name.clone(),
        value: code(vocabulary, fact, value),
        shown: vocabulary.show(&fact.ty, value),
        origin: of.settled.origin(of.record, vocabulary, path),
        personal: fact.personal,
    })
}

/// The fact at a path, as missing.
pub(super) fn missing(of: &Explainer<'_>, path: &str) -> Option<Missing> {
    let (fact, _) = resolve(of.vocabulary, of.settled, path)?;
    Some(Missing {
        fact: path.to_owned(),
        title: fact.name.clone(),
        form: fact.form.clone(),
        place: of.vocabulary.place(fact),
    })
}

/// A value as JSON shows it: codes, ISO dates, plain numbers; lists joined by commas; empty where unknown.
fn code(vocabulary: &Vocabulary, fact: &Fact, value: &Value) -> String {
    fn one(vocabulary: &Vocabulary, ty: &crate::value::Type, value: &Value) -> String {
        use crate::value::Type;
        match (value, ty) {
            (Value::Unknown, _) => String::new(),
            (Value::None, _) => "none".to_owned(),
            (Value::Done, _) => "done".to_owned(),
            (Value::Bool(b), _) => b.to_string(),
            (Value::Symbol(symbol), Type::Enum(id)) => vocabulary
                .enumeration(*id)
                .value(*symbol)
                .map_or_else(String::new, |value| value.code.clone()),
            (Value::List(items), Type::List(of)) => items
                .iter()
                .map(|item| one(vocabulary, of, item))
                .collect::<Vec<_>>()
                .join(","),
            (Value::Rows(rows), _) => rows.len().to_string(),
            _ => vocabulary.show(ty, value).en,
        }
    }
    one(vocabulary, &fact.ty, value)
}
