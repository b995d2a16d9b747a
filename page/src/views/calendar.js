// A calendar of due dates: how many fall on each day, and how many were missed.

import { h, s } from '../ui/dom.js';
import { t } from '../ui/language.js';
import { tone } from './timeline.js';

/** How many months are shown at first: the last ones. */
const MONTHS = 12;
const CELL = 26;

/**
 * @param {import('../run/run.js').Run} run
 * @param {(day: string) => void} open
 * @returns {HTMLElement | null}
 */
export function calendar(run, open) {
  /** @type {Map<string, {due: number, bad: number}>} */
  const days = new Map();
  for (const item of run.items) {
    for (const event of item.events) {
      const day = days.get(event[3]) ?? { due: 0, bad: 0 };
      day.due += 1;
      day.bad += tone(event[1]) === 'bad' ? 1 : 0;
      days.set(event[3], day);
    }
  }
  if (days.size === 0) {
    return null;
  }
  const months = Array.from(new Set(Array.from(days.keys(), (day) => day.slice(0, 7)))).sort();
  const most = Math.max(...Array.from(days.values(), (day) => day.due));
  const place = h('div', { class: 'months' });
  /** @param {string[]} which */
  const draw = (which) => {
    place.textContent = '';
    for (const month of which) {
      place.appendChild(monthPicture(month, days, most, open));
    }
  };
  draw(months.slice(-MONTHS));
  const table = h('details', {}, h('summary', {}, t('列成表', 'As a table')));
  table.addEventListener(
    'toggle',
    () => {
      table.appendChild(
        h(
          'table',
          { class: 'plain' },
          h(
            'thead',
            {},
            h(
              'tr',
              {},
              [t('日期', 'Day'), t('到期', 'Due'), t('其中逾期', 'Missed')].map((name) =>
                h('th', { scope: 'col' }, name),
              ),
            ),
          ),
          h(
            'tbody',
            {},
            Array.from(days)
              .sort(([a], [b]) => (a < b ? -1 : 1))
              .map(([day, of]) =>
                h(
                  'tr',
                  {},
                  h(
                    'th',
                    { scope: 'row' },
                    h('button', { type: 'button', class: 'link', onclick: () => open(day) }, day),
                  ),
                  h('td', { class: 'number' }, of.due),
                  h('td', { class: 'number' }, of.bad || ''),
                ),
              ),
          ),
        ),
      );
    },
    { once: true },
  );
  return h(
    'section',
    { class: 'calendar' },
    h('h2', {}, t('期限日历', 'Calendar of due dates')),
    h(
      'p',
      { class: 'remark' },
      t(
        '颜色深浅为当日到期的事项数，红点为其中逾期的；点日期看案卷。',
        'The shade is how many fall due on the day, a red dot says that some were missed; a day opens its cases.',
      ),
    ),
    months.length > MONTHS
      ? h(
          'button',
          { type: 'button', class: 'link', onclick: () => draw(months) },
          t('全部' + months.length + '个月', 'all ' + months.length + ' months'),
        )
      : null,
    place,
    table,
  );
}

/**
 * @param {string} month
 * @param {Map<string, {due: number, bad: number}>} days
 * @param {number} most
 * @param {(day: string) => void} open
 */
function monthPicture(month, days, most, open) {
  const [year, of] = month.split('-').map(Number);
  const first = (new Date(Date.UTC(year, of - 1, 1)).getUTCDay() + 6) % 7;
  const length = new Date(Date.UTC(year, of, 0)).getUTCDate();
  const rows = Math.ceil((first + length) / 7);
  const picture = s('svg', {
    viewBox: `0 0 ${7 * CELL} ${(rows + 1) * CELL}`,
    width: 7 * CELL,
    height: (rows + 1) * CELL,
    role: 'group',
    'aria-label': month,
  });
  t('一 二 三 四 五 六 日', 'M T W T F S S')
    .split(' ')
    .forEach((name, n) =>
      picture.appendChild(s('text', { x: n * CELL + CELL / 2, y: 17, class: 'weekday' }, name)),
    );
  for (let n = 1; n <= length; n += 1) {
    const x = ((first + n - 1) % 7) * CELL;
    const y = (Math.floor((first + n - 1) / 7) + 1) * CELL;
    const day = month + '-' + String(n).padStart(2, '0');
    const here = days.get(day);
    picture.appendChild(
      s(
        'g',
        {
          class: here ? 'day full' : 'day',
          onclick: here ? () => open(day) : null,
        },
        here && s('title', {}, day + t('：到期' + here.due + '项，逾期' + here.bad + '项', ': ' + here.due + ' due, ' + here.bad + ' missed')),
        s('rect', {
          x: x + 1,
          y: y + 1,
          width: CELL - 2,
          height: CELL - 2,
          rx: 3,
          'fill-opacity': here ? 0.15 + (0.75 * here.due) / most : 0,
        }),
        s('text', { x: x + CELL / 2, y: y + 17 }, n),
        here && here.bad > 0 && s('circle', { cx: x + CELL - 6, cy: y + 6, r: 3, class: 'bad' }),
      ),
    );
  }
  return h('figure', {}, h('figcaption', {}, month), picture);
}
