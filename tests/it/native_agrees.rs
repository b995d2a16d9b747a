//! Twenty duties written by hand agree with the rules on every generated case.

#[path = "../../benches/support/mod.rs"]
mod support;

use std::collections::BTreeMap;

use self::support::native::{Native, TWENTY};
use self::support::{cases, ready};
use choucha::audit::Outcome;
use choucha::ingest::Format;
use choucha::value::Value;

const CASES: u64 = 2000;

#[test]
fn the_rules_and_hand_written_checks_agree_on_every_case() {
    let engine = ready::engine();
    let all = ready::auditor(&engine);
    let few = ready::auditor_of_twenty(&engine);
    let native = Native::new(engine.vocabulary(), engine.calendar());
    let (in_all, in_few) = (
        ready::positions(&all, &TWENTY),
        ready::positions(&few, &TWENTY),
    );
    let (mut of_all, mut of_few) = (ready::verdicts(), ready::verdicts());
    let mut seen: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    for text in cases::json(0..CASES) {
        let record = ready::decode(&engine, &text, Format::Json);
        // Each case closed and open, before and after the due dates.
        for (complete, as_of) in [
            (true, ready::today()),
            (false, ready::today()),
            (false, ready::today() - 50),
        ] {
            let settled = record.settle(engine.vocabulary(), complete);
            all.outcomes(&settled, as_of, &mut of_all);
            few.outcomes(&settled, as_of, &mut of_few);
            for (at, outcome) in native.check(&settled, as_of).into_iter().enumerate() {
                let id = TWENTY[at];
                let (all, few) = (of_all.outcome(in_all[at]), of_few.outcome(in_few[at]));
                assert_eq!(all, few, "{id}, as of {as_of}\n{text}");
                // The hand-written duties neither try values of unknown facts nor days of acts that other facts prove;
                // the second audit in the property tests does both.
                let proven = settled.root().slots.contains(&Value::Done);
                let left_open = match outcome {
                    Outcome::Undetermined => true,
                    Outcome::Pending => proven,
                    _ => false,
                };
                assert!(
                    all == outcome || left_open,
                    "{id}, as of {as_of}: {all:?}, by hand {outcome:?}\n{text}"
                );
                *seen.entry((id, outcome.code())).or_default() += 1;
            }
        }
    }
    // The cases exercise every duty: each occurs both satisfied and violated or for a person.
    for id in TWENTY {
        let met = |code| seen.contains_key(&(id, code));
        assert!(met("satisfied"), "{id} is never satisfied: {seen:?}");
        assert!(
            met("violated") || met("review"),
            "{id} is never breached: {seen:?}"
        );
    }
}

#[test]
fn generated_cases_are_of_the_size_of_real_ones_and_the_same_in_json_and_yaml() {
    let engine = ready::engine();
    let texts = cases::json(0..500);
    let mean = texts.iter().map(String::len).sum::<usize>() / texts.len();
    assert!((4000..=6500).contains(&mean), "{mean} bytes a case");
    for (json, yaml) in texts.iter().zip(cases::yaml(0..500)) {
        let json = ready::decode(&engine, json, Format::Json);
        let yaml = ready::decode(&engine, &yaml, Format::Yaml);
        assert_eq!(json.root(), yaml.root());
    }
    assert_eq!(cases::json(3..5), cases::json(3..5));
}
