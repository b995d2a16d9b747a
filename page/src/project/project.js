// People's judgements on the findings of a run: `choucha.project/1`, which `docs/schema/project-1.json` describes.

/**
 * A person's judgement on one finding. The program's finding stays unchanged.
 * @typedef {object} Judgement
 * @property {'' | 'confirmed' | 'refuted' | 'open'} verdict 属实, 不属实, 待核实
 * @property {string} reason
 * @property {string} page
 * @property {string} explanation by the audited
 * @property {string} rectification
 * @property {string} rectified_on
 * @property {string} by
 * @property {string} at
 * @property {{outcome: string, because: string}} finding the program's finding at that time
 */

/**
 * @typedef {object} Saved
 * @property {string} schema
 * @property {import('../run/contract.js').EngineObject} engine
 * @property {string} saved_at
 * @property {string} auditor
 * @property {string[]} arguments
 * @property {{path: string, sha256: string | null}[]} inputs
 * @property {{item: string, obligation: string, judgement: Judgement}[]} judgements
 * @property {unknown[]} run the lines of `choucha.page/1`
 */

export const PROJECT = 'choucha.project/1';

/** An open project. */
export class Project {
  constructor() {
    this.auditor = '';
    /** @type {Map<string, Map<string, Judgement>>} by case, by duty */
    this.judgements = new Map();
    /** Whether there are unsaved changes. */
    this.changed = false;
    /** @type {() => void} */
    this.onchange = () => {};
  }

  /**
   * @param {string} item
   * @param {string} obligation
   * @returns {Judgement | undefined}
   */
  get(item, obligation) {
    return this.judgements.get(item)?.get(obligation);
  }

  /**
   * @param {string} item
   * @param {string} obligation
   * @param {Partial<Judgement>} change
   * @param {{outcome: string, because: string}} finding
   */
  set(item, obligation, change, finding) {
    const of = this.judgements.get(item) ?? new Map();
    const before = of.get(obligation) ?? emptyJudgement();
    of.set(obligation, {
      ...before,
      ...change,
      by: this.auditor,
      at: new Date().toISOString(),
      finding: { outcome: finding.outcome, because: finding.because },
    });
    this.judgements.set(item, of);
    this.touch();
  }

  touch() {
    this.changed = true;
    this.onchange();
  }

  /** The number of findings of a case with a verdict. @param {string} item */
  judged(item) {
    let n = 0;
    for (const judgement of this.judgements.get(item)?.values() ?? []) {
      n += judgement.verdict ? 1 : 0;
    }
    return n;
  }

  /** @returns {Saved['judgements']} */
  list() {
    const all = [];
    for (const [item, of] of this.judgements) {
      for (const [obligation, judgement] of of) {
        all.push({ item, obligation, judgement });
      }
    }
    return all;
  }

  /** @param {Saved['judgements']} list */
  restore(list) {
    this.judgements.clear();
    for (const { item, obligation, judgement } of list) {
      const of = this.judgements.get(item) ?? new Map();
      of.set(obligation, { ...emptyJudgement(), ...judgement });
      this.judgements.set(item, of);
    }
  }
}

/** @returns {Judgement} */
export function emptyJudgement() {
  return {
    verdict: '',
    reason: '',
    page: '',
    explanation: '',
    rectification: '',
    rectified_on: '',
    by: '',
    at: '',
    finding: { outcome: '', because: '' },
  };
}

/**
 * The text of a project file. It contains the lines of the run unchanged.
 * @param {Project} project
 * @param {import('../run/run.js').Run} run
 * @param {string[]} args
 * @returns {string[]} parts to join
 */
export function projectText(project, run, args) {
  /** @type {Map<string, string | null>} */
  const inputs = new Map();
  for (const item of run.items) {
    if ('source' in item.of) {
      inputs.set(item.of.source.path, item.of.source.sha256);
    }
  }
  const head = JSON.stringify(
    {
      schema: PROJECT,
      engine: run.header?.engine,
      saved_at: new Date().toISOString(),
      auditor: project.auditor,
      arguments: args,
      inputs: Array.from(inputs, ([path, sha256]) => ({ path, sha256 })),
      judgements: project.list(),
    },
    null,
    1,
  ).replace(/\n}$/, ',\n "run": [\n');
  return [head, run.raw.join(',\n'), '\n]}\n'];
}

/**
 * Reads a project file; throws a bilingual error if it is invalid.
 * @param {string} text
 * @returns {Saved}
 */
export function readProject(text) {
  /** @type {any} */
  let saved;
  try {
    saved = JSON.parse(text);
  } catch {
    throw new Wrong(
      '这不是完整的审查项目文件：文件可能没有下载完或者被截断，请用原来保存的那一份',
      'this is no whole project file: it may be cut off; use the copy that was saved',
    );
  }
  if (typeof saved?.schema !== 'string' || !saved.schema.startsWith('choucha.project/')) {
    throw new Wrong('这不是审查项目文件（.choucha）', 'this is not a project file (.choucha)');
  }
  if (saved.schema !== PROJECT) {
    throw new Wrong(
      '项目文件的版本是 ' + saved.schema + '，本页只能打开 ' + PROJECT + '：请用保存它的那一版页面打开',
      'the project file is of ' + saved.schema + ', this page opens ' + PROJECT,
    );
  }
  if (!Array.isArray(saved.run) || !Array.isArray(saved.judgements)) {
    throw new Wrong('项目文件缺少内容，可能被改动过', 'the project file lacks parts; it may have been edited');
  }
  return saved;
}

/** An error the user can correct, in both languages. */
export class Wrong extends Error {
  /** @param {string} zh @param {string} en */
  constructor(zh, en) {
    super(zh);
    this.zh = zh;
    this.en = en;
  }
}
