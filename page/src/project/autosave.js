// A copy in the browser's own storage, so that closing by mistake loses nothing. Every window has its own copy.

const DATABASE = 'choucha';
const STORE = 'work';
const OWN = String(Date.now()) + '-' + String(Math.random()).slice(2, 8);

/**
 * @typedef {{id: string, at: string, title: string, parts: string[]}} Copy
 */

/** @returns {Promise<IDBDatabase>} */
function database() {
  return new Promise((resolve, reject) => {
    const asked = indexedDB.open(DATABASE, 1);
    asked.onupgradeneeded = () => asked.result.createObjectStore(STORE, { keyPath: 'id' });
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(asked.error);
  });
}

/**
 * @template T
 * @param {IDBTransactionMode} mode
 * @param {(store: IDBObjectStore) => IDBRequest<T>} work
 * @returns {Promise<T>}
 */
async function within(mode, work) {
  const base = await database();
  try {
    return await new Promise((resolve, reject) => {
      const transaction = base.transaction(STORE, mode);
      const asked = work(transaction.objectStore(STORE));
      transaction.oncomplete = () => resolve(asked.result);
      transaction.onerror = () => reject(transaction.error);
      transaction.onabort = () => reject(transaction.error);
    });
  } finally {
    base.close();
  }
}

/** Stores a copy of this window's work. @param {string} title @param {string[]} parts */
export async function keepCopy(title, parts) {
  await within('readwrite', (store) =>
    store.put({ id: OWN, at: new Date().toISOString(), title, parts }),
  );
}

/** The copies of other windows. @returns {Promise<Copy[]>} */
export async function copies() {
  const all = /** @type {Copy[]} */ (await within('readonly', (store) => store.getAll()));
  return all.filter((copy) => copy.id !== OWN).sort((a, b) => (a.at < b.at ? 1 : -1));
}

/** @param {string} id */
export async function forgetCopy(id) {
  await within('readwrite', (store) => store.delete(id));
}

/** Deletes this window's copy: its contents are now in a file. */
export async function forgetOwnCopy() {
  await forgetCopy(OWN);
}
