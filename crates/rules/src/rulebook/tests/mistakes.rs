//! Mistakes in declarations: each reported at its own key, with what was probably meant.

use super::*;
use crate::rulebook::load_only;
use choucha_core::obligation::RuleSetId;

fn duty(id: &str, keys: &str) -> String {
    format!("obligation(\"{id}\", #{{\n  {keys}\n}});\n")
}

const C: &str =
    "let notice = instrument(\"某市监发〔2024〕3号\");\nlet c = notice.at(\"一\", \"原文\");\n";

fn table(cases: &[(&str, &str)]) -> String {
    cases
        .iter()
        .map(|(name, keys)| {
            format!(
                "## {name}\n{}\n",
                outcome(&format!("{C}{}", duty("a.b", keys)))
            )
        })
        .collect()
}

const T: &str = "title: \"甲\", title_en: \"A\", bearer: \"samplers\", cite: c,\n  must: fact(\"sampling.signed\"),";

#[test]
fn keys_that_are_unknown_missing_or_of_a_wrong_kind_are_reported() {
    let with = |more: &str| format!("{T}\n  {more}");
    let cases: Vec<(&str, String)> = vec![
        ("unknown key", with("severty: \"minor\",")),
        ("empty", String::new()),
        (
            "no title_en",
            "title: \"甲\", bearer: \"samplers\", cite: c, must: fact(\"sampling.signed\")".into(),
        ),
        ("title no text", T.replace("\"甲\"", "3")),
        ("empty title", T.replace("\"甲\"", "\"  \"")),
        ("role", T.replace("\"samplers\"", "\"sampler\"")),
        ("role by label", T.replace("\"samplers\"", "\"检验机构\"")),
        ("severity", with("severity: \"criticl\",")),
        ("no citation", T.replace("cite: c,", "cite: [],")),
        (
            "instrument cited whole",
            T.replace("cite: c,", "cite: notice,"),
        ),
        ("text cited", T.replace("cite: c,", "cite: \"一\",")),
        ("both", with("must_not: fact(\"sampling.refused\"),")),
        ("neither", T.replace("must: fact(\"sampling.signed\"),", "")),
        (
            "deadline forbidden",
            T.replace(
                "must:",
                "must_not: fact(\"report.posted_on\").next_day(fact(\"report.issued_on\")), when:",
            ),
        ),
        ("after a number", with("after: [1],")),
        ("after twice", with("after: [\"x\", \"x\"],")),
        ("excuses alone", with("excuses: true,")),
        ("lapses without a deadline", with("lapses: true,")),
        ("excuses no flag", with("excuses: 1, remedies: \"x\",")),
        ("follows nothing", with("follows: [\"sampling.sigend\"],")),
        (
            "review no reading",
            with("review: fact(\"sampling.refused\"),"),
        ),
        (
            "responsible no party",
            with("responsible: [fact(\"sampling.signed\"), \"samplers\"],"),
        ),
        ("note without English", with("note: \"甲\",")),
        (
            "part outside parts",
            T.replace(
                "fact(\"sampling.signed\")",
                "part(\"a\", \"甲\", \"A\", fact(\"sampling.signed\"))",
            ),
        ),
        (
            "a duration",
            T.replace("fact(\"sampling.signed\")", "days(7)"),
        ),
    ];
    let cases: Vec<(&str, &str)> = cases
        .iter()
        .map(|(name, keys)| (*name, keys.as_str()))
        .collect();
    let found = table(&cases);
    insta::assert_snapshot!(found);
}

#[test]
fn parts_and_deadlines_that_cannot_be_meant_are_reported() {
    let must = |expression: &str| T.replace("fact(\"sampling.signed\")", expression);
    let act = "fact(\"report.posted_on\")";
    let since = "fact(\"report.issued_on\")";
    let cases: Vec<(&str, String)> = vec![
        ("no parts", must("parts([])")),
        (
            "nested",
            must("parts([parts([part(\"a\", \"甲\", \"A\", fact(\"sampling.signed\"))])])"),
        ),
        (
            "nested in a part",
            must(
                "parts([part(\"a\", \"甲\", \"A\", parts([part(\"b\", \"乙\", \"B\", fact(\"sampling.signed\"))]))])",
            ),
        ),
        (
            "same code",
            must(
                "parts([part(\"a\", \"甲\", \"A\", fact(\"sampling.signed\")), part(\"a\", \"乙\", \"B\", fact(\"sampling.noted\"))])",
            ),
        ),
        (
            "bad code",
            must("parts([part(\"A b\", \"甲\", \"A\", fact(\"sampling.signed\"))])"),
        ),
        (
            "no English",
            must("parts([part(\"a\", \"甲\", \"\", fact(\"sampling.signed\"))])"),
        ),
        (
            "a condition among parts",
            must("parts([fact(\"sampling.signed\")])"),
        ),
        (
            "when twice",
            must(
                "parts([part(\"a\", \"甲\", \"A\", fact(\"sampling.signed\")).when(fact(\"sampling.noted\")).when(fact(\"sampling.refused\"))])",
            ),
        ),
        (
            "part when plain",
            must("parts([part(\"a\", \"甲\", \"A\", fact(\"sampling.signed\")).when(true)])"),
        ),
        (
            "act no date",
            must(&format!("fact(\"report.copies\").within(days(7), {since})")),
        ),
        (
            "since no date",
            must(&format!("{act}.within(days(7), fact(\"report.copies\"))")),
        ),
        (
            "since a fixed date",
            must(&format!("{act}.within(days(7), date(\"2024-01-01\"))")),
        ),
        (
            "since a text",
            must(&format!("{act}.within(days(7), \"report.issued_on\")")),
        ),
        ("no days", must(&format!("{act}.within(days(0), {since})"))),
        (
            "too many days",
            must(&format!("{act}.within(workdays(99999), {since})")),
        ),
        (
            "negative days",
            must(&format!("{act}.promptly({since}, -1)")),
        ),
        ("a bare number", must(&format!("{act}.within(7, {since})"))),
        (
            "window reversed",
            must(&format!("{act}.between(days(90), days(60), {since})")),
        ),
        (
            "window of working days",
            must(&format!("{act}.between(workdays(6), days(60), {since})")),
        ),
        ("by a text", must(&format!("{act}.by(\"2024-04-05\")"))),
        (
            "another start for a window",
            must(&format!(
                "{act}.between(days(60), days(90), {since}).or_since({since}, \"甲\", \"A\")"
            )),
        ),
        (
            "another start twice",
            must(&format!(
                "{act}.within(days(7), {since}).or_since({since}, \"甲\", \"A\").or_since({since}, \"乙\", \"B\")"
            )),
        ),
        (
            "another start that is no date",
            must(&format!(
                "{act}.within(days(7), {since}).or_since(fact(\"report.copies\"), \"甲\", \"A\")"
            )),
        ),
        (
            "another start without English",
            must(&format!(
                "{act}.within(days(7), {since}).or_since({since}, \"甲\", \"\")"
            )),
        ),
        (
            "waiting for working days",
            must(&format!("{act}.after_end(workdays(6), {since})")),
        ),
        (
            "owed once working days are over",
            must(&format!("{act}.once_over(workdays(6), {since})")),
        ),
        (
            "in time of a text",
            must(&format!("{act}.is_within(days(6), \"report.issued_on\")")),
        ),
        (
            "in time of no days",
            must(&format!("{act}.is_surely_within(days(0), {since})")),
        ),
        (
            "arguments swapped",
            must(&format!("{act}.within({since}, days(7))")),
        ),
        (
            "deadline in a condition",
            must(&format!(
                "{act}.next_day({since}) & fact(\"sampling.signed\")"
            )),
        ),
    ];
    let cases: Vec<(&str, &str)> = cases
        .iter()
        .map(|(name, keys)| (*name, keys.as_str()))
        .collect();
    let found = table(&cases);
    insta::assert_snapshot!(found);
}

#[test]
fn ids_and_citations_that_are_malformed_or_taken_are_reported() {
    let cases = [
        ("capital", format!("{C}{}", duty("Sampling.x", T))),
        ("underscore", format!("{C}{}", duty("sampling.at_least", T))),
        ("empty", format!("{C}{}", duty("", T))),
        ("double dot", format!("{C}{}", duty("a..b", T))),
        ("twice", format!("{C}{}{}", duty("a.b", T), duty("a.b", T))),
        ("a stage has it", format!("{C}stage(\"a.b\", #{{ title: \"甲\", title_en: \"A\" }});\n{}", duty("a.b", T))),
        ("stage with a citation", "stage(\"a\", #{ title: \"甲\", title_en: \"A\", cite: 1 });".into()),
        ("exception without holds", format!("{C}exception(\"a\", #{{ title: \"甲\", title_en: \"A\", cite: c }});")),
        ("exception without citation", "exception(\"a\", #{ title: \"甲\", title_en: \"A\", holds: fact(\"sampling.signed\") });".into()),
        ("empty quote", "let c = instrument(\"某市监发〔2024〕3号\").at(\"一\", \" \");".into()),
        ("empty section", "let c = instrument(\"某市监发〔2024〕3号\").at(\"\", \"原文\");".into()),
        ("unknown instrument", "let n = instrument(\"某市监发〔2024〕4号\");\nlet c = n.at(\"一\", \"原文\");".into()),
        ("id no text", "obligation(1, #{});".into()),
        ("map missing", "obligation(\"a\");".into()),
    ];
    let shown: String = cases
        .iter()
        .map(|(name, script)| format!("## {name}\n{}\n", outcome(script)))
        .collect();
    insta::assert_snapshot!(shown);
}

#[test]
fn every_mistake_of_every_script_is_reported_in_one_run() {
    let broken = "obligation(\"x\", #{ must: true });\nfakt(1);\nlet a = nope;\nobligation(\"never\", #{});\n";
    let files = [
        ("set/a/ruleset.rhai", HEADER),
        (
            "set/a/1.rhai",
            "stage(\"A\", #{});\nfakt(1);\nstage(\"b\", #{ titel: \"\" });\n",
        ),
        ("set/a/2.rhai", "let a = ;\n"),
        ("set/a/3.rhai", "exception(\"c\", 1);\n"),
        ("set/b/ruleset.rhai", broken),
        ("set/c/ruleset.rhai", "// nothing\n"),
    ];
    let found = shown(&load_files(&files).unwrap_err());
    insta::assert_snapshot!(found);
}

#[test]
fn a_rule_set_says_what_it_is_once_and_by_its_folder() {
    let body =
        "#{ title: \"甲\", title_en: \"A\", instrument: instrument(\"某市监发〔2024〕3号\") }";
    let one = |text: &str| match load_files(&[("set/a/ruleset.rhai", text)]) {
        Ok(_) => "loaded\n".to_owned(),
        Err(problems) => shown(&problems),
    };
    let cases = [
        ("other folder", format!("ruleset(\"set/b\", {body});")),
        ("twice", format!("ruleset(\"set/a\", {body});\nruleset(\"set/a\", {body});")),
        ("no instrument", "ruleset(\"set/a\", #{ title: \"甲\", title_en: \"A\" });".into()),
        ("instrument as text", "ruleset(\"set/a\", #{ title: \"甲\", title_en: \"A\", instrument: \"某市监发〔2024〕3号\" });".into()),
        ("dates reversed", format!("ruleset(\"set/a\", {});", body.replace("#{", "#{ from: date(\"2024-02-01\"), until: date(\"2024-01-01\"),"))),
        ("date as text", format!("ruleset(\"set/a\", {});", body.replace("#{", "#{ from: \"2024-02-01\","))),
        ("unknown include", format!("ruleset(\"set/a\", {});", body.replace("#{", "#{ includes: [\"set/aa\"],"))),
        ("includes itself", format!("ruleset(\"set/a\", {});", body.replace("#{", "#{ includes: [\"set/a\"],"))),
    ];
    let all: String = cases
        .iter()
        .map(|(name, text)| format!("## {name}\n{}\n", one(text)))
        .collect();
    insta::assert_snapshot!(all);
}

fn set(id: &str, includes: &str, rest: &str) -> String {
    format!(
        "ruleset(\"{id}\", #{{ title: \"甲\", title_en: \"A\", instrument: instrument(\"某市监发〔2024〕3号\"), includes: [{includes}] }});\n{rest}"
    )
}

#[test]
fn rule_sets_that_include_each_other_or_share_ids_are_reported() {
    let (a, b, c) = (
        set("set/a", "\"set/b\"", ""),
        set("set/b", "\"set/c\"", ""),
        set("set/c", "\"set/a\"", ""),
    );
    let circle = [
        ("set/a/ruleset.rhai", a.as_str()),
        ("set/b/ruleset.rhai", &b),
        ("set/c/ruleset.rhai", &c),
    ];
    let below = set("set/b", "\"set/a\"", &format!("{C}{}", duty("a.b", T)));
    let above = set("set/a", "", &format!("{C}{}", duty("a.b", T)));
    let shared = [
        ("set/a/ruleset.rhai", above.as_str()),
        ("set/b/ruleset.rhai", &below),
    ];
    let refines = below.replace("must:", "refines: \"a.b\", must:");
    let refined = [
        ("set/a/ruleset.rhai", above.as_str()),
        ("set/b/ruleset.rhai", &refines),
    ];
    let found = |files: &[(&str, &str)]| {
        load_files(files).map_or_else(|problems| shown(&problems), |_| "loaded\n".into())
    };
    let all = format!(
        "## circle\n{}\n## shared\n{}\n## refined\n{}",
        found(&circle),
        found(&shared),
        found(&refined)
    );
    insta::assert_snapshot!(all);
}

#[test]
fn a_rule_set_asked_for_that_is_not_there_is_reported() {
    let folder = RuleFolder::from_texts(
        "rules",
        [
            ("set/a/ruleset.rhai", HEADER),
            ("instruments.yaml", INSTRUMENTS),
        ],
    );
    let problems = load_only(&folder, &vocabulary(), &[RuleSetId("set/aa".into())]).unwrap_err();
    let found = shown(&problems);
    insta::assert_snapshot!(found);
}

#[test]
fn imports_stay_inside_the_folder_and_go_in_no_circle() {
    let import = |path: &str, more: &[(&str, &str)]| {
        let script = format!("import \"{path}\" as m;\n");
        let files: Vec<(&str, &str)> = [
            ("set/a/ruleset.rhai", HEADER),
            ("set/a/1.rhai", script.as_str()),
        ]
        .into_iter()
        .chain(more.iter().copied())
        .collect();
        load_files(&files).map_or_else(|problems| shown(&problems), |_| "loaded\n".into())
    };
    let mut all = String::new();
    for path in [
        "../etc/passwd",
        "/etc/passwd",
        "C:\\\\x",
        "lib/./a",
        "lib//a",
        "",
        ".hidden",
        "lib/smpling",
        "lib\\u0000",
    ] {
        all += &format!(
            "## {path}\n{}\n",
            import(path, &[("lib/sampling.rhai", "")])
        );
    }
    let circle = [
        ("lib/a.rhai", "import \"lib/b\" as b;\n"),
        ("lib/b.rhai", "// twice\nimport \"lib/c\" as c;\n"),
        ("lib/c.rhai", "import \"lib/a\" as a;\n"),
    ];
    all += &format!("## circle\n{}\n", import("lib/a", &circle));
    all += &format!(
        "## itself\n{}\n",
        import("lib/a", &[("lib/a.rhai", "import \"lib/a\" as a;\n")])
    );
    all += &format!(
        "## declares\n{}\n",
        import("lib/a", &[("lib/a.rhai", "stage(\"x\", #{});\n")])
    );
    all += &format!(
        "## broken\n{}\n",
        import("lib/a", &[("lib/a.rhai", "fn a( {\n")])
    );
    all += &format!(
        "## fails\n{}\n",
        import("lib/a", &[("lib/a.rhai", "let a = [1][2];\n")])
    );
    all += &format!(
        "## a rule set\n{}\n",
        import(
            "set/b/ruleset",
            &[("set/b/ruleset.rhai", "ruleset(\"set/b\", #{});\n")]
        )
    );
    insta::assert_snapshot!(all);
}

#[test]
fn a_mistake_in_a_library_is_reported_with_the_calls_that_led_there() {
    let script = "import \"lib/a\" as a;\na::outer(\"x.y\");\n";
    let files = [
        ("set/a/ruleset.rhai", HEADER),
        ("set/a/1.rhai", script),
        (
            "lib/a.rhai",
            "import \"lib/b\" as b;\nfn outer(id) {\n  b::inner(id, #{\n    title: \"甲\",\n    bearr: \"x\",\n    when: fact(\"nope\"),\n    must: 3,\n  });\n}\n",
        ),
        (
            "lib/b.rhai",
            "fn inner(id, map) {\n  obligation(id, map);\n  map.missing();\n}\n",
        ),
    ];
    let found = shown(&load_files(&files).unwrap_err());
    insta::assert_snapshot!(found);
}

#[test]
fn a_registry_that_cannot_be_read_is_reported_once_and_not_by_every_citation() {
    let folder = RuleFolder::from_texts(
        "rules",
        [
            ("instruments.yaml", "instruments: [\n"),
            ("set/a/ruleset.rhai", HEADER),
        ],
    );
    let problems = load(&folder, &vocabulary()).unwrap_err();
    let codes: Vec<&str> = problems.iter().map(|problem| problem.code.code()).collect();
    assert_eq!(codes, ["instruments/invalid"]);
}
