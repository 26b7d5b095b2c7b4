// SPDX-License-Identifier: Apache-2.0
// The graph: drawn by the server, its boxes and arrows told by what happens.

import {byId, shape} from './dom.js';

// How long an arrow moves after a message, in milliseconds.
const MOVES = 2500;
const CUT = 40;

export class Graph {
  constructor(choose) {
    this.place = byId('graph');
    this.choose = choose;
    this.states = {};
    this.groups = new Map();
    this.arrows = [];
  }

  forget() {
    this.states = {};
  }

  draw(svg) {
    const held = document.activeElement?.closest?.('#graph g')?.dataset.node;
    const drawn = new DOMParser().parseFromString(svg, 'image/svg+xml').documentElement;
    this.place.replaceChildren(document.importNode(drawn, true));
    this.groups = new Map([...this.place.querySelectorAll('g[data-node]')].map(
      (each) => [each.dataset.node, each]));
    this.arrows = [...this.place.querySelectorAll('path[data-source]')];
    for (const [id, group] of this.groups) {
      this.prepare(id, group);
      this.tell(id);
    }
    this.groups.get(held)?.focus();
  }

  update(changes) {
    for (const [id, state] of Object.entries(changes)) {
      const before = this.states[id];
      if (state === null) {
        delete this.states[id];
        continue;
      }
      this.states[id] = state;
      this.tell(id);
      if (before) {
        this.move(id, before, state);
      }
    }
  }

  prepare(id, group) {
    const box = group.querySelector('rect');
    const [x, y, width, height] = ['x', 'y', 'width', 'height'].map(
      (each) => Number(box.getAttribute(each)));
    group.append(
      shape('rect', {class: 'bar', x: x + 8, y: y + height - 5, width: 0, height: 3}),
      shape('text', {class: 'state', x: x + width / 2, y: y + height + 14}));
    group.dataset.room = width - 16;
    group.setAttribute('tabindex', '0');
    group.setAttribute('role', 'button');
    const chosen = () => this.choose(this.states[id]);
    group.addEventListener('click', chosen);
    group.addEventListener('keydown', (event) => {
      if (event.key === 'Enter' || event.key === ' ') {
        event.preventDefault();
        chosen();
      }
    });
  }

  tell(id) {
    const group = this.groups.get(id);
    const state = this.states[id];
    if (!group || !state) {
      return;
    }
    group.setAttribute('class', state.kind);
    const text = state.text.length > CUT ? `${state.text.slice(0, CUT)}…` : state.text;
    group.querySelector('.state').textContent = text;
    const share = state.needed ? Math.min(1, state.received / state.needed) : 0;
    group.querySelector('.bar').setAttribute('width', share * group.dataset.room);
    group.setAttribute('aria-label', [
      state.label, state.type.split('::').pop(), state.kind, state.text].filter(Boolean).join(', '));
  }

  // Messages that came to a queue, or were counted by who waits there.
  move(id, before, now) {
    const grew = (key) => before[key] !== null && now[key] > before[key];
    if (!grew('depth') && !grew('received')) {
      return;
    }
    for (const arrow of this.arrows) {
      if (arrow.dataset.target === id && !arrow.classList.contains('then')) {
        arrow.classList.add('moving');
        setTimeout(() => arrow.classList.remove('moving'), MOVES);
      }
    }
  }
}
