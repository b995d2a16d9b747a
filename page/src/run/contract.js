// The objects of `choucha.audit/1` and `choucha.page/1`, as `docs/schema/` describes them.

/**
 * @typedef {{name: string, version: string, rules_digest: string, calendar_digest: string}} EngineObject
 * @typedef {{schema: string, engine: EngineObject, lang: 'zh' | 'en', all: boolean}} Header
 * @typedef {{path: string, sha256: string | null}} SourceObject
 * @typedef {{respondent: string | null, county: string | null, product: string | null, sampling_agency: string | null,
 *   inspection_agency: string | null, sampled_on: string | null, reported_on: string | null}} Subject
 * @typedef {{source: string, line: number, column: number, label: string}} Place
 * @typedef {{code: string, level: string, message: string, place: string | null, places: Place[], why: string[],
 *   help: string[]}} Diagnostic
 * @typedef {{on: string, from: string | null, earliest: string | null, otherwise: string | null, count: string,
 *   days: string[], act: string | null, late_days: number, late_unit: string, reminder: boolean, progress: string,
 *   other: {reading: string, due: Due} | null}} Due
 * @typedef {{fact: string, title: string, value: string, shown: string, origin: string | null, origin_kind: string,
 *   inferred_from: string | null, personal: boolean}} Evidence
 * @typedef {{fact: string, title: string, form: string | null}} Missing
 * @typedef {{instrument: string, section: string, quote: string}} Citation
 * @typedef {{code: string, title: string, outcome: string, because: string, due: Due | null}} Part
 * @typedef {{obligation: string, approver: string, reason: string, from: string | null, until: string | null,
 *   origin: string | null}} Waiver
 */

/**
 * @typedef {object} Finding
 * @property {string} obligation
 * @property {string} ruleset
 * @property {string} outcome
 * @property {string} severity
 * @property {string} bearer
 * @property {string} bearer_label
 * @property {string} title
 * @property {string} because
 * @property {Part[]} parts
 * @property {Due | null} due
 * @property {Evidence[]} evidence
 * @property {Missing[]} missing
 * @property {boolean} one_short
 * @property {string[]} readings
 * @property {string | null} note
 * @property {Citation[]} citations
 * @property {string[]} responsible
 * @property {{name: string, id: string | null, employer: string | null}[]} parties
 * @property {boolean} lapsed
 * @property {string | null} root_cause
 * @property {string | null} relieved_by
 * @property {Waiver | null} waiver
 * @property {string} declared
 */

/**
 * @typedef {object} CaseObject
 * @property {string} case
 * @property {string | null} ruleset
 * @property {string | null} ruleset_title
 * @property {string | null} ruleset_chosen_because
 * @property {Subject} subject
 * @property {SourceObject} source
 * @property {string | null} as_of
 * @property {string | null} as_of_from
 * @property {string | null} complete
 * @property {string} outcome
 * @property {Record<string, number>} counts
 * @property {Waiver[]} idle_waivers
 * @property {Diagnostic[]} diagnostics
 */

/**
 * @typedef {object} GroupObject
 * @property {string} ruleset
 * @property {string} scope
 * @property {string} label
 * @property {string} group
 * @property {string} as_of
 * @property {string} outcome
 * @property {Record<string, number>} counts
 * @property {{case: string | null, place: string}[]} cases
 * @property {Diagnostic[]} diagnostics
 */

/**
 * @typedef {{scope: string, label: string, groups: number,
 *   obligations: {obligation: string, title: string, counts: Record<string, number>}[]}} ScopeObject
 * @typedef {{ruleset: string, ruleset_title: string, cases: number, outcome: string, scopes: ScopeObject[]}} CampaignObject
 */

/**
 * A due date in brief: the number of its duty, its status, the outcome, the due date, the day it runs from,
 * the earliest day, the last day under the other reading, the day of the act, the lateness and its unit, and whether the
 * norm gives no number of days.
 * @typedef {[number, string, string, string, string | null, string | null, string | null, string | null, number, string,
 *   boolean]} BriefEvent
 */

/**
 * @typedef {object} Ending
 * @property {string | null} as_of
 * @property {Diagnostic[]} diagnostics
 * @property {Record<string, any>} summary
 */

export const CONTRACT = 'choucha.page/1';
