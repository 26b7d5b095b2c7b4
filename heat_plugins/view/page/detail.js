// SPDX-License-Identifier: Apache-2.0
// What is known of one resource or queue, and the answer to a gate.

import {byId, element, status} from './dom.js';

export class Detail {
  constructor(stack) {
    this.stack = stack;
    this.dialog = byId('detail');
    this.body = byId('detail-body');
    byId('close').addEventListener('click', () => this.dialog.close());
    byId('again').addEventListener('click', () => this.show(...this.shown));
  }

  // Of a resource or a queue: ['resource', name] or ['queue', name] each.
  async show(title, ...asked) {
    this.shown = [title, ...asked];
    byId('detail-title').textContent = title;
    this.body.replaceChildren(element('p', {role: 'status'}, 'Looking …'));
    if (!this.dialog.open) {
      this.dialog.showModal();
    }
    const parts = await Promise.all(asked.map(([kind, name]) => this.part(kind, name)));
    this.body.replaceChildren(...parts.flat());
  }

  async part(kind, name) {
    const [found, error] = await ask(`${kind}?${this.query({name})}`);
    if (error) {
      return [element('p', {class: 'failed'}, error)];
    }
    return kind === 'queue' ? queue(found) : this.resource(found);
  }

  resource(found) {
    return [
      element('h3', {}, `${found.name} (${found.type})`),
      element('p', {}, status(found.status, found.kind), ` ${found.reason}`),
      ...found.lines.map((each) => element('p', {}, each)),
      ...Object.entries(found.answers).map(([name, answers]) => this.gate(found, name, answers)),
      ...Object.entries(found.match).flatMap(([key, pattern]) => [
        element('h3', {}, key), element('pre', {}, written(pattern))]),
      ...found.queues.flatMap(queue)];
  }

  gate(found, name, answers) {
    const key = crypto.randomUUID();
    const comment = element('input', {name: 'comment', maxlength: 1000, autocomplete: 'off'});
    const said = element('p', {role: 'status'});
    const answer = async (verdict) => {
      const sent = {name: found.name, queue: name, verdict, comment: comment.value, key};
      const [, error] = await ask(`answer?${this.query({})}`, {
        method: 'POST', body: JSON.stringify(sent), headers: {'Content-Type': 'application/json'}});
      said.textContent = error || `Sent: ${verdict}.`;
    };
    const button = (verdict, title) => element('button', {
      type: 'button', onclick: () => answer(verdict),
      ...(answers[verdict] ? {} : {disabled: ''})}, title);
    return element('form', {onsubmit: (event) => event.preventDefault()},
      element('label', {}, `Answer on the queue ${name}, with a comment: `, comment),
      element('div', {class: 'buttons'}, button('approve', 'Approve'), button('reject', 'Reject')),
      said,
      element('details', {}, element('summary', {}, 'What is posted'),
        ...Object.entries(answers).map(([verdict, body]) => element('pre', {},
          `${verdict}: ${body ? JSON.stringify(body) : 'no message could be made of the patterns'}`))));
  }

  query(more) {
    return new URLSearchParams({stack: this.stack, ...more});
  }
}

// A pattern, a line for each key.
function written(pattern) {
  return Object.entries(pattern).map(([key, value]) => `${key}: ${JSON.stringify(value)}`).join('\n');
}

function queue(found) {
  const title = element('h3', {}, `Messages in the queue ${found.queue}`);
  if (!found.exists) {
    return [title, element('p', {class: 'failed'}, 'The queue is not there.')];
  }
  if (!found.messages.length) {
    return [title, element('p', {class: 'soft'}, 'There is none.')];
  }
  return [
    title,
    ...(found.before ? [element('p', {class: 'soft'}, `${found.before} older ones are not shown.`)] : []),
    ...found.messages.flatMap((each) => [
      element('p', {class: 'soft'}, [`${each.age} s old`, each.verdict].filter(Boolean).join('; ')),
      element('pre', {}, each.text)])];
}

// What the server answers, and what is wrong.
async function ask(path, options) {
  try {
    const answer = await fetch(path, options);
    const found = await answer.json();
    return answer.ok ? [found, ''] : [null, found.error];
  } catch {
    return [null, 'heat-zaqar view does not answer: does it still run?'];
  }
}
