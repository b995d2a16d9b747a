// The start of an audit: drop or choose files, or open a project.

import { fill, h } from '../ui/dom.js';
import { t } from '../ui/language.js';
import { copies, forgetCopy } from '../project/autosave.js';
import { select } from './cases.js';

/**
 * @typedef {import('../app.js').App} App
 * @typedef {import('../engine/protocol.js').Given} Given
 */

/** File types for the command; `columns.yaml` maps columns. */
const READ = /\.(ya?ml|json|ndjson|jsonl|csv|tsv|xlsx|xlsm|xls|ods|xlsb|et)$/i;

/**
 * @param {App} app
 * @param {object} act
 * @param {(files: Given[]) => void} act.audit
 * @param {(text: string) => void} act.open opens a project
 * @param {string[]} act.ruleSets
 * @returns {HTMLElement}
 */
export function startView(app, act) {
  const files = h('input', { type: 'file', multiple: true, hidden: true, id: 'files' });
  const folder = h('input', { type: 'file', webkitdirectory: true, hidden: true, id: 'folder' });
  const project = h('input', { type: 'file', accept: '.choucha', hidden: true, id: 'project' });
  for (const input of [files, folder]) {
    input.addEventListener('change', () => {
      give(
        Array.from(input.files ?? [], (file) => ({
          path: file.webkitRelativePath || file.name,
          file,
        })),
      );
      input.value = '';
    });
  }
  project.addEventListener('change', () => {
    project.files?.[0]?.text().then(act.open);
    project.value = '';
  });
  /** @param {{path: string, file: File}[]} chosen */
  const give = (chosen) => {
    const saved = chosen.find(({ path }) => path.toLowerCase().endsWith('.choucha'));
    if (saved) {
      saved.file.text().then(act.open);
      return;
    }
    const read = chosen.filter(({ path }) => READ.test(path) && !/(^|\/)(~\$|\.)/.test(path));
    if (read.length === 0) {
      app.say(
        t(
          '没有可以审查的文件：案卷是 yaml、json、ndjson、csv、xlsx、xls 或 ods 文件',
          'nothing to audit: cases are yaml, json, ndjson, csv, xlsx, xls or ods files',
        ),
        'wrong',
      );
      return;
    }
    act.audit(read.map(({ path, file }) => ({ path: 'in/' + path, content: file })));
  };
  const drop = h(
    'div',
    { class: 'drop' },
    h('p', { class: 'big' }, t('把案卷拖到这里', 'Drop cases here')),
    h(
      'p',
      {},
      t(
        'Excel 台账、CSV、NDJSON、案卷（yaml、json），或者整个文件夹；整批抽查的记录一并放入。',
        'Workbooks, CSV, NDJSON, dossiers (yaml, json), or a whole folder; the record of the campaign with them.',
      ),
    ),
    h(
      'p',
      { class: 'buttons' },
      h('button', { type: 'button', class: 'primary', onclick: () => files.click() }, t('选择文件', 'Choose files')),
      h('button', { type: 'button', onclick: () => folder.click() }, t('选择文件夹', 'Choose a folder')),
      h('button', { type: 'button', onclick: () => project.click() }, t('打开审查项目（.choucha）', 'Open a project (.choucha)')),
    ),
    files,
    folder,
    project,
  );
  drop.addEventListener('dragover', (event) => {
    event.preventDefault();
    drop.classList.add('over');
  });
  drop.addEventListener('dragleave', () => drop.classList.remove('over'));
  drop.addEventListener('drop', (event) => {
    event.preventDefault();
    drop.classList.remove('over');
    dropped(event.dataTransfer).then(give);
  });
  const left = h('div', { class: 'left' });
  showCopies(app, left, act.open);
  const { options } = app;
  const asOf = h('input', { type: 'date', value: options.asOf });
  asOf.addEventListener('change', () => {
    options.asOf = asOf.value;
  });
  /** @param {'complete' | 'mask'} name @param {string} label */
  const check = (name, label) => {
    const box = h('input', { type: 'checkbox', checked: options[name] });
    box.addEventListener('change', () => {
      options[name] = box.checked;
    });
    return h('label', { class: 'check' }, box, label);
  };
  return h(
    'div',
    { class: 'start' },
    h('h1', {}, t('产品质量监督抽查案卷审查', 'Audit of product-quality spot checks')),
    h(
      'p',
      { class: 'lead' },
      t(
        '依据每一起案件当时适用的规定逐项审查，注明条款、期限和案卷中的位置。文件只在本机读取，不联网、不上传。',
        'Audits each case against the rules that governed it, with clause, time limit and place. Files are read on this machine only; nothing is sent anywhere.',
      ),
    ),
    drop,
    left,
    h(
      'fieldset',
      { class: 'options' },
      h('legend', {}, t('审查选项', 'Options')),
      h(
        'label',
        {},
        t('规则集 ', 'Rule set '),
        select(
          t('规则集', 'Rule set'),
          [
            ['', t('按案卷自动选定', 'as each case says')],
            ...act.ruleSets.map((id) => /** @type {[string, string]} */ ([id, id])),
          ],
          options.ruleset,
          (value) => {
            options.ruleset = value;
          },
        ),
      ),
      h('label', {}, t('审查日 ', 'As of '), asOf, h('small', {}, t('（不填：案卷的结案日期，否则为今日）', '(empty: the closing date on record, else today)'))),
      check('complete', t('假定案卷完整，未记载的按“没有”认定', 'assume complete dossiers: not recorded counts as not done')),
      check('mask', t('隐去个人信息', 'hide personal data')),
    ),
  );
}

/** Offers the copies of other windows. @param {App} app @param {HTMLElement} place @param {(text: string) => void} open */
async function showCopies(app, place, open) {
  try {
    const all = await copies();
    fill(
      place,
      all.map((copy) =>
        h(
          'p',
          { class: 'banner' },
          t('有一份没有存成文件的审查：', 'Work that was not saved to a file: '),
          copy.title + '，' + new Date(copy.at).toLocaleString() + ' ',
          h('button', { type: 'button', onclick: () => open(copy.parts.join('')) }, t('继续', 'Continue')),
          ' ',
          h(
            'button',
            {
              type: 'button',
              onclick: async () => {
                await forgetCopy(copy.id);
                await showCopies(app, place, open);
              },
            },
            t('删除', 'Delete'),
          ),
        ),
      ),
    );
  } catch {
    fill(
      place,
      h(
        'p',
        { class: 'banner' },
        t(
          '浏览器不允许本页自动保存，请随时把审查项目存成文件。',
          'The browser does not let this page keep copies: save the project to a file as you go.',
        ),
      ),
    );
  }
}

/**
 * Dropped files, and all files in dropped folders.
 * @param {DataTransfer | null} data
 * @returns {Promise<{path: string, file: File}[]>}
 */
async function dropped(data) {
  if (!data) {
    return [];
  }
  const entries = Array.from(data.items, (item) => item.webkitGetAsEntry?.() ?? null);
  if (entries.every((entry) => entry === null)) {
    return Array.from(data.files, (file) => ({ path: file.name, file }));
  }
  /** @type {{path: string, file: File}[]} */
  const found = [];
  /** @param {FileSystemEntry} entry @param {string} path @param {number} depth */
  const walk = async (entry, path, depth) => {
    if (entry.isFile) {
      const file = await new Promise((resolve, reject) => {
        /** @type {FileSystemFileEntry} */ (entry).file(resolve, reject);
      });
      found.push({ path: path + entry.name, file: /** @type {File} */ (file) });
    } else if (depth < 64) {
      const reader = /** @type {FileSystemDirectoryEntry} */ (entry).createReader();
      for (;;) {
        /** @type {FileSystemEntry[]} */
        const some = await new Promise((resolve, reject) => {
          reader.readEntries(resolve, reject);
        });
        if (some.length === 0) {
          break;
        }
        for (const inner of some) {
          await walk(inner, path + entry.name + '/', depth + 1);
        }
      }
    }
  };
  for (const entry of entries) {
    if (entry) {
      await walk(entry, '', 0);
    }
  }
  return found;
}
