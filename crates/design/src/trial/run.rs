//! Runs the tests of a rule set.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use super::change::apply;
use super::expect::{Expected, Result as Stated};
use super::file::{self, Base, Test};
use super::walk::Walker;
use super::{FILE, Failure, Mismatch, TestedDuty, Trial, What};
use choucha_core::audit::{Auditor, Due, Finding, Options, Outcome, Tally, Verdicts};
use choucha_core::diagnostic::{Code, Diagnostic, has_errors};
use choucha_core::lang::Text;
use choucha_core::obligation::{Obligation, RuleSet, Scope};
use choucha_core::record::outline::{Node, Outline};
use choucha_core::record::{Format, Found, Record};
use choucha_core::source::Source;
use choucha_core::value::{Day, Value};
use choucha_core::vocabulary::Vocabulary;
use choucha_intake::ingest;
use choucha_rules::rulebook::RuleFolder;
use choucha_run::campaign::{self, Plan};
use choucha_run::engine::Engine;

/// Runs the tests of a rule set; with a filter, those whose names contain it. A rule set without a file of tests has
/// none.
///
/// # Errors
/// All errors in the file of tests, in the order of the file; or in the graph of the rule set.
pub fn run(
    engine: &Engine,
    folder: &RuleFolder,
    set: &RuleSet,
    filter: Option<&str>,
) -> Result<Trial, Vec<Diagnostic>> {
    let scopes = engine.scopes_across(set);
    let mut auditors = vec![(Scope::Case, engine.auditor(set)?)];
    for scope in &scopes {
        auditors.push((scope.clone(), engine.auditor_across(set, scope)?));
    }
    let plan = Plan::load(folder, &set.id, engine.vocabulary())?;
    let mut trial = Trial {
        ruleset: set.id.clone(),
        title: set.title.clone(),
        file: None,
        tests: 0,
        run: 0,
        failures: Vec::new(),
        shown: set.all_obligations().map(TestedDuty::nothing).collect(),
        whole: filter.is_none(),
        warnings: Vec::new(),
    };
    let path = format!("{}/{FILE}", set.id.0);
    if !folder.contains(&path) {
        return Ok(trial);
    }
    let (source, note) = folder.source(&path).map_err(|problem| vec![problem])?;
    trial.file = Some(source.name().to_owned());
    trial.warnings.extend(note);
    let mut outline = Outline::read(&source, Format::Yaml);
    if has_errors(&outline.diagnostics) {
        return Err(outline.diagnostics);
    }
    let Some(root) = outline.root.take() else {
        let message = Text::new("规则测试文件为空", "the file of rule tests is empty");
        let empty = Diagnostic::new(Code::TestsInvalid, message).about(source.name());
        return Err(vec![empty]);
    };
    let mut runner = Runner {
        source: &source,
        vocabulary: engine.vocabulary(),
        auditors: &auditors,
        plan: plan.as_ref(),
        walker: Walker {
            source: &source,
            problems: outline.diagnostics,
        },
        reported: HashSet::new(),
        as_of: None,
        verdicts: Verdicts::default(),
    };
    let in_force = auditors
        .iter()
        .flat_map(|(_, auditor)| auditor.graph().obligations());
    let obligations: HashMap<&str, &Obligation> = in_force
        .map(|(_, obligation)| (obligation.id.0.as_str(), obligation))
        .collect();
    let read = file::read(&mut runner.walker, &root, &obligations, &scopes);
    runner.as_of = read.as_of;
    runner.check_bases(&read.bases);
    let ready = runner.prepare(&read.tests, &read.bases);
    let mut problems = std::mem::take(&mut runner.walker.problems);
    if has_errors(&problems) {
        problems.sort_by(Diagnostic::order);
        return Err(problems);
    }
    trial.warnings.append(&mut problems);
    trial.tests = ready.len();
    let places: HashMap<&str, usize> = set
        .all_obligations()
        .enumerate()
        .map(|(at, obligation)| (obligation.id.0.as_str(), at))
        .collect();
    for (test, base) in ready {
        if filter.is_some_and(|filter| !test.name.contains(filter)) {
            continue;
        }
        trial.run += 1;
        let dossier = runner.dossier(base, &test.changes);
        let Some((record, day)) = runner.record(&dossier, test) else {
            continue;
        };
        let (outcomes, mismatches) = runner.judge(&dossier, record, day, test, &mut trial.warnings);
        if !mismatches.is_empty() {
            trial.failures.push(Failure {
                name: test.name.to_owned(),
                at: runner.walker.span(&test.name_at.range),
                mismatches,
            });
            continue;
        }
        for (obligation, outcome) in outcomes {
            if let Some(at) = places.get(obligation.id.0.as_str()) {
                trial.shown[*at].outcomes[outcome] += 1;
            }
        }
    }
    trial.warnings.sort_by(Diagnostic::order);
    trial.warnings.dedup();
    Ok(trial)
}

impl TestedDuty {
    fn nothing(obligation: &Obligation) -> Self {
        TestedDuty {
            obligation: obligation.id.clone(),
            title: obligation.title.clone(),
            lapses: obligation.lapses,
            outcomes: Tally::default(),
        }
    }
}

struct Runner<'a> {
    source: &'a Arc<Source>,
    vocabulary: &'a Arc<Vocabulary>,
    /// One per scope, single cases first.
    auditors: &'a [(Scope, Auditor)],
    plan: Option<&'a Plan>,
    walker: Walker<'a>,
    /// The diagnostics of dossiers reported so far: tests share bases, and their errors.
    reported: HashSet<(Code, usize)>,
    as_of: Option<Day>,
    verdicts: Verdicts,
}

impl<'a> Runner<'a> {
    /// Decodes every base, used or not, and reports its errors.
    fn check_bases(&mut self, bases: &[Base<'_, '_>]) {
        for base in bases {
            // An unresolved base has been reported.
            if base.dossier.text().is_some() {
                continue;
            }
            let dossier = self.dossier(base, &[]);
            self.decode(&dossier);
        }
    }

    /// The tests that can run. Decodes each once, so that all errors are reported before any test runs.
    fn prepare<'t, 'n, 's>(
        &mut self,
        tests: &'t [Test<'n, 's>],
        bases: &'t [Base<'n, 's>],
    ) -> Vec<(&'t Test<'n, 's>, &'t Base<'n, 's>)> {
        let mut ready = Vec::with_capacity(tests.len());
        for test in tests {
            let Some(base) = bases
                .get(test.base)
                .filter(|base| base.dossier.text().is_none())
            else {
                continue;
            };
            let dossier = self.dossier(base, &test.changes);
            if let Some(record) = self.decode(&dossier)
                && self.day(&record, test).is_none()
            {
                let message = Text::new(
                    "这项测试没有审查截至之日",
                    "the test has no day to be judged on",
                );
                let problem = self.walker.report(Code::TestsNoDay, test.name_at, message);
                problem.help.push(Text::new(
                    "在测试中或者文件开头写 `as_of: 2024-05-30`，或者在基准案卷中填写结案日期（case.closed_on）",
                    "write `as_of: 2024-05-30` in the test or at the top of the file, or `case.closed_on` in the base",
                ));
            }
            ready.push((test, base));
        }
        ready
    }

    /// A base with its own changes and those of a test.
    fn dossier<'s>(
        &mut self,
        base: &Base<'_, 's>,
        changes: &[super::change::Change<'_, 's>],
    ) -> Node<'s> {
        let mut dossier = base.dossier.clone();
        let before = self.walker.problems.len();
        apply(
            &mut self.walker,
            self.vocabulary,
            &mut dossier,
            &base.changes,
        );
        apply(&mut self.walker, self.vocabulary, &mut dossier, changes);
        self.forget_repeated(before);
        dossier
    }

    /// Decodes a dossier; reports its errors once.
    fn decode(&mut self, dossier: &Node<'_>) -> Option<Record> {
        let mut decoded = ingest::read_node(self.source, dossier, self.vocabulary);
        let before = self.walker.problems.len();
        self.walker.problems.append(&mut decoded.diagnostics);
        self.forget_repeated(before);
        decoded.record
    }

    /// Drops problems recorded since `since` that were reported before.
    fn forget_repeated(&mut self, since: usize) {
        let new = self.walker.problems.split_off(since);
        for problem in new {
            let place = problem
                .labels
                .first()
                .map_or(0, |label| label.span.range.start);
            if self.reported.insert((problem.code, place)) {
                self.walker.problems.push(problem);
            }
        }
    }

    fn record(&mut self, dossier: &Node<'_>, test: &Test<'_, '_>) -> Option<(Record, Day)> {
        let record = self.decode(dossier)?;
        let day = self.day(&record, test)?;
        if test.scope == Scope::Case {
            return Some((record, day));
        }
        Some((
            campaign::as_gathered(record, self.plan, self.vocabulary),
            day,
        ))
    }

    /// The auditor of a scope; scopes are checked when a test is read.
    fn auditor(&self, scope: &Scope) -> Option<&'a Auditor> {
        let mut auditors = self.auditors.iter();
        auditors
            .find(|(known, _)| known == scope)
            .map(|(_, auditor)| auditor)
    }

    /// The day for which a test is audited.
    fn day(&self, record: &Record, test: &Test<'_, '_>) -> Option<Day> {
        let closed = match record.get(self.vocabulary.reserved().closed_on) {
            Value::Day(day) => Some(*day),
            _ => None,
        };
        test.as_of.or(closed).or(self.as_of)
    }

    /// The outcomes of a test, and the differences from its expectations.
    fn judge(
        &mut self,
        dossier: &Node<'_>,
        record: Record,
        day: Day,
        test: &Test<'_, '_>,
        warnings: &mut Vec<Diagnostic>,
    ) -> (Vec<(&'a Obligation, Outcome)>, Vec<Mismatch>) {
        let Some(auditor) = self.auditor(&test.scope) else {
            return (Vec::new(), Vec::new());
        };
        let is_complete = *record.get(self.vocabulary.reserved().complete) == Value::Bool(true);
        let settled = record.settle(self.vocabulary, is_complete);
        auditor.outcomes(&settled, day, &mut self.verdicts);
        let mut outcomes = auditor.by_obligation(&self.verdicts);
        let expected: HashMap<&str, &Expected<'_, '_>> = test
            .expected
            .iter()
            .map(|expected| (expected.id, expected))
            .collect();
        let plain = settled.is_consistent()
            && matches!(
                record.get(self.vocabulary.reserved().waivers),
                Value::Unknown | Value::None
            )
            && !test.expected.iter().any(Expected::has_details)
            && outcomes.iter().all(|(obligation, outcome)| {
                let stated = expected.get(obligation.id.0.as_str());
                is_as_expected(stated.map(|stated| stated.is.outcome.0), *outcome)
            });
        if plain {
            return (outcomes, Vec::new());
        }
        // Only tests with something to show are explained and locate their facts.
        let record = record.with_places(Found::of(Some(dossier), self.vocabulary));
        let options = Options {
            as_of: Some(day),
            today: day,
            assume_complete: false,
            all: true,
            timeline: false,
            traces: false,
        };
        let mut audit = auditor.audit(&record, &options);
        // The day of a test is its author's choice: some tests deliberately audit before the end.
        let mut found = std::mem::take(&mut audit.diagnostics);
        found.retain(|diagnostic| diagnostic.code != Code::RecordAfterAudit);
        warnings.append(&mut found);
        let mut mismatches = Vec::new();
        for finding in &audit.findings {
            let stated = expected.get(finding.obligation.0.as_str()).copied();
            self.compare(finding, stated, test, &mut mismatches);
        }
        // Here, waivers count.
        for ((_, outcome), finding) in outcomes.iter_mut().zip(&audit.findings) {
            *outcome = finding.outcome;
        }
        (outcomes, mismatches)
    }

    fn compare(
        &self,
        finding: &Finding,
        stated: Option<&Expected<'_, '_>>,
        test: &Test<'_, '_>,
        mismatches: &mut Vec<Mismatch>,
    ) {
        let Some(expected) = stated else {
            if !is_as_expected(None, finding.outcome) {
                let what = What::Outcome {
                    expected: None,
                    found: finding.outcome,
                };
                mismatches.push(self.mismatch(finding, None, what, test.expect_at));
            }
            return;
        };
        self.compare_one(
            finding,
            None,
            expected.is,
            finding.outcome,
            finding.due.as_ref(),
            mismatches,
        );
        let Some(parts) = &expected.parts else {
            return;
        };
        for (at, part) in finding.parts.iter().enumerate() {
            match parts.iter().find(|stated| stated.code == part.code) {
                Some(stated) => {
                    self.compare_one(
                        finding,
                        Some(at),
                        stated.is,
                        part.outcome,
                        part.due.as_ref(),
                        mismatches,
                    );
                }
                None if is_as_expected(None, part.outcome) => {}
                None => {
                    let what = What::Outcome {
                        expected: None,
                        found: part.outcome,
                    };
                    mismatches.push(self.mismatch(finding, Some(at), what, expected.at));
                }
            }
        }
        // Parts are not judged if the obligation does not arise.
        for stated in parts {
            if !finding.parts.iter().any(|part| part.code == stated.code)
                && stated.is.outcome.0 != Outcome::NotApplicable
            {
                let what = What::Outcome {
                    expected: Some(stated.is.outcome.0),
                    found: finding.outcome,
                };
                mismatches.push(self.mismatch(finding, None, what, stated.is.outcome.1));
            }
        }
    }

    fn compare_one(
        &self,
        finding: &Finding,
        part: Option<usize>,
        stated: Stated<'_, '_>,
        found: Outcome,
        due: Option<&Due>,
        mismatches: &mut Vec<Mismatch>,
    ) {
        let (expected, at) = stated.outcome;
        if expected != found {
            let expected = Some(expected);
            let what = What::Outcome { expected, found };
            mismatches.push(self.mismatch(finding, part, what, at));
        }
        if let Some((expected, at)) = stated.due
            && due.map(|due| due.on) != Some(expected)
        {
            let found = due.map(|due| due.on);
            let what = What::Due { expected, found };
            mismatches.push(self.mismatch(finding, part, what, at));
        }
        if let Some((expected, at)) = stated.late_days
            && due.map(|due| due.late_days) != Some(expected)
        {
            let found = due.map(|due| due.late_days);
            let what = What::LateDays { expected, found };
            mismatches.push(self.mismatch(finding, part, what, at));
        }
    }

    fn mismatch(
        &self,
        finding: &Finding,
        part: Option<usize>,
        what: What,
        at: &Node<'_>,
    ) -> Mismatch {
        let part = part.and_then(|at| finding.parts.get(at));
        Mismatch {
            obligation: finding.obligation.clone(),
            title: finding.title.clone(),
            part: part.map(|part| (part.code.clone(), part.title.clone())),
            what,
            at: self.walker.span(&at.range),
            because: part.map_or(&finding.because, |part| &part.because).clone(),
        }
    }
}

/// Whether an outcome is as stated; if none is stated, whether it need not be.
fn is_as_expected(expected: Option<Outcome>, found: Outcome) -> bool {
    match expected {
        Some(expected) => expected == found,
        None => matches!(found, Outcome::Satisfied | Outcome::NotApplicable),
    }
}
