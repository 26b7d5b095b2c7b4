// SPDX-License-Identifier: Apache-2.0
// The list of all resources, those that wait or have failed first.

import {byId, element, merge, status} from './dom.js';

const MOST = 200;
const ORDER = {failed: 0, progress: 1, '': 2, complete: 3};

export class Resources {
  constructor(choose) {
    this.choose = choose;
    this.rows = {};
    this.shown = new Map();
  }

  forget() {
    this.rows = {};
    this.shown.clear();
  }

  update(changes) {
    merge(this.rows, changes);
    for (const name of Object.keys(changes)) {
      this.shown.delete(name);
    }
    const sorted = Object.values(this.rows).sort((one, other) =>
      ORDER[one.kind] - ORDER[other.kind] || one.name.localeCompare(other.name));
    const held = document.activeElement?.dataset?.resource;
    byId('resources').replaceChildren(...sorted.slice(0, MOST).map((each) => this.row(each)));
    if (held) {
      byId('resources').querySelector(`[data-resource="${CSS.escape(held)}"]`)?.focus();
    }
    const more = sorted.length - MOST;
    byId('resources-more').hidden = more <= 0;
    byId('resources-more').textContent = `and ${more} more`;
  }

  row(each) {
    if (!this.shown.has(each.name)) {
      this.shown.set(each.name, element('tr', {},
        element('td', {}, element('button', {
          type: 'button', class: 'link', 'data-resource': each.name,
          onclick: () => this.choose(each.name)}, each.name)),
        element('td', {}, status(each.status, each.kind)),
        element('td', {class: 'received'}, ...this.bar(each)),
        element('td', {}, each.text)));
    }
    return this.shown.get(each.name);
  }

  bar(each) {
    if (each.received === null || !each.needed) {
      return [];
    }
    const text = `${each.received} of ${each.needed}`;
    return [element('progress', {
      max: each.needed, value: Math.min(each.received, each.needed), 'aria-label': text}), ` ${text}`];
  }
}
