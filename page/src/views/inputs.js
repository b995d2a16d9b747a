// Unreadable inputs with their places; the program and rules used.

import { h } from '../ui/dom.js';
import { t } from '../ui/language.js';
import { diagnosticList } from './diagnostics.js';
import { shownPath } from './source.js';

/**
 * @param {import('../app.js').App} app
 * @returns {HTMLElement}
 */
export function inputsView(app) {
  const run = /** @type {import('../run/run.js').Run} */ (app.run);
  const unaudited = run.cases().filter((item) => 'ruleset' in item.of && item.of.ruleset === null);
  const engine = run.header?.engine;
  /** @type {Map<string, string | null>} */
  const sources = new Map();
  /** @type {[string, import('../run/contract.js').Diagnostic[]][]} */
  const partial = [];
  for (const item of run.cases()) {
    if ('source' in item.of) {
      sources.set(item.of.source.path, item.of.source.sha256);
      if (item.of.diagnostics.length > 0 && !unaudited.includes(item)) {
        partial.push([item.name, item.of.diagnostics]);
      }
    }
  }
  return h(
    'div',
    { class: 'inputs' },
    h('h1', {}, t('输入与版本', 'Inputs and versions')),
    (run.end?.diagnostics.length ?? 0) > 0 &&
      h('section', {}, h('h2', {}, t('输入的问题', 'About the inputs')), diagnosticList(run.end?.diagnostics ?? [])),
    unaudited.length > 0 &&
      h(
        'section',
        {},
        h('h2', {}, t('未能审查的案卷', 'Cases that could not be audited')),
        unaudited.slice(0, 500).map((item) =>
          h('div', {}, h('h3', {}, shownPath(item.name)), 'diagnostics' in item.of && diagnosticList(item.of.diagnostics)),
        ),
      ),
    partial.length > 0 &&
      h(
        'section',
        {},
        h('h2', {}, t('读不出的格子和自相矛盾的记载', 'Cells that could not be read, and contradictions')),
        partial.slice(0, 500).map(([name, list]) => h('div', {}, h('h3', {}, name), diagnosticList(list))),
      ),
    h(
      'section',
      {},
      h('h2', {}, t('版本', 'Versions')),
      h(
        'dl',
        { class: 'versions' },
        [
          [t('程序', 'Program'), engine ? engine.name + ' ' + engine.version : ''],
          [t('规则摘要', 'Digest of the rules'), engine?.rules_digest ?? ''],
          [t('日历摘要', 'Digest of the calendar'), engine?.calendar_digest ?? ''],
        ].map(([name, value]) => h('div', {}, h('dt', {}, name), h('dd', {}, h('code', {}, value)))),
      ),
      h(
        'details',
        {},
        h('summary', {}, t('输入文件' + sources.size + '个', sources.size + ' files')),
        h(
          'table',
          { class: 'plain' },
          h(
            'tbody',
            {},
            Array.from(sources, ([path, digest]) =>
              h('tr', {}, h('td', {}, shownPath(path)), h('td', {}, h('code', {}, digest ?? ''))),
            ).slice(0, 5000),
          ),
        ),
      ),
    ),
  );
}
