//! Compares what a rule set declares to govern with what a record says.

use crate::instrument::Instrument;
use crate::lang::Text;
use crate::obligation::{Product, RuleSet, Schedule};
use crate::record::Record;
use crate::text;
use crate::value::{Day, Type, Value, naming};
use crate::vocabulary::{Entry, Vocabulary};

/// Shorter names are too vague to match a title.
const SHORTEST_TITLE: usize = 8;

/// The words that end an authority's name, the full form first.
const BUREAU: [&str; 3] = ["市场监督管理局", "市场监管局", "市监局"];

/// An aspect of what a rule set declares to govern.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Criterion {
    /// The campaign as the record calls it, by its title or the number of its notice.
    Campaign,
    /// Who organises the check.
    Organiser,
    /// Where the sample is taken.
    Region,
    /// The product, as the plan names it.
    Product,
    /// The day of sampling: the rule set is in force on it, and it is within the schedule.
    Days,
}

impl Criterion {
    /// Every criterion, in the order of comparison.
    pub const ALL: [Criterion; 5] = [
        Criterion::Campaign,
        Criterion::Organiser,
        Criterion::Region,
        Criterion::Product,
        Criterion::Days,
    ];
}

/// What a record says about a criterion.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Agreement {
    /// It agrees with the rule set; how, in a clause.
    Agrees(Text),
    /// It contradicts the rule set; how, in a clause.
    Contradicts(Text),
    /// Unknown; the path of the fact that would decide.
    Open(&'static str),
    /// Known, but no basis for choosing.
    Silent,
}

/// A rule set with its names in normal form.
#[derive(Debug)]
pub(super) struct Header<'a> {
    pub(super) set: &'a RuleSet,
    number: String,
    titles: Vec<String>,
}

impl<'a> Header<'a> {
    pub(super) fn of(set: &'a RuleSet, instrument: Option<&Instrument>) -> Self {
        let titles = instrument.map(|known| known.title.zh.as_str());
        Header {
            set,
            number: plain(&set.instrument),
            titles: titles
                .into_iter()
                .chain([set.title.zh.as_str()])
                .map(plain)
                .collect(),
        }
    }

    /// Whether it declares anything that it governs.
    pub(super) fn is_campaign(&self) -> bool {
        let set = self.set;
        set.region.is_some()
            || set.organiser.is_some()
            || !set.products.is_empty()
            || set.schedule.is_some()
    }

    /// Whether a campaign's name, in normal form, belongs to this rule set.
    fn is_named_by(&self, campaign: &str) -> bool {
        let long = |text: &str| text.chars().count() >= SHORTEST_TITLE;
        campaign.contains(&self.number)
            || self.titles.iter().any(|title| {
                long(title) && campaign.contains(title.as_str())
                    || long(campaign) && title.contains(campaign)
            })
    }
}

/// Whether a record names its organiser exactly as the rule set does, with no level that this bureau cannot have; or
/// the rule set names none.
pub(super) fn is_as_declared(set: &RuleSet, record: &Record, vocabulary: &Vocabulary) -> bool {
    let Some(declared) = &set.organiser else {
        return true;
    };
    let find = |path: &str| match vocabulary.find(path) {
        Some(Entry::Fact(id)) => Some((vocabulary.fact(id), record.get(vocabulary.fact(id).slot))),
        _ => None,
    };
    let is_named = match find("case.organiser") {
        Some((_, Value::Text(text))) => naming::is_same(text, declared),
        Some((_, Value::Party(party))) => naming::is_same(&party.name, declared),
        _ => false,
    };
    is_named
        && match find("case.organiser_level") {
            Some((fact, Value::Symbol(symbol))) => match &fact.ty {
                Type::Enum(id) => {
                    let level = vocabulary.enumeration(*id).value(*symbol);
                    level.is_none_or(|level| may_be_of_level(declared, &level.code))
                }
                _ => true,
            },
            _ => true,
        }
}

/// What a record says about the criteria; `None` where it is silent.
#[derive(Debug, Default)]
pub(super) struct Facts {
    campaign: Option<String>,
    organiser: Option<String>,
    /// Code and label of the organiser's level.
    level: Option<(String, Text)>,
    /// Province, city, county.
    places: [Option<String>; 3],
    /// Whether the sample was bought online; `None` if unknown.
    online: Option<bool>,
    plan_product: Option<String>,
    product: Option<String>,
    /// The earliest and the latest possible day of sampling, each with the fact that shows it.
    earliest: Option<(Day, Text)>,
    latest: Option<(Day, Text)>,
}

impl Facts {
    /// A fact that the dictionary lacks is unknown.
    pub(super) fn of(record: &Record, vocabulary: &Vocabulary) -> Facts {
        let find = |path: &str| match vocabulary.find(path)? {
            Entry::Fact(id) => {
                let fact = vocabulary.fact(id);
                Some((fact, record.get(fact.slot)))
            }
            Entry::Group(_) => None,
        };
        let text = |path: &str| {
            let text = match find(path)?.1 {
                Value::Text(text) => text.trim().to_owned(),
                Value::Party(party) => party.name.trim().to_owned(),
                _ => return None,
            };
            (!text.is_empty()).then_some(text)
        };
        let day = |path: &&str| match find(path)? {
            (fact, Value::Day(day)) => Some((*day, fact.name.clone())),
            _ => None,
        };
        let chosen = |path: &str| match find(path) {
            Some((fact, Value::Symbol(symbol))) => match &fact.ty {
                Type::Enum(id) => vocabulary.enumeration(*id).value(*symbol),
                _ => None,
            },
            _ => None,
        };
        let online = chosen("sampling.channel").map(|value| value.code == "online");
        let level = chosen("case.organiser_level");
        let sampled = day(&"sampling.sampled_on");
        // A sample is taken after the draw, and before it is received, tested and reported on.
        let before = ["draw.drawn_on"];
        let after = [
            "receipt.received_on",
            "testing.started_on",
            "report.issued_on",
        ];
        Facts {
            campaign: text("case.campaign"),
            organiser: text("case.organiser"),
            level: level.map(|value| (value.code.clone(), value.label.clone())),
            places: [
                "respondent.province",
                "respondent.city",
                "respondent.county",
            ]
            .map(text),
            online,
            plan_product: text("product.plan_product"),
            product: text("product.name"),
            earliest: sampled
                .clone()
                .or_else(|| before.iter().filter_map(day).max_by_key(|(day, _)| *day)),
            latest: sampled.or_else(|| after.iter().filter_map(day).min_by_key(|(day, _)| *day)),
        }
    }

    /// The result for every criterion that a rule set declares.
    pub(super) fn held_against(
        &self,
        header: &Header<'_>,
        all: &[Header<'_>],
    ) -> Vec<(Criterion, Agreement)> {
        let set = header.set;
        let campaign = self.campaign(header, all);
        let is_named = matches!(campaign, Agreement::Agrees(_));
        let mut held = vec![(Criterion::Campaign, campaign)];
        if let Some(organiser) = &set.organiser {
            held.push((Criterion::Organiser, self.organiser(organiser)));
        }
        if let Some(region) = &set.region {
            held.push((Criterion::Region, self.region(region)));
        }
        if !set.products.is_empty() {
            let product = self.product(header, all);
            held.push((Criterion::Product, demanded(is_named, product)));
        }
        if set.from.is_some() || set.until.is_some() || set.schedule.is_some() {
            let days = match (self.in_force(set), set.schedule) {
                (Agreement::Silent, Some(schedule)) => demanded(is_named, self.scheduled(schedule)),
                (in_force, _) => in_force,
            };
            held.push((Criterion::Days, days));
        }
        held
    }

    fn campaign(&self, header: &Header<'_>, all: &[Header<'_>]) -> Agreement {
        let Some(campaign) = &self.campaign else {
            return Agreement::Open("case.campaign");
        };
        let compared = plain(campaign);
        let named: Vec<&RuleSet> = all
            .iter()
            .filter(|other| other.is_named_by(&compared))
            .map(|other| other.set)
            .collect();
        match named.as_slice() {
            [only] if only.id == header.set.id => Agreement::Agrees(text!(
                "抽查任务名称为“{campaign}”",
                "the campaign is “{campaign}”"
            )),
            [first, ..] if !named.iter().any(|set| set.id == header.set.id) => {
                let id = &first.id;
                Agreement::Contradicts(text!(
                    "抽查任务名称为“{campaign}”，属于 {id}",
                    "the campaign is “{campaign}”, which is that of {id}"
                ))
            }
            _ => Agreement::Silent,
        }
    }

    /// The fact that shows that the organiser, or its level, is not the one a rule set names, with its value.
    pub(super) fn other_organiser(&self, set: &RuleSet) -> Option<(&'static str, Text)> {
        let declared = set.organiser.as_deref()?;
        let organiser = self.organiser.as_ref();
        if let Agreement::Contradicts(_) = self.organiser(declared) {
            return Some(("case.organiser", Text::same(organiser?)));
        }
        let (code, label) = self.level.as_ref()?;
        (!may_be_of_level(declared, code)).then(|| ("case.organiser_level", label.clone()))
    }

    fn organiser(&self, declared: &str) -> Agreement {
        let Some(organiser) = &self.organiser else {
            return Agreement::Open("case.organiser");
        };
        match (bureau_of(organiser), bureau_of(declared)) {
            (Some(one), Some(other)) if one == other => Agreement::Agrees(text!(
                "组织监督抽查部门为“{organiser}”",
                "the organising bureau is “{organiser}”"
            )),
            // A person must say whether it is the bureau of the place or of a place within it.
            (Some(_), Some(_)) if naming::nearly_same(organiser, declared) => {
                Agreement::Open("case.organiser")
            }
            (Some(_), Some(_)) => Agreement::Contradicts(text!(
                "组织监督抽查部门为“{organiser}”，不是{declared}",
                "the organising bureau is “{organiser}”, not {declared}"
            )),
            // “省局” and similar words say which level, not which bureau.
            _ if plain(organiser) == plain(declared) => Agreement::Agrees(text!(
                "组织监督抽查部门为“{organiser}”",
                "the organising bureau is “{organiser}”"
            )),
            _ => Agreement::Open("case.organiser"),
        }
    }

    fn region(&self, region: &str) -> Agreement {
        let stem = place(region);
        let known = |place_at: usize| self.places.get(place_at).and_then(Option::as_ref);
        let places = self.places.iter().flatten();
        for name in places {
            if place(name) == stem {
                return Agreement::Agrees(text!(
                    "被抽样单位在{name}",
                    "the respondent is in {name}"
                ));
            }
        }
        // A region is a province, or a city or county, whose names do not distinguish the two.
        let elsewhere = if is_province(region) {
            known(0).cloned().ok_or("respondent.province")
        } else {
            let named = |place: Option<&String>, path| place.cloned().ok_or(path);
            named(known(1), "respondent.city")
                .and_then(|city| Ok(format!("{city}{}", named(known(2), "respondent.county")?)))
        };
        // An online seller may be anywhere.
        match (self.online, elsewhere) {
            (Some(true), _) => Agreement::Silent,
            (_, Err(path)) => Agreement::Open(path),
            (None, Ok(_)) => Agreement::Open("sampling.channel"),
            (Some(false), Ok(name)) => Agreement::Contradicts(text!(
                "被抽样单位在{name}，不在{region}",
                "the respondent is in {name}, not in {region}"
            )),
        }
    }

    fn product(&self, header: &Header<'_>, all: &[Header<'_>]) -> Agreement {
        let listed = |product: &str| {
            text!(
                "产品“{product}”列入抽查计划",
                "its plan names the product “{product}”"
            )
        };
        let unlisted = |product: &str| {
            text!(
                "产品“{product}”没有列入抽查计划",
                "its plan does not name the product “{product}”"
            )
        };
        if let Some(product) = &self.plan_product {
            return match in_plan(product, &header.set.products) {
                Listed::Yes => Agreement::Agrees(listed(product)),
                Listed::Nearly => Agreement::Open("product.plan_product"),
                Listed::No => Agreement::Contradicts(unlisted(product)),
            };
        }
        // The name on a sampling form is the seller's; it decides only if some plan lists it.
        let Some(product) = &self.product else {
            return Agreement::Open("product.plan_product");
        };
        let in_any = || {
            all.iter()
                .any(|other| in_plan(product, &other.set.products) == Listed::Yes)
        };
        match in_plan(product, &header.set.products) {
            Listed::Yes => Agreement::Agrees(listed(product)),
            Listed::No if in_any() => Agreement::Contradicts(unlisted(product)),
            Listed::No | Listed::Nearly => Agreement::Open("product.plan_product"),
        }
    }

    fn in_force(&self, set: &RuleSet) -> Agreement {
        if let (Some((day, name)), Some(from)) = (&self.latest, set.from)
            && *day < from
        {
            return Agreement::Contradicts(
                text!("{}为{day}，本规则集自{from}起施行", "{} is {day}, and it is in force from {from}"; name),
            );
        }
        if let (Some((day, name)), Some(until)) = (&self.earliest, set.until)
            && *day > until
        {
            return Agreement::Contradicts(
                text!("{}为{day}，本规则集施行至{until}", "{} is {day}, and it is in force until {until}"; name),
            );
        }
        // Being in force does not support a rule set.
        Agreement::Silent
    }

    fn scheduled(&self, schedule: Schedule) -> Agreement {
        if let (Some((day, name)), Some(from)) = (&self.latest, schedule.from)
            && *day < from
        {
            return Agreement::Contradicts(
                text!("{}为{day}，早于进度要求的起始之日{from}", "{} is {day}, before its schedule begins on {from}"; name),
            );
        }
        if let (Some((day, name)), Some(until)) = (&self.earliest, schedule.until)
            && *day > until
        {
            return Agreement::Contradicts(
                text!("{}为{day}，晚于进度要求的截止之日{until}", "{} is {day}, after its schedule ends on {until}"; name),
            );
        }
        match (&self.earliest, &self.latest) {
            (Some((day, name)), Some((latest, _))) if day == latest => Agreement::Agrees(
                text!("{}为{day}，在进度要求的期间之内", "{} is {day}, within its schedule"; name),
            ),
            _ => Agreement::Open("sampling.sampled_on"),
        }
    }
}

/// The campaign's demands cannot exclude a campaign that the record names: the audit must check them.
fn demanded(is_named: bool, agreement: Agreement) -> Agreement {
    match agreement {
        Agreement::Contradicts(_) if is_named => Agreement::Silent,
        agreement => agreement,
    }
}

/// Whether a plan names a product.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Listed {
    Yes,
    /// One of the names contains the other.
    Nearly,
    No,
}

fn in_plan(product: &str, products: &[Product]) -> Listed {
    let (whole, bare) = (plain(product), without_brackets(product));
    let mut listed = Listed::No;
    for named in products
        .iter()
        .flat_map(|known| std::iter::once(&known.name).chain(&known.aliases))
    {
        let (name, bare_name) = (plain(named), without_brackets(named));
        // Words in brackets narrow the name; two different narrowings are different products.
        if whole == name || bare == bare_name && (whole == bare || name == bare_name) {
            return Listed::Yes;
        }
        if bare.contains(&bare_name) || bare_name.contains(&bare) {
            listed = Listed::Nearly;
        }
    }
    listed
}

/// The form in which texts are compared.
pub(crate) use crate::value::naming::normal as plain;

fn without_brackets(text: &str) -> String {
    let mut depth = 0_usize;
    plain(text)
        .chars()
        .filter(|c| {
            depth += usize::from(*c == '(');
            let outside = depth == 0;
            depth = depth.saturating_sub(usize::from(*c == ')'));
            outside
        })
        .collect()
}

/// The place a bureau belongs to: the words before its generic ending; `None` for a name without that ending.
fn bureau_of(name: &str) -> Option<String> {
    let name = plain(name);
    let at = BUREAU.iter().find_map(|words| name.find(words))?;
    let place = place(name.get(..at)?);
    (!place.is_empty()).then_some(place)
}

/// Whether a bureau may have a level, as far as its name shows: a province's bureau is provincial; a city may have the
/// rank of a county, so only the levels above it are excluded.
fn may_be_of_level(bureau: &str, code: &str) -> bool {
    let name = plain(bureau);
    let place = BUREAU
        .iter()
        .find_map(|words| name.get(..name.find(words)?))
        .filter(|place| !place.is_empty());
    match place {
        Some(place) if is_province(place) => code == "provincial",
        Some(_) => code != "national" && code != "provincial",
        None => true,
    }
}

/// The name of a place without its level.
fn place(name: &str) -> String {
    let name = plain(name);
    let levels = [
        "维吾尔自治区",
        "壮族自治区",
        "回族自治区",
        "自治区",
        "省",
        "市",
        "区",
        "县",
    ];
    let stem = levels.iter().find_map(|level| name.strip_suffix(level));
    // A one-syllable place keeps its level: 城区 would otherwise be cut too short.
    match stem {
        Some(stem) if stem.chars().count() > 1 => stem.to_owned(),
        _ => name,
    }
}

fn is_province(name: &str) -> bool {
    let name = plain(name);
    name.ends_with('省')
        || name.ends_with("自治区")
        || ["北京市", "天津市", "上海市", "重庆市"].contains(&name.as_str())
}
