# SPDX-License-Identifier: Apache-2.0
"""The words of senders who were written for something else.

Three ways to tell how it went are understood, known by these keys:

``status``
    our own;
``Status``, ``UniqueId``
    CloudFormation's, as cfn-signal sends it;
``deploy_status_code``, ``deploy_stdout``, ``deploy_stderr``
    that of Heat's software deployments.

A map that has keys of two of them, or such a key but no status, or "status"
in another spelling, may well tell of a failure: it cannot be judged. Nor can
such a map in a text, which was turned into JSON twice.
"""
import json


class CannotJudge(ValueError):
    """A key that says how it went has no meaning, or the body no bottom."""


_CFN = {'Status': 'status', 'UniqueId': 'id', 'Reason': 'reason',
        'Data': 'data'}
_CODE = 'deploy_status_code'
_STDOUT = 'deploy_stdout'
_STDERR = 'deploy_stderr'


def translate(body):
    """A map in our own words: ``id``, ``status``, ``reason``, ``data``.

    :param body: a map, as it was sent.
    :raises CannotJudge: see above.
    """
    spoken = {}
    for key in body:
        _refuse_spelling(key)
        if key in _TRANSLATIONS:
            spoken.setdefault(_TRANSLATIONS[key], key)
    if len(spoken) > 1:
        raise CannotJudge('"%s" and "%s" both tell how it went' %
                          tuple(spoken.values())[:2])
    for translation in spoken:
        return translation(body)
    return body


def refuse_encoded(text):
    """Refuse a text that holds a map with keys that say how it went.

    :raises CannotJudge: it does.
    """
    if not text.lstrip().startswith('{'):
        return
    try:
        inner = json.loads(text)
    except (ValueError, RecursionError):
        return
    if any(key in _TRANSLATIONS or _is_status(key) for key in inner):
        raise CannotJudge('the body is a string with JSON in it: send the '
                          'JSON itself, not a string of it')


def _is_status(key):
    return key.strip().lower() == 'status'


def _refuse_spelling(key):
    if _is_status(key) and key not in _TRANSLATIONS:
        raise CannotJudge('the key "%s" must be spelled "status"' % key)


def _of_ours(body):
    _require(body, 'status')
    return body


def _of_cfn(body):
    _require(body, 'Status')
    return {_CFN.get(key, key): value for key, value in body.items()}


def _of_deployment(body):
    _require(body, _CODE)
    code = str(body[_CODE])
    if not code.removeprefix('-').isdecimal():
        raise CannotJudge('"%s" must be a whole number, not %s' %
                          (_CODE, json.dumps(body[_CODE])[:60]))
    data = {key: value for key, value in body.items() if key != _CODE}
    if not code.strip('-0'):
        return {'status': 'SUCCESS', 'data': data}
    return {'status': 'FAILURE', 'data': data,
            'reason': body.get(_STDERR) or '%s is %s' % (_CODE, code[:60])}


def _require(body, key):
    if body.get(key) is None:
        raise CannotJudge('"%s" is %s' % (
            key, 'null' if key in body else 'missing'))


_TRANSLATIONS = {
    'status': _of_ours,
    'Status': _of_cfn, 'UniqueId': _of_cfn,
    _CODE: _of_deployment, _STDOUT: _of_deployment, _STDERR: _of_deployment,
}
