// The messages between the page and the worker.

/**
 * An input file of the command: chosen by the user, or text generated here.
 * @typedef {{path: string, content: Blob | string}} Given
 */

/**
 * @typedef {{kind: 'load', packed: string}
 *   | {kind: 'run', id: number, args: string[], files: Given[], outputs: string[]}} Request
 */

/**
 * @typedef {{kind: 'ready'}
 *   | {kind: 'text', id: number, text: string, progress: number}
 *   | {kind: 'done', id: number, code: number, told: string, made: Uint8Array[]}
 *   | {kind: 'failed', id: number, why: string}} Answer
 */

export const PROTOCOL = 1;
