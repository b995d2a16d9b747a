// What columns mean, as `columns.yaml` says it: taken from how the command reads a table, changed, and written again.

/**
 * What `choucha columns --format json` tells: the contract `choucha.columns/1`.
 * @typedef {{word: string, because: string, count: number, cells: string[]}} Unread
 * @typedef {{column: number, cell: string, name: string, reads: 'fact' | 'case' | 'entry' | 'ignored' | 'unknown' | 'ambiguous' | 'duplicate' | 'unit',
 *   fact: string | null, target: string | null, mapped: boolean, content: string | null, candidates: string[], examples: string[],
 *   unread: Unread[], values: {word: string, means: string}[]}} Column
 * @typedef {{row: number, cells: {column: number, text: string}[]}} TopRow
 * @typedef {{name: string, holds: 'main' | 'group' | 'list' | 'campaign' | 'nothing' | 'unknown', holds_path: string | null,
 *   holds_title: string, mapped: boolean, upright: boolean, header: number | null, header_mapped: boolean, columns: Column[],
 *   top: TopRow[]}} Sheet
 * @typedef {{name: string, cases: number, cases_looked_at: number, sheets: Sheet[],
 *   diagnostics: import('../run/contract.js').Diagnostic[]}} Book
 * @typedef {{path: string, title: string, type: string, values: string[]}} Fact
 * @typedef {{schema: string, lang: string, books: Book[], facts: Fact[],
 *   diagnostics: import('../run/contract.js').Diagnostic[]}} Columns
 */

/** What is written for a column or a sheet that is not read. */
export const IGNORED = '不读';
/** What is written for the main table. */
export const MAIN = '主表';

/** Tables, whose columns may be placed. */
export const TABLE = /\.(csv|tsv|xlsx|xlsm|xls|ods|xlsb|et)$/i;

/** A text in double quotes, as YAML takes it. @param {string} text */
function quoted(text) {
  // What JSON leaves as it is and YAML would not.
  return JSON.stringify(text).replace(
    /[\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]/g,
    (c) => '\\u' + c.charCodeAt(0).toString(16).padStart(4, '0'),
  );
}

/** What is said of one sheet. */
export class SheetMapping {
  constructor() {
    this.holds = '';
    this.header = 0;
    /** @type {Map<string, string>} */
    this.columns = new Map();
  }
}

/** What is said of one file of tables. */
export class Mapping {
  constructor() {
    /** @type {Map<string, SheetMapping>} */
    this.sheets = new Map();
    /** @type {Map<string, Map<string, string>>} by fact */
    this.values = new Map();
  }

  /**
   * What is said of a file now.
   * @param {Book} book
   * @returns {Mapping}
   */
  static of(book) {
    const mapping = new Mapping();
    for (const sheet of book.sheets) {
      const own = mapping.sheet(sheet.name);
      if (sheet.mapped) {
        own.holds =
          sheet.holds === 'main' || sheet.holds === 'unknown' ? MAIN : sheet.holds === 'nothing' ? IGNORED : (sheet.holds_path ?? '');
      }
      if (sheet.header_mapped && sheet.header) {
        own.header = sheet.header;
      }
      for (const column of sheet.columns) {
        if (column.mapped && column.name) {
          const target = column.target ?? column.fact;
          if (target) {
            own.columns.set(column.name, target);
          }
        }
        if (column.fact && column.values.length > 0) {
          mapping.values.set(column.fact, new Map(column.values.map(({ word, means }) => [word, means])));
        }
      }
    }
    return mapping;
  }

  /** @param {string} name */
  sheet(name) {
    const sheet = this.sheets.get(name) ?? new SheetMapping();
    this.sheets.set(name, sheet);
    return sheet;
  }

  /** Whether nothing is said. */
  get isEmpty() {
    return (
      this.values.size === 0 &&
      Array.from(this.sheets.values()).every((sheet) => !sheet.holds && !sheet.header && sheet.columns.size === 0)
    );
  }

  /**
   * The mapping as `columns.yaml`.
   * @returns {string}
   */
  text() {
    const lines = [];
    const sheets = Array.from(this.sheets).filter(([, { holds, header, columns }]) => holds || header || columns.size > 0);
    if (sheets.length > 0) {
      lines.push('sheets:');
    }
    for (const [name, { holds, header, columns }] of sheets) {
      lines.push('  ' + quoted(name) + ':');
      if (holds) {
        lines.push('    holds: ' + quoted(holds));
      }
      if (header) {
        lines.push('    header: ' + header);
      }
      if (columns.size > 0) {
        lines.push('    columns:');
        for (const [column, target] of columns) {
          lines.push('      ' + quoted(column) + ': ' + quoted(target));
        }
      }
    }
    if (this.values.size > 0) {
      lines.push('values:');
    }
    for (const [fact, words] of this.values) {
      lines.push('  ' + quoted(fact) + ':');
      for (const [word, means] of words) {
        lines.push('    ' + quoted(word) + ': ' + quoted(means));
      }
    }
    return lines.join('\n') + '\n';
  }
}

/**
 * The files with what is said of the tables among them. One table is told by a `columns.yaml`, each of several by the one
 * that bears its name.
 * @param {import('../engine/protocol.js').Given[]} files
 * @param {Map<string, Mapping>} mappings by the path of the table
 * @returns {import('../engine/protocol.js').Given[]}
 */
export function withMappings(files, mappings) {
  const others = files.filter(({ path }) => !/(^|\/|\.)columns\.yaml$/.test(path));
  const paths = Array.from(mappings.keys());
  const made = Array.from(mappings)
    .filter(([, mapping]) => !mapping.isEmpty)
    .map(([path, mapping]) => ({ path: mappingPath(path, paths), content: mapping.text() }));
  return [...others, ...made];
}

/**
 * Where what is said of a table is kept.
 * @param {string} path
 * @param {string[]} all the paths of all tables
 */
export function mappingPath(path, all) {
  return all.length === 1 ? path.replace(/[^/]*$/, 'columns.yaml') : path.replace(/\.[^./]*$/, '') + '.columns.yaml';
}

/**
 * The arguments that name what is said of tables: none, where it lies beside each.
 * @param {import('../engine/protocol.js').Given[]} files
 * @returns {string[]}
 */
export function columnsArgs(files) {
  const own = files.some(({ path }) => /[^/]\.columns\.yaml$/.test(path));
  const common = files.find(({ path }) => /(^|\/)columns\.yaml$/.test(path));
  return common && !own ? ['--columns', '/' + common.path] : [];
}
