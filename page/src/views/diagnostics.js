// Diagnostics for inputs and records: what, where, why, how to correct it.

import { h } from '../ui/dom.js';
import { t } from '../ui/language.js';
import { shownPath } from './source.js';

/** @param {string} level */
function levelName(level) {
  return level === 'error' ? t('错误', 'error') : level === 'warning' ? t('警告', 'warning') : t('说明', 'note');
}

/**
 * @param {import('../run/contract.js').Diagnostic[]} all
 * @returns {HTMLElement}
 */
export function diagnosticList(all) {
  return h(
    'ul',
    { class: 'diagnostics' },
    all.map((problem) =>
      h(
        'li',
        { class: problem.level },
        h(
          'p',
          {},
          h('b', {}, levelName(problem.level)),
          ' ',
          problem.message,
          problem.place && h('span', { class: 'place' }, ' ', shownPath(problem.place)),
        ),
        problem.why.map((why) => h('p', { class: 'why' }, why)),
        problem.help.map((help) => h('p', { class: 'help' }, t('改法：', 'help: '), help)),
      ),
    ),
  );
}
