# SPDX-License-Identifier: Apache-2.0
"""The example workers/zone.py, asked for what nobody should ask for."""
import importlib.util
import types

import pytest

from heat_plugins import worker
from heat_plugins.localcloud import demo

ID = '83accd4a-cb13-4b0d-b490-a9bd0faaa016'
RECORD = {'name': 'www', 'type': 'A', 'value': '192.0.2.7'}


@pytest.fixture
def records(tmp_path, monkeypatch):
    monkeypatch.setenv('ZONE_FILE', str(tmp_path / 'zone'))
    spec = importlib.util.spec_from_file_location(
        'zone', demo.examples() / 'workers/zone.py')
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.Records()


def task(request_id=ID, physical_id=None, **properties):
    return types.SimpleNamespace(
        request_id=request_id, physical_id=physical_id,
        properties={**RECORD, **properties})


def test_a_request_that_comes_again_changes_nothing(records, tmp_path):
    records.create(task())
    records.create(task())

    assert (tmp_path / 'zone').read_text() == (
        'www 300 IN A 192.0.2.7 ; %s\n' % ID)


@pytest.mark.parametrize('act', ['create', 'update'])
@pytest.mark.parametrize('wrong', [
    {'name': 'a\nbank'}, {'name': 'a b'}, {'name': ''}, {'name': None},
    {'name': ';'}, {'name': '$INCLUDE'}, {'type': 'A\n'}, {'type': ''},
    {'value': '192.0.2.7\nbank 300 IN A 192.0.2.66'}, {'value': 'a ; b'},
    {'value': '\u2028'}, {'value': ['a', 'b\n']}, {'value': ' '},
    {'ttl': -1}, {'ttl': '1 IN'}, {'ttl': 1.5},
    {'request_id': 'a\nbank 300 IN A 192.0.2.66'}], ids=repr)
def test_no_value_begins_another_record(records, tmp_path, act, wrong):
    with pytest.raises(worker.Failed):
        getattr(records, act)(task(**wrong))
    assert not (tmp_path / 'zone').exists()
