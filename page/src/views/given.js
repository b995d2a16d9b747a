// The file of a case, if the command can audit it alone.

/**
 * @param {import('../app.js').App} app
 * @param {import('../run/run.js').Item} item
 * @returns {import('../engine/protocol.js').Given | null}
 */
export function givenFor(app, item) {
  if (!('source' in item.of)) {
    return null;
  }
  const { path } = item.of.source;
  const given = app.files.find((file) => '/' + file.path === path);
  return given && /\.(ya?ml|json)$/i.test(path) ? given : null;
}
