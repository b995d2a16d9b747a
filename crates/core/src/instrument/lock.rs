//! The lock of an instrument: digests of the clauses of its text and of the quotes in the rules.
//!
//! The texts themselves are not shipped. Without them, the lock proves that every quote in the rules was found in
//! exactly one clause when it was written; with them, it shows which clauses have changed since. `choucha texts lock`
//! writes it to `rules/clauses/<name>.lock.yaml`, one line per clause and one line per quote:
//!
//! ```yaml
//! text: sha256:…                    # of the bytes of the text file
//! clauses:                          # id: kind and digest of the normal form, in the order of the text
//!   二、（一）/3.1: normative 0123456789abcdef0123456789abcdef
//! quotes:                           # digest of a quote's normal form, and its clause
//!   - 0123456789abcdef0123456789abcdef 二、（一）/3.1
//! ```
//!
//! The section of a clause is the part of its id before the last `/`.
//!
//! Invariants: the same text, description and citations give the same bytes.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::sync::Arc;

use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, Visitor};

use super::clause::{ClauseId, ClauseKind};
use super::normal::{Normal, normal};
use super::outline::yaml;
use super::resolve::Body;
use crate::diagnostic::{Code, Diagnostic};
use crate::source::{Source, Span};
use crate::text;

/// A clause, as recorded in a lock.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LockedClause {
    /// Its id.
    pub id: ClauseId,
    /// Its kind.
    pub kind: ClauseKind,
    /// The digest of its normal form.
    pub digest: String,
}

/// A quote, as recorded in a lock.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct LockedQuote {
    /// The clause it comes from.
    pub clause: ClauseId,
    /// The digest of its normal form.
    pub digest: String,
}

/// The lock of one instrument.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lock {
    /// `sha256:…`, the digest of the text file.
    pub text: String,
    /// The clauses, in the order of the text.
    pub clauses: Vec<LockedClause>,
    /// The quotes, in the order of the text.
    pub quotes: Vec<LockedQuote>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    text: String,
    clauses: Pairs,
    #[serde(default)]
    quotes: Vec<String>,
}

struct Pairs(Vec<(String, String)>);

impl<'de> Deserialize<'de> for Pairs {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Entries;
        impl<'de> Visitor<'de> for Entries {
            type Value = Pairs;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("a map")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Pairs, A::Error> {
                let mut pairs = Vec::new();
                while let Some(pair) = map.next_entry()? {
                    pairs.push(pair);
                }
                Ok(Pairs(pairs))
            }
        }
        deserializer.deserialize_map(Entries)
    }
}

impl Lock {
    /// The lock of a text and the quotes from it. `digest`: that of the text file.
    #[must_use]
    pub fn of(body: &Body, digest: &str, quotes: &[(ClauseId, &str)]) -> Self {
        let clauses: Vec<LockedClause> = body
            .with_normals()
            .map(|(clause, normal)| LockedClause {
                id: clause.id.clone(),
                kind: clause.kind,
                digest: normal.digest(),
            })
            .collect();
        let distinct: BTreeSet<(usize, String)> = quotes
            .iter()
            .filter_map(|(clause, quote)| {
                let at = clauses.iter().position(|known| known.id == *clause)?;
                Some((at, Normal::new(quote).digest()))
            })
            .collect();
        let quotes = distinct
            .into_iter()
            .filter_map(|(at, digest)| {
                let clause = clauses.get(at)?.id.clone();
                Some(LockedQuote { clause, digest })
            })
            .collect();
        Lock {
            text: digest.to_owned(),
            clauses,
            quotes,
        }
    }

    /// Reads the lock in a file.
    ///
    /// # Errors
    /// One diagnostic, if it is not in the format of [`Lock::to_text`].
    pub fn load(source: &Arc<Source>) -> Result<Lock, Vec<Diagnostic>> {
        let file: File = yaml(source, Code::LockInvalid)?;
        let wrong = |line: &str| {
            let start = source.text().find(line).unwrap_or(0);
            let message = text!(
                "锁定文件的一行不合要求：`{line}`",
                "a line of the lock is invalid: `{line}`"
            );
            vec![
                Diagnostic::new(Code::LockInvalid, message)
                    .at(Span::new(source, start..start + line.len()))
                    .help(relock()),
            ]
        };
        let clauses = file.clauses.0.into_iter().map(|(id, value)| {
            let (kind, digest) = value.split_once(' ').ok_or_else(|| wrong(&value))?;
            Ok(LockedClause {
                id: ClauseId::parse(&id).ok_or_else(|| wrong(&id))?,
                kind: ClauseKind::of_code(kind).ok_or_else(|| wrong(&value))?,
                digest: digest.to_owned(),
            })
        });
        let quotes = file.quotes.into_iter().map(|line| {
            let (digest, clause) = line.split_once(' ').ok_or_else(|| wrong(&line))?;
            Ok(LockedQuote {
                clause: ClauseId::parse(clause).ok_or_else(|| wrong(&line))?,
                digest: digest.to_owned(),
            })
        });
        Ok(Lock {
            text: file.text,
            clauses: clauses.collect::<Result<_, Vec<Diagnostic>>>()?,
            quotes: quotes.collect::<Result<_, Vec<Diagnostic>>>()?,
        })
    }

    /// The lock as the contents of a file.
    #[must_use]
    pub fn to_text(&self) -> String {
        let mut out = String::from(
            "# 由 choucha texts lock 生成，请勿手改。 Written by `choucha texts lock`; do not edit.\n",
        );
        // Writing to a String cannot fail.
        let _ = writeln!(out, "text: {}\nclauses:", self.text);
        for clause in &self.clauses {
            let _ = writeln!(
                out,
                "  {}: {} {}",
                clause.id,
                clause.kind.code(),
                clause.digest
            );
        }
        out.push_str(if self.quotes.is_empty() {
            "quotes: []\n"
        } else {
            "quotes:\n"
        });
        for quote in &self.quotes {
            let _ = writeln!(out, "  - {} {}", quote.digest, quote.clause);
        }
        out
    }

    /// The recorded clause with this id.
    #[must_use]
    pub fn clause(&self, id: &ClauseId) -> Option<&LockedClause> {
        self.clauses.iter().find(|clause| clause.id == *id)
    }

    /// The clauses that contained a quote when the lock was written, in any section.
    #[must_use]
    pub fn found(&self, quote: &str) -> Vec<&ClauseId> {
        let digest = Normal::new(quote).digest();
        self.quotes
            .iter()
            .filter(|known| known.digest == digest)
            .map(|known| &known.clause)
            .collect()
    }

    /// The clause of a section that contained a quote.
    #[must_use]
    pub fn resolve(&self, section: &str, quote: &str) -> Option<&ClauseId> {
        let section = normal(section);
        self.found(quote)
            .into_iter()
            .find(|clause| normal(&clause.section) == section)
    }

    /// The clauses that differ in another lock of the same instrument: text or kind changed, removed, or new.
    #[must_use]
    pub fn changes(&self, now: &Lock) -> Changes {
        let other = |lock: &Lock, clause: &LockedClause| lock.clause(&clause.id).cloned();
        let mut changes = Changes::default();
        for clause in &self.clauses {
            match other(now, clause) {
                None => changes.gone.push(clause.id.clone()),
                Some(same) if same == *clause => {}
                Some(_) => changes.changed.push(clause.id.clone()),
            }
        }
        for clause in &now.clauses {
            if other(self, clause).is_none() {
                changes.new.push(clause.id.clone());
            }
        }
        changes
    }
}

/// The differences between a text and its lock.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Changes {
    /// Clauses with other words or another kind.
    pub changed: Vec<ClauseId>,
    /// Clauses that no longer exist.
    pub gone: Vec<ClauseId>,
    /// Clauses that did not exist.
    pub new: Vec<ClauseId>,
}

impl Changes {
    /// Whether there is no difference.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.changed.is_empty() && self.gone.is_empty() && self.new.is_empty()
    }
}

/// How to fix a lock.
pub fn relock() -> crate::lang::Text {
    crate::lang::Text::new(
        "运行 choucha texts lock --texts <文本所在文件夹> 重新生成",
        "run `choucha texts lock --texts <folder of the texts>` to write it anew",
    )
}
