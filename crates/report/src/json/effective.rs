//! The duties in force on a day as JSON: the contract `choucha.effective/1`, which `docs/schema/effective-1.json` describes.

use serde::Serialize;

use super::change::{ChangeObject, NamedDuty};
use choucha_core::effective::{Effective, EffectiveDuty, Refined, Standing};
use choucha_core::lang::Lang;
use choucha_core::obligation::{Force, Requirement, RuleSet};
use choucha_core::value::Day;
use choucha_core::vocabulary::Vocabulary;

/// The name and version of the contract of effective sets.
pub const EFFECTIVE: &str = "choucha.effective/1";

/// The schema of [`EFFECTIVE`].
pub const EFFECTIVE_SCHEMA: &str = include_str!("../../schema/effective-1.json");

/// The duties in force on a day.
#[derive(Debug, Clone, Serialize)]
pub struct EffectiveDocument {
    schema: &'static str,
    lang: &'static str,
    ruleset: String,
    title: String,
    at: String,
    layers: Vec<LayerObject>,
    counts: CountsObject,
    obligations: Vec<DutyObject>,
}

impl EffectiveDocument {
    /// The document of an effective set.
    #[must_use]
    pub fn new(effective: &Effective<'_>, day: Day, vocabulary: &Vocabulary, lang: Lang) -> Self {
        let duties = effective.duties();
        let count = |standing| EffectiveDuty::count(&duties, standing);
        EffectiveDocument {
            schema: EFFECTIVE,
            lang: lang.code(),
            ruleset: effective.ruleset.id.to_string(),
            title: effective.ruleset.title.get(lang).to_owned(),
            at: day.to_string(),
            layers: effective
                .layers
                .iter()
                .map(|(set, force)| LayerObject::of(set, *force, lang))
                .collect(),
            counts: CountsObject {
                obligations: duties.len(),
                own: count(Standing::Own),
                refines: count(Standing::Refines),
                inherited: count(Standing::Inherited),
                beside: count(Standing::Beside),
            },
            obligations: duties
                .iter()
                .map(|duty| DutyObject::of(duty, vocabulary, lang))
                .collect(),
        }
    }

    /// The document as text, indented, ending in a line break.
    ///
    /// # Errors
    /// If serialisation fails; data of these types cannot cause that.
    pub fn to_text(&self) -> serde_json::Result<String> {
        Ok(serde_json::to_string_pretty(self)? + "\n")
    }
}

#[derive(Debug, Clone, Serialize)]
struct LayerObject {
    ruleset: String,
    title: String,
    instrument: String,
    from: Option<String>,
    until: Option<String>,
    force: &'static str,
    force_day: Option<String>,
}

impl LayerObject {
    fn of(set: &RuleSet, force: Force, lang: Lang) -> Self {
        let (code, day) = match force {
            Force::InForce => ("in_force", None),
            Force::NotYet(from) => ("not_yet", Some(from)),
            Force::Ended(until) => ("ended", Some(until)),
        };
        LayerObject {
            ruleset: set.id.to_string(),
            title: set.title.get(lang).to_owned(),
            instrument: set.instrument.clone(),
            from: set.from.map(|day| day.to_string()),
            until: set.until.map(|day| day.to_string()),
            force: code,
            force_day: day.map(|day| day.to_string()),
        }
    }
}

#[derive(Debug, Clone, Serialize)]
struct CountsObject {
    obligations: usize,
    own: usize,
    refines: usize,
    inherited: usize,
    beside: usize,
}

#[derive(Debug, Clone, Serialize)]
struct DutyObject {
    #[serde(flatten)]
    duty: NamedDuty,
    standing: &'static str,
    parts: Vec<PartObject>,
    refines: Vec<RefinedObject>,
    beside: Vec<String>,
}

#[derive(Debug, Clone, Serialize)]
struct PartObject {
    part: Option<String>,
    title: String,
    layers: Vec<String>,
}

#[derive(Debug, Clone, Serialize)]
struct RefinedObject {
    #[serde(flatten)]
    duty: NamedDuty,
    class: &'static str,
    replaced: bool,
    changes: Vec<ChangeObject>,
}

impl DutyObject {
    fn of(found: &EffectiveDuty<'_>, vocabulary: &Vocabulary, lang: Lang) -> Self {
        let duty = found.obligation;
        let names: Vec<(Option<String>, String)> = match &duty.requirement {
            Requirement::Parts(parts) => parts
                .iter()
                .map(|part| (Some(part.code.clone()), part.title.get(lang).to_owned()))
                .collect(),
            _ => vec![(None, duty.title.get(lang).to_owned())],
        };
        let parts = names.into_iter().zip(&found.parts);
        DutyObject {
            duty: NamedDuty::of(duty, lang),
            standing: found.standing.code(),
            parts: parts
                .map(|((part, title), layers)| PartObject {
                    part,
                    title,
                    layers: layers.iter().map(|set| set.id.to_string()).collect(),
                })
                .collect(),
            refines: found
                .refined
                .iter()
                .map(|refined| RefinedObject::of(refined, vocabulary, lang))
                .collect(),
            beside: found
                .refined_by
                .iter()
                .map(|duty| duty.id.to_string())
                .collect(),
        }
    }
}

impl RefinedObject {
    fn of(refined: &Refined<'_>, vocabulary: &Vocabulary, lang: Lang) -> Self {
        let changes = refined.comparison.changes.iter();
        RefinedObject {
            duty: NamedDuty::of(refined.higher, lang),
            class: refined.comparison.class().code(),
            replaced: refined.replaced,
            changes: changes
                .map(|change| ChangeObject::of(change, vocabulary, vocabulary, lang))
                .collect(),
        }
    }
}
