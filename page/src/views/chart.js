// Bar charts in SVG that are tables too.

import { count, h, s } from '../ui/dom.js';
import { t } from '../ui/language.js';

/**
 * @typedef {object} Bar
 * @property {string} label
 * @property {string} [remark]
 * @property {{value: number, tone: string, name: string}[]} parts
 * @property {() => void} open
 */

/** How many bars are shown at first. */
const FIRST = 12;
const WIDTH = 260;

/**
 * A table with one bar per row.
 * @param {string} title
 * @param {string} what the subject of the rows
 * @param {Bar[]} bars
 * @param {string} [remark]
 * @returns {HTMLElement | null}
 */
export function bars(title, what, bars, remark) {
  if (bars.length === 0) {
    return null;
  }
  const totals = bars.map((bar) => bar.parts.reduce((sum, part) => sum + part.value, 0));
  const most = Math.max(1, ...totals);
  /** @type {Map<string, string>} */
  const names = new Map();
  for (const bar of bars) {
    for (const part of bar.parts) {
      names.set(part.name, part.tone);
    }
  }
  const rows = h('tbody', {});
  let shown = FIRST;
  const draw = () => {
    rows.textContent = '';
    bars.slice(0, shown).forEach((bar) => rows.appendChild(row(bar)));
  };
  /** @param {Bar} bar */
  const row = (bar) => {
    let x = 0;
    const picture = s(
      'svg',
      { viewBox: `0 0 ${WIDTH} 14`, class: 'bar', 'aria-hidden': 'true', preserveAspectRatio: 'none' },
      bar.parts.map((part) => {
        const width = (part.value / most) * WIDTH;
        const rect = s('rect', { x, y: 1, width, height: 12, class: 'fill ' + part.tone }, s('title', {}, part.name + ' ' + part.value));
        x += width;
        return rect;
      }),
    );
    return h(
      'tr',
      {},
      h(
        'th',
        { scope: 'row' },
        h('button', { type: 'button', class: 'link', onclick: bar.open }, bar.label),
        bar.remark && h('span', { class: 'remark' }, ' ' + bar.remark),
      ),
      bar.parts.map((part) => h('td', { class: 'number' }, part.value === 0 ? '' : count(part.value))),
      h('td', { class: 'picture' }, picture),
    );
  };
  draw();
  const more =
    bars.length > FIRST
      ? h(
          'button',
          {
            type: 'button',
            class: 'link more',
            onclick: () => {
              shown = bars.length;
              draw();
              more?.remove();
            },
          },
          t('全部' + bars.length + '行', 'all ' + bars.length + ' rows'),
        )
      : null;
  return h(
    'section',
    { class: 'chart' },
    h('h2', {}, title),
    remark && h('p', { class: 'remark' }, remark),
    h(
      'table',
      { class: 'bars' },
      h(
        'thead',
        {},
        h(
          'tr',
          {},
          h('th', { scope: 'col' }, what),
          Array.from(names, ([name, tone]) =>
            h('th', { scope: 'col', class: 'number' }, h('i', { class: 'key ' + tone }), name),
          ),
          h('td', {}),
        ),
      ),
      rows,
    ),
    more,
  );
}
