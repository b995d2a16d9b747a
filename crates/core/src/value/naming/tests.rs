use super::*;

#[test]
fn what_does_not_count_of_a_name_does_not_tell_two_apart() {
    for (one, other) in [
        ("张甲", "张\u{200b}甲"),
        ("张甲", "张 甲"),
        ("张甲", "张\u{3000}甲\u{a0}"),
        ("阿卜杜·拉", "阿卜杜•拉"),
        ("阿卜杜·拉", "阿卜杜・拉"),
        ("阿卜杜·拉", "阿卜杜.拉"),
        ("ＡＢ－０１", "ab-01"),
        ("晋抽2024—1", "晋抽2024-1"),
        ("示例（北京）公司", "示例(北京)公司"),
        ("晋市监发〔2024〕3号", "晋市监发[2024]3号"),
    ] {
        assert!(is_same(one, other), "{one} {other}");
    }
    for (one, other) in [("张甲", "张乙"), ("1.5", "15"), ("A-1", "A1")] {
        assert!(!is_same(one, other), "{one} {other}");
    }
    assert_eq!(revealed("张\u{200e}甲"), "张⟨U+200E⟩甲");
    assert_eq!(visible("张\u{200e}甲"), "张甲");
}

#[test]
fn names_that_may_be_one_by_a_slip_of_the_pen_are_nearly_the_same() {
    for (one, other) in [
        ("李海燕", "李海艳"),
        ("王晓明", "王小明"),
        ("张未", "张末"),
        ("阿卜杜拉", "阿卜杜·拉"),
        ("榆次区市场监督管理局", "晋中市榆次区市场监督管理局"),
        ("榆次区市场监管局", "山西省晋中市榆次区市场监督管理局"),
        ("示例检测有限公司", "示例检测有限责任公司"),
    ] {
        assert!(
            nearly_same(one, other) && nearly_same(other, one),
            "{one} {other}"
        );
        assert_eq!(near_key(one), near_key(other), "{one} {other}");
    }
    for (one, other) in [
        ("李海燕", "李海燕"),
        ("张甲", "张乙"),
        ("张小红", "张小明"),
        ("榆次区市场监督管理局", "太谷区市场监督管理局"),
        ("晋城市市场监督管理局", "晋中市市场监督管理局"),
        ("大同市市场监督管理局", "大同市示例甲区市场监督管理局"),
        ("山西省市场监督管理局", "山西省晋中市市场监督管理局"),
        ("示例机构甲", "示例机构乙"),
        ("", "张甲"),
    ] {
        assert!(!nearly_same(one, other), "{one} {other}");
    }
}

#[test]
fn numbers_decide_where_they_are_of_one_kind_and_names_elsewhere() {
    let of = |name, id, employer| Named { name, id, employer };
    use Sameness::{Different, Same, Unclear};
    for (one, other, expected) in [
        (
            of("张甲", Some("01"), None),
            of("张甲", Some("02"), None),
            Different,
        ),
        (
            of("张甲", Some("０1"), None),
            of("李乙", Some("01"), None),
            Same,
        ),
        (of("张甲", Some("01"), None), of("张甲", None, None), Same),
        (
            of("张甲", Some("01"), None),
            of("张甲", Some("11010519491231002X"), None),
            Unclear,
        ),
        (
            of("张甲", None, Some("示例院")),
            of("张甲", None, Some("示例所")),
            Unclear,
        ),
        (
            of("张甲", None, Some("示例院")),
            of("张甲", None, None),
            Same,
        ),
        (of("李海燕", None, None), of("李海艳", None, None), Unclear),
        (
            of("李海燕", Some("01"), None),
            of("李海艳", Some("02"), None),
            Different,
        ),
        (of("张甲", None, None), of("李乙", None, None), Different),
    ] {
        assert_eq!(sameness(one, other), expected, "{one:?} {other:?}");
        assert_eq!(sameness(other, one), expected, "{other:?} {one:?}");
    }
}

#[test]
fn a_text_that_clearly_names_several_people_names_several() {
    for (text, expected) in [
        ("张甲", "张甲"),
        ("张甲、李乙", "张甲|李乙"),
        ("赵敏 周涛", "赵敏|周涛"),
        ("张三　李四", "张三|李四"),
        ("张甲\u{a0}\u{a0}李乙", "张甲|李乙"),
        ("张甲\n李乙", "张甲|李乙"),
        ("张甲和李乙", "张甲|李乙"),
        ("张甲与李乙及王丙", "张甲|李乙|王丙"),
        ("1.张甲 2.李乙", "张甲|李乙"),
        ("1、张甲 2、李乙", "张甲|李乙"),
        ("１．张甲２．李乙", "张甲|李乙"),
        ("（1）张甲（2）李乙", "张甲|李乙"),
        ("①张甲②李乙", "张甲|李乙"),
        ("张甲+李乙", "张甲|李乙"),
        ("张甲|李乙", "张甲|李乙"),
        ("张甲｜李乙；王丙", "张甲|李乙|王丙"),
        ("张甲/李乙", "张甲|李乙"),
        ("张甲-李乙", "张甲|李乙"),
        ("张三（组长）、李四", "张三（组长）|李四"),
        ("张三(组长) 李四(组员)", "张三(组长)|李四(组员)"),
        ("组长：张三；组员：李四、王五", "张三|李四|王五"),
        ("张三 组长", "张三"),
        ("张三、李四等2人", "张三|李四"),
        ("张三、李四（2人）", "张三|李四"),
        ("张三 李四 共两人", "张三|李四"),
        ("王 磊、李 明", "王 磊|李 明"),
        ("欧阳娜娜 李乙", "欧阳娜娜|李乙"),
        ("阿卜杜·拉 古丽·买买提", "阿卜杜·拉|古丽·买买提"),
        ("古丽•买买提", "古丽•买买提"),
        ("张和平", "张和平"),
        ("张和平、李乙", "张和平|李乙"),
        ("王一名", "王一名"),
        ("欧阳修文", "欧阳修文"),
        ("John Smith", "John Smith"),
        ("甲某、乙某", "甲某|乙某"),
        ("示例检验员甲", "示例检验员甲"),
        ("张\u{200b}甲、李乙", "张\u{200b}甲|李乙"),
    ] {
        let found = people(text).unwrap_or_else(|doubt| panic!("{text}: {doubt:?}"));
        let found: Vec<&str> = found.into_iter().map(|range| &text[range]).collect();
        assert_eq!(found.join("|"), expected, "{text}");
    }
}

#[test]
fn a_text_that_may_name_one_or_several_names_nobody_for_certain() {
    for (text, expected) in [
        ("王 磊", Doubt::Spaced),
        ("王　磊", Doubt::Spaced),
        ("欧阳 娜娜", Doubt::Spaced),
        ("张甲 王 磊", Doubt::Spaced),
        ("张三等2人", Doubt::AndOthers),
        ("张三等", Doubt::AndOthers),
        ("张三等人", Doubt::AndOthers),
        ("张三（等2人）", Doubt::AndOthers),
        ("张三、李四等三人", Doubt::AndOthers),
        ("张三李四", Doubt::Together),
        ("李海燕张志强", Doubt::Together),
        ("李和张明", Doubt::Together),
        ("同上", Doubt::NoName),
        ("见附件", Doubt::NoName),
        ("2", Doubt::NoName),
        ("两人", Doubt::NoName),
        ("组长", Doubt::NoName),
        ("…", Doubt::NoName),
    ] {
        assert_eq!(people(text), Err(expected), "{text}");
    }
}

#[test]
fn what_stands_in_brackets_behind_a_name_is_no_part_of_it() {
    for (text, name, id, employer) in [
        ("张甲（组长）", "张甲", None, None),
        ("张甲(工号017)", "张甲", Some("017"), None),
        ("张甲（A-17）", "张甲", Some("A-17"), None),
        ("张甲（13800000000）", "张甲", None, None),
        ("张甲（示例检验所）", "张甲", None, Some("示例检验所")),
        ("张甲 （组长）（见习）", "张甲", None, None),
        ("（组长）", "（组长）", None, None),
        ("张甲（", "张甲（", None, None),
    ] {
        assert_eq!(person(text), Person { name, id, employer }, "{text}");
    }
}

#[test]
fn several_organisations_are_told_from_one() {
    assert!(names_organisations("示例甲公司、示例乙检验院"));
    assert!(names_organisations("示例甲公司\n示例乙公司"));
    assert!(!names_organisations("示例甲、乙公司"));
    assert!(!names_organisations("示例（甲、乙）公司"));
    assert!(!names_organisations("示例甲公司"));
}

#[test]
fn no_text_makes_reading_it_fail() {
    for text in [
        "",
        " ",
        "（（（",
        "）））、",
        "1.",
        "、、",
        "和",
        "张和",
        "和和和和",
        "等",
        "共",
        "（1）",
        "\u{200b}",
        "组长：",
        "-",
        "①",
    ] {
        let _ = (
            people(text),
            person(text),
            normal(text),
            near_key(text),
            names_organisations(text),
        );
    }
}
