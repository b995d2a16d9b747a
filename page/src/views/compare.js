// Two audits of the same cases, before and after rectification: what is new, cured, unchanged or worse.

import { h } from '../ui/dom.js';
import { outcomeName, t } from '../ui/language.js';
import { badge } from '../ui/badge.js';
import { list } from '../ui/list.js';

/**
 * @typedef {import('../run/run.js').Run} Run
 * @typedef {import('../run/run.js').Facet} Facet
 * @typedef {object} Change
 * @property {'new' | 'worse' | 'unchanged' | 'cured' | 'gone'} kind
 * @property {string} item
 * @property {string} obligation
 * @property {string} title
 * @property {string} before
 * @property {string} after
 * @property {number} n the case in the later run, if it has it
 */

const WEIGHT = ['violated', 'errored', 'review', 'undetermined', 'pending', 'waived'];

/** The seriousness of an outcome; 0 if it is not open. @param {string} outcome */
function weightOf(outcome) {
  const at = WEIGHT.indexOf(outcome);
  return at < 0 ? 0 : WEIGHT.length - at;
}

/**
 * The open findings of a run by case and duty.
 * @param {Run} run
 * @returns {Map<string, {n: number, facets: Map<string, Facet>}>}
 */
function byCase(run) {
  const all = new Map();
  for (const item of run.items) {
    const facets = new Map();
    for (const n of item.refers) {
      const facet = run.facets[n];
      if (weightOf(facet.outcome) > 0) {
        facets.set(facet.obligation, facet);
      }
    }
    all.set(item.key, { n: item.n, facets });
  }
  return all;
}

/**
 * @param {Run} before
 * @param {Run} after
 * @returns {Change[]}
 */
export function changes(before, after) {
  /** @type {Change[]} */
  const all = [];
  const was = byCase(before);
  const is = byCase(after);
  for (const [item, { n, facets }] of is) {
    const old = was.get(item)?.facets ?? new Map();
    for (const [obligation, facet] of facets) {
      const earlier = /** @type {Facet | undefined} */ (old.get(obligation));
      const [from, to] = [earlier ? weightOf(earlier.outcome) : 0, weightOf(facet.outcome)];
      const isLater = earlier && facet.outcome === 'violated' && earlier.outcome === 'violated' && facet.late > earlier.late;
      all.push({
        kind: from === 0 ? 'new' : to > from || isLater ? 'worse' : to < from ? 'cured' : 'unchanged',
        item,
        obligation,
        title: facet.title,
        before: earlier?.outcome ?? '',
        after: facet.outcome,
        n,
      });
    }
  }
  for (const [item, { facets }] of was) {
    const now = is.get(item);
    for (const [obligation, facet] of facets) {
      if (!now || !now.facets.has(obligation)) {
        all.push({
          kind: now ? 'cured' : 'gone',
          item,
          obligation,
          title: facet.title,
          before: facet.outcome,
          after: '',
          n: now?.n ?? -1,
        });
      }
    }
  }
  return all;
}

/** @param {string} kind */
function kindName(kind) {
  switch (kind) {
    case 'new':
      return t('新增', 'new');
    case 'worse':
      return t('加重', 'worse');
    case 'unchanged':
      return t('未变', 'unchanged');
    case 'cured':
      return t('已改或减轻', 'cured or better');
    default:
      return t('案卷不在本次', 'case not in this run');
  }
}

/**
 * @param {import('../app.js').App} app
 * @param {(text: string) => void} openBefore opens the earlier project
 * @returns {HTMLElement}
 */
export function compareView(app, openBefore) {
  const input = h('input', { type: 'file', accept: '.choucha', hidden: true, id: 'before' });
  input.addEventListener('change', () => {
    input.files?.[0]?.text().then(openBefore);
    input.value = '';
  });
  const head = h(
    'header',
    {},
    h('h1', {}, t('整改复核', 'After rectification')),
    h(
      'p',
      { class: 'lead' },
      t(
        '打开整改前保存的审查项目，与现在这次逐案逐项对照。',
        'Open the project saved before rectification: it is compared with this run, case by case and duty by duty.',
      ),
    ),
    h(
      'p',
      { class: 'buttons' },
      h('button', { type: 'button', class: 'primary', onclick: () => input.click() }, t('打开整改前的项目', 'Open the earlier project')),
      input,
    ),
  );
  if (!app.before || !app.run) {
    return h('div', { class: 'compare' }, head);
  }
  const all = changes(app.before, app.run);
  const kinds = /** @type {const} */ (['new', 'worse', 'unchanged', 'cured', 'gone']);
  let shown = '';
  const place = h('div', { class: 'list-place' });
  const draw = () => {
    const items = all.filter((change) => shown === '' || change.kind === shown);
    place.textContent = '';
    place.appendChild(
      list({
        label: t('对照', 'Comparison'),
        items,
        open: (change) => change.n >= 0 && app.go('item/' + change.n),
        columns: [
          { title: t('变化', 'Change'), width: '120px', sort: (c) => kinds.indexOf(c.kind), cell: (c) => h('span', { class: 'change ' + c.kind }, kindName(c.kind)) },
          { title: t('案卷', 'Case'), width: 'minmax(140px, 1fr)', sort: (c) => c.item, cell: (c) => (c.n >= 0 ? h('a', { href: '#item/' + c.n }, c.item) : c.item) },
          { title: t('义务', 'Duty'), width: 'minmax(200px, 2fr)', sort: (c) => c.title, cell: (c) => h('span', { title: c.obligation }, c.title) },
          { title: t('整改前', 'Before'), width: '120px', sort: (c) => c.before, cell: (c) => (c.before ? badge(c.before) : '—') },
          { title: t('现在', 'Now'), width: '120px', sort: (c) => c.after, cell: (c) => (c.after ? badge(c.after) : t('不再列出', 'no longer told')) },
        ],
      }),
    );
  };
  draw();
  return h(
    'div',
    { class: 'compare' },
    head,
    h(
      'div',
      { class: 'tiles' },
      kinds.map((kind) => {
        const n = all.filter((change) => change.kind === kind).length;
        return h(
          'button',
          {
            type: 'button',
            class: 'tile change-' + kind,
            onclick: () => {
              shown = shown === kind ? '' : kind;
              draw();
            },
          },
          h('b', {}, n),
          h('span', {}, kindName(kind)),
        );
      }),
    ),
    h('p', { class: 'remark' }, t('结果：', 'Outcomes: ') + WEIGHT.map(outcomeName).join(t('、', ', '))),
    place,
  );
}
