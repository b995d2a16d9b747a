//! Short names: the shortest end of a fact's title that names it and no other.

use std::collections::HashMap;

use crate::lang::Text;
use crate::vocabulary::Fact;

/// A single label shorter than this says too little by itself: 签字, 标价.
const TELLING: usize = 4;

/// Gives every fact its short name.
pub(super) fn give(facts: &mut [Fact]) {
    // Cases and whole campaigns are not spoken of in one breath: a name need not tell one's facts from the other's.
    let mut bearers: HashMap<(bool, String), usize> = HashMap::new();
    for fact in &*facts {
        for end in ends(&fact.title.zh, "·") {
            *bearers.entry((fact.across, end.to_owned())).or_default() += 1;
        }
    }
    for fact in facts {
        let zh = ends(&fact.title.zh, "·");
        let depth = zh
            .iter()
            .enumerate()
            .position(|(depth, end)| {
                bearers.get(&(fact.across, (*end).to_owned())) == Some(&1)
                    && (depth > 0 || end.chars().count() >= TELLING)
            })
            .unwrap_or(zh.len().saturating_sub(1));
        let en = ends(&fact.title.en, ": ");
        let pick = |ends: &[&str]| {
            ends.get(depth)
                .or(ends.last())
                .copied()
                .unwrap_or_default()
                .to_owned()
        };
        fact.name = Text::new(pick(&zh), pick(&en));
    }
}

/// Every end of a title that begins with a label: the last label first, the whole title last.
fn ends<'t>(title: &'t str, separator: &str) -> Vec<&'t str> {
    let mut ends: Vec<&str> = title
        .rmatch_indices(separator)
        .filter_map(|(at, _)| title.get(at + separator.len()..))
        .collect();
    ends.push(title);
    ends
}

#[cfg(test)]
mod tests {
    use super::ends;

    #[test]
    fn the_ends_of_a_title_grow_by_one_label() {
        assert_eq!(
            ends("检验报告·报送省局·寄出日期", "·"),
            [
                "寄出日期",
                "报送省局·寄出日期",
                "检验报告·报送省局·寄出日期"
            ]
        );
        assert_eq!(ends("案卷完整", "·"), ["案卷完整"]);
    }
}
