// SPDX-License-Identifier: Apache-2.0
// The page: all stacks of a project, or one of them. What is new is pushed.

import {Detail} from './detail.js';
import {byId, element, status} from './dom.js';
import {Graph} from './graph.js';
import {Resources} from './resources.js';
import {Times} from './times.js';

function showTrouble(text) {
  byId('trouble').textContent = text;
  byId('trouble').hidden = !text;
}

// Call these functions with what is pushed, by its name.
function listen(path, functions) {
  const source = new EventSource(path);
  for (const [name, act] of Object.entries({trouble: showTrouble, ...functions})) {
    source.addEventListener(name, (event) => act(JSON.parse(event.data)));
  }
  source.addEventListener('open', () => showTrouble(''));
  source.addEventListener('error', () => showTrouble(
    'heat-zaqar view does not answer; trying again. Does it still run?'));
}

function showStacks() {
  byId('stacks').hidden = false;
  listen('events', {stacks: (found) => {
    byId('status').textContent = found.length ? '' : 'There is no stack in this project.';
    byId('stacks').firstElementChild.replaceChildren(...found.map((each) => element('li', {},
      element('a', {href: `?${new URLSearchParams({stack: each.id})}`}, each.name), ' ',
      status(each.status, each.kind), ` ${each.reason}`)));
  }});
}

function showStack(id) {
  byId('back').hidden = false;
  byId('stack').hidden = false;
  const detail = new Detail(id);
  const graph = new Graph((state) => state && detail.show(state.label,
    ...state.names.map((each) => ['resource', each]), ...state.queues.map((each) => ['queue', each])));
  const resources = new Resources((name) => detail.show(name, ['resource', name]));
  const times = new Times();
  const known = {};
  listen(`events?${new URLSearchParams({stack: id})}`, {
    begin: () => [graph, resources, times].forEach((each) => each.forget()),
    stack: (change) => {
      Object.assign(known, change);
      document.title = `${known.name}: ${known.status}`;
      byId('title').textContent = known.name;
      byId('status').replaceChildren(status(known.status, known.kind), ` ${known.reason}`);
      byId('end').textContent = known.times_out && `It fails at ${known.times_out} if it is not complete.`;
    },
    drawing: (svg) => graph.draw(svg),
    nodes: (changes) => graph.update(changes),
    rows: (changes) => resources.update(changes),
    events: (changes) => times.update(changes),
  });
}

const stack = new URLSearchParams(location.search).get('stack');
if (stack) {
  showStack(stack);
} else {
  showStacks();
}
