# SPDX-License-Identifier: Apache-2.0
"""A stack of many queues, each with a subscription: ours or Heat's own."""
import datetime
import itertools
import pathlib
import tempfile
import time

import yaml

from heat_plugins.localcloud import access_log
from heat_plugins.localcloud import clients
from heat_plugins.localcloud import stack as stacks

PAIRS = 50
STEPS = ('create', 'update', 'delete')
APIS = ('zaqar', 'keystone')

_numbers = itertools.count(1)


def ours(number, ttl):
    """The properties of a queue and of its subscription."""
    return {
        'queue': ('Zaqar::Messaging::Queue', {}),
        'subscription': ('Zaqar::Messaging::Subscription', {
            'queue': {'get_resource': 'queue%d' % number},
            'webhook': 'http://127.0.0.1:9/hook', 'ttl': ttl})}


def heats_own(number, ttl):
    # Without "options" it would never deliver.
    return {
        'queue': ('OS::Zaqar::Queue', {}),
        'subscription': ('OS::Zaqar::Subscription', {
            'queue_name': {'get_resource': 'queue%d' % number},
            'subscriber': 'http://127.0.0.1:9/hook', 'ttl': ttl,
            'options': {}})}


KINDS = {'ours': ours, "Heat's own": heats_own}


def run(cloud, kind):
    """Create, update and delete a stack.

    :returns: step → a map of ``seconds`` and, by API, the requests made.
    """
    with tempfile.TemporaryDirectory() as folder:
        first = written(folder, kind, 3600)
        second = written(folder, kind, 7200)
        name = 'many-%d' % next(_numbers)
        heat = clients.heat(cloud)
        stack = None

        def create():
            nonlocal stack
            stack = stacks.Stack.create(heat, name, first)

        acts = (create, lambda: stack.update(second), lambda: stack.delete())
        return {step: measured(cloud, act, lambda: stack)
                for step, act in zip(STEPS, acts, strict=True)}


def measured(cloud, act, stack):
    began = datetime.datetime.now(datetime.UTC)
    start = time.monotonic()
    act()
    status = stack().wait()
    seconds = time.monotonic() - start
    if not status.endswith('COMPLETE'):
        raise RuntimeError('%s: %s' % (status, stack().reason))
    return {'seconds': seconds, **{
        api: len([each for each in access_log.read(cloud.access_log(api))
                  if each.time >= began]) for api in APIS}}


def written(folder, kind, ttl):
    """The path of a template of all the pairs."""
    resources = {
        '%s%d' % (name, number): {'type': type_, 'properties': properties}
        for number in range(PAIRS)
        for name, (type_, properties) in KINDS[kind](number, ttl).items()}
    path = pathlib.Path(folder, '%d.yaml' % ttl)
    path.write_text(yaml.safe_dump({
        'heat_template_version': '2021-04-16', 'resources': resources}))
    return path
