/** Making and changing elements. */

/**
 * Make an element. Texts become text nodes: no markup is ever interpreted.
 *
 * @param {string} tag
 * @param {Record<string, unknown>} attributes - those that begin with `on` are listeners
 * @param {...(Node | string)} children
 */
export function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else put(element, name, value);
  }
  element.append(...children);
  return element;
}

/** Set an attribute; `false`, `null` and `undefined` remove it. */
export function put(element, name, value) {
  if (value === false || value === null || value === undefined) {
    element.removeAttribute(name);
  } else if (element.getAttribute(name) !== String(value)) {
    element.setAttribute(name, String(value));
  }
}

/** Set a text only if it differs, so that screen readers do not repeat it. */
export function say(element, text) {
  if (element.textContent !== text) element.textContent = text;
  put(element, "hidden", text ? null : "");
}

/** Show or hide an element. */
export function show(element, isShown) {
  put(element, "hidden", isShown ? null : "");
}

/** Set the children of an element; change nothing if it has them, to keep the focus. */
export function keepChildren(element, children) {
  const { children: present } = element;
  const isSame =
    children.length === present.length && children.every((child, at) => child === present[at]);
  if (!isSame) element.replaceChildren(...children);
}
