//! Cells that hold more, or less, than one value.

use super::*;

fn people(cell: &str) -> Parsed {
    read_csv(&format!(
        "案卷编号,抽样人员,抽样日期\n示例-1,\"{cell}\",2024-3-1\n"
    ))
}

#[test]
fn a_cell_of_several_people_is_several_and_each_has_its_place() {
    for cell in [
        "赵敏 周涛",
        "赵敏　周涛",
        "赵敏和周涛",
        "1.赵敏 2.周涛",
        "赵敏+周涛",
        "赵敏|周涛",
        "赵敏（组长）、周涛",
        "赵敏\n周涛",
    ] {
        let parsed = people(cell);
        assert!(parsed.wrong(0).is_empty(), "{cell}: {:?}", parsed.wrong(0));
        assert_eq!(parsed.shown(0, "sampling.samplers"), "赵敏、周涛", "{cell}");
        assert!(!parsed.record(0).is_partial());
    }
    let parsed = people("赵敏 周涛");
    assert_eq!(parsed.origin(0, "sampling.samplers[2]"), "cases.csv:2:10");
}

#[test]
fn a_cell_of_which_it_is_not_clear_whom_it_names_is_reported_and_names_nobody() {
    for cell in ["王 磊", "赵敏等2人", "赵敏周涛王磊", "同上", "赵敏、同上"] {
        let parsed = people(cell);
        let wrong = parsed.wrong(0);
        assert_eq!(wrong.len(), 1, "{cell}: {wrong:?}");
        assert!(
            matches!(wrong[0].0, Code::RecordUnclearName | Code::RecordDitto),
            "{cell}: {wrong:?}"
        );
        assert_eq!(wrong[0].1, "cases.csv:2:7", "{cell}");
        assert_eq!(parsed.shown(0, "sampling.samplers"), "未载", "{cell}");
        assert!(parsed.record(0).is_partial());
    }
}

#[test]
fn numbers_of_people_separated_by_blanks_go_with_the_people() {
    let parsed = read_csv("案卷编号,抽样人员,抽样人员·工号\n示例-1,赵敏 周涛,017 018\n");
    assert_eq!(
        parsed.shown(0, "sampling.samplers"),
        "赵敏（017）、周涛（018）"
    );
}

#[test]
fn a_formula_that_was_never_calculated_is_an_error_and_not_blank() {
    use std::io::{Cursor, Read, Write};
    let bytes = xlsx(&[("案卷表", &|sheet| {
        put(
            sheet,
            0,
            &[&["案卷编号", "案卷完整", "抽样日期"], &["示例-1", "是"]],
        );
        sheet.write_formula(1, 2, "=DATE(2024,3,7)").unwrap();
    })]);
    // Removes the stored value, as programs do that do not calculate.
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut copy = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for at in 0..archive.len() {
        let mut part = archive.by_index(at).unwrap();
        let (name, mut content) = (part.name().unwrap().to_string(), Vec::new());
        part.read_to_end(&mut content).unwrap();
        if name.contains("sheet1") {
            let text = String::from_utf8(content).unwrap();
            assert!(text.contains("</f><v>0</v>"), "{text}");
            content = text.replace("</f><v>0</v>", "</f><v/>").into_bytes();
        }
        copy.start_file(
            name,
            zip::write::SimpleFileOptions::default()
                .compression_method(zip::CompressionMethod::Stored),
        )
        .unwrap();
        copy.write_all(&content).unwrap();
    }
    let parsed = read_xlsx(copy.finish().unwrap().into_inner());
    assert_eq!(
        parsed.wrong(0),
        [(Code::TableNoValue, "book.xlsx:案卷表!C2".to_owned())]
    );
    assert!(parsed.record(0).is_partial());
}

#[test]
fn an_invisible_character_is_remarked_on_wherever_it_stands_in_a_cell() {
    let parsed = read_csv(
        "案卷编号,抽样人员,抽样日期\n示例-1,张甲\u{200b}、李乙,2024-3-1\n示例-2,张\u{200b}甲、李乙,\u{200e}2024-3-1\n",
    );
    for (case, count) in [(0, 1), (1, 2)] {
        let codes: Vec<Code> = parsed
            .wrong(case)
            .into_iter()
            .map(|(code, _)| code)
            .collect();
        assert_eq!(codes, vec![Code::RecordInvisible; count], "{case}");
        assert!(!parsed.record(case).is_partial());
        assert_eq!(parsed.shown(case, "sampling.sampled_on"), "2024-03-01");
    }
}

#[test]
fn a_value_that_the_vocabulary_does_not_know_says_how_a_column_is_mapped() {
    let parsed = read_csv("案卷编号,检验结论\n示例-1,P\n示例-2,不 合 格\n");
    let help: String = parsed.cases[0].diagnostics[0]
        .help
        .iter()
        .map(|help| help.zh.as_str())
        .collect();
    assert!(help.contains("columns.yaml"), "{help}");
    assert_eq!(parsed.shown(1, "report.conclusion"), "不合格");
}

#[test]
fn an_act_done_on_an_unknown_day_is_written_so_in_cells_of_dates() {
    for cell in ["有", "是", "已办", "done", "true", "TRUE"] {
        let parsed = read_csv(&format!("案卷编号,报告出具日期\n示例-1,{cell}\n"));
        assert!(parsed.wrong(0).is_empty(), "{cell}: {:?}", parsed.wrong(0));
        assert_eq!(
            parsed.shown(0, "report.issued_on"),
            "有（日期不明）",
            "{cell}"
        );
        let parsed = read_xlsx(xlsx(&[("案卷表", &|sheet| {
            put(
                sheet,
                0,
                &[&["案卷编号", "报告出具日期"], &["示例-1", cell]],
            );
        })]));
        assert_eq!(
            parsed.shown(0, "report.issued_on"),
            "有（日期不明）",
            "{cell}"
        );
    }
}
