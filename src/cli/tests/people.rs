//! `choucha people`, `choucha audit --by`, `--mask`.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde_json::Value as Json;

use super::*;
use choucha_core::value::{Row, ShapeId, Type, Value};
use choucha_core::vocabulary::{self, Vocabulary};
use choucha_report::conduct::json::{CONDUCT_SCHEMA, PEOPLE_SCHEMA};
use choucha_rules::rulebook::RuleFolder;

const OUTCOMES: [&str; 7] = [
    "violated",
    "satisfied",
    "undetermined",
    "review",
    "pending",
    "waived",
    "errored",
];

const SUBJECTS: [&str; 6] = [
    "person",
    "organisation",
    "role",
    "county",
    "product",
    "obligation",
];

/// The cases by a relative path: line breaks depend on its length.
fn cases() -> String {
    "fixtures/conduct/cases.ndjson".to_owned()
}

fn json(arguments: &[&str]) -> Json {
    let ran = ran(arguments);
    serde_json::from_str(&ran.out).unwrap_or_else(|error| panic!("{error}: {}{}", ran.out, ran.err))
}

fn people(lines: &str) -> Json {
    let ran = run_with(&["people", "-", "--format", "json"], lines, &[]);
    serde_json::from_str(&ran.out).unwrap_or_else(|error| panic!("{error}: {}{}", ran.out, ran.err))
}

fn number(of: &Json, field: &str) -> u64 {
    of[field]
        .as_u64()
        .unwrap_or_else(|| panic!("{field} of {of}"))
}

fn rows(document: &Json) -> &[Json] {
    document["rows"].as_array().unwrap()
}

/// The conflicts of a kind, each by its parties and the numbers of its cases.
fn conflicts(document: &Json, kind: &str) -> Vec<(Vec<String>, Vec<String>)> {
    let texts = |list: &Json, field: Option<&str>| -> Vec<String> {
        let all = list.as_array().unwrap().iter();
        all.map(|it| {
            field
                .map_or(it, |field| &it[field])
                .as_str()
                .unwrap()
                .to_owned()
        })
        .collect()
    };
    let found = document["conflicts"]["found"].as_array().unwrap().iter();
    found
        .filter(|conflict| conflict["kind"] == kind)
        .map(|conflict| {
            let cases = texts(&conflict["cases"], Some("case"));
            let short = cases
                .iter()
                .map(|case| case.replace("示抽2024-2-", ""))
                .collect();
            (texts(&conflict["parties"], None), short)
        })
        .collect()
}

fn of(parties: &[&str], cases: &[&str]) -> (Vec<String>, Vec<String>) {
    let owned = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect();
    (owned(parties), owned(cases))
}

#[test]
fn the_tables_read_as_facts_on_record() {
    let people = ran(&["people", &cases()]);
    assert_eq!(people.code, 1, "{}", people.err);
    let hidden = |text: &str| text.replace(env!("CARGO_MANIFEST_DIR"), "");
    insta::assert_snapshot!("people_zh", hidden(&people.out));
    let english = run_with(&["people", &cases(), "--lang", "en", "--mask"], "", &[]);
    insta::assert_snapshot!("people_masked_en", hidden(&english.out));
    insta::assert_snapshot!(
        "by_person_zh",
        hidden(&ran(&["audit", &cases(), "--by", "person"]).out)
    );
    insta::assert_snapshot!(
        "by_county_csv",
        ran(&["audit", &cases(), "--by", "county", "--format", "csv"]).out
    );
}

#[test]
fn what_only_several_cases_show_is_found_and_nothing_else_is() {
    let document = json(&["people", &cases(), "--format", "json"]);
    let found = |kind| conflicts(&document, kind);
    let zhang = "张甲（示抽101）";
    // Two cities on one day; three counties of one; not the sample that was bought online.
    assert_eq!(
        found("same_day_places"),
        [
            of(&[zhang], &["001", "002"]),
            of(&["孙己"], &["004", "005", "006"]),
            of(&["周庚"], &["004", "005", "006"]),
        ]
    );
    assert_eq!(found("own_sample"), [of(&["吴辛"], &["007", "008"])]);
    assert_eq!(
        found("swapped_teams"),
        [of(&["何癸", "施丑"], &["009", "010"])]
    );
    assert_eq!(
        found("samples_and_tests"),
        [
            of(&["何癸"], &["009", "010"]),
            of(&["施丑"], &["009", "010"])
        ]
    );
    let shop = "忻州市示例超市";
    assert_eq!(
        found("fixed_pair"),
        [of(&["沈寅", "韩卯", shop], &["011", "012", "013"])]
    );
    assert_eq!(found("same_sample"), [of(&[shop], &["011", "013"])]);
    assert_eq!(found("same_report"), [of(&[], &["011", "013"])]);
    assert_eq!(found("paid_above_marked"), [of(&[shop], &["011", "012"])]);
    assert_eq!(
        found("unlike_prices"),
        [of(&["吕梁市示例商行"], &["015", "016"])]
    );
    let round = found("round_totals");
    assert_eq!(round.len(), 1);
    assert_eq!(
        (round[0].0[0].as_str(), round[0].1.len()),
        ("示例检验机构丙", 9)
    );
    let place = &document["conflicts"]["found"][0]["cases"][0]["shows"][0]["place"];
    assert!(
        place.as_str().unwrap().contains("cases.ndjson:1:"),
        "{place}"
    );
    // Two people with one name and different employers are listed separately, with a remark.
    let named: Vec<&Json> = rows(&document)
        .iter()
        .filter(|row| row["identity"]["name"] == "李乙")
        .collect();
    assert_eq!(named.len(), 2);
    for row in named {
        assert_eq!(row["identity"]["namesakes"], 1);
    }
}

#[test]
fn less_than_a_threshold_is_not_told() {
    let text = fs::read_to_string(cases()).unwrap();
    let line = |at: usize| text.lines().nth(at - 1).unwrap();
    let found = |lines: &[String]| people(&lines.join("\n"))["conflicts"]["found"].clone();
    let none = Json::Array(Vec::new());
    let only = |wanted: &[usize]| {
        wanted
            .iter()
            .map(|at| line(*at).to_owned())
            .collect::<Vec<_>>()
    };
    // Two counties of one city; two visits of one pair; the second sampled the day after; one case that he tested himself.
    assert_eq!(found(&only(&[4, 5])), none);
    assert_eq!(found(&only(&[12, 13])), none);
    assert_eq!(found(&only(&[7, 14])), none);
    let later = line(2).replace(
        "\"sampled_on\": \"2024-03-05\"",
        "\"sampled_on\": \"2024-03-06\"",
    );
    assert_eq!(found(&[line(1).to_owned(), later]), none);
    // One city, written in two ways.
    let short = line(2).replace("\"city\": \"大同市\"", "\"city\": \"晋城\"");
    assert_eq!(found(&[line(1).to_owned(), short]), none);
    // Another person with that name and another number.
    let another = line(2).replace("示抽101", "示抽909");
    assert_eq!(found(&[line(1).to_owned(), another]), none);
    let nine: Vec<usize> = (19..28).collect();
    assert_eq!(found(&only(&nine)), none);
}

#[test]
fn the_order_of_the_cases_does_not_change_what_they_show() {
    let text = fs::read_to_string(cases()).unwrap();
    let found = |lines: Vec<&str>| -> BTreeSet<(String, Vec<String>, u64)> {
        let document = people(&lines.join("\n"));
        let found = document["conflicts"]["found"].as_array().unwrap().iter();
        found
            .map(|conflict| {
                let parties = conflict["parties"].as_array().unwrap().iter();
                let mut parties: Vec<String> =
                    parties.map(|it| it.as_str().unwrap().to_owned()).collect();
                parties.sort();
                let kind = conflict["kind"].as_str().unwrap().to_owned();
                (kind, parties, number(conflict, "count"))
            })
            .collect()
    };
    let there = found(text.lines().collect());
    assert!(there.len() > 10);
    assert_eq!(found(text.lines().rev().collect()), there);
}

#[test]
fn the_sums_add_up_to_what_the_audit_counts() {
    let folder = fixture("shanxi-2024-batch-1");
    let audit = json(&["audit", &folder, "--format", "json"]);
    let audited = audit["cases"].as_array().unwrap();
    for by in SUBJECTS {
        let table = json(&["audit", &folder, "--by", by, "--format", "json"]);
        let total = &table["total"];
        assert_eq!(number(&table["cases"], "audited") as usize, audited.len());
        let mut in_rows = 0;
        for outcome in OUTCOMES {
            // Counts the cases, and the findings across them.
            let counted = number(&audit["summary"]["totals"]["findings"], outcome);
            assert_eq!(number(total, outcome), counted, "{by}: {outcome}");
            let of_rows: u64 = rows(&table)
                .iter()
                .map(|row| number(&row["tally"], outcome))
                .sum();
            if !matches!(by, "person" | "organisation") {
                assert_eq!(of_rows, counted, "{by}: {outcome}");
            }
            in_rows += of_rows;
        }
        let owed: u64 = rows(&table)
            .iter()
            .map(|row| number(&row["tally"], "owed"))
            .sum();
        assert_eq!(owed, in_rows, "{by}");
        assert_eq!(
            owed,
            number(total, "owed") + number(&table, "shared"),
            "{by}"
        );
    }
    let people = json(&["people", &folder, "--format", "json"]);
    let owed: u64 = rows(&people)
        .iter()
        .map(|row| number(&row["tally"], "owed"))
        .sum();
    assert_eq!(
        owed,
        number(&people["total"], "owed") + number(&people, "shared")
    );
    assert!(number(&people, "shared") > 0);
}

#[test]
fn a_duty_nobody_is_named_for_is_counted_under_its_role() {
    let record = "case: {ruleset: shanxi/2024-batch-1}\nsampling: {sampled_on: 2024-01-22, channel: on_site, documents_shown: [notice]}\n";
    let ran = run_with(
        &["audit", "-", "--by", "person", "--format", "json"],
        record,
        &[],
    );
    let table: Json = serde_json::from_str(&ran.out).unwrap();
    let unnamed: Vec<&Json> = rows(&table)
        .iter()
        .filter(|row| row["kind"] == "unnamed" && row["role"] == "samplers")
        .collect();
    assert_eq!(unnamed.len(), 1, "{table:#}");
    assert_eq!(unnamed[0]["label"], "抽样人员（未载明）");
    assert!(number(&unnamed[0]["tally"], "owed") > 5);
}

#[test]
fn a_case_that_cannot_be_audited_is_counted_as_such() {
    let text = fs::read_to_string(cases()).unwrap();
    let lines = format!("{}\n{{\"case\": \n", text.lines().next().unwrap());
    let ran = run_with(&["people", "-", "--format", "json"], &lines, &[]);
    assert_eq!(ran.code, 2);
    let document: Json = serde_json::from_str(&ran.out).unwrap();
    assert_eq!(document["cases"]["audited"], 1);
    assert_eq!(document["cases"]["unaudited"], 1);
    assert!(!document["diagnostics"].as_array().unwrap().is_empty());
    let text = run_with(&["people", "-"], &lines, &[]);
    assert!(text.out.contains("另有1份案卷未能审查"), "{}", text.out);
    assert!(!text.err.is_empty());
}

#[test]
fn the_exit_code_is_that_of_the_audit() {
    for path in [
        fixture("shanxi-2024-batch-1"),
        late(),
        cases(),
        fixture("conduct"),
    ] {
        let audit = ran(&["audit", &path]).code;
        assert_eq!(ran(&["people", &path]).code, audit, "{path}");
        assert_eq!(ran(&["audit", &path, "--by", "role"]).code, audit, "{path}");
    }
}

fn schema_of(text: &str) -> jsonschema::Validator {
    jsonschema::draft202012::new(&serde_json::from_str(text).unwrap()).unwrap()
}

fn objects(value: &Json, at: &str, out: &mut Vec<String>) {
    match value {
        Json::Object(fields) => {
            out.push(at.to_owned());
            for (key, field) in fields {
                objects(field, &format!("{at}/{key}"), out);
            }
        }
        Json::Array(items) => {
            for (n, item) in items.iter().enumerate().take(2) {
                objects(item, &format!("{at}/{n}"), out);
            }
        }
        _ => {}
    }
}

#[test]
fn the_documents_are_what_their_schemas_say_and_nothing_else() {
    let folder = fixture("shanxi-2024-batch-1");
    let (conduct, people) = (schema_of(CONDUCT_SCHEMA), schema_of(PEOPLE_SCHEMA));
    let mut documents = vec![
        (&people, json(&["people", &cases(), "--format", "json"])),
        (
            &people,
            json(&[
                "people",
                &cases(),
                "--mask",
                "--lang",
                "en",
                "--format",
                "json",
            ]),
        ),
        (
            &people,
            json(&["people", &fixture("invalid"), "--format", "json"]),
        ),
    ];
    for by in SUBJECTS {
        documents.push((
            &conduct,
            json(&["audit", &folder, "--by", by, "--format", "json"]),
        ));
    }
    for (schema, document) in &documents {
        let errors: Vec<String> = schema
            .iter_errors(document)
            .map(|error| format!("{error} at {}", error.instance_path()))
            .collect();
        assert!(errors.is_empty(), "{errors:#?}");
        let mut closed = Vec::new();
        objects(document, "", &mut closed);
        for pointer in closed {
            let keys: Vec<String> = document
                .pointer(&pointer)
                .unwrap()
                .as_object()
                .unwrap()
                .keys()
                .cloned()
                .collect();
            let changed = |change: &dyn Fn(&mut serde_json::Map<String, Json>)| {
                let mut other = document.clone();
                change(
                    other
                        .pointer_mut(&pointer)
                        .unwrap()
                        .as_object_mut()
                        .unwrap(),
                );
                schema.is_valid(&other)
            };
            assert!(
                !changed(&|object| drop(object.insert("unheard_of".into(), Json::Null))),
                "{pointer} is open"
            );
            for key in keys {
                assert!(
                    !changed(&|object| drop(object.remove(&key))),
                    "{pointer}/{key} is optional"
                );
            }
        }
    }
    let mut wrong = documents[0].1.clone();
    wrong["conflicts"]["found"][0]["grade"] = "guilty".into();
    assert!(!people.is_valid(&wrong));
}

/// Every personal value of the records of a folder.
fn personal(folder: &str, vocabulary: &Vocabulary) -> BTreeSet<String> {
    fn collect(vocabulary: &Vocabulary, row: &Row, shape: ShapeId, found: &mut BTreeSet<String>) {
        for (id, value) in vocabulary.shape(shape).facts.iter().zip(&row.slots) {
            let fact = vocabulary.fact(*id);
            match (&fact.ty, value) {
                (Type::Rows(inner), Value::Rows(rows)) => {
                    rows.iter()
                        .for_each(|row| collect(vocabulary, row, *inner, found));
                }
                _ if fact.personal => strings(value, found),
                _ => {}
            }
        }
    }
    fn strings(value: &Value, found: &mut BTreeSet<String>) {
        match value {
            Value::Text(text) => drop(found.insert(text.to_string())),
            Value::Party(party) => {
                found.insert(party.name.to_string());
                found.extend(party.id.iter().map(ToString::to_string));
            }
            Value::List(items) => items.iter().for_each(|item| strings(item, found)),
            _ => {}
        }
    }
    let mut found = BTreeSet::new();
    let batch = choucha_intake::batch::Batch::new(vocabulary, None);
    for input in choucha_intake::batch::find(&[folder.into()]).inputs {
        for parcel in batch.open(&input, &mut io::empty()) {
            for at in 0..parcel.len() {
                let case = parcel.case(at, vocabulary).unwrap();
                if let Some(record) = &case.decoded.record {
                    collect(vocabulary, record.root(), ShapeId::ROOT, &mut found);
                }
            }
        }
    }
    found
}

#[test]
fn no_personal_value_is_in_anything_that_is_masked() {
    let folder = RuleFolder::embedded();
    let vocabulary = Arc::new(vocabulary::load(&folder.vocabulary().unwrap()).unwrap());
    for (name, some) in [
        ("shanxi-2024-batch-1", 40),
        ("conduct", 20),
        ("tables", 2),
        ("invalid", 0),
        ("warnings", 0),
    ] {
        let folder = fixture(name);
        let personal = personal(&folder, &vocabulary);
        assert!(personal.len() >= some, "{name}: {personal:?}");
        let runs: [&[&str]; 9] = [
            &["audit"],
            &["audit", "--all", "--explain"],
            &["audit", "--format", "json", "--all", "--explain"],
            &["audit", "--format", "csv"],
            &["audit", "--by", "person"],
            &["audit", "--by", "organisation", "--format", "json"],
            &["people"],
            &["people", "--format", "csv"],
            &["people", "--format", "json"],
        ];
        for run in runs {
            let mut arguments = run.to_vec();
            arguments.extend([folder.as_str(), "--mask"]);
            let ran = ran(&arguments);
            assert!(!ran.out.is_empty(), "{arguments:?}: {}", ran.err);
            for value in &personal {
                // Some of these reports have twenty million bytes.
                let value = memchr::memmem::Finder::new(value);
                for text in [&ran.out, &ran.err] {
                    let found = value.find(text.as_bytes());
                    assert!(found.is_none(), "{arguments:?}: {value:?} at {found:?}");
                }
            }
        }
        if some > 0 {
            let shown = ran(&["audit", &folder, "--all", "--format", "json"]).out;
            assert!(personal.iter().any(|value| shown.contains(value.as_str())));
        }
    }
}

#[test]
fn a_pseudonym_is_one_person_throughout_and_the_places_stay() {
    let open = json(&["audit", &late(), "--all", "--format", "json"]);
    let masked = json(&["audit", &late(), "--all", "--mask", "--format", "json"]);
    let findings = |document: &Json| document["cases"][0]["findings"].as_array().unwrap().clone();
    let mut names: BTreeSet<(String, String)> = BTreeSet::new();
    for (open, masked) in findings(&open).iter().zip(findings(&masked)) {
        assert_eq!(open["outcome"], masked["outcome"]);
        let (before, after) = (
            open["responsible"].as_array().unwrap(),
            masked["responsible"].as_array().unwrap(),
        );
        for (before, after) in before.iter().zip(after) {
            names.insert((
                before.as_str().unwrap().into(),
                after.as_str().unwrap().into(),
            ));
        }
        let origins = |finding: &Json| -> Vec<Json> {
            finding["evidence"]
                .as_array()
                .unwrap()
                .iter()
                .map(|item| item["origin"].clone())
                .collect()
        };
        assert_eq!(origins(open), origins(&masked));
    }
    let people: BTreeSet<&String> = names
        .iter()
        .map(|(_, after)| after)
        .filter(|name| name.starts_with("人员-"))
        .collect();
    assert!(people.len() >= 2, "{names:?}");
    let pseudonymous = names
        .iter()
        .filter(|(_, after)| after.starts_with("人员-"))
        .count();
    assert_eq!(pseudonymous, people.len(), "{names:?}");
    // Values that belong to no person stay.
    assert!(names.contains(&("示例检验机构甲".to_owned(), "示例检验机构甲".to_owned())));
}

#[test]
fn what_a_diagnostic_quotes_is_hidden_unless_the_vocabulary_has_the_word() {
    let record = "case: {ruleset: shanxi/2024-batch-1}\nsampling:\n  samplers: 张某、李某\n  sampled_on: 张某记于三月\n  报告出具日期: 李某\n";
    let arguments = ["audit", "-", "--mask", "--format", "text"];
    let ran = run_with(&arguments, record, &[]);
    assert_eq!(ran.code, 2);
    assert!(
        !ran.err.contains("张某") && !ran.err.contains("李某"),
        "{}",
        ran.err
    );
    assert!(
        ran.err.contains("抽样日期") && ran.err.contains("［已隐去］"),
        "{}",
        ran.err
    );
}

#[test]
fn no_line_of_a_table_is_wider_than_the_terminal() {
    for width in [40, 60, 80, 95, 96, 120] {
        for arguments in [
            &["people"][..],
            &["audit", "--by", "person"],
            &["audit", "--by", "obligation"],
        ] {
            let (mut out, mut err) = (Vec::new(), Vec::new());
            let path = cases();
            let mut all = vec!["choucha"];
            all.extend(arguments);
            all.push(&path);
            let _ = run(
                all.iter().map(OsString::from),
                &mut Surroundings {
                    out: &mut out,
                    err: &mut err,
                    input: &mut io::empty(),
                    today: Day::parse("2024-06-01").unwrap(),
                    locales: Vec::new(),
                    columns: Some(width),
                    out_color: false,
                    err_color: false,
                    out_terminal: false,
                    err_terminal: false,
                    threads: NonZeroUsize::MIN,
                    heed_interrupts: || {},
                    interrupted: &AtomicBool::new(false),
                },
            );
            let text = String::from_utf8(out).unwrap();
            for line in text.lines() {
                assert!(
                    choucha_core::layout::width(line) <= width,
                    "{width}: {line}"
                );
            }
        }
    }
}

#[test]
fn a_table_has_no_lines_of_ndjson_and_a_workbook_is_not_masked() {
    for arguments in [
        &["audit", "--by", "role", "--format", "ndjson"][..],
        &["audit", "--format", "xlsx", "--mask"],
        &["audit", "--by", "guilt"],
        &["people", "--format", "ndjson"],
    ] {
        let path = cases();
        let mut all = arguments.to_vec();
        all.push(&path);
        let ran = ran(&all);
        assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{arguments:?}");
        assert!(!ran.err.is_empty());
    }
}

/// One run has one set of findings in every view: every table includes those across cases, and the exit code is the same.
#[test]
fn what_is_found_across_cases_is_in_every_table_with_the_exit_code_of_the_audit() {
    for folder in [
        "jiangsu-zhangjiagang-2021",
        "shanxi-2024-batch-1",
        "chongqing-2021-follow-up",
    ] {
        let files = format!("fixtures/campaigns/{folder}/files");
        let audited = ran(&["audit", &files, "--format", "json"]);
        let audit: Json = serde_json::from_str(&audited.out).unwrap();
        let count = |of: &Json| number(of, "violated");
        let findings = count(&audit["summary"]["totals"]["findings"]);
        let across: u64 = audit["campaigns"]
            .as_array()
            .unwrap()
            .iter()
            .flat_map(|campaign| campaign["scopes"].as_array().unwrap())
            .flat_map(|scope| scope["obligations"].as_array().unwrap())
            .map(|tally| count(&tally["counts"]))
            .sum();
        assert!(across > 0, "{folder}");
        for by in SUBJECTS {
            let table = ran(&["audit", &files, "--by", by, "--format", "json"]);
            assert_eq!(table.code, audited.code, "{folder} --by {by}");
            let table: Json = serde_json::from_str(&table.out).unwrap();
            let about = format!("{folder} --by {by}");
            assert_eq!(number(&table["total"], "violated"), findings, "{about}");
            assert_eq!(number(&table, "violated_across"), across, "{about}");
            let rows = rows(&table).iter();
            let sum: u64 = rows.map(|row| number(&row["tally"], "violated")).sum();
            assert!(sum >= findings, "{about}: {sum} {findings}");
        }
        let people = ran(&["people", &files, "--format", "json"]);
        assert_eq!(people.code, audited.code, "{folder} people");
    }
}

#[test]
fn a_rate_is_of_what_is_decided_and_never_of_what_is_not() {
    for by in SUBJECTS {
        let table = json(&["audit", &cases(), "--by", by, "--format", "json"]);
        for row in rows(&table) {
            let tally = &row["tally"];
            let decided = number(tally, "violated") + number(tally, "satisfied");
            match &tally["breach_rate"] {
                Json::Null => assert_eq!(decided, 0, "{row}"),
                rate => {
                    assert_eq!(number(rate, "count"), number(tally, "violated"), "{row}");
                    assert_eq!(number(rate, "of"), decided, "{row}");
                }
            }
        }
    }
}
