//! Reports cases gathered under similar names that may belong together.

use std::collections::BTreeMap;

use super::gather::Key;
use choucha_core::diagnostic::{Code, Diagnostic};
use choucha_core::lang::Text;
use choucha_core::obligation::RuleSetId;
use choucha_core::text;
use choucha_core::value::Value;
use choucha_core::value::naming::{near_key, nearly_same};

/// The most names of one scope that are compared.
const MOST: usize = 20_000;

/// The most similar-sounding names that are compared with each other.
const MOST_ALIKE: usize = 100;

/// The most pairs that a message lists.
const LISTED: usize = 6;

/// The names by which the groups of a scope are gathered.
#[derive(Debug, Default)]
pub(super) struct Names {
    /// By the key that similar names share.
    alike: BTreeMap<String, Vec<Box<str>>>,
    count: usize,
}

impl Names {
    /// Notes the people and organisations of a key that have no identifier.
    pub(super) fn note(&mut self, key: &Key) {
        for (_, value) in &key.0 {
            let Value::Party(party) = value else {
                continue;
            };
            if party.id.is_none() && self.count < MOST {
                let known = self.alike.entry(near_key(&party.name)).or_default();
                if !known.contains(&party.name) {
                    known.push(party.name.clone());
                    self.count += 1;
                }
            }
        }
    }

    /// The diagnostic for names that may refer to the same party.
    pub(super) fn to_diagnostic(&self, by: &Text, set: &RuleSetId) -> Option<Diagnostic> {
        let mut pairs: Vec<(&str, &str)> = Vec::new();
        let some = self
            .alike
            .values()
            .filter(|names| (2..=MOST_ALIKE).contains(&names.len()));
        for names in some {
            for (at, one) in names.iter().enumerate() {
                let near = names
                    .iter()
                    .skip(at + 1)
                    .filter(|other| nearly_same(one, other));
                pairs.extend(near.map(|other| (&**one, &**other)));
            }
        }
        if pairs.is_empty() {
            return None;
        }
        let count = pairs.len();
        let list = |open: &str, between: &str, separator: &str| {
            let shown = pairs.iter().take(LISTED);
            let shown = shown.map(|(one, other)| format!("{open}{one}{between}{other}”"));
            shown.collect::<Vec<_>>().join(separator)
        };
        let (zh, en) = (list("“", "”与“", "、"), list("“", "” and “", ", "));
        let diagnostic = Diagnostic::new(
            Code::CampaignNearNames,
            text!(
                "按{}归集的名称有{count}对相近：{zh}",
                "of the names gathered by {}, {count} pairs are nearly the same: {en}";
                by
            ),
        );
        Some(
            diagnostic
                .about(set.0.as_str())
                .why(Text::new(
                    "没有合并：是否同一由人工核实，按同一归集的结果可能不同",
                    "they were not joined: whether they are one is for a person to check, and would change what was gathered",
                ))
                .help(Text::new(
                    "是同一的，统一名称或者写上编号后重新审查",
                    "if they are one, write one name, or its number, and audit again",
                )),
        )
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use choucha_core::value::{Party, SlotId};

    #[test]
    fn names_that_may_be_one_are_said_to_be_so_and_others_are_not() {
        let mut names = Names::default();
        for name in [
            "榆次区市场监督管理局",
            "太谷区市场监督管理局",
            "晋中市榆次区市场监督管理局",
            "榆次区市场监督管理局",
        ] {
            names.note(&Key(vec![(
                SlotId(0),
                Value::Party(Arc::new(Party::named(name))),
            )]));
        }
        let by = Text::new("区县局", "county bureau");
        let found = names.to_diagnostic(&by, &RuleSetId("x".into())).unwrap();
        assert!(found.message.zh.contains("1对相近"), "{}", found.message.zh);
        assert!(
            found
                .message
                .zh
                .contains("“榆次区市场监督管理局”与“晋中市榆次区市场监督管理局”")
        );
    }
}
