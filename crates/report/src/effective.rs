//! The duties in force on a day, on the terminal.

use super::sheet::Sheet;
use choucha_core::compare::{Change, Class};
use choucha_core::diagnostic::Style;
use choucha_core::effective::{Effective, EffectiveDuty, Refined, Standing};
use choucha_core::lang::Text;
use choucha_core::layout::Tone;
use choucha_core::obligation::{Citation, Force, Obligation, Requirement, RuleSet};
use choucha_core::text;
use choucha_core::value::Day;
use choucha_core::vocabulary::Vocabulary;

/// The effective set: its layers with their dates, then every duty with the layers of its parts.
#[must_use]
pub fn render_effective(
    effective: &Effective<'_>,
    day: Day,
    vocabulary: &Vocabulary,
    style: Style,
) -> String {
    let mut sheet = Sheet::new(style);
    let lang = sheet.lang();
    let (set, duties) = (effective.ruleset, effective.duties());
    let (title, id) = (set.title.get(lang), &set.id);
    let heading = text!(
        "{title}（{id}）在{day}有效的义务",
        "{title} ({id}): duties in force on {day}"
    );
    sheet.heading(Tone::Strong, heading.get(lang));
    for (set, force) in &effective.layers {
        layer(&mut sheet, set, *force);
    }
    let count = |standing| EffectiveDuty::count(&duties, standing);
    let (own, refines) = (count(Standing::Own), count(Standing::Refines));
    let (inherited, beside) = (count(Standing::Inherited), count(Standing::Beside));
    let all = duties.len();
    let summary = text!(
        "共{all}项：自行规定{own}项，细化上位义务{refines}项，沿用上位义务{inherited}项，与细化规定并存的上位义务{beside}项",
        "{all}: {own} of its own, {refines} that refine a duty above, {inherited} from above, {beside} from above that stand beside what refines them"
    );
    sheet.field(0, lang.pick("义务", "duties"), summary.get(lang));
    let mut last = None;
    for duty in &duties {
        let ruleset = &duty.obligation.ruleset;
        if last != Some(ruleset) {
            let title = format!("【{ruleset}】");
            sheet.heading(Tone::Strong, &title);
            last = Some(ruleset);
        }
        show(&mut sheet, duty, vocabulary);
    }
    sheet.finish()
}

/// A layer with its dates.
fn layer(sheet: &mut Sheet, set: &RuleSet, force: Force) {
    let lang = sheet.lang();
    let (id, number) = (&set.id, &set.instrument);
    let force = match force {
        Force::InForce => Text::new("有效", "in force"),
        Force::NotYet(from) => text!("尚未生效，自{from}起", "not yet in force, from {from}"),
        Force::Ended(until) => text!("已失效，至{until}止", "no longer in force, until {until}"),
    };
    let from = set.from.map(|day| day.to_string()).unwrap_or_default();
    let until = set.until.map(|day| day.to_string()).unwrap_or_default();
    let dates = match (from.as_str(), until.as_str()) {
        ("", "") => Text::new("没有起止日期", "no dates"),
        (from, "") => text!("{from}起", "from {from}"),
        ("", until) => text!("至{until}", "until {until}"),
        (from, until) => text!("{from}至{until}", "{from} to {until}"),
    };
    let line = text!("{id}  {number}，{}：{}", "{id}  {number}, {}: {}"; dates, force);
    sheet.field(0, lang.pick("层级", "layer"), line.get(lang));
}

fn show(sheet: &mut Sheet, found: &EffectiveDuty<'_>, vocabulary: &Vocabulary) {
    let lang = sheet.lang();
    let duty = found.obligation;
    sheet.hang(
        0,
        Tone::Strong,
        "- ",
        &format!("{}  {}", duty.title.get(lang), duty.id),
    );
    for cited in own_citations(duty, &found.refined) {
        sheet.faint(4, &quote(cited));
    }
    for refined in &found.refined {
        refinement(sheet, refined, vocabulary);
    }
    if found.standing == Standing::Beside {
        let ids: Vec<String> = found
            .refined_by
            .iter()
            .map(|duty| duty.id.to_string())
            .collect();
        let ids = ids.join(lang.pick("、", ", "));
        let line = text!(
            "与 {ids} 并存：细化规定不能证明不低于本项",
            "stands beside {ids}, which is not shown to demand as much"
        );
        sheet.para(2, line.get(lang));
    }
    if found.refined.is_empty() {
        return;
    }
    if let Requirement::Parts(parts) = &duty.requirement {
        for (part, layers) in parts.iter().zip(&found.parts) {
            let layers: Vec<&str> = layers.iter().map(|set| set.id.0.as_str()).collect();
            let (title, layers) = (part.title.get(lang), layers.join(lang.pick("、", ", ")));
            sheet.hang(4, Tone::Faint, "· ", &format!("{title}  [{layers}]"));
        }
    }
}

fn refinement(sheet: &mut Sheet, refined: &Refined<'_>, vocabulary: &Vocabulary) {
    let lang = sheet.lang();
    let (id, class) = (&refined.higher.id, refined.comparison.class().label());
    let kept = if refined.replaced {
        Text::new("由本项代替", "replaced by this")
    } else {
        Text::new("仍然有效，并存", "stays in force beside it")
    };
    let line = text!("{id}（{}；{}）", "{id} ({}; {})"; class, kept);
    sheet.field(2, lang.pick("细化", "refines"), line.get(lang));
    if let Some(cited) = refined.higher.citations.first() {
        sheet.faint(4, &quote(cited));
    }
    for change in &refined.comparison.changes {
        let (tone, text) = difference(change, vocabulary, vocabulary);
        sheet.hang(4, tone, "± ", text.get(lang));
    }
}

/// A difference in one line, and its tone: `要求更高：… → …`.
pub(super) fn difference(change: &Change, before: &Vocabulary, after: &Vocabulary) -> (Tone, Text) {
    let tone = match change.class {
        Class::Tightened | Class::Same => Tone::Good,
        Class::Relaxed => Tone::Bad,
        Class::Differs => Tone::Strong,
    };
    let title = change.title();
    let (old, new) = (change.higher_text(before), change.lower_text(after));
    (tone, text!("{}：{} → {}", "{}: {} → {}"; title, old, new))
}

/// The citations of a duty that the duties it refines do not have.
fn own_citations<'a>(duty: &'a Obligation, refined: &[Refined<'_>]) -> Vec<&'a Citation> {
    let above = |cited: &Citation| {
        let mut all = refined
            .iter()
            .flat_map(|refined| refined.higher.all_citations());
        all.any(|other| {
            (&other.instrument, &other.section, &other.quote)
                == (&cited.instrument, &cited.section, &cited.quote)
        })
    };
    duty.all_citations().filter(|cited| !above(cited)).collect()
}

/// `文号 条款：“原文”`.
pub(super) fn quote(cited: &Citation) -> String {
    format!("{} {} “{}”", cited.instrument, cited.section, cited.quote)
}
