//! Every kind of diagnostic, with its stable code and what it means.

use super::Level;
use crate::lang::Text;

macro_rules! codes {
    ($($(#[$section:meta])* $name:ident = $code:literal, $level:ident, $zh:literal, $en:literal;)*) => {
        /// A kind of diagnostic. The code is stable: tests and scripts may rely on it.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Code {
            $(#[doc = $en] $name,)*
        }

        impl Code {
            /// Every kind, in the order declared.
            pub const ALL: &[Code] = &[$(Code::$name),*];

            /// The stable code: `area/what-is-wrong`.
            #[must_use]
            pub fn code(self) -> &'static str {
                match self { $(Code::$name => $code,)* }
            }

            /// The level a diagnostic of this kind usually has.
            #[must_use]
            pub fn level(self) -> Level {
                match self { $(Code::$name => Level::$level,)* }
            }

            /// What this kind of diagnostic means.
            #[must_use]
            pub fn meaning(self) -> Text {
                match self { $(Code::$name => Text::new($zh, $en),)* }
            }
        }
    };
}

codes! {
    // Inputs that cannot be read.
    InputUnreadable = "input/unreadable", Error, "文件无法读取。", "The file cannot be read.";
    InputTooLarge = "input/too-large", Error, "文件超过单个案卷的大小上限。", "The file is larger than one dossier may be.";
    InputEmpty = "input/empty", Error, "文件为空。", "The file is empty.";
    InputEncoding = "input/encoding", Error, "文件编码无法识别。", "The file's encoding is not recognised.";
    InputRecoded = "input/recoded", Note, "文件不是 UTF-8，已按 GB18030 解码。", "The file is not UTF-8; it was decoded as GB18030.";
    InputKind = "input/kind", Error, "文件类型不受支持。", "The file is of a kind that is not supported.";
    InputSyntax = "input/syntax", Error, "文件不是合法的 YAML 或 JSON。", "The file is not well-formed YAML or JSON.";
    InputTooDeep = "input/too-deep", Error, "文件嵌套过深或别名展开过大。", "The file nests too deeply or its aliases expand too far.";

    // Records.
    RecordUnknownKey = "record/unknown-key", Error, "数据字典中没有这一项。", "The vocabulary has no such key.";
    RecordDuplicateKey = "record/duplicate-key", Error, "同一项重复填写。", "The same key is given twice.";
    RecordWrongType = "record/wrong-type", Error, "值的类型与数据字典不符。", "The value is not of the type the vocabulary declares.";
    RecordImpossibleDate = "record/impossible-date", Error, "日期不存在或写法不合规范。", "The date does not exist or is not written as a date.";
    RecordDateOutOfReason = "record/date-out-of-reason", Error, "日期超出合理范围。", "The date is far outside reason.";
    RecordUnknownValue = "record/unknown-value", Error, "枚举中没有这一值。", "The enum has no such value.";
    RecordOutOfRange = "record/out-of-range", Error, "数值超出允许范围。", "The number is outside the limits the vocabulary declares.";
    RecordContradiction = "record/contradiction", Warning, "记录自相矛盾。", "The record contradicts itself.";
    RecordBackwards = "record/backwards", Warning, "日期先后顺序颠倒。", "Dates run backwards.";

    // The vocabulary.
    VocabularyInvalid = "vocabulary/invalid", Error, "数据字典有误。", "The vocabulary is invalid.";

    // The calendar.
    CalendarInvalid = "calendar/invalid", Error, "日历数据有误。", "The calendar is invalid.";

    // The obligation graph.
    GraphDanglingId = "graph/dangling-id", Error, "所指的编号不存在。", "The id named does not exist.";
    GraphWrongKind = "graph/wrong-kind", Error, "所指的编号不是此处所需的一类。", "The id named is not of the kind needed here.";
    GraphDuplicateId = "graph/duplicate-id", Error, "同一编号重复使用。", "The same id is declared twice.";
    GraphCycle = "graph/cycle", Error, "规则相互依赖，形成循环。", "Rules depend on each other in a cycle.";
    GraphNotIncluded = "graph/not-included", Error, "所细化的义务不在所包含的规则集中。", "The obligation refined is not in an included rule set.";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_is_unique_and_explained_in_both_languages() {
        let mut seen = std::collections::BTreeSet::new();
        for code in Code::ALL {
            assert!(seen.insert(code.code()), "{}", code.code());
            assert!(!code.meaning().zh.is_empty() && !code.meaning().en.is_empty());
        }
    }
}
