//! What only several cases together show, stated as facts for a person to weigh.
//!
//! Every kind has an exact definition, thresholds among the [`Parameters`], and a list of ordinary explanations that is
//! reported with it. A conflict names the cases and the places in them; it never says that anybody did wrong.

use choucha_core::lang::Text;
use choucha_core::text;
use choucha_core::value::Day;

use super::cases::{CaseId, Cases, Fact};
use super::identity::{MentionId, Parties, PartyId};
use super::{places, prices, repeats, teams};

choucha_core::coded! {
    /// The kinds of conflict.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
    pub enum ConflictKind {
        /// One sampler in several places on one day.
        SameDayPlaces = "same_day_places";
        /// One person both took and tested a sample.
        OwnSample = "own_sample";
        /// Two people who test each other's samples.
        SwappedTeams = "swapped_teams";
        /// One person samples in some cases and tests in others.
        SamplesAndTests = "samples_and_tests";
        /// The same pair of samplers at every visit to a respondent.
        FixedPair = "fixed_pair";
        /// One sample in several cases.
        SameSample = "same_sample";
        /// One report number in several cases.
        SameReport = "same_report";
        /// More paid than the marked price, several times at one respondent.
        PaidAboveMarked = "paid_above_marked";
        /// Different prices for one product at one seller on one day.
        UnlikePrices = "unlike_prices";
        /// Mostly whole hundreds among the totals paid.
        RoundTotals = "round_totals";
    }
}

impl ConflictKind {
    /// The title for people.
    #[must_use]
    pub fn title(self) -> Text {
        match self {
            ConflictKind::SameDayPlaces => Text::new(
                "同一人员同日在不同地方抽样",
                "one sampler in several places on one day",
            ),
            ConflictKind::OwnSample => Text::new(
                "抽样人员又记载为同一样品的检验人员",
                "on record as sampler and as tester of the same sample",
            ),
            ConflictKind::SwappedTeams => Text::new(
                "抽样、检验人员在各案之间互换",
                "samplers and testers change places across cases",
            ),
            ConflictKind::SamplesAndTests => Text::new(
                "同一人员在不同案卷中分别抽样、检验",
                "one person samples in some cases and tests in others",
            ),
            ConflictKind::FixedPair => Text::new(
                "同一被抽样单位每次均由相同两人抽样",
                "the same pair of samplers at every visit to a respondent",
            ),
            ConflictKind::SameSample => Text::new(
                "同一单位、产品、批号见于多起案卷",
                "one respondent, product and batch in several cases",
            ),
            ConflictKind::SameReport => Text::new(
                "同一报告编号见于多起案卷",
                "one report number in several cases",
            ),
            ConflictKind::PaidAboveMarked => Text::new(
                "几起案卷的购买单价高于标价",
                "unit prices paid above the marked price in several cases",
            ),
            ConflictKind::UnlikePrices => Text::new(
                "同日同店同一产品购样单价不同",
                "unlike prices for one product at one seller on one day",
            ),
            ConflictKind::RoundTotals => Text::new(
                "付费总额多为整百元",
                "totals paid that are mostly whole hundreds",
            ),
        }
    }

    /// Ordinary explanations, and what it does not show.
    #[must_use]
    pub fn innocent(self) -> Text {
        match self {
            ConflictKind::SameDayPlaces => Text::new(
                "所载为被抽样单位的住所地，未必是抽样地点；记载只到日，一日之内可以往返；日期可能记错；也可能是同名的不同人员。本程序不推算路程",
                "the places are the respondents' own, which need not be where the sample was taken; the records give days and no hours, and a day allows a journey; a date may be miswritten; two people may share a name. No distance is reckoned",
            ),
            ConflictKind::OwnSample => Text::new(
                "现场检验不受抽检分离的限制；也可能是同名的不同人员。是否违规以各案的审查结果为准",
                "testing on site is exempt from the separation of sampling and testing; two people may share a name. Whether it is a breach the audit of each case says",
            ),
            ConflictKind::SwappedTeams => Text::new(
                "就每一批次而言抽样人员都没有检验所抽样品；机构人员少时轮流抽样、检验并不少见。是否属于“同一批人员”由人工判断",
                "of each batch, nobody tested what he had sampled; a small agency often takes turns. Whether they are “the same people” is for a person to judge",
            ),
            ConflictKind::SamplesAndTests => Text::new(
                "条文禁止的是检验本人所抽的样品；在不同案卷中分别抽样、检验，本身不在禁止之列。也可能是同名的不同人员",
                "what the law forbids is testing one's own samples; to sample in one case and test in another is not forbidden by that. Two people may share a name",
            ),
            ConflictKind::FixedPair => Text::new(
                "可能按片区分组，或者该机构抽样人员少；请对照各人抽样总数。抽样人员是否随机选派，见随机抽取记录",
                "teams may be assigned by area, or the agency may have few samplers: see how often each samples at all. Whether samplers were drawn at random the record of the draw shows",
            ),
            ConflictKind::SameSample => Text::new(
                "可能是同一案卷录入两次、复检或者跟踪抽查另立案卷，或者批号只写到日期",
                "one case may have been entered twice, a retest or follow-up may have a file of its own, or the batch may be a mere date",
            ),
            ConflictKind::SameReport => Text::new(
                "可能是同一案卷录入两次、一份报告涉及几个样品，或者编号抄录有误",
                "one case may have been entered twice, one report may cover several samples, or a number may be miscopied",
            ),
            ConflictKind::PaidAboveMarked => Text::new(
                "标价可能在抽样后调整，购买单价可能含运费、包装费，或者记录有误",
                "the marked price may have changed, the price paid may include carriage or packing, or a record may be wrong",
            ),
            ConflictKind::UnlikePrices => Text::new(
                "规格、包装或者促销可能不同；规格型号未记载的，不能确定是同一规格",
                "size, packing or an offer may differ; where no model is on record it is not certain that they are one",
            ),
            ConflictKind::RoundTotals => Text::new(
                "许多商品的标价本来就是整数；请与标价和数量核对",
                "many goods are priced in round figures: compare with the marked price and the quantity",
            ),
        }
    }
}

choucha_core::coded! {
    /// How urgent a check is.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
    pub enum Grade {
        /// Should be checked against the papers.
        Check = "check", "请核查", "to be checked";
        /// Often ordinary, but worth knowing.
        Know = "know", "供参考", "to be known";
    }
}

/// The thresholds of the conflicts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Parameters {
    /// The least number of counties of one city with the same sampler on one day. Two cities or provinces always count.
    pub counties_a_day: usize,
    /// The least number of days on which a respondent was visited, for a fixed pair.
    pub visits: usize,
    /// The least number of cases at one respondent with more paid than marked.
    pub paid_above: usize,
    /// The least number of recorded totals of one sampling agency, for round totals.
    pub round_totals: usize,
    /// The least share of them that is round, in percent.
    pub round_percent: usize,
    /// A total is round if it is a multiple of this, in yuan.
    pub round_to: u32,
    /// The most cases listed per conflict; the rest are counted.
    pub listed: usize,
}

impl Default for Parameters {
    fn default() -> Self {
        Parameters {
            counties_a_day: 3,
            visits: 3,
            paid_above: 2,
            round_totals: 10,
            round_percent: 80,
            round_to: 100,
            listed: 100,
        }
    }
}

/// Something that several cases show together.
#[derive(Debug, Clone)]
pub struct Conflict {
    /// The kind of conflict.
    pub kind: ConflictKind,
    /// How urgent a check is.
    pub grade: Grade,
    /// The parties concerned.
    pub parties: Vec<PartyId>,
    /// The recorded facts. Parties are marks in it: see [`named`].
    pub statement: Text,
    /// The cases that show it, in the order of the input; if there are many, the first of them.
    pub cases: Vec<CaseEvidence>,
    /// The number of cases that show it.
    pub count: usize,
}

/// A case that shows a conflict.
#[derive(Debug, Clone)]
pub struct CaseEvidence {
    /// Its number.
    pub case: String,
    /// Where it begins.
    pub place: String,
    /// The day of sampling on record.
    pub day: Option<Day>,
    /// The facts that show it.
    pub shows: Vec<Sighting>,
}

/// A fact of a case, with its place.
#[derive(Debug, Clone)]
pub struct Sighting {
    /// The path of the fact.
    pub fact: &'static str,
    /// The place of the fact.
    pub place: String,
}

const BEGIN: char = '\u{e000}';
const END: char = '\u{e001}';

/// The mark of a party in a statement, until it is known whether names are shown.
pub(super) fn mark(party: PartyId) -> String {
    format!("{BEGIN}{}{END}", party.0)
}

/// The marks of several parties, joined for a statement.
pub(super) fn marks(parties: &[PartyId]) -> Text {
    let all: Vec<String> = parties.iter().map(|party| mark(*party)).collect();
    Text::new(all.join("、"), all.join(", "))
}

/// A statement with its marks replaced by names.
#[must_use]
pub fn named(statement: &str, name: impl Fn(PartyId) -> String) -> String {
    let mut out = String::with_capacity(statement.len());
    let mut rest = statement;
    while let Some((before, after)) = rest.split_once(BEGIN) {
        out.push_str(before);
        let Some((id, after)) = after.split_once(END) else {
            rest = after;
            continue;
        };
        if let Ok(id) = id.parse() {
            out.push_str(&name(PartyId(id)));
        }
        rest = after;
    }
    out.push_str(rest);
    out
}

/// The cases of a run, and the identities of the people in them.
pub(super) struct Run<'a> {
    pub(super) kept: &'a Cases,
    pub(super) parties: &'a Parties,
    pub(super) parameters: &'a Parameters,
}

impl Run<'_> {
    pub(super) fn of(&self, mentions: &[MentionId]) -> Vec<PartyId> {
        let mut all: Vec<PartyId> = mentions.iter().map(|id| self.parties.of(*id)).collect();
        all.sort_unstable();
        all.dedup();
        all
    }

    pub(super) fn samplers(&self, case: CaseId) -> Vec<PartyId> {
        self.of(self.kept.samplers(case))
    }

    pub(super) fn testers(&self, case: CaseId) -> Vec<PartyId> {
        self.of(self.kept.testers(case))
    }

    pub(super) fn respondent(&self, case: CaseId) -> Option<PartyId> {
        Some(self.parties.of(self.kept.respondent(case)?))
    }

    /// A conflict shown by some facts of the cases.
    pub(super) fn conflict(
        &self,
        kind: ConflictKind,
        grade: Grade,
        parties: Vec<PartyId>,
        statement: Text,
        (cases, facts): (&[CaseId], &[Fact]),
    ) -> Conflict {
        let listed = cases.iter().take(self.parameters.listed).map(|case| {
            let sighting = |fact: &Fact| {
                Some(Sighting {
                    fact: fact.path(),
                    place: self.kept.where_is(*case, *fact)?,
                })
            };
            CaseEvidence {
                case: self.kept.number(*case).to_owned(),
                place: self.kept.place(*case),
                day: self.kept.day(*case),
                shows: facts.iter().filter_map(sighting).collect(),
            }
        });
        Conflict {
            kind,
            grade,
            parties,
            statement,
            cases: listed.collect(),
            count: cases.len(),
        }
    }

    /// The basis of a person's identity, as the end of a statement.
    pub(super) fn identity(&self, party: PartyId) -> Text {
        match self
            .parties
            .get(party)
            .and_then(super::identity::Known::remark)
        {
            Some(remark) => {
                let name = Text::same(mark(party));
                text!("（{}：{}）", " ({}: {})"; name, remark)
            }
            None => Text::default(),
        }
    }
}

/// All conflicts among the cases of a run, those to be checked first.
pub(super) fn find(kept: &Cases, parties: &Parties, parameters: &Parameters) -> Vec<Conflict> {
    let run = Run {
        kept,
        parties,
        parameters,
    };
    let mut found = Vec::new();
    places::same_day(&run, &mut found);
    teams::of_people(&run, &mut found);
    teams::fixed_pairs(&run, &mut found);
    repeats::samples(&run, &mut found);
    repeats::reports(&run, &mut found);
    prices::above_marked(&run, &mut found);
    prices::unlike(&run, &mut found);
    prices::round_totals(&run, &mut found);
    // A stable sort keeps the order of parties and days within a kind.
    found.sort_by_key(|conflict| (conflict.grade, conflict.kind));
    found
}
