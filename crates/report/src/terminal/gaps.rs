//! Undetermined findings in compact form: the missing facts, and the duties that depend on them. A sparse dossier leaves
//! most duties undetermined for the same few papers.

use super::super::sheet::Sheet;
use super::finding::gaps_text;
use super::mark;
use choucha_core::audit::{Finding, Missing, Outcome};
use choucha_core::lang::Lang;
use choucha_core::layout::Tone;

/// Up to this many undetermined findings are shown in full.
pub(super) const IN_FULL: usize = 5;

/// First the papers to request, with the number of duties each would help to decide; then the duties, grouped by the
/// papers they wait for.
pub(super) fn compact(sheet: &mut Sheet, findings: &[&Finding]) {
    let lang = sheet.lang();
    papers(sheet, findings);

    let mut blocks: Vec<Block<'_>> = Vec::new();
    for finding in findings {
        let mut papers: Vec<&str> = finding.missing.iter().map(|gap| paper(gap, lang)).collect();
        papers.sort_unstable();
        papers.dedup();
        let at = blocks.iter().position(|block| block.papers == papers);
        let at = at.unwrap_or_else(|| {
            blocks.push(Block {
                papers,
                gaps: Vec::new(),
                duties: Vec::new(),
            });
            blocks.len() - 1
        });
        let block = &mut blocks[at];
        block.duties.push(finding);
        for gap in &finding.missing {
            if !block.gaps.iter().any(|known| known.fact == gap.fact) {
                block.gaps.push(gap);
            }
        }
    }
    // Duties that one paper decides come first, in the order of the work; then those that need several.
    blocks.sort_by_key(|block| {
        let place = block.gaps.iter().map(|gap| gap.place).min();
        (block.papers.len(), place.unwrap_or(usize::MAX))
    });
    for mut block in blocks {
        block.gaps.sort_by_key(|gap| gap.place);
        sheet.blank();
        let text = if block.gaps.is_empty() {
            lang.pick("（未能指明）", "(not named)").to_owned()
        } else {
            gaps_text(&block.gaps, lang)
        };
        sheet.field(0, lang.pick("缺少", "missing"), &text);
        for finding in block.duties {
            duty(sheet, finding);
        }
    }
}

/// The duties that wait for the same papers.
struct Block<'a> {
    papers: Vec<&'a str>,
    gaps: Vec<&'a Missing>,
    duties: Vec<&'a Finding>,
}

/// The paper that holds a fact; empty if the vocabulary names none.
fn paper(gap: &Missing, lang: Lang) -> &str {
    gap.form.as_ref().map_or("", |form| form.get(lang))
}

fn duty(sheet: &mut Sheet, finding: &Finding) {
    let lang = sheet.lang();
    let severity = finding.severity.label();
    let title = finding.title.get(lang);
    let section = finding.citations.first().map_or(String::new(), |c| {
        format!("{} {}", c.instrument, c.section_shown().get(lang))
    });
    let mut text = match lang {
        Lang::Zh => format!("〔{}〕{title}  {section}", severity.zh),
        Lang::En => format!("[{}] {title}  {section}", severity.en),
    };
    if let Some(due) = &finding.due {
        let (on, is_reminder) = (due.on, due.is_reminder);
        text.push_str(&match (lang, is_reminder) {
            (Lang::Zh, false) => format!("，期限{on}"),
            (Lang::Zh, true) => format!("，提示日{on}"),
            (Lang::En, false) => format!(", due {on}"),
            (Lang::En, true) => format!(", reminder {on}"),
        });
    }
    let first = format!("{} ", mark(Outcome::Undetermined));
    sheet.hang(2, Tone::Warn, &first, &text);
}

/// The papers in the order of the work, each with the number of duties it would help to decide.
fn papers(sheet: &mut Sheet, findings: &[&Finding]) {
    let lang = sheet.lang();
    // Name, number of duties, and the earliest position of a fact it holds.
    let mut papers: Vec<(&str, usize, usize)> = Vec::new();
    for finding in findings {
        let mut named: Vec<(&str, usize)> = finding
            .missing
            .iter()
            .filter_map(|gap| Some((gap.form.as_ref()?.get(lang), gap.place)))
            .collect();
        named.sort_unstable();
        named.dedup_by_key(|(paper, _)| *paper);
        for (paper, place) in named {
            match papers.iter_mut().find(|(other, ..)| *other == paper) {
                Some((_, n, first)) => {
                    *n += 1;
                    *first = place.min(*first);
                }
                None => papers.push((paper, 1, place)),
            }
        }
    }
    papers.sort_by(|a, b| a.2.cmp(&b.2).then(b.1.cmp(&a.1)).then_with(|| a.0.cmp(b.0)));
    let named: Vec<String> = papers
        .iter()
        .map(|(paper, n, _)| match lang {
            Lang::Zh => format!("{paper}（{n}项）"),
            Lang::En => format!("{paper} ({n})"),
        })
        .collect();
    if !named.is_empty() {
        sheet.items(
            lang.pick("应补材料：", "papers to ask for: "),
            &named,
            lang.pick("、", ", "),
        );
    }
}
