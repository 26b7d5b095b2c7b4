// SPDX-License-Identifier: Apache-2.0
// Making elements. What strangers have written gets in as text, never as HTML.

const SVG = 'http://www.w3.org/2000/svg';

export const byId = (id) => document.getElementById(id);

function fill(made, attributes, children) {
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith('on')) {
      made.addEventListener(key.slice(2), value);
    } else {
      made.setAttribute(key, value);
    }
  }
  made.append(...children);
  return made;
}

export function element(tag, attributes = {}, ...children) {
  return fill(document.createElement(tag), attributes, children);
}

export function shape(tag, attributes = {}, ...children) {
  return fill(document.createElementNS(SVG, tag), attributes, children);
}

export function status(text, kind) {
  return element('span', {class: `badge ${kind}`}, text);
}

// Merge what is new into a map; null stands for what has gone.
export function merge(known, change) {
  for (const [key, value] of Object.entries(change)) {
    if (value === null) {
      delete known[key];
    } else {
      known[key] = value;
    }
  }
}
