//! Diagnostics for unresolved quotes and changed texts.

use choucha_core::diagnostic::{Code, Diagnostic};
use choucha_core::instrument::{ClauseId, Difference, Instrument, Lock, Near, Resolution, relock};
use choucha_core::lang::Text;
use choucha_core::obligation::Citation;
use choucha_core::text;

/// The most clauses or differences that are named one by one.
const NAMED: usize = 6;

/// The most characters of a quote or a passage that are shown.
const SHOWN: usize = 80;

/// The diagnostic for a quote that is not in exactly one clause of its section.
pub(super) fn unresolved(
    citation: &Citation,
    instrument: &Instrument,
    resolution: &Resolution,
) -> Diagnostic {
    let (number, section) = (&instrument.number, &citation.section);
    let quote = clip(&citation.quote);
    let problem = |code, message| Diagnostic::new(code, message).at(citation.at.clone());
    match resolution {
        Resolution::One(_) | Resolution::Nowhere(None) => problem(
            Code::CitationNotFound,
            text!(
                "`{number}` 中没有 `{quote}`",
                "`{number}` does not contain `{quote}`"
            ),
        )
        .why(Text::new(
            "文本中也没有与之相近的一句",
            "no passage of the text is near it either",
        )),
        Resolution::Nowhere(Some(near)) => nearest(
            problem(
                Code::CitationNotFound,
                text!(
                    "`{number}` 中没有 `{quote}`",
                    "`{number}` does not contain `{quote}`"
                ),
            ),
            near,
        ),
        Resolution::Elsewhere(ids) => {
            let (zh, en) = listed(ids);
            problem(
                Code::CitationOtherSection,
                text!(
                    "`{quote}` 不在 {section} 之下",
                    "`{quote}` does not stand in {section}"
                ),
            )
            .why(text!("它在 {zh}", "it stands in {en}"))
            .help(Text::new(
                "把条款号改为所在的条款",
                "name the section it stands in",
            ))
        }
        Resolution::Several(ids) => {
            let (zh, en) = listed(ids);
            let n = ids.len();
            problem(
                Code::CitationAmbiguous,
                text!(
                    "{section} 中有 {n} 句含有 `{quote}`",
                    "{n} clauses of {section} contain `{quote}`"
                ),
            )
            .why(text!("即 {zh}", "they are {en}"))
            .help(Text::new(
                "多引几个字，使之只见于一句",
                "quote more words, so that one clause alone has them",
            ))
        }
        Resolution::Spans(first, last) => problem(
            Code::CitationSpans,
            text!(
                "`{quote}` 跨越了几句",
                "`{quote}` runs over several sentences"
            ),
        )
        .why(text!("从 {first} 到 {last}", "from {first} to {last}"))
        .help(Text::new(
            "一句一引：cite: [notice.at(…), notice.at(…)]",
            "cite each sentence by itself: cite: [notice.at(…), notice.at(…)]",
        )),
    }
}

fn nearest(diagnostic: Diagnostic, near: &Near) -> Diagnostic {
    let clause = &near.clause;
    let passage = clip(&near.passage);
    let mut diagnostic = diagnostic.why(text!(
        "最接近的是 {clause}：“{passage}”",
        "nearest is {clause}: “{passage}”"
    ));
    for Difference { quoted, printed } in near.differences.iter().take(NAMED) {
        let (quoted, printed) = (clip(quoted), clip(printed));
        diagnostic = diagnostic.why(match (quoted.is_empty(), printed.is_empty()) {
            (false, false) => text!(
                "引文作“{quoted}”，原文作“{printed}”",
                "the quote has “{quoted}” where the text has “{printed}”"
            ),
            (false, true) => text!(
                "引文多出“{quoted}”",
                "the quote has “{quoted}”, which the text has not"
            ),
            _ => text!(
                "引文缺少“{printed}”",
                "the quote lacks “{printed}”, which the text has"
            ),
        });
    }
    diagnostic.help(Text::new(
        "引文须与原文一字不差（空格、全角半角不计）",
        "a quote must be to the letter (spaces and widths do not count)",
    ))
}

/// The diagnostic for a quote that is not in the lock. `elsewhere`: the clauses of other sections that have it in the
/// lock.
pub(super) fn not_locked(
    citation: &Citation,
    instrument: &Instrument,
    elsewhere: &[&ClauseId],
) -> Diagnostic {
    let (number, section) = (&instrument.number, &citation.section);
    let quote = clip(&citation.quote);
    let message = text!(
        "`{number}` 的锁定文件中没有 {section} 的 `{quote}`",
        "the lock of `{number}` has no `{quote}` in {section}"
    );
    let mut diagnostic = Diagnostic::new(Code::CitationNotLocked, message).at(citation.at.clone());
    if elsewhere.is_empty() {
        diagnostic = diagnostic.why(Text::new(
            "锁定之后改过或者新写的引文，没有文本就无从核对",
            "a quote written or changed since the text was locked cannot be checked without the text",
        ));
    } else {
        let ids: Vec<ClauseId> = elsewhere.iter().map(|id| (*id).clone()).collect();
        let (zh, en) = listed(&ids);
        diagnostic = diagnostic.why(text!("锁定文件中它在 {zh}", "the lock has it in {en}"));
    }
    diagnostic.help(relock())
}

/// The diagnostic for a text that differs from its lock; `None` if it does not.
pub(super) fn stale(instrument: &Instrument, lock: &Lock, now: &Lock) -> Option<Diagnostic> {
    let changes = lock.changes(now);
    if changes.is_empty() {
        return None;
    }
    let number = &instrument.number;
    let message = text!(
        "`{number}` 的条款与锁定时不同",
        "the clauses of `{number}` are not those that were locked"
    );
    let mut diagnostic = Diagnostic::new(Code::LockStale, message).at(instrument.declared.clone());
    let kinds = [
        (&changes.changed, "有改动", "changed"),
        (&changes.gone, "已不存在", "gone"),
        (&changes.new, "是新增", "new"),
    ];
    for (ids, what, what_en) in kinds {
        if ids.is_empty() {
            continue;
        }
        let n = ids.len();
        let (zh, en) = listed(ids);
        diagnostic = diagnostic.why(text!("{n} 句{what}：{zh}", "{n} {what_en}: {en}"));
    }
    Some(diagnostic.help(relock()))
}

/// The first few of some clauses, in both languages.
fn listed(ids: &[ClauseId]) -> (String, String) {
    let named: Vec<String> = ids.iter().take(NAMED).map(ClauseId::to_string).collect();
    let (mut zh, mut en) = (named.join("、"), named.join(", "));
    if ids.len() > NAMED {
        zh.push('等');
        en.push_str(" and others");
    }
    (zh, en)
}

fn clip(text: &str) -> String {
    let mut shown: String = text.chars().take(SHOWN).collect();
    if shown.len() < text.len() {
        shown.push('…');
    }
    shown
}
