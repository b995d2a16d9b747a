// The cases of a run in a table to search, filter and sort.

import { count, h, later } from '../ui/dom.js';
import { OUTCOMES, outcomeName, t } from '../ui/language.js';
import { badge } from '../ui/badge.js';
import { list } from '../ui/list.js';

/**
 * @typedef {import('../app.js').App} App
 * @typedef {import('../app.js').Filter} Filter
 * @typedef {import('../run/run.js').Item} Item
 * @typedef {import('../run/run.js').Run} Run
 */

/**
 * @param {Run} run
 * @param {Filter} filter
 * @param {import('../project/project.js').Project} project
 * @param {'case' | 'group' | ''} kind
 * @returns {Item[]}
 */
export function matching(run, filter, project, kind) {
  const words = filter.text.toLowerCase().split(/\s+/).filter(Boolean);
  const byFinding = filter.obligation || filter.party || filter.paper || filter.outcome;
  return run.items.filter((item) => {
    if (kind && item.kind !== kind) {
      return false;
    }
    if (!words.every((word) => item.text.includes(word))) {
      return false;
    }
    if (byFinding && !byFindings(run, item, filter)) {
      return false;
    }
    if (filter.county || filter.product) {
      const subject = 'subject' in item.of ? item.of.subject : null;
      if (filter.county && (subject?.county ?? '') !== filter.county) {
        return false;
      }
      if (filter.product && (subject?.product ?? '') !== filter.product) {
        return false;
      }
    }
    if (filter.due && !item.events.some((event) => event[3] === filter.due)) {
      return false;
    }
    if (filter.judged === 'judged') {
      return project.judged(item.key) > 0;
    }
    if (filter.judged === 'open') {
      return project.judged(item.key) < (item.counts.violated ?? 0) + (item.counts.review ?? 0);
    }
    return true;
  });
}

/** Whether one finding of an item meets all conditions on findings. @param {Run} run @param {Item} item @param {Filter} filter */
function byFindings(run, item, filter) {
  if (filter.outcome === 'unaudited') {
    return 'ruleset' in item.of && item.of.ruleset === null;
  }
  if (filter.outcome && !filter.obligation && !filter.party && !filter.paper) {
    return filter.outcome === 'one_short' ? item.oneShort > 0 : item.of.outcome === filter.outcome;
  }
  return item.refers.some((n) => {
    const facet = run.facets[n];
    return (
      (!filter.outcome ||
        facet.outcome === filter.outcome ||
        (filter.outcome === 'one_short' && facet.oneShort)) &&
      (!filter.obligation || facet.obligation === filter.obligation) &&
      (!filter.party ||
        facet.parties.some(
          ({ name, employer }) => name === filter.party || employer === filter.party,
        )) &&
      (!filter.paper || facet.papers.includes(filter.paper))
    );
  });
}

/**
 * @param {App} app
 * @param {'case' | 'group' | ''} kind
 * @returns {HTMLElement}
 */
export function casesView(app, kind) {
  const run = /** @type {Run} */ (app.run);
  const place = h('div', { class: 'list-place' });
  const number = h('p', { class: 'count', 'aria-live': 'polite' });
  const draw = () => {
    const items = matching(run, app.filter, app.project, kind);
    number.textContent = t('共' + count(items.length) + '份', count(items.length) + ' shown');
    place.textContent = '';
    place.appendChild(table(app, items, kind));
  };
  const search = h('input', {
    type: 'search',
    value: app.filter.text,
    placeholder: t('案卷编号、单位、产品、机构…', 'case, respondent, product, agency…'),
    'aria-label': t('查找', 'Search'),
  });
  search.addEventListener(
    'input',
    later(() => {
      app.filter.text = search.value;
      draw();
    }, 200),
  );
  const outcome = select(
    t('结果', 'Outcome'),
    [
      ['', t('全部结果', 'all outcomes')],
      ...OUTCOMES.map((code) => /** @type {[string, string]} */ ([code, outcomeName(code)])),
      ['one_short', t('有差一项的', 'one fact short')],
    ],
    app.filter.outcome,
    (value) => {
      app.filter.outcome = value;
      draw();
    },
  );
  const judged = select(
    t('核实', 'Verified'),
    [
      ['', t('不论核实', 'verified or not')],
      ['open', t('尚未核实完', 'not all verified')],
      ['judged', t('已有核实', 'some verified')],
    ],
    app.filter.judged,
    (value) => {
      app.filter.judged = value;
      draw();
    },
  );
  const chips = chipsOf(app);
  draw();
  return h(
    'div',
    { class: 'cases' },
    h('h1', { class: 'hidden' }, kind === 'group' ? t('跨案', 'Across cases') : t('案卷', 'Cases')),
    h('div', { class: 'filters' }, search, outcome, kind !== 'group' && judged, chips, number),
    place,
  );
}

/**
 * @param {string} label
 * @param {[string, string][]} options
 * @param {string} chosen
 * @param {(value: string) => void} choose
 */
export function select(label, options, chosen, choose) {
  const element = h(
    'select',
    { 'aria-label': label },
    options.map(([value, name]) => h('option', { value }, name)),
  );
  element.value = chosen;
  element.addEventListener('change', () => choose(element.value));
  return element;
}

/** The other conditions on the list, each removable. @param {App} app */
function chipsOf(app) {
  const { filter, run } = app;
  /** @type {[keyof Filter, string][]} */
  const set = [];
  if (filter.obligation) {
    const title = run?.facets.find((facet) => facet.obligation === filter.obligation)?.title;
    set.push(['obligation', title ?? filter.obligation]);
  }
  for (const name of /** @type {const} */ (['party', 'county', 'product', 'paper', 'due'])) {
    if (filter[name]) {
      set.push([name, filter[name]]);
    }
  }
  return set.map(([name, label]) =>
    h(
      'button',
      {
        type: 'button',
        class: 'chip',
        title: t('去掉这一条件', 'take this away'),
        onclick: () => {
          app.filter = { ...app.filter, [name]: '' };
          app.draw();
        },
      },
      label,
      ' ×',
    ),
  );
}

/** @param {App} app @param {Item[]} items @param {'case' | 'group' | ''} kind */
function table(app, items, kind) {
  /** @param {Item} item */
  const subject = (item) => ('subject' in item.of ? item.of.subject : null);
  /** @param {string} outcome @returns {(item: Item) => number} */
  const counted = (outcome) => (item) => item.counts[outcome] ?? 0;
  /** @param {string} title @param {(item: Item) => number} of @param {string} [tone] */
  const numbers = (title, of, tone) => ({
    title,
    width: '72px',
    number: true,
    sort: of,
    cell: (/** @type {Item} */ item) =>
      of(item) === 0 ? '' : h('span', { class: tone ?? '' }, of(item)),
  });
  /** @param {string} title @param {string} width @param {(item: Item) => string} of */
  const words = (title, width, of) => ({
    title,
    width,
    sort: of,
    cell: (/** @type {Item} */ item) => h('span', { title: of(item) }, of(item)),
  });
  return list({
    label: kind === 'group' ? t('跨案', 'Across cases') : t('案卷', 'Cases'),
    items,
    open: (item) => app.go('item/' + item.n),
    columns: [
      {
        title: kind === 'group' ? t('范围', 'Group') : t('案卷编号', 'Case'),
        width: 'minmax(150px, 1.2fr)',
        sort: (item) => item.name,
        cell: (item) => h('a', { href: '#item/' + item.n }, item.name),
      },
      {
        title: t('结果', 'Outcome'),
        width: '110px',
        sort: (item) => OUTCOMES.indexOf(item.of.outcome),
        cell: (item) => badge(item.of.outcome),
      },
      ...(kind !== 'group'
        ? [
            words(t('被抽样单位', 'Respondent'), 'minmax(120px, 1.5fr)', (item) => subject(item)?.respondent ?? ''),
            words(t('县区', 'County'), 'minmax(70px, 0.6fr)', (item) => subject(item)?.county ?? ''),
            words(t('产品', 'Product'), 'minmax(90px, 1fr)', (item) => subject(item)?.product ?? ''),
            words(t('检验机构', 'Tested by'), 'minmax(100px, 1fr)', (item) => subject(item)?.inspection_agency ?? ''),
            words(t('抽样日期', 'Sampled'), '100px', (item) => subject(item)?.sampled_on ?? ''),
          ]
        : [
            words(t('案卷数', 'Cases'), '90px', (item) => ('cases' in item.of ? String(item.of.cases.length) : '')),
          ]),
      numbers(t('违规', 'Viol.'), counted('violated'), 'violated'),
      numbers(t('待判断', 'Judge'), counted('review'), 'review'),
      numbers(t('差一项', '1 short'), (item) => item.oneShort, 'short'),
      numbers(t('待补证', 'Undet.'), counted('undetermined')),
      numbers(t('已核', 'Verified'), (item) => app.project.judged(item.key)),
    ],
  });
}

