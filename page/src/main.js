// The page: its parts and its navigation.

import { AuditOptions, noFilter } from './app.js';
import { Engine } from './engine/engine.js';
import { Run } from './run/run.js';
import { Project, Wrong, projectText, readProject } from './project/project.js';
import { forgetOwnCopy, keepCopy } from './project/autosave.js';
import { dayForName, download } from './ui/download.js';
import { fill, h, later, pause } from './ui/dom.js';
import { language, setLanguage, t } from './ui/language.js';
import { columnsArgs } from './columns/mapping.js';
import { casesView } from './views/cases.js';
import { columnsView, hasTables } from './views/columns.js';
import { compareView } from './views/compare.js';
import { exportMenu } from './views/exports.js';
import { inputsView } from './views/inputs.js';
import { itemView } from './views/item.js';
import { overview } from './views/overview.js';
import { startView } from './views/start.js';

/**
 * @typedef {import('./app.js').App} App
 * @typedef {import('./engine/protocol.js').Given} Given
 */

/** The size in bytes of lines and tables above which only findings that need attention are reported. */
const TOLD_IN_FULL = 400000;
/** The number of dossiers above which the same holds. */
const DOSSIERS_IN_FULL = 200;
/** The largest run that is kept in the browser's storage. */
const COPIED = 200000000;

/** What is said of tables that somebody has to place. */
const UNPLACED = new Set([
  'table/no-header',
  'table/unknown-column',
  'table/ambiguous-column',
  'table/unplaced-columns',
  'table/unknown-sheet',
  'table/which-cases',
]);

const root = /** @type {HTMLElement} */ (document.getElementById('app'));
const script = document.getElementById('worker');
const packed = document.getElementById('engine');
const data = document.getElementById('run');
const message = h('div', { class: 'message', role: 'status', 'aria-live': 'polite' });
const main = h('main', { id: 'main', tabindex: '-1' });
const bar = h('header', { class: 'bar' });

/** @type {string[]} */
let ruleSets = [];

/** @type {App} */
const app = {
  run: null,
  before: null,
  project: new Project(),
  engine: script && packed ? new Engine(script.textContent ?? '', (packed.textContent ?? '').trim()) : null,
  files: [],
  columnsChanged: false,
  options: new AuditOptions(),
  filter: noFilter(),
  go(hash) {
    if (location.hash === '#' + hash) {
      draw();
    } else {
      location.hash = hash;
    }
  },
  show(filter) {
    app.filter = { ...noFilter(), ...filter };
    app.go('cases');
  },
  draw() {
    draw();
  },
  say(text, kind = 'note') {
    fill(
      message,
      h('p', { class: kind }, text, ' ', h('button', { type: 'button', 'aria-label': t('关闭', 'close'), onclick: () => fill(message) }, '×')),
    );
  },
  async audit() {
    await audit();
  },
};

const backUp = later(() => {
  const run = app.run;
  if (!run || !app.engine || !app.project.changed) {
    return;
  }
  const parts = projectText(app.project, run, app.options.args());
  if (parts.reduce((sum, part) => sum + part.length, 0) > COPIED) {
    return;
  }
  const title = t(run.cases().length + '份案卷', run.cases().length + ' cases');
  keepCopy(title, parts).catch(() => {
    app.say(
      t(
        '浏览器没有空间自动保存，请点“保存项目”存成文件',
        'the browser has no room to keep a copy: save the project to a file',
      ),
      'wrong',
    );
  });
}, 800);

app.project.onchange = () => {
  backUp();
  drawBar();
};

/** The message of an error, in the language of the page. @param {unknown} error */
function reason(error) {
  return error instanceof Wrong ? t(error.zh, error.en) : String(/** @type {Error} */ (error)?.message ?? error);
}

/** Audits the given files. */
async function audit() {
  const { engine } = app;
  if (!engine) {
    return;
  }
  const run = new Run();
  const total = app.files.reduce((sum, { content }) => sum + (typeof content === 'string' ? content.length : content.size), 0);
  const dossiers = app.files.filter(({ path }) => /\.(ya?ml|json)$/i.test(path)).length;
  const inFull = dossiers === app.files.length ? dossiers <= DOSSIERS_IN_FULL : total <= TOLD_IN_FULL;
  const meter = h('progress', { max: '1', value: 0, 'aria-label': t('进度', 'progress') });
  const words = h('p', {}, t('正在读取…', 'reading…'));
  let stopped = false;
  fill(
    main,
    h(
      'div',
      { class: 'working' },
      h('h1', {}, t('正在审查', 'Auditing')),
      meter,
      words,
      h(
        'button',
        {
          type: 'button',
          onclick: () => {
            stopped = true;
            engine.stop();
          },
        },
        t('停止', 'Stop'),
      ),
    ),
  );
  const args = [
    'audit',
    '--lang',
    language(),
    '--format',
    'page',
    ...(inFull ? ['--all'] : []),
    ...app.options.args(),
    ...columnsArgs(app.files),
  ];
  try {
    const ended = await engine.run([...args, '/in'], app.files, [], (text, progress) => {
      run.take(text);
      meter.value = progress;
      const n = run.items.length;
      words.textContent = t('已审查' + n + '份', n + ' audited');
    });
    run.take('\n');
    if (!run.header || !run.end) {
      throw new Error(ended.told || t('没有结果', 'no result'));
    }
    app.run = run;
    app.filter = noFilter();
    app.columnsChanged = false;
    const unplaced = run.end.diagnostics.some(({ code }) => UNPLACED.has(code));
    if (run.cases().length === 0 && run.groups().length === 0) {
      app.go(hasTables(app) && unplaced ? 'columns' : 'inputs');
      return;
    }
    if (unplaced && hasTables(app)) {
      app.say(
        t(
          '有的列、工作表没有认出，没有读取：请在“表格各列”中指定',
          'some columns or sheets are not known and were not read: place them under “Columns”',
        ),
      );
    }
    app.go(run.cases().length === 1 && run.groups().length === 0 ? 'item/0' : 'overview');
  } catch (error) {
    app.run = null;
    app.go('start');
    draw();
    app.say(stopped ? t('已停止', 'stopped') : t('审查没有完成：', 'the audit failed: ') + reason(error), 'wrong');
  }
}

/** @param {Given[]} files */
async function begin(files) {
  const earlier = app.run;
  const keeps =
    app.project.judgements.size > 0 &&
    confirm(
      t(
        '保留已有的核实，对应到这次审查的同一案卷、同一义务吗？选“取消”则放下它们，从头核实。',
        'Keep what was decided, for the same cases and duties of this audit? “Cancel” leaves it behind.',
      ),
    );
  if (
    !keeps &&
    app.project.changed &&
    !confirm(t('现在的核实还没有存成文件，要放下它另审吗？', 'The present work is not saved to a file. Leave it?'))
  ) {
    return;
  }
  app.files = files;
  app.before = null;
  if (!keeps) {
    app.project.restore([]);
    app.project.changed = false;
  }
  await audit();
  if (keeps && earlier && app.run) {
    tellChanges(earlier, app.run);
  }
}

/** Says which inputs are not what they were when decisions were made. @param {Run} earlier @param {Run} run */
function tellChanges(earlier, run) {
  const was = new Map(earlier.cases().map((item) => [item.key, digestOf(item)]));
  const cases = run.cases();
  const changed = cases.filter((item) => was.has(item.key) && was.get(item.key) !== digestOf(item)).length;
  const fresh = cases.filter((item) => !was.has(item.key)).length;
  const gone = was.size - (cases.length - fresh);
  if (changed + fresh + gone > 0) {
    app.say(
      t(
        '与上次相比：内容有变化的案卷' + changed + '份，新增' + fresh + '份，缺少' + gone + '份；结论变了的核实会注明，请复核',
        'since then: ' + changed + ' cases changed, ' + fresh + ' new, ' + gone + ' missing; decisions on findings that changed say so',
      ),
    );
  }
}

/** @param {import('./run/run.js').Item} item */
function digestOf(item) {
  return 'source' in item.of ? item.of.source.sha256 : null;
}

/** Opens a project file. @param {string} text */
async function openProject(text) {
  try {
    const saved = readProject(text);
    const run = new Run();
    for (const line of saved.run) {
      run.line(JSON.stringify(line).replace(/</g, '\\u003c'));
    }
    app.run = run;
    app.files = [];
    app.before = null;
    app.project.auditor = saved.auditor ?? '';
    app.project.restore(saved.judgements);
    app.project.changed = false;
    app.filter = noFilter();
    app.go('overview');
    draw();
    await checkRules(saved.engine?.rules_digest);
  } catch (error) {
    app.say(t('打不开：', 'cannot be opened: ') + reason(error), 'wrong');
  }
}

/** Warns if a project was made with other rules than this page's. @param {string | undefined} digest */
async function checkRules(digest) {
  const own = await identity;
  if (own && digest && own !== digest) {
    app.say(
      t(
        '这个项目是用另一版规则审查的；要用本页的规则，请重新放入案卷审查，核实会保留',
        'this project was audited by another version of the rules',
      ),
    );
  }
}

/** Opens the project from before rectification. @param {string} text */
function openBefore(text) {
  try {
    const saved = readProject(text);
    const run = new Run();
    for (const line of saved.run) {
      run.line(JSON.stringify(line).replace(/</g, '\\u003c'));
    }
    app.before = run;
    draw();
  } catch (error) {
    app.say(t('打不开：', 'cannot be opened: ') + reason(error), 'wrong');
  }
}

function save() {
  if (!app.run) {
    return;
  }
  const parts = projectText(app.project, app.run, app.options.args());
  download(t('审查项目', 'project') + '-' + dayForName() + '.choucha', new Blob(parts, { type: 'application/json' }));
  app.project.changed = false;
  forgetOwnCopy().catch(() => {});
  drawBar();
}

function drawBar() {
  const view = location.hash.slice(1).split('/')[0] || (app.run ? 'overview' : 'start');
  /** @param {string} hash @param {string} name */
  const tab = (hash, name) =>
    h('a', { href: '#' + hash, 'aria-current': view === hash ? 'page' : null }, name);
  const other = language() === 'zh' ? 'en' : 'zh';
  fill(
    bar,
    h('a', { class: 'skip', href: '#main', onclick: (/** @type {Event} */ event) => { event.preventDefault(); main.focus(); } }, t('跳到正文', 'skip to content')),
    h('strong', { class: 'brand' }, t('抽查审查', 'Spot-check audit')),
    h(
      'nav',
      { 'aria-label': t('各部分', 'parts') },
      app.engine && tab('start', t('新审查', 'New audit')),
      app.run && [
        tab('overview', t('总览', 'Overview')),
        tab('cases', t('案卷', 'Cases')),
        app.run.groups().length > 0 && tab('groups', t('跨案', 'Across cases')),
        hasTables(app) && tab('columns', t('表格各列', 'Columns')),
        tab('inputs', t('输入', 'Inputs')),
        app.engine && tab('compare', t('整改复核', 'Rectification')),
      ],
    ),
    h(
      'div',
      { class: 'tools' },
      app.run && auditorField(),
      app.run &&
        h(
          'button',
          { type: 'button', class: app.project.changed ? 'primary' : '', onclick: save },
          t('保存项目', 'Save project'),
          app.project.changed ? ' *' : '',
        ),
      app.run && exportMenu(app),
      h('button', { type: 'button', lang: other === 'en' ? 'en' : 'zh-CN', onclick: () => switchTo(other) }, other === 'en' ? 'English' : '中文'),
    ),
  );
}

function auditorField() {
  const input = h('input', {
    type: 'text',
    value: app.project.auditor,
    placeholder: t('审查人', 'auditor'),
    'aria-label': t('审查人姓名，记入每项核实', 'name of the auditor, kept with each decision'),
    class: 'auditor',
  });
  input.addEventListener('change', () => {
    app.project.auditor = input.value.trim();
  });
  return input;
}

/** @param {'zh' | 'en'} lang */
function switchTo(lang) {
  setLanguage(lang);
  if (app.engine && app.files.length > 0 && app.run && app.run.header?.lang !== lang) {
    // Findings have the language of their audit, so audit again.
    audit();
  } else {
    draw();
  }
}

function draw() {
  drawBar();
  const [view, rest] = location.hash.slice(1).split('/');
  main.className = 'view-' + (view || 'start');
  window.scrollTo(0, 0);
  if (!app.run) {
    fill(main, app.engine ? startView(app, { audit: begin, open: openProject, ruleSets }) : h('p', {}, t('没有内容', 'nothing here')));
    return;
  }
  switch (view) {
    case 'start':
      fill(main, app.engine ? startView(app, { audit: begin, open: openProject, ruleSets }) : overview(app));
      break;
    case 'cases':
      // A party may owe duties across cases too.
      fill(main, casesView(app, app.filter.obligation || app.filter.party || app.filter.paper ? '' : 'case'));
      break;
    case 'groups':
      app.filter = noFilter();
      fill(main, casesView(app, 'group'));
      break;
    case 'item':
      fill(main, itemView(app, Number(rest)));
      break;
    case 'columns':
      fill(main, hasTables(app) ? columnsView(app) : inputsView(app));
      break;
    case 'inputs':
      fill(main, inputsView(app));
      break;
    case 'compare':
      fill(main, compareView(app, openBefore));
      break;
    default:
      fill(main, overview(app));
  }
}

/** Reads the run inside a report, without blocking the browser. @param {string} text */
async function readReport(text) {
  const run = new Run();
  const part = 2000000;
  for (let at = 0; at < text.length; at += part) {
    run.take(text.slice(at, at + part));
    fill(main, h('p', { class: 'working' }, t('正在打开…', 'opening…') + ' ' + run.items.length));
    await pause();
  }
  run.take('\n');
  app.run = run;
  draw();
}

/** The digest of the rules the engine carries. */
const identity = (async () => {
  if (!app.engine) {
    return null;
  }
  const { text } = await app.engine.run(['rules', '--format', 'json'], []);
  const known = JSON.parse(text);
  ruleSets = Array.from(new Set(known.rulesets?.map((/** @type {any} */ set) => set.id) ?? []));
  if (!app.run) {
    draw();
  }
  return /** @type {string | null} */ (known.engine?.rules_digest ?? null);
})().catch((error) => {
  app.say(
    t('审查程序没能启动，请换用较新的浏览器（Chromium 80、Firefox 113、Safari 16.4 以上）：', 'the engine did not start; use a newer browser: ') + reason(error),
    'wrong',
  );
  return null;
});

setLanguage(language());
fill(root, bar, message, main);
window.addEventListener('hashchange', draw);
window.addEventListener('beforeunload', (event) => {
  if (app.project.changed) {
    event.preventDefault();
    event.returnValue = '';
  }
});
for (const kind of ['dragover', 'drop']) {
  // A file dropped outside the target must not replace the page.
  window.addEventListener(kind, (event) => event.preventDefault());
}
if (data) {
  readReport(data.textContent ?? '').catch((error) => app.say(reason(error), 'wrong'));
} else {
  draw();
}
