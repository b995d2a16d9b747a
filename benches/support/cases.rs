//! Generated cases of the first Shanxi batch of 2024, as varied as a campaign's: on site and online, refused, terminated
//! and impossible, passing and failing, with objections, retests and follow-up; most kept carefully, some carelessly.

use choucha::value::Day;

use super::document::{Care, Form, Node};
use super::random::Random;

/// A case as a record.
pub fn case(seed: u64) -> Node {
    let mut random = Random::new(seed);
    let care = match random.below(10) {
        0..4 => Care {
            missing: 0,
            wrong: 0,
        },
        4..8 => Care {
            missing: 10,
            wrong: 15,
        },
        _ => Care {
            missing: 80,
            wrong: 60,
        },
    };
    let story = Story::draw(&mut random);
    let mut form = Form::new(random, care);
    story.tell(&mut form);
    form.finish()
}

/// How many of a thousand cases of an archive have clerical errors.
pub const SLIPS: u32 = 50;

/// A case of an archive, on one line with its line break: as varied as [`case`], each with its own respondent and number,
/// closed and complete; 50 of 1000 have clerical errors.
pub fn archived(seed: u64) -> String {
    let mut random = Random::new(seed.wrapping_mul(0x0000_0100_0000_01B3));
    let care = match random.per_mille(SLIPS) {
        true => Care {
            missing: 5,
            wrong: 15,
        },
        false => Care {
            missing: 0,
            wrong: 0,
        },
    };
    let mut story = Story::draw(&mut random);
    story.number = u32::try_from(seed).unwrap_or(u32::MAX).saturating_add(1);
    story.complete = true;
    story.closed = date(2024, 12, 31);
    // No campaign has so many batches of one product: without a product of the plan they are not grouped by it.
    story.planned = false;
    story.agency = "山西省检验检测中心";
    story.rechecked_badly = false;
    let mut form = Form::new(random, care);
    story.tell(&mut form);
    serde_json::to_string(&form.finish()).expect("a case is JSON") + "\n"
}

/// Cases as JSON texts.
pub fn json(seeds: std::ops::Range<u64>) -> Vec<String> {
    let text = |seed| serde_json::to_string(&case(seed)).expect("a case is JSON");
    seeds.map(text).collect()
}

/// Cases as YAML texts.
pub fn yaml(seeds: std::ops::Range<u64>) -> Vec<String> {
    let text = |seed| serde_yaml::to_string(&case(seed)).expect("a case is YAML");
    seeds.map(text).collect()
}

/// A case without errors, passed at a shop: nothing to report.
pub fn faultless() -> String {
    let story = Story {
        number: 7,
        online: false,
        producer: false,
        outcome: "completed",
        testing: "completed",
        refused_at_receipt: false,
        fails: false,
        objects: false,
        retested: false,
        stored: false,
        on_site_test: false,
        refuses_to_sign: false,
        corrected: false,
        rechecked_badly: false,
        complete: true,
        sampled: date(2024, 1, 22),
        closed: date(2024, 5, 31),
        agency: "示例检验机构甲",
        planned: true,
    };
    let mut form = Form::new(
        Random::new(7),
        Care {
            missing: 0,
            wrong: 0,
        },
    );
    story.tell(&mut form);
    serde_json::to_string(&form.finish()).expect("a case is JSON")
}

pub(super) fn date(year: i32, month: u32, day: u32) -> Day {
    Day::from_ymd(year, month, day).expect("a day that exists")
}

/// What happened in the case.
pub(super) struct Story {
    pub(super) number: u32,
    pub(super) online: bool,
    pub(super) producer: bool,
    pub(super) outcome: &'static str,
    pub(super) testing: &'static str,
    pub(super) refused_at_receipt: bool,
    pub(super) fails: bool,
    pub(super) objects: bool,
    pub(super) retested: bool,
    pub(super) stored: bool,
    pub(super) on_site_test: bool,
    pub(super) refuses_to_sign: bool,
    pub(super) corrected: bool,
    pub(super) rechecked_badly: bool,
    pub(super) complete: bool,
    pub(super) sampled: Day,
    pub(super) closed: Day,
    pub(super) agency: &'static str,
    /// Whether the record names its product of the plan.
    pub(super) planned: bool,
}

pub(super) const SAMPLERS: [[&str; 2]; 4] = [
    ["张甲", "李乙"],
    ["冯丑", "褚寅"],
    ["曹卯", "严辰"],
    ["魏申", "陶酉"],
];
pub(super) const TESTERS: [[&str; 2]; 4] = [
    ["王丙", "赵丁"],
    ["沈辰", "韩巳"],
    ["贺丙", "倪丁"],
    ["孙戊", "周己"],
];
const PRODUCTS: [[&str; 3]; 4] = [
    [
        "三位两极带接地延长线插座",
        "SL-103 10A 250V",
        "GB/T 2099.1-2021",
    ],
    ["多用途电热锅", "HG-30 220V 1300W", "GB 4706.1-2005"],
    ["一次性塑料餐盒", "750ml", "GB/T 18006.1-2009"],
    ["配装眼镜", "-3.00D 树脂", "GB/T 13511.1-2011"],
];
const CITIES: [&str; 4] = ["晋城市", "太原市", "运城市", "大同市"];

impl Story {
    fn draw(random: &mut Random) -> Story {
        let outcome = match random.below(100) {
            0..86 => "completed",
            86..92 => "terminated",
            92..96 => "refused",
            _ => "impossible",
        };
        let online = outcome == "completed" && random.per_mille(180);
        let testing = match random.below(100) {
            0..95 => "completed",
            95..98 => "terminated",
            _ => "impossible",
        };
        let fails = random.per_mille(350);
        let objects = fails && random.per_mille(250);
        Story {
            number: random.below(900) + 1,
            online,
            producer: !online && random.per_mille(200),
            outcome,
            testing,
            refused_at_receipt: random.per_mille(30),
            fails,
            objects,
            retested: objects && random.per_mille(600),
            stored: !online && random.per_mille(80),
            on_site_test: random.per_mille(30),
            refuses_to_sign: !online && random.per_mille(60),
            corrected: random.per_mille(150),
            rechecked_badly: random.per_mille(150),
            complete: random.per_mille(700),
            sampled: date(2024, 1, 10) + random.between(0, 60),
            closed: date(2024, 5, 31),
            agency: "示例检验机构甲",
            planned: true,
        }
    }

    fn tell(&self, form: &mut Form) {
        if self.complete {
            form.put("complete", Node::Bool(true));
        }
        self.file(form);
        self.sampling(form);
        match self.outcome {
            "completed" => self.samples(form),
            "terminated" => {
                form.yes("termination.recorded");
                form.yes("termination.problem_form");
                form.day("termination.problem_form_sent_on", self.sampled);
                form.day("termination.organiser_told_on", self.sampled);
                form.day("termination.city_told_on", self.sampled);
                form.day("termination.county_told_on", self.sampled);
            }
            "refused" => {
                form.list("refusal.means", &["unreasonable_price", "uncooperative"]);
                form.yes("refusal.recorded");
                form.yes("refusal.form_completed");
                form.yes("refusal.found_with_county");
                form.day("refusal.organiser_told_on", self.sampled);
                form.day("refusal.county_told_on", self.sampled);
                form.day("refusal.published_on", date(2024, 4, 30));
            }
            _ => {
                form.code(
                    "impossible.reason",
                    &["closed", "changed_production", "other"],
                );
                form.yes("impossible.recorded");
                form.day("impossible.organiser_told_on", self.sampled);
            }
        }
        let tested = self.outcome == "completed" && self.agency(form);
        if tested {
            self.report(form);
            self.disposal(form);
        }
        form.text("ecqs.clerk", "杨午");
        form.day("ecqs.sampling_entered_on", self.sampled + 1);
        if tested {
            form.day("ecqs.results_entered_on", self.finished() + 1);
        }
        if tested && self.fails || self.outcome == "refused" {
            self.follow_up(form);
        }
        form.day("publication.published_on", date(2024, 4, 30));
        if tested && self.fails {
            form.day("publication.home_bureau_told_on", self.issued() + 4);
        }
        form.none("conduct.breaches");
        form.no("fees.charged");
        form.day("retention.kept_until", date(2027, 12, 31));
    }

    pub(super) fn finished(&self) -> Day {
        self.sampled + 16
    }

    pub(super) fn issued(&self) -> Day {
        self.sampled + 20
    }

    pub(super) fn city(&self) -> &'static str {
        CITIES[self.number as usize % CITIES.len()]
    }

    fn file(&self, form: &mut Form) {
        let number = self.number;
        let city = self.city();
        let [product, model, standard] = PRODUCTS[number as usize % PRODUCTS.len()];
        form.text("case.number", format!("晋抽2024-1-{number:03}"));
        form.text("case.ruleset", "shanxi/2024-batch-1");
        form.text(
            "case.campaign",
            "2024年第一批产品质量监督抽查（晋市监发〔2024〕3号）",
        );
        form.code("case.kind", &["routine", "follow_up", "emergency"]);
        form.day("case.closed_on", self.closed);
        form.text("case.organiser", "山西省市场监督管理局");
        form.text("case.organiser_level", "provincial");
        form.text("case.provincial_bureau", "山西省市场监督管理局");
        form.text("case.city_bureau", format!("{city}市场监督管理局"));
        form.text("case.county_bureau", format!("{city}示例区市场监督管理局"));
        form.text("case.sampling_agency", self.agency);
        form.text("case.inspection_agency", self.agency);
        form.day("assignment.issued_on", date(2024, 1, 8));
        form.yes("assignment.within_scope");
        form.text(
            "assignment.detailed_rules",
            format!("2024年第一批产品质量监督抽查实施细则（{product}）"),
        );
        form.day("assignment.rules_published_on", date(2024, 1, 9));
        form.text("respondent.name", format!("{city}示例家电商行{number}"));
        form.text("respondent.province", "山西省");
        form.text("respondent.city", city);
        form.text("respondent.county", "示例区");
        form.text(
            "respondent.address",
            format!("{city}示例区示例路{number}号"),
        );
        form.text("respondent.contact", "何辛");
        form.text("respondent.phone", format!("0356-0000{number:03}"));
        form.code(
            "respondent.premises",
            &[
                if self.online { "online_shop" } else { "shop" },
                "mall",
                "supermarket",
            ],
        );
        if self.outcome == "refused" {
            form.list("respondent.breaches", &["refusal"]);
        } else {
            form.none("respondent.breaches");
        }
        form.text("product.name", product);
        form.text("product.category", "家用电器及电器附件");
        if self.planned {
            form.text("product.plan_product", product);
        }
        form.text("product.brand", "示例牌");
        form.text("product.model", model);
        form.text("product.batch", format!("2023{:02}15", number % 12 + 1));
        form.text("product.standard", standard);
        form.flag("product.licence_managed", number % 4 != 3);
        form.no("product.special_transport");
        form.yes("product.destructive_test");
        form.yes("product.materially_affected");
        form.text("producer.name", "广东示例小家电有限公司");
        form.text("producer.province", "广东省");
        form.text("producer.address", "广东省示例市示例镇2号");
        form.yes("producer.outside_region");
        form.day("draw.drawn_on", self.sampled - 4);
        form.yes("draw.respondent_random");
        form.yes("draw.samplers_random");
        form.text("draw.record_number", format!("随抽2024-1-{number:03}"));
        form.none("earlier.same_authority_on");
        form.none("earlier.higher_authority_on");
        form.no("earlier.proof_shown");
    }

    fn sampling(&self, form: &mut Form) {
        let number = self.number;
        form.day("sampling.sampled_on", self.sampled);
        form.code(
            "sampling.channel",
            &[if self.online { "online" } else { "on_site" }],
        );
        form.code(
            "sampling.field",
            &[if self.producer { "producer" } else { "seller" }],
        );
        form.code("sampling.outcome", &[self.outcome]);
        form.list(
            "sampling.samplers",
            &SAMPLERS[number as usize % SAMPLERS.len()],
        );
        form.text("sampling.place", "家电区中岛货架");
        form.text("sampling.form_number", format!("SX2024-1-{number:03}"));
        form.number("sampling.stock", 46);
        if !self.online {
            form.list(
                "sampling.documents_shown",
                &["notice", "identity", "authorisation"],
            );
            form.yes("sampling.told_scope");
            form.yes("sampling.told_method");
        }
        if self.outcome == "completed" {
            form.yes("sampling.drawn_by_samplers");
            form.yes("sampling.drawn_at_random");
            form.yes("sampling.from_stock_for_sale");
        }
        form.none("sampling.not_to_sample");
        form.yes("sampling.method_followed");
        form.yes("sampling.prescribed_form");
        form.list(
            "sampling.photographed",
            &["premises", "storage", "labelling", "stock", "process"],
        );
        form.yes("sampling.samplers_signed");
        if self.refuses_to_sign {
            form.yes("sampling.refused_to_sign");
            form.yes("sampling.refusal_annotated");
        } else if !self.online {
            form.yes("sampling.respondent_signed");
        }
        if !self.online {
            form.list(
                "sampling.papers_left",
                &["notice", "sampling_form", "feedback_form"],
            );
        }
        form.flag("sampling.unlawful_suspected", self.outcome == "terminated");
        if self.corrected {
            let row = |item: &str, confirmed| {
                Node::Group(vec![
                    ("item", Node::Text(item.to_owned())),
                    ("confirmed", Node::Bool(confirmed)),
                    ("mode", Node::Text("signature".to_owned())),
                ])
            };
            let confirmed = form.random.per_mille(900);
            let rows = vec![row("抽样基数由12改为21", true), row("批号改写", confirmed)];
            form.put("sampling.corrections", Node::List(rows));
        } else {
            form.none("sampling.corrections");
        }
    }

    fn samples(&self, form: &mut Form) {
        let number = self.number;
        if self.online {
            form.text("online.platform", "示例电商平台");
            form.text("online.shop", "示例电子旗舰店");
            form.text("online.link", format!("https://shop.example/item/{number}"));
            form.yes("online.buyers_recorded");
            form.text("online.pay_account", "示例支付账户06");
            form.text("online.account", "buyer_example_06");
            form.text(
                "online.address",
                format!("{}示例区示例路1号收发室", self.city()),
            );
            form.text("online.contact", "0351-0000006");
            form.day("online.ordered_on", self.sampled - 3);
            form.day("online.received_on", self.sampled);
            form.list("online.evidence", &["seller", "page", "order", "payment"]);
            form.yes("online.unpacking_recorded");
            form.list(
                "online.parcel_checks",
                &["package", "labelling", "condition"],
            );
            form.yes("online.form_stamped");
            form.day("online.papers_posted_on", self.sampled + 1);
            form.list(
                "online.papers_posted",
                &["sampling_form", "notice", "authorisation"],
            );
        }
        form.number("samples.test_quantity", 6);
        form.number("samples.backup_quantity", 6);
        form.text("samples.unit", "只");
        if !self.online {
            form.yes("samples.backup_free");
        }
        form.yes("samples.taken_at_once");
        form.yes("samples.tamper_evident");
        form.yes("samples.sealed_separately");
        let seals = [format!("封{number:03}-1"), format!("封{number:03}-2")];
        form.list("samples.seal_numbers", &[&seals[0], &seals[1]]);
        form.yes("samples.seal_signed_by_samplers");
        if !self.online && !self.refuses_to_sign {
            form.yes("samples.seal_signed_by_respondent");
        }
        let price = 1990 + i32::try_from(number).unwrap_or_default() * 10;
        form.yes("purchase.bought");
        form.yes("purchase.form_completed");
        let marked = form.random.per_mille(800);
        let unmarked = if form.random.per_mille(500) {
            "无"
        } else {
            ""
        };
        if marked {
            form.money("purchase.marked_price", price);
        } else {
            form.text("purchase.marked_price", unmarked);
            form.money("purchase.market_price", price);
        }
        form.money("purchase.paid_price", price);
        form.money("purchase.paid_total", price * 6);
        form.day("purchase.paid_on", self.sampled);
        form.flag("storage.on_site", self.stored);
        if self.stored {
            form.code(
                "storage.reason",
                &["hard_to_transport", "valuable", "other"],
            );
            form.day("storage.approved_on", self.sampled - 1);
            form.day("storage.sealed_on", self.sampled);
            form.yes("storage.sealed");
            form.yes("storage.openings_labelled");
            form.no("storage.parts_need_labels");
            form.yes("storage.camera_covered");
            form.yes("storage.state_recorded");
            form.day("storage.notice_issued_on", self.sampled);
        }
        form.none("storage.tampering");
        form.code(
            "transport.test_mode",
            &["carried", "posted", "by_respondent"],
        );
        form.code(
            "transport.backup_mode",
            &[
                if self.stored { "stored" } else { "carried" },
                "posted",
                "by_respondent",
            ],
        );
        form.day("transport.sent_on", self.sampled);
        form.yes("transport.rules_met");
        form.no("transport.sample_altered");
    }
}
