// The graph of a case's duties, drawn by the command.

import { fill, h } from '../ui/dom.js';
import { language, t } from '../ui/language.js';
import { givenFor } from './given.js';

/**
 * @param {import('../app.js').App} app
 * @param {import('../run/run.js').Item} item
 * @returns {HTMLElement | null}
 */
export function graphPicture(app, item) {
  const given = givenFor(app, item);
  const { engine } = app;
  if (!engine || !given) {
    return null;
  }
  const place = h('div', { class: 'graph scroll', tabindex: '0' });
  const details = h('details', { class: 'lazy' }, h('summary', {}, t('画出', 'Draw')), place);
  let drawn = false;
  details.addEventListener('toggle', async () => {
    if (!details.open || drawn) {
      return;
    }
    drawn = true;
    fill(place, t('正在画…', 'drawing…'));
    try {
      const args = ['graph', '--lang', language(), '--format', 'svg', '--case', '/' + given.path];
      const asOf = app.options.asOf ? ['--as-of', app.options.asOf] : [];
      const { code, text, told } = await engine.run([...args, ...asOf], [given]);
      if (code !== 0) {
        throw new Error(told);
      }
      // An image cannot run scripts, whatever it contains.
      const url = URL.createObjectURL(new Blob([text], { type: 'image/svg+xml' }));
      fill(place, h('img', { src: url, alt: t('义务关系图，颜色表示结果', 'graph of duties, coloured by outcome') }));
    } catch (error) {
      fill(place, String(/** @type {Error} */ (error).message));
    }
  });
  return h('section', {}, h('h2', {}, t('义务关系图', 'Graph of duties')), details);
}
