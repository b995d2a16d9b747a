// One finding: the reason, due date, citations, facts, and a person's judgement.

import { h, later } from '../ui/dom.js';
import { severityName, t } from '../ui/language.js';
import { badge, weight } from '../ui/badge.js';
import { placeShown } from './source.js';
import { emptyJudgement } from '../project/project.js';

/**
 * @typedef {import('../app.js').App} App
 * @typedef {import('../run/run.js').Item} Item
 * @typedef {import('../run/contract.js').Finding} Finding
 * @typedef {import('../run/contract.js').Due} Due
 * @typedef {import('../project/project.js').Judgement} Judgement
 */

/**
 * @param {App} app
 * @param {Item} item
 * @param {Finding} finding
 * @param {object} around
 * @param {(origin: string) => void} around.show shows a place in the source
 * @param {((fact: string, title: string, value: string) => void) | null} around.assume
 * @param {Finding[]} around.consequences
 * @returns {HTMLElement}
 */
export function findingCard(app, item, finding, around) {
  const id = 'finding-' + finding.obligation;
  return h(
    'article',
    { class: 'finding ' + finding.outcome, id, tabindex: '-1' },
    h(
      'header',
      {},
      badge(finding.outcome),
      finding.outcome === 'violated' || finding.outcome === 'review'
        ? weight(finding.severity)
        : null,
      h('h3', {}, finding.title),
    ),
    h('p', { class: 'because' }, finding.because),
    finding.readings.map((reading) => h('p', { class: 'reading' }, reading)),
    finding.due && due(finding.due),
    parts(finding),
    citations(finding),
    facts(finding, around),
    missing(finding, around),
    h(
      'p',
      { class: 'owed' },
      t('责任：', 'Owed by: '),
      finding.bearer_label,
      ' ',
      finding.parties.map(({ name }) => name).join('、'),
      ' ',
      h('code', { title: finding.declared }, finding.obligation),
    ),
    finding.note && h('p', { class: 'note' }, t('说明：', 'Note: '), finding.note),
    finding.waiver &&
      h(
        'p',
        { class: 'note' },
        t('豁免：', 'Waived: '),
        finding.waiver.approver,
        '，',
        finding.waiver.reason,
      ),
    around.consequences.length > 0 &&
      h(
        'div',
        { class: 'consequences' },
        h('h4', {}, t('由此引起的', 'What follows from it')),
        around.consequences.map((other) =>
          findingCard(app, item, other, { ...around, consequences: [] }),
        ),
      ),
    judgementForm(app, item, finding),
  );
}

/** @param {Due} of @returns {HTMLElement} */
function due(of) {
  const late =
    of.late_days > 0
      ? h(
          'strong',
          { class: 'late' },
          of.late_unit === 'workday'
            ? t('逾期' + of.late_days + '个工作日', of.late_days + ' working days late')
            : t('逾期' + of.late_days + '日', of.late_days + ' days late'),
        )
      : null;
  return h(
    'div',
    { class: 'due' },
    h(
      'p',
      {},
      h('span', { class: 'label' }, of.reminder ? t('提示日', 'Reminder') : t('期限', 'Due')),
      of.on,
      of.otherwise ? t('（另一读法' + of.otherwise + '）', ' (other reading ' + of.otherwise + ')') : '',
      of.from ? t('，起算日' + of.from, ', from ' + of.from) : '',
      t('，', ', ') + of.count,
      of.act ? t('；实际' + of.act + ' ', '; done ' + of.act + ' ') : ' ',
      late,
    ),
    of.days.length > 0 &&
      h(
        'details',
        {},
        h('summary', {}, t('逐日计算', 'The count, day by day')),
        h('ol', { class: 'days' }, of.days.map((day) => h('li', {}, day))),
      ),
    of.other && h('div', { class: 'other' }, h('p', {}, of.other.reading), due(of.other.due)),
  );
}

/** @param {Finding} finding */
function parts(finding) {
  const [only] = finding.parts;
  // A single part only repeats the duty.
  if (!only || (finding.parts.length === 1 && finding.because.includes(only.because))) {
    return null;
  }
  return h(
    'ul',
    { class: 'parts' },
    finding.parts.map((part) =>
      h(
        'li',
        {},
        badge(part.outcome),
        h('b', {}, part.title),
        part.because ? '：' + part.because : '',
        part.due && part.due.on !== finding.due?.on && due(part.due),
      ),
    ),
  );
}

/** @param {Finding} finding */
function citations(finding) {
  return finding.citations.map((citation) =>
    h(
      'figure',
      { class: 'citation' },
      h('blockquote', {}, '“' + citation.quote + '”'),
      h('figcaption', {}, citation.instrument + ' ' + citation.section),
    ),
  );
}

/**
 * @param {Finding} finding
 * @param {{show: (origin: string) => void, assume: ((fact: string, title: string, value: string) => void) | null}} around
 */
function facts(finding, { show, assume }) {
  if (finding.evidence.length === 0) {
    return null;
  }
  return h(
    'table',
    { class: 'facts' },
    h('caption', {}, t('所据事实', 'Facts')),
    h(
      'tbody',
      {},
      finding.evidence.map((fact) =>
        h(
          'tr',
          {},
          h('th', { scope: 'row' }, fact.title),
          h('td', {}, fact.shown),
          h(
            'td',
            { class: 'place' },
            fact.origin
              ? h(
                  'button',
                  {
                    type: 'button',
                    class: 'link',
                    title: fact.origin,
                    onclick: () => show(/** @type {string} */ (fact.origin)),
                  },
                  placeShown(fact.origin),
                )
              : originKind(fact.origin_kind),
            assume &&
              h(
                'button',
                {
                  type: 'button',
                  class: 'link assume',
                  onclick: () => assume(fact.fact, fact.title, fact.shown),
                },
                t('假设…', 'what if…'),
              ),
          ),
        ),
      ),
    ),
  );
}

/** @param {string} kind */
function originKind(kind) {
  switch (kind) {
    case 'inferred':
      return t('由其他记载推定', 'inferred from other facts');
    case 'complete':
      return t('案卷完整，未载即无', 'the dossier is complete: not recorded, so none');
    case 'assumed':
      return t('假设', 'assumed');
    default:
      return t('未载', 'not on record');
  }
}

/**
 * @param {Finding} finding
 * @param {{assume: ((fact: string, title: string, value: string) => void) | null}} around
 */
function missing(finding, { assume }) {
  if (finding.missing.length === 0) {
    return null;
  }
  return h(
    'div',
    { class: 'missing' },
    h('h4', {}, t('缺少的事实', 'Missing facts')),
    h(
      'ul',
      {},
      finding.missing.map((gap) =>
        h(
          'li',
          {},
          gap.title,
          gap.form ? t('（见' + gap.form + '）', ' (on: ' + gap.form + ')') : '',
          assume &&
            h(
              'button',
              { type: 'button', class: 'link assume', onclick: () => assume(gap.fact, gap.title, '') },
              t('假设…', 'what if…'),
            ),
        ),
      ),
    ),
  );
}

const VERDICTS = /** @type {const} */ (['confirmed', 'refuted', 'open']);

/** @param {string} verdict */
export function verdictName(verdict) {
  switch (verdict) {
    case 'confirmed':
      return t('属实', 'confirmed');
    case 'refuted':
      return t('不属实', 'refuted');
    case 'open':
      return t('待核实', 'to verify');
    default:
      return '';
  }
}

/**
 * The form for a person's judgement. The program's finding stays above it, unchanged.
 * @param {App} app
 * @param {Item} item
 * @param {Finding} finding
 * @returns {HTMLElement}
 */
function judgementForm(app, item, finding) {
  const id = item.n + '-' + finding.obligation;
  const judged = app.project.get(item.key, finding.obligation) ?? emptyJudgement();
  const when = h('span', { class: 'when' });
  const tell = () => {
    const now = app.project.get(item.key, finding.obligation);
    when.textContent = now?.at
      ? t('核实：', 'by: ') + (now.by || t('（未填姓名）', '(no name)')) + ' ' + new Date(now.at).toLocaleString()
      : '';
    if (now?.at && now.finding.outcome !== '' && now.finding.outcome !== finding.outcome) {
      when.textContent += t('；此后程序的结论变了，请复核', '; the finding has changed since: check it again');
      when.classList.add('changed');
    }
  };
  /** @param {Partial<Judgement>} change */
  const set = (change) => {
    app.project.set(item.key, finding.obligation, change, finding);
    tell();
  };
  tell();
  /**
   * @param {'reason' | 'page' | 'explanation' | 'rectification' | 'rectified_on'} name
   * @param {string} label
   * @param {string} type
   */
  const field = (name, label, type = 'text') => {
    const input = h('input', { type, value: judged[name], autocomplete: 'off' });
    input.addEventListener(
      'input',
      later(() => set({ [name]: input.value }), 300),
    );
    input.addEventListener('change', () => set({ [name]: input.value }));
    return h('label', { class: 'field ' + name }, h('span', {}, label), input);
  };
  return h(
    'form',
    { class: 'judgement', onsubmit: (/** @type {Event} */ event) => event.preventDefault() },
    h(
      'fieldset',
      {},
      h('legend', {}, t('核实', 'Verified')),
      VERDICTS.map((verdict) =>
        h(
          'label',
          { class: 'verdict ' + verdict },
          h('input', {
            type: 'radio',
            name: 'verdict-' + id,
            value: verdict,
            checked: judged.verdict === verdict,
            onchange: () => set({ verdict }),
          }),
          verdictName(verdict),
        ),
      ),
      field('reason', t('理由', 'Reason')),
      field('page', t('卷内页码', 'Page')),
      when,
    ),
    h(
      'details',
      { open: Boolean(judged.explanation || judged.rectification || judged.rectified_on) },
      h('summary', {}, t('被审查单位说明与整改', 'Explanation and rectification')),
      h(
        'div',
        { class: 'fields' },
        field('explanation', t('被审查单位说明', 'Explanation')),
        field('rectification', t('整改情况', 'Rectification')),
        field('rectified_on', t('整改日期', 'Rectified on'), 'date'),
      ),
    ),
  );
}

/** The meanings of the severities. */
export function severities() {
  return (
    severityName('critical') +
    t('：影响结果的有效性或者人员的廉洁公正；', ': touches the validity of the result or the integrity of persons; ') +
    severityName('major') +
    t('：违反程序、期限或者他人的权利；', ': breaks procedure, a deadline or the rights of others; ') +
    severityName('minor') +
    t('：记载、文书等形式上的欠缺', ': a shortcoming of form, in records or papers')
  );
}
