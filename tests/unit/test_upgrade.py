# SPDX-License-Identifier: Apache-2.0
"""What earlier versions of this package have stored is read as it was meant.

A file in the folder "stored" is what one version left in Heat's database, by
type: never changed, one is added whenever a version stores something else.
"""
import json
import pathlib

import pytest

from heat_plugins import resources
from heat_plugins.custom import lifecycle
from heat_plugins.resources import custom_state

STORED = sorted((pathlib.Path(__file__).parent / 'stored').glob('*.json'))
CASES = [(file, name) for file in STORED
         for name in json.loads(file.read_text())]


@pytest.fixture(params=CASES, ids=lambda case: '%s-%s' % (
    case[0].stem, case[1]))
def kept(request):
    """One resource, as it was stored."""
    file, name = request.param
    return {'type': name, **json.loads(file.read_text())[name]}


def load(kept):
    """The resource as Heat would have it, without a stack and a database."""
    cls = resources.mapping()[kept['type']]

    class Loaded(cls):
        def __new__(cls):
            return object.__new__(cls)

        def __init__(self):
            self.properties = dict.fromkeys(cls.properties_schema)
            self.properties.update(kept['properties'])
            self.resource_id = kept['resource_id']

        def data(self):
            return kept['data']

        def metadata_get(self, refresh=False):
            return kept['metadata']

    return Loaded()


def test_every_attribute_is_what_it_was(kept):
    loaded = load(kept)

    assert {name: loaded._resolve_attribute(name)
            for name in kept['attributes']} == kept['attributes']


def named(version, name):
    """One resource of one version."""
    [file] = [each for each in STORED if each.stem == version]
    return load({'type': name, **json.loads(file.read_text())[name]})


def test_a_wait_goes_on_and_counts_nothing_again():
    record = named('0.1.0', 'Zaqar::Workflow::WaitCondition')._record()

    assert record.summary().startswith(
        '3 of 4 received, 1 failed, 1 tolerated, 1 counted but not kept')
    assert record.round == {'queue': 'jobs', 'rearm': '2'}
    for message_id in ('m0', 'm1', 'm4'):
        assert message_id in record._past or message_id in record._taken


def test_a_custom_resource_is_settled_where_it_was_left():
    state = custom_state.load(
        named('0.1.0', 'Zaqar::Workflow::CustomResource'))

    assert state == lifecycle.State(
        lifecycle.Thing('host-7', {'size': 1}, {'ip': '192.0.2.7'}, 'made'),
        lifecycle.Thing('host-8', {'size': 2}, {'ip': '192.0.2.8'}, 'grew',
                        settled=False),
        lifecycle.Pending('req-1', 'jobs', lifecycle.Step(
            'Delete', 'host-8', {'size': 2})))


def test_a_message_that_was_to_be_posted_still_is():
    assert named('0.1.0', 'Zaqar::Messaging::Message')._pending() == {
        'action': 'UPDATE', 'id': '8c2e',
        'time': '2026-11-25T12:00:00+00:00'}


def test_trusts_are_known_that_are_to_be_deleted():
    assert named('0.1.0', 'Zaqar::Messaging::Topic')._trusts() == {
        's1': None, 's2': 'trust-2'}
    assert named('0.1.0',
                 'Zaqar::Messaging::Subscription')._trust_id() == 'trust-1'
