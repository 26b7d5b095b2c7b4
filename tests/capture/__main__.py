# SPDX-License-Identifier: Apache-2.0
"""Writes the rows of Heat's database that hold resources at work.

    .tox/heat-24/bin/python -m tests.capture tests/unit/databases/VERSION.json

It runs on the oldest release of Heat, so that the others read what that has
stored. On a real cloud, a resource of each type is brought into a state that
is hard to go on from: a condition has some of its messages, and a request is
not answered. ``tests/unit/test_databases.py`` lets Heat load the rows.
"""
import contextlib
import json
import pathlib
import sqlite3
import sys
import time

import requests

from heat_plugins.localcloud import cloud as clouds
from heat_plugins.localcloud import demo
from heat_plugins.localcloud import options
from tests import conftest

# All that Heat needs to load a resource.
TABLES = ('raw_template', 'stack', 'resource_properties_data', 'resource',
          'resource_data')
OPTIONS = options.Options(zaqar_pooling=True, heat={
    # What hidden rows look like is part of what has to be read.
    'DEFAULT': {'encrypt_parameters_and_properties': True},
    # So little that a condition counts a message without keeping it.
    'heat_zaqar': {'record_limit': 420},
})


def main(file):
    with clouds.Cloud.ephemeral(options=OPTIONS, report=print) as running:
        project = conftest.Project(
            running, pathlib.Path(__file__).parent, admin=True)
        captured = {
            'attributes': bring_about(running, project),
            'encryption_key': encryption_key(running),
            'tables': rows(running)}
    pathlib.Path(file).write_text(
        json.dumps(captured, indent=1, sort_keys=True) + '\n')


def bring_about(running, project):
    """Everything in the middle of something; gives all attributes."""
    at_work = project.create('state.yaml', {
        'count': 1, 'round': '1', 'size': 1})
    jobs = created(at_work, 'jobs').physical_resource_id
    inbox = created(at_work, 'requests').physical_resource_id
    created(at_work, 'box')
    post(at_work.outputs(), {'id': 'w1', 'data': 7})
    project.post(jobs, {'id': 'w0', 'data': 0})
    answer(eventually(lambda: project.bodies(inbox))[0], 'SUCCESS',
           physical_id='host-7', data={'ip': '192.0.2.7'}, reason='made')
    assert at_work.wait() == 'CREATE_COMPLETE', at_work.reason

    at_work.update(project.folder / 'state.yaml', {
        'count': 4, 'round': '2', 'size': 2})
    project.post(jobs, {'id': 'w1', 'data': {'ip': '192.0.2.7'}},
                 {'id': 'w2', 'status': 'FAILURE', 'reason': 'disk'},
                 ['any', 'JSON', 1], 'x' * 420)
    eventually(lambda: 'not kept' in project.heat.resources.metadata(
        at_work.id, 'condition')['summary'])
    eventually(lambda: project.bodies(inbox)[1:])
    # Last, as what is in a queue is out of sight once that is in a pool.
    pools = project.created(
        demo.examples() / '19-pools-and-flavors.yaml',
        dict(zip(('slow_uri', 'fast_uri'), databases(running), strict=True)))
    return dict(attributes(project, [at_work, pools]))


def created(stack, name):
    """A resource, once it is complete."""
    return eventually(lambda: [
        each for each in [stack.resource(name)]
        if each.resource_status == 'CREATE_COMPLETE'])[0]


def post(mailbox, body):
    requests.post(mailbox['url'], headers=mailbox['headers'], timeout=30,
                  json={'messages': [{'body': body}]}).raise_for_status()


def answer(request, status, **fields):
    post(request['reply'], {
        'request_id': request['request_id'], 'status': status, **fields})


def databases(running):
    """URIs of two databases that hold no messages yet."""
    return ['%s?dbid=%d' % (running.endpoints['redis'], number)
            for number in (2, 3)]


def encryption_key(running):
    [line] = [line for line in
              (running.directory / 'heat/heat.conf').read_text().splitlines()
              if line.startswith('auth_encryption_key')]
    return line.partition('=')[2].strip()


def attributes(project, stacks):
    """Resource name to its attributes, as Heat's API shows them."""
    for stack in stacks:
        for each in project.heat.resources.list(stack.id):
            shown = stack.resource(each.resource_name)
            yield each.resource_name, {
                name: value for name, value in shown.attributes.items()
                if value is not None}


def rows(running):
    """Table name to its rows, each a dict of column name to value."""
    file = running.directory / 'heat/heat.sqlite'
    with contextlib.closing(sqlite3.connect(file)) as database:
        database.row_factory = sqlite3.Row
        return {table: [dict(row) for row in
                        database.execute('SELECT * FROM ' + table)]
                for table in TABLES}


def eventually(look):
    """What ``look`` gives once it is something."""
    deadline = time.monotonic() + 120
    while True:
        with contextlib.suppress(Exception):
            if found := look():
                return found
        assert time.monotonic() < deadline, 'it did not happen'
        time.sleep(0.2)


if __name__ == '__main__':
    main(*sys.argv[1:])
