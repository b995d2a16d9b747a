// The two languages of the page.

/** @type {'zh' | 'en'} */
let current = document.documentElement.lang === 'en' ? 'en' : 'zh';

/** @returns {'zh' | 'en'} */
export function language() {
  return current;
}

/** @param {'zh' | 'en'} chosen */
export function setLanguage(chosen) {
  current = chosen;
  document.documentElement.lang = chosen === 'en' ? 'en' : 'zh-CN';
  document.title = t('抽查审查', 'Spot-check audit');
}

/**
 * A text in the language of the page.
 * @param {string} zh
 * @param {string} en
 * @returns {string}
 */
export function t(zh, en) {
  return current === 'en' ? en : zh;
}

/** The outcomes, most serious first. */
export const OUTCOMES = [
  'violated',
  'errored',
  'review',
  'undetermined',
  'pending',
  'waived',
  'satisfied',
  'not_applicable',
];

/** @param {string} outcome */
export function outcomeName(outcome) {
  switch (outcome) {
    case 'violated':
      return t('违规', 'Violated');
    case 'errored':
      return t('未能审查', 'Not audited');
    case 'review':
      return t('待人工判断', 'To judge');
    case 'undetermined':
      return t('待补证', 'Undetermined');
    case 'pending':
      return t('未到期', 'Pending');
    case 'waived':
      return t('已豁免', 'Waived');
    case 'satisfied':
      return t('合规', 'Satisfied');
    default:
      return t('不适用', 'Not applicable');
  }
}

/** @param {string} severity */
export function severityName(severity) {
  return severity === 'critical'
    ? t('严重', 'critical')
    : severity === 'major'
      ? t('较重', 'major')
      : t('一般', 'minor');
}

/** The status of an act with respect to its due date. @param {string} progress @param {boolean} isReminder */
export function progressName(progress, isReminder) {
  switch (progress) {
    case 'done':
      return isReminder ? t('已办理', 'done') : t('按期办理', 'in time');
    case 'late':
      return t('逾期办理', 'late');
    case 'too_early':
      return t('过早办理', 'too early');
    case 'readings_differ':
      return t('读法不一', 'readings differ');
    case 'review':
      return t('待判断', 'to judge');
    case 'day_unknown':
      return t('办理日期不明', 'day not recorded');
    case 'start_unknown':
      return t('起算待证', 'start not proven');
    case 'due_next':
      return isReminder ? t('未到提示日', 'ahead') : t('未到期', 'due next');
    case 'overdue':
      return isReminder ? t('未办理', 'not done') : t('逾期未办', 'overdue');
    case 'unproven':
      return isReminder ? t('待补证', 'not proven') : t('到期待证', 'not proven');
    case 'excused':
      return t('依例外免除', 'excused');
    default:
      return progress;
  }
}
