// A table of any length; the page contains only the visible rows.

import { h, fill } from './dom.js';

const ROW = 34;
const BEYOND = 8;
/** How many rows are printed at most. */
const PRINTED = 3000;

/**
 * @template T
 * @typedef {object} Column
 * @property {string} title
 * @property {string} width as in `grid-template-columns`
 * @property {(item: T) => (Node | string | number)} cell
 * @property {(item: T) => (string | number)} [sort]
 * @property {boolean} [number]
 */

/**
 * @template T
 * @param {object} of
 * @param {string} of.label
 * @param {Column<T>[]} of.columns
 * @param {T[]} of.items
 * @param {(item: T) => void} of.open
 * @param {number} [of.sortedBy]
 * @param {boolean} [of.descending]
 * @returns {HTMLElement}
 */
export function list(of) {
  const { columns, open } = of;
  let items = of.items;
  let sorted = of.sortedBy ?? -1;
  let descending = of.descending ?? false;
  const template = columns.map((column) => column.width).join(' ');
  const head = h('div', { class: 'list-head', role: 'row' });
  const body = h('div', { class: 'list-rows', role: 'presentation' });
  const view = h('div', { class: 'list-view', role: 'rowgroup', tabindex: '0' }, body);
  const all = h(
    'div',
    { class: 'list', role: 'table', 'aria-label': of.label, 'aria-rowcount': String(items.length + 1) },
    h('div', { role: 'rowgroup' }, head),
    view,
  );

  const headers = () =>
    fill(
      head,
      columns.map((column, n) =>
        h(
          'div',
          {
            role: 'columnheader',
            class: column.number ? 'number' : '',
            'aria-sort': sorted === n ? (descending ? 'descending' : 'ascending') : 'none',
          },
          column.sort
            ? h(
                'button',
                {
                  type: 'button',
                  onclick: () => {
                    descending = sorted === n ? !descending : Boolean(column.number);
                    sorted = n;
                    order();
                  },
                },
                column.title,
                sorted === n ? (descending ? ' ▼' : ' ▲') : '',
              )
            : column.title,
        ),
      ),
    );
  head.style.setProperty('grid-template-columns', template);

  const order = () => {
    const by = columns[sorted]?.sort;
    items = of.items;
    if (by) {
      const keyed = of.items.map((item, n) => ({ item, n, key: by(item) }));
      keyed.sort((a, b) => {
        const compared =
          typeof a.key === 'number' && typeof b.key === 'number'
            ? a.key - b.key
            : String(a.key) < String(b.key)
              ? -1
              : String(a.key) > String(b.key)
                ? 1
                : 0;
        return (descending ? -compared : compared) || a.n - b.n;
      });
      items = keyed.map(({ item }) => item);
    }
    headers();
    view.scrollTop = 0;
    draw();
  };

  /** @param {number} n */
  const row = (n) => {
    const item = items[n];
    const made = h(
      'div',
      {
        class: 'list-row',
        role: 'row',
        'aria-rowindex': String(n + 2),
        onclick: (/** @type {MouseEvent} */ event) => {
          if (!(event.target instanceof HTMLInputElement) && String(window.getSelection()) === '') {
            open(item);
          }
        },
      },
      columns.map((column) =>
        h('div', { role: 'cell', class: column.number ? 'number' : '' }, column.cell(item)),
      ),
    );
    made.style.setProperty('grid-template-columns', template);
    made.style.setProperty('top', n * ROW + 'px');
    return made;
  };

  let first = -1;
  let last = -1;
  const draw = (whole = false) => {
    const from = whole ? 0 : Math.max(0, Math.floor(view.scrollTop / ROW) - BEYOND);
    const height = view.clientHeight || 600;
    const to = whole
      ? Math.min(items.length, PRINTED)
      : Math.min(items.length, Math.ceil((view.scrollTop + height) / ROW) + BEYOND);
    first = from;
    last = to;
    body.style.setProperty('height', items.length * ROW + 'px');
    const rows = [];
    for (let n = from; n < to; n += 1) {
      rows.push(row(n));
    }
    fill(body, rows);
    // The header leaves room for the scroll bar.
    head.style.setProperty('padding-right', view.offsetWidth - view.clientWidth + 'px');
  };
  view.addEventListener('scroll', () => {
    const from = Math.floor(view.scrollTop / ROW);
    const to = Math.ceil((view.scrollTop + view.clientHeight) / ROW);
    if (from < first || to > last) {
      draw();
    }
  });
  const before = () => all.isConnected && draw(true);
  const after = () => all.isConnected && draw();
  window.addEventListener('beforeprint', before);
  window.addEventListener('afterprint', after);
  new ResizeObserver(() => {
    if (!all.isConnected) {
      return;
    }
    draw();
  }).observe(view);
  order();
  return all;
}
