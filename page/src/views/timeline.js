// The due dates of a case as a picture, with a table next to it.

import { h, s } from '../ui/dom.js';
import { progressName, t } from '../ui/language.js';

/**
 * @typedef {import('../run/contract.js').BriefEvent} BriefEvent
 * @typedef {object} Entry
 * @property {string} title
 * @property {string} obligation
 * @property {string} progress
 * @property {string} on
 * @property {string | null} from
 * @property {string | null} earliest
 * @property {string | null} otherwise
 * @property {string | null} act
 * @property {number} late
 * @property {string} unit
 * @property {boolean} reminder
 */

/**
 * @param {BriefEvent[]} events
 * @param {{obligation: string, title: string}[]} duties
 * @returns {Entry[]}
 */
export function entries(events, duties) {
  return events.map(
    ([duty, progress, , on, from, earliest, otherwise, act, late, unit, reminder]) => ({
      ...duties[duty],
      progress,
      on,
      from,
      earliest,
      otherwise,
      act,
      late,
      unit,
      reminder,
    }),
  );
}

const DAY = 86400000;
const LINE = 22;
const LABEL = 330;
const RIGHT = 24;

/** The colour for the status of an act. @param {string} progress */
export function tone(progress) {
  switch (progress) {
    case 'done':
      return 'good';
    case 'late':
    case 'overdue':
      return 'bad';
    case 'too_early':
    case 'readings_differ':
    case 'review':
      return 'doubt';
    case 'day_unknown':
    case 'start_unknown':
    case 'unproven':
      return 'gap';
    default:
      return 'calm';
  }
}

/** @param {string} day */
function number(day) {
  return Date.parse(day + 'T00:00:00Z') / DAY;
}

/** @param {Entry} entry */
function inWords(entry) {
  const late =
    entry.late > 0
      ? entry.unit === 'workday'
        ? t('，逾期' + entry.late + '个工作日', ', ' + entry.late + ' working days late')
        : t('，逾期' + entry.late + '日', ', ' + entry.late + ' days late')
      : '';
  const act = entry.act ? t(entry.act + '办理', 'done ' + entry.act) : '';
  return [progressName(entry.progress, entry.reminder), act].filter(Boolean).join(' ') + late;
}

/** A text cut to `most` characters. @param {string} text @param {number} most */
function cut(text, most) {
  return text.length > most ? text.slice(0, most - 1) + '…' : text;
}

/**
 * @param {Entry[]} all
 * @param {(obligation: string) => void} open
 * @returns {HTMLElement}
 */
export function timeline(all, open) {
  const shown = all.slice().sort((a, b) => (a.on < b.on ? -1 : a.on > b.on ? 1 : 0));
  const days = shown.flatMap((entry) =>
    [entry.on, entry.from, entry.act].filter(Boolean).map((day) => number(String(day))),
  );
  const from = Math.min(...days) - 3;
  const to = Math.max(...days) + 5;
  const width = 1180;
  const scale = (width - LABEL - RIGHT) / Math.max(1, to - from);
  /** @param {string} day */
  const x = (day) => LABEL + (number(day) - from) * scale;
  const height = shown.length * LINE + 30;
  const picture = s('svg', {
    viewBox: `0 0 ${width} ${height}`,
    role: 'img',
    'aria-label': t('期限时间线，内容同下表', 'timeline of due dates; the table below says the same'),
    class: 'timeline',
  });
  const first = new Date(from * DAY);
  for (
    let month = new Date(Date.UTC(first.getUTCFullYear(), first.getUTCMonth() + 1, 1));
    month.getTime() / DAY < to;
    month = new Date(Date.UTC(month.getUTCFullYear(), month.getUTCMonth() + 1, 1))
  ) {
    const at = LABEL + (month.getTime() / DAY - from) * scale;
    picture.appendChild(s('line', { x1: at, x2: at, y1: 18, y2: height, class: 'month' }));
    picture.appendChild(
      s('text', { x: at + 3, y: 13, class: 'month' }, month.toISOString().slice(0, 7)),
    );
  }
  shown.forEach((entry, n) => {
    const y = 24 + n * LINE;
    const row = s(
      'g',
      { class: 'row ' + tone(entry.progress), onclick: () => open(entry.obligation) },
      s('title', {}, entry.on + ' ' + entry.title + '：' + inWords(entry)),
      s('rect', { x: 0, y, width, height: LINE, class: 'ground' }),
      s('text', { x: 4, y: y + 15, class: 'name' }, cut(entry.title, 24)),
      entry.from &&
        s('line', { x1: x(entry.from), x2: x(entry.on), y1: y + 11, y2: y + 11, class: 'span' }),
      entry.act &&
        entry.act > entry.on &&
        entry.late > 0 &&
        s('line', { x1: x(entry.on), x2: x(entry.act), y1: y + 11, y2: y + 11, class: 'late' }),
      s('line', {
        x1: x(entry.on),
        x2: x(entry.on),
        y1: y + 4,
        y2: y + 18,
        class: entry.reminder ? 'due reminder' : 'due',
      }),
      entry.otherwise &&
        s('line', {
          x1: x(entry.otherwise),
          x2: x(entry.otherwise),
          y1: y + 4,
          y2: y + 18,
          class: 'due otherwise',
        }),
      entry.act && s('circle', { cx: x(entry.act), cy: y + 11, r: 4.5, class: 'act' }),
    );
    picture.appendChild(row);
  });
  return h(
    'div',
    {},
    h(
      'p',
      { class: 'legend' },
      t(
        '横线：自起算日至期限；竖线：期限（虚线为提示日，点线为另一读法）；圆点：办理日。',
        'Bar: from the day the time runs from to the due date; stroke: due date (dashed: a reminder, dotted: the other reading); dot: the act.',
      ),
    ),
    h('div', { class: 'scroll', tabindex: '0' }, picture),
    h(
      'details',
      {},
      h('summary', {}, t('期限一览表', 'The due dates as a table')),
      h(
        'table',
        { class: 'plain' },
        h(
          'thead',
          {},
          h(
            'tr',
            {},
            [t('期限', 'Due'), t('起算', 'From'), t('办理', 'Done'), t('情况', 'State'), t('义务', 'Duty')].map(
              (name) => h('th', { scope: 'col' }, name),
            ),
          ),
        ),
        h(
          'tbody',
          {},
          shown.map((entry) =>
            h(
              'tr',
              { class: tone(entry.progress) },
              h('td', {}, entry.on, entry.reminder ? t('（提示日）', ' (reminder)') : ''),
              h('td', {}, entry.from ?? ''),
              h('td', {}, entry.act ?? ''),
              h('td', {}, inWords(entry)),
              h('td', {}, entry.title),
            ),
          ),
        ),
      ),
    ),
  );
}
