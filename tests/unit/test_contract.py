# SPDX-License-Identifier: Apache-2.0
"""Requests and replies, held against the JSON Schemas."""
import jsonschema
import pytest

from heat_plugins.custom import contract
from heat_plugins.custom import reply
from heat_plugins.custom import request

REQUEST = {
    'request_id': 'r', 'request_type': 'Create',
    'resource_type': 'Zaqar::Workflow::CustomResource',
    'resource_name': 'it', 'stack_id': 's', 'stack_name': 'stack',
    'project_id': 'p', 'physical_id': None, 'heartbeat': None,
    'deadline': '2099-01-01T00:00:00',
    'reply': {'url': 'http://h/v2/queues/q/messages', 'headers': {'A': 'b'},
              'queue': 'q', 'expires': '2099-01-01T00:00:00'},
    'properties': {'any': [1]}, 'old_properties': None}
REPLY = {'request_id': 'r', 'status': 'SUCCESS', 'reason': 'done',
         'physical_id': 'p', 'data': {'any': [1]}}


@pytest.mark.parametrize('name', [contract.REQUEST, contract.REPLY])
def test_a_schema_is_one_and_says_all(name):
    schema = contract.schema(name)

    jsonschema.Draft202012Validator.check_schema(schema)
    assert all(each['description'] for each in schema['properties'].values())


def test_a_request_comes_back_as_it_went():
    made = request.Request.from_body(REQUEST)

    assert made.reply.queue == 'q'
    assert made.to_body() == REQUEST


def test_a_request_of_a_later_version_may_say_more():
    made = request.Request.from_body({**REQUEST, 'new': 1, 'reply': {
        **REQUEST['reply'], 'new': 1}})

    assert made.to_body() == REQUEST


def test_a_request_of_an_earlier_version_has_no_deadline():
    made = request.Request.from_body({
        key: value for key, value in REQUEST.items() if key != 'deadline'})

    assert made.until is None
    assert made.to_body() == {**REQUEST, 'deadline': None}


@pytest.mark.parametrize(('change', 'path'), [
    ({'deadline': 'soon'}, 'request.deadline: Invalid isoformat'),
    ({'deadline': 5}, 'request.deadline: expected: Until when'),
    ({'request_type': 'Destroy'}, 'request.request_type: expected: What '
     'to do: Create, Update or Delete.'),
    ({'request_id': ''}, 'request.request_id: expected: The id'),
    ({'properties': []}, 'request.properties'),
    ({'physical_id': 5}, 'request.physical_id'),
    ({'reply': {}}, "request.reply: 'url' is a required property"),
    ({'reply': {**REQUEST['reply'], 'headers': {'A': 1}}},
     'request.reply.headers.A')], ids=str)
def test_what_is_wrong_with_a_request_is_named(change, path):
    with pytest.raises(contract.ContractError) as wrong:
        request.Request.from_body({**REQUEST, **change})

    assert str(wrong.value).startswith(path)


@pytest.mark.parametrize('body', [None, 'text', [], {}, 5])
def test_what_is_no_request_is_none(body):
    with pytest.raises(contract.ContractError, match='^request: '):
        request.Request.from_body(body)


def test_a_reply_comes_back_as_it_went():
    assert reply.Reply.from_body(REPLY).to_body() == REPLY


@pytest.mark.parametrize('physical_id', [
    'x', '\uffff' * 255, 'two\nlines', '\ud7ff\ue000'])
def test_an_id_that_a_column_holds_is_taken(physical_id):
    assert reply.Reply.from_body({
        **REPLY, 'physical_id': physical_id}).physical_id == physical_id


def test_what_is_null_in_a_reply_is_not_given():
    made = reply.Reply.from_body({
        'request_id': 'r', 'status': 'FAILED', 'reason': None,
        'physical_id': None, 'data': None})

    assert made == reply.Reply('r', 'FAILED')
    assert made.to_body() == {'request_id': 'r', 'status': 'FAILED'}


@pytest.mark.parametrize(('status', 'is_final'), [
    ('SUCCESS', True), ('FAILED', True), ('IN_PROGRESS', False)])
def test_a_final_reply_is_known(status, is_final):
    assert reply.Reply('r', status).is_final is is_final


def nested(levels):
    return {'x': nested(levels - 1)} if levels else {}


@pytest.mark.parametrize(('change', 'error'), [
    ({'status': 'OK'}, 'reply.status: expected: SUCCESS or FAILED'),
    ({'request_id': None}, 'reply.request_id'),
    ({'physical_id': 'x' * 256}, 'reply.physical_id: expected: The id of '
     'the thing, 1 to 255 characters. Emoji'),
    ({'physical_id': 'it \U0001f600'}, 'reply.physical_id: expected: '),
    ({'physical_id': '\U00010000'}, 'reply.physical_id: expected: '),
    ({'physical_id': '\ud800'}, 'reply.physical_id: expected: '),
    ({'physicalid': 'x'}, "reply: Additional properties are not allowed "
     "('physicalid' was unexpected)"),
    ({'data': 'x'}, 'reply.data'),
    ({'data': {'x': 'y' * 12288}}, 'reply.data: 12297 bytes as JSON, at most '
     '12288'),
    ({'data': nested(200)}, 'reply: nested deeper than 100 levels'),
    ({'data': {'x': float('nan')}}, 'reply.data: is not JSON'),
    ({'data': {'x': b'bytes'}}, 'reply.data: is not JSON')],
    ids=lambda value: repr(value)[:40])
def test_what_is_wrong_with_a_reply_is_named(change, error):
    with pytest.raises(contract.ContractError) as wrong:
        reply.Reply.from_body({**REPLY, **change})

    assert str(wrong.value).startswith(error)


@pytest.mark.parametrize('change', [
    {'status': 'hush-hush'}, {'data': 'hush-hush'},
    {'physical_id': 'hush-hush' * 99}, {'reason': ['hush-hush']}])
def test_an_error_shows_no_value(change):
    with pytest.raises(contract.ContractError) as wrong:
        reply.Reply.from_body({**REPLY, **change})

    assert 'hush' not in str(wrong.value)


def test_what_is_made_is_checked_too():
    with pytest.raises(contract.ContractError):
        reply.Reply('r', 'SUCCESS', data={'x': {1, 2}}).to_body()
    with pytest.raises(contract.ContractError):
        request.Request(**{**REQUEST, 'request_type': 'Destroy',
                           'reply': request.ReplyTo(**REQUEST['reply'])}
                        ).to_body()
