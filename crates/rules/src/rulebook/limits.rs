//! The limits of scripts, and the messages when one is reached.
//!
//! The limits are far above what a notice of a hundred duties needs (some 20,000 operations, 3,000 expressions), and
//! low enough that no script delays a load noticeably or fills the memory.

use rhai::Engine;

use choucha_core::lang::Text;
use choucha_core::text;

/// The most files in a rules folder.
pub(super) const MAX_FILES: usize = 4_000;
/// The most bytes of one file.
pub(super) const MAX_FILE_BYTES: u64 = 1 << 20;
/// The most bytes of all files together.
pub(super) const MAX_TOTAL_BYTES: u64 = 32 << 20;
/// The most levels of folders.
pub(super) const MAX_FOLDER_DEPTH: usize = 8;

/// The most operations the scripts of one rule set may run, modules included.
pub(super) const MAX_OPERATIONS: u64 = 300_000;
/// The most expressions one rule set may build.
pub(super) const MAX_EXPRESSIONS: u32 = 200_000;
/// The most obligations, stages and exceptions of one rule set.
pub(super) const MAX_DECLARATIONS: usize = 2_000;
/// The most diagnostics of one rule set; after these its scripts are stopped.
pub(super) const MAX_DIAGNOSTICS: usize = 100;
/// The most values a rule set may print.
pub(super) const MAX_PRINTS: usize = 20;
/// The most characters of a quote.
pub(super) const MAX_QUOTE: usize = 2_000;

const MAX_CALL_LEVELS: usize = 24;
const MAX_EXPRESSION_DEPTH: usize = 64;
const MAX_VARIABLES: usize = 400;
const MAX_FUNCTIONS: usize = 400;
const MAX_MODULES: usize = 64;
const MAX_STRING_BYTES: usize = 32 << 10;
const MAX_ARRAY_ITEMS: usize = 1_000;
const MAX_MAP_ITEMS: usize = 500;

/// The stack size for scripts. Rhai recurses for every level of an expression and of a call, and for every level of
/// nesting in a value; within the limits the deepest of these takes less than 8 MiB even without optimisation. Only
/// pages in use are allocated.
pub(super) const STACK_BYTES: usize = 64 << 20;

/// Why the scripts of a rule set were stopped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stop {
    /// Too many operations.
    Operations,
    /// Too many expressions.
    Expressions,
    /// Too many declarations.
    Declarations,
    /// Too many diagnostics.
    Diagnostics,
}

impl Stop {
    /// The message for people.
    pub(super) fn message(self) -> Text {
        match self {
            Stop::Operations => text!(
                "脚本运行超过 {MAX_OPERATIONS} 步，已停止",
                "the script ran for more than {MAX_OPERATIONS} operations and was stopped"
            ),
            Stop::Expressions => text!(
                "规则集构造的表达式超过 {MAX_EXPRESSIONS} 个，已停止",
                "the rule set built more than {MAX_EXPRESSIONS} expressions and was stopped"
            ),
            Stop::Declarations => text!(
                "规则集的声明超过 {MAX_DECLARATIONS} 个，已停止",
                "the rule set declared more than {MAX_DECLARATIONS} things and was stopped"
            ),
            Stop::Diagnostics => text!(
                "规则集的错误超过 {MAX_DIAGNOSTICS} 个，其余不再列出",
                "the rule set has more than {MAX_DIAGNOSTICS} mistakes; the rest are not listed"
            ),
        }
    }
}

/// Sets the limits that Rhai enforces itself.
pub(super) fn apply(engine: &mut Engine) {
    engine
        .set_max_call_levels(MAX_CALL_LEVELS)
        .set_max_expr_depths(MAX_EXPRESSION_DEPTH, MAX_EXPRESSION_DEPTH)
        .set_max_variables(MAX_VARIABLES)
        .set_max_functions(MAX_FUNCTIONS)
        .set_max_modules(MAX_MODULES)
        .set_max_string_size(MAX_STRING_BYTES)
        .set_max_array_size(MAX_ARRAY_ITEMS)
        .set_max_map_size(MAX_MAP_ITEMS);
}

/// The message for too many call levels.
pub(super) fn call_levels() -> Text {
    text!(
        "函数调用超过 {MAX_CALL_LEVELS} 层",
        "functions call each other more than {MAX_CALL_LEVELS} levels deep"
    )
}

/// The message for expressions nested too deeply in a script's text.
pub(super) fn expression_depth() -> Text {
    text!(
        "表达式或语句嵌套（包括连续的运算符）超过 {MAX_EXPRESSION_DEPTH} 层",
        "an expression or statement nests (operators in a row included) more than {MAX_EXPRESSION_DEPTH} levels deep"
    )
}

/// The message for too many variables.
pub(super) fn variables() -> Text {
    text!(
        "变量超过 {MAX_VARIABLES} 个",
        "there are more than {MAX_VARIABLES} variables"
    )
}

/// The message for too many functions.
pub(super) fn functions() -> Text {
    text!(
        "函数超过 {MAX_FUNCTIONS} 个",
        "there are more than {MAX_FUNCTIONS} functions"
    )
}

/// The message for too many modules.
pub(super) fn modules() -> Text {
    text!(
        "引入的模块超过 {MAX_MODULES} 个",
        "more than {MAX_MODULES} modules are imported"
    )
}

/// The message for a text, array or map that is too large.
pub(super) fn data() -> Text {
    text!(
        "数据过大：文本不超过 {MAX_STRING_BYTES} 字节，数组不超过 {MAX_ARRAY_ITEMS} 项，映射不超过 {MAX_MAP_ITEMS} 项",
        "the data is too large: a text may have {MAX_STRING_BYTES} bytes, an array {MAX_ARRAY_ITEMS} items, a map {MAX_MAP_ITEMS}"
    )
}
