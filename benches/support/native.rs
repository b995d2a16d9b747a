//! Twenty duties as a programmer would write them by hand, over the same settled record: slots and symbols are looked
//! up once, every stage is decided once per case, and nothing is explained.
//!
//! It is the yardstick for the engine's speed and, since it shares only the record and the calendar with the rules, a
//! check on their meaning (`tests/it/native_agrees.rs`).

use choucha::audit::Outcome;
use choucha::period::Calendar;
use choucha::record::Settled;
use choucha::truth::Truth;
use choucha::value::{Day, ShapeId, SlotId, Symbol, Type, Value};
use choucha::vocabulary::{Entry, Vocabulary};

use super::logic::{
    apart, confirmed, count_at_least, count_is_zero, equal, has, holds, is, is_above, is_zero,
    more_than_nothing, must, not_after, one_of, present, refuted, reviewed, same_name, under,
    verified,
};
use super::terms::Terms;

/// The ids of the duties, in the order of [`Native::check`].
pub const TWENTY: [&str; 20] = [
    "sampling.at-least-two-samplers",
    "sampling.documents-shown",
    "sampling.evidence-photographed",
    "sampling.form-signed-by-respondent",
    "sampling.refusal-to-sign-noted",
    "sampling.corrections-confirmed",
    "testing.not-by-samplers",
    "purchase.test-sample-bought",
    "purchase.price",
    "samples.sealed",
    "sampling.terminate-where-unlawful",
    "termination.county-told",
    "refusal.province-told",
    "ecqs.sampling-by-next-day",
    "ecqs.results-within-3-workdays",
    "report.failed.mail-to-province",
    "report.respondent-told",
    "report.issued-by-2024-04-05",
    "licence.checked-before-testing",
    "order-18.recheck.within-75-days",
];

/// Slots and symbols by the names the code below uses.
macro_rules! facts {
    ($($name:ident: $path:literal,)*; $($symbol:ident: $of:literal $code:literal,)*) => {
        #[derive(Debug, Clone, Copy)]
        struct Facts {
            $($name: SlotId,)*
            $($symbol: Symbol,)*
        }

        impl Facts {
            fn resolve(vocabulary: &Vocabulary) -> Self {
                Facts {
                    $($name: slot(vocabulary, $path),)*
                    $($symbol: symbol(vocabulary, $of, $code),)*
                }
            }
        }
    };
}

facts! {
    organiser: "case.organiser",
    organiser_level: "case.organiser_level",
    county_bureau: "case.county_bureau",
    channel: "sampling.channel",
    outcome: "sampling.outcome",
    sampled_on: "sampling.sampled_on",
    samplers: "sampling.samplers",
    documents_shown: "sampling.documents_shown",
    photographed: "sampling.photographed",
    respondent_signed: "sampling.respondent_signed",
    refused_to_sign: "sampling.refused_to_sign",
    refusal_annotated: "sampling.refusal_annotated",
    corrections: "sampling.corrections",
    confirmed: "sampling.corrections[].confirmed",
    unlawful_suspected: "sampling.unlawful_suspected",
    accepted: "receipt.accepted",
    testers: "testing.testers",
    tested_on_site: "testing.on_site",
    test_outcome: "testing.outcome",
    started_on: "testing.started_on",
    finished_on: "testing.finished_on",
    bought: "purchase.bought",
    paid_price: "purchase.paid_price",
    marked_price: "purchase.marked_price",
    market_price: "purchase.market_price",
    tamper_evident: "samples.tamper_evident",
    taken_at_once: "samples.taken_at_once",
    sealed_separately: "samples.sealed_separately",
    seal_signed_by_samplers: "samples.seal_signed_by_samplers",
    seal_signed_by_respondent: "samples.seal_signed_by_respondent",
    county_told_on: "termination.county_told_on",
    organiser_told_on: "termination.organiser_told_on",
    refusal_told_on: "refusal.organiser_told_on",
    sampling_entered_on: "ecqs.sampling_entered_on",
    results_entered_on: "ecqs.results_entered_on",
    issued_on: "report.issued_on",
    conclusion: "report.conclusion",
    retest_conclusion: "retest.conclusion",
    province_posted_on: "report.to_province.posted_on",
    respondent_posted_on: "report.to_respondent.posted_on",
    respondent_received_on: "report.to_respondent.received_on",
    tampering: "storage.tampering",
    received_on: "receipt.received_on",
    backup_quantity: "samples.backup_quantity",
    licence_managed: "product.licence_managed",
    licence_checked_on: "licence.checked_on",
    rectification_ordered_on: "follow_up.rectification_ordered_on",
    first_recheck_on: "recheck.first_on",
    ;
    national: "case.organiser_level" "national",
    provincial: "case.organiser_level" "provincial",
    municipal: "case.organiser_level" "municipal",
    county: "case.organiser_level" "county",
    on_site: "sampling.channel" "on_site",
    online: "sampling.channel" "online",
    completed: "sampling.outcome" "completed",
    terminated: "sampling.outcome" "terminated",
    refused: "sampling.outcome" "refused",
    impossible: "sampling.outcome" "impossible",
    shown_notice: "sampling.documents_shown" "notice",
    shown_identity: "sampling.documents_shown" "identity",
    shown_authorisation: "sampling.documents_shown" "authorisation",
    premises: "sampling.photographed" "premises",
    storage: "sampling.photographed" "storage",
    labelling: "sampling.photographed" "labelling",
    stock: "sampling.photographed" "stock",
    process: "sampling.photographed" "process",
    test_completed: "testing.outcome" "completed",
    fail: "report.conclusion" "fail",
    retest_pass: "retest.conclusion" "pass",
}

fn slot(vocabulary: &Vocabulary, path: &str) -> SlotId {
    match vocabulary.find(path) {
        Some(Entry::Fact(id)) => vocabulary.fact(id).slot,
        _ => panic!("no fact {path}"),
    }
}

fn symbol(vocabulary: &Vocabulary, path: &str, code: &str) -> Symbol {
    let fact = vocabulary.fact_in(ShapeId::ROOT, slot(vocabulary, path));
    let id = match &fact.ty {
        Type::Enum(id) => *id,
        Type::List(of) => match **of {
            Type::Enum(id) => id,
            _ => panic!("{path} is no list of codes"),
        },
        _ => panic!("{path} is no code"),
    };
    vocabulary.enumeration(id).symbol(code).expect(code)
}

/// The twenty duties, ready to be checked.
pub struct Native<'c> {
    facts: Facts,
    calendar: &'c Calendar,
    april_5: Day,
}

impl<'c> Native<'c> {
    pub fn new(vocabulary: &Vocabulary, calendar: &'c Calendar) -> Self {
        Native {
            facts: Facts::resolve(vocabulary),
            calendar,
            april_5: Day::from_ymd(2024, 4, 5).expect("a day that exists"),
        }
    }

    /// The outcome of every duty.
    pub fn check(&self, record: &Settled, as_of: Day) -> [Outcome; 20] {
        let f = &self.facts;
        let get = |slot| record.get(slot);
        let terms = Terms {
            calendar: self.calendar,
            as_of,
        };

        // Stages.
        let online = is(get(f.channel), f.online);
        let sampling = is(get(f.outcome), f.completed);
        let tried = one_of(get(f.outcome), &[f.completed, f.terminated, f.refused]);
        let visit = (!online).and(tried);
        let sampling_on_site = sampling.and(!online);
        let received = present(get(f.received_on)).and(!refuted(get(f.accepted)));
        let accepted = holds(get(f.accepted)).or(received);
        let acceptance = sampling.and(accepted.or(holds(get(f.tested_on_site))));
        let testing = acceptance.and(is(get(f.test_outcome), f.test_completed));
        let report = testing.and(present(get(f.issued_on)).or(present(get(f.conclusion))));
        let failed = report.and(is(get(f.conclusion), f.fail));
        let untampered = count_is_zero(get(f.tampering));
        let passed_in_the_end = is(get(f.retest_conclusion), f.retest_pass).and(untampered);
        let failure = failed.and(!passed_in_the_end);
        let rectification = failure.and(present(get(f.rectification_ordered_on)));

        // Sampling.
        let two_samplers = under(tried, || Some(must(count_at_least(get(f.samplers), 2))));
        let documents = under(visit, || {
            let shown = get(f.documents_shown);
            let all = [f.shown_notice, f.shown_identity, f.shown_authorisation]
                .into_iter()
                .map(|paper| must(has(shown, paper)))
                .min()?;
            // Refused, perhaps before the papers could be shown.
            Some(reviewed(all, || is(get(f.outcome), f.refused)))
        });
        let photographed = under(sampling_on_site, || {
            let kept = get(f.photographed);
            [f.premises, f.storage, f.labelling, f.stock, f.process]
                .into_iter()
                .map(|thing| must(has(kept, thing)))
                .min()
        });
        let refused_to_sign = holds(get(f.refused_to_sign));
        let mut signed = under(sampling_on_site, || {
            Some(must(holds(get(f.respondent_signed))))
        });
        let breached = match signed {
            Outcome::Violated => Truth::True,
            Outcome::Undetermined => Truth::Unknown,
            _ => Truth::False,
        };
        let noted = under(sampling_on_site.and(breached).and(refused_to_sign), || {
            Some(must(holds(get(f.refusal_annotated))))
        });
        // A noted refusal excuses the signature; one that may be noted leaves it open.
        if signed == Outcome::Violated {
            signed = match noted {
                Outcome::Satisfied => Outcome::NotApplicable,
                Outcome::Undetermined => Outcome::Undetermined,
                _ => signed,
            };
        }
        let corrected = match get(f.corrections) {
            Value::Rows(rows) => Truth::from(!rows.is_empty()),
            Value::None => Truth::False,
            _ => Truth::Unknown,
        };
        let corrections = under(sampling_on_site.and(corrected), || {
            let Value::Rows(rows) = get(f.corrections) else {
                return None;
            };
            let confirmed = Truth::all(rows.iter().map(|row| confirmed(row, f.confirmed)));
            let for_a_person = || refused_to_sign.and(holds(get(f.refusal_annotated)));
            Some(reviewed(must(confirmed), for_a_person))
        });

        // Samples.
        let bought_at_all = holds(get(f.bought)).or(more_than_nothing(get(f.paid_price)));
        let bought = under(sampling, || Some(must(bought_at_all)));
        let price = under(sampling.and(bought_at_all), || {
            let paid = get(f.paid_price);
            let marked = present(get(f.marked_price));
            let by_mark = under(marked, || Some(must(equal(paid, get(f.marked_price)))));
            let by_market = under(!marked, || Some(must(equal(paid, get(f.market_price)))));
            Some(reviewed(by_mark.min(by_market), || {
                // A price above the marked one is a violation however the sample was bought.
                let below = !is_above(paid, get(f.marked_price));
                online.and(present(paid)).and(below)
            }))
        });
        let sealed = under(sampling, || {
            let where_on_site = |outcome| match is(get(f.channel), f.on_site) {
                Truth::True => outcome,
                Truth::False => Outcome::NotApplicable,
                Truth::Unknown => Outcome::Undetermined,
            };
            let none_taken = is_zero(get(f.backup_quantity));
            let tamper_evident = holds(get(f.tamper_evident));
            let at_once = holds(get(f.taken_at_once)).or(none_taken);
            let separately = holds(get(f.sealed_separately)).or(none_taken);
            let by_samplers = holds(get(f.seal_signed_by_samplers));
            let all = [
                must(tamper_evident),
                must(at_once),
                where_on_site(must(separately)),
                must(by_samplers),
                where_on_site(must(holds(get(f.seal_signed_by_respondent)))),
            ]
            .into_iter()
            .min()?;
            // A person judges whether a refusal to sign the form excuses the seal as well.
            Some(reviewed(all, || {
                [tamper_evident, at_once, separately, by_samplers]
                    .into_iter()
                    .fold(refused_to_sign, Truth::and)
            }))
        });

        // Termination and refusal.
        let nothing_sampled = one_of(get(f.outcome), &[f.refused, f.impossible]);
        let unlawful = holds(get(f.unlawful_suspected)).and(!nothing_sampled);
        let terminated = under(unlawful, || Some(must(is(get(f.outcome), f.terminated))));
        let county_told = under(unlawful, || {
            let (told, sampled) = (get(f.county_told_on), get(f.sampled_on));
            let told = verified(terms.immediately(told, sampled), told, sampled);
            // An organiser that is this county bureau need not be told twice.
            let (level, county) = (get(f.organiser_level), get(f.county_bureau));
            let above = one_of(level, &[f.national, f.provincial, f.municipal]);
            let named = (!above).and(same_name(get(f.organiser), county));
            let unnamed = is(level, f.county).and(!online).and(!present(county));
            let same = named.or(unnamed);
            let organiser_told = must(present(get(f.organiser_told_on)));
            Some(under(!same, || Some(told)).min(under(same, || Some(organiser_told))))
        });
        let refusal_told = under(is(get(f.outcome), f.refused), || {
            let (told, sampled) = (get(f.refusal_told_on), get(f.sampled_on));
            Some(verified(terms.immediately(told, sampled), told, sampled))
        });

        // e-CQS, report, licence, recheck.
        let sampling_entered = under(sampling, || {
            let (entered, sampled) = (get(f.sampling_entered_on), get(f.sampled_on));
            Some(verified(terms.days(entered, sampled, 1), entered, sampled))
        });
        let results_entered = under(testing, || {
            Some(terms.workdays(get(f.results_entered_on), get(f.finished_on), 3))
        });
        let mailed = under(failed, || {
            let (posted, issued) = (get(f.province_posted_on), get(f.issued_on));
            Some(verified(terms.days(posted, issued, 7), posted, issued))
        });
        let told = under(report, || {
            let (posted, issued) = (get(f.respondent_posted_on), get(f.issued_on));
            let received = get(f.respondent_received_on);
            let sent = present(posted).or(present(received));
            let by_april_5 = |act| not_after(act, &Value::Day(self.april_5));
            let late = !by_april_5(posted).or(by_april_5(received));
            let owed = under(!sent, || Some(terms.by(posted, self.april_5)));
            let promptly = under(sent.and(late), || {
                Some(verified(terms.promptly(posted, issued, 7), posted, issued))
            });
            Some(owed.min(promptly).min(under(sent, || Some(must(sent)))))
        });
        let issued = under(report, || Some(terms.by(get(f.issued_on), self.april_5)));
        let licence = under(acceptance.and(holds(get(f.licence_managed))), || {
            let (checked, started) = (get(f.licence_checked_on), get(f.started_on));
            let in_time = (!present(started)).or(not_after(checked, started));
            Some(must(present(checked).and(in_time)))
        });
        let recheck = under(rectification, || {
            let first = get(f.first_recheck_on);
            let ordered = get(f.rectification_ordered_on);
            Some(verified(terms.days(first, ordered, 75), first, ordered))
        });
        let separate = under(acceptance, || {
            let outcome = must(apart(get(f.samplers), get(f.testers)));
            if outcome == Outcome::Satisfied {
                return Some(outcome);
            }
            Some(match holds(get(f.tested_on_site)) {
                Truth::True => Outcome::Satisfied,
                Truth::Unknown => Outcome::Undetermined,
                Truth::False => outcome,
            })
        });
        [
            two_samplers,
            documents,
            photographed,
            signed,
            noted,
            corrections,
            separate,
            bought,
            price,
            sealed,
            terminated,
            county_told,
            refusal_told,
            sampling_entered,
            results_entered,
            mailed,
            told,
            issued,
            licence,
            recheck,
        ]
    }
}
