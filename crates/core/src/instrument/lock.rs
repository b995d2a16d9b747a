//! The lock of an instrument: which clauses its text has and which of them the rules quote, as digests.
//!
//! The texts themselves are not shipped. The lock proves, without them, that every quote of the rules was found in
//! exactly one clause when it was written; and with them, which clauses have changed since. It is written by
//! `choucha texts lock` into `rules/clauses/<name>.lock.yaml`, one line a clause and one line a quote:
//!
//! ```yaml
//! text: sha256:…                    # of the bytes of the text file
//! clauses:                          # id: kind and digest of the normal form, in the order of the text
//!   二、（一）/3.1: normative 0123456789abcdef0123456789abcdef
//! quotes:                           # digest of a quote's normal form: the clause it is taken from
//!   - 0123456789abcdef0123456789abcdef 二、（一）/3.1
//! ```
//!
//! The section of a clause is what stands before the last `/` of its id.
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

/// What a lock says of a clause.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LockedClause {
    /// Its id.
    pub id: ClauseId,
    /// What it is.
    pub kind: ClauseKind,
    /// The digest of its normal form.
    pub digest: String,
}

/// What a lock says of a quote.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct LockedQuote {
    /// The clause it is taken from.
    pub clause: ClauseId,
    /// The digest of its normal form.
    pub digest: String,
}

/// A lock.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lock {
    /// `sha256:…` of the text file.
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
    /// The lock of a text of which the rules quote some clauses. `digest`: of the text file.
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

    /// The lock in a file.
    ///
    /// # Errors
    /// One diagnostic, if it is not as [`Lock::to_text`] writes it.
    pub fn load(source: &Arc<Source>) -> Result<Lock, Vec<Diagnostic>> {
        let file: File = yaml(source, Code::LockInvalid)?;
        let wrong = |line: &str| {
            let start = source.text().find(line).unwrap_or(0);
            let message = text!(
                "锁定文件的一行不合要求：`{line}`",
                "a line of the lock is not as it should be: `{line}`"
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
                kind: ClauseKind::of(kind).ok_or_else(|| wrong(&value))?,
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

    /// The lock as a file.
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

    /// What it says of the clause of an id.
    #[must_use]
    pub fn clause(&self, id: &ClauseId) -> Option<&LockedClause> {
        self.clauses.iter().find(|clause| clause.id == *id)
    }

    /// The clauses that a quote was found in when the lock was written, whatever their section.
    #[must_use]
    pub fn found(&self, quote: &str) -> Vec<&ClauseId> {
        let digest = Normal::new(quote).digest();
        self.quotes
            .iter()
            .filter(|known| known.digest == digest)
            .map(|known| &known.clause)
            .collect()
    }

    /// The clause that a quote from a section was found in.
    #[must_use]
    pub fn resolve(&self, section: &str, quote: &str) -> Option<&ClauseId> {
        let section = normal(section);
        self.found(quote)
            .into_iter()
            .find(|clause| normal(&clause.section) == section)
    }

    /// The ids of the clauses that are not the same in another lock of the same instrument: changed or sorted otherwise,
    /// then gone, then new.
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

/// How a text differs from its lock.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Changes {
    /// Clauses whose words or kind are others.
    pub changed: Vec<ClauseId>,
    /// Clauses that are gone.
    pub gone: Vec<ClauseId>,
    /// Clauses that were not there.
    pub new: Vec<ClauseId>,
}

impl Changes {
    /// Whether nothing differs.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.changed.is_empty() && self.gone.is_empty() && self.new.is_empty()
    }
}

/// How a lock is mended.
pub fn relock() -> crate::lang::Text {
    crate::lang::Text::new(
        "运行 choucha texts lock --texts <文本所在文件夹> 重新生成",
        "run `choucha texts lock --texts <folder of the texts>` to write it anew",
    )
}
