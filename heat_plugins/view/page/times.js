// SPDX-License-Identifier: Apache-2.0
// The time line: when each resource began and ended, and all events.

import {byId, element, merge, shape, status} from './dom.js';

const MOST_BARS = 40;
const MOST_EVENTS = 300;
const ROW = 22;
// Units of the picture's width: of all, of the names, and of the shortest bar.
const [WIDTH, NAMES, SHORTEST] = [1000, 260, 4];

export class Times {
  constructor() {
    this.events = {};
    this.spans = [];
    setInterval(() => this.grow(), 1000);
  }

  forget() {
    this.events = {};
  }

  update(changes) {
    merge(this.events, changes);
    this.told = Date.now();
    const events = Object.entries(this.events).sort(([one], [other]) => one - other)
      .map(([, event]) => ({...event, at: Date.parse(event.time)}));
    this.last = events.length ? events[events.length - 1].at : 0;
    this.spans = spans(events);
    this.draw(this.ended());
    byId('events').replaceChildren(...events.slice(-MOST_EVENTS).reverse().map((each) => element(
      'li', {}, `${each.time.slice(11, 19)}  ${each.resource}  `,
      status(each.status, each.kind), `  ${each.text}`)));
  }

  // What goes on has lasted until now; Heat's clock may be another than ours.
  ended() {
    const now = this.last + Date.now() - this.told;
    return this.spans.map((each) => ({...each, end: each.end ?? now}));
  }

  grow() {
    if (!document.hidden && this.spans.some((each) => each.end === null)) {
      this.draw(this.ended());
    }
  }

  draw(found) {
    const shown = found.slice(-MOST_BARS);
    const first = Math.min(...shown.map((each) => each.begin));
    const last = Math.max(...shown.map((each) => each.end), first + 1000);
    const scale = (WIDTH - NAMES) / (last - first);
    const said = (each) => `${each.name}: ${each.status}, ${
      Math.round((each.end - each.begin) / 1000)} seconds`;
    byId('times').replaceChildren(shape('svg', {
      viewBox: `0 0 ${WIDTH} ${Math.max(1, shown.length) * ROW}`, role: 'img',
      'aria-label': shown.map(said).join('; ') || 'nothing yet'},
    ...shown.flatMap((each, row) => [
      shape('text', {x: 0, y: row * ROW + 15}, each.name.slice(0, 36)),
      shape('rect', {
        class: each.kind, x: Math.min(WIDTH - SHORTEST, NAMES + (each.begin - first) * scale),
        y: row * ROW + 4, width: Math.max(SHORTEST, (each.end - each.begin) * scale), height: ROW - 8},
      shape('title', {}, said(each)))])));
  }
}

// One for each action of a resource, from its first event to its last; what goes on has no end.
function spans(events) {
  const open = new Map();
  const found = [];
  for (const each of events) {
    let span = open.get(each.resource);
    if (!span) {
      span = {name: each.resource, begin: each.at};
      open.set(each.resource, span);
      found.push(span);
    }
    const goesOn = each.kind === 'progress';
    Object.assign(span, {end: goesOn ? null : each.at, status: each.status, kind: each.kind});
    if (!goesOn) {
      open.delete(each.resource);
    }
  }
  return found;
}
