//! Short names: the shortest unique end of a fact's title.

use std::collections::HashMap;
use std::hash::BuildHasherDefault;

use crate::lang::Text;
use crate::vocabulary::{Fact, NameHasher};

/// A single label shorter than this is too vague alone: 签字, 标价.
const TELLING: usize = 4;

/// The number of facts with a name, or with an end of a title.
type Bearers<'t> = HashMap<&'t str, usize, BuildHasherDefault<NameHasher>>;

/// Gives every fact its short name.
pub(super) fn give(facts: &mut [Fact]) {
    // Cases and whole campaigns are never mentioned together: their names need only be unique among each.
    let mut of_cases = Bearers::with_capacity_and_hasher(3 * facts.len(), Default::default());
    let mut of_campaigns = Bearers::default();
    for fact in &*facts {
        let bearers = if fact.across {
            &mut of_campaigns
        } else {
            &mut of_cases
        };
        for end in ends(&fact.title.zh) {
            *bearers.entry(end).or_default() += 1;
        }
    }
    let name = |fact: &Fact| {
        let bearers = if fact.across {
            &of_campaigns
        } else {
            &of_cases
        };
        let (zh, en) = (|| ends(&fact.title.zh), || ends_en(&fact.title.en));
        let depth = zh()
            .enumerate()
            .position(|(depth, end)| {
                bearers.get(end) == Some(&1) && (depth > 0 || end.chars().count() >= TELLING)
            })
            .unwrap_or_else(|| zh().count().saturating_sub(1));
        // The title in the other language may have fewer labels: then use all of it.
        let (zh, en) = (zh().nth(depth), en().nth(depth));
        Text::new(zh.unwrap_or(&fact.title.zh), en.unwrap_or(&fact.title.en))
    };
    let names: Vec<Text> = facts.iter().map(name).collect();
    for (fact, name) in facts.iter_mut().zip(names) {
        fact.name = name;
    }
}

/// Every end of a title that begins with a label: the last label first, the whole title last.
fn ends(title: &str) -> impl Iterator<Item = &str> {
    ends_after(title, title.rmatch_indices('·'))
}

/// Like [`ends`], for a title in English.
fn ends_en(title: &str) -> impl Iterator<Item = &str> {
    ends_after(title, title.rmatch_indices(": "))
}

fn ends_after<'t>(
    title: &'t str,
    separators: impl Iterator<Item = (usize, &'t str)>,
) -> impl Iterator<Item = &'t str> {
    let labels = separators.filter_map(move |(at, separator)| title.get(at + separator.len()..));
    labels.chain([title])
}

#[cfg(test)]
mod tests {
    use super::ends;

    #[test]
    fn the_ends_of_a_title_grow_by_one_label() {
        assert_eq!(
            ends("检验报告·报送省局·寄出日期").collect::<Vec<_>>(),
            [
                "寄出日期",
                "报送省局·寄出日期",
                "检验报告·报送省局·寄出日期"
            ]
        );
        assert_eq!(ends("案卷完整").collect::<Vec<_>>(), ["案卷完整"]);
    }
}
