// A case, or a group of cases audited together: first violations, then findings for a person to judge, then findings that one
// missing fact would decide, then missing facts by paper.

import { h } from '../ui/dom.js';
import { t } from '../ui/language.js';
import { badge } from '../ui/badge.js';
import { findingCard, severities } from './finding.js';
import { entries, timeline } from './timeline.js';
import { shownPath, sourcePanel } from './source.js';
import { diagnosticList } from './diagnostics.js';
import { graphPicture } from './graph.js';
import { whatIf } from './whatif.js';

/**
 * @typedef {import('../app.js').App} App
 * @typedef {import('../run/run.js').Item} Item
 * @typedef {import('../run/contract.js').Finding} Finding
 */

/**
 * @param {App} app
 * @param {number} n
 * @returns {HTMLElement}
 */
export function itemView(app, n) {
  const run = app.run;
  const item = run?.items[n];
  if (!run || !item) {
    return h('p', {}, t('没有这个案卷', 'no such case'));
  }
  const all = run.findings(item).map(({ finding }) => finding);
  const source = sourcePanel(app, item);
  const trial = whatIf(app, item, all);
  const around = {
    show: source.show,
    assume: trial?.assume ?? null,
    consequences: /** @type {Finding[]} */ ([]),
  };
  const violated = all.filter((finding) => finding.outcome === 'violated');
  const ids = new Set(violated.map((finding) => finding.obligation));
  const roots = violated.filter(
    (finding) => finding.root_cause === null || !ids.has(finding.root_cause),
  );
  /** @param {Finding} finding */
  const card = (finding) =>
    findingCard(app, item, finding, {
      ...around,
      consequences: violated.filter((other) => other.root_cause === finding.obligation),
    });
  /** @param {string} outcome */
  const of = (outcome) => all.filter((finding) => finding.outcome === outcome);
  const undetermined = of('undetermined');
  const short = undetermined.filter((finding) => finding.one_short);
  const rest = undetermined.filter((finding) => !finding.one_short);
  /** @param {string} id */
  const open = (id) => {
    const target = document.getElementById('finding-' + id);
    /** @type {HTMLDetailsElement | null | undefined} */ (target?.closest('details'))?.setAttribute('open', '');
    target?.scrollIntoView({ block: 'start' });
    target?.focus({ preventScroll: true });
  };
  const events = entries(item.events, run.duties);
  return h(
    'div',
    { class: 'item' },
    h(
      'div',
      { class: 'item-main' },
      head(app, item),
      trial?.element,
      section('violated', t('违规', 'Violations'), violated.length, roots.map(card), severities()),
      section('errored', t('未能审查', 'Could not be audited'), of('errored').length, of('errored').map(card)),
      section('review', t('待人工判断', 'To judge'), of('review').length, of('review').map(card)),
      section(
        'short',
        t('差一项即可认定', 'One fact short of a breach'),
        short.length,
        short.map(card),
        t('补上所缺的一项事实即可能认定违规，宜先补。', 'One missing fact may settle a breach: worth asking for first.'),
      ),
      rest.length > 0 && gaps(app, item, rest, around),
      section('pending', t('未到期', 'Pending'), of('pending').length, of('pending').map(card)),
      section('waived', t('已豁免', 'Waived'), of('waived').length, of('waived').map(card)),
      'diagnostics' in item.of && item.of.diagnostics.length > 0
        ? h(
            'section',
            {},
            h('h2', {}, t('案卷记录的问题', 'Problems of the record')),
            diagnosticList(item.of.diagnostics),
          )
        : null,
      events.length > 0 &&
        h('section', {}, h('h2', {}, t('期限时间线', 'Timeline')), timeline(events, open)),
      graphPicture(app, item),
      settled(app, item, all, around),
    ),
    source.element,
  );
}

/** @param {App} app @param {Item} item */
function head(app, item) {
  /** @type {[string, string | null][]} */
  const fields = [];
  if ('subject' in item.of) {
    const { subject } = item.of;
    fields.push(
      [t('被抽样单位', 'Respondent'), joined(subject.respondent, subject.county)],
      [t('产品', 'Product'), subject.product],
      [t('抽样机构', 'Sampled by'), subject.sampling_agency],
      [t('检验机构', 'Tested by'), subject.inspection_agency],
      [t('抽样日期', 'Sampled on'), subject.sampled_on],
      [t('报告日期', 'Reported on'), subject.reported_on],
      [t('规则', 'Rules'), joined(item.of.ruleset_title, item.of.ruleset)],
      [t('截至', 'As of'), joined(item.of.as_of, asOf(item.of.as_of_from))],
      [t('完整性', 'Dossier'), complete(item.of.complete)],
      [t('来源', 'Source'), shownPath(item.of.source.path)],
    );
  } else {
    fields.push(
      [t('范围', 'Scope'), item.of.label],
      [t('规则集', 'Rule set'), item.of.ruleset],
      [t('截至', 'As of'), item.of.as_of],
    );
  }
  return h(
    'header',
    { class: 'item-head' },
    h(
      'nav',
      { class: 'around' },
      step(app, item, -1, t('‹ 上一份', '‹ previous')),
      step(app, item, 1, t('下一份 ›', 'next ›')),
      h('button', { type: 'button', onclick: () => window.print() }, t('打印', 'Print')),
    ),
    h('h1', {}, item.name, ' ', badge(item.of.outcome)),
    h(
      'dl',
      {},
      fields
        .filter(([, value]) => value)
        .map(([name, value]) => h('div', {}, h('dt', {}, name), h('dd', {}, value))),
    ),
    'cases' in item.of && item.of.cases.length > 0
      ? h(
          'details',
          {},
          h('summary', {}, t('所含案卷' + item.of.cases.length + '份', item.of.cases.length + ' cases')),
          h(
            'ul',
            { class: 'members' },
            item.of.cases.map((member) => {
              const found = app.run?.items.find(
                (other) => other.kind === 'case' && other.name === member.case,
              );
              return h(
                'li',
                {},
                found
                  ? h('a', { href: '#item/' + found.n }, member.case)
                  : (member.case ?? shownPath(member.place)),
              );
            }),
          ),
        )
      : null,
  );
}

/** @param {App} app @param {Item} item @param {number} by @param {string} label */
function step(app, item, by, label) {
  const same = (app.run?.items ?? []).filter((other) => other.kind === item.kind);
  const target = same[same.indexOf(item) + by];
  return h(
    'button',
    {
      type: 'button',
      disabled: !target,
      onclick: () => target && app.go('item/' + target.n),
    },
    label,
  );
}

/** @param {string | null} a @param {string | null} b */
function joined(a, b) {
  return a && b ? t(a + '（' + b + '）', a + ' (' + b + ')') : (a ?? b);
}

/** @param {string | null} from */
function asOf(from) {
  return from === 'given'
    ? t('按指定日期', 'as asked for')
    : from === 'closed'
      ? t('案卷记载的结案日期', 'the closing date on record')
      : from === 'today'
        ? t('今日', 'today')
        : null;
}

/** @param {string | null} state */
function complete(state) {
  return state === 'declared'
    ? t('声明完整，未记载的按“没有”认定', 'declared complete: not recorded counts as not done')
    : state === 'assumed'
      ? t('假定完整，未记载的按“没有”认定', 'assumed complete: not recorded counts as not done')
      : state === 'open'
        ? t('未声明完整，未记载的按“不明”处理', 'not declared complete: not recorded is unknown')
        : null;
}

/**
 * @param {string} id
 * @param {string} title
 * @param {number} n
 * @param {HTMLElement[]} cards
 * @param {string} [remark]
 */
function section(id, title, n, cards, remark) {
  return n === 0
    ? null
    : h(
        'section',
        { id: 'section-' + id },
        h('h2', {}, title, h('span', { class: 'n' }, t(n + '项', String(n)))),
        remark && h('p', { class: 'remark' }, remark),
        cards,
      );
}

/**
 * The missing facts, by paper.
 * @param {App} app
 * @param {Item} item
 * @param {Finding[]} findings
 * @param {Parameters<typeof findingCard>[3]} around
 */
function gaps(app, item, findings, around) {
  /** @type {Map<string, {facts: Map<string, string>, findings: Set<Finding>}>} */
  const papers = new Map();
  for (const finding of findings) {
    for (const gap of finding.missing) {
      const name = gap.form ?? t('其他', 'others');
      const paper = papers.get(name) ?? { facts: new Map(), findings: new Set() };
      paper.facts.set(gap.fact, gap.title);
      paper.findings.add(finding);
      papers.set(name, paper);
    }
  }
  const rows = Array.from(papers).sort(([, a], [, b]) => b.findings.size - a.findings.size);
  return h(
    'section',
    { id: 'section-undetermined' },
    h(
      'h2',
      {},
      t('待补证', 'Undetermined'),
      h('span', { class: 'n' }, t(findings.length + '项', String(findings.length))),
    ),
    h(
      'table',
      { class: 'plain papers' },
      h(
        'thead',
        {},
        h(
          'tr',
          {},
          [t('文书', 'Paper'), t('须查明的事实', 'Facts to establish'), t('涉及义务', 'Duties')].map(
            (name) => h('th', { scope: 'col' }, name),
          ),
        ),
      ),
      h(
        'tbody',
        {},
        rows.map(([name, paper]) =>
          h(
            'tr',
            {},
            h('th', { scope: 'row' }, name),
            h('td', {}, Array.from(paper.facts.values()).join('、')),
            h('td', { class: 'number' }, paper.findings.size),
          ),
        ),
      ),
    ),
    lazy(
      t('逐项列出', 'One by one'),
      () => findings.map((finding) => findingCard(app, item, finding, around)),
    ),
  );
}

/**
 * Details whose content is created when they are opened.
 * @param {string} title
 * @param {() => HTMLElement[]} make
 */
function lazy(title, make) {
  const details = h('details', { class: 'lazy' }, h('summary', {}, title));
  let made = false;
  details.addEventListener('toggle', () => {
    if (details.open && !made) {
      made = true;
      for (const element of make()) {
        details.appendChild(element);
      }
    }
  });
  return details;
}

/**
 * @param {App} app
 * @param {Item} item
 * @param {Finding[]} all
 * @param {Parameters<typeof findingCard>[3]} around
 */
function settled(app, item, all, around) {
  const found = all.filter(
    (finding) => finding.outcome === 'satisfied' || finding.outcome === 'not_applicable',
  );
  const counts = item.counts;
  const told = (counts.satisfied ?? 0) + (counts.not_applicable ?? 0);
  if (told === 0) {
    return null;
  }
  return h(
    'section',
    {},
    h(
      'h2',
      {},
      t('合规与不适用', 'Satisfied, or not applicable'),
      h('span', { class: 'n' }, t(told + '项', String(told))),
    ),
    found.length === 0
      ? h(
          'p',
          { class: 'remark' },
          t('本次审查只列出要说明的事项；合规' + counts.satisfied + '项、不适用' + counts.not_applicable + '项未逐项列出。',
            'This run lists what there is to tell; ' + counts.satisfied + ' satisfied and ' + counts.not_applicable + ' not applicable are counted only.'),
        )
      : lazy(t('逐项列出', 'One by one'), () =>
          found.map((finding) => findingCard(app, item, finding, around)),
        ),
  );
}
