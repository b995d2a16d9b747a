//! The names known to scripts: the forms of each function, the names that scripts may not define, and readable names
//! for the script engine's types.

use choucha_core::lang::Text;

/// A host function and its forms.
pub(super) struct Function {
    pub(super) name: &'static str,
    /// An example of each form.
    pub(super) form: &'static str,
}

macro_rules! functions {
    ($($name:literal: $form:literal;)*) => {
        /// Every function registered for scripts.
        pub(super) const FUNCTIONS: &[Function] = &[$(Function { name: $name, form: $form },)*];
    };
}

functions! {
    "ruleset": r#"ruleset("shanxi/2024-batch-1", #{ title: …, title_en: …, instrument: notice, … })"#;
    "stage": r#"stage("testing", #{ title: …, title_en: …, holds: … })"#;
    "exception": r#"exception("testing.on-site", #{ title: …, title_en: …, cite: …, holds: … })"#;
    "obligation": r#"obligation("report.failed.mail-to-province", #{ title: …, title_en: …, bearer: …, cite: …, must: … })"#;
    "instrument": r#"instrument("晋市监发〔2024〕3号")"#;
    "at": r#"notice.at("二、（一）", "抽样人员不得少于2人")"#;
    "fact": r#"fact("report.issued_on")，x.fact("confirmed")"#;
    "date": r#"date("2024-04-05")"#;
    "decimal": r#"decimal("1.50")"#;
    "days": "days(7)";
    "workdays": "workdays(3)";
    "months": "months(6)";
    "years": "years(2)";
    "plus": r#"fact("…").plus(months(6))"#;
    "all": "all([a, b])，list.all(|x| x.fact(…))";
    "any": "any([a, b])，list.any(|x| x.fact(…))";
    "none_of": "none_of([a, b])";
    "present": r#"fact("…").present()"#;
    "absent": r#"fact("…").absent()"#;
    "count": r#"list.count()，list.count(|x| x.fact("…"))"#;
    "sum": r#"list.sum(|x| x.fact("price"))"#;
    "contains": r#"list.contains("code")，list.contains(fact("…"))"#;
    "contains_all": r#"list.contains_all(["code", …])"#;
    "disjoint": "list.disjoint(other)";
    "subset_of": "list.subset_of(other)";
    "both": "list.both(other)";
    "days_since": r#"fact("a").days_since(fact("b"))"#;
    "within": r#"act.within(days(7), since)"#;
    "or_since": r#"act.within(days(60), since).or_since(fact("…"), "中文", "English")"#;
    "by": r#"act.by(date("2024-04-05"))"#;
    "next_day": "act.next_day(since)";
    "between": "act.between(days(60), days(90), since)";
    "after_end": "act.after_end(days(15), since)";
    "once_over": "act.once_over(days(15), since)";
    "is_within": "act.is_within(days(15), since)";
    "is_surely_within": "act.is_surely_within(days(15), since)";
    "immediately": "act.immediately(since)";
    "immediately_after": "act.immediately_after(days(15), since)";
    "promptly": "act.promptly(since)，act.promptly(since, 10)";
    "same_time": "act.same_time(other)";
    "part": r#"part("code", "中文名", "English name", must)"#;
    "parts": "parts([part(…), part(…)])";
    "when": "part(…).when(condition)";
    "cite": "part(…).cite(citation)";
    "named": r#"named(given, #{ cite: required(), tightens: "", … })"#;
    "required": "required()";
    "one_of": r#"one_of(["always", "if-entrusted"])"#;
    "reading": r#"reading(condition, "中文", "English")"#;
}

/// Functions of the language that a script could otherwise replace unnoticed.
const OTHERS: &[&str] = &[
    "print",
    "debug",
    "to_string",
    "to_debug",
    "type_of",
    "call",
    "curry",
    "len",
    "push",
    "filter",
    "map",
    "reduce",
    "some",
    "index_of",
    "keys",
    "values",
    "range",
    "sleep",
    "exit",
    "eval",
    "timestamp",
    "title",
    "number",
    "not",
];

/// The form of a host function; `None` for any other name.
pub(super) fn form(name: &str) -> Option<&'static str> {
    FUNCTIONS
        .iter()
        .find(|function| function.name == name)
        .map(|function| function.form)
}

/// Whether scripts may not define a function of this name.
pub(super) fn is_taken(name: &str) -> bool {
    FUNCTIONS.iter().any(|function| function.name == name) || OTHERS.contains(&name)
}

/// The name of a script engine type for people.
pub(super) fn type_name(name: &str) -> Text {
    let (zh, en) = match super::terms::name_of(name.trim()) {
        "&str | ImmutableString | String" | "string" => ("文本", "a text"),
        "i64" => ("整数", "a whole number"),
        "bool" => ("真假值", "a boolean"),
        "char" => ("字符", "a character"),
        "array" => ("数组", "an array"),
        "map" => ("映射", "a map"),
        "()" => ("空值", "nothing"),
        "Fn" => ("闭包", "a closure"),
        "range" | "range=" => ("区间", "a range"),
        "expression" => ("表达式", "an expression"),
        "instrument" => ("规范文件", "an instrument"),
        "citation" => ("引用", "a citation"),
        "day" => ("日期", "a date"),
        "decimal" => ("小数", "a decimal"),
        "duration" => ("时长", "a duration"),
        "deadline" => ("期限", "a deadline"),
        "part" => ("部分", "a part"),
        "parts" => ("各部分", "parts"),
        "reading" => ("读法", "a reading"),
        other => return Text::same(other),
    };
    Text::new(zh, en)
}

/// The name of a function and the types of its arguments for people, from the script engine's `name (type, type)`.
pub(super) fn arguments(signature: &str) -> (String, Text) {
    let (name, types) = signature.split_once(" (").unwrap_or((signature, ")"));
    let types: Vec<Text> = types
        .trim_end_matches(')')
        .split(", ")
        .filter(|ty| !ty.is_empty())
        .map(type_name)
        // `()` loses its closing bracket together with that of the list.
        .map(|ty| if ty.zh == "(" { type_name("()") } else { ty })
        .collect();
    let zh: Vec<&str> = types.iter().map(|ty| ty.zh.as_str()).collect();
    let en: Vec<&str> = types.iter().map(|ty| ty.en.as_str()).collect();
    (
        name.rsplit("::").next().unwrap_or(name).to_owned(),
        Text::new(zh.join("，"), en.join(", ")),
    )
}
