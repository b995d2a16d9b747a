// Files in memory, which the command uses as its disk.

/** One file; it grows as it is written. */
export class MemoryFile {
  /** @param {Uint8Array} bytes */
  constructor(bytes) {
    this.bytes = bytes;
    this.length = bytes.length;
  }

  /** @returns {Uint8Array} */
  content() {
    return this.bytes.subarray(0, this.length);
  }

  /**
   * @param {number} length
   */
  resize(length) {
    if (length > this.bytes.length) {
      const grown = new Uint8Array(Math.max(length, this.bytes.length * 2, 4096));
      grown.set(this.content());
      this.bytes = grown;
    } else if (length < this.length) {
      this.bytes.fill(0, length, this.length);
    }
    this.length = length;
  }

  /**
   * @param {number} at
   * @param {Uint8Array} data
   */
  write(at, data) {
    if (at + data.length > this.length) {
      this.resize(at + data.length);
    }
    this.bytes.set(data, at);
  }
}

/** Files by their paths, without a leading slash: `in/a.yaml`. Common beginnings of paths are folders. */
export class FileTree {
  constructor() {
    /** @type {Map<string, MemoryFile>} */
    this.files = new Map();
    /** @type {Set<string>} */
    this.folders = new Set(['', 'in', 'out', 'tmp']);
  }

  /**
   * @param {string} path
   * @param {Uint8Array} bytes
   * @returns {MemoryFile}
   */
  add(path, bytes) {
    const file = new MemoryFile(bytes);
    this.files.set(path, file);
    for (let at = path.lastIndexOf('/'); at > 0; at = path.lastIndexOf('/', at - 1)) {
      this.folders.add(path.slice(0, at));
    }
    return file;
  }

  /**
   * The names directly in a folder.
   * @param {string} folder
   * @returns {{name: string, isFolder: boolean}[]}
   */
  list(folder) {
    const prefix = folder === '' ? '' : folder + '/';
    /** @type {Map<string, boolean>} */
    const names = new Map();
    for (const path of this.folders) {
      if (path !== folder && path.startsWith(prefix)) {
        names.set(path.slice(prefix.length).split('/')[0], true);
      }
    }
    for (const path of this.files.keys()) {
      if (path.startsWith(prefix)) {
        const [name, ...deeper] = path.slice(prefix.length).split('/');
        names.set(name, deeper.length > 0);
      }
    }
    return Array.from(names, ([name, isFolder]) => ({ name, isFolder })).sort((a, b) =>
      a.name < b.name ? -1 : 1,
    );
  }
}

/**
 * A path without `.`, `..` and redundant slashes.
 * @param {string} path
 * @returns {string}
 */
export function plainPath(path) {
  /** @type {string[]} */
  const parts = [];
  for (const part of path.split('/')) {
    if (part === '..') {
      parts.pop();
    } else if (part !== '' && part !== '.') {
      parts.push(part);
    }
  }
  return parts.join('/');
}
