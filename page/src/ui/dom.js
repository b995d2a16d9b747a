// Builds elements: text is always text, never markup.

/**
 * @typedef {Node | string | number | null | undefined | false} Child
 * @typedef {Record<string, any>} Properties
 */

const SVG = 'http://www.w3.org/2000/svg';

/**
 * @param {Element} element
 * @param {Properties} properties
 */
function apply(element, properties) {
  for (const [name, value] of Object.entries(properties)) {
    if (value === null || value === undefined || value === false) {
      continue;
    }
    if (name.startsWith('on')) {
      element.addEventListener(name.slice(2), value);
    } else if (name === 'class') {
      element.setAttribute('class', value);
    } else if (name === 'value' && 'value' in element) {
      /** @type {any} */ (element).value = value;
    } else if (name === 'checked') {
      /** @type {any} */ (element).checked = value;
    } else if (name === 'style') {
      for (const [key, part] of Object.entries(value)) {
        /** @type {any} */ (element).style.setProperty(key, String(part));
      }
    } else {
      element.setAttribute(name, value === true ? '' : String(value));
    }
  }
}

/**
 * @param {Node} parent
 * @param {(Child | Child[])[]} children
 */
export function add(parent, ...children) {
  for (const child of children.flat()) {
    if (child !== null && child !== undefined && child !== false) {
      parent.appendChild(typeof child === 'object' ? child : document.createTextNode(String(child)));
    }
  }
}

/**
 * An element of HTML.
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} name
 * @param {Properties} [properties]
 * @param {...(Child | Child[])} children
 * @returns {HTMLElementTagNameMap[K]}
 */
export function h(name, properties = {}, ...children) {
  const element = document.createElement(name);
  add(element, ...children);
  apply(element, properties);
  return element;
}

/**
 * An element of SVG.
 * @param {string} name
 * @param {Properties} [properties]
 * @param {...(Child | Child[])} children
 * @returns {SVGElement}
 */
export function s(name, properties = {}, ...children) {
  const element = document.createElementNS(SVG, name);
  apply(element, properties);
  add(element, ...children);
  return element;
}

/**
 * @param {Element} element
 * @param {...(Child | Child[])} children
 */
export function fill(element, ...children) {
  element.textContent = '';
  add(element, ...children);
}

/** @param {number} n */
export function count(n) {
  return n.toLocaleString('en-US');
}

/**
 * @param {() => void} action
 * @param {number} delay
 * @returns {() => void}
 */
export function later(action, delay) {
  let timer = 0;
  return () => {
    clearTimeout(timer);
    timer = window.setTimeout(action, delay);
  };
}

/** Lets the browser draw. @returns {Promise<void>} */
export function pause() {
  return new Promise((resolve) => {
    setTimeout(resolve, 0);
  });
}
