//! Builds a campaign: its cases, its own record, the planted violations and the findings they must lead to.

use std::collections::BTreeMap;

use choucha::value::Day;

use crate::support::day;

/// The value of a fact.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Cell {
    One(String),
    Many(Vec<String>),
}

impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        Cell::One(text.to_owned())
    }
}

impl From<String> for Cell {
    fn from(text: String) -> Self {
        Cell::One(text)
    }
}

impl From<Day> for Cell {
    fn from(day: Day) -> Self {
        Cell::One(day.to_string())
    }
}

impl<const N: usize> From<[&str; N]> for Cell {
    fn from(texts: [&str; N]) -> Self {
        Cell::Many(texts.map(str::to_owned).to_vec())
    }
}

impl From<Vec<String>> for Cell {
    fn from(texts: Vec<String>) -> Self {
        Cell::Many(texts)
    }
}

/// The facts of a case or of a campaign's record, by path.
pub(crate) type Facts = BTreeMap<&'static str, Cell>;

/// The facts of a ledger in the order of its columns, with their headers.
pub(crate) const COLUMNS: &[(&str, &str)] = &[
    ("case.number", "案卷编号"),
    ("case.ruleset", "适用规则集"),
    ("case.campaign", "抽查任务名称"),
    ("case.kind", "抽查类型"),
    ("case.organiser", "组织部门"),
    ("case.sampling_agency", "抽样机构"),
    ("case.inspection_agency", "承检机构"),
    ("case.city_bureau", "市级市场监管部门"),
    ("case.county_bureau", "县级市场监管部门"),
    ("respondent.name", "受检单位"),
    ("respondent.city", "所在市"),
    ("respondent.county", "所在县区"),
    ("respondent.premises", "场所类型"),
    ("respondent.size", "经营规模"),
    ("product.name", "产品·产品名称"),
    ("product.plan_product", "产品·计划产品"),
    ("product.brand", "商标"),
    ("product.model", "规格型号"),
    ("product.standard", "执行标准"),
    ("product.brand_tier", "品牌档次"),
    ("product.for_elderly", "老年用品"),
    ("producer.name", "标称生产企业"),
    ("draw.respondent_random", "随机抽取被抽样单位"),
    ("draw.samplers_random", "随机选派抽样人员"),
    ("sampling.sampled_on", "抽样日期"),
    ("sampling.channel", "抽样方式"),
    ("sampling.field", "抽查领域"),
    ("sampling.outcome", "抽样结果"),
    ("sampling.samplers", "抽样人员"),
    ("sampling.crossed", "交叉抽样"),
    ("sampling.quantity_reflects", "抽取数量反映质量现状"),
    ("testing.testers", "检验人员"),
    ("testing.on_site", "现场检验"),
    ("report.conclusion", "检验结论"),
    ("retest.conclusion", "复检结论"),
    ("follow_up.bureau", "负责结果处理部门"),
];

/// A product to check, and who samples and tests it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Ware {
    pub(crate) product: &'static str,
    pub(crate) at_producers: bool,
    pub(crate) sampled_by: &'static str,
    pub(crate) tested_by: &'static str,
}

/// Where samples are taken.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Place {
    pub(crate) city: &'static str,
    pub(crate) county: &'static str,
    pub(crate) city_bureau: &'static str,
    pub(crate) county_bureau: &'static str,
    /// The agency that samples and tests there if the plan divides the territory; else empty.
    pub(crate) agency: &'static str,
}

/// The facts that all cases of a campaign share.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Notice {
    /// The folder of the fixture.
    pub(crate) name: &'static str,
    pub(crate) rule_set: &'static str,
    /// The title of the rule set, by which its cases and its own group name it.
    pub(crate) campaign: &'static str,
    pub(crate) prefix: &'static str,
    pub(crate) organiser: &'static str,
    pub(crate) organiser_level: &'static str,
    pub(crate) agencies: &'static [&'static str],
    pub(crate) first_day: &'static str,
    pub(crate) wares: &'static [Ware],
    pub(crate) places: &'static [Place],
    /// Whether the county bureau of the place handles failures, not that of the city.
    pub(crate) by_county: bool,
    /// Columns that its duties across cases do not read.
    pub(crate) without: &'static [&'static str],
    /// Whether its files are a folder of dossiers instead of one NDJSON.
    pub(crate) dossiers: bool,
    /// Whether the workbook lists the samplers on a separate sheet.
    pub(crate) people_apart: bool,
}

/// A finding across cases that a planted violation leads to.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Expected {
    pub(crate) obligation: String,
    pub(crate) outcome: String,
    pub(crate) group: String,
    pub(crate) cases: Vec<String>,
}

/// The samplers on the list for the draw.
const SAMPLERS: [&str; 12] = [
    "张甲", "李乙", "王丙", "赵丁", "钱戊", "孙己", "周庚", "吴辛", "郑壬", "冯癸", "陈子", "褚丑",
];

/// The testers.
const TESTERS: [&str; 6] = ["卫寅", "蒋卯", "沈辰", "韩巳", "杨午", "朱未"];

/// A campaign under construction.
#[derive(Debug, Clone)]
pub(crate) struct Campaign {
    pub(crate) notice: Notice,
    pub(crate) cases: Vec<Facts>,
    /// Its own record.
    pub(crate) record: Facts,
    /// A second record of the campaign over the same cases.
    pub(crate) other: Facts,
    pub(crate) expected: Vec<Expected>,
    pub(crate) expected_of_other: Vec<Expected>,
    undrawn: Vec<usize>,
    seed: u64,
}

impl Campaign {
    pub(crate) fn new(notice: Notice) -> Self {
        Campaign {
            notice,
            cases: Vec::new(),
            record: Facts::new(),
            other: Facts::new(),
            expected: Vec::new(),
            expected_of_other: Vec::new(),
            undrawn: Vec::new(),
            seed: 20_240_110,
        }
    }

    /// A number below a bound, the same in every run.
    fn random(&mut self, below: usize) -> usize {
        self.seed = self
            .seed
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.seed >> 33).unwrap() % below
    }

    /// The day on which sampling begins.
    pub(crate) fn first_day(&self) -> Day {
        day(self.notice.first_day)
    }

    /// Adds the next batch, of a product at a place and from a respondent of its own.
    pub(crate) fn add(&mut self, ware: usize, place: usize) -> usize {
        let (notice, n) = (self.notice, self.cases.len() + 1);
        let (ware, place) = (notice.wares[ware], notice.places[place]);
        let by = |own: &'static str| match (own, place.agency) {
            ("", agency) => agency,
            (own, _) => own,
        };
        // The first two are sampled on the first day; nobody samples on the second.
        let after = match n {
            1 | 2 => 0,
            _ => 2 + i32::try_from(n / 4).unwrap() + i32::from(self.random(3) == 0),
        };
        let sampler = self.random(SAMPLERS.len());
        let other = (sampler + 1 + self.random(SAMPLERS.len() - 1)) % SAMPLERS.len();
        let tester = self.random(TESTERS.len());
        let kind = if ware.at_producers { "厂" } else { "商行" };
        let mut facts = Facts::new();
        let mut put = |path: &'static str, cell: Cell| facts.insert(path, cell);
        put("case.number", format!("{}{n:03}", notice.prefix).into());
        put("case.ruleset", notice.rule_set.into());
        put("case.campaign", notice.campaign.into());
        put("case.kind", "计划抽查".into());
        put("case.organiser", notice.organiser.into());
        put("case.sampling_agency", by(ware.sampled_by).into());
        put("case.inspection_agency", by(ware.tested_by).into());
        put("case.city_bureau", place.city_bureau.into());
        put("case.county_bureau", place.county_bureau.into());
        put(
            "respondent.name",
            format!("{}示例{n:02}号{kind}", place.city).into(),
        );
        put("respondent.city", place.city.into());
        put("respondent.county", place.county.into());
        let premises = if ware.at_producers {
            "生产企业"
        } else {
            "一般门店"
        };
        put("respondent.premises", premises.into());
        put("respondent.size", ["大型", "中型", "小型"][n % 3].into());
        put("product.name", ware.product.into());
        put("product.plan_product", ware.product.into());
        put("product.brand", format!("示例{}牌", n % 7 + 1).into());
        put("product.model", format!("示-{n:03}").into());
        put("product.standard", "GB 示例-2020".into());
        put("product.brand_tier", ["高档", "中档", "低档"][n % 3].into());
        put("product.for_elderly", "否".into());
        put(
            "producer.name",
            format!("示例第{}制造有限公司", n % 9 + 1).into(),
        );
        put("draw.respondent_random", "是".into());
        put("draw.samplers_random", "是".into());
        put(
            "sampling.sampled_on",
            (day(notice.first_day) + after).into(),
        );
        put("sampling.channel", "现场抽样".into());
        let field = if ware.at_producers {
            "生产领域"
        } else {
            "流通领域"
        };
        put("sampling.field", field.into());
        put("sampling.outcome", "完成抽样".into());
        put(
            "sampling.samplers",
            [SAMPLERS[sampler], SAMPLERS[other]].into(),
        );
        put("sampling.crossed", "否".into());
        put("sampling.quantity_reflects", "是".into());
        put("testing.testers", [TESTERS[tester]].into());
        put("testing.on_site", "否".into());
        put("report.conclusion", "合格".into());
        put("retest.conclusion", "无".into());
        put("follow_up.bureau", "无".into());
        facts.retain(|path, _| !notice.without.contains(path));
        self.cases.push(facts);
        n - 1
    }

    /// Adds several batches.
    pub(crate) fn add_all(&mut self, wares_and_places: &[(usize, usize)]) -> Vec<usize> {
        wares_and_places
            .iter()
            .map(|(ware, place)| self.add(*ware, *place))
            .collect()
    }

    pub(crate) fn set(&mut self, case: usize, path: &'static str, cell: impl Into<Cell>) {
        let column = COLUMNS.iter().any(|(column, _)| *column == path);
        assert!(column, "{path} is no column");
        self.cases[case].insert(path, cell.into());
    }

    pub(crate) fn get(&self, case: usize, path: &str) -> &str {
        match &self.cases[case][path] {
            Cell::One(text) => text,
            Cell::Many(texts) => panic!("{path} is a list: {texts:?}"),
        }
    }

    /// Sets a fact to the same text in several cases.
    pub(crate) fn share(&mut self, cases: &[usize], path: &'static str, text: &str) {
        for case in cases {
            self.set(*case, path, text);
        }
    }

    /// Gives several cases one respondent.
    pub(crate) fn of_one(&mut self, cases: &[usize], respondent: &str) {
        for path in ["respondent.city", "respondent.county"] {
            let text = self.get(cases[0], path).to_owned();
            self.share(cases, path, &text);
        }
        self.share(cases, "respondent.name", respondent);
    }

    /// Makes the report fail, handled by the given bureau.
    pub(crate) fn fails(&mut self, case: usize, bureau: &str) {
        self.set(case, "report.conclusion", "不合格");
        self.set(case, "follow_up.bureau", bureau);
    }

    /// Makes the report fail, handled by the bureau the notice names.
    pub(crate) fn fails_and_is_handled(&mut self, case: usize) {
        let by = if self.notice.by_county {
            "case.county_bureau"
        } else {
            "case.city_bureau"
        };
        let bureau = self.get(case, by).to_owned();
        self.fails(case, &bureau);
    }

    /// Terminates the sampling.
    pub(crate) fn terminates(&mut self, case: usize) {
        self.set(case, "sampling.outcome", "终止抽样");
        self.set(case, "report.conclusion", "无");
        self.set(case, "testing.testers", "无");
    }

    /// Makes the case an online purchase.
    pub(crate) fn is_online(&mut self, case: usize) {
        let name = self.get(case, "respondent.name").replace("商行", "网店");
        self.set(case, "respondent.name", name);
        self.set(case, "respondent.premises", "网店");
        self.set(case, "sampling.channel", "网络抽样");
    }

    /// Makes the respondent one that was not drawn, and the case says so.
    pub(crate) fn is_undrawn(&mut self, case: usize) {
        self.undrawn.push(case);
        self.set(case, "draw.respondent_random", "否");
    }

    /// Makes one sampler a person who was not assigned, and the case says so.
    pub(crate) fn is_sampled_by_a_stranger(&mut self, case: usize, samplers: [&str; 2]) {
        self.set(case, "sampling.samplers", samplers);
        self.set(case, "draw.samplers_random", "否");
    }

    /// Checks one product again in another campaign of the bureau, some days after the first case.
    pub(crate) fn again(&mut self, first: usize, second: usize, after: i32) {
        for path in [
            "product.name",
            "product.plan_product",
            "product.brand",
            "product.model",
            "product.standard",
            "producer.name",
        ] {
            let text = self.get(first, path).to_owned();
            self.set(second, path, text);
        }
        let day = day(self.get(first, "sampling.sampled_on")) + after;
        self.set(second, "sampling.sampled_on", day);
        let name = format!("{}（另一任务）", self.notice.organiser);
        self.set(second, "case.campaign", name);
    }

    /// Expects a finding whichever record the campaign has.
    pub(crate) fn expect(&mut self, obligation: &str, outcome: &str, group: &str, cases: &[usize]) {
        let expected = self.finding(obligation, outcome, group, cases);
        self.expected.push(expected.clone());
        self.expected_of_other.push(expected);
    }

    /// Expects a finding on the campaign itself, whichever record it has.
    pub(crate) fn expect_of_all(&mut self, obligation: &str, outcome: &str, cases: &[usize]) {
        self.expect(obligation, outcome, self.notice.campaign, cases);
    }

    /// A finding on the campaign itself, under one of the records.
    pub(crate) fn paper(&self, obligation: &str, outcome: &str, cases: &[usize]) -> Expected {
        self.finding(obligation, outcome, self.notice.campaign, cases)
    }

    /// A finding in the form that is compared.
    pub(crate) fn finding(
        &self,
        obligation: &str,
        outcome: &str,
        group: &str,
        cases: &[usize],
    ) -> Expected {
        let mut numbers: Vec<String> = cases
            .iter()
            .map(|case| self.get(*case, "case.number").to_owned())
            .collect();
        numbers.sort();
        Expected {
            obligation: obligation.to_owned(),
            outcome: outcome.to_owned(),
            group: group.to_owned(),
            cases: numbers,
        }
    }

    /// The cases for which a condition holds.
    pub(crate) fn those(&self, holds: impl Fn(&Facts) -> bool) -> Vec<usize> {
        (0..self.cases.len())
            .filter(|case| holds(&self.cases[*case]))
            .collect()
    }

    /// The cases of a product.
    pub(crate) fn of_product(&self, product: &str) -> Vec<usize> {
        self.those(|facts| facts["product.plan_product"] == product.into())
    }

    /// A record of the campaign without faults, once all cases are there.
    pub(crate) fn orderly(&self, done_by: &str) -> Facts {
        let before = self.first_day() + -7;
        let done = day(done_by);
        let drawn = (0..self.cases.len())
            .filter(|case| !self.undrawn.contains(case))
            .map(|case| self.get(case, "respondent.name").to_owned());
        let mut respondents: Vec<String> = Vec::new();
        for name in drawn {
            if !respondents.contains(&name) {
                respondents.push(name);
            }
        }
        let owned = |texts: &[&str]| Cell::Many(texts.iter().map(|text| (*text).into()).collect());
        let mut facts = Facts::new();
        facts.insert("ruleset", self.notice.rule_set.into());
        facts.insert("name", self.notice.campaign.into());
        facts.insert("organiser", self.notice.organiser.into());
        facts.insert("organiser_level", self.notice.organiser_level.into());
        facts.insert("agencies", owned(self.notice.agencies));
        for path in [
            "yearly_plan_made_on",
            "yearly_plan_filed_on",
            "scheme_made_on",
            "rules_made_on",
            "filed_on",
            "accepted_on",
            "rules_published_on",
            "samplers_trained_on",
            "cross_sampling_planned_on",
        ] {
            facts.insert(path, before.into());
        }
        for path in [
            "analysis_electronic_on",
            "analysis_stamped_on",
            "summary_electronic_on",
            "summary_stamped_on",
            "volume_on",
            "materials_due_on",
            "materials_on",
            "results_analysed_on",
            "results_published_on",
            "government_told_on",
            "upper_bureau_told_on",
            "departments_told_on",
        ] {
            facts.insert(path, done.into());
        }
        facts.insert(
            "scheme_contents",
            ["抽查产品范围", "工作分工", "进度要求"].into(),
        );
        facts.insert(
            "rules_contents",
            ["抽样方法", "检验项目", "检验方法", "判定规则"].into(),
        );
        for path in [
            "procured",
            "agreements_signed",
            "agencies_qualified",
            "samplers_instructed",
            "cross_sampling_required",
            "materials_electronic",
        ] {
            facts.insert(path, "是".into());
        }
        facts.insert("agreement_contents", ["权利", "义务", "违约责任"].into());
        facts.insert("drawn_respondents", respondents.into());
        facts.insert("drawn_samplers", SAMPLERS.into());
        facts.insert("ecqs_clerks", ["录入员某"].into());
        facts.insert(
            "supervision_measures",
            ["现场影像记录", "抽样文书复核", "事后倒查"].into(),
        );
        facts.insert("volume_papers", ["合格报告", "不合格报告", "抽样单"].into());
        facts.insert(
            "materials",
            ["检验汇总数据", "质量分析报告", "检验报告", "抽检文书"].into(),
        );
        facts
    }
}
