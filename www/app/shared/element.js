// @ts-check
/**
 * Makes elements from values. Strings among the children become text nodes, so a file name can never become markup.
 * Functions among the attributes ('onclick') become listeners; undefined and false leave the attribute out.
 */

/** @typedef {string|number|boolean|undefined|((event: any) => void)} Attribute */

/** Browsers write the contents of these to disk, to restore the tab, unless told not to. */
const FIELDS = ['input', 'select', 'textarea'];

/** @param {Element} target @param {Record<string, Attribute>} attributes */
function dress(target, attributes) {
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === 'function') target.addEventListener(name.slice(2), value);
    else if (value !== undefined && value !== false) target.setAttribute(name, value === true ? '' : String(value));
  }
}

/**
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Record<string, Attribute>} [attributes]
 * @param {(Node|string)[]} children
 * @returns {HTMLElementTagNameMap[Tag]}
 */
export function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  dress(made, FIELDS.includes(tag) ? { autocomplete: 'off', ...attributes } : attributes);
  made.append(...children);
  return made;
}

/**
 * @template {keyof SVGElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Record<string, Attribute>} [attributes]
 * @param {(Node|string)[]} children
 * @returns {SVGElementTagNameMap[Tag]}
 */
export function drawing(tag, attributes = {}, ...children) {
  const made = document.createElementNS('http://www.w3.org/2000/svg', tag);
  dress(made, attributes);
  made.append(...children);
  return made;
}

/** The element of index.html with this id, which must exist. @param {string} id @returns {HTMLElement} */
export function byId(id) {
  const found = document.getElementById(id);
  if (!found) throw new Error(`index.html lacks #${id}`);
  return found;
}
