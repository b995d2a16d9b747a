// What the columns of tables mean: those not known are placed by mouse or keyboard, and words are told what they mean.

import { fill, h, later } from '../ui/dom.js';
import { language, t } from '../ui/language.js';
import { download } from '../ui/download.js';
import { IGNORED, MAIN, Mapping, TABLE, columnsArgs, mappingPath, withMappings } from '../columns/mapping.js';
import { diagnosticList } from './diagnostics.js';
import { select } from './cases.js';
import { shownPath } from './source.js';

/**
 * @typedef {import('../app.js').App} App
 * @typedef {import('../columns/mapping.js').Columns} Columns
 * @typedef {import('../columns/mapping.js').Book} Book
 * @typedef {import('../columns/mapping.js').Sheet} Sheet
 * @typedef {import('../columns/mapping.js').Column} Column
 * @typedef {import('../columns/mapping.js').Fact} Fact
 * @typedef {{book: number, sheet: number, column: number}} Place
 */

/** The most facts that are listed at a time. */
const LISTED = 60;

/** Kinds of what is dragged. */
const FACT = 'application/x-fact';
const COLUMN = 'application/x-column';

/** @param {Column} column */
function isOpen(column) {
  return ['unknown', 'ambiguous', 'unit', 'duplicate'].includes(column.reads);
}

/**
 * Whether tables are among the files.
 * @param {App} app
 */
export function hasTables(app) {
  return app.engine !== null && app.files.some(({ path }) => TABLE.test(path));
}

/**
 * @param {App} app
 * @returns {HTMLElement}
 */
export function columnsView(app) {
  const place = h('div', { class: 'columns-view' }, h('p', { role: 'status' }, t('正在读表…', 'reading the tables…')));
  new Placing(app, place).read();
  return place;
}

/** The tables as they are read, and what is being changed. */
class Placing {
  /** @param {App} app @param {HTMLElement} place */
  constructor(app, place) {
    this.app = app;
    this.place = place;
    /** @type {Columns | null} */
    this.told = null;
    /** @type {Place | null} */
    this.chosen = null;
    this.searched = '';
    this.busy = false;
    /** @type {Map<string, Fact>} */
    this.facts = new Map();
    this.side = h('aside', { class: 'placing-side', 'aria-label': t('事项', 'facts') });
  }

  /** Asks the command how it reads the tables. */
  async read() {
    const { app } = this;
    const engine = /** @type {NonNullable<App['engine']>} */ (app.engine);
    this.busy = true;
    try {
      const ended = await engine.run(
        ['columns', '--lang', language(), '--format', 'json', ...columnsArgs(app.files), '/in'],
        app.files,
      );
      if (!ended.text) {
        throw new Error(ended.told || t('没有结果', 'no result'));
      }
      this.told = /** @type {Columns} */ (JSON.parse(ended.text));
      this.facts = new Map(this.told.facts.map((fact) => [fact.path, fact]));
      this.draw();
    } catch (error) {
      fill(this.place, h('pre', { class: 'told' }, /** @type {Error} */ (error).message));
    } finally {
      this.busy = false;
    }
  }

  /** What is said of every table now. @returns {Map<string, Mapping>} */
  mappings() {
    return new Map((this.told?.books ?? []).map((book) => [book.name.replace(/^\//, ''), Mapping.of(book)]));
  }

  /**
   * Changes what is said of a table, and reads again.
   * @param {Book} book
   * @param {(mapping: Mapping) => void} change
   */
  async change(book, change) {
    if (this.busy) {
      return;
    }
    const mappings = this.mappings();
    const own = mappings.get(book.name.replace(/^\//, ''));
    if (own) {
      change(own);
    }
    this.app.files = withMappings(this.app.files, mappings);
    this.app.columnsChanged = true;
    await this.read();
  }

  /** @param {Place} place */
  at(place) {
    const book = /** @type {Columns} */ (this.told).books[place.book];
    const sheet = book.sheets[place.sheet];
    return { book, sheet, column: sheet.columns[place.column] };
  }

  /** @param {Place} place @param {string} target nothing to leave it to the program */
  async assign(place, target) {
    const { book, sheet, column } = this.at(place);
    if (!column.name) {
      this.app.say(t('这一列没有名称，请先在表中填写列名', 'the column has no name: write one in the table'), 'wrong');
      return;
    }
    await this.change(book, (mapping) => {
      const own = mapping.sheet(sheet.name);
      if (target) {
        own.columns.set(column.name, target);
      } else {
        own.columns.delete(column.name);
      }
      if (sheet.holds === 'list' && !own.holds) {
        // Its columns are named within the list only where the list is.
        own.holds = sheet.holds_path ?? '';
      }
    });
    this.chooseNext(place);
  }

  /** Goes on to the next column that is not known. @param {Place} from */
  chooseNext(from) {
    const open = this.open();
    const after = open.find(
      (it) => it.book > from.book || (it.book === from.book && (it.sheet > from.sheet || (it.sheet === from.sheet && it.column > from.column))),
    );
    this.choose(after ?? open[0] ?? null, true);
  }

  /** The columns that are not known. @returns {Place[]} */
  open() {
    return (this.told?.books ?? []).flatMap(({ sheets }, book) =>
      sheets.flatMap(({ columns }, sheet) => columns.flatMap((one, column) => (isOpen(one) ? [{ book, sheet, column }] : []))),
    );
  }

  /** @param {Place | null} place @param {boolean} focuses */
  choose(place, focuses) {
    this.chosen = place;
    this.searched = '';
    for (const row of this.place.querySelectorAll('tr.chosen')) {
      row.classList.remove('chosen');
      row.querySelector('button')?.setAttribute('aria-pressed', 'false');
    }
    const row = place && this.place.querySelector('#' + rowId(place));
    if (row) {
      row.classList.add('chosen');
      row.querySelector('button')?.setAttribute('aria-pressed', 'true');
      row.scrollIntoView({ block: 'nearest' });
    }
    this.drawSide();
    if (focuses) {
      this.side.querySelector('input')?.focus({ preventScroll: true });
    }
  }

  draw() {
    const told = /** @type {Columns} */ (this.told);
    const open = this.open().length;
    const words = told.books.flatMap((book) => book.sheets.flatMap((sheet) => sheet.columns.flatMap((column) => column.unread))).length;
    const unknown = told.books.flatMap((book) => book.sheets.filter((sheet) => sheet.holds === 'unknown')).length;
    const { app } = this;
    const left = [
      unknown > 0 && t('没有找到表头的工作表' + unknown + '个', unknown + ' sheets without a header'),
      open > 0 && t('没有读取的列' + open + '个', open + ' columns not read'),
      words > 0 && t('读不出的写法' + words + '种', words + ' words not understood'),
    ].filter(Boolean);
    fill(
      this.place,
      h(
        'header',
        { class: 'placing-head' },
        h('h1', {}, t('表格各列', 'Columns of the tables')),
        h(
          'p',
          { class: 'placing-status', role: 'status' },
          left.length > 0 ? left.join(t('，', ', ')) : t('各列都已读取', 'every column is read'),
        ),
        h(
          'p',
          { class: 'buttons' },
          h(
            'button',
            { type: 'button', class: app.columnsChanged ? 'primary' : '', onclick: () => app.audit() },
            t('按这些含义审查', 'Audit with these'),
          ),
          this.saveButtons(),
        ),
      ),
      told.diagnostics.length > 0 && diagnosticList(told.diagnostics),
      h(
        'div',
        { class: 'placing' },
        h(
          'div',
          {},
          told.books.map((book, n) => this.book(book, n)),
        ),
        this.side,
      ),
    );
    if (!this.chosen) {
      this.chosen = this.open()[0] ?? null;
    }
    this.choose(this.chosen, false);
  }

  saveButtons() {
    const mappings = this.mappings();
    const paths = Array.from(mappings.keys());
    return Array.from(mappings)
      .filter(([, mapping]) => !mapping.isEmpty)
      .map(([path, mapping]) => {
        const name = mappingPath(path, paths).replace(/^.*\//, '');
        return h(
          'button',
          {
            type: 'button',
            title: t('与表格放在一起，下次不必再指定', 'kept beside the table, it need not be done again'),
            onclick: () => download(name, new Blob([mapping.text()], { type: 'application/yaml' })),
          },
          t('保存 ', 'Save ') + name,
        );
      });
  }

  /** @param {Book} book @param {number} n */
  book(book, n) {
    return h(
      'section',
      { class: 'placing-book' },
      h('h2', {}, shownPath(book.name)),
      book.cases_looked_at < book.cases &&
        h(
          'p',
          { class: 'remark' },
          t(
            '共' + book.cases + '份案卷，读不出的内容只在前' + book.cases_looked_at + '份中查找',
            'words are looked for in the first ' + book.cases_looked_at + ' of ' + book.cases + ' cases',
          ),
        ),
      book.diagnostics.length > 0 &&
        h(
          'details',
          {},
          h('summary', {}, t('关于这个文件的提示' + book.diagnostics.length + '条', book.diagnostics.length + ' remarks on the file')),
          diagnosticList(book.diagnostics),
        ),
      book.sheets.map((sheet, at) => this.sheet(book, sheet, { book: n, sheet: at, column: 0 })),
    );
  }

  /** @param {Book} book @param {Sheet} sheet @param {Place} place */
  sheet(book, sheet, place) {
    const lists = (this.told?.facts ?? []).filter((fact) => fact.type === 'rows' && !fact.path.includes('[]'));
    /** @type {[string, string][]} */
    const roles = [
      ['', t('自动：', 'automatic: ') + sheet.holds_title],
      [MAIN, t('主表，每行一个案卷', 'main table, a case a row')],
      [IGNORED, t('不读', 'not read')],
      ...lists.map((fact) => /** @type {[string, string]} */ ([fact.path, t('明细：', 'rows: ') + fact.title])),
    ];
    const own = Mapping.of(book).sheet(sheet.name);
    if (own.holds && !roles.some(([value]) => value === own.holds)) {
      roles.push([own.holds, sheet.holds_title]);
    }
    const isKnown = sheet.holds !== 'unknown';
    return h(
      'section',
      { class: 'placing-sheet' },
      h(
        'h3',
        {},
        sheet.name,
        ' ',
        select(t('工作表 ' + sheet.name + ' 的内容', 'what the sheet ' + sheet.name + ' holds'), roles, own.holds, (value) => {
          this.change(book, (mapping) => {
            mapping.sheet(sheet.name).holds = value;
          });
        }),
      ),
      !isKnown &&
        h(
          'p',
          { class: 'wrong' },
          t('没有找到表头：请在下面点表头所在的一行', 'no header was found: press the row that holds it'),
        ),
      sheet.holds !== 'nothing' && !sheet.upright && this.top(book, sheet, !isKnown),
      sheet.columns.length > 0 &&
        h(
          'table',
          { class: 'placing-columns' },
          h('caption', { class: 'hidden' }, t(sheet.name + ' 的列', 'columns of ' + sheet.name)),
          h(
            'thead',
            {},
            h(
              'tr',
              {},
              [t('单元格', 'Cell'), t('列名', 'Header'), t('内容', 'Content'), t('读成', 'Read as')].map((name) =>
                h('th', { scope: 'col' }, name),
              ),
            ),
          ),
          h('tbody', {}, sheet.columns.flatMap((column, at) => this.column(book, column, { ...place, column: at }))),
        ),
    );
  }

  /** The first rows, to tell which is the header. @param {Book} book @param {Sheet} sheet @param {boolean} open */
  top(book, sheet, open) {
    const width = Math.min(12, Math.max(0, ...sheet.top.map((row) => row.cells[row.cells.length - 1]?.column ?? 0)));
    const columns = Array.from({ length: width }, (_, n) => n + 1);
    return h(
      'details',
      { open },
      h(
        'summary',
        {},
        sheet.header ? t('表头在第' + sheet.header + '行', 'the header is row ' + sheet.header) : t('哪一行是表头', 'which row is the header'),
      ),
      h(
        'div',
        { class: 'scroll', tabindex: '0', role: 'group', 'aria-label': t('前几行', 'first rows') },
        h(
          'table',
          { class: 'placing-top' },
          h(
            'tbody',
            {},
            sheet.top.slice(0, open ? 30 : 12).map(({ row, cells }) => {
              const texts = new Map(cells.map((cell) => [cell.column, cell.text]));
              const isHeader = row === sheet.header;
              return h(
                'tr',
                { class: isHeader ? 'header' : '' },
                h(
                  'th',
                  { scope: 'row' },
                  h(
                    'button',
                    {
                      type: 'button',
                      'aria-pressed': String(isHeader),
                      title: t('以这一行为表头', 'take this row for the header'),
                      onclick: () =>
                        this.change(book, (mapping) => {
                          mapping.sheet(sheet.name).header = row;
                        }),
                    },
                    t('第' + row + '行', 'row ' + row),
                  ),
                ),
                columns.map((n) => h('td', {}, texts.get(n) ?? '')),
              );
            }),
          ),
        ),
      ),
    );
  }

  /** @param {Book} book @param {Column} column @param {Place} place @returns {HTMLElement[]} */
  column(book, column, place) {
    const open = isOpen(column);
    const row = h(
      'tr',
      { id: rowId(place), class: open ? 'open' : column.reads === 'ignored' ? 'ignored' : '', draggable: 'true' },
      h('td', {}, h('code', {}, column.cell)),
      h('th', { scope: 'row' }, column.name),
      h('td', { class: 'examples' }, column.examples.slice(0, 3).join(t('；', '; '))),
      h(
        'td',
        {},
        h(
          'button',
          {
            type: 'button',
            class: 'means',
            'aria-pressed': 'false',
            'aria-label': column.name + t('：', ': ') + this.meaning(column),
            onclick: () => this.choose(place, true),
          },
          this.meaning(column),
        ),
        column.mapped && h('span', { class: 'remark' }, ' ' + t('已指定', 'placed')),
      ),
    );
    row.addEventListener('dragstart', (event) => {
      event.dataTransfer?.setData(COLUMN, JSON.stringify(place));
      this.choose(place, false);
    });
    accept(row, FACT, (fact) => this.assign(place, fact));
    return column.unread.length === 0 ? [row] : [row, this.words(book, column)];
  }

  /** The words of a column that are not understood. @param {Book} book @param {Column} column */
  words(book, column) {
    const fact = column.fact === null ? undefined : this.facts.get(column.fact);
    const values = fact && column.reads === 'fact' && !fact.path.includes('[]') ? fact.values : [];
    const items = column.unread.map((unread) => {
      const shown = unread.cells.slice(0, 8).map((cell) => (/^\d+$/.test(cell) ? t('第' + cell + '行', 'line ' + cell) : cell));
      const cells = shown.join(t('、', ', ')) + (unread.count > 8 ? t('等' + unread.count + '格', ' and others, ' + unread.count) : '');
      return h(
        'li',
        {},
        h('b', {}, '“' + unread.word + '”'),
        ' ',
        h('span', { class: 'place' }, cells),
        ' ',
        fact && values.length > 0
          ? select(
              t('“' + unread.word + '”是什么', 'what “' + unread.word + '” means'),
              [
                ['?', t('是什么？', 'means?')],
                ...values.map((value) => /** @type {[string, string]} */ ([value, value])),
                ['无', t('没有此事（无）', 'none')],
                ['', t('没有填写', 'blank')],
              ],
              '?',
              (value) => {
                if (value !== '?') {
                  this.change(book, (mapping) => {
                    const known = mapping.values.get(fact.path) ?? new Map();
                    known.set(unread.word, value);
                    mapping.values.set(fact.path, known);
                  });
                }
              },
            )
          : h('span', { class: 'remark' }, unread.because),
      );
    });
    return h(
      'tr',
      { class: 'words' },
      h('td', {}),
      h('td', { colspan: '3' }, h('p', {}, t('读不出的内容：', 'Not understood: ')), h('ul', {}, items)),
    );
  }

  /** What a column is read as. @param {Column} column */
  meaning(column) {
    const fact = column.fact === null ? undefined : this.facts.get(column.fact);
    switch (column.reads) {
      case 'fact': {
        const part = column.target?.split('·').slice(1).join('·');
        return (fact?.title ?? column.fact ?? '') + (part ? '·' + part : '');
      }
      case 'case':
        return t('所属案卷的编号', 'number of the case');
      case 'entry':
        return t('明细本身', 'the entries themselves');
      case 'ignored':
        return t('不读', 'not read');
      case 'ambiguous':
        return t('可指几个事项', 'may mean several facts');
      case 'duplicate':
        return t('与左边的一列相同，没有读取', 'same as a column to its left, not read');
      case 'unit':
        return t('单位不是“' + (fact?.title ?? '') + '”的，没有读取', 'unit is not that of ' + (fact?.title ?? '') + ', not read');
      default:
        return column.content
          ? t('不知道是哪一项（填的是' + column.content + '）', 'not known (holds ' + column.content + ')')
          : t('没有读取', 'not read');
    }
  }

  /** The facts to choose from. */
  drawSide() {
    const { chosen } = this;
    if (!chosen) {
      fill(
        this.side,
        h('h2', {}, t('事项', 'Facts')),
        h('p', {}, t('选一列，再选它是哪一项；也可以把列拖到事项上，或者把事项拖到列上。', 'Choose a column, then what it means; or drag one onto the other.')),
      );
      return;
    }
    const { sheet, column } = this.at(chosen);
    const found = h('div', {});
    const search = h('input', {
      type: 'search',
      value: this.searched,
      placeholder: t('查找事项', 'find a fact'),
      'aria-label': t('查找事项', 'find a fact'),
    });
    const show = () => fill(found, ...this.choices(sheet, column, chosen));
    const soon = later(show, 80);
    search.addEventListener('input', () => {
      this.searched = search.value;
      soon();
    });
    search.addEventListener('keydown', (event) => {
      if (event.key === 'Enter' || event.key === 'ArrowDown') {
        event.preventDefault();
        show();
        const first = found.querySelector('button');
        if (event.key === 'Enter' && this.searched.trim() !== '') {
          first?.click();
        } else {
          first?.focus();
        }
      }
    });
    this.side.onkeydown = (event) => stepThrough(this.side, event);
    show();
    fill(
      this.side,
      h('h2', {}, t('“' + column.name + '”是哪一项？', 'What does “' + column.name + '” mean?')),
      column.content && h('p', { class: 'remark' }, t('填的是', 'it holds ') + column.content),
      search,
      h(
        'p',
        { class: 'buttons' },
        h('button', { type: 'button', onclick: () => this.assign(chosen, IGNORED) }, t('不读这一列', 'Do not read it')),
        column.mapped && h('button', { type: 'button', onclick: () => this.assign(chosen, '') }, t('由程序认定', 'Leave it to the program')),
      ),
      found,
    );
  }

  /** @param {Sheet} sheet @param {Column} column @param {Place} place */
  choices(sheet, column, place) {
    const rows = sheet.holds === 'list' ? sheet.holds_path + '[].' : '';
    const all = (this.told?.facts ?? []).filter(
      (fact) => fact.path === 'case.number' || (rows ? fact.path.startsWith(rows) : !fact.path.includes('[]')),
    );
    const words = this.searched.trim().toLowerCase().split(/\s+/).filter(Boolean);
    const likely = column.candidates.flatMap((path) => this.facts.get(path) ?? []);
    const matching = all.filter((fact) => words.every((word) => (fact.title + ' ' + fact.path).toLowerCase().includes(word)));
    // What is called so comes before what only has it in its name.
    const sought = words.join(' ');
    const rank = (/** @type {Fact} */ { title, path }) => {
      const name = (title.split('·').pop() ?? title).toLowerCase();
      return name === sought || path === sought ? 0 : name.startsWith(sought) || name.endsWith(sought) ? 1 : 2;
    };
    if (sought) {
      matching.sort((a, b) => rank(a) - rank(b));
    }
    /** @param {Fact} fact */
    const choice = (fact) => {
      const item = h(
        'li',
        { draggable: 'true' },
        h(
          'button',
          { type: 'button', class: fact.path === column.fact ? 'current' : '', onclick: () => this.assign(place, fact.path) },
          fact.title,
          ' ',
          h('code', {}, fact.path),
        ),
      );
      item.addEventListener('dragstart', (event) => event.dataTransfer?.setData(FACT, fact.path));
      accept(item, COLUMN, (text) => this.assign(JSON.parse(text), fact.path));
      return item;
    };
    return [
      words.length === 0 && likely.length > 0 ? h('h4', {}, t('可能是', 'It may be')) : null,
      words.length === 0 && likely.length > 0 ? h('ul', { class: 'choices likely' }, likely.map(choice)) : null,
      h('h4', {}, words.length === 0 ? t('全部事项', 'All facts') : t('找到' + matching.length + '项', matching.length + ' found')),
      h('ul', { class: 'choices' }, matching.slice(0, LISTED).map(choice)),
      matching.length > LISTED
        ? h('p', { class: 'remark' }, t('另有' + (matching.length - LISTED) + '项，请查找', matching.length - LISTED + ' more: search for them'))
        : null,
    ];
  }
}

/** @param {Place} place */
function rowId(place) {
  return 'column-' + place.book + '-' + place.sheet + '-' + place.column;
}

/** Takes what is dropped on an element. @param {HTMLElement} element @param {string} kind @param {(text: string) => void} take */
function accept(element, kind, take) {
  element.addEventListener('dragover', (event) => {
    if (event.dataTransfer?.types.includes(kind)) {
      event.preventDefault();
      element.classList.add('over');
    }
  });
  element.addEventListener('dragleave', () => element.classList.remove('over'));
  element.addEventListener('drop', (event) => {
    element.classList.remove('over');
    const text = event.dataTransfer?.getData(kind);
    if (text) {
      event.preventDefault();
      take(text);
    }
  });
}

/** Arrows go from one choice to the next. @param {HTMLElement} side @param {KeyboardEvent} event */
function stepThrough(side, event) {
  const by = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
  const buttons = Array.from(side.querySelectorAll('.choices button'));
  const at = buttons.indexOf(/** @type {Element} */ (document.activeElement));
  if (by === 0 || at < 0) {
    return;
  }
  event.preventDefault();
  const next = /** @type {HTMLElement | undefined} */ (at + by < 0 ? side.querySelector('input') : buttons[at + by]);
  next?.focus();
}
