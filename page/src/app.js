// Shared by all views.

/**
 * @typedef {import('./run/run.js').Run} Run
 * @typedef {import('./run/run.js').Item} Item
 * @typedef {import('./engine/engine.js').Engine} Engine
 * @typedef {import('./project/project.js').Project} Project
 * @typedef {import('./engine/protocol.js').Given} Given
 */

/**
 * The conditions that the cases of a list meet.
 * @typedef {object} Filter
 * @property {string} text
 * @property {string} outcome
 * @property {string} obligation
 * @property {string} party
 * @property {string} county
 * @property {string} product
 * @property {string} paper
 * @property {string} due
 * @property {string} judged
 */

/** The audit options passed to the command. */
export class AuditOptions {
  constructor() {
    this.ruleset = '';
    this.asOf = '';
    this.complete = false;
    this.mask = false;
  }

  /** @returns {string[]} */
  args() {
    return [
      ...(this.ruleset ? ['--ruleset', this.ruleset] : []),
      ...(this.asOf ? ['--as-of', this.asOf] : []),
      ...(this.complete ? ['--assume-complete'] : []),
      ...(this.mask ? ['--mask'] : []),
    ];
  }
}

/** @returns {Filter} */
export function noFilter() {
  return {
    text: '',
    outcome: '',
    obligation: '',
    party: '',
    county: '',
    product: '',
    paper: '',
    due: '',
    judged: '',
  };
}

/**
 * The page: its run, people's judgements, and navigation between views.
 * @typedef {object} App
 * @property {Run | null} run
 * @property {Run | null} before the run to compare with
 * @property {Project} project
 * @property {Engine | null} engine null in a report
 * @property {Given[]} files
 * @property {boolean} columnsChanged whether columns were placed since the last audit
 * @property {AuditOptions} options
 * @property {Filter} filter
 * @property {(hash: string) => void} go
 * @property {(filter: Partial<Filter>) => void} show lists the cases behind a number
 * @property {() => void} draw
 * @property {(text: string, kind?: 'note' | 'wrong') => void} say
 * @property {() => Promise<void>} audit
 */

export const ROUTES = ['start', 'overview', 'cases', 'groups', 'columns', 'inputs', 'compare', 'item'];
