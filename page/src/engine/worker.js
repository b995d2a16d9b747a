// The worker: runs the command once per request.

import { FileTree } from './files.js';
import { runCommand } from './wasi.js';

/**
 * @typedef {import('./protocol.js').Request} Request
 * @typedef {import('./protocol.js').Answer} Answer
 */

/** @type {Promise<WebAssembly.Module> | null} */
let engine = null;

/** @param {Answer} answer @param {Transferable[]} [given] */
function answerWith(answer, given = []) {
  /** @type {any} */ (self).postMessage(answer, given);
}

/**
 * The command, unpacked.
 * @param {string} packed
 * @returns {Promise<WebAssembly.Module>}
 */
async function unpack(packed) {
  const binary = atob(packed);
  const bytes = new Uint8Array(binary.length);
  for (let n = 0; n < binary.length; n += 1) {
    bytes[n] = binary.charCodeAt(n);
  }
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'));
  return WebAssembly.compile(await new Response(stream).arrayBuffer());
}

/** @param {Request} request */
async function serve(request) {
  if (request.kind === 'load') {
    engine = unpack(request.packed);
    await engine;
    answerWith({ kind: 'ready' });
    return;
  }
  if (engine === null) {
    throw new Error('no engine');
  }
  const { id, args, files, outputs } = request;
  const tree = new FileTree();
  let size = 0;
  for (const { path, content } of files) {
    const bytes =
      typeof content === 'string'
        ? new TextEncoder().encode(content)
        : new Uint8Array(await content.arrayBuffer());
    size += bytes.length;
    tree.add(path, bytes);
  }
  const err = new TextDecoder();
  const out = new TextDecoder();
  let told = '';
  let text = '';
  let lastSent = 0;
  /** @type {Map<string, number>} */
  const read = new Map();
  let done = 0;
  const send = () => {
    if (text !== '') {
      answerWith({ kind: 'text', id, text, progress: size === 0 ? 1 : Math.min(1, done / size) });
      text = '';
    }
    lastSent = text.length;
  };
  const code = runCommand(await engine, {
    args: ['choucha', ...args],
    tree,
    out(bytes) {
      text += out.decode(bytes, { stream: true });
      if (text.length - lastSent > 262144) {
        send();
      }
    },
    err(bytes) {
      told += err.decode(bytes, { stream: true });
    },
    read(path, at) {
      const before = read.get(path) ?? 0;
      if (at > before) {
        done += at - before;
        read.set(path, at);
      }
    },
  });
  send();
  /** @type {Uint8Array[]} */
  const made = [];
  for (const path of outputs) {
    made.push(tree.files.get(path)?.content().slice() ?? new Uint8Array(0));
  }
  answerWith(
    { kind: 'done', id, code, told, made },
    made.map((bytes) => bytes.buffer),
  );
}

self.onmessage = (event) => {
  const request = /** @type {Request} */ (event.data);
  serve(request).catch((error) => {
    answerWith({
      kind: 'failed',
      id: request.kind === 'run' ? request.id : 0,
      why: String(error?.message ?? error),
    });
  });
};
