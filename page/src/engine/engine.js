// Lets the page call the command.

/**
 * @typedef {import('./protocol.js').Answer} Answer
 * @typedef {import('./protocol.js').Given} Given
 * @typedef {{code: number, told: string, text: string, made: Uint8Array[]}} Ended
 * @typedef {{resolve: (ended: Ended) => void, reject: (error: Error) => void,
 *   text: string[] | null, heed: ((text: string, progress: number) => void) | null}} Waiting
 */

/** Runs commands in a worker, one after the other. */
export class Engine {
  /**
   * @param {string} script the worker's script
   * @param {string} packed the compressed command
   */
  constructor(script, packed) {
    this.script = script;
    this.packed = packed;
    /** @type {Map<number, Waiting>} */
    this.waiting = new Map();
    this.last = 0;
    this.start();
  }

  /** Starts the worker. */
  start() {
    const url = URL.createObjectURL(new Blob([this.script], { type: 'text/javascript' }));
    this.worker = new Worker(url);
    this.ready = new Promise((resolve, reject) => {
      this.isReady = resolve;
      this.isNotReady = reject;
    });
    // Waiters get the error; this catch covers the time when nobody waits.
    this.ready.catch(() => {});
    this.worker.onmessage = (event) => this.take(event.data);
    this.worker.onerror = (event) => {
      this.isNotReady?.(new Error(event.message));
      this.failAll(event.message);
    };
    this.worker.postMessage({ kind: 'load', packed: this.packed });
  }

  /** Ends the running command and starts a new worker. */
  stop() {
    this.worker?.terminate();
    this.failAll('stopped');
    this.start();
  }

  /** @param {string} why */
  failAll(why) {
    for (const waiting of this.waiting.values()) {
      waiting.reject(new Error(why));
    }
    this.waiting.clear();
  }

  /** @param {Answer} answer */
  take(answer) {
    if (answer.kind === 'ready') {
      this.isReady?.(undefined);
      return;
    }
    const waiting = this.waiting.get(answer.id);
    if (answer.kind === 'failed' && answer.id === 0) {
      this.isNotReady?.(new Error(answer.why));
    }
    if (!waiting) {
      return;
    }
    if (answer.kind === 'text') {
      waiting.text?.push(answer.text);
      waiting.heed?.(answer.text, answer.progress);
      return;
    }
    this.waiting.delete(answer.id);
    if (answer.kind === 'failed') {
      waiting.reject(new Error(answer.why));
    } else {
      waiting.resolve({
        code: answer.code,
        told: answer.told,
        made: answer.made,
        text: waiting.text?.join('') ?? '',
      });
    }
  }

  /**
   * Runs a command. Its text goes to `heed` as it arrives, or into the result.
   * @param {string[]} args
   * @param {Given[]} files
   * @param {string[]} [outputs] the written files to return
   * @param {(text: string, progress: number) => void} [heed]
   * @returns {Promise<Ended>}
   */
  async run(args, files, outputs = [], heed) {
    await this.ready;
    this.last += 1;
    const id = this.last;
    return new Promise((resolve, reject) => {
      this.waiting.set(id, {
        resolve,
        reject,
        text: heed ? null : [],
        heed: heed ?? null,
      });
      this.worker?.postMessage({ kind: 'run', id, args, files, outputs });
    });
  }
}
