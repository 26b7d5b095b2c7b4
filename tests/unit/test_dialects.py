# SPDX-License-Identifier: Apache-2.0
"""Signals in the words of CloudFormation and of software deployments."""
from hypothesis import given
from hypothesis import strategies as st
import pytest

from heat_plugins.messages import message
from heat_plugins.messages import signal

from . import strategies


def judge(body):
    return signal.Signal.judge(message.Message('message-id', body))


@pytest.mark.parametrize(('body', 'expected'), [
    ({'Status': 'SUCCESS', 'Reason': 'Configuration Complete',
      'UniqueId': '00000', 'Data': 'Application has completed.'},
     ('00000', 'SUCCESS', 'Configuration Complete',
      'Application has completed.')),
    ({'Status': 'FAILURE', 'Reason': 'disk', 'UniqueId': 'w1', 'Data': ''},
     ('w1', 'FAILURE', 'disk', '')),
    ({'Status': 'FAILURE'}, ('message-id', 'FAILURE', '', None)),
    ({'Status': 'FAILURE', 'reason': 'disk', 'id': 'w1', 'x': 1},
     ('w1', 'FAILURE', 'disk', {'x': 1})),
    ({'Status': 'IN_PROGRESS'}, ('message-id', 'IN_PROGRESS', '', None)),
    ({'deploy_status_code': 0, 'deploy_stdout': 'ok', 'deploy_stderr': 'w',
      'address': '192.0.2.7'},
     ('message-id', 'SUCCESS', '',
      {'deploy_stdout': 'ok', 'deploy_stderr': 'w',
       'address': '192.0.2.7'})),
    ({'deploy_status_code': '0'}, ('message-id', 'SUCCESS', '', {})),
    ({'deploy_status_code': 1, 'deploy_stderr': 'no disk'},
     ('message-id', 'FAILURE', 'no disk', {'deploy_stderr': 'no disk'})),
    ({'deploy_status_code': '3', 'deploy_stderr': ''},
     ('message-id', 'FAILURE', 'deploy_status_code is 3',
      {'deploy_stderr': ''})),
    ({'deploy_status_code': -9},
     ('message-id', 'FAILURE', 'deploy_status_code is -9', {})),
    # words that mark nothing are data as ever
    ({'Reason': 'x', 'Data': 1}, ('message-id', 'SUCCESS', '',
                                  {'Reason': 'x', 'Data': 1})),
])
def test_other_words_are_understood(body, expected):
    judged = judge(body)

    assert (judged.key, judged.status, judged.reason,
            judged.data) == expected
    assert judged.body is body


@pytest.mark.parametrize(('body', 'words'), [
    ({'Status': 'failed'}, '"status" must be one of SUCCESS, FAILURE'),
    ({'Status': 'FAILED'}, '"status" must be one of'),
    ({'Status': 'success'}, '"status" must be one of'),
    ({'status': 'FAILED'}, '"status" must be one of'),
    ({'status': 'failure'}, '"status" must be one of'),
    ({'status': 'error'}, '"status" must be one of'),
    ({'Status': None}, '"Status" is null'),
    ({'status': None}, '"status" is null'),
    ({'status': None, 'reason': 'disk'}, '"status" is null'),
    ('{"status": "FAILURE"}', 'string with JSON in it'),
    (' {"Status": "FAILURE", "Reason": "disk"}', 'string with JSON in it'),
    ('{"deploy_status_code": 1}', 'string with JSON in it'),
    ({'UniqueId': 'w1', 'Reason': 'disk'}, '"Status" is missing'),
    ({'STATUS': 'FAILURE'}, 'the key "STATUS" must be spelled "status"'),
    ({'sTatus': 'SUCCESS'}, 'the key "sTatus" must be spelled "status"'),
    ({'status ': 'FAILURE'}, 'the key "status " must be spelled "status"'),
    ({'deploy_stderr': 'no disk'}, '"deploy_status_code" is missing'),
    ({'deploy_status_code': None}, '"deploy_status_code" is null'),
    ({'deploy_status_code': 'one'}, 'must be a whole number, not "one"'),
    ({'deploy_status_code': True}, 'must be a whole number, not true'),
    ({'deploy_status_code': ''}, 'must be a whole number, not ""'),
    ({'status': 'SUCCESS', 'Status': 'FAILURE'},
     '"status" and "Status" both tell how it went'),
    ({'status': 'SUCCESS', 'deploy_status_code': 1},
     '"status" and "deploy_status_code" both tell how it went'),
    ({'deploy_status_code': 0, 'Status': 'FAILURE'}, 'both tell'),
])
def test_what_may_be_a_failure_is_never_a_success(body, words):
    with pytest.raises(signal.CannotJudge) as refused:
        judge(body)

    assert words in str(refused.value)


SAYS_SUCCESS = {'status': ['SUCCESS'], 'Status': ['SUCCESS'],
                'deploy_status_code': ['0', 0, '00', '-0']}
KEYS = st.sampled_from([*SAYS_SUCCESS, 'STATUS', 'sTATUS', 'UniqueId',
                        'deploy_stderr', 'reason', 'id'])
VALUES = st.sampled_from(['SUCCESS', 'FAILURE', 'failed', 0, 1, '1', '0', None,
                          '9' * 5000]) | strategies.JSON


@given(st.dictionaries(KEYS, VALUES))
def test_a_success_was_said_or_nothing_was(body):
    try:
        judged = judge(body)
    except signal.CannotJudge:
        return

    if judged.status == signal.SUCCESS:
        marks = set(body) - {'reason', 'id'}
        assert not marks or any(
            body[key] in SAYS_SUCCESS.get(key, ()) for key in marks)
