//! The sheets that are printed, signed and filed: violations, what a person is to judge, what one fact would decide, and
//! what is missing by paper.
//!
//! Invariants: they hold nothing the list of problems does not hold, under its numbers; a row that would be higher than a
//! spreadsheet shows goes on in the next one.

use std::collections::HashMap;

use rust_xlsxwriter::Worksheet;

use super::Failed;
use super::page::{Cell, Head, Page, Shared};
use crate::issues::{Column, Field, Listed};
use choucha_core::audit::{Finding, Missing, Outcome};
use choucha_core::lang::{Lang, Text};
use choucha_core::text;

/// How many duties a row of a missing paper names.
const NAMED: usize = 12;

/// The sheets so far.
pub(super) struct Papers {
    violated: Page,
    review: Page,
    short: Page,
    gaps: Gaps,
    /// How many cases lead to the table they came from.
    links: usize,
}

impl Papers {
    pub(super) fn new(lang: Lang) -> Self {
        let page = |name: &str, heads: Vec<Head>| Page::new(name, heads, 2).signed(lang);
        Papers {
            violated: page(
                lang.pick("违规", "Violations"),
                heads(
                    Head::new("违反的义务", "Duty broken", 18),
                    Head::new("情况", "What happened", 28),
                    [
                        Head::new("整改情况", "Rectification", 16),
                        Head::new("责任人签字、日期", "Signature and date", 11),
                    ],
                ),
            ),
            review: page(
                lang.pick("待人工判断", "To judge"),
                heads(
                    Head::new("义务", "Duty", 18),
                    Head::new("需判断的情况", "What is to be judged", 28),
                    [
                        Head::new("判断意见和理由", "Judgement and reason", 16),
                        Head::new("判断人签字、日期", "Signature and date", 11),
                    ],
                ),
            ),
            short: page(
                lang.pick("差一项", "One fact short"),
                heads(
                    Head::new("义务", "Duty", 18),
                    Head::new(
                        "缺少的一项（所在材料）",
                        "The fact that is missing, and its paper",
                        28,
                    ),
                    [
                        Head::new("补证情况", "What was found", 16),
                        Head::new("补证人签字、日期", "Signature and date", 11),
                    ],
                ),
            ),
            gaps: Gaps::default(),
            links: 0,
        }
    }

    /// Adds a finding that the list of problems holds in `fields`; `link` is where its case stands in the table it came from.
    pub(super) fn add(
        &mut self,
        shared: &mut Shared,
        finding: &Finding,
        fields: &[Field],
        link: Option<&str>,
    ) -> Result<(), Failed> {
        let lang = shared.lang;
        let (page, told) = match finding.outcome {
            Outcome::Violated => (&mut self.violated, Column::Because),
            Outcome::Review => (&mut self.review, Column::Because),
            Outcome::Undetermined if finding.one_short => (&mut self.short, Column::Missing),
            _ => return Ok(()),
        };
        let of = |column: Column| words(fields, column, lang);
        let joined = |columns: &[Column]| {
            let texts = columns.iter().map(|column| of(*column));
            texts
                .filter(|text| !text.is_empty())
                .collect::<Vec<_>>()
                .join("\n")
        };
        let number = match fields.first() {
            Some(Field::Number(n)) => Cell::Count(*n),
            _ => Cell::Blank,
        };
        let case = joined(&[Column::Case, Column::Respondent, Column::Product]);
        let row = [
            number,
            match link {
                Some(link) if self.links < shared.limits.links => {
                    self.links += 1;
                    Cell::Link(case, link.to_owned())
                }
                _ => Cell::Text(case),
            },
            Cell::Text(of(Column::Severity)),
            Cell::Strong(of(Column::Duty)),
            Cell::Text(of(told)),
            Cell::Text(joined(&[Column::Bearer, Column::Responsible])),
            Cell::Text(joined(&[Column::Clause, Column::Quote])),
            Cell::Text(of(Column::Evidence)),
            Cell::Blank,
            Cell::Blank,
        ];
        page.row(shared, &row)
    }

    /// Notes what is missing of a case.
    pub(super) fn miss(&mut self, listed: Listed<'_>, lang: Lang) {
        self.gaps.add(listed, lang);
    }

    /// The sheets, in their order.
    pub(super) fn finish(self, shared: &mut Shared) -> Result<Vec<Worksheet>, Failed> {
        let mut sheets = self.violated.finish(shared)?;
        sheets.extend(self.review.finish(shared)?);
        sheets.extend(self.short.finish(shared)?);
        sheets.extend(self.gaps.finish(shared)?);
        Ok(sheets)
    }
}

/// The columns of a sheet of findings.
fn heads(duty: Head, told: Head, [outcome, signature]: [Head; 2]) -> Vec<Head> {
    vec![
        Head::new("问题序号", "No.", 6),
        Head::new(
            "案卷编号、被抽样单位、产品",
            "Case, respondent, product",
            18,
        ),
        Head::new("轻重", "Severity", 6),
        duty,
        told,
        Head::new("责任主体、单位（人）", "Who answers for it", 14),
        Head::new("依据和条文", "Clause and its words", 30),
        Head::new("证据和位置", "Evidence and its places", 28),
        outcome,
        signature,
    ]
}

fn words(fields: &[Field], column: Column, lang: Lang) -> String {
    let at = Column::ALL.iter().position(|known| *known == column);
    let field = at.and_then(|at| fields.get(at));
    field.map(|field| field.words(lang)).unwrap_or_default()
}

/// What is missing: a row a paper and case. Texts that many cases share are kept once.
#[derive(Default)]
struct Gaps {
    papers: Vec<Paper>,
    by_name: HashMap<String, usize>,
    cases: Vec<String>,
    texts: Vec<String>,
    known: HashMap<String, u32>,
}

/// A paper, and the cases in which something of it is missing.
struct Paper {
    name: Text,
    /// The earliest place in the data dictionary of a fact on it.
    place: usize,
    rows: Vec<Row>,
}

struct Row {
    case: u32,
    facts: u32,
    duties: u32,
    findings: u32,
    alone: u32,
}

/// What is missing of one paper in one case.
struct Asked<'a> {
    name: &'a Text,
    facts: Vec<&'a Missing>,
    duties: Vec<&'a str>,
    alone: usize,
}

impl Gaps {
    fn add(&mut self, listed: Listed<'_>, lang: Lang) {
        let unnamed = Text::new("（未指明材料）", "(no paper named)");
        let mut asked: Vec<Asked<'_>> = Vec::new();
        let open = listed
            .findings()
            .filter(|it| it.outcome == Outcome::Undetermined);
        for finding in open {
            let name = |gap: &'_ Missing| {
                gap.form
                    .as_ref()
                    .map_or("", |form| form.zh.as_str())
                    .to_owned()
            };
            let mut names: Vec<String> = finding.missing.iter().map(name).collect();
            names.sort_unstable();
            names.dedup();
            for gap in &finding.missing {
                let form = gap.form.as_ref().unwrap_or(&unnamed);
                let at = asked.iter().position(|one| one.name.zh == form.zh);
                let at = at.unwrap_or_else(|| {
                    asked.push(Asked {
                        name: form,
                        facts: Vec::new(),
                        duties: Vec::new(),
                        alone: 0,
                    });
                    asked.len() - 1
                });
                let one = &mut asked[at];
                if !one.facts.iter().any(|known| known.title.zh == gap.title.zh) {
                    one.facts.push(gap);
                }
                let title = finding.title.get(lang);
                if one.duties.last() != Some(&title) {
                    one.duties.push(title);
                    one.alone += usize::from(names.len() == 1);
                }
            }
        }
        if asked.is_empty() {
            return;
        }
        let case = u32::try_from(self.cases.len()).unwrap_or(u32::MAX);
        self.cases.push(listed.name(lang));
        for mut one in asked {
            one.facts.sort_by_key(|gap| gap.place);
            let place = one.facts.first().map_or(usize::MAX, |gap| gap.place);
            let facts: Vec<&str> = one.facts.iter().map(|gap| gap.title.get(lang)).collect();
            let mut duties: Vec<String> = one
                .duties
                .iter()
                .take(NAMED)
                .map(ToString::to_string)
                .collect();
            let more = one.duties.len().saturating_sub(NAMED);
            if more > 0 {
                duties.push(
                    text!("另有{more}项", "and {more} more")
                        .get(lang)
                        .to_owned(),
                );
            }
            let row = Row {
                case,
                facts: self.text(facts.join("\n")),
                duties: self.text(duties.join("\n")),
                findings: u32::try_from(one.duties.len()).unwrap_or(u32::MAX),
                alone: u32::try_from(one.alone).unwrap_or(u32::MAX),
            };
            let papers = &mut self.papers;
            let at = *self.by_name.entry(one.name.zh.clone()).or_insert_with(|| {
                papers.push(Paper {
                    name: one.name.clone(),
                    place,
                    rows: Vec::new(),
                });
                papers.len() - 1
            });
            if let Some(paper) = papers.get_mut(at) {
                paper.place = paper.place.min(place);
                paper.rows.push(row);
            }
        }
    }

    /// A text that is kept once.
    fn text(&mut self, text: String) -> u32 {
        if let Some(at) = self.known.get(&text) {
            return *at;
        }
        let at = u32::try_from(self.texts.len()).unwrap_or(u32::MAX);
        self.texts.push(text.clone());
        self.known.insert(text, at);
        at
    }

    /// The papers in the order of the work, each with its cases.
    fn finish(mut self, shared: &mut Shared) -> Result<Vec<Worksheet>, Failed> {
        let lang = shared.lang;
        let heads = vec![
            Head::new("材料", "Paper", 20),
            Head::new("案卷", "Case", 24),
            Head::new("要补的事项", "Facts to be found on it", 34),
            Head::new("有助判定（项）", "Findings it helps to decide", 9),
            Head::new("其中只缺它（项）", "Of these, lacking nothing else", 9),
            Head::new("有关义务", "Duties", 40),
            Head::new("补证情况", "What was found", 20),
            Head::new("补证人签字、日期", "Signature and date", 12),
        ];
        let mut page = Page::new(lang.pick("待补证", "To be supplied"), heads, 2).signed(lang);
        self.papers
            .sort_by(|a, b| (a.place, &a.name.zh).cmp(&(b.place, &b.name.zh)));
        let text = |all: &[String], at: u32| all.get(at as usize).cloned().unwrap_or_default();
        for paper in &self.papers {
            for row in &paper.rows {
                let cells = [
                    Cell::Strong(crate::issues::shown(paper.name.get(lang))),
                    Cell::text(&text(&self.cases, row.case)),
                    Cell::text(&text(&self.texts, row.facts)),
                    Cell::Count(row.findings.into()),
                    Cell::Count(row.alone.into()),
                    Cell::text(&text(&self.texts, row.duties)),
                    Cell::Blank,
                    Cell::Blank,
                ];
                page.row(shared, &cells)?;
            }
        }
        page.finish(shared)
    }
}
