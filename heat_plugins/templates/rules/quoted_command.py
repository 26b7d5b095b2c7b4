# SPDX-License-Identifier: Apache-2.0
"""A command that is put within quotes, where its own end them."""
import re

from heat_plugins.templates.rules import _calls

ID = 'HZ302'
TITLE = 'curl_cli is put within quotes'
WHY = """The command has quotes of its own, which end those around it: the
shell runs something else, or nothing."""
BAD = """
mailbox: {type: "Zaqar::Workflow::WaitConditionHandle"}
it:
  type: OS::Heat::Value
  properties:
    value:
      str_replace:
        template: sh -c "$tell"
        params: {$tell: {get_attr: [mailbox, curl_cli]}}
"""
GOOD = """
mailbox: {type: "Zaqar::Workflow::WaitConditionHandle"}
it:
  type: OS::Heat::Value
  properties:
    value:
      str_replace:
        template: |
          $tell --data '{"status": "SUCCESS"}'
        params: {$tell: {get_attr: [mailbox, curl_cli]}}
"""
_REPLACES = ('str_replace', 'str_replace_strict', 'str_replace_vstrict')


def check(template):
    for function in _REPLACES:
        for path, argument in _calls.of(template, function):
            if isinstance(argument, dict):
                yield from _quoted(path + (function,), argument)


def _quoted(path, argument):
    text, params = argument.get('template'), argument.get('params')
    if not (isinstance(text, str) and isinstance(params, dict)):
        return
    for key, value in params.items():
        if isinstance(value, dict) and 'curl_cli' in (
                value.get('get_attr') or ()) and re.search(
                    '["\'`]%s["\'`]' % re.escape(key), text):
            yield (*path, 'template'), (
                '"%s" is a command with quotes of its own: put it there '
                'without quotes around it' % key)
