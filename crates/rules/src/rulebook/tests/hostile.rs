//! Malicious scripts, or scripts that look malicious: each soon ends in a diagnostic.

use super::*;
use choucha_core::diagnostic::Code;

/// The diagnostics that a script ends in.
fn end(script: &str) -> Vec<Diagnostic> {
    match load_script(script) {
        Ok(_) => panic!("loaded: {}", &script[..script.len().min(200)]),
        Err(problems) => problems,
    }
}

fn has(problems: &[Diagnostic], code: Code) -> bool {
    problems.iter().any(|problem| problem.code == code)
}

fn all_end_in(code: Code, scripts: &[&str]) {
    for script in scripts {
        let problems = end(script);
        let head = &script[..script.len().min(200)];
        assert!(has(&problems, code), "{head}: {}", shown(&problems));
        assert!(
            problems.len() <= 130,
            "{head}: {} diagnostics",
            problems.len()
        );
        assert!(
            problems
                .iter()
                .all(|problem| problem.message.en.chars().count() < 500)
        );
    }
}

#[test]
fn loops_and_recursion_without_end_are_stopped() {
    all_end_in(
        Code::RulesLimit,
        &[
            "loop { }",
            "while true { }",
            "let i = 0; loop { i += 1; if i < 0 { break; } }",
            "for i in 0..9223372036854775807 { }",
            "fn f() { f() } f();",
            "fn f(x) { f(x) + f(x) } f(1);",
            "fn a() { b() } fn b() { a() } a();",
            "fact(\"sampling.corrections\").all(|x| { loop { } })",
            "fn f(l) { l.any(|x| { let again = fact(\"sampling.corrections\"); again.any(|y| y.fact(\"confirmed\")) }) } loop { f(fact(\"sampling.corrections\")); }",
            "fn f(l) { l.any(|x| f(fact(\"sampling.corrections\"))) } f(fact(\"sampling.corrections\"));",
            "[1].map(|x| { loop { } })",
            "fn sort_it(a) { a.sort(|x, y| { loop { } }) } sort_it([3, 2, 1]);",
        ],
    );
}

#[test]
fn what_grows_without_end_is_stopped() {
    all_end_in(
        Code::RulesLimit,
        &[
            "let s = \"甲\"; loop { s += s; }",
            "let s = \"甲\"; loop { s = s + s; }",
            "let s = \"甲\"; loop { s = `${s}${s}`; }",
            "let s = \"\"; s.pad(1000000000, \"x\");",
            "let a = []; loop { a.push(1); }",
            "let a = [1]; loop { a += a; }",
            "let a = []; a.pad(1000000000, 0);",
            "let a = []; loop { a = [a, a]; }",
            "let a = []; loop { a = [a]; }",
            "let m = #{}; loop { m = #{ a: m, b: m }; }",
            "let m = #{}; let i = 0; loop { i += 1; m[\"k\" + i] = i; }",
            "let a = [\"x\"]; loop { for i in 0..10 { a.push(a[0] + a[0]); a[0] = a[a.len() - 1]; } }",
            "let t = fact(\"sampling.signed\"); loop { t = t & t; }",
            "let t = fact(\"sampling.signed\"); loop { t = !t; }",
            "let t = fact(\"report.copies\"); loop { t = t + t; }",
            "let a = []; loop { a.push(fact(\"sampling.signed\") & fact(\"sampling.noted\")); if a.len() > 1000 { a = []; } }",
            "let i = 0; loop { i += 1; stage(\"s\" + i, #{ title: \"甲\", title_en: \"A\" }); }",
            "let i = 0; loop { i += 1; fact(\"nope-\" + i); }",
            "let i = 0; loop { i += 1; print(i); }",
            "loop { instrument(\"某市监发〔2024〕3号\").at(\"一\", \"原文\"); }",
            "let f = |x| x; loop { let g = f; f = |x| g; }",
        ],
    );
}

#[test]
fn a_hundred_thousand_nested_nots_are_a_diagnostic() {
    let grown = "let t = fact(\"sampling.signed\"); for i in 0..100000 { t = !t; }";
    assert!(has(&end(grown), Code::RulesLimit));
    let written = format!("let t = {}fact(\"sampling.signed\");", "!".repeat(100_000));
    assert!(has(&end(&written), Code::RulesLimit));
}

#[test]
fn text_that_nests_deeply_or_runs_on_is_refused_where_it_stands() {
    let deep = |open: &str, inner: &str, close: &str| {
        format!(
            "let t = {}{inner}{};",
            open.repeat(20_000),
            close.repeat(20_000)
        )
    };
    let scripts = [
        deep("(", "1", ")"),
        deep("[", "1", "]"),
        deep("#{a:", "1", "}"),
        deep("{", "1", "}"),
        deep("-", "1", ""),
        deep("fact(", "1", ")"),
        deep("|x| ", "1", ""),
        deep("if true {", "1", "}"),
        deep("1 + (", "1", ")"),
        format!("let t = 1{};", " + 1".repeat(20_000)),
        format!(
            "let t = fact(\"sampling.signed\"){};",
            " & fact(\"sampling.signed\")".repeat(5_000)
        ),
        format!("let t = [1]{};", "[0]".repeat(20_000)),
        format!("let t = fact(\"a\"){};", ".present()".repeat(20_000)),
        format!("let t = a{};", "::a".repeat(20_000)),
        format!("{}{}", "if false { } else ".repeat(20_000), "{ }"),
        format!(
            "{}loop {{ }}{}",
            "while true {".repeat(20_000),
            "}".repeat(20_000)
        ),
        format!("let a = {}1;", "a = ".repeat(20_000)),
    ];
    for script in &scripts {
        assert!(!end(script).is_empty());
    }
    let interpolated = format!("let t = {}1{};", "`${".repeat(5_000), "}`".repeat(5_000));
    let _ = end(&interpolated);
    let comments = format!("{} let a = ;", "/*".repeat(100_000));
    let _ = outcome(&comments);
}

#[test]
fn too_many_variables_functions_and_imports_are_refused() {
    let variables: String = (0..1_000).map(|i| format!("let v{i} = {i};\n")).collect();
    let functions: String = (0..1_000).map(|i| format!("fn f{i}() {{ }}\n")).collect();
    let imports = "loop { import \"lib/a\" as a; }";
    assert!(has(&end(&variables), Code::RulesLimit));
    assert!(has(&end(&functions), Code::RulesLimit));
    let files = [
        ("set/a/ruleset.rhai", HEADER),
        ("set/a/1.rhai", imports),
        ("lib/a.rhai", ""),
    ];
    assert_eq!(load_files(&files).unwrap_err()[0].code, Code::RulesLimit);
}

#[test]
fn values_that_hold_themselves_do_no_harm() {
    for script in [
        "let a = []; let f = |x| a; a.push(f); print(a); debug(a); let s = `${a}`; let b = a; b == a;",
        "let m = #{}; let f = |x| m; m.f = f; print(m); let s = `${m}`; m.to_string();",
        "let m = #{}; let f = || m; m.m = m; print(m); let n = [m, m]; n.push(n);",
        "let f = |x| x; let g = |x| f; f = g; g = f; print(g);",
        "let a = [1]; let f = |x| { a.push(a); a }; [1, 2, 3].map(f); let b = a + a;",
        "let a = [1]; a.map(|x| { a.clear(); a.push(x); x });",
        "let a = [3, 1, 2]; a.sort(|x, y| { a.push(1); 1 });",
        "let f = |x| x; for i in 0..20000 { let g = f; f = |x| g; }",
        "let a = []; for i in 0..20000 { let b = a; a = [|x| b]; }",
    ] {
        let _ = outcome(script);
    }
}

#[test]
fn scripts_reach_nothing_outside() {
    for name in [
        "sleep(1)",
        "exit()",
        "timestamp()",
        "eval(\"1\")",
        "open(\"/etc/passwd\")",
        "read_file(\"/etc/passwd\")",
        "env(\"HOME\")",
        "system(\"ls\")",
        "rand()",
        "now()",
        "parse_json(\"{}\")",
        "type_of(1)",
        "Fn(\"f\")",
        "is_def_var(\"a\")",
    ] {
        let problems = end(&format!("{name};"));
        let refused = has(&problems, Code::RulesUnknownName) || has(&problems, Code::RulesDisabled);
        assert!(refused, "{name}: {}", shown(&problems));
    }
}

#[test]
fn what_is_no_script_at_all_is_a_diagnostic() {
    let big = " ".repeat((1 << 20) + 1);
    let cases: [(&[u8], Code); 9] = [
        (b"\xff\xfe\x00", Code::RulesEncoding),
        (b"let a = \"\xc4\xe3\xba\xc3\";", Code::RulesEncoding),
        (big.as_bytes(), Code::RulesTooLarge),
        (b"\x00\x01\x02", Code::RulesSyntax),
        (b"<?xml version=\"1.0\"?>", Code::RulesSyntax),
        (b"PK\x03\x04", Code::RulesUnknownName),
        ("说明文字，不是脚本。".as_bytes(), Code::RulesFullWidth),
        (b"\"", Code::RulesSyntax),
        (b"let a = `${", Code::RulesSyntax),
    ];
    for (bytes, code) in cases {
        let files = [
            ("instruments.yaml", INSTRUMENTS.as_bytes()),
            ("set/a/ruleset.rhai", HEADER.as_bytes()),
            ("set/a/1.rhai", bytes),
        ];
        let problems = load(&RuleFolder::from_bytes("rules", files), &vocabulary()).unwrap_err();
        let shown = shown(&problems);
        assert_eq!(problems[0].code, code, "{shown}");
    }
}

#[test]
fn a_byte_order_mark_is_noted_and_the_script_loads() {
    let marked = format!("\u{feff}{HEADER}");
    let book = load_files(&[("set/a/ruleset.rhai", &marked)]).unwrap();
    assert_eq!(book.notes[0].code, Code::RulesByteOrderMark);
}

#[test]
fn random_pieces_of_scripts_never_panic() {
    use proptest::prelude::*;
    let pieces = prop::sample::select(vec![
        "fact(\"report.copies\")",
        "fact(\"sampling.corrections\")",
        "fact(\"sampling.signed\")",
        "(",
        ")",
        "[",
        "]",
        "#{",
        "}",
        "{",
        ",",
        ";",
        ".",
        " & ",
        " | ",
        " == ",
        "!",
        "|x| ",
        "x.fact(\"fee\")",
        ".any(",
        ".count()",
        ".within(days(7), ",
        "parts(",
        "part(\"a\", \"b\", \"c\", ",
        "obligation(\"a.b\", ",
        "title: ",
        "must: ",
        "cite: ",
        "\"",
        "`${",
        "1",
        "true",
        "let a = ",
        "fn f(a) ",
        "for i in ",
        "loop ",
        "if ",
        "import \"lib/a\" as a",
        "return ",
        "throw ",
        "，",
        "“",
        "//",
        "/*",
        "instrument(\"某市监发〔2024〕3号\")",
        ".at(\"一\", \"二\")",
        "f(1)",
        "a",
        "\n",
        "date(\"2024-01-01\")",
        "+=",
        "=",
        " in ",
        ".sum(",
        "reading(",
        "stage(\"s\", ",
        "until",
        "case",
        "::",
        "export ",
        "const b = ",
        "break",
        "continue",
    ]);
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let strategy = prop::collection::vec(pieces, 0..40);
    runner
        .run(&strategy, |pieces| {
            if let Err(problems) = load_script(&pieces.concat()) {
                prop_assert!(
                    problems.iter().all(|d| d.code != Code::RulesInternal),
                    "{}",
                    shown(&problems)
                );
                prop_assert!(!problems.is_empty());
            }
            Ok(())
        })
        .unwrap();
}
