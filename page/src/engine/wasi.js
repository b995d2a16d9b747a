// The system for the command: the parts of WASI (preview 1) it needs, in memory and without a network.

import { FileTree, MemoryFile, plainPath } from './files.js';

const SUCCESS = 0;
const BADF = 8;
const EXIST = 20;
const INVAL = 28;
const ISDIR = 31;
const NOENT = 44;
const NOSYS = 52;
const NOTDIR = 54;
const IS_FOLDER = 3;
const IS_FILE = 4;
const IS_STREAM = 2;
const ROOT = 3;

/** How the command ended. */
export class Exit extends Error {
  /** @param {number} code */
  constructor(code) {
    super('exit ' + code);
    this.code = code;
  }
}

/**
 * An open file or folder.
 * @typedef {object} Handle
 * @property {string} path
 * @property {MemoryFile | null} file
 * @property {number} at
 * @property {boolean} appends
 */

/**
 * @typedef {object} Process
 * @property {string[]} args
 * @property {FileTree} tree
 * @property {(bytes: Uint8Array) => void} out
 * @property {(bytes: Uint8Array) => void} err
 * @property {(path: string, at: number) => void} [read]
 */

/**
 * Runs the command once and returns its exit code.
 * @param {WebAssembly.Module} module
 * @param {Process} process
 * @returns {number}
 */
export function runCommand(module, process) {
  const system = new System(process);
  /** @type {Record<string, Function>} */
  const imports = {};
  for (const { name, kind } of WebAssembly.Module.imports(module)) {
    if (kind === 'function') {
      const answer = /** @type {any} */ (system)[name];
      imports[name] = answer ? answer.bind(system) : () => NOSYS;
    }
  }
  const instance = new WebAssembly.Instance(module, {
    wasi_snapshot_preview1: /** @type {any} */ (imports),
  });
  system.memory = /** @type {WebAssembly.Memory} */ (instance.exports.memory);
  try {
    /** @type {Function} */ (instance.exports._start)();
    return 0;
  } catch (error) {
    if (error instanceof Exit) {
      return error.code;
    }
    throw error;
  }
}

class System {
  /** @param {Process} process */
  constructor(process) {
    this.process = process;
    this.memory = /** @type {WebAssembly.Memory} */ (/** @type {unknown} */ (null));
    const encoder = new TextEncoder();
    this.args = process.args.map((text) => encoder.encode(text + '\0'));
    /** @type {Map<number, Handle>} */
    this.open = new Map([[ROOT, { path: '', file: null, at: 0, appends: false }]]);
    this.next = ROOT + 1;
  }

  view() {
    return new DataView(this.memory.buffer);
  }

  /**
   * @param {number} at
   * @param {number} length
   */
  bytes(at, length) {
    return new Uint8Array(this.memory.buffer, at, length);
  }

  /**
   * @param {number} at
   * @param {number} length
   */
  text(at, length) {
    return new TextDecoder().decode(this.bytes(at, length));
  }

  /**
   * @param {number} list
   * @param {number} count
   * @returns {Uint8Array[]}
   */
  vectors(list, count) {
    const view = this.view();
    const vectors = [];
    for (let n = 0; n < count; n += 1) {
      vectors.push(
        this.bytes(view.getUint32(list + 8 * n, true), view.getUint32(list + 8 * n + 4, true)),
      );
    }
    return vectors;
  }

  /** @param {number} count @param {number} size */
  args_sizes_get(count, size) {
    this.view().setUint32(count, this.args.length, true);
    this.view().setUint32(
      size,
      this.args.reduce((sum, text) => sum + text.length, 0),
      true,
    );
    return SUCCESS;
  }

  /** @param {number} list @param {number} buffer */
  args_get(list, buffer) {
    const view = this.view();
    for (const text of this.args) {
      view.setUint32(list, buffer, true);
      this.bytes(buffer, text.length).set(text);
      list += 4;
      buffer += text.length;
    }
    return SUCCESS;
  }

  /** @param {number} count @param {number} size */
  environ_sizes_get(count, size) {
    this.view().setUint32(count, 0, true);
    this.view().setUint32(size, 0, true);
    return SUCCESS;
  }

  environ_get() {
    return SUCCESS;
  }

  /** @param {number} at @param {number} length */
  random_get(at, length) {
    for (let n = 0; n < length; n += 65536) {
      crypto.getRandomValues(this.bytes(at + n, Math.min(65536, length - n)));
    }
    return SUCCESS;
  }

  /** @param {number} clock @param {bigint} _precision @param {number} at */
  clock_time_get(clock, _precision, at) {
    // The command takes this clock's day as today, so it is the user's local day.
    const now = new Date();
    const local = now.getTime() - now.getTimezoneOffset() * 60000;
    const nanoseconds =
      clock === 0 ? BigInt(local) * 1000000n : BigInt(Math.round(performance.now() * 1e6));
    this.view().setBigUint64(at, nanoseconds, true);
    return SUCCESS;
  }

  /** @param {number} _clock @param {number} at */
  clock_res_get(_clock, at) {
    this.view().setBigUint64(at, 1000000n, true);
    return SUCCESS;
  }

  sched_yield() {
    return SUCCESS;
  }

  /** @param {number} code */
  proc_exit(code) {
    throw new Exit(code);
  }

  /** @param {number} fd */
  fd_close(fd) {
    return this.open.delete(fd) ? SUCCESS : BADF;
  }

  /** @param {number} fd @param {number} at */
  fd_fdstat_get(fd, at) {
    const handle = this.open.get(fd);
    const view = this.view();
    if (fd > 2 && !handle) {
      return BADF;
    }
    view.setUint8(at, fd <= 2 ? IS_STREAM : handle?.file ? IS_FILE : IS_FOLDER);
    view.setUint16(at + 2, handle?.appends ? 1 : 0, true);
    view.setBigUint64(at + 8, 0x1fffffffn, true);
    view.setBigUint64(at + 16, 0x1fffffffn, true);
    return SUCCESS;
  }

  fd_fdstat_set_flags() {
    return SUCCESS;
  }

  /** @param {number} fd @param {number} at */
  fd_filestat_get(fd, at) {
    const handle = this.open.get(fd);
    if (!handle) {
      return fd <= 2 ? this.stat(at, IS_STREAM, 0) : BADF;
    }
    return handle.file
      ? this.stat(at, IS_FILE, handle.file.length)
      : this.stat(at, IS_FOLDER, 0);
  }

  /** @param {number} fd @param {bigint} length */
  fd_filestat_set_size(fd, length) {
    const handle = this.open.get(fd);
    if (!handle?.file) {
      return BADF;
    }
    handle.file.resize(Number(length));
    return SUCCESS;
  }

  /**
   * @param {number} at
   * @param {number} kind
   * @param {number} size
   */
  stat(at, kind, size) {
    const view = this.view();
    this.bytes(at, 64).fill(0);
    view.setUint8(at + 16, kind);
    view.setBigUint64(at + 24, 1n, true);
    view.setBigUint64(at + 32, BigInt(size), true);
    return SUCCESS;
  }

  /** @param {number} fd @param {number} at */
  fd_prestat_get(fd, at) {
    if (fd !== ROOT) {
      return BADF;
    }
    this.view().setUint8(at, 0);
    this.view().setUint32(at + 4, 1, true);
    return SUCCESS;
  }

  /** @param {number} fd @param {number} at @param {number} length */
  fd_prestat_dir_name(fd, at, length) {
    if (fd !== ROOT || length < 1) {
      return BADF;
    }
    this.bytes(at, 1).set([0x2f]);
    return SUCCESS;
  }

  /** @param {number} fd @param {number} list @param {number} count @param {number} done */
  fd_read(fd, list, count, done) {
    const handle = this.open.get(fd);
    if (fd === 0) {
      this.view().setUint32(done, 0, true);
      return SUCCESS;
    }
    if (!handle?.file) {
      return handle ? ISDIR : BADF;
    }
    let read = 0;
    for (const into of this.vectors(list, count)) {
      const from = handle.file.content().subarray(handle.at, handle.at + into.length);
      into.set(from);
      handle.at += from.length;
      read += from.length;
      if (from.length < into.length) {
        break;
      }
    }
    this.process.read?.(handle.path, handle.at);
    this.view().setUint32(done, read, true);
    return SUCCESS;
  }

  /** @param {number} fd @param {number} list @param {number} count @param {number} done */
  fd_write(fd, list, count, done) {
    const handle = this.open.get(fd);
    if (fd > 2 && !handle?.file) {
      return BADF;
    }
    let written = 0;
    for (const from of this.vectors(list, count)) {
      written += from.length;
      if (handle?.file) {
        if (handle.appends) {
          handle.at = handle.file.length;
        }
        handle.file.write(handle.at, from);
        handle.at += from.length;
      } else if (fd === 1) {
        this.process.out(from.slice());
      } else {
        this.process.err(from.slice());
      }
    }
    this.view().setUint32(done, written, true);
    return SUCCESS;
  }

  /** @param {number} fd @param {bigint} offset @param {number} whence @param {number} at */
  fd_seek(fd, offset, whence, at) {
    const handle = this.open.get(fd);
    if (!handle?.file) {
      return BADF;
    }
    const from = whence === 0 ? 0 : whence === 1 ? handle.at : handle.file.length;
    const to = from + Number(offset);
    if (to < 0) {
      return INVAL;
    }
    handle.at = to;
    this.view().setBigUint64(at, BigInt(to), true);
    return SUCCESS;
  }

  fd_sync() {
    return SUCCESS;
  }

  fd_datasync() {
    return SUCCESS;
  }

  /** @param {number} fd @param {number} at @param {number} length @param {bigint} cookie @param {number} used */
  fd_readdir(fd, at, length, cookie, used) {
    const handle = this.open.get(fd);
    if (!handle || handle.file) {
      return handle ? NOTDIR : BADF;
    }
    const names = this.process.tree.list(handle.path);
    let filled = 0;
    for (let n = Number(cookie); n < names.length && filled < length; n += 1) {
      const name = new TextEncoder().encode(names[n].name);
      const entry = new Uint8Array(24 + name.length);
      const view = new DataView(entry.buffer);
      view.setBigUint64(0, BigInt(n + 1), true);
      view.setBigUint64(8, BigInt(n + 1), true);
      view.setUint32(16, name.length, true);
      view.setUint8(20, names[n].isFolder ? IS_FOLDER : IS_FILE);
      entry.set(name, 24);
      const part = entry.subarray(0, length - filled);
      this.bytes(at + filled, part.length).set(part);
      filled += part.length;
    }
    this.view().setUint32(used, filled, true);
    return SUCCESS;
  }

  /**
   * A path, resolved from the folder of a handle.
   * @param {number} fd
   * @param {number} at
   * @param {number} length
   * @returns {string | null}
   */
  path(fd, at, length) {
    const handle = this.open.get(fd);
    return handle && !handle.file ? plainPath(handle.path + '/' + this.text(at, length)) : null;
  }

  /**
   * @param {number} fd
   * @param {number} _follow
   * @param {number} at
   * @param {number} length
   * @param {number} flags
   * @param {bigint} _rights
   * @param {bigint} _inheriting
   * @param {number} mode
   * @param {number} opened
   */
  path_open(fd, _follow, at, length, flags, _rights, _inheriting, mode, opened) {
    const path = this.path(fd, at, length);
    if (path === null) {
      return BADF;
    }
    const { tree } = this.process;
    let file = tree.files.get(path) ?? null;
    if (!file && !tree.folders.has(path)) {
      if (!(flags & 1)) {
        return NOENT;
      }
      file = tree.add(path, new Uint8Array(0));
    } else if (flags & 4 && flags & 1) {
      return EXIST;
    } else if (flags & 2 && file) {
      return NOTDIR;
    } else if (flags & 8 && file) {
      file.resize(0);
    }
    this.open.set(this.next, { path, file, at: 0, appends: (mode & 1) !== 0 });
    this.view().setUint32(opened, this.next, true);
    this.next += 1;
    return SUCCESS;
  }

  /** @param {number} fd @param {number} _flags @param {number} at @param {number} length @param {number} into */
  path_filestat_get(fd, _flags, at, length, into) {
    const path = this.path(fd, at, length);
    if (path === null) {
      return BADF;
    }
    const file = this.process.tree.files.get(path);
    if (file) {
      return this.stat(into, IS_FILE, file.length);
    }
    return this.process.tree.folders.has(path) ? this.stat(into, IS_FOLDER, 0) : NOENT;
  }

  path_readlink() {
    return INVAL;
  }

  /** @param {number} fd @param {number} at @param {number} length */
  path_unlink_file(fd, at, length) {
    const path = this.path(fd, at, length);
    return path !== null && this.process.tree.files.delete(path) ? SUCCESS : NOENT;
  }

  /**
   * @param {number} fd
   * @param {number} at
   * @param {number} length
   * @param {number} toFd
   * @param {number} toAt
   * @param {number} toLength
   */
  path_rename(fd, at, length, toFd, toAt, toLength) {
    const from = this.path(fd, at, length);
    const to = this.path(toFd, toAt, toLength);
    const file = from === null ? undefined : this.process.tree.files.get(from);
    if (!file || from === null || to === null) {
      return NOENT;
    }
    this.process.tree.files.delete(from);
    this.process.tree.files.set(to, file);
    return SUCCESS;
  }
}
