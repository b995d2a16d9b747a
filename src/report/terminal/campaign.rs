//! The audit of a campaign and across its cases, for the terminal.

use super::super::sheet::Sheet;
use super::{Cases, Options, totals};
use crate::audit::Outcome;
use crate::campaign::{CampaignAudit, CaseRef, GroupAudit};
use crate::diagnostic;
use crate::layout::Tone;
use crate::text;

/// How many cases of a group are named where not everything is asked for.
const NAMED: usize = 20;

/// The report of a campaign as text, ending in a line break: what was found of it and across its cases, those groups first
/// that come first in the cases, and how many groups there were of each kind.
#[must_use]
pub fn render_campaign(audit: &CampaignAudit, options: &Options) -> String {
    let mut sheet = Sheet::new(options.style);
    let lang = sheet.lang();
    let (n, id, title) = (audit.cases, &audit.ruleset, &audit.ruleset_title);
    let heading = text!(
        "【跨案审查】{}（{id}），{n}个案卷",
        "ACROSS CASES: {} ({id}), {n} cases"; title
    );
    sheet.heading(Tone::Strong, heading.get(lang));
    for group in audit.shown() {
        one(&mut sheet, group, options);
    }
    for scope in audit.scopes.iter().filter(|scope| scope.groups > 0) {
        let (groups, label) = (scope.groups, &scope.label);
        let mut counts = [0; 8];
        for tally in &scope.tallies {
            for (sum, n) in counts.iter_mut().zip(&tally.outcomes) {
                *sum += n;
            }
        }
        sheet.blank();
        let text = text!("按{}归集：{groups}组", "By {}: {groups} groups"; label);
        sheet.para(0, text.get(lang));
        totals(&mut sheet, counts.iter().sum(), &counts);
    }
    sheet.finish()
}

fn one(sheet: &mut Sheet, group: &GroupAudit, options: &Options) {
    let lang = sheet.lang();
    sheet.blank();
    let n = group.cases.len();
    let text = text!("{}：{}（{n}个案卷）", "{}: {} ({n} cases)"; group.label, group.key);
    let text = sheet.paint.paint(Tone::Strong, text.get(lang));
    sheet.line(0, &text);
    if !group.cases.is_empty() {
        let shown = if options.all { n } else { n.min(NAMED) };
        let mut names: Vec<String> = group.cases.iter().take(shown).map(named).collect();
        if shown < n {
            let left = n - shown;
            let more = text!("另{left}个", "{left} more");
            names.push(more.get(lang).to_owned());
        }
        sheet.items(
            lang.pick("案卷：", "cases: "),
            &names,
            lang.pick("、", ", "),
        );
    }
    if !group.audit.diagnostics.is_empty() {
        let text = diagnostic::render_all(&group.audit.diagnostics, sheet.style);
        for line in text.lines() {
            sheet.line(0, line);
        }
    }
    let open = |outcome: &Outcome| group.audit.count(*outcome) > 0;
    if options.all || Outcome::ALL.iter().any(open) {
        Cases::new(&group.audit, options).render(sheet);
    }
}

/// A case by its number and place, or by its place alone.
fn named(case: &CaseRef) -> String {
    match &case.number {
        Some(number) => format!("{number}（{}）", case.place),
        None => case.place.clone(),
    }
}
