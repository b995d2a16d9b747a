//! Serialised rule sets: a build prepares them, and the program reads them instead of running scripts.
//!
//! Terms: a *stored* rule set contains everything that a load computed, places in the scripts included.
//!
//! Invariants: what is read equals what was written, shared expressions stay shared, and places point into the texts
//! that the reader supplies. Stored bytes contain positions of facts in the vocabulary: the caller must read them with
//! the vocabulary they were written with.

use std::cell::RefCell;
use std::collections::HashMap;
use std::sync::Arc;

use serde::de::Error as _;
use serde::ser::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::expr::{Expr, Node};
use crate::obligation::RuleSet;
use crate::source::{Source, Span};

/// Why rule sets could not be stored or read.
#[derive(Debug, thiserror::Error)]
#[error("a stored rule set is broken: {0}")]
pub struct Error(#[from] postcard::Error);

/// Returns the text with a name; `None` if there is none.
pub type Texts = Box<dyn Fn(&str) -> Option<Arc<Source>>>;

/// A value written in full the first time, and by its number afterwards.
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

/// Serialises a rule set.
///
/// # Errors
/// [`Error`], if an expression contains a value that no script can write.
pub fn write(set: &RuleSet) -> Result<Vec<u8>, Error> {
    WRITING.set(Some(Writing::default()));
    let written = postcard::to_allocvec(set);
    WRITING.set(None);
    Ok(written?)
}

/// Deserialises a rule set; `texts` returns the scripts by name.
///
/// # Errors
/// [`Error`], if the bytes are not a rule set, or a script is missing.
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

/// Accesses the state of the write in progress on this thread; `None` outside of [`write`].
fn writing<T>(ask: impl FnOnce(&mut Writing) -> T) -> Option<T> {
    WRITING.with_borrow_mut(|writing| writing.as_mut().map(ask))
}

/// Accesses the state of the read in progress on this thread; `None` outside of [`read`].
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
        // Numbered after its parts, as in reading.
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

/// Decimals without loss.
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
