//! The same record in another spelling: Chinese keys and values, keys in another order.

use choucha::value::Type;
use choucha::vocabulary::{Entry, GroupId, Vocabulary};
use serde_yaml::{Mapping, Value};

/// A tree of codes, translated into the Chinese names of the vocabulary.
pub(crate) fn in_chinese(tree: &Value, vocabulary: &Vocabulary) -> Value {
    group(tree, GroupId(0), vocabulary)
}

fn group(tree: &Value, id: GroupId, vocabulary: &Vocabulary) -> Value {
    let Value::Mapping(map) = tree else {
        return scalar(tree);
    };
    let mut out = Mapping::new();
    for (key, value) in map {
        let code = key.as_str().expect("a key");
        let (label, value) = match vocabulary.group(id).entry(code) {
            Some(Entry::Group(inner)) => (
                &vocabulary.group(inner).label.zh,
                group(value, inner, vocabulary),
            ),
            Some(Entry::Fact(fact)) => {
                let fact = vocabulary.fact(fact);
                (&fact.label.zh, typed(value, &fact.ty, vocabulary))
            }
            None => panic!("no key `{code}`"),
        };
        out.insert(Value::from(label.as_str()), value);
    }
    Value::Mapping(out)
}

fn typed(value: &Value, ty: &Type, vocabulary: &Vocabulary) -> Value {
    match (value, ty) {
        (Value::Sequence(items), Type::List(of)) => items
            .iter()
            .map(|item| typed(item, of, vocabulary))
            .collect::<Vec<_>>()
            .into(),
        (Value::Sequence(items), Type::Rows(shape)) => items
            .iter()
            .map(|item| group(item, vocabulary.shape(*shape).group, vocabulary))
            .collect::<Vec<_>>()
            .into(),
        (Value::String(code), Type::Enum(id)) => {
            let values = vocabulary.enumeration(*id);
            match values.symbol(code).and_then(|symbol| values.value(symbol)) {
                Some(value) => Value::from(value.label.zh.as_str()),
                None => scalar(value),
            }
        }
        _ => scalar(value),
    }
}

fn scalar(value: &Value) -> Value {
    match value {
        Value::Bool(true) => Value::from("是"),
        Value::Bool(false) => Value::from("否"),
        Value::String(text) if text == "none" => Value::from("无"),
        other => other.clone(),
    }
}

/// A tree with the keys of every map rotated by some places.
pub(crate) fn turned(tree: &Value, places: usize) -> Value {
    match tree {
        Value::Mapping(map) => {
            let mut entries: Vec<(Value, Value)> = map
                .iter()
                .map(|(key, value)| (key.clone(), turned(value, places)))
                .collect();
            let length = entries.len().max(1);
            entries.rotate_left(places % length);
            if places % 2 == 1 {
                entries.reverse();
            }
            Value::Mapping(entries.into_iter().collect())
        }
        // The order of a list may matter.
        Value::Sequence(items) => items
            .iter()
            .map(|item| turned(item, places))
            .collect::<Vec<_>>()
            .into(),
        other => other.clone(),
    }
}
