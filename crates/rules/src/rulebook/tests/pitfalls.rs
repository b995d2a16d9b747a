//! What the script language would silently accept, and what is reported instead.

use super::*;

/// A duty with this `must`.
fn must(expression: &str) -> String {
    duty(&format!("must: {expression}"))
}

/// A duty with these keys in addition to the usual ones.
fn duty(keys: &str) -> String {
    format!(
        "let c = instrument(\"某市监发〔2024〕3号\").at(\"一\", \"原文\");\nobligation(\"a.b\", #{{ title: \"甲\", title_en: \"A\", bearer: \"samplers\", cite: c,\n  {keys} }});"
    )
}

fn table(cases: &[(&str, String)]) -> String {
    cases
        .iter()
        .map(|(name, script)| format!("## {name}\n{}\n", outcome(script)))
        .collect()
}

#[test]
fn statements_and_operators_that_settle_a_condition_at_load_are_switched_off() {
    let found = table(&[
        (
            "and",
            must("fact(\"sampling.signed\") && fact(\"sampling.noted\")"),
        ),
        (
            "or",
            must("fact(\"sampling.signed\") || fact(\"sampling.noted\")"),
        ),
        (
            "coalesce",
            must("fact(\"sampling.signed\") ?? fact(\"sampling.noted\")"),
        ),
        ("elvis", must("fact(\"sampling.signed\")?.present()")),
        (
            "switch",
            must("switch fact(\"report.conclusion\") { \"fail\" => true, _ => false }"),
        ),
        ("try", "try { fact(\"nope\"); } catch { }".into()),
        ("eval", "eval(\"1\");".into()),
        ("eval as a method", "\"1\".eval();".into()),
        ("function pointer", "let f = Fn(\"fact\");".into()),
        (
            "if on a condition",
            duty(
                "must: if fact(\"sampling.signed\") { fact(\"sampling.noted\") } else { fact(\"sampling.refused\") }",
            ),
        ),
        (
            "while on a condition",
            "while fact(\"sampling.signed\") { }".into(),
        ),
        (
            "return",
            format!(
                "if true {{ return; }}\n{}",
                must("fact(\"sampling.signed\")")
            ),
        ),
        ("return a value", "return 1;".into()),
    ]);
    insta::assert_snapshot!(found);
}

#[test]
fn values_of_unlike_types_are_never_compared_in_silence() {
    let found = table(&[
        ("enum and number", must("fact(\"report.conclusion\") == 1")),
        ("enum value", must("fact(\"report.conclusion\") == \"failed\"")),
        ("number on the left", must("\"7\" < fact(\"report.copies\")")),
        ("date and number", must("fact(\"report.issued_on\") > 7")),
        ("impossible date", must("fact(\"report.issued_on\") > date(\"2024-02-30\")")),
        ("array", must("fact(\"report.copies\") == [1]")),
        ("map on the left", must("#{ a: 1 } != fact(\"report.copies\")")),
        ("two facts", must("fact(\"report.copies\") == fact(\"report.issued_on\")")),
        ("plain values", must("(1 == \"1\") & fact(\"sampling.signed\")")),
        ("two dates", "if date(\"2024-01-01\") >= date(\"2024-01-02\") { throw \"never\"; }\nif date(\"2024-01-01\") == decimal(\"1\") { }".into()),
        ("order of texts", must("fact(\"report.conclusion\") < \"fail\"")),
        ("list", must("fact(\"report.copies\") in [1, \"2\"]")),
        ("list of expressions", must("fact(\"report.copies\") in [fact(\"report.copies\")]")),
        ("present of a comparison", must("(fact(\"report.copies\") > 1).present()")),
    ]);
    insta::assert_snapshot!(found);
}

#[test]
fn a_condition_is_never_a_plain_boolean() {
    let found = table(&[
        ("must", must("true")),
        ("must_not", duty("must_not: false")),
        (
            "when",
            duty("when: 1 == 1, must: fact(\"sampling.signed\")"),
        ),
        ("left of &", must("true & fact(\"sampling.signed\")")),
        ("right of |", must("fact(\"sampling.signed\") | false")),
        ("in all", must("all([fact(\"sampling.signed\"), true])")),
        ("row", must("fact(\"sampling.corrections\").all(|x| true)")),
        ("given", must("fact(\"sampling.signed\") == ()")),
        (
            "reading",
            duty("must: fact(\"sampling.signed\"), review: [reading(true, \"甲\", \"A\")]"),
        ),
        ("value", must("fact(\"report.copies\")")),
        ("text", must("\"sampling.signed\"")),
        ("nothing", must("()")),
    ]);
    insta::assert_snapshot!(found);
}

#[test]
fn an_expression_is_never_made_into_text() {
    let found = table(&[
        (
            "interpolation",
            must("fact(`sampling.${fact(\"report.copies\")}`)"),
        ),
        (
            "addition",
            duty(
                "must: fact(\"sampling.signed\"), note: \"甲\" + fact(\"report.copies\"), note_en: \"A\"",
            ),
        ),
        (
            "addition on the left",
            duty(
                "must: fact(\"sampling.signed\"), note: fact(\"report.copies\") + \"甲\", note_en: \"A\"",
            ),
        ),
        (
            "growing",
            "let a = \"甲\"; a += fact(\"report.copies\");".into(),
        ),
        (
            "to_string",
            "let a = fact(\"report.copies\").to_string();".into(),
        ),
    ]);
    insta::assert_snapshot!(found);
}

#[test]
fn host_functions_are_not_shadowed() {
    let found = table(&[
        (
            "fact",
            format!(
                "fn fact(path) {{ true }}\n{}",
                must("fact(\"sampling.signed\")")
            ),
        ),
        ("obligation", "fn obligation(id, map) { }".into()),
        ("method", "fn within(a, b) { this }".into()),
        ("operator", "fn contains(x) { true }".into()),
        ("twice", "fn a() { 1 }\nfn a() { 2 }".into()),
    ]);
    insta::assert_snapshot!(found);
}

#[test]
fn reserved_words_and_full_width_punctuation_are_named() {
    let found = table(&[
        ("key case", duty("must: fact(\"sampling.signed\"), case: 1")),
        ("variable new", "let new = 1;".into()),
        ("variable is", "let is = 1;".into()),
        ("full width", "obligation（“a.b”，#{ title： \"甲，乙\" }）；".into()),
        ("closing quote", "let a = \"甲”;\nlet b = 1;".into()),
        ("full-width comma in a map", duty("must: fact(\"sampling.signed\")， note: \"甲\"")),
        ("ideographic stop", "let a = 1。".into()),
        ("duplicate key", duty("must: fact(\"sampling.signed\"), must: fact(\"sampling.noted\")")),
        ("float", "let a = 1.5;".into()),
        ("single quotes", "let a = 'sampling';".into()),
        ("missing comma", duty("when: fact(\"sampling.noted\")\n  must: fact(\"sampling.signed\")")),
        ("missing bracket", "let a = [1, 2;\nlet b = 1;".into()),
        ("unfinished", "obligation(\"a.b\", #{".into()),
        ("unclosed comment", "/* a /* b */ */ let a = \"/*\";\n/* 甲 /* 乙 */\nlet b = 1;".into()),
        ("chinese names", "let 通知 = instrument(\"某市监发〔2024〕3号\");\nlet 引用 = 通知.at(\"一\", \"原文\");".into()),
    ]);
    insta::assert_snapshot!(found);
}

#[test]
fn names_nothing_has_are_reported_with_the_nearest() {
    let found = table(&[
        ("function", must("fakt(\"sampling.signed\")")),
        ("method", must("fact(\"sampling.signed\").presnt()")),
        ("property", must("fact(\"sampling.signed\").present")),
        ("variable", "let notice = 1;\nlet a = notise;".into()),
        (
            "variable of the script in a function",
            "let notice = 1;\nfn f() { notice }\nf();".into(),
        ),
        ("function as variable", must("fact")),
        ("module", "sampling::a();".into()),
        ("arguments", must("fact(1)")),
        (
            "too many arguments",
            must("fact(\"sampling.signed\").present(1)"),
        ),
        ("own function", "fn two(a, b) { a }\ntwo(1);".into()),
        ("operator", must("fact(\"report.copies\") / 2 == 1")),
        (
            "property of a map",
            "let m = #{ title: 1 };\nlet a = m.titel;".into(),
        ),
        ("index", "let a = [1, 2][7];".into()),
        ("division", "let a = 1 / 0;".into()),
        ("throw", "throw \"参数不对\";".into()),
        ("discarded", "fact(\"sampling.signed\") == true;".into()),
        (
            "printed",
            "print(\"你好\"); print(fact(\"sampling.signed\")); debug(1);".into(),
        ),
        ("sleep", "sleep(10);".into()),
        ("exit", "exit();".into()),
        ("clock", "let t = timestamp();".into()),
    ]);
    insta::assert_snapshot!(found);
}

#[test]
fn unknown_facts_and_rows_outside_their_closure_are_reported() {
    let found = table(&[
        ("misspelt", must("fact(\"report.isued_on\").present()")),
        (
            "two mistakes in one duty",
            duty(
                "when: fact(\"report.conclusion\") == \"fial\", must: fact(\"report.postd_on\").within(days(7), fact(\"report.isued_on\"))",
            ),
        ),
        ("group", must("fact(\"report\")")),
        (
            "inside a list",
            must("fact(\"sampling.corrections.confirmed\")"),
        ),
        (
            "field",
            must("fact(\"sampling.corrections\").all(|x| x.fact(\"confirmd\"))"),
        ),
        (
            "row as condition",
            must("fact(\"sampling.corrections\").any(|x| x)"),
        ),
        (
            "row leaks",
            String::from(
                "let leak = [];\nlet all = fact(\"sampling.corrections\").any(|x| { leak.push(x); x.fact(\"confirmed\") });\n",
            ) + must("leak[0].fact(\"confirmed\")").as_str(),
        ),
        (
            "closure on a scalar",
            must("fact(\"report.copies\").any(|x| x.fact(\"a\"))"),
        ),
        (
            "closure fails",
            must("fact(\"sampling.corrections\").all(|x| x.fact(1))"),
        ),
        (
            "two parameters",
            must("fact(\"sampling.corrections\").all(|x, y| x.fact(\"confirmed\"))"),
        ),
        (
            "sum of a condition",
            must("fact(\"sampling.corrections\").sum(|x| x.fact(\"confirmed\")) > 1"),
        ),
        (
            "decimal",
            must("fact(\"purchase.paid\") < decimal(\"1,5\")"),
        ),
    ]);
    insta::assert_snapshot!(found);
}
