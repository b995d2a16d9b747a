// Exports from the page.

import { h } from '../ui/dom.js';
import { language, outcomeName, t } from '../ui/language.js';
import { dayForName, download } from '../ui/download.js';
import { columnsArgs } from '../columns/mapping.js';
import { matching } from './cases.js';
import { verdictName } from './finding.js';

/** @typedef {import('../app.js').App} App */

/**
 * @param {App} app
 * @returns {HTMLElement}
 */
export function exportMenu(app) {
  const details = h('details', { class: 'menu' }, h('summary', {}, t('导出', 'Export')));
  const made = app.engine && app.files.length > 0;
  details.appendChild(
    h(
      'ul',
      {},
      made && entry(app, details, t('结果工作簿（xlsx）', 'Workbook (xlsx)'), () => byCommand(app, 'xlsx')),
      made && entry(app, details, t('问题清单（csv）', 'List of problems (csv)'), () => byCommand(app, 'csv')),
      made && entry(app, details, t('全部结果（json）', 'Everything (json)'), () => byCommand(app, 'json')),
      entry(app, details, t('网页报告（html）', 'Report as a page (html)'), () => report(app)),
      entry(app, details, t('核实情况（csv）', 'What was verified (csv)'), () => verified(app)),
      entry(app, details, t('打印本页', 'Print this view'), async () => window.print()),
    ),
  );
  return details;
}

/** @param {App} app @param {HTMLDetailsElement} menu @param {string} name @param {() => Promise<void>} act */
function entry(app, menu, name, act) {
  return h(
    'li',
    {},
    h(
      'button',
      {
        type: 'button',
        onclick: () => {
          menu.open = false;
          act().catch((error) => app.say(t('导出没有完成：', 'the export failed: ') + error.message, 'wrong'));
        },
      },
      name,
    ),
  );
}

/** @param {App} app @param {string} format */
async function byCommand(app, format) {
  const path = 'out/results.' + format;
  app.say(t('正在导出…', 'exporting…'));
  const args = ['audit', '--lang', language(), ...app.options.args(), ...columnsArgs(app.files), '-o', '/' + path, '/in'];
  const ended = await /** @type {NonNullable<App['engine']>} */ (app.engine).run(args, app.files, [path]);
  if (ended.code === 2 && ended.made[0].length === 0) {
    throw new Error(ended.told);
  }
  download(t('审查结果', 'results') + '-' + dayForName() + '.' + format, new Blob([/** @type {Uint8Array<ArrayBuffer>} */ (ended.made[0])]));
  app.say(t('已导出', 'exported'));
}

/** This page without the engine, with the findings inside (a report). @param {App} app */
async function report(app) {
  const script = document.querySelector('script[type="module"]')?.textContent ?? '';
  const parts = [
    '<!DOCTYPE html>\n<html lang="',
    document.documentElement.lang,
    '">\n<head>',
    document.head.innerHTML,
    '</head>\n<body>\n<div id="app"></div>\n<script type="application/x-ndjson" id="run">\n',
    ...(app.run?.raw ?? []).map((line) => line.replace(/</g, '\\u003c') + '\n'),
    '<\/script>\n<script type="module">',
    script,
    '<\/script>\n</body>\n</html>\n',
  ];
  download(t('审查报告', 'report') + '-' + dayForName() + '.html', new Blob(parts, { type: 'text/html' }));
}

/** A cell of CSV that no spreadsheet reads as a formula. @param {string | number} value */
function cell(value) {
  const text = String(value);
  const safe = /^[=+\-@\t\r]/.test(text) ? "'" + text : text;
  return '"' + safe.replace(/"/g, '""') + '"';
}

/** People's judgements, one finding per row. @param {App} app */
async function verified(app) {
  const { run, project } = app;
  if (!run) {
    return;
  }
  const head = [
    t('案卷', 'case'),
    t('义务', 'duty'),
    t('编号', 'id'),
    t('程序结果', 'finding'),
    t('程序理由', 'because'),
    t('核实', 'verified'),
    t('理由', 'reason'),
    t('卷内页码', 'page'),
    t('被审查单位说明', 'explanation'),
    t('整改情况', 'rectification'),
    t('整改日期', 'rectified on'),
    t('核实人', 'by'),
    t('核实时间', 'at'),
  ];
  const rows = [head];
  for (const item of matching(run, app.filter, project, '')) {
    for (const n of item.refers) {
      const facet = run.facets[n];
      const judged = project.get(item.key, facet.obligation);
      if (judged || facet.outcome === 'violated' || facet.outcome === 'review') {
        rows.push([
          item.name,
          facet.title,
          facet.obligation,
          outcomeName(facet.outcome),
          run.finding(n, item).because,
          verdictName(judged?.verdict ?? ''),
          judged?.reason ?? '',
          judged?.page ?? '',
          judged?.explanation ?? '',
          judged?.rectification ?? '',
          judged?.rectified_on ?? '',
          judged?.by ?? '',
          judged?.at ?? '',
        ]);
      }
    }
  }
  const text = '\ufeff' + rows.map((row) => row.map(cell).join(',')).join('\r\n') + '\r\n';
  download(t('核实情况', 'verified') + '-' + dayForName() + '.csv', new Blob([text], { type: 'text/csv' }));
}
