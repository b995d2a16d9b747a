//! The tables as JSON: the contracts `choucha.conduct/1` and `choucha.people/1`, which `docs/schema/` describes.
//!
//! The second is the first plus the facts that only several cases show. Every field is always present; a missing value is
//! `null` or empty.

use serde::Serialize;

use super::{OWED, View, disclaimer, percent};
use crate::json::{DiagnosticObject, Engine, diagnostics};
use choucha_core::audit::{Outcome, PartyKind};
use choucha_core::diagnostic::Diagnostic;
use choucha_core::value::Day;
use choucha_run::conduct::{Account, CaseEvidence, Conflict, Parameters, Row, Subject};

/// The name and version of the contract of a table.
pub const CONDUCT: &str = "choucha.conduct/1";

/// The schema of [`CONDUCT`].
pub const CONDUCT_SCHEMA: &str = include_str!("../../schema/conduct-1.json");

/// The name and version of the contract of `choucha people`.
pub const PEOPLE: &str = "choucha.people/1";

/// The schema of [`PEOPLE`].
pub const PEOPLE_SCHEMA: &str = include_str!("../../schema/people-1.json");

/// A table.
#[derive(Debug, Clone, Serialize)]
pub struct Document {
    schema: &'static str,
    engine: Engine,
    lang: &'static str,
    as_of: Option<String>,
    masked: bool,
    by: &'static str,
    cases: CasesObject,
    total: TallyObject,
    /// How many times duties are counted again because several answer for them.
    shared: usize,
    /// How many violations in the total were found across cases.
    violated_across: usize,
    rows: Vec<RowObject>,
    #[serde(skip_serializing_if = "Option::is_none")]
    conflicts: Option<ConflictsObject>,
    diagnostics: Vec<DiagnosticObject>,
}

#[derive(Debug, Clone, Serialize)]
struct CasesObject {
    audited: usize,
    unaudited: usize,
}

#[derive(Debug, Clone, Serialize)]
struct TallyObject {
    owed: usize,
    violated: usize,
    satisfied: usize,
    undetermined: usize,
    review: usize,
    pending: usize,
    waived: usize,
    errored: usize,
    breach_rate: Option<RateObject>,
    unproven_rate: Option<RateObject>,
    cases: usize,
    cases_violated: usize,
    first_sampled_on: Option<String>,
    last_sampled_on: Option<String>,
}

#[derive(Debug, Clone, Serialize)]
struct RateObject {
    count: usize,
    of: usize,
    percent: String,
}

impl RateObject {
    fn of(count: usize, of: usize) -> Option<RateObject> {
        Some(RateObject {
            count,
            of,
            percent: percent(count, of)?,
        })
    }
}

impl TallyObject {
    fn of(account: &Account) -> TallyObject {
        let day = |day: Option<Day>| day.map(|day| day.to_string());
        let [
            violated,
            satisfied,
            undetermined,
            review,
            pending,
            waived,
            errored,
        ] = OWED.map(|outcome| account.count(outcome));
        TallyObject {
            owed: account.owed(),
            violated,
            satisfied,
            undetermined,
            review,
            pending,
            waived,
            errored,
            breach_rate: RateObject::of(account.broke(), account.decided()),
            unproven_rate: RateObject::of(account.count(Outcome::Undetermined), account.owed()),
            cases: account.cases,
            cases_violated: account.cases_broken,
            first_sampled_on: day(account.first),
            last_sampled_on: day(account.last),
        }
    }
}

#[derive(Debug, Clone, Serialize)]
struct RowObject {
    kind: &'static str,
    label: String,
    /// The code of the role or of the obligation.
    code: Option<String>,
    ruleset: Option<String>,
    role: Option<String>,
    role_label: Option<String>,
    identity: Option<IdentityObject>,
    tally: TallyObject,
}

#[derive(Debug, Clone, Serialize)]
struct IdentityObject {
    name: String,
    id: Option<String>,
    employers: Vec<String>,
    basis: &'static str,
    namesakes: usize,
    remark: Option<String>,
}

impl RowObject {
    fn of(row: &Row, view: &View<'_>) -> RowObject {
        let (kind, code, ruleset, role) = match &row.subject {
            Subject::Party(id, role) => {
                let known = view.book.parties.get(*id);
                let kind = match known.map(|known| known.kind) {
                    Some(PartyKind::Person) => "person",
                    _ => "organisation",
                };
                (kind, None, None, role.as_deref())
            }
            Subject::Unnamed(role) => ("unnamed", None, None, Some(&**role)),
            Subject::Others(PartyKind::Person) => ("persons", None, None, None),
            Subject::Others(PartyKind::Organisation) => ("organisations", None, None, None),
            Subject::Role(role) => ("role", Some(role.to_string()), None, None),
            Subject::County(..) => ("county", None, None, None),
            Subject::Product(_) => ("product", None, None, None),
            Subject::Across => ("across", None, None, None),
            Subject::Duty(set, id) => (
                "obligation",
                Some(id.to_string()),
                Some(set.to_string()),
                None,
            ),
        };
        RowObject {
            kind,
            label: view.label(row),
            code,
            ruleset,
            role: role.map(str::to_owned),
            role_label: role.map(|role| view.role(role)),
            identity: match &row.subject {
                Subject::Party(id, _) => view.book.parties.get(*id).map(|known| {
                    let hidden = view.is_masked() && known.kind == PartyKind::Person;
                    IdentityObject {
                        name: match hidden {
                            true => view.name(*id),
                            false => view.shown(&known.name),
                        },
                        id: known
                            .id
                            .as_deref()
                            .filter(|_| !hidden)
                            .map(|id| view.shown(id)),
                        employers: known
                            .employers
                            .iter()
                            .map(|name| view.shown(name))
                            .collect(),
                        basis: known.basis.code(),
                        namesakes: known.namesakes,
                        remark: known
                            .remark()
                            .map(|remark| remark.get(view.lang).to_owned()),
                    }
                }),
                _ => None,
            },
            tally: TallyObject::of(&row.account),
        }
    }
}

#[derive(Debug, Clone, Serialize)]
struct ConflictsObject {
    note: String,
    parameters: ParametersObject,
    found: Vec<ConflictObject>,
}

#[derive(Debug, Clone, Serialize)]
struct ParametersObject {
    counties_a_day: usize,
    visits: usize,
    paid_above: usize,
    round_totals: usize,
    round_percent: usize,
    round_to: u32,
    listed: usize,
}

impl ParametersObject {
    fn of(parameters: &Parameters) -> ParametersObject {
        ParametersObject {
            counties_a_day: parameters.counties_a_day,
            visits: parameters.visits,
            paid_above: parameters.paid_above,
            round_totals: parameters.round_totals,
            round_percent: parameters.round_percent,
            round_to: parameters.round_to,
            listed: parameters.listed,
        }
    }
}

#[derive(Debug, Clone, Serialize)]
struct ConflictObject {
    kind: &'static str,
    title: String,
    grade: &'static str,
    statement: String,
    explanations: String,
    parties: Vec<String>,
    count: usize,
    cases: Vec<CaseObject>,
}

#[derive(Debug, Clone, Serialize)]
struct CaseObject {
    case: String,
    place: String,
    sampled_on: Option<String>,
    shows: Vec<ShownObject>,
}

#[derive(Debug, Clone, Serialize)]
struct ShownObject {
    fact: &'static str,
    title: String,
    place: String,
}

impl ConflictObject {
    fn of(conflict: &Conflict, view: &View<'_>) -> ConflictObject {
        ConflictObject {
            kind: conflict.kind.code(),
            title: conflict.kind.title().get(view.lang).to_owned(),
            grade: conflict.grade.code(),
            statement: view.statement(&conflict.statement),
            explanations: conflict.kind.innocent().get(view.lang).to_owned(),
            parties: conflict.parties.iter().map(|id| view.name(*id)).collect(),
            count: conflict.count,
            cases: conflict
                .cases
                .iter()
                .map(|case| CaseObject::of(case, view))
                .collect(),
        }
    }
}

impl CaseObject {
    fn of(case: &CaseEvidence, view: &View<'_>) -> CaseObject {
        CaseObject {
            case: view.shown(&case.case),
            place: view.shown(&case.place),
            sampled_on: case.day.map(|day| day.to_string()),
            shows: case
                .shows
                .iter()
                .map(|sighting| ShownObject {
                    fact: sighting.fact,
                    title: view.fact(sighting.fact),
                    place: view.shown(&sighting.place),
                })
                .collect(),
        }
    }
}

impl Document {
    /// The document of a table, with the diagnostics for the inputs.
    #[must_use]
    pub fn new(
        engine: Engine,
        as_of: Option<Day>,
        view: &View<'_>,
        problems: &[Diagnostic],
    ) -> Document {
        let book = view.book;
        Document {
            schema: match view.by {
                Some(_) => CONDUCT,
                None => PEOPLE,
            },
            engine,
            lang: view.lang.code(),
            as_of: as_of.map(|day| day.to_string()),
            masked: view.is_masked(),
            by: view.by.map_or("people", |by| by.code()),
            cases: CasesObject {
                audited: book.audited,
                unaudited: book.unaudited,
            },
            total: TallyObject::of(&book.total),
            shared: book.shared,
            violated_across: book.broke_across,
            rows: book
                .rows
                .iter()
                .map(|row| RowObject::of(row, view))
                .collect(),
            conflicts: view.by.is_none().then(|| ConflictsObject {
                note: disclaimer().get(view.lang).to_owned(),
                parameters: ParametersObject::of(&book.parameters),
                found: book
                    .conflicts
                    .iter()
                    .map(|conflict| ConflictObject::of(conflict, view))
                    .collect(),
            }),
            diagnostics: diagnostics(problems, view.lang),
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
