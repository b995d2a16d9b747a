// The overview of an audit, in numbers that lead to their cases.

import { count, h } from '../ui/dom.js';
import { OUTCOMES, outcomeName, severityName, t } from '../ui/language.js';
import { bars } from './chart.js';
import { calendar } from './calendar.js';

/**
 * @typedef {import('../app.js').App} App
 * @typedef {import('../app.js').Filter} Filter
 * @typedef {import('../run/run.js').Run} Run
 * @typedef {import('./chart.js').Bar} Bar
 */

/** The findings and cases of one subject, counted by outcome. */
class Tally {
  constructor() {
    this.violated = 0;
    this.review = 0;
    this.short = 0;
    this.undetermined = 0;
    this.cases = 0;
    this.last = -1;
    this.remark = '';
  }

  /** @param {import('../run/run.js').Facet} facet @param {number} item */
  add(facet, item) {
    if (facet.outcome === 'violated') {
      this.violated += 1;
    } else if (facet.outcome === 'review') {
      this.review += 1;
    } else if (facet.oneShort) {
      this.short += 1;
    } else if (facet.outcome === 'undetermined') {
      this.undetermined += 1;
    } else {
      return;
    }
    if (this.last !== item) {
      this.last = item;
      this.cases += 1;
    }
  }
}

/** @param {Map<string, Tally>} tallies @param {string} name */
function tally(tallies, name) {
  let found = tallies.get(name);
  if (!found) {
    found = new Tally();
    tallies.set(name, found);
  }
  return found;
}

/**
 * @param {App} app
 * @returns {HTMLElement}
 */
export function overview(app) {
  const run = /** @type {Run} */ (app.run);
  const cases = run.cases();
  /** @type {Map<string, Tally>} */
  const duties = new Map();
  /** @type {Map<string, Tally>} */
  const bodies = new Map();
  /** @type {Map<string, Tally>} */
  const persons = new Map();
  /** @type {Map<string, Tally>} */
  const counties = new Map();
  /** @type {Map<string, Tally>} */
  const products = new Map();
  /** @type {Map<string, Tally>} */
  const papers = new Map();
  /** @type {Map<string, string>} */
  const titles = new Map();
  for (const item of run.items) {
    const subject = 'subject' in item.of ? item.of.subject : null;
    for (const n of item.refers) {
      const facet = run.facets[n];
      if (facet.outcome === 'satisfied' || facet.outcome === 'not_applicable') {
        continue;
      }
      titles.set(facet.obligation, facet.title);
      const duty = tally(duties, facet.obligation);
      duty.add(facet, item.n);
      duty.remark = severityName(facet.severity);
      for (const party of facet.parties) {
        const isPerson = party.employer !== null || PERSONS.has(facet.bearer);
        tally(isPerson ? persons : bodies, party.name).add(facet, item.n);
        if (party.employer) {
          tally(bodies, party.employer).add(facet, item.n);
        }
      }
      if (subject?.county) {
        tally(counties, subject.county).add(facet, item.n);
      }
      if (subject?.product) {
        tally(products, subject.product).add(facet, item.n);
      }
      if (facet.outcome === 'undetermined') {
        for (const paper of facet.papers) {
          tally(papers, paper).add(facet, item.n);
        }
      }
    }
  }
  /**
   * @param {Map<string, Tally>} tallies
   * @param {(name: string) => Partial<Filter>} filter
   * @param {(name: string) => string} [label]
   */
  const rows = (tallies, filter, label) =>
    Array.from(tallies)
      .filter(([, of]) => of.violated + of.review + of.short > 0)
      .sort(([, a], [, b]) => b.violated - a.violated || b.review - a.review || b.short - a.short)
      .map(([name, of]) => barOf(app, label?.(name) ?? name, of, filter(name)));
  const end = run.end;
  return h(
    'div',
    { class: 'overview' },
    h('h1', {}, t('总览', 'Overview')),
    h(
      'p',
      { class: 'lead' },
      t(
        '共' + count(cases.length) + '份案卷' + (end?.as_of ? '，截至' + end.as_of : ''),
        count(cases.length) + ' cases' + (end?.as_of ? ', as of ' + end.as_of : ''),
      ),
      '；',
      Array.from(
        new Set(cases.map((item) => ('ruleset_title' in item.of ? item.of.ruleset_title : null)).filter(Boolean)),
      ).join('、'),
    ),
    tiles(app),
    problems(app),
    h(
      'div',
      { class: 'charts' },
      bars(
        t('按义务', 'By duty'),
        t('义务', 'Duty'),
        rows(
          duties,
          (obligation) => ({ obligation }),
          (obligation) => titles.get(obligation) ?? obligation,
        ),
      ),
      bars(t('按机构、部门', 'By organisation'), t('机构、部门', 'Organisation'), rows(bodies, (party) => ({ party })), t('人员计入所在机构；一项由几方负责的，各计一次。', 'People count for their organisation; what several answer for counts for each.')),
      bars(t('按人员', 'By person'), t('人员', 'Person'), rows(persons, (party) => ({ party }))),
      bars(t('按县区', 'By county'), t('县区', 'County'), rows(counties, (county) => ({ county }))),
      bars(t('按产品', 'By product'), t('产品', 'Product'), rows(products, (product) => ({ product }))),
      bars(
        t('缺少的文书', 'Missing papers'),
        t('文书', 'Paper'),
        Array.from(papers)
          .sort(([, a], [, b]) => b.short - a.short || b.undetermined - a.undetermined)
          .map(([paper, of]) => ({
            label: paper,
            remark: t(of.cases + '份案卷', of.cases + ' cases'),
            parts: [
              { value: of.short, tone: 'short', name: t('差一项', '1 short') },
              { value: of.undetermined, tone: 'undetermined', name: t('待补证', 'undetermined') },
            ],
            open: () => app.show({ paper }),
          })),
      ),
    ),
    calendar(run, (due) => app.show({ due })),
  );
}

/** Roles that persons fill. */
const PERSONS = new Set(['samplers', 'testers']);

/**
 * @param {App} app
 * @param {string} label
 * @param {Tally} of
 * @param {Partial<Filter>} filter
 * @returns {Bar}
 */
function barOf(app, label, of, filter) {
  return {
    label,
    remark: [of.remark, t(of.cases + '份案卷', of.cases + ' cases')].filter(Boolean).join(t('，', ', ')),
    parts: [
      { value: of.violated, tone: 'violated', name: outcomeName('violated') },
      { value: of.review, tone: 'review', name: outcomeName('review') },
      { value: of.short, tone: 'short', name: t('差一项', '1 short') },
    ],
    open: () => app.show(filter),
  };
}

/** The number of cases by outcome; each leads to its cases. @param {App} app */
function tiles(app) {
  const run = /** @type {Run} */ (app.run);
  const cases = run.cases();
  /** @param {string} name @param {number} n @param {string} tone @param {() => void} open */
  const tile = (name, n, tone, open) =>
    n === 0
      ? null
      : h(
          'button',
          { type: 'button', class: 'tile ' + tone, onclick: open },
          h('b', {}, count(n)),
          h('span', {}, name),
        );
  const short = cases.filter((item) => item.oneShort > 0).length;
  const judged = run.items.reduce((sum, item) => sum + app.project.judged(item.key), 0);
  const groups = run.groups().filter((item) => (item.counts.violated ?? 0) > 0).length;
  return h(
    'div',
    { class: 'tiles' },
    OUTCOMES.map((outcome) =>
      tile(
        t(outcomeName(outcome) + '的案卷', 'cases: ' + outcomeName(outcome)),
        cases.filter((item) => item.of.outcome === outcome).length,
        outcome,
        () => app.show({ outcome }),
      ),
    ),
    tile(t('有差一项的案卷', 'cases one fact short'), short, 'short', () => app.show({ outcome: 'one_short' })),
    tile(t('跨案违规的范围', 'groups with violations'), groups, 'violated', () => {
      app.go('groups');
    }),
    tile(t('已核实的事项', 'findings verified'), judged, 'satisfied', () => app.show({ judged: 'judged' })),
  );
}

/** @param {App} app */
function problems(app) {
  const run = /** @type {Run} */ (app.run);
  const unaudited = run
    .cases()
    .filter((item) => 'ruleset' in item.of && item.of.ruleset === null).length;
  const told = run.end?.diagnostics.length ?? 0;
  if (unaudited + told === 0) {
    return null;
  }
  return h(
    'p',
    { class: 'banner' },
    unaudited > 0 && t(unaudited + '份案卷未能审查。', unaudited + ' cases could not be audited. '),
    told > 0 && t('输入有' + told + '处要说明。', told + ' remarks on the inputs. '),
    h('a', { href: '#inputs' }, t('查看', 'See them')),
  );
}
