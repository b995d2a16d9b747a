//! Rule sets as bytes: what a build prepares and the program reads instead of running scripts.
//!
//! Terms: a *stored* rule set is a rule set with everything a load found out about it, places in the scripts included.
//!
//! Invariants: what is read is equal to what was written, shared expressions stay shared, and places lead into the texts
//! the reader names. Stored bytes hold positions of facts in the vocabulary: they fit the vocabulary they were made with
//! and no other, which is for the caller to see to.

use std::cell::RefCell;
use std::collections::HashMap;
use std::sync::Arc;

use serde::de::Error as _;
use serde::ser::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::expr::{Expr, Node};
use crate::obligation::RuleSet;
use crate::source::{Source, Span};

/// Why rule sets could not be stored, or stored ones not be read.
#[derive(Debug, thiserror::Error)]
#[error("a stored rule set is broken: {0}")]
pub struct Error(#[from] postcard::Error);

/// Gives the text of a name; none, if there is no such text.
pub type Texts = Box<dyn Fn(&str) -> Option<Arc<Source>>>;

/// Something that is written once and afterwards named by its number.
#[derive(Serialize, Deserialize)]
enum Stored<T> {
    Known(u32),
    New(T),
}

#[derive(Default)]
struct Writing {
    expressions: HashMap<*const Node, u32>,
    sources: HashMap<*const Source, u32>,
}

struct Reading {
    texts: Texts,
    expressions: Vec<Expr>,
    sources: Vec<Arc<Source>>,
}

thread_local! {
    static WRITING: RefCell<Option<Writing>> = const { RefCell::new(None) };
    static READING: RefCell<Option<Reading>> = const { RefCell::new(None) };
}

/// A rule set as bytes.
///
/// # Errors
/// [`Error`], where an expression holds a value that no script can write.
pub fn write(set: &RuleSet) -> Result<Vec<u8>, Error> {
    WRITING.set(Some(Writing::default()));
    let written = postcard::to_allocvec(set);
    WRITING.set(None);
    Ok(written?)
}

/// The rule set that was written; `texts` gives the scripts by name.
///
/// # Errors
/// [`Error`], where the bytes are not those of a rule set, or a script is not there.
pub fn read(bytes: &[u8], texts: Texts) -> Result<RuleSet, Error> {
    READING.set(Some(Reading {
        texts,
        expressions: Vec::new(),
        sources: Vec::new(),
    }));
    let read = postcard::from_bytes(bytes);
    READING.set(None);
    Ok(read?)
}

/// What a number stands for is asked of what is being written on this thread; none outside of [`write`].
fn writing<T>(ask: impl FnOnce(&mut Writing) -> T) -> Option<T> {
    WRITING.with_borrow_mut(|writing| writing.as_mut().map(ask))
}

/// The same of what is being read; none outside of [`read`].
fn reading<T>(ask: impl FnOnce(&mut Reading) -> Option<T>) -> Option<T> {
    READING.with_borrow_mut(|reading| reading.as_mut().and_then(ask))
}

fn number(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}

impl Serialize for Expr {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let place = Arc::as_ptr(&self.0);
        let known = writing(|writing| writing.expressions.get(&place).copied())
            .ok_or_else(|| S::Error::custom("expressions are stored with their rule set"))?;
        if let Some(known) = known {
            return Stored::<&Node>::Known(known).serialize(serializer);
        }
        let done = Stored::New(self.0.as_ref()).serialize(serializer)?;
        // Its parts come first, as they do where it is read.
        writing(|writing| {
            let next = number(writing.expressions.len());
            writing.expressions.insert(place, next)
        });
        Ok(done)
    }
}

impl<'de> Deserialize<'de> for Expr {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match Stored::<Node>::deserialize(deserializer)? {
            Stored::Known(at) => reading(|reading| reading.expressions.get(at as usize).cloned()),
            Stored::New(node) => reading(|reading| {
                let expr = Expr(Arc::new(node));
                reading.expressions.push(expr.clone());
                Some(expr)
            }),
        }
        .ok_or_else(|| D::Error::custom("no such expression"))
    }
}

impl Serialize for Span {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let place = Arc::as_ptr(&self.source);
        let source = writing(|writing| {
            let next = number(writing.sources.len());
            match writing.sources.get(&place) {
                Some(known) => Stored::Known(*known),
                None => {
                    writing.sources.insert(place, next);
                    Stored::New(self.source.name())
                }
            }
        })
        .ok_or_else(|| S::Error::custom("places are stored with their rule set"))?;
        (source, number(self.range.start), number(self.range.end)).serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Span {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let (source, start, end) = <(Stored<&str>, u32, u32)>::deserialize(deserializer)?;
        let source = match source {
            Stored::Known(at) => reading(|reading| reading.sources.get(at as usize).cloned()),
            Stored::New(name) => reading(|reading| {
                let source = (reading.texts)(name)?;
                reading.sources.push(Arc::clone(&source));
                Some(source)
            }),
        }
        .ok_or_else(|| D::Error::custom("no such text"))?;
        Ok(Span::new(&source, start as usize..end as usize))
    }
}

/// Decimals, to the digit.
pub(crate) mod decimal {
    use rust_decimal::Decimal;
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    pub(crate) fn serialize<S: Serializer>(
        number: &Decimal,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        number.serialize().serialize(serializer)
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Decimal, D::Error> {
        <[u8; 16]>::deserialize(deserializer).map(Decimal::deserialize)
    }
}
