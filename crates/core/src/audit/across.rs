//! Which facts a finding across cases shows.

use std::collections::HashSet;

use super::facts::resolve;
use crate::record::Settled;
use crate::value::Value;
use crate::vocabulary::Vocabulary;

/// The facts worth showing of those that decide a finding. Leaves out the facts the cases are gathered by, which stand
/// above the findings; the numbers of cases and plan rows, where some of these are named; and plan rows for products
/// other than those of the group and of the named cases.
pub(super) fn relevant(
    vocabulary: &Vocabulary,
    settled: &Settled,
    facts: Vec<String>,
) -> Vec<String> {
    let is_across = |path: &String| {
        let head = path.split(['.', '[']).next();
        matches!(head, Some("cases" | "plan" | "group"))
    };
    if vocabulary.across().is_none() || !facts.iter().any(is_across) {
        return facts;
    }
    let text = |path: &str| match resolve(vocabulary, settled, path) {
        Some((_, Value::Text(text))) => Some(text.clone()),
        _ => None,
    };
    let rows = |list: &str| -> HashSet<String> {
        let of_list = facts.iter().filter_map(|path| row_of(path, list));
        of_list.map(str::to_owned).collect()
    };
    let (cases, plan) = (rows("cases["), rows("plan["));
    let products: HashSet<_> = cases
        .iter()
        .map(|row| format!("{row}.product"))
        .chain(["group.product".to_owned()])
        .filter_map(|path| text(&path))
        .collect();
    let speaks = |row: &str| {
        products.is_empty()
            || text(&format!("{row}.product")).is_none_or(|name| products.contains(&name))
    };
    let kept: HashSet<String> = plan.into_iter().filter(|row| speaks(row)).collect();
    let is_relevant = |path: &String| match (path.as_str(), row_of(path, "plan[")) {
        (_, Some(row)) => kept.contains(row),
        ("cases", None) => cases.is_empty(),
        ("plan", None) => kept.is_empty(),
        (path, None) => !path.starts_with("group."),
    };
    facts
        .iter()
        .filter(|path| is_relevant(path))
        .cloned()
        .collect()
}

/// The row of the given list that a path leads through: `cases[3]`.
fn row_of<'p>(path: &'p str, list: &str) -> Option<&'p str> {
    let rest = path.strip_prefix(list)?;
    let end = rest.find(']')?;
    path.get(..list.len() + end + 1)
}
