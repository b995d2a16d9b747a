//! The JSON Schema of records, checked by an independent validator.

use super::*;
use choucha_core::lang::Lang;

fn validator(lang: Lang) -> jsonschema::Validator {
    jsonschema::draft202012::new(&choucha_core::vocabulary::schema(&vocabulary(), lang)).unwrap()
}

#[test]
fn what_decodes_without_a_diagnostic_is_valid_and_what_does_not_mostly_is_not() {
    let validator = validator(Lang::Zh);
    for (text, valid) in [
        ("{}", true),
        (
            "{\"案卷\": {\"案卷编号\": \"01\", \"ruleset\": null}}",
            true,
        ),
        (
            "{\"检验报告\": {\"检验结论\": \"不符合\", \"报送省局\": {\"寄出日期\": \"2024-03-01\"}}}",
            true,
        ),
        (
            "{\"report\": \"无\", \"complete\": \"是\", \"waivers\": \"无\"}",
            true,
        ),
        (
            "{\"sampling\": {\"samplers\": [\"某甲\", {\"姓名\": \"某乙\", \"工号\": 7}], \"price\": 1.50, \"photos\": \"3\"}}",
            true,
        ),
        (
            "{\"sampling\": {\"corrections\": [{\"item\": \"甲\", \"已确认\": true}], \"results\": [\"合格\"], \"papers\": []}}",
            true,
        ),
        (
            "{\"sampling\": {\"arrived_at\": \"2024-03-01 09:30\", \"agency\": {\"名称\": \"示例所\"}}}",
            true,
        ),
        ("{\"zzz\": 1}", false),
        ("{\"report\": {\"posted_on\": \"2024-03-01\"}}", false),
        ("{\"report\": {\"conclusion\": \"及格\"}}", false),
        ("{\"report\": {\"issued_on\": \"2024/3/1\"}}", false),
        ("{\"sampling\": {\"samplers\": \"某甲\"}}", false),
        ("{\"sampling\": {\"photos\": 501}}", false),
        ("{\"sampling\": {\"price\": -1}}", false),
        ("{\"sampling\": {\"signed\": \"yes\"}}", false),
        (
            "{\"sampling\": {\"corrections\": {\"item\": \"甲\"}}}",
            false,
        ),
        ("{\"sampling\": {\"leader\": {\"工号\": \"01\"}}}", false),
        ("[]", false),
    ] {
        let instance: serde_json::Value = serde_json::from_str(text).unwrap();
        assert_eq!(validator.is_valid(&instance), valid, "{text}");
        assert_eq!(
            read_text(text, Format::Json).diagnostics.is_empty(),
            valid,
            "{text}"
        );
    }
}

#[test]
fn titles_and_descriptions_are_in_the_language_asked_for() {
    for (lang, title, description) in [
        (Lang::Zh, "抽样·单价", "说明（单位：元）"),
        (Lang::En, "Sampling: Price", "What it is (in yuan)"),
    ] {
        let schema = choucha_core::vocabulary::schema(&vocabulary(), lang);
        let price = &schema["$defs"]["fact.sampling.price"];
        assert_eq!(price["title"], title);
        assert_eq!(price["description"], description);
        assert_eq!(price["x-path"], "sampling.price");
        let people = &schema["$defs"]["fact.sampling.samplers"];
        assert_eq!(people["x-personal"], true);
        assert!(validator(lang).is_valid(&serde_json::json!({"sampling": {"price": "1.50"}})));
    }
}
