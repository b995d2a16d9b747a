// Audits a case again under an assumption about a fact; the source stays unchanged.

import { fill, h } from '../ui/dom.js';
import { language, t } from '../ui/language.js';
import { badge } from '../ui/badge.js';
import { columnsArgs } from '../columns/mapping.js';
import { Run } from '../run/run.js';
import { givenFor } from './given.js';

/**
 * @typedef {import('../app.js').App} App
 * @typedef {import('../run/run.js').Item} Item
 * @typedef {import('../run/contract.js').Finding} Finding
 */

/** Bytes of a file of many cases beyond which it is not audited again for one of them. */
const AGAIN = 400000;

/**
 * What the command is given to audit a case again; nothing if that would take long.
 * @param {App} app
 * @param {Item} item
 */
function filesFor(app, item) {
  const own = givenFor(app, item);
  if (own) {
    return [own];
  }
  if (!('source' in item.of)) {
    return null;
  }
  const { path } = item.of.source;
  const given = app.files.find((file) => '/' + file.path === path);
  const size = given ? (typeof given.content === 'string' ? given.content.length : given.content.size) : Infinity;
  const columns = app.files.filter((file) => /columns\.yaml$/.test(file.path));
  return given && size <= AGAIN ? [given, ...columns] : null;
}

/**
 * @param {App} app
 * @param {Item} item
 * @param {Finding[]} before
 * @returns {{element: HTMLElement, assume: (fact: string, title: string, value: string) => void} | null}
 */
export function whatIf(app, item, before) {
  const { engine } = app;
  const files = filesFor(app, item);
  if (!engine || !files) {
    return null;
  }
  const element = h('div', {});
  /** @type {Map<string, {title: string, value: string}>} */
  const assumed = new Map();
  const result = h('div', { 'aria-live': 'polite' });
  const draw = () => {
    if (assumed.size === 0) {
      element.className = '';
      fill(element);
      return;
    }
    element.className = 'whatif';
    fill(
      element,
      h('h2', {}, t('假设', 'What if')),
      h(
        'p',
        { class: 'remark' },
        t(
          '只看结果会怎样变化，不改动案卷，也不保存。写法与案卷相同：日期 2024-03-08，是否 是／否，没有写 无。',
          'Shows what would change; the dossier stays as it is and nothing is kept. Written as in a dossier: 2024-03-08, 是 or 否, 无 for none.',
        ),
      ),
      Array.from(assumed, ([fact, of]) => form(fact, of)),
      result,
    );
  };
  /** @param {string} fact @param {{title: string, value: string}} of */
  const form = (fact, of) => {
    const input = h('input', { type: 'text', value: of.value, 'aria-label': t('假设的内容', 'assumed value') });
    return h(
      'form',
      {
        onsubmit: (/** @type {Event} */ event) => {
          event.preventDefault();
          of.value = input.value.trim();
          run();
        },
      },
      h('label', {}, h('b', { title: fact }, of.title), ' = ', input),
      h('button', { type: 'submit', class: 'primary' }, t('看变化', 'See')),
      h(
        'button',
        {
          type: 'button',
          onclick: () => {
            assumed.delete(fact);
            fill(result);
            draw();
          },
        },
        t('去掉', 'Take away'),
      ),
    );
  };
  const run = async () => {
    fill(result, t('正在审查…', 'auditing…'));
    const set = Array.from(assumed).filter(([, { value }]) => value !== '');
    const after = new Run();
    try {
      const ended = await engine.run(
        [
          'audit',
          '--lang',
          language(),
          '--format',
          'page',
          '--all',
          ...app.options.args(),
          ...columnsArgs(files),
          ...set.flatMap(([fact, { value }]) => ['--assume', fact + '=' + value]),
          '/in',
        ],
        files,
      );
      after.take(ended.text + '\n');
      const same = after.cases().find((other) => other.key === item.key);
      if (!same) {
        throw new Error(ended.told || t('没有结果', 'no result'));
      }
      fill(result, difference(after, same, before, item));
    } catch (error) {
      fill(result, h('pre', { class: 'told' }, /** @type {Error} */ (error).message));
    }
  };
  return {
    element,
    assume(fact, title, value) {
      if (fact.includes('[')) {
        app.say(t('列表中的一项不能假设', 'an entry of a list cannot be assumed'), 'wrong');
        return;
      }
      assumed.set(fact, { title, value });
      draw();
      element.scrollIntoView({ block: 'start' });
      element.querySelector('input')?.focus();
    },
  };
}

/**
 * What an assumption changes.
 * @param {Run} run
 * @param {Item} item
 * @param {Finding[]} before
 * @param {Item} old
 * @returns {HTMLElement}
 */
function difference(run, item, before, old) {
  const was = new Map(before.map((finding) => [finding.obligation, finding]));
  const told = (/** @type {Finding | undefined} */ finding) =>
    finding && finding.outcome !== 'satisfied' && finding.outcome !== 'not_applicable';
  const rows = run.findings(item).flatMap(({ finding }) => {
    const earlier = was.get(finding.obligation);
    // A run that told only what there is to tell had nothing to tell of the others.
    const from = earlier?.outcome ?? '';
    const changed = earlier ? from !== finding.outcome || earlier.because !== finding.because : told(finding);
    return changed && (told(finding) || told(earlier)) ? [{ from, finding }] : [];
  });
  return h(
    'div',
    {},
    h('p', {}, t('结果：', 'Outcome: '), badge(old.of.outcome), ' → ', badge(item.of.outcome)),
    rows.length === 0
      ? h('p', {}, t('没有变化。', 'Nothing changes.'))
      : h(
          'table',
          { class: 'plain' },
          h(
            'thead',
            {},
            h(
              'tr',
              {},
              [t('义务', 'Duty'), t('原来', 'Before'), t('假设下', 'Then'), t('理由', 'Because')].map((name) =>
                h('th', { scope: 'col' }, name),
              ),
            ),
          ),
          h(
            'tbody',
            {},
            rows.map(({ from, finding }) =>
              h(
                'tr',
                {},
                h('td', {}, finding.title),
                h('td', {}, from ? badge(from) : '—'),
                h('td', {}, badge(finding.outcome)),
                h('td', {}, finding.because),
              ),
            ),
          ),
        ),
  );
}
