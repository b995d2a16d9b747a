//! The mistakes in expressions that scripts build, one variant each.

use crate::lang::Text;
use crate::text;

use super::{MAX_DEPTH, MAX_SIZE};

/// A mistake in an expression.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BuildError {
    /// The vocabulary has no fact at this path.
    #[error("the vocabulary has no fact `{path}`")]
    UnknownFact {
        /// The path as written.
        path: String,
        /// The path most likely meant.
        nearest: Option<String>,
    },
    /// The path leads into a list of groups, which may have any number of rows.
    #[error("`{path}` lies inside the list of groups `{list}`")]
    InsideList {
        /// The path as written.
        path: String,
        /// The path of the list.
        list: String,
        /// The rest of the path, from a row of the list.
        field: String,
    },
    /// The path leads to a group, not to a fact.
    #[error("`{path}` is a group of facts, not a fact")]
    GroupNotFact {
        /// The path as written.
        path: String,
        /// One of its facts, relative to the group.
        holds: Option<String>,
    },
    /// The rows of the list have no such fact.
    #[error("the rows of `{list}` have no fact `{code}`")]
    UnknownField {
        /// The path of the list.
        list: String,
        /// The code as written.
        code: String,
        /// The code most likely meant.
        nearest: Option<String>,
    },
    /// A field is read from something that is not a row.
    #[error("a field can only be taken of a row, not of {}", .ty.en)]
    NotARow {
        /// Its type.
        ty: Text,
    },
    /// The enum has no such value.
    #[error("enum `{enumeration}` has no value `{value}`")]
    UnknownValue {
        /// The value as written.
        value: String,
        /// The code of the enum.
        enumeration: String,
        /// The code or label most likely meant.
        nearest: Option<String>,
        /// Every code, separated by commas.
        values: String,
    },
    /// A text stands where a date is required, but is not a date.
    #[error("`{text}` is not a date")]
    NotADate {
        /// The text.
        text: String,
    },
    /// The types of the two sides cannot be compared or combined.
    #[error("{} cannot be compared with {}", .left.en, .right.en)]
    UnlikeTypes {
        /// The type of the left side.
        left: Text,
        /// The type of the right side.
        right: Text,
    },
    /// The type has no order.
    #[error("{} has no order", .ty.en)]
    NoOrder {
        /// The type.
        ty: Text,
    },
    /// A condition is required.
    #[error("a condition is needed here, not {}", .ty.en)]
    NotACondition {
        /// The type given.
        ty: Text,
    },
    /// A list is required.
    #[error("a list is needed here, not {}", .ty.en)]
    NotAList {
        /// The type given.
        ty: Text,
    },
    /// A list of groups is required.
    #[error("a list of groups is needed here, not {}", .ty.en)]
    NotGroups {
        /// The type given.
        ty: Text,
    },
    /// A number is required.
    #[error("a number is needed here, not {}", .ty.en)]
    NotANumber {
        /// The type given.
        ty: Text,
    },
    /// A date is required.
    #[error("a date is needed here, not {}", .ty.en)]
    NotADay {
        /// The type given.
        ty: Text,
    },
    /// A recorded fact is required.
    #[error("only a recorded fact can be present or absent, not {}", .ty.en)]
    NotAFact {
        /// The type given.
        ty: Text,
    },
    /// Both sides are constants.
    #[error("two constants are compared or computed; no fact is read")]
    Constants,
    /// A row stands where one of its facts is required.
    #[error("a row is not a value; take one of its facts")]
    WholeRow,
    /// A list is compared as a whole.
    #[error("a list cannot be compared as a whole")]
    WholeList,
    /// The list of literals or conditions is empty.
    #[error("nothing is listed")]
    Empty,
    /// The expression has too many nodes.
    #[error("the expression is too large: it has more than {MAX_SIZE} parts")]
    TooLarge,
    /// The expression is nested too deeply.
    #[error("the expression nests more than {MAX_DEPTH} levels deep")]
    TooDeep,
    /// A row is read outside the closure it was passed to.
    #[error("`{path}` is read of a row outside the closure that has the row")]
    LooseRow {
        /// The path of the fact read.
        path: String,
    },
}

impl BuildError {
    /// What is wrong, in one line, with the user's words in backticks.
    #[must_use]
    pub fn message(&self) -> Text {
        let zh = match self {
            BuildError::UnknownFact { path, .. } => format!("数据字典中没有事实 `{path}`"),
            BuildError::InsideList { path, list, .. } => {
                format!("`{path}` 在多项列表 `{list}` 之内，不能直接读取")
            }
            BuildError::GroupNotFact { path, .. } => format!("`{path}` 是一组事实，不是单个事实"),
            BuildError::UnknownField { list, code, .. } => {
                format!("`{list}` 的各项中没有事实 `{code}`")
            }
            BuildError::NotARow { ty } => {
                format!("只有列表中的一项才能取其事实，此处是{}", ty.zh)
            }
            BuildError::UnknownValue {
                value, enumeration, ..
            } => format!("枚举 `{enumeration}` 中没有值 `{value}`"),
            BuildError::NotADate { text } => format!("`{text}` 不是日期"),
            BuildError::UnlikeTypes { left, right } => {
                format!("{}不能与{}比较或运算", left.zh, right.zh)
            }
            BuildError::NoOrder { ty } => format!("{}没有大小先后之分", ty.zh),
            BuildError::NotACondition { ty } => format!("此处需要条件，而这是{}", ty.zh),
            BuildError::NotAList { ty } => format!("此处需要列表，而这是{}", ty.zh),
            BuildError::NotGroups { ty } => format!("此处需要多项列表，而这是{}", ty.zh),
            BuildError::NotANumber { ty } => format!("此处需要数值，而这是{}", ty.zh),
            BuildError::NotADay { ty } => format!("此处需要日期，而这是{}", ty.zh),
            BuildError::NotAFact { ty } => format!("只有所记载的事实才有有无之分，而这是{}", ty.zh),
            BuildError::Constants => "比较或运算的两边都是常量，没有读取任何事实".into(),
            BuildError::WholeRow => "一整项不是值，应取其中的事实".into(),
            BuildError::WholeList => "列表不能整体比较".into(),
            BuildError::Empty => "括号内没有任何内容".into(),
            BuildError::TooLarge => format!("表达式过大：超过 {MAX_SIZE} 个组成部分"),
            BuildError::TooDeep => format!("表达式嵌套过深：超过 {MAX_DEPTH} 层"),
            BuildError::LooseRow { path } => {
                format!("`{path}` 所属的那一项只能在其闭包之内读取")
            }
        };
        Text::new(zh, self.to_string())
    }

    /// How to fix it, if there is advice.
    #[must_use]
    pub fn help(&self) -> Option<Text> {
        Some(match self {
            BuildError::UnknownFact { nearest, .. }
            | BuildError::UnknownField { nearest, .. }
            | BuildError::UnknownValue { nearest, .. } => {
                let nearest = nearest.as_ref()?;
                text!("是否应为 `{nearest}`？", "did you mean `{nearest}`?")
            }
            BuildError::InsideList { list, field, .. } => text!(
                "写作 fact(\"{list}\").any(|x| x.fact(\"{field}\") …) 或 .all(…)",
                "write fact(\"{list}\").any(|x| x.fact(\"{field}\") …) or .all(…)"
            ),
            BuildError::GroupNotFact { path, holds } => {
                let holds = holds.as_ref()?;
                text!("例如 `{path}.{holds}`", "for instance `{path}.{holds}`")
            }
            BuildError::NotADate { .. } => Text::new(
                "写作 date(\"2024-03-01\")，须为日历上存在的日期",
                "write date(\"2024-03-01\"), a day that exists",
            ),
            BuildError::NotACondition { .. } => Text::new(
                "用 ==、<、in、.present() 等写成条件",
                "make it a condition with ==, <, in, .present() …",
            ),
            BuildError::NotGroups { .. } => Text::new(
                "普通列表用 .contains(…)、.count()、.disjoint(…)、.subset_of(…)",
                "a plain list has .contains(…), .count(), .disjoint(…), .subset_of(…)",
            ),
            BuildError::WholeRow | BuildError::NotARow { .. } => Text::new(
                "写作 x.fact(\"…\")，x 为闭包的参数",
                "write x.fact(\"…\"), where x is the closure's parameter",
            ),
            BuildError::WholeList => Text::new(
                "用 .contains(…)、.contains_all([…])、.subset_of(…)、.disjoint(…) 或 .count()",
                "use .contains(…), .contains_all([…]), .subset_of(…), .disjoint(…) or .count()",
            ),
            BuildError::TooLarge | BuildError::TooDeep => Text::new(
                "拆成若干义务或若干部分；检查是否在循环中不断嵌套",
                "split it into several obligations or parts; look for nesting in a loop",
            ),
            BuildError::LooseRow { .. } => Text::new(
                "在 .any(|x| …)、.all(|x| …)、.count(|x| …)、.sum(|x| …) 的闭包之内使用该项",
                "use the row inside the closure of .any(|x| …), .all(|x| …), .count(|x| …) or .sum(|x| …)",
            ),
            _ => return None,
        })
    }

    /// Why it is a mistake, unless the message already says so.
    #[must_use]
    pub fn why(&self) -> Option<Text> {
        Some(match self {
            BuildError::InsideList { list, .. } => text!(
                "`{list}` 可有任意多项，须说明是每一项、至少一项还是几项",
                "`{list}` may have any number of rows; say whether every one, at least one or how many are meant"
            ),
            BuildError::UnknownValue { values, .. } => {
                text!("可用的值：{values}", "its values: {values}")
            }
            BuildError::NoOrder { .. } => Text::new(
                "只有整数、小数、日期和日期时间可比较大小先后",
                "only whole numbers, decimals, dates and date-times are ordered",
            ),
            BuildError::UnlikeTypes { .. } => Text::new(
                "类型不同的值永不相等，这样的条件恒为假",
                "values of unlike types are never equal, so the condition would always be false",
            ),
            BuildError::Constants => Text::new(
                "这样的条件与案卷无关，恒为真或恒为假",
                "such a condition has nothing to do with the record: it is always true or always false",
            ),
            BuildError::Empty => Text::new(
                "空的 all 恒为真，空的 any 恒为假",
                "an empty `all` is always true, an empty `any` always false",
            ),
            _ => return None,
        })
    }
}
