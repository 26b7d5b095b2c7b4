# SPDX-License-Identifier: Apache-2.0
"""Very many parked waits, made straight in Heat's database.

One stack is created as by a user; then Heat is stopped, and the rows of its
stack are copied, as if nothing had come for an hour. When Heat is started
again it takes all of them over.
"""
import json
import time
import uuid

from heat_plugins.localcloud import clients
from heat_plugins.localcloud import cloud as clouds
from heat_plugins.localcloud import options
from tests.bench import parked
from tests.bench import waiting

# A user has room for the stacks.
_OPTIONS = options.Options(heat={'DEFAULT': {
    **parked.DEFAULTS.heat['DEFAULT'], 'max_stacks_per_tenant': 1000000}})
# Seconds that nothing has come for them.
_QUIET = 3600
_QUEUE = 'copy-0'


def measure(size):
    """What so many parked waits cost.

    :returns: a map of what to the figure.
    """
    with clouds.Cloud.ephemeral(options=_OPTIONS) as cloud:
        zaqar = clients.zaqar(cloud)
        for number in range(size):
            zaqar.queue('copy-%d' % number).create({})
        # A sync point of what depends on others would name them.
        stack = waiting.created(cloud, 'copied', {'condition': {
            'type': 'Zaqar::Workflow::WaitCondition',
            'properties': {'queue': _QUEUE, 'timeout': 36000}}})
        while not waiting.waiting(cloud, stack):
            time.sleep(0.5)
        time.sleep(2)
        cloud.services['heat'].kill()
        with parked.database(cloud) as rows:
            copy(rows, stack.id, size)
            version = rows.execute('SELECT MAX(atomic_key) FROM resource'
                                   ).fetchone()[0]
        cloud.restart('heat')
        parked.small_stack(cloud, 'warm-up')
        return _measured(cloud, zaqar, size, version)


def _measured(cloud, zaqar, size, version):
    memory = waiting.resident(cloud)
    found = {'seconds until the engine has taken over all': parked.until(
        cloud, 'SELECT COUNT(*) FROM resource WHERE atomic_key > %d AND '
        "status = 'IN_PROGRESS' AND engine_id IS NULL" % version, size)}
    time.sleep(10)
    found['kB of memory for each'] = (waiting.resident(cloud) - memory) / size
    found['seconds of a small stack beside them'] = parked.small_stack(
        cloud, 'beside')
    found.update(parked.a_minute(cloud, size))
    complete = ("SELECT COUNT(*) FROM stack WHERE status = 'COMPLETE' AND "
                "name LIKE '%copied%'")
    post(zaqar, 1)
    found['seconds to wake one'] = parked.until(
        cloud, complete, 1)
    for number in range(size):
        post(zaqar, number)
    found['seconds to wake all, since the last was posted'] = parked.until(
        cloud, complete, size)
    return found


def post(zaqar, number):
    zaqar.queue('copy-%d' % number).post([{'body': number, 'ttl': 3600}])


def copy(rows, stack_id, size):
    """Copy a stack of one condition until there are so many."""
    stack = one(rows, 'stack', id=stack_id)
    template = one(rows, 'raw_template', id=stack['raw_template_id'])
    resource = one(rows, 'resource', stack_id=stack_id)
    properties = one(rows, 'resource_properties_data',
                     id=resource['rsrc_prop_data_id'])
    data = all_of(rows, 'resource_data', resource_id=resource['id'])
    points = all_of(rows, 'sync_point', stack_id=stack_id)
    for number in range(1, size):
        other = str(uuid.uuid4())
        template_number = insert(rows, 'raw_template', with_queue(
            template, 'template', number))
        insert(rows, 'stack', {
            **stack, 'id': other, 'raw_template_id': template_number,
            'name': '%s-%d' % (stack['name'], number)})
        copied = insert(rows, 'resource', {
            **resource, 'id': None, 'uuid': str(uuid.uuid4()),
            'stack_id': other, 'root_stack_id': other,
            'current_template_id': template_number,
            'rsrc_prop_data_id': insert(
                rows, 'resource_properties_data',
                with_queue(properties, 'data', number))})
        rows.execute('UPDATE stack SET current_deps = ? WHERE id = ?', (
            json.dumps({'edges': [[[copied, True], None]]}), other))
        for each in data:
            insert(rows, 'resource_data', {
                **each, 'id': None, 'resource_id': copied,
                'value': of_another(json.loads(each['value']), copied, other)
                if each['key'] == 'wait' else each['value']})
        for each in points:
            insert(rows, 'sync_point', {
                **each, 'stack_id': other, 'entity_id': (
                    other if each['entity_id'] == stack_id else copied)})


def with_queue(row, key, number):
    """A row to be inserted that names the queue of another."""
    return {**row, 'id': None,
            key: row[key].replace(_QUEUE, 'copy-%d' % number)}


def of_another(wait, number, stack_id):
    """The row of a wait, of another resource and quiet."""
    patience = {key: value and value - _QUIET
                for key, value in wait['patience'].items()}
    return json.dumps({**wait, 'resource_id': number, 'stack_id': stack_id,
                       'patience': patience})


def one(rows, table, **where):
    [row] = all_of(rows, table, **where)
    return row


def all_of(rows, table, **where):
    [(key, value)] = where.items()
    return [dict(each) for each in rows.execute(
        'SELECT * FROM %s WHERE %s = ?' % (table, key), (value,))]


def insert(rows, table, row):
    """Insert a row; gives its number."""
    return rows.execute('INSERT INTO %s (%s) VALUES (%s)' % (
        table, ', '.join('"%s"' % key for key in row),
        ', '.join('?' * len(row))), list(row.values())).lastrowid
