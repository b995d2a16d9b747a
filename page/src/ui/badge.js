// Small marks: outcomes, severities.

import { h } from './dom.js';
import { outcomeName, severityName } from './language.js';

/** @param {string} outcome */
export function badge(outcome) {
  return h('span', { class: 'badge ' + outcome }, outcomeName(outcome));
}

/** @param {string} severity */
export function weight(severity) {
  return h('span', { class: 'weight ' + severity }, severityName(severity));
}
