// A run in memory: every finding once, every case with the numbers of its findings.

/**
 * @typedef {import('./contract.js').Finding} Finding
 * @typedef {import('./contract.js').Evidence} Evidence
 * @typedef {import('./contract.js').CaseObject} CaseObject
 * @typedef {import('./contract.js').GroupObject} GroupObject
 * @typedef {import('./contract.js').CampaignObject} CampaignObject
 * @typedef {import('./contract.js').BriefEvent} BriefEvent
 * @typedef {import('./contract.js').Ending} Ending
 * @typedef {import('./contract.js').Header} Header
 */

/**
 * The parts of a finding that lists and totals need.
 * @typedef {object} Facet
 * @property {string} obligation
 * @property {string} title
 * @property {string} outcome
 * @property {string} severity
 * @property {string} bearer
 * @property {string} bearerLabel
 * @property {boolean} oneShort
 * @property {boolean} follows whether it follows from another violation
 * @property {{name: string, employer: string | null}[]} parties
 * @property {string[]} papers
 * @property {number} late
 * @property {string} lateUnit
 */

/**
 * A case, or a group of cases audited together.
 * @typedef {object} Item
 * @property {number} n its position in the run
 * @property {'case' | 'group'} kind
 * @property {string} key identifies it in another run
 * @property {string} name
 * @property {CaseObject | GroupObject} of
 * @property {number[]} refers
 * @property {BriefEvent[]} events
 * @property {Evidence[]} evidence
 * @property {Record<string, number>} counts
 * @property {number} oneShort
 * @property {string} text the text to search
 */

/** A run. */
export class Run {
  constructor() {
    /** @type {Header | null} */
    this.header = null;
    /** @type {string[]} */
    this.lines = [];
    /** @type {Facet[]} */
    this.facets = [];
    /** @type {{obligation: string, title: string}[]} */
    this.duties = [];
    /** @type {Item[]} */
    this.items = [];
    /** @type {CampaignObject[]} */
    this.campaigns = [];
    /** @type {Ending | null} */
    this.end = null;
    /** @type {Map<string, number>} */
    this.keys = new Map();
    /** @type {string[]} every line, unchanged */
    this.raw = [];
    this.rest = '';
  }

  /** The cases. @returns {Item[]} */
  cases() {
    return this.items.filter((item) => item.kind === 'case');
  }

  /** The groups of cases. @returns {Item[]} */
  groups() {
    return this.items.filter((item) => item.kind === 'group');
  }

  /**
   * Takes the next piece of a run's text, cut anywhere.
   * @param {string} text
   */
  take(text) {
    const lines = (this.rest + text).split('\n');
    this.rest = lines.pop() ?? '';
    for (const line of lines) {
      this.line(line);
    }
  }

  /** @param {string} line */
  line(line) {
    if (line.trim() === '') {
      return;
    }
    this.raw.push(line);
    const told = JSON.parse(line);
    if (told.finding) {
      this.lines.push(line);
      this.facets.push(facet(told.finding.of));
    } else if (told.duty) {
      this.duties.push(told.duty);
    } else if (told.case) {
      this.addCase(told.case);
    } else if (told.group) {
      this.addGroup(told.group);
    } else if (told.campaign) {
      this.campaigns.push(told.campaign);
    } else if (told.end) {
      this.end = told.end;
    } else if (told.schema) {
      if (told.schema !== 'choucha.page/1') {
        throw new Error(told.schema);
      }
      this.header = told;
    }
  }

  /** @param {{of: CaseObject, refers: number[], evidence: Evidence[], events?: BriefEvent[]}} told */
  addCase({ of, refers, evidence, events = [] }) {
    const subject = of.subject;
    this.add({
      n: this.items.length,
      kind: 'case',
      key: this.unique(of.case),
      name: of.case,
      of,
      refers,
      events,
      evidence,
      counts: of.counts,
      oneShort: this.oneShort(refers),
      text: [
        of.case,
        subject.respondent,
        subject.product,
        subject.county,
        subject.sampling_agency,
        subject.inspection_agency,
        of.source.path,
      ]
        .join(' ')
        .toLowerCase(),
    });
  }

  /** @param {{of: GroupObject, refers: number[], evidence: Evidence[]}} told */
  addGroup({ of, refers, evidence }) {
    const name = of.label + ' ' + of.group;
    this.add({
      n: this.items.length,
      kind: 'group',
      key: this.unique(of.ruleset + ' ' + of.scope + ' ' + of.group),
      name,
      of,
      refers,
      events: [],
      evidence,
      counts: of.counts,
      oneShort: this.oneShort(refers),
      text: (name + ' ' + of.cases.map((it) => it.case).join(' ')).toLowerCase(),
    });
  }

  /** @param {Item} item */
  add(item) {
    this.items.push(item);
  }

  /** @param {number[]} refers */
  oneShort(refers) {
    return refers.filter((n) => this.facets[n].oneShort).length;
  }

  /** A unique name. @param {string} name */
  unique(name) {
    const before = this.keys.get(name) ?? 0;
    this.keys.set(name, before + 1);
    return before === 0 ? name : name + ' #' + (before + 1);
  }

  /**
   * A finding in full, with the evidence of its case or group.
   * @param {number} n
   * @param {Item} item
   * @returns {Finding}
   */
  finding(n, item) {
    const { of, facts } = /** @type {{of: Finding, facts: string[]}} */ (
      JSON.parse(this.lines[n]).finding
    );
    const own = new Map(item.evidence.map((evidence) => [evidence.fact, evidence]));
    for (const fact of facts) {
      const evidence = own.get(fact);
      if (evidence) {
        of.evidence.push(evidence);
      }
    }
    return of;
  }

  /**
   * All findings of a case or a group, in full.
   * @param {Item} item
   * @returns {{n: number, finding: Finding}[]}
   */
  findings(item) {
    return item.refers.map((n) => ({ n, finding: this.finding(n, item) }));
  }
}

/** @param {Finding} finding @returns {Facet} */
function facet(finding) {
  /** @type {Set<string>} */
  const papers = new Set();
  for (const gap of finding.missing) {
    papers.add(gap.form ?? gap.title);
  }
  return {
    obligation: finding.obligation,
    title: finding.title,
    outcome: finding.outcome,
    severity: finding.severity,
    bearer: finding.bearer,
    bearerLabel: finding.bearer_label,
    oneShort: finding.one_short,
    follows: finding.root_cause !== null,
    parties: finding.parties.map(({ name, employer }) => ({ name, employer })),
    papers: Array.from(papers),
    late: finding.due?.late_days ?? 0,
    lateUnit: finding.due?.late_unit ?? 'day',
  };
}
