//! Coverage for readers: on the terminal, and as a page with the text next to the obligations that encode it.

mod html;
mod terminal;
#[cfg(test)]
mod tests;

pub use html::render_html;
pub use terminal::render_coverage;

use choucha_core::lang::{Lang, Text};
use choucha_core::obligation::{Id, RuleSetId};
use choucha_core::text;
use choucha_rules::coverage::{Coverage, Encoding, Reason};

/// The obligation or exception that quotes a clause, with every quote of it.
struct Encoder<'a> {
    ruleset: &'a RuleSetId,
    id: &'a Id,
    title: &'a Text,
    bearer: Option<&'a Text>,
    quotes: Vec<&'a str>,
}

/// The obligations and exceptions that quote a clause, each once, in order.
fn encoders(encodings: &[Encoding]) -> Vec<Encoder<'_>> {
    let mut encoders: Vec<Encoder<'_>> = Vec::new();
    for encoding in encodings {
        let known = encoders
            .iter_mut()
            .find(|known| *known.id == encoding.id && *known.ruleset == encoding.ruleset);
        match known {
            Some(known) if known.quotes.contains(&encoding.quote.as_str()) => {}
            Some(known) => known.quotes.push(&encoding.quote),
            None => encoders.push(Encoder {
                ruleset: &encoding.ruleset,
                id: &encoding.id,
                title: &encoding.title,
                bearer: encoding.bearer.as_ref().map(|(_, label)| label),
                quotes: vec![&encoding.quote],
            }),
        }
    }
    encoders
}

/// The number of clauses by status, in a sentence.
fn summary(coverage: &Coverage) -> Text {
    let counts = coverage.counts();
    let (clauses, needed, encoded) = (counts.clauses, counts.needed, counts.encoded);
    let (not_auditable, missing, others) = (counts.not_auditable, counts.missing, counts.others);
    text!(
        "共{clauses}条，其中标题和文书{others}条无须回应，应回应{needed}条：已编码{encoded}条，不可审查{not_auditable}条，遗漏{missing}条",
        "{clauses} clauses, of which {others} are headings and forms and {needed} need an answer: {encoded} encoded, {not_auditable} not auditable, {missing} missing"
    )
}

/// How many clauses are not auditable for each reason.
fn reasons(coverage: &Coverage, lang: Lang) -> String {
    let reasons = coverage.reasons();
    let shown: Vec<String> = reasons
        .iter()
        .map(|(reason, n): &(Reason, usize)| {
            let label = reason.label();
            let (zh, en) = (&label.zh, &label.en);
            text!("{zh}{n}条", "{n} {en}").get(lang).to_owned()
        })
        .collect();
    shown.join(lang.pick("，", ", "))
}
