//! The spelling of a record does not change its findings, and the same input gives the same bytes.

use crate::support;
use std::path::Path;

use crate::support::dossier::{Dossier, decode};
use crate::support::{FIXTURES, RULE_SET, dossiers, files, load_anew, name, record, world};
use choucha::audit::{CaseAudit, Finding, Outcome};
use choucha::record::Record;

/// Everything reported about a case except places in the text.
fn without_places(audit: &CaseAudit) -> String {
    let mut text = format!(
        "{} as of {} {:?} {:?} {:?}\n",
        audit.case,
        audit.as_of,
        audit.as_of_from,
        audit.completeness,
        audit.tally()
    );
    for finding in &audit.findings {
        let evidence: Vec<_> = finding
            .evidence
            .iter()
            .map(|e| (&e.fact, &e.value, &e.shown.zh, e.origin.span().is_some()))
            .collect();
        let parts: Vec<_> = finding
            .parts
            .iter()
            .map(|part| (&part.code, part.outcome, &part.because.zh, &part.due))
            .collect();
        let waiver = finding.waiver.as_ref().map(|w| (&w.approver, w.until));
        text += &format!(
            "{} {} {} {:?} {evidence:?} {parts:?} {:?} {:?} {:?} {:?} {:?} {:?} {waiver:?}\n",
            finding.outcome.code(),
            finding.obligation,
            finding.because.zh,
            finding.due,
            finding.missing,
            finding.readings,
            finding.responsible,
            finding.root_cause,
            finding.relieved_by,
            finding.citations.len(),
        );
    }
    for event in &audit.timeline {
        text += &format!(
            "{} {:?} {:?}\n",
            event.obligation, event.due.on, event.progress
        );
    }
    // Diagnostics come in the order of the text.
    let mut diagnostics: Vec<_> = audit
        .diagnostics
        .iter()
        .map(|diagnostic| format!("{} {}\n", diagnostic.code.code(), diagnostic.message.zh))
        .collect();
    diagnostics.sort();
    text.push_str(&diagnostics.concat());
    text
}

fn found(record: &Record) -> String {
    without_places(&world().audit(record, None, true))
}

/// The dossiers of the fixtures that are written with codes in YAML.
fn in_codes() -> impl Iterator<Item = (String, Dossier)> {
    files(FIXTURES).into_iter().filter_map(|path| {
        let name = name(&path).strip_suffix(".yaml")?.to_owned();
        name.is_ascii().then(|| (name.clone(), Dossier::of(&name)))
    })
}

#[test]
fn codes_chinese_names_json_and_the_order_of_keys_give_the_same_findings() {
    let mut seen = 0;
    for (name, dossier) in in_codes() {
        let plain = found(&dossier.record());
        let chinese = dossier.in_chinese();
        let respelt = [
            ("Chinese", found(&chinese.record())),
            ("JSON", found(&decode("d.json", &dossier.json()))),
            ("Chinese JSON", found(&decode("d.json", &chinese.json()))),
            ("turned", found(&dossier.turned(3).record())),
            (
                "turned, Chinese, JSON",
                found(&decode("d.json", &chinese.turned(4).json())),
            ),
        ];
        for (spelling, other) in respelt {
            assert_eq!(plain, other, "{name} in {spelling}");
        }
        seen += 1;
    }
    assert!(seen > 30, "{seen}");
}

#[test]
fn all_the_ways_to_spell_the_same_record_give_the_same_findings() {
    let files = files("fixtures/same-record");
    let first = found(&record(&files[0]));
    assert!(first.contains("violated report.failed.mail-to-province"));
    for file in &files {
        assert_eq!(found(&record(file)), first, "{}", file.display());
    }
}

#[test]
fn the_same_input_gives_the_same_bytes_from_rules_loaded_twice() {
    let again = load_anew(RULE_SET);
    for (name, record) in dossiers() {
        let once = format!("{:#?}", world().audit(&record, None, true));
        assert_eq!(
            once,
            format!("{:#?}", world().audit(&record, None, true)),
            "{name}"
        );
        assert_eq!(
            once,
            format!("{:#?}", again.audit(&record, None, true)),
            "{name}"
        );
    }
}

#[test]
fn what_is_not_shown_changes_nothing_of_what_is() {
    for (name, record) in dossiers() {
        let (all, some) = (
            world().audit(&record, None, true),
            world().audit(&record, None, false),
        );
        assert_eq!(all.outcomes, some.outcomes, "{name}");
        assert_eq!(support::open(&all), support::open(&some), "{name}");
        // A lapsed right is shown too: no violation, but worth knowing.
        let lapsed = |finding: &&Finding| {
            finding.outcome == Outcome::NotApplicable
                && finding.due.as_ref().is_some_and(|due| due.late_days > 0)
        };
        let shown = some.findings.len() - some.findings.iter().filter(lapsed).count();
        assert_eq!(shown, support::open(&some).len(), "{name}");
        assert_eq!(
            format!("{:?}", all.timeline),
            format!("{:?}", some.timeline),
            "{name}"
        );
    }
}

#[test]
fn every_place_shown_is_where_the_record_says_so() {
    for (name, record) in dossiers() {
        for finding in world().audit(&record, None, true).findings {
            for evidence in &finding.evidence {
                let Some(span) = evidence.origin.span() else {
                    continue;
                };
                let line = span.position().line;
                let text = span.source.text().lines().nth(line - 1);
                assert!(
                    text.is_some_and(|text| !text.trim().is_empty()),
                    "{name}: {evidence:?}"
                );
            }
        }
    }
    // The place of a one-word value is that word.
    let record = record(Path::new(FIXTURES).join("late-mailing.yaml").as_path());
    let audit = world().audit(&record, None, true);
    let mut words = 0;
    for evidence in audit.findings.iter().flat_map(|finding| &finding.evidence) {
        if let choucha::source::Origin::Text(span) = &evidence.origin
            && !evidence.value.contains(',')
            && evidence.value != "none"
        {
            let written = &span.source.text()[span.range.clone()];
            assert_eq!(
                written.trim_matches('"'),
                evidence.value,
                "{}",
                evidence.fact
            );
            words += 1;
        }
    }
    assert!(words > 50, "{words}");
}
