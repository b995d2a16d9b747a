//! The dossiers of the fixtures, and the findings on each. Outcomes and sentences have separate snapshots, so that new
//! wording does not hide a new outcome: `INSTA_UPDATE=always cargo test --test it fixtures::` accepts both.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::fs;
use std::path::Path;

use crate::support::{FIXTURES, dossiers, engine, files, name, open, options, record, root, world};
use choucha::audit::{Auditor, CaseAudit, Outcome};
use choucha::diagnostic::{Diagnostic, Level, has_errors};
use choucha::engine::Engine;
use choucha::ingest;
use choucha::obligation::Requirement;
use choucha::value::Value;
use insta::{Settings, assert_snapshot};

/// Runs a check with a separate snapshot file for a dossier.
fn in_snapshot_of(dossier: &str, check: impl FnOnce()) {
    let mut settings = Settings::clone_current();
    settings.set_snapshot_path("../snapshots/fixtures");
    settings.set_snapshot_suffix(dossier.replace('.', "-"));
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(check);
}

fn audits() -> Vec<(String, CaseAudit)> {
    dossiers()
        .into_iter()
        .map(|(name, record)| (name, world().audit(&record, None, false)))
        .collect()
}

/// The folders of fixtures whose dossiers name their rule set themselves: those of every campaign but the first.
fn campaigns() -> Vec<String> {
    const OTHERS: [&str; 6] = [
        "campaigns",
        "conduct",
        "invalid",
        "same-record",
        "tables",
        "warnings",
    ];
    let mut folders: Vec<String> = fs::read_dir(root().join("fixtures"))
        .expect("the fixtures")
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.is_dir())
        .map(|path| name(&path))
        .filter(|folder| !OTHERS.contains(&folder.as_str()) && !FIXTURES.ends_with(folder))
        .collect();
    folders.sort();
    folders
}

/// Every dossier of a folder, audited against the rule set it names.
fn audits_of(folder: &str, engine: &Engine) -> Vec<(String, CaseAudit)> {
    let vocabulary = engine.vocabulary();
    let mut auditors: BTreeMap<String, Auditor> = BTreeMap::new();
    files(&format!("fixtures/{folder}"))
        .iter()
        .map(|path| {
            let bytes = fs::read(path).expect("a dossier");
            let decoded = ingest::read(&name(path), bytes, None, vocabulary);
            let dossier = format!("{folder}/{}", name(path));
            assert!(
                !has_errors(&decoded.diagnostics),
                "{dossier}: {:#?}",
                decoded.diagnostics
            );
            let record = decoded.record.expect("a record");
            let Value::Text(set) = record.get(vocabulary.reserved().ruleset) else {
                panic!("{dossier} names no rule set");
            };
            let auditor = auditors.entry(set.to_string()).or_insert_with(|| {
                let set = engine.rulebook().rule_set(set).expect("the rule set named");
                engine.auditor(set).expect("the graph is sound")
            });
            (dossier, auditor.audit(&record, &options(None, false)))
        })
        .collect()
}

#[test]
fn a_breach_of_parts_cites_the_sentences_of_those_parts_alone() {
    let engine = engine();
    let mut seen = 0;
    for (dossier, audit) in campaigns()
        .iter()
        .flat_map(|folder| audits_of(folder, engine))
    {
        for finding in &audit.findings {
            let obligation = engine
                .rulebook()
                .rule_set(&finding.ruleset.0)
                .and_then(|set| set.all_obligations().find(|it| it.id == finding.obligation));
            let Some(Requirement::Parts(parts)) = obligation.map(|it| &it.requirement) else {
                continue;
            };
            let failed: Vec<_> = parts
                .iter()
                .filter(|part| {
                    finding
                        .parts
                        .iter()
                        .any(|found| found.code == part.code && found.outcome == Outcome::Violated)
                })
                .collect();
            let own: Vec<_> = failed
                .iter()
                .filter_map(|part| part.citation.as_ref())
                .collect();
            for citation in &own {
                assert!(
                    finding.citations.contains(citation),
                    "{dossier}: {} does not cite `{}`",
                    finding.obligation,
                    citation.quote
                );
            }
            if finding.outcome == Outcome::Violated && !own.is_empty() && own.len() == failed.len()
            {
                seen += 1;
                assert!(
                    finding
                        .citations
                        .iter()
                        .all(|citation| own.contains(&citation)),
                    "{dossier}: {} cites what is not broken",
                    finding.obligation
                );
            }
        }
    }
    assert!(seen > 0, "no breach of a part with a citation of its own");
}

/// Counts, then every finding shown, with its root cause and its parts.
fn outcomes(audit: &CaseAudit) -> String {
    let mut text = format!(
        "{} as of {} ({:?})\n",
        audit.case, audit.as_of, audit.completeness
    );
    for outcome in Outcome::ALL {
        if audit.count(outcome) > 0 {
            let _ = writeln!(text, "{}: {}", outcome.code(), audit.count(outcome));
        }
    }
    for finding in &audit.findings {
        let _ = write!(text, "\n{} {}", finding.outcome.code(), finding.obligation);
        if let Some(due) = &finding.due {
            let _ = write!(text, " due {}", due.on);
            if due.late_days > 0 {
                let _ = write!(text, ", {} late", due.late_days);
            }
        }
        if let Some(root) = &finding.root_cause {
            let _ = write!(text, " under {root}");
        }
        for part in &finding.parts {
            if !matches!(part.outcome, Outcome::Satisfied | Outcome::NotApplicable) {
                let _ = write!(text, "\n    {} {}", part.outcome.code(), part.code);
            }
        }
        for missing in &finding.missing {
            let _ = write!(text, "\n    lacks {}", missing.fact);
        }
    }
    for diagnostic in &audit.diagnostics {
        let _ = write!(text, "\n{:?} {}", diagnostic.level, diagnostic.code.code());
    }
    text
}

/// The Chinese sentence of every finding shown.
fn sentences(audit: &CaseAudit) -> String {
    let mut text = String::new();
    for finding in &audit.findings {
        let _ = writeln!(text, "{}：{}", finding.title.zh, finding.because.zh);
        for reading in &finding.readings {
            let _ = writeln!(text, "    {}", reading.zh);
        }
    }
    text
}

#[test]
fn every_dossier_has_the_outcomes_it_had() {
    for (dossier, audit) in audits() {
        in_snapshot_of(&dossier, || assert_snapshot!("outcomes", outcomes(&audit)));
    }
}

#[test]
fn every_dossier_has_the_sentences_it_had() {
    for (dossier, audit) in audits() {
        if !audit.findings.is_empty() {
            in_snapshot_of(&dossier, || {
                assert_snapshot!("sentences", sentences(&audit));
            });
        }
    }
}

#[test]
fn every_dossier_of_the_other_campaigns_has_the_outcomes_and_the_sentences_it_had() {
    let folders = campaigns();
    assert!(folders.len() >= 4, "{folders:?}");
    for folder in &folders {
        for (dossier, audit) in audits_of(folder, engine()) {
            in_snapshot_of(&dossier.replace('/', "-"), || {
                assert_snapshot!("outcomes", outcomes(&audit));
                if !audit.findings.is_empty() {
                    assert_snapshot!("sentences", sentences(&audit));
                }
            });
        }
    }
}

#[test]
fn the_dossiers_said_to_be_in_order_have_nothing_but_satisfied_and_not_applicable() {
    let readme = fs::read_to_string(root().join("fixtures/README.md")).expect("the README");
    let (_, rest) = readme
        .split_once("in order:")
        .expect("the sentence that lists them");
    let (list, _) = rest.split_once("`.").expect("the end of the sentence");
    let listed: BTreeSet<&str> = list.split('`').skip(1).step_by(2).collect();
    assert!(listed.len() > 10, "{listed:?}");
    let mut seen = 0;
    for (dossier, record) in dossiers() {
        let stem = dossier.rsplit_once('.').map_or("", |(stem, _)| stem);
        let audit = world().audit(&record, None, true);
        let in_order = open(&audit).is_empty() && audit.diagnostics.is_empty();
        assert_eq!(
            in_order,
            listed.contains(stem),
            "{dossier}: {:?} {:?}",
            open(&audit),
            audit.diagnostics
        );
        seen += usize::from(in_order);
    }
    assert_eq!(seen, listed.len());
}

/// Duties that cannot be violated together with the rest, and the other dossier that violates each.
#[rustfmt::skip]
const ELSEWHERE: &[(&str, &str, &str)] = &[
    ("report.local-bureau-served-by-2024-04-05", "passing-report-mishandled.yaml", "a passing report; the passing one of the two is served in time"),
    ("report.passed.to-respondent", "passing-report-mishandled.yaml", "a passing report; the passing one of the two is sent"),
    ("report.passed.to-local-bureau", "passing-report-mishandled.yaml", "a passing report; the passing one of the two is sent"),
    ("disposal.passed-unpaid-returned", "passing-report-mishandled.yaml", "a passing report with unpaid samples"),
    ("draw.results-published", "producer-field-mishandled.yaml", "a check at a producer"),
    ("blind.tested-blind", "producer-field-mishandled.yaml", "not tested blind at all, so nothing is wrong with how"),
    ("purchase.test-sample-bought", "producer-field-mishandled.yaml", "not bought at all, so nothing is wrong with the price"),
    ("report.respondent-told", "producer-field-mishandled.yaml", "not told at all, so nothing is wrong with the papers sent"),
    ("refusal.recorded-on-form", "refusal-mishandled.yaml", "inspection refused"),
    ("refusal.found-with-county", "refusal-mishandled.yaml", "inspection refused"),
    ("refusal.province-told", "refusal-mishandled.yaml", "inspection refused"),
    ("refusal.published-as-failure", "refusal-mishandled.yaml", "inspection refused"),
    ("order-18.refusal.county-told", "refusal-mishandled.yaml", "inspection refused"),
    ("receipt.refusal-reasoned", "irregular-sample-not-reasoned.yaml", "the sample refused at receipt"),
    ("receipt.refusal-reported-in-writing", "irregular-sample-not-reasoned.yaml", "the sample refused at receipt"),
    ("termination.problem-form-sent", "termination-mishandled.yaml", "a problem form filled, so recorded, but not sent"),
    ("order-18.impossible.recorded-and-reported", "sampling-impossible-not-reported.yaml", "sampling impossible"),
    ("order-18.testing.impossible-reported", "testing-impossible-not-reported.yaml", "testing impossible"),
    ("order-18.objection.within-15-days", "", "a right lapses: nobody's breach"),
    ("order-18.retest.formalities-within-7-days", "", "a right lapses: nobody's breach"),
    ("order-18.follow-up.rectification-ordered", "follow-up-neglected.yaml", "no order, so nothing late under it"),
    ("order-18.retest.held-where-needed", "retest-refused.yaml", "a retest refused, so nothing wrong with one held"),
    ("order-18.recheck.failure-announced", "recheck-not-announced.yaml", "not announced, so no second recheck that is late"),
    ("order-18.objection.producer-within-15-days", "", "a right lapses: nobody's breach"),
    ("order-18.objection.in-writing", "", "not in writing it has no effect: a person judges"),
    ("order-18.retest.application-studied", "", "a retest granted, so studied"),
    ("order-18.retest.backup-paid", "", "the backup sample paid for when it was taken"),
    ("order-18.retest.fee-borne-by-organiser", "", "the conclusions agree"),
    ("order-18.respondent.stops-at-once", "follow-up-neglected.yaml", "an objection is open, so nothing is final"),
    ("order-18.result.home-bureau-told", "", "an objection is open: a person judges"),
    ("order-18.report.sent-at-all", "", "a day was set, and the report sent after it"),
    ("order-18.recheck.after-suspension", "", "no suspension with an end"),
    ("report.failed.improvement-proposal-form", "", "no proposal was issued"),
    ("report.failed.mailed-to-quality-division", "", "another name of a division: a person matches it"),
    ("storage.camera-cover", "", "尽可能: a person judges"),
    ("order-18.recheck.licence-revoked", "", "revocation has its own procedure: a person judges"),
];

#[test]
fn the_dossiers_in_which_everything_is_wrong_violate_all_that_can_be_violated_together() {
    let mut violated: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (dossier, audit) in audits() {
        for finding in audit.findings {
            if finding.outcome == Outcome::Violated {
                let id = finding.obligation.0;
                violated.entry(id).or_default().insert(dossier.clone());
            }
        }
    }
    let mut wrong = Vec::new();
    for obligation in world().obligations() {
        let id = obligation.id.0.as_str();
        let seen = violated.get(id).cloned().unwrap_or_default();
        let together = seen
            .iter()
            .any(|dossier| dossier.starts_with("everything-wrong"));
        let elsewhere = ELSEWHERE.iter().find(|row| row.0 == id);
        match (together, elsewhere) {
            (true, None) => {}
            (true, Some(_)) => wrong.push(format!("{id}: listed, though violated with the rest")),
            (false, None) => wrong.push(format!("{id}: violated in {seen:?} only")),
            (false, Some((_, "", _))) if seen.is_empty() => {}
            (false, Some((_, dossier, _))) => {
                if !seen.contains(*dossier) {
                    wrong.push(format!("{id}: not violated in {dossier} but in {seen:?}"));
                }
            }
        }
    }
    for (id, _, _) in ELSEWHERE {
        if world()
            .obligations()
            .all(|obligation| obligation.id.0 != *id)
        {
            wrong.push(format!("{id}: listed, though not in force"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// One line: where, what kind, what is wrong.
fn line(diagnostic: &Diagnostic) -> String {
    let place = match (diagnostic.labels.first(), &diagnostic.about) {
        (Some(label), _) => label.span.position().to_string(),
        (None, Some(_)) => "the file".to_owned(),
        (None, None) => "nowhere".to_owned(),
    };
    format!(
        "{place} {:?} {} {}",
        diagnostic.level,
        diagnostic.code.code(),
        diagnostic.message.zh
    )
}

/// Reads a file under its own name, without its folder.
fn read(path: &Path) -> ingest::Decoded {
    let bytes = fs::read(path).expect("a file");
    ingest::read(&name(path), bytes, None, world().vocabulary())
}

#[test]
fn every_invalid_file_ends_in_an_error_with_its_place() {
    let mut text = String::new();
    for path in files("fixtures/invalid") {
        let decoded = read(&path);
        let _ = writeln!(text, "{}", name(&path));
        assert!(has_errors(&decoded.diagnostics), "{}", path.display());
        for diagnostic in &decoded.diagnostics {
            let _ = writeln!(text, "    {}", line(diagnostic));
        }
        // The readable part can still be audited, and a missing fact never makes a duty satisfied.
        if let Some(record) = decoded.record {
            let audit = world().audit(&record, None, true);
            assert_eq!(audit.findings.len(), world().obligations().count());
        }
    }
    assert!(!text.contains("nowhere"), "{text}");
    in_snapshot_of("invalid", || assert_snapshot!("diagnostics", text));
}

#[test]
fn records_that_contradict_themselves_or_run_backwards_are_audited_with_a_warning() {
    let mut text = String::new();
    for path in files("fixtures/warnings") {
        let audit = world().audit(&record(&path), None, false);
        let _ = writeln!(text, "{}", name(&path));
        assert!(!audit.diagnostics.is_empty(), "{}", path.display());
        for diagnostic in &audit.diagnostics {
            assert_eq!(diagnostic.level, Level::Warning);
            // Both contradicting places are shown.
            assert!(diagnostic.labels.len() >= 2, "{diagnostic:?}");
            let _ = writeln!(text, "    {}", line(diagnostic));
        }
    }
    in_snapshot_of("warnings", || assert_snapshot!("diagnostics", text));
}
