//! The audit of a campaign and across its cases, for the terminal.

use super::super::sheet::Sheet;
use super::{Cases, Options, totals};
use choucha_core::audit::Outcome;
use choucha_core::diagnostic;
use choucha_core::lang::Text;
use choucha_core::layout::Tone;
use choucha_core::obligation::Scope;
use choucha_core::text;
use choucha_run::campaign::{CampaignAudit, CaseRef, GroupAudit};

/// How many cases of a group are named, unless everything is requested.
const NAMED: usize = 20;

/// The report of a campaign as text, ending in a line break: the findings on it and across its cases, groups in the order
/// of their first case, and the number of groups of each kind.
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
        sheet.blank();
        let text = text!("按{}归集：{groups}组", "By {}: {groups} groups"; label);
        sheet.para(0, text.get(lang));
        totals(&mut sheet, &scope.tally());
    }
    sheet.finish()
}

fn one(sheet: &mut Sheet, group: &GroupAudit, options: &Options) {
    let lang = sheet.lang();
    sheet.blank();
    let n = group.cases.len();
    let number = match n {
        1 => Text::new("1个案卷", "1 case"),
        n => text!("{n}个案卷", "{n} cases"),
    };
    let text = text!("{}：{}（{}）", "{}: {} ({})"; group.label, group.key, number);
    // What the group shares was written by somebody: a name of an organisation may hold anything.
    sheet.strong(text.get(lang));
    // The whole campaign has every case; the findings name those that matter.
    if options.all || group.scope != Scope::Campaign {
        cases(sheet, group, options);
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

/// The cases of a group; names the file of their places once.
fn cases(sheet: &mut Sheet, group: &GroupAudit, options: &Options) {
    let (lang, n) = (sheet.lang(), group.cases.len());
    if n == 0 {
        return;
    }
    let file = file_of_all(&group.cases);
    let shown = if options.all { n } else { n.min(NAMED) };
    let mut names: Vec<String> = group
        .cases
        .iter()
        .take(shown)
        .map(|case| named(case, file.len()).get(lang).to_owned())
        .collect();
    if shown < n {
        let left = n - shown;
        let more = text!("另{left}个", "{left} more");
        names.push(more.get(lang).to_owned());
    }
    let file = file.trim_end_matches([':', '/']);
    if !file.is_empty() {
        let text = text!("所在文件：{file}", "in {file}");
        sheet.para(0, text.get(lang));
    }
    sheet.items(
        lang.pick("案卷：", "cases: "),
        &names,
        lang.pick("、", ", "),
    );
}

/// The common beginning of the places of all cases: a file and its colon, or a folder and its slash.
fn file_of_all(cases: &[CaseRef]) -> &str {
    let Some(first) = cases.first() else {
        return "";
    };
    let mut ends = first.place.rmatch_indices([':', '/']);
    // The file of `book.xlsx:sheet!A4` and `cases.ndjson:17`, the folder of `folder/a.yaml`.
    let begun = ends.find_map(|(at, _)| {
        let begun = first.place.get(..=at)?;
        let all = cases.iter().all(|case| case.place.starts_with(begun));
        all.then_some(begun)
    });
    begun.filter(|_| cases.len() > 1).unwrap_or_default()
}

/// A case by its number and place, or by its place alone; `without`: bytes to leave out at the beginning of the place.
fn named(case: &CaseRef, without: usize) -> Text {
    let place = case.place.get(without..).unwrap_or(&case.place);
    match &case.number {
        Some(number) => text!("{number}（{place}）", "{number} ({place})"),
        None => Text::same(place),
    }
}
