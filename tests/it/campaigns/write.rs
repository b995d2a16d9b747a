//! Writes a campaign as files: a workbook, lines or dossiers, its own record, and the expected findings.

use std::fmt::Write;
use std::fs;
use std::path::Path;

use choucha::value::Day;
use choucha::vocabulary::Entry;
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, Workbook, Worksheet};

use super::ledger::{COLUMNS, Campaign, Cell, Expected, Facts};

/// Lists of people that a workbook may hold on separate sheets.
const SAMPLERS: &str = "sampling.samplers";

/// Every file of a campaign but the workbook, by its path in the folder of the campaign.
pub(crate) fn texts(campaign: &Campaign) -> Vec<(String, String)> {
    let mut files = vec![
        (
            "files/campaign.yaml".to_owned(),
            record(campaign, &campaign.record),
        ),
        (
            "other/campaign.yaml".to_owned(),
            record(campaign, &campaign.other),
        ),
        ("expected.yaml".to_owned(), expected(campaign)),
    ];
    if campaign.notice.dossiers {
        for (n, facts) in (1..).zip(&campaign.cases) {
            files.push((format!("files/{n:03}.yaml"), dossier(facts)));
        }
    } else {
        let lines: String = campaign.cases.iter().map(line).collect();
        files.push(("files/cases.ndjson".to_owned(), lines));
    }
    files
}

/// Writes all files, the workbook included.
pub(crate) fn write(campaign: &Campaign, folder: &Path) {
    for (name, text) in texts(campaign) {
        let path = folder.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    fs::create_dir_all(folder.join("workbook")).unwrap();
    fs::write(folder.join("workbook/台账.xlsx"), workbook(campaign)).unwrap();
}

/// The facts of a case in the order of the columns.
fn in_order(facts: &Facts) -> impl Iterator<Item = (&'static str, &Cell)> {
    COLUMNS
        .iter()
        .filter_map(|(path, _)| Some((*path, facts.get(path)?)))
}

/// The facts of a case, gathered by group.
fn by_group(facts: &Facts) -> Vec<(&'static str, Vec<(&'static str, &Cell)>)> {
    let mut groups: Vec<(&'static str, Vec<(&'static str, &Cell)>)> = Vec::new();
    for (path, cell) in in_order(facts) {
        let (group, code) = path.split_once('.').unwrap();
        match groups.last_mut() {
            Some((last, held)) if *last == group => held.push((code, cell)),
            _ => groups.push((group, vec![(code, cell)])),
        }
    }
    groups
}

fn line(facts: &Facts) -> String {
    let quoted = |text: &String| serde_json::to_string(text).unwrap();
    let groups = by_group(facts).into_iter().map(|(group, facts)| {
        let facts = facts.into_iter().map(|(code, cell)| {
            let value = match cell {
                Cell::One(text) => quoted(text),
                Cell::Many(texts) => {
                    format!(
                        "[{}]",
                        texts.iter().map(quoted).collect::<Vec<_>>().join(",")
                    )
                }
            };
            format!("\"{code}\":{value}")
        });
        format!("\"{group}\":{{{}}}", facts.collect::<Vec<_>>().join(","))
    });
    format!("{{{}}}\n", groups.collect::<Vec<_>>().join(","))
}

fn yaml(cell: &Cell) -> String {
    match cell {
        Cell::One(text) => text.clone(),
        Cell::Many(texts) => format!("[{}]", texts.join(", ")),
    }
}

fn dossier(facts: &Facts) -> String {
    let mut text = String::new();
    for (group, facts) in by_group(facts) {
        writeln!(text, "{group}:").unwrap();
        for (code, cell) in facts {
            writeln!(text, "  {code}: {}", yaml(cell)).unwrap();
        }
    }
    text
}

fn record(campaign: &Campaign, facts: &Facts) -> String {
    let mut text = format!(
        "# {} 的整批抽查记录，示例。Made up.\ncomplete: true\ncampaign:\n",
        campaign.notice.campaign
    );
    for (code, cell) in facts {
        writeln!(text, "  {code}: {}", yaml(cell)).unwrap();
    }
    text
}

fn expected(campaign: &Campaign) -> String {
    let mut text = String::from(
        "# 跨案审查应当得出的全部问题：按 files 或者 workbook，和按 other 的记录。\n\
         # All that must be found across cases: by `files` or `workbook`, and by the record of `other`.\n",
    );
    for (title, found) in [
        ("campaign", &campaign.expected),
        ("other", &campaign.expected_of_other),
    ] {
        writeln!(text, "{title}:").unwrap();
        let mut found: Vec<&Expected> = found.iter().collect();
        found.sort();
        for one in found {
            writeln!(
                text,
                "  - {{obligation: {}, outcome: {}, group: {}, cases: [{}]}}",
                one.obligation,
                one.outcome,
                one.group,
                one.cases.join(", ")
            )
            .unwrap();
        }
    }
    text
}

fn workbook(campaign: &Campaign) -> Vec<u8> {
    let mut book = Workbook::new();
    let written = ExcelDateTime::from_ymd(2024, 1, 1).unwrap();
    book.set_properties(&DocProperties::new().set_creation_datetime(&written));
    let main = book.add_worksheet();
    main.set_name("抽查台账").unwrap();
    ledger(campaign, main);
    if campaign.notice.people_apart {
        let sheet = book.add_worksheet();
        sheet.set_name("抽样人员").unwrap();
        people(campaign, sheet);
    }
    let sheet = book.add_worksheet();
    sheet.set_name("整批抽查").unwrap();
    record_sheet(campaign, sheet);
    book.save_to_buffer().unwrap()
}

/// The record of the campaign, one fact per row.
fn record_sheet(campaign: &Campaign, sheet: &mut Worksheet) {
    sheet.write(0, 0, "事项").unwrap();
    sheet.write(0, 1, "内容").unwrap();
    let vocabulary = crate::support::world().vocabulary();
    let facts = campaign.record.iter().map(|(code, cell)| {
        let Some(Entry::Fact(fact)) = vocabulary.find(&format!("campaign.{code}")) else {
            panic!("no fact campaign.{code}");
        };
        (vocabulary.fact(fact).label.zh.clone(), cell.clone())
    });
    let complete = ("案卷完整".to_owned(), Cell::from("是"));
    for (row, (label, cell)) in (1..).zip(facts.chain([complete])) {
        sheet.write(row, 0, label).unwrap();
        let text = match cell {
            Cell::One(text) => text,
            Cell::Many(texts) => texts.join("、"),
        };
        sheet.write(row, 1, text).unwrap();
    }
}

/// A title, a header, one row per case; dates as dates or, in every second campaign, as text.
fn ledger(campaign: &Campaign, sheet: &mut Worksheet) {
    let title = format!("{}台账", campaign.notice.campaign);
    sheet.write(0, 0, &title).unwrap();
    let columns: Vec<&(&str, &str)> = COLUMNS
        .iter()
        .filter(|(path, _)| !campaign.notice.without.contains(path))
        .filter(|(path, _)| !(campaign.notice.people_apart && *path == SAMPLERS))
        .collect();
    let day = Format::new().set_num_format("yyyy-mm-dd");
    for (at, (path, header)) in (0..).zip(columns) {
        sheet.write(2, at, *header).unwrap();
        for (row, facts) in (3..).zip(&campaign.cases) {
            match &facts[path] {
                Cell::One(text) if path.ends_with("_on") => {
                    let (year, month, of_month) = ymd(text);
                    if campaign.notice.people_apart {
                        let text = format!("{year}年{month}月{of_month}日");
                        sheet.write(row, at, text).unwrap();
                    } else {
                        let date = ExcelDateTime::from_ymd(year, month, of_month).unwrap();
                        sheet.write_with_format(row, at, &date, &day).unwrap();
                    }
                }
                Cell::One(text) => drop(sheet.write(row, at, text).unwrap()),
                Cell::Many(texts) => drop(sheet.write(row, at, texts.join("、")).unwrap()),
            }
        }
    }
}

fn people(campaign: &Campaign, sheet: &mut Worksheet) {
    for (at, header) in (0..).zip(["案卷编号", "姓名"]) {
        sheet.write(0, at, header).unwrap();
    }
    let mut row = 1;
    for facts in &campaign.cases {
        let (Cell::One(number), Cell::Many(names)) = (&facts["case.number"], &facts[SAMPLERS])
        else {
            panic!("a case without a number or samplers");
        };
        for name in names {
            sheet.write(row, 0, number).unwrap();
            sheet.write(row, 1, name).unwrap();
            row += 1;
        }
    }
}

fn ymd(text: &str) -> (u16, u8, u8) {
    let day: Day = crate::support::day(text);
    let text = day.to_string();
    let mut parts = text.split('-');
    let mut next = || parts.next().unwrap();
    (
        next().parse().unwrap(),
        next().parse().unwrap(),
        next().parse().unwrap(),
    )
}
