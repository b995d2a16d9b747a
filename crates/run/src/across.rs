//! The audit across the cases of one run: what is kept of each case, and what is audited at the end.

use std::collections::BTreeMap;

use choucha_core::audit::{Auditor, CaseAudit, Duty, Options, Outcome};
use choucha_core::diagnostic::{Code, Diagnostic};
use choucha_core::lang::Text;
use choucha_core::obligation::{Id, RuleSet, RuleSetId};
use choucha_core::record::{Record, Settled};
use choucha_core::text;
use choucha_core::value::{SlotId, Value};
use choucha_core::vocabulary::{Entry, Vocabulary};
use choucha_rules::rulebook::RuleFolder;

use crate::campaign::{
    self, Breach, Breaches, Campaign, CampaignAudit, CaseStore, Judged, Plan, Projection, Projector,
};
use crate::engine::Engine;

/// Projects cases, on any thread.
pub(crate) struct Projecting<'e> {
    projector: Option<Projector>,
    /// The rule sets with duties across cases, each with the duties on a case that those name as causes.
    asking: Vec<(&'e RuleSetId, Vec<&'e Id>)>,
    /// The slots of facts of whole campaigns.
    across: Vec<SlotId>,
}

/// The projection of a case, with what explains breaches across cases.
#[derive(Debug)]
pub(crate) struct Projected {
    set: RuleSetId,
    projection: Projection,
    /// The duties it breaches that duties across cases name as causes, each with the id they name it by.
    breaches: Vec<(Id, Duty)>,
}

impl<'e> Projecting<'e> {
    pub(crate) fn new(engine: &'e Engine) -> Self {
        let vocabulary = engine.vocabulary();
        let sets = engine.rulebook().rule_sets.iter();
        let asking = sets.filter(|set| !engine.scopes_across(set).is_empty());
        let causes = |set| {
            let across = engine.layers(set).into_iter().flat_map(|set| &set.across);
            let mut causes: Vec<&Id> = across
                .flat_map(|duty| &duty.follows)
                .map(|link| &link.id)
                .collect();
            causes.sort_unstable();
            causes.dedup();
            causes
        };
        Projecting {
            across: vocabulary.slots_across(),
            projector: Projector::new(vocabulary),
            asking: asking.map(|set| (&set.id, causes(set))).collect(),
        }
    }

    /// The projection of a case; `None` if its rule set has no duties across cases.
    pub(crate) fn draw(
        &self,
        auditor: &Auditor,
        record: &Record,
        settled: &Settled,
        audit: &CaseAudit,
    ) -> Option<Projected> {
        let projector = self.projector.as_ref()?;
        let mut asking = self.asking.iter();
        let (_, causes) = asking.find(|(set, _)| **set == audit.ruleset)?;
        // The duty in force may be one that refines the one named.
        let breach = |id: &&Id| {
            let node = auditor.graph().resolve(id)?;
            let duty = auditor.graph().node(node)?.obligation()?;
            let is_breached = audit.outcome_of(&duty.id) == Some(Outcome::Violated);
            is_breached.then(|| ((*id).clone(), Duty::of(duty)))
        };
        // Most cases breach nothing, and for those no duty need be looked up.
        let breaches = match audit.outcomes.contains(&Outcome::Violated) {
            true => causes.iter().filter_map(breach).collect(),
            false => Vec::new(),
        };
        Some(Projected {
            set: audit.ruleset.clone(),
            projection: projector.project(record, settled),
            breaches,
        })
    }

    /// Whether a record states facts of a whole campaign, and so is not a case.
    pub(crate) fn is_campaign(&self, record: &Record) -> bool {
        record.states_any(&self.across)
    }
}

/// The cases of a run by rule set, and the records of campaigns among them.
#[derive(Default)]
pub(crate) struct Across {
    stores: BTreeMap<RuleSetId, CaseStore>,
    /// Which cases breach the duties that duties across cases name as causes, by their positions in the store.
    breaches: BTreeMap<RuleSetId, Breaches>,
    records: Vec<Record>,
    /// The error after which no further case can be stored.
    failed: Option<Diagnostic>,
}

impl Across {
    /// Whether there is a record of a campaign.
    pub(crate) fn has_records(&self) -> bool {
        !self.records.is_empty()
    }

    /// Adds a campaign's own record.
    pub(crate) fn take(&mut self, record: Record) {
        self.records.push(record);
    }

    /// Adds the projection of a case; called once per case, in their order.
    pub(crate) fn add(&mut self, case: &Projected) {
        let Projected {
            set,
            projection,
            breaches,
        } = case;
        if self.failed.is_some() {
            return;
        }
        if !self.stores.contains_key(set) {
            self.stores.insert(set.clone(), CaseStore::new());
        }
        let Some(store) = self.stores.get_mut(set) else {
            return;
        };
        if let Err(failed) = store.add(projection) {
            self.failed = Some(failed.to_diagnostic());
            return;
        }
        // No store holds more cases than 32 bits number.
        let position = u32::try_from(store.len() - 1).unwrap_or(u32::MAX);
        for (id, duty) in breaches {
            let of_set = self.breaches.entry(set.clone()).or_default();
            let breach = of_set.entry(id.clone()).or_insert_with(|| Breach {
                duty: duty.clone(),
                cases: Vec::new(),
            });
            breach.cases.push(position);
        }
    }

    /// Audits every campaign that has anything to audit, in the order of the rule sets.
    pub(crate) fn finish(
        mut self,
        engine: &Engine,
        folder: &RuleFolder,
        asked: Option<&RuleSet>,
        options: &Options,
        visit: &mut dyn FnMut(&Judged<'_>),
    ) -> (Vec<CampaignAudit>, Vec<Diagnostic>) {
        let mut problems: Vec<Diagnostic> = self.failed.take().into_iter().collect();
        let vocabulary = engine.vocabulary();
        let named = |name: &str| engine.rule_set(name).map_err(|problem| vec![problem]);
        let mut records: BTreeMap<RuleSetId, Record> = BTreeMap::new();
        for record in std::mem::take(&mut self.records) {
            let set = match set_of(&record, vocabulary) {
                Some(name) => named(&name).map(|set| set.id.clone()),
                None => asked
                    .map(|set| set.id.clone())
                    .or_else(|| self.only())
                    .or_else(|| titled(&record, engine))
                    .ok_or_else(|| vec![unnamed(&record)]),
            };
            match set {
                Ok(set) if records.contains_key(&set) => problems.push(twice(&record, &set)),
                Ok(set) => {
                    self.stores.entry(set.clone()).or_default();
                    records.insert(set, record);
                }
                Err(more) => problems.extend(
                    more.into_iter()
                        .map(|problem| problem.about(record.source().title())),
                ),
            }
        }
        let mut audits = Vec::new();
        if !problems.is_empty() && problems.iter().any(|p| p.code == Code::CampaignLedger) {
            return (audits, problems);
        }
        for (id, store) in &self.stores {
            // A single case shows nothing across cases: it is one dossier, however it was handed in.
            if store.len() < 2 && !records.contains_key(id) {
                continue;
            }
            let audited = named(&id.0).and_then(|set| {
                let record = records.get(id);
                // A campaign may state its own plan if its notice has none.
                let own = record.and_then(|record| Plan::of(record.clone(), vocabulary));
                let plan = match own {
                    Some(plan) => Some(plan),
                    None => Plan::load(folder, id, vocabulary)?,
                };
                let campaign = Campaign {
                    record,
                    plan: plan.as_ref(),
                    breaches: self.breaches.get(id),
                };
                campaign::audit(engine, set, store, campaign, options, visit)
            });
            match audited {
                Ok(mut audit) => {
                    problems.append(&mut audit.diagnostics);
                    audits.push(audit);
                }
                Err(more) => problems.extend(more),
            }
        }
        (audits, problems)
    }

    /// The rule set of the cases, if they all have the same.
    fn only(&self) -> Option<RuleSetId> {
        let mut sets = self.stores.keys();
        sets.next().filter(|_| sets.next().is_none()).cloned()
    }
}

fn set_of(record: &Record, vocabulary: &Vocabulary) -> Option<String> {
    let own = vocabulary.across().and_then(|across| across.ruleset);
    let slots = own.into_iter().chain([vocabulary.reserved().ruleset]);
    slots
        .filter_map(|slot| match record.get(slot) {
            Value::Text(name) if !name.trim().is_empty() => Some(name.trim().to_owned()),
            _ => None,
        })
        .next()
}

/// The rule set whose title is the name of the campaign.
fn titled(record: &Record, engine: &Engine) -> Option<RuleSetId> {
    let vocabulary = engine.vocabulary();
    let Some(Entry::Fact(fact)) = vocabulary.find("campaign.name") else {
        return None;
    };
    match record.get(vocabulary.fact(fact).slot) {
        Value::Text(name) => {
            let named = engine.selector().named(name.trim());
            named.map(|set| set.id.clone())
        }
        _ => None,
    }
}

fn unnamed(record: &Record) -> Diagnostic {
    let message = Text::new(
        "整批抽查的记录没有写明适用的规则集",
        "the record of the campaign names no rule set",
    );
    Diagnostic::new(Code::RecordNoRuleSet, message)
        .about(record.source().title())
        .help(Text::new(
            "填写“整批抽查·适用规则集”（campaign.ruleset），或者用 --ruleset 指定",
            "write `campaign.ruleset`, or use --ruleset",
        ))
}

fn twice(record: &Record, set: &RuleSetId) -> Diagnostic {
    Diagnostic::new(
        Code::CampaignTwice,
        text!(
            "规则集 {set} 的整批抽查记录不止一份；只用第一份",
            "there is more than one record of the campaign of {set}; only the first is used"
        ),
    )
    .about(record.source().title())
    .help(Text::new(
        "并成一份，或者分开审查",
        "make one of them, or audit them apart",
    ))
}
