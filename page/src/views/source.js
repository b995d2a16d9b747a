// The source of a case next to its findings, with the places marked.

import { fill, h } from '../ui/dom.js';
import { t } from '../ui/language.js';

/**
 * @typedef {import('../app.js').App} App
 * @typedef {import('../run/run.js').Item} Item
 * @typedef {import('../run/contract.js').Evidence} Evidence
 */

const LINE_OR_CELL = /^(.*?):(\d+)(?::(\d+))?$/;
/** Longer lines are cut: a line of NDJSON is one case. */
const LONGEST = 4000;

/**
 * The target of an origin: a line of a text, or a cell of a sheet.
 * @param {string} origin
 * @returns {{path: string, line: number, cell: string}}
 */
export function placeOf(origin) {
  const found = LINE_OR_CELL.exec(origin);
  if (found) {
    return { path: found[1], line: Number(found[2]), cell: '' };
  }
  const bang = origin.lastIndexOf('!');
  return { path: origin.slice(0, bang), line: 0, cell: origin.slice(bang + 1) };
}

/** Removes the worker's folder from a path. @param {string} path */
export function shownPath(path) {
  return path.replace(/^\/?in\//, '');
}

/**
 * @param {App} app
 * @param {Item} item
 * @returns {{element: HTMLElement, show: (origin: string) => void}}
 */
export function sourcePanel(app, item) {
  const path = 'source' in item.of ? item.of.source.path : '';
  const body = h('div', { class: 'source-body', tabindex: '0' });
  const element = h(
    'aside',
    { class: 'source', 'aria-label': t('案卷原文', 'Source') },
    h('h2', {}, t('案卷原文', 'Source')),
    h('p', { class: 'path' }, shownPath(path)),
    body,
  );
  /** @type {Map<number, Evidence[]>} */
  const byLine = new Map();
  /** @type {Evidence[]} */
  const cells = [];
  for (const evidence of item.evidence) {
    if (!evidence.origin) {
      continue;
    }
    const place = placeOf(evidence.origin);
    if (place.cell) {
      cells.push(evidence);
    } else {
      byLine.set(place.line, [...(byLine.get(place.line) ?? []), evidence]);
    }
  }
  const given = app.files.find((file) => '/' + file.path === path || file.path === path);
  const isText = given && /\.(ya?ml|json)$/i.test(path);
  if (isText) {
    readText(given.content).then((text) => fill(body, lines(text, byLine)));
  } else {
    fill(body, factTable(cells.length > 0 ? cells : item.evidence));
  }
  return {
    element,
    show(origin) {
      for (const marked of body.querySelectorAll('.here')) {
        marked.classList.remove('here');
      }
      const place = placeOf(origin);
      const target = isText
        ? body.querySelector(`[data-line="${place.line}"]`)
        : Array.from(body.querySelectorAll('[data-origin]')).find(
            (row) => row.getAttribute('data-origin') === origin,
          );
      target?.classList.add('here');
      target?.scrollIntoView({ block: 'center' });
    },
  };
}

/** @param {Blob | string} content @returns {Promise<string>} */
async function readText(content) {
  if (typeof content === 'string') {
    return content;
  }
  const bytes = await content.arrayBuffer();
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder('gb18030').decode(bytes);
  }
}

/** @param {string} text @param {Map<number, Evidence[]>} marks */
function lines(text, marks) {
  return h(
    'ol',
    { class: 'lines' },
    text.split(/\r?\n/).map((line, n) => {
      const here = marks.get(n + 1);
      return h(
        'li',
        {
          'data-line': n + 1,
          class: here ? 'marked' : '',
          title: here?.map((evidence) => evidence.title).join('、'),
        },
        line.slice(0, LONGEST) || ' ',
      );
    }),
  );
}

/** The facts of a row, if the source is a table. @param {Evidence[]} evidence */
function factTable(evidence) {
  return h(
    'table',
    { class: 'plain' },
    h(
      'thead',
      {},
      h(
        'tr',
        {},
        [t('位置', 'Place'), t('事实', 'Fact'), t('记载', 'On record')].map((name) =>
          h('th', { scope: 'col' }, name),
        ),
      ),
    ),
    h(
      'tbody',
      {},
      evidence.map((fact) =>
        h(
          'tr',
          { 'data-origin': fact.origin },
          h('td', { class: 'place' }, placeShown(fact.origin)),
          h('td', {}, fact.title),
          h('td', {}, fact.shown),
        ),
      ),
    ),
  );
}

/** @param {string | null} origin */
export function placeShown(origin) {
  if (!origin) {
    return '';
  }
  const path = shownPath(origin);
  const cell = /([^:]*![A-Z]+\d+)$/.exec(path);
  if (cell) {
    return cell[1];
  }
  const place = LINE_OR_CELL.exec(path);
  return place ? t('第' + place[2] + '行', 'line ' + place[2]) : path;
}
