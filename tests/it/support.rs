//! Shared by the tests of the audit: the rules loaded once, dossiers to edit, and findings to inspect.

pub(crate) mod calendar;
pub(crate) mod campaigns;
pub(crate) mod dossier;
pub(crate) mod naive;
pub(crate) mod random;
pub(crate) mod spelling;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock};

use choucha::audit::{Auditor, CaseAudit, Finding, Options, Outcome, Verdicts};
use choucha::engine::Engine;
use choucha::graph::At;
use choucha::ingest;
use choucha::lang::Text;
use choucha::obligation::{Id, Obligation, RuleSetId};
use choucha::record::{Record, Settled};
use choucha::rulebook::RuleFolder;
use choucha::value::Day;
use choucha::vocabulary::{Entry, Fact, Vocabulary};

use self::campaigns::world_of;

pub(crate) const RULE_SET: &str = "shanxi/2024-batch-1";
pub(crate) const FIXTURES: &str = "fixtures/shanxi-2024-batch-1";

/// The rules of the first batch of 2024, ready to audit.
pub(crate) struct World {
    pub(crate) ruleset: String,
    pub(crate) engine: &'static Engine,
    pub(crate) auditor: Auditor,
    /// The same with every rule set in force on every day, for tests that do not depend on that.
    undated: Auditor,
    /// The obligations in force with their places in the plan, in the order of the notice.
    places: Vec<(String, At)>,
}

/// Every rule set, loaded once for all tests.
static ENGINE: LazyLock<Engine> =
    LazyLock::new(|| Engine::load(&RuleFolder::embedded()).expect("the rules load"));

pub(crate) fn engine() -> &'static Engine {
    &ENGINE
}

pub(crate) fn world() -> &'static World {
    world_of(RULE_SET)
}

/// Loads only a rule set and those it includes afresh, for tests that compare two loads.
pub(crate) fn load_anew(rule_set: &str) -> World {
    let only = [RuleSetId(rule_set.to_owned())];
    let engine = Engine::load_only(&RuleFolder::embedded(), &only).expect("the rules load");
    // Leaked: the tests end soon.
    World::of(Box::leak(Box::new(engine)), rule_set)
}

/// Outcomes by obligation.
pub(crate) type Outcomes = BTreeMap<&'static str, Outcome>;

impl World {
    /// A loaded rule set with those it includes.
    pub(crate) fn of(engine: &'static Engine, rule_set: &str) -> World {
        let auditor = engine
            .auditor(engine.rulebook().rule_set(rule_set).expect("the rule set"))
            .expect("the graph is sound");
        let plan = auditor.graph().plan();
        let undated = Auditor::new(
            Arc::clone(engine.vocabulary()),
            Arc::clone(engine.calendar()),
            engine
                .graph(engine.rulebook().rule_set(rule_set).expect("the rule set"))
                .expect("the graph is sound"),
            RuleSetId(rule_set.to_owned()),
            Text::same(rule_set),
        );
        let places = auditor
            .graph()
            .obligations()
            .map(|(node, obligation)| {
                let at = plan.position(node).expect("a place in the plan");
                (obligation.id.0.clone(), at)
            })
            .collect();
        World {
            ruleset: rule_set.to_owned(),
            engine,
            auditor,
            undated,
            places,
        }
    }

    pub(crate) fn vocabulary(&self) -> &Arc<Vocabulary> {
        self.engine.vocabulary()
    }

    pub(crate) fn obligations(&self) -> impl Iterator<Item = &Obligation> {
        self.auditor
            .graph()
            .obligations()
            .map(|(_, obligation)| obligation)
    }

    pub(crate) fn obligation(&self, id: &str) -> &Obligation {
        self.obligations()
            .find(|obligation| obligation.id.0 == id)
            .unwrap_or_else(|| panic!("no obligation `{id}` is in force"))
    }

    pub(crate) fn fact(&self, path: &str) -> &Fact {
        match self.vocabulary().find(path) {
            Some(Entry::Fact(id)) => self.vocabulary().fact(id),
            _ => panic!("no fact `{path}`"),
        }
    }

    pub(crate) fn audit(&self, record: &Record, as_of: Option<&str>, all: bool) -> CaseAudit {
        self.auditor.audit(record, &options(as_of, all))
    }

    pub(crate) fn audit_undated(
        &self,
        record: &Record,
        as_of: Option<&str>,
        all: bool,
    ) -> CaseAudit {
        self.undated.audit(record, &options(as_of, all))
    }

    /// The finding on one obligation, without the rest of the audit.
    pub(crate) fn finding_undated(&self, record: &Record, as_of: Day, id: &str) -> Finding {
        let options = Options {
            as_of: Some(as_of),
            traces: false,
            ..options(None, true)
        };
        self.undated
            .finding(record, &options, &Id(id.to_owned()))
            .unwrap_or_else(|| panic!("no finding on `{id}`"))
    }

    pub(crate) fn settle(&self, record: &Record, complete: bool) -> Settled {
        record.settle(self.vocabulary(), complete)
    }

    /// Outcomes alone: the fast pass, without waivers and dates in force.
    pub(crate) fn outcomes(
        &'static self,
        settled: &Settled,
        as_of: Day,
        verdicts: &mut Verdicts,
    ) -> Outcomes {
        self.each_outcome(settled, as_of, verdicts).collect()
    }

    /// The same as pairs, always in the same order.
    pub(crate) fn each_outcome(
        &'static self,
        settled: &Settled,
        as_of: Day,
        verdicts: &mut Verdicts,
    ) -> impl Iterator<Item = (&'static str, Outcome)> {
        self.undated.outcomes(settled, as_of, verdicts);
        let places = self.places.iter();
        places.map(move |(id, at)| (id.as_str(), verdicts.outcome(*at)))
    }

    /// The default day of audit for a record.
    pub(crate) fn as_of(&self, record: &Record) -> Day {
        self.auditor.as_of(record, &options(None, false)).0
    }
}

/// No test reads a clock: an open record is audited as of this day.
pub(crate) fn options(as_of: Option<&str>, all: bool) -> Options {
    Options {
        as_of: as_of.map(day),
        today: day("2024-06-03"),
        assume_complete: false,
        all,
        timeline: true,
        traces: true,
    }
}

pub(crate) fn day(text: &str) -> Day {
    Day::parse(text).unwrap_or_else(|| panic!("`{text}` is no day"))
}

pub(crate) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The files of a folder, sorted by name.
pub(crate) fn files(folder: &str) -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> = fs::read_dir(root().join(folder))
        .unwrap_or_else(|error| panic!("{folder}: {error}"))
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.is_file())
        .collect();
    files.sort();
    files
}

/// The name of a file without its folder.
pub(crate) fn name(path: &Path) -> String {
    path.file_name()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned()
}

/// A dossier of the fixtures, decoded without any problem above a note.
pub(crate) fn record(path: &Path) -> Record {
    let bytes = fs::read(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    // Only the file name, so that output does not depend on where the tests run.
    let decoded = ingest::read(&name(path), bytes, None, world().vocabulary());
    assert!(
        !choucha::diagnostic::has_errors(&decoded.diagnostics),
        "{}: {:#?}",
        path.display(),
        decoded.diagnostics
    );
    decoded.record.expect("a record")
}

/// Every dossier of the fixtures with its name.
pub(crate) fn dossiers() -> Vec<(String, Record)> {
    files(FIXTURES)
        .iter()
        .map(|path| (name(path), record(path)))
        .collect()
}

pub(crate) fn finding<'a>(audit: &'a CaseAudit, id: &str) -> &'a Finding {
    audit
        .findings
        .iter()
        .find(|finding| finding.obligation.0 == id)
        .unwrap_or_else(|| panic!("no finding on `{id}`"))
}

/// The findings that are neither satisfied nor not applicable: `violated termination.county-told`.
pub(crate) fn open(audit: &CaseAudit) -> Vec<String> {
    audit
        .findings
        .iter()
        .filter(|finding| !matches!(finding.outcome, Outcome::Satisfied | Outcome::NotApplicable))
        .map(|finding| format!("{} {}", finding.outcome.code(), finding.obligation))
        .collect()
}
