//! The campaigns of the six notices, and the violations planted in each.

use super::ledger::{Campaign, Notice, Place, Ware};

/// Every campaign.
pub(crate) fn all() -> Vec<Campaign> {
    vec![
        batch_1(),
        coal(),
        machinery(),
        datong(),
        zhangjiagang(),
        chongqing(),
    ]
}

const fn ware(product: &'static str, at_producers: bool, by: &'static str) -> Ware {
    Ware {
        product,
        at_producers,
        sampled_by: by,
        tested_by: by,
    }
}

const fn place(
    city: &'static str,
    county: &'static str,
    city_bureau: &'static str,
    county_bureau: &'static str,
    agency: &'static str,
) -> Place {
    Place {
        city,
        county,
        city_bureau,
        county_bureau,
        agency,
    }
}

const TAIYUAN: Place = place(
    "太原市",
    "示例甲区",
    "太原市市场监督管理局",
    "太原市示例甲区市场监督管理局",
    "",
);
const JINZHONG: Place = place(
    "晋中市",
    "示例乙县",
    "晋中市市场监督管理局",
    "晋中市示例乙县市场监督管理局",
    "",
);

/// Columns that only Chongqing's duties across cases read.
const NOT_SIZES: [&str; 4] = [
    "respondent.size",
    "product.brand_tier",
    "sampling.crossed",
    "sampling.quantity_reflects",
];

/// The papers that all four notices of Shanxi demand: late or missing, once in each record.
fn papers_of_shanxi(campaign: &mut Campaign, deadline: &str, analysis: &str) {
    let begun = campaign.first_day();
    let record = campaign.orderly(deadline);
    campaign.record = record.clone();
    for (path, day) in [
        ("rules_published_on", 1),
        ("filed_on", 1),
        ("accepted_on", 5),
    ] {
        campaign.record.insert(path, (begun + day).into());
    }
    let late = crate::support::day(deadline) + 5;
    campaign
        .record
        .insert("analysis_electronic_on", late.into());
    campaign
        .record
        .insert("volume_papers", ["合格报告", "抽样单"].into());
    campaign.record.insert("yearly_plan_filed_on", "无".into());
    let early = campaign.those(|facts| facts["sampling.sampled_on"] == begun.into());
    let found = [
        campaign.paper(
            "campaign.rules-published-before-sampling",
            "violated",
            &early,
        ),
        campaign.paper("campaign.plan-and-rules-filed", "review", &early),
        campaign.paper(analysis, "violated", &[]),
        campaign.paper("campaign.bound-volume", "violated", &[]),
        campaign.paper("order-18.campaign.yearly-plan-filed", "violated", &[]),
    ];
    campaign.expected.extend(found);

    campaign.other = record;
    campaign
        .other
        .insert("scheme_contents", ["抽查产品范围", "工作分工"].into());
    campaign
        .other
        .insert("agreement_contents", ["权利", "义务"].into());
    for path in [
        "results_published_on",
        "upper_bureau_told_on",
        "ecqs_clerks",
    ] {
        campaign.other.insert(path, "无".into());
    }
    let found = [
        "campaign.plan-and-rules-drawn-up",
        "campaign.results-announced",
        "campaign.ecqs-clerks-named",
        "order-18.campaign.agencies-procured-and-contracted",
        "order-18.campaign.results-reported",
    ]
    .map(|obligation| campaign.paper(obligation, "violated", &[]));
    campaign.expected_of_other.extend(found);
}

/// In the other record all sampling is done. The duty to announce its results then rests on the cases, each of which
/// has its own.
fn all_is_sampled(campaign: &mut Campaign) {
    campaign.other.insert("sampling_finished", "是".into());
    let every: Vec<usize> = (0..campaign.cases.len()).collect();
    let named = campaign.paper("", "", &every).cases;
    for found in &mut campaign.expected_of_other {
        if found.obligation.ends_with("campaign.results-announced") {
            found.cases.clone_from(&named);
        }
    }
}

/// At a supermarket, too few samples to show the quality on sale.
fn too_few_at_a_mall(campaign: &mut Campaign, case: usize) {
    campaign.set(case, "respondent.premises", "超市");
    campaign.set(case, "sampling.quantity_reflects", "否");
    let name = campaign.get(case, "respondent.name").to_owned();
    campaign.expect(
        "batches.reflect-quality-at-malls",
        "violated",
        &name,
        &[case],
    );
}

/// In the other record no work is assigned, and costs are not paid from the budget.
fn unassigned_and_unpaid(campaign: &mut Campaign) {
    for path in [
        "accountability_set_up",
        "work_assigned",
        "costs_from_budget",
    ] {
        campaign.record.insert(path, "是".into());
        campaign.other.insert(path, "否".into());
    }
    let found = [
        "campaign.accountability-and-work-assigned",
        "campaign.costs-from-budget",
    ]
    .map(|obligation| campaign.paper(obligation, "violated", &[]));
    campaign.expected_of_other.extend(found);
}

/// A respondent and a sampler who were not drawn; a follow-up of an earlier failure need not be.
fn drawn(campaign: &mut Campaign, undrawn: usize, stranger: usize, followed: usize) {
    campaign.is_undrawn(undrawn);
    campaign.is_undrawn(followed);
    campaign.set(followed, "case.kind", "跟踪抽查");
    campaign.is_sampled_by_a_stranger(stranger, ["张甲", "未选派某"]);
    campaign.expect_of_all(
        "order-18.campaign.drawn-at-random",
        "violated",
        &[undrawn, stranger],
    );
}

/// One product checked in two campaigns within six months; and another whose second check was a follow-up.
fn twice_in_six_months(campaign: &mut Campaign, cases: [usize; 4], after: i32) {
    let [first, second, followed, follow_up] = cases;
    campaign.again(first, second, after);
    let group = format!(
        "{} · {}",
        campaign.get(first, "producer.name"),
        campaign.get(first, "product.model")
    );
    campaign.expect(
        "order-18.campaign.not-twice-in-six-months",
        "violated",
        &group,
        &[first, second],
    );
    campaign.again(followed, follow_up, after);
    campaign.set(follow_up, "case.kind", "跟踪抽查");
}

/// Two batches of one product from one respondent, and a terminated sampling, which is no batch.
fn two_of_a_product(campaign: &mut Campaign, cases: [usize; 3], name: &str, outcome: &str) {
    let [one, two, terminated] = cases;
    campaign.of_one(&cases, name);
    campaign.terminates(terminated);
    let group = format!("{name} · {}", campaign.get(one, "product.plan_product"));
    campaign.expect(
        "batches.one-of-a-product-per-respondent",
        outcome,
        &group,
        &[one, two],
    );
}

/// Three batches of different products from one respondent.
fn three_of_one(campaign: &mut Campaign, cases: &[usize], name: &str, outcome: &str) {
    campaign.of_one(cases, name);
    campaign.expect("batches.at-most-two-per-respondent", outcome, name, cases);
}

/// A product that is not in the plan.
fn unlisted(campaign: &mut Campaign, case: usize, product: &str, outcome: &str) {
    campaign.set(case, "product.name", product);
    let planned = if outcome == "review" { "无" } else { product };
    campaign.set(case, "product.plan_product", planned);
    campaign.expect("plan.product-listed", outcome, product, &[case]);
}

/// Sampled and tested by an agency that the plan does not give the product.
fn by_another(campaign: &mut Campaign, case: usize, agency: &str) {
    campaign.set(case, "case.sampling_agency", agency);
    campaign.set(case, "case.inspection_agency", agency);
    campaign.expect("agency.within-its-products", "violated", agency, &[case]);
}

/// A failure handled by the bureau of another place.
fn handled_elsewhere(campaign: &mut Campaign, case: usize, bureau: &str, obligation: &str) {
    campaign.fails(case, bureau);
    campaign.expect_of_all(obligation, "violated", &[case]);
}

const CENTRE: &str = "山西省检验检测中心";

/// 晋市监发〔2024〕3号.
fn batch_1() -> Campaign {
    const WARES: &[Ware] = &[
        ware("水泥包装袋", true, CENTRE),
        ware("转换器", false, CENTRE),
        ware("紧固件", false, CENTRE),
        ware("复合肥料", true, CENTRE),
        ware("塑料购物袋", false, CENTRE),
        ware("休闲服装", false, CENTRE),
        ware("食品接触用金属制品", false, CENTRE),
    ];
    let mut it = Campaign::new(Notice {
        name: "shanxi-2024-batch-1",
        rule_set: "shanxi/2024-batch-1",
        campaign: "山西省2024年第一批产品质量监督抽查",
        prefix: "晋抽2024-",
        organiser: "山西省市场监督管理局",
        organiser_level: "省级",
        agencies: &[CENTRE],
        first_day: "2024-01-22",
        wares: WARES,
        places: &[TAIYUAN, JINZHONG],
        by_county: false,
        without: &[
            "respondent.size",
            "product.brand_tier",
            "sampling.crossed",
            "product.for_elderly",
        ],
        dossiers: false,
        people_apart: false,
    });
    let orderly = it.add_all(&[(2, 0), (3, 1), (4, 0), (5, 1), (5, 0), (3, 0)]);
    it.fails_and_is_handled(orderly[3]);
    // Ten bags are planned, and eleven taken; a terminated sampling is no batch.
    let bags = it.add_all(&[(0, 0); 12]);
    it.terminates(bags[11]);
    it.expect("plan.batches", "violated", "水泥包装袋", &bags[..11]);
    // Five of ten converters are to be bought online, and six were.
    let converters = it.add_all(&[(1, 1); 7]);
    for case in &converters[..6] {
        it.is_online(*case);
    }
    it.expect("plan.online-batches", "violated", "转换器", &converters);
    let fastener = it.add(2, 1);
    it.is_online(fastener);
    let fasteners = it.of_product("紧固件");
    it.expect("plan.online-batches", "review", "紧固件", &fasteners);
    let at_producer = it.add(6, 0);
    it.set(at_producer, "sampling.field", "生产领域");
    it.set(at_producer, "respondent.premises", "生产企业");
    it.expect(
        "plan.field",
        "violated",
        "食品接触用金属制品",
        &[at_producer],
    );
    let cases = [it.add(4, 1), it.add(4, 1), it.add(4, 1)];
    two_of_a_product(&mut it, cases, "晋中市示例塑料制品商行", "review");
    let cases = it.add_all(&[(4, 0), (5, 0), (6, 0)]);
    three_of_one(&mut it, &cases, "太原市示例杂货商行", "violated");
    let cases = it.add_all(&[(4, 1), (5, 1), (6, 1)]);
    it.share(&cases, "respondent.premises", "大型商场");
    three_of_one(&mut it, &cases, "晋中市示例商场", "review");
    let cases = it.add_all(&[(5, 0), (5, 0)]);
    unlisted(&mut it, cases[0], "电动牙刷", "violated");
    unlisted(&mut it, cases[1], "农用薄膜（聚乙烯）", "review");
    let case = it.add(4, 0);
    by_another(&mut it, case, "示例检验机构乙");
    let case = it.add(3, 1);
    handled_elsewhere(
        &mut it,
        case,
        "太原市市场监督管理局",
        "campaign.results-handled-by-city",
    );
    drawn(&mut it, orderly[4], orderly[2], orderly[5]);
    let cases = [it.add(5, 0), it.add(5, 1), it.add(3, 0), it.add(3, 1)];
    twice_in_six_months(&mut it, cases, 60);
    let case = it.add(5, 1);
    too_few_at_a_mall(&mut it, case);
    papers_of_shanxi(&mut it, "2024-04-03", "campaign.analysis-by-2024-04-05");
    unassigned_and_unpaid(&mut it);
    it
}

const FIRST: &str = "山西省工业标准化研究院";
const SECOND: &str = "陕西省能源质量监督检验所";

/// 晋市监发〔2021〕158号.
fn coal() -> Campaign {
    const WARES: &[Ware] = &[
        ware("动力用煤", false, ""),
        ware("冶金用煤", true, ""),
        ware("化工用原料煤", false, ""),
        ware("冶金焦炭", true, ""),
        ware("铸造焦炭", true, ""),
    ];
    const PLACES: &[Place] = &[
        place(
            "大同市",
            "示例甲区",
            "大同市市场监督管理局",
            "大同市示例甲区市场监督管理局",
            FIRST,
        ),
        place(
            "运城市",
            "示例乙县",
            "运城市市场监督管理局",
            "运城市示例乙县市场监督管理局",
            SECOND,
        ),
    ];
    let mut it = Campaign::new(Notice {
        name: "shanxi-2021-158-coal",
        rule_set: "shanxi/2021-158-coal",
        campaign: "山西省2021年工业用煤及焦炭产品质量专项监督抽查",
        prefix: "煤抽2021-",
        organiser: "山西省市场监督管理局",
        organiser_level: "省级",
        agencies: &[FIRST, SECOND],
        first_day: "2021-07-28",
        wares: WARES,
        places: PLACES,
        by_county: false,
        without: &[
            "sampling.quantity_reflects",
            "respondent.size",
            "product.brand_tier",
            "sampling.crossed",
            "product.for_elderly",
        ],
        dossiers: false,
        people_apart: true,
    });
    let orderly = it.add_all(&[(0, 0), (1, 1), (2, 0), (0, 1), (1, 0), (2, 1)]);
    it.fails_and_is_handled(orderly[3]);
    // The second agency has twenty batches of both cokes, and took twenty-one.
    it.add_all(&[(3, 1); 12]);
    it.add_all(&[(4, 1); 9]);
    let cases = [it.add(2, 0), it.add(2, 0), it.add(2, 0)];
    two_of_a_product(&mut it, cases, "大同市示例煤业商行", "violated");
    let cases = it.add_all(&[(0, 1), (1, 1), (2, 1)]);
    three_of_one(&mut it, &cases, "运城市示例能源商行", "violated");
    let case = it.add(0, 0);
    unlisted(&mut it, case, "民用型煤", "violated");
    let case = it.add(0, 0);
    unlisted(&mut it, case, "示例三号煤", "review");
    // Outside the territory: an agency of the plan, and one whose case does not say where it was.
    let case = it.add(0, 1);
    it.set(case, "case.sampling_agency", FIRST);
    it.set(case, "case.inspection_agency", FIRST);
    it.expect("agency.within-its-territory", "violated", FIRST, &[case]);
    let case = it.add(1, 1);
    it.set(case, "respondent.city", "无");
    let nowhere = case;
    let case = it.add(0, 0);
    by_another(&mut it, case, "示例煤炭检验机构丙");
    let case = it.add(1, 0);
    handled_elsewhere(
        &mut it,
        case,
        "运城市市场监督管理局",
        "campaign.results-handled-by-city",
    );
    drawn(&mut it, orderly[4], orderly[2], orderly[5]);
    let cases = [it.add(0, 0), it.add(0, 0), it.add(0, 1), it.add(0, 1)];
    twice_in_six_months(&mut it, cases, 40);
    let coke = it.those(|facts| {
        ["冶金焦炭", "铸造焦炭"]
            .iter()
            .any(|product| facts["product.plan_product"] == (*product).into())
    });
    let found = it.paper("plan.shared-batches", "violated", &coke);
    it.expected.push(found);
    // If this case alone leaves it open, the finding rests on all cases of its agency.
    let seconds = it.those(|facts| facts["case.sampling_agency"] == SECOND.into());
    assert!(seconds.contains(&nowhere));
    it.expect("agency.within-its-territory", "review", SECOND, &seconds);
    papers_of_shanxi(&mut it, "2021-09-29", "campaign.analysis-by-2021-09-30");
    unassigned_and_unpaid(&mut it);
    // In the other record all sampling is done: nobody who failed the year before was checked, and every product falls
    // short.
    all_is_sampled(&mut it);
    it.other
        .insert("last_year_failed", ["大同市示例旧煤场"].into());
    let every: Vec<usize> = (0..it.cases.len()).collect();
    let found = [
        "campaign.last-year-failures-followed",
        "plan.shared-batches",
    ]
    .map(|obligation| it.paper(obligation, "violated", &every));
    it.expected_of_other.extend(found);
    for product in ["动力用煤", "冶金用煤", "化工用原料煤"] {
        let found = it.finding("plan.batches", "violated", product, &it.of_product(product));
        it.expected_of_other.push(found);
    }
    it
}

/// 晋市监发〔2021〕159号.
fn machinery() -> Campaign {
    const MACHINES: &str = "山西省机械产品质量监督检验站有限公司";
    const DAILY: &str = "华测检测认证集团股份有限公司";
    const TEXTILES: &str = "广州检验检测认证集团有限公司";
    const WARES: &[Ware] = &[
        ware("输电线路铁塔", true, MACHINES),
        ware("砂轮", false, MACHINES),
        ware("法兰", true, MACHINES),
        ware("牙刷", false, DAILY),
        ware("洗衣粉", false, DAILY),
        ware("湿巾", false, DAILY),
        ware("毛巾", false, TEXTILES),
        ware("休闲鞋", false, TEXTILES),
        ware("背提包", false, TEXTILES),
    ];
    // The other products of the plan: no batch was taken of them.
    const NOT_SAMPLED: [&str; 19] = [
        "钢丝绳",
        "电力金具",
        "玛钢管件",
        "纸尿裤（片、垫）",
        "卫生巾（护垫）",
        "纸巾纸",
        "卫生纸",
        "厨房纸巾",
        "沐浴剂",
        "衣料用液体洗涤剂",
        "卫生洁具清洗剂",
        "大衣、西服",
        "休闲服装",
        "旅行箱包",
        "女士内衣",
        "针织品",
        "泳装",
        "围巾披肩",
        "运动鞋",
    ];
    let mut it = Campaign::new(Notice {
        name: "shanxi-2021-159-machinery-daily-textile",
        rule_set: "shanxi/2021-159-machinery-daily-textile",
        campaign: "山西省2021年机械产品、日用品和纺织服装类产品质量专项监督抽查",
        prefix: "机抽2021-",
        organiser: "山西省市场监督管理局",
        organiser_level: "省级",
        agencies: &[MACHINES, DAILY, TEXTILES],
        first_day: "2021-07-28",
        wares: WARES,
        places: &[TAIYUAN, JINZHONG],
        by_county: false,
        without: &NOT_SIZES,
        dossiers: false,
        people_apart: false,
    });
    let orderly = it.add_all(&[(1, 0), (2, 1), (4, 0), (5, 1), (6, 0), (7, 1), (8, 0)]);
    it.fails_and_is_handled(orderly[3]);
    let towers = it.add_all(&[(0, 1); 11]);
    it.expect("plan.batches", "violated", "输电线路铁塔", &towers);
    let cases = [it.add(3, 0), it.add(3, 0), it.add(3, 0)];
    two_of_a_product(&mut it, cases, "太原市示例日化商行", "violated");
    let cases = it.add_all(&[(6, 1), (7, 1), (8, 1)]);
    three_of_one(&mut it, &cases, "晋中市示例鞋帽商行", "violated");
    let case = it.add(4, 0);
    unlisted(&mut it, case, "洗洁精", "violated");
    let case = it.add(4, 0);
    unlisted(&mut it, case, "示例去渍粉", "review");
    // Another agency of the plan tested textiles, and one that the plan does not know tested flanges.
    let case = it.add(6, 0);
    by_another(&mut it, case, DAILY);
    let case = it.add(2, 0);
    by_another(&mut it, case, "示例检验机构丙");
    let case = it.add(1, 1);
    handled_elsewhere(
        &mut it,
        case,
        "太原市市场监督管理局",
        "campaign.results-handled-by-city",
    );
    drawn(&mut it, orderly[4], orderly[2], orderly[5]);
    let cases = [it.add(1, 0), it.add(1, 1), it.add(4, 0), it.add(4, 1)];
    twice_in_six_months(&mut it, cases, 45);
    let textiles = it.those(|facts| {
        let is = |product: &&str| facts["product.plan_product"] == (**product).into();
        ["毛巾", "休闲鞋", "背提包"].iter().any(is)
    });
    assert_eq!(textiles.len(), 7);
    let every: Vec<usize> = (0..it.cases.len()).collect();
    it.expect_of_all("plan.goods-for-the-elderly", "review", &every);
    papers_of_shanxi(&mut it, "2021-09-24", "campaign.analysis-by-2021-09-25");
    unassigned_and_unpaid(&mut it);
    // In the other record all sampling is done: no last year's failure was checked, and all products but one are short,
    // most of all batches.
    all_is_sampled(&mut it);
    it.other
        .insert("last_year_failed", ["太原市示例旧法兰厂"].into());
    let every: Vec<usize> = (0..it.cases.len()).collect();
    let found = it.paper("campaign.last-year-failures-followed", "violated", &every);
    it.expected_of_other.push(found);
    let sampled = WARES[1..].iter().map(|ware| ware.product);
    for product in sampled.chain(NOT_SAMPLED) {
        let found = it.finding("plan.batches", "violated", product, &it.of_product(product));
        it.expected_of_other.push(found);
    }
    it
}

/// 大同市2025年抽查.
fn datong() -> Campaign {
    const DIESEL_TESTER: &str = "天津五十一站质量检验中心有限公司";
    const DIESEL_SAMPLER: &str = "山西国海质检技术服务有限公司";
    const SCREENER: &str = "江苏威诺检测技术有限公司";
    const TEXTILES: &str = "天纺标检测认证股份有限公司";
    const WARES: &[Ware] = &[
        Ware {
            product: "车用柴油",
            at_producers: false,
            sampled_by: DIESEL_SAMPLER,
            tested_by: DIESEL_TESTER,
        },
        ware("电冰箱", false, SCREENER),
        ware("家用电动洗衣机", false, SCREENER),
        ware("羊绒针织衫", false, TEXTILES),
        ware("羽绒服装", false, TEXTILES),
    ];
    const PLACES: &[Place] = &[
        place(
            "大同市",
            "示例甲区",
            "大同市市场监督管理局",
            "大同市示例甲区市场监督管理局",
            "",
        ),
        place(
            "大同市",
            "示例乙县",
            "大同市市场监督管理局",
            "大同市示例乙县市场监督管理局",
            "",
        ),
    ];
    let mut it = Campaign::new(Notice {
        name: "shanxi-datong-2025",
        rule_set: "shanxi/datong-2025",
        campaign: "大同市2025年车用柴油、家电产品、羊绒衫、羽绒服等产品质量监督抽查",
        prefix: "同抽2025-",
        organiser: "大同市市场监督管理局",
        organiser_level: "市级",
        agencies: &[DIESEL_TESTER, DIESEL_SAMPLER, SCREENER, TEXTILES],
        first_day: "2025-10-13",
        wares: WARES,
        places: PLACES,
        by_county: true,
        without: &[
            "respondent.size",
            "product.brand_tier",
            "sampling.crossed",
            "product.for_elderly",
        ],
        dossiers: true,
        people_apart: false,
    });
    let orderly = it.add_all(&[
        (0, 0),
        (1, 1),
        (2, 0),
        (3, 1),
        (4, 0),
        (0, 1),
        (1, 0),
        (3, 0),
    ]);
    it.fails_and_is_handled(orderly[3]);
    let cases = [it.add(4, 0), it.add(4, 0), it.add(4, 0)];
    two_of_a_product(&mut it, cases, "大同市示例服饰商行", "review");
    let cases = it.add_all(&[(1, 1), (2, 1), (3, 1)]);
    three_of_one(&mut it, &cases, "大同市示例百货商行", "violated");
    let cases = it.add_all(&[(1, 0), (2, 0), (4, 0)]);
    it.share(&cases, "respondent.premises", "超市");
    three_of_one(&mut it, &cases, "大同市示例超市", "review");
    let case = it.add(2, 0);
    unlisted(&mut it, case, "电热毯", "violated");
    let case = it.add(3, 0);
    unlisted(&mut it, case, "示例羊毛衫", "review");
    // Diesel is sampled by one agency and tested by another; here the tester sampled it.
    let case = it.add(0, 1);
    it.set(case, "case.sampling_agency", DIESEL_TESTER);
    it.expect(
        "agency.within-its-products",
        "violated",
        DIESEL_TESTER,
        &[case],
    );
    // The notice does not say who tests appliances.
    let case = it.add(1, 1);
    it.set(case, "case.inspection_agency", "示例家电检验机构丁");
    it.expect(
        "agency.appliances-screened",
        "review",
        "示例家电检验机构丁",
        &[case],
    );
    let case = it.add(4, 1);
    it.is_online(case);
    let down = it.of_product("羽绒服装");
    it.expect("plan.online-batches", "review", "羽绒服装", &down);
    let case = it.add(0, 0);
    handled_elsewhere(
        &mut it,
        case,
        "大同市市场监督管理局",
        "campaign.results-handled-by-county-or-corps",
    );
    drawn(&mut it, orderly[4], orderly[2], orderly[5]);
    let cases = [it.add(2, 0), it.add(2, 1), it.add(3, 0), it.add(3, 1)];
    twice_in_six_months(&mut it, cases, 30);
    let case = it.add(2, 1);
    too_few_at_a_mall(&mut it, case);
    papers_of_shanxi(&mut it, "2025-11-19", "campaign.analysis-by-2025-11-20");
    unassigned_and_unpaid(&mut it);
    // In the other record all sampling is done, and every product falls short of its number.
    all_is_sampled(&mut it);
    let diesel = it.of_product("车用柴油");
    let found = it.finding("plan.batches", "violated", "车用柴油", &diesel);
    it.expected_of_other.push(found);
    let every: Vec<usize> = (0..it.cases.len()).collect();
    let found = it.paper("plan.shared-batches", "violated", &every);
    it.expected_of_other.push(found);
    it
}

/// 张市监质〔2021〕1号.
fn zhangjiagang() -> Campaign {
    const CENTRE: &str = "张家港市检验检测中心";
    const OTHER: &str = "中国检验认证集团江苏有限公司";
    const WARES: &[Ware] = &[
        ware("电动自行车", false, CENTRE),
        ware("童车", false, CENTRE),
        ware("电线电缆", true, OTHER),
        ware("学生文具", false, OTHER),
    ];
    const PLACES: &[Place] = &[place(
        "苏州市",
        "张家港市",
        "苏州市市场监督管理局",
        "张家港市市场监督管理局",
        "",
    )];
    let mut it = Campaign::new(Notice {
        name: "jiangsu-zhangjiagang-2021",
        rule_set: "jiangsu/zhangjiagang-2021",
        campaign: "2021年张家港市产商品质量监督抽查",
        prefix: "张抽2021-",
        organiser: "张家港市市场监督管理局",
        organiser_level: "县级",
        agencies: &[CENTRE, OTHER],
        first_day: "2021-05-10",
        wares: WARES,
        places: PLACES,
        by_county: true,
        without: &[
            "sampling.quantity_reflects",
            "respondent.size",
            "product.brand_tier",
            "sampling.crossed",
            "product.for_elderly",
        ],
        dossiers: false,
        people_apart: true,
    });
    let orderly: Vec<usize> = (0..26).map(|n| it.add(n % 4, 0)).collect();
    it.fails_and_is_handled(orderly[3]);
    it.terminates(orderly[9]);
    let case = it.add(0, 0);
    it.set(case, "case.sampling_agency", "示例检验机构丁");
    it.set(case, "case.inspection_agency", "示例检验机构丁");
    it.expect("agency.entrusted", "violated", "示例检验机构丁", &[case]);
    // One person sampled one batch and tested another; another did both with one batch.
    let cases = it.add_all(&[(1, 0), (3, 0)]);
    it.is_sampled_by_a_stranger(cases[0], ["张甲", "示例员甲"]);
    it.set(cases[1], "testing.testers", ["卫寅", "示例员甲"]);
    let both = it.add(1, 0);
    it.is_sampled_by_a_stranger(both, ["李乙", "示例员乙"]);
    it.set(both, "testing.testers", ["示例员乙"]);
    it.expect(
        "testing.teams-apart-across-batches",
        "review",
        "示例员甲",
        &cases,
    );
    it.expect(
        "testing.teams-apart-across-batches",
        "violated",
        "示例员乙",
        &[both],
    );
    it.is_undrawn(orderly[4]);
    it.expect_of_all(
        "order-18.campaign.drawn-at-random",
        "violated",
        &[orderly[4], cases[0], both],
    );
    let cases = [it.add(0, 0), it.add(0, 0), it.add(1, 0), it.add(1, 0)];
    twice_in_six_months(&mut it, cases, 90);

    let begun = it.first_day();
    let record = it.orderly("2021-11-30");
    it.record = record.clone();
    it.record.insert("accepted_on", begun.into());
    it.record.insert("rules_published_on", (begun + 1).into());
    it.record
        .insert("materials_on", crate::support::day("2021-12-03").into());
    it.record
        .insert("materials", ["检验汇总数据", "检验报告", "抽检文书"].into());
    it.record.insert("yearly_plan_filed_on", "无".into());
    let early = it.those(|facts| facts["sampling.sampled_on"] == begun.into());
    let every: Vec<usize> = (0..it.cases.len()).collect();
    let found = [
        it.paper("campaign.plan-agreed-before-sampling", "review", &every),
        it.paper("campaign.materials-handed-in", "violated", &[]),
        it.paper(
            "order-18.campaign.rules-published-before-sampling",
            "violated",
            &early,
        ),
        it.paper("order-18.campaign.yearly-plan-filed", "violated", &[]),
    ];
    it.expected.extend(found);

    it.other = record;
    it.other.insert("accepted_on", "无".into());
    it.other.insert(
        "rules_contents",
        ["抽样方法", "检验项目", "检验方法"].into(),
    );
    for path in ["agreements_signed", "agencies_qualified"] {
        it.other.insert(path, "否".into());
    }
    for path in ["results_analysed_on", "government_told_on"] {
        it.other.insert(path, "无".into());
    }
    let every: Vec<usize> = (0..it.cases.len()).collect();
    let batches = it.paper("plan.batches-by-field", "violated", &every);
    it.expected_of_other.push(batches);
    let found = [
        "campaign.plan-agreed-before-sampling",
        "order-18.campaign.plan-and-rules-drawn-up",
        "order-18.campaign.results-announced",
        "order-18.campaign.agencies-procured-and-contracted",
        "order-18.campaign.results-reported",
    ]
    .map(|obligation| it.paper(obligation, "violated", &[]));
    it.expected_of_other.extend(found);
    all_is_sampled(&mut it);
    it
}

/// 重庆市2021年抽查.
fn chongqing() -> Campaign {
    // The notice addresses this body by name.
    const INSTITUTE: &str = "重庆市计量质量检测研究院";
    const WARES: &[Ware] = &[
        ware("电热水壶", false, INSTITUTE),
        ware("儿童座椅", false, INSTITUTE),
        ware("安全帽", true, INSTITUTE),
        ware("电磁灶", false, INSTITUTE),
        ware("空气炸锅", false, INSTITUTE),
    ];
    const PLACES: &[Place] = &[
        place(
            "重庆市",
            "示例甲区",
            "重庆市市场监督管理局",
            "重庆市示例甲区市场监督管理局",
            "",
        ),
        place(
            "重庆市",
            "示例乙县",
            "重庆市市场监督管理局",
            "重庆市示例乙县市场监督管理局",
            "",
        ),
    ];
    let mut it = Campaign::new(Notice {
        name: "chongqing-2021-follow-up",
        rule_set: "chongqing/2021-follow-up",
        campaign: "重庆市市级产品质量监督抽查及后处理",
        prefix: "渝抽2021-",
        organiser: "重庆市市场监督管理局",
        organiser_level: "省级",
        agencies: &[INSTITUTE],
        first_day: "2021-09-06",
        wares: WARES,
        places: PLACES,
        by_county: true,
        without: &["product.for_elderly", "sampling.quantity_reflects"],
        dossiers: false,
        people_apart: false,
    });
    // Nine of each: every tier and every size three times.
    let orderly: Vec<usize> = (0..27).map(|n| it.add(n / 9, n % 2)).collect();
    it.fails_and_is_handled(orderly[3]);
    let cookers = it.add_all(&[(3, 0); 3]);
    it.set(cookers[0], "product.brand_tier", "高档");
    it.set(cookers[1], "product.brand_tier", "中档");
    it.set(cookers[2], "product.brand_tier", "中档");
    it.expect("coverage.brand-tiers", "violated", "电磁灶", &cookers);
    let fryers = it.add_all(&[(4, 1); 3]);
    it.share(&fryers, "respondent.size", "中型");
    it.set(fryers[0], "respondent.size", "大型");
    it.expect("coverage.business-sizes", "review", "空气炸锅", &fryers);
    drawn(&mut it, orderly[4], orderly[2], orderly[5]);
    let cases = [it.add(0, 0), it.add(0, 1), it.add(1, 0), it.add(1, 1)];
    twice_in_six_months(&mut it, cases, 90);

    let begun = it.first_day();
    // All sampling is done: the tiers and sizes still missing will not come any more.
    let mut record = it.orderly("2021-12-20");
    record.insert("sampling_finished", "是".into());
    it.record = record.clone();
    it.record.insert("samplers_trained_on", "无".into());
    it.record.insert("rules_published_on", (begun + 1).into());
    it.record.insert("yearly_plan_filed_on", "无".into());
    let early = it.those(|facts| facts["sampling.sampled_on"] == begun.into());
    let every: Vec<usize> = (0..it.cases.len()).collect();
    let found = [
        it.paper("campaign.samplers-trained-and-supervised", "violated", &[]),
        it.paper("campaign.cross-sampling-arranged", "violated", &every),
        it.paper(
            "order-18.campaign.rules-published-before-sampling",
            "violated",
            &early,
        ),
        it.paper("order-18.campaign.yearly-plan-filed", "violated", &[]),
    ];
    it.expected.extend(found);

    it.other = record;
    it.other
        .insert("supervision_measures", ["现场影像记录"].into());
    it.other.insert("cross_sampling_required", "否".into());
    it.other
        .insert("scheme_contents", ["抽查产品范围", "工作分工"].into());
    it.other
        .insert("agreement_contents", ["权利", "义务"].into());
    for path in ["results_published_on", "departments_told_on"] {
        it.other.insert(path, "无".into());
    }
    let supervised = it.paper("campaign.samplers-trained-and-supervised", "review", &[]);
    it.expected_of_other.push(supervised);
    let found = [
        "order-18.campaign.plan-and-rules-drawn-up",
        "order-18.campaign.results-announced",
        "order-18.campaign.agencies-procured-and-contracted",
        "order-18.campaign.results-reported",
    ]
    .map(|obligation| it.paper(obligation, "violated", &[]));
    it.expected_of_other.extend(found);
    all_is_sampled(&mut it);
    it
}
