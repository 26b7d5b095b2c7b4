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
        stack = waiting.created(cloud, 'copied', parked.ours([_QUEUE]))
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
    resources = all_of(rows, 'resource', stack_id=stack_id)
    for number in range(1, size):
        other = insert(rows, 'stack', {
            **stack, 'id': str(uuid.uuid4()),
            'name': '%s-%d' % (stack['name'], number),
            'raw_template_id': insert(rows, 'raw_template', {
                **template, 'id': None, 'template': template[
                    'template'].replace(_QUEUE, 'copy-%d' % number)})},
            'id')
        copy_resources(rows, stack, other, resources, number)


def copy_resources(rows, stack, other, resources, number):
    numbers = {}
    for each in resources:
        properties = each['rsrc_prop_data_id'] and insert(
            rows, 'resource_properties_data', {
                key: value.replace(_QUEUE, 'copy-%d' % number)
                if key == 'data' else value for key, value in one(
                    rows, 'resource_properties_data',
                    id=each['rsrc_prop_data_id']).items()} | {'id': None})
        numbers[each['id']] = insert(rows, 'resource', {
            **each, 'id': None, 'uuid': str(uuid.uuid4()),
            'stack_id': other['id'], 'rsrc_prop_data_id': properties,
            'root_stack_id': other['id'],
            'current_template_id': other['raw_template_id']})
    for old, new in numbers.items():
        link(rows, new, numbers)
        for data in all_of(rows, 'resource_data', resource_id=old):
            value = data['value']
            if data['key'] == 'wait':
                value = of_another(json.loads(value), new, other['id'])
            insert(rows, 'resource_data', {
                **data, 'id': None, 'resource_id': new, 'value': value})
    for point in all_of(rows, 'sync_point', stack_id=stack['id']):
        entity = point['entity_id']
        insert(rows, 'sync_point', {
            **point, 'stack_id': other['id'], 'entity_id': (
                other['id'] if entity == stack['id']
                else str(numbers[int(entity)]))})
    edges = json.loads(other['current_deps'])
    rows.execute('UPDATE stack SET current_deps = ? WHERE id = ?', (
        json.dumps({'edges': [[node and [numbers[node[0]], node[1]]
                               for node in edge]
                              for edge in edges['edges']]}), other['id']))


def of_another(wait, number, stack_id):
    """The row of a wait, of another resource and quiet."""
    patience = {key: value and value - _QUIET
                for key, value in wait['patience'].items()}
    return json.dumps({**wait, 'resource_id': number, 'stack_id': stack_id,
                       'patience': patience})


def link(rows, number, numbers):
    """Have a resource name the copies that it depends on, and they it."""
    row = one(rows, 'resource', id=number)
    rows.execute('UPDATE resource SET requires = ?, needed_by = ? '
                 'WHERE id = ?', [*(
                     json.dumps([numbers.get(each, each) for each in
                                 json.loads(row[key] or '[]')])
                     for key in ('requires', 'needed_by')), number])


def one(rows, table, **where):
    [row] = all_of(rows, table, **where)
    return row


def all_of(rows, table, **where):
    [(key, value)] = where.items()
    return [dict(each) for each in rows.execute(
        'SELECT * FROM %s WHERE %s = ?' % (table, key), (value,))]


def insert(rows, table, row, returns='number'):
    """Insert a row; gives its number, or the row itself."""
    done = rows.execute('INSERT INTO %s (%s) VALUES (%s)' % (
        table, ', '.join('"%s"' % key for key in row),
        ', '.join('?' * len(row))), list(row.values()))
    return done.lastrowid if returns == 'number' else row
