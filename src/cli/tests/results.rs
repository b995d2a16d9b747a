//! The results of an audit as a workbook and as CSV.

use calamine::{DataType, Reader, Xlsx};

use super::*;

const TABLE: &str = "fixtures/tables/台账.xlsx";

fn sheets(path: &str) -> Xlsx<io::BufReader<fs::File>> {
    calamine::open_workbook(path).unwrap()
}

fn texts(book: &mut Xlsx<io::BufReader<fs::File>>, sheet: &str) -> Vec<Vec<String>> {
    let range = book.worksheet_range(sheet).unwrap();
    let text = |cell: &calamine::Data| cell.as_string().unwrap_or_default();
    range
        .rows()
        .map(|row| row.iter().map(text).collect())
        .collect()
}

#[test]
fn a_workbook_of_results_is_written_for_what_the_output_is_called() {
    let folder = Folder::new("results");
    let path = folder.path("结果.xlsx");
    let ran = ran(&["audit", TABLE, &late(), "-o", &path]);
    assert_eq!(ran.out, "");
    let mut book = sheets(&path);
    let names = book.sheet_names();
    assert!(names.contains(&"原表-抽样".to_owned()), "{names:?}");
    let list = texts(&mut book, "问题清单");
    let evidence: Vec<&str> = list.iter().flatten().map(String::as_str).collect();
    assert!(
        evidence
            .iter()
            .any(|text| text.contains("台账.xlsx:抽样!F5）")),
        "{evidence:#?}"
    );
    let cases = texts(&mut book, "案件汇总");
    assert_eq!(cases.len(), 1 + 4);
    // Every sheet counts what the list holds.
    let listed: Vec<&Vec<String>> = list.iter().filter(|row| row[5] == "✗ 违规").collect();
    let across = |row: &&&Vec<String>| row.iter().any(|cell| cell.contains("个案卷："));
    let (violated, across) = (listed.len(), listed.iter().filter(across).count());
    let sum: usize = cases[1..]
        .iter()
        .filter_map(|row| row[6].parse::<usize>().ok())
        .sum();
    assert_eq!(sum + across, violated);
    // An unreadable cell is reported with its place, and the sums equal those in JSON.
    let unread = texts(&mut book, "未能审查");
    assert!(
        unread
            .iter()
            .flatten()
            .any(|text| text.contains("台账.xlsx:抽样!")),
        "{unread:?}"
    );
    let json: serde_json::Value =
        serde_json::from_str(&self::ran(&["audit", TABLE, &late(), "--format", "json"]).out)
            .unwrap();
    let totals = &json["summary"]["totals"];
    assert_eq!(totals["findings"]["violated"], violated);
    let of_duties: u64 = totals["duties"]
        .as_array()
        .unwrap()
        .iter()
        .map(|duty| duty["counts"]["violated"].as_u64().unwrap())
        .sum();
    assert_eq!(of_duties, violated as u64);
}

#[test]
fn csv_goes_to_standard_output_with_a_byte_order_mark() {
    let ran = ran(&["audit", &late(), "--format", "csv"]);
    assert!(ran.out.starts_with("\u{feff}序号,案卷编号,"), "{}", ran.out);
    assert!(ran.out.contains("✗ 违规"), "{}", ran.out);
    let missing = self::ran(&["audit", "没有.yaml", "--format", "csv"]);
    assert_eq!(missing.code, 2);
    assert!(missing.out.contains("# 未能审查"), "{}", missing.out);
    assert!(missing.err.contains("没有.yaml"), "{}", missing.err);
}

#[test]
fn a_workbook_wants_a_file() {
    for lang in ["zh", "en"] {
        let ran = ran(&["audit", &late(), "--format", "xlsx", "--lang", lang]);
        assert_eq!((ran.code, ran.out.as_str()), (2, ""));
        assert!(ran.err.contains("--output"), "{}", ran.err);
    }
}

#[test]
fn what_cannot_be_written_is_said_and_leaves_nothing_behind() {
    let folder = Folder::new("unwritable");
    let before = fs::read(TABLE).unwrap();
    let own = folder.path("台账.xlsx");
    fs::write(&own, &before).unwrap();
    for (output, word) in [
        (own.clone(), "不能又作输出文件"),
        (folder.path("没有/结果.xlsx"), "无法写入"),
        (folder.path(""), "这是文件夹"),
    ] {
        let ran = ran(&["audit", &own, "--format", "xlsx", "-o", &output]);
        assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{output}");
        assert!(ran.err.contains(word), "{}", ran.err);
    }
    assert_eq!(fs::read(&own).unwrap(), before);
    let left: Vec<_> = fs::read_dir(folder.path("")).unwrap().collect();
    assert_eq!(left.len(), 1, "{left:?}");
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_said() {
    for format in ["xlsx", "csv"] {
        let ran = ran(&["audit", &late(), "--format", format, "-o", "/dev/full"]);
        assert_eq!(ran.code, 2);
        assert!(ran.err.contains("磁盘已满"), "{}", ran.err);
    }
}

#[test]
fn a_long_run_tells_its_first_cases_in_full_and_its_totals_last() {
    let folder = Folder::new("long");
    let text = fs::read_to_string(late()).unwrap();
    for n in 0..30 {
        let name = format!("{n:02}.yaml");
        let own = text.replace("晋抽2024-1-042", &format!("示例-{n:02}"));
        fs::write(folder.path(&name), own).unwrap();
    }
    let run = ran(&["audit", &folder.path("")]);
    let full = |text: &str| text.matches("【期限一览】").count();
    assert_eq!(full(&run.out), 20);
    let tail = run.out.split("【汇总】30份案卷").nth(1).unwrap();
    assert!(
        tail.contains("【违规最多的义务】") && tail.contains("其中违规30项"),
        "{tail}"
    );
    assert_eq!(full(&ran(&["audit", "--all", &folder.path("")]).out), 30);
    let path = folder.path("全部.txt");
    let _ = ran(&["audit", &folder.path(""), "-o", &path]);
    assert_eq!(full(&fs::read_to_string(path).unwrap()), 30);
}
