# SPDX-License-Identifier: Apache-2.0
"""Resources that an earlier version was at work on are loaded by this one.

A file in the folder "databases" has rows of the database of a Heat that ran
that version, as ``python -m tests.capture`` has written them. Heat itself
loads them, as an engine does that goes on with a resource. A file is never
changed; one is added whenever a version stores something else.
"""
import json
import pathlib

from heat.common import context
from heat.db import api
from heat.db import models
from heat.engine import environment
from heat.engine import resource
from heat.engine import resources as of_heat
from heat.engine.resources.openstack.heat import wait_condition
from oslo_config import cfg
import pytest
import sqlalchemy

from heat_plugins import resources
from heat_plugins.custom import lifecycle
from heat_plugins.resources import custom_state

DATABASES = sorted((pathlib.Path(__file__).parent / 'databases').iterdir())
TYPES = {'OS::Heat::WaitCondition': wait_condition.HeatWaitCondition,
         **resources.mapping()}
#: Resource to those of its attributes that Zaqar is not asked for.
KEPT = {
    'announcement': ('message_id',),
    'box': ('queue',),
    'fast': ('name',),
    'forward': ('id',),
    'gold': ('name',),
    'guest': ('expires', 'methods', 'paths'),
    'jobs': ('name',),
    'orders': ('name',),
    'thing': ('data', 'physical_id', 'reason'),
}


@pytest.fixture(scope='module', params=DATABASES, ids=lambda file: file.stem)
def captured(request):
    """What one version has stored."""
    return json.loads(request.param.read_text())


@pytest.fixture(scope='module', autouse=True)
def heat(captured):
    """Heat in this process, on a database with the captured rows."""
    options = {'database': {'connection': 'sqlite://'},
               None: {'auth_encryption_key': captured['encryption_key']}}
    # No file of this machine is read.
    cfg.CONF([], default_config_files=[], default_config_dirs=[])
    for group, values in options.items():
        for name, value in values.items():
            cfg.CONF.set_override(name, value, group)
    engine = sqlalchemy.create_engine(
        'sqlite://', poolclass=sqlalchemy.pool.StaticPool)
    restore = api.context_manager.patch_engine(engine)
    models.BASE.metadata.create_all(engine)
    with engine.begin() as connection:
        for table, rows in captured['tables'].items():
            for row in rows:
                insert(connection, table, row)
    known = environment.Environment({}, user_env=False)
    for name, cls in TYPES.items():
        known.register_class(name, cls)
    before, of_heat._environment = of_heat._environment, known
    yield
    of_heat._environment = before
    restore()
    engine.dispose()
    for group, values in options.items():
        for name in values:
            cfg.CONF.clear_override(name, group)
    cfg.CONF.clear()


def insert(connection, table, row):
    """As it was stored, whatever type Heat's models make of it."""
    connection.exec_driver_sql('INSERT INTO %s (%s) VALUES (%s)' % (
        table, ', '.join(row), ', '.join('?' * len(row))),
        tuple(row.values()))


@pytest.fixture
def load(captured):
    """Loads a resource by its name; what it belongs to lives as long."""
    loaded = []

    def by_name(name):
        [row] = [row for row in captured['tables']['resource']
                 if row['name'] == name]
        [stack] = [stack for stack in captured['tables']['stack']
                   if stack['id'] == row['stack_id']]
        loaded.append(resource.Resource.load(
            context.RequestContext(project_id=stack['tenant'],
                                   is_admin=False),
            row['id'], stack['current_traversal'], True, {}))
        return loaded[-1][0]
    return by_name


def test_there_is_a_resource_of_each_type(captured, load):
    names = [row['name'] for row in captured['tables']['resource']]

    # Pipes came after the first release.
    assert {type(load(name)) for name in names} == {
        cls for name, cls in TYPES.items()
        if name != 'Zaqar::Messaging::Pipe'}


@pytest.mark.parametrize('name', KEPT)
def test_an_attribute_is_what_heat_has_shown(captured, load, name):
    loaded = load(name)

    assert {key: loaded._resolve_attribute(key) for key in KEPT[name]} == {
        key: captured['attributes'][name][key] for key in KEPT[name]}


def test_a_wait_goes_on_where_it_was(load):
    condition = load('condition')

    assert (condition.action, condition.status) == ('UPDATE', 'IN_PROGRESS')
    assert condition._resolve_attribute('messages') == [
        {'id': 'w1', 'data': {'ip': '192.0.2.7'}},
        {'id': 'w2', 'status': 'FAILURE', 'reason': 'disk'},
        ['any', 'JSON', 1]]
    assert condition._resolve_attribute('received') == 3
    assert condition._record().round['rearm'] == '2'


def test_a_mailbox_gives_the_stock_condition_what_came(load):
    assert load('box').metadata_get() == {'w1': {
        'status': 'SUCCESS', 'data': 7, 'reason': 'Signal 1 received'}}


def test_a_request_that_was_not_answered_is_known(captured, load):
    state = custom_state.load(load('thing'))

    made = lifecycle.Thing('host-7', {'size': 1}, {'ip': '192.0.2.7'}, 'made')
    assert state.current == made
    assert state.pending.step == lifecycle.Step(
        'Update', 'host-7', {'size': 2})
    assert state.pending.request_id == (
        captured['attributes']['thing']['pending']['request_id'])


def test_what_was_encrypted_is_read(captured, load):
    encrypted = [row for row in captured['tables']['resource_data']
                 if row['redact']]
    assert {row['key'] for row in encrypted} == {
        'current', 'pending', 'signed', 'signed_headers'}
    assert all(row['encrypted'] for row in
               captured['tables']['resource_properties_data'])

    assert load('box')._resolve_attribute('headers')['URL-Signature']
    assert load('guest')._resolve_attribute('signature')
    assert load('fast').frozen_definition().properties(
        load('fast').properties_schema)['weight'] == 200


def test_trusts_are_known_that_are_to_be_deleted(load):
    assert sorted(map(type, load('orders')._trusts().values()),
                  key=str) == [type(None), str]
    assert load('forward')._trust_id()
