//! Library functions called with named values.

use super::*;

const LIBRARY: &str = r#"
//! 示例
fn state(id, given, duty) {
    duty.cite = given.cite;
    if given.tightens != "" {
        duty.refines = given.tightens;
    }
    obligation(id, duty);
}

fn given(values, own) {
    named(values, #{ cite: required(), tightens: "" } + own)
}

fn shown(id, values) {
    let given = given(values, #{ authorisation: one_of(["always", "if-entrusted"]), bearer: required(), strict: false });
    let asked = fact("sampling.noted");
    if given.authorisation == "always" & given.strict {
        asked = !asked;
    }
    state(id, given, #{ title: "出示", title_en: "Shown by " + given.bearer, bearer: given.bearer, must: asked });
}
"#;

fn load_calls(calls: &str) -> Result<Rulebook, Vec<Diagnostic>> {
    let script = format!(
        "import \"lib/shown\" as shown;\nlet notice = instrument(\"某市监发〔2024〕3号\");\n{calls}"
    );
    load_files(&[
        ("lib/shown.rhai", LIBRARY),
        ("set/a/ruleset.rhai", HEADER),
        ("set/a/1-duties.rhai", &script),
    ])
}

#[test]
fn what_is_left_out_has_the_value_the_function_gives_it() {
    let book = load_calls(
        "shown::shown(\"shown\", #{ cite: notice.at(\"一、\", \"出示\"), authorisation: \"always\", bearer: \"samplers\" });",
    )
    .unwrap();
    let duty = &book.rule_sets[0].obligations[0];
    assert_eq!(duty.title.en, "Shown by samplers");
    assert!(duty.refines.is_none());
}

#[test]
fn wrong_names_and_values_are_shown_in_the_call_with_the_nearest_valid_one() {
    let calls = [
        // A misspelt name, and an unknown one.
        "shown::shown(\"a\", #{ cite: notice.at(\"一、\", \"出示\"), authorization: \"always\", bearer: \"samplers\", wrong: 1 });",
        // A missing name: its consequences are not reported.
        "shown::shown(\"b\", #{ cite: notice.at(\"一、\", \"出示\"), authorisation: \"always\" });",
        // An invalid word, and a value of another kind.
        "shown::shown(\"c\", #{ cite: notice.at(\"一、\", \"出示\"), authorisation: \"allways\", bearer: \"samplers\", strict: \"yes\" });",
        // Nothing given at all.
        "shown::shown(\"d\", #{});",
        // Another mistake is reported as well.
        "shown::shown(\"e\", #{ cite: notice.at(\"一、\", \"出示\"), authorisation: \"always\", bearer: \"samplrs\" });",
    ];
    let found = load_calls(&calls.join("\n")).unwrap_err();
    insta::assert_snapshot!(shown(&found));
}
