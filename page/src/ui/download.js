// Downloads for the user.

import { h } from './dom.js';

/**
 * @param {string} name
 * @param {Blob} blob
 */
export function download(name, blob) {
  const url = URL.createObjectURL(blob);
  const link = h('a', { href: url, download: name });
  document.body.appendChild(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(url), 60000);
}

/** Today, for a file name. @returns {string} */
export function dayForName() {
  const now = new Date();
  /** @param {number} n */
  const two = (n) => String(n).padStart(2, '0');
  return now.getFullYear() + two(now.getMonth() + 1) + two(now.getDate());
}
