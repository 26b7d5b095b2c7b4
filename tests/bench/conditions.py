# SPDX-License-Identifier: Apache-2.0
"""A stack that waits, ours or Heat's own, and a way to signal it."""
import itertools
import json
import pathlib
import tempfile
import time

from keystoneauth1 import adapter
from keystoneauth1 import session
from keystoneauth1.identity import v3
import requests

from heat_plugins.localcloud import clients
from heat_plugins.localcloud import stack as stacks
from heat_plugins.zaqar import client as zaqarclient

OURS = '''
heat_template_version: 2021-04-16
parameters: {count: {type: number}}
resources:
  handle: {type: Zaqar::Workflow::WaitConditionHandle}
  condition:
    type: Zaqar::Workflow::WaitCondition
    properties:
      queue: {get_resource: handle}
      count: {get_param: count}
outputs: {signal: {value: {get_attr: [handle, signal]}}}
'''
HEATS_OWN = '''
heat_template_version: 2021-04-16
parameters: {count: {type: number}}
resources:
  handle:
    type: OS::Heat::WaitConditionHandle
    properties: {signal_transport: ZAQAR_SIGNAL}
  condition:
    type: OS::Heat::WaitCondition
    properties:
      handle: {get_resource: handle}
      count: {get_param: count}
      timeout: 3600
outputs: {signal: {value: {get_attr: [handle, signal]}}}
'''
KINDS = {'ours': OURS, "Heat's own": HEATS_OWN}
#: Ours, and the transports of Heat's own that carry signals back.
TRANSPORTS = {
    'ours': OURS, 'ZAQAR_SIGNAL': HEATS_OWN,
    'HEAT_SIGNAL': HEATS_OWN.replace('ZAQAR_SIGNAL', 'HEAT_SIGNAL'),
    'TOKEN_SIGNAL': HEATS_OWN.replace('ZAQAR_SIGNAL', 'TOKEN_SIGNAL').replace(
        'value: {get_attr: [handle, signal]}',
        'value: {endpoint: {get_attr: [handle, endpoint]},'
        ' token: {get_attr: [handle, token]}}')}

_numbers = itertools.count(1)


class Waiting:
    """A stack whose condition waits for ``count`` signals."""

    def __init__(self, cloud, kind, count):
        self._cloud = cloud
        with tempfile.TemporaryDirectory() as folder:
            template = pathlib.Path(folder) / 'template.yaml'
            template.write_text({**KINDS, **TRANSPORTS}[kind])
            self.stack = stacks.Stack.create(
                clients.heat(cloud), 'bench-%d' % next(_numbers), template,
                {'count': count})
        while 'condition' not in str(self.stack.news()):
            time.sleep(0.1)
        signal = self.stack.output('signal')
        if isinstance(signal, str):
            signal = json.loads(signal)
        self._post = {'ours': self._signed, 'HEAT_SIGNAL': self._by_heat,
                      'TOKEN_SIGNAL': self._with_token}.get(
                          kind, self._as_user)(signal)

    def post(self, count):
        """Post signals, 20 in one request."""
        bodies = [{'id': str(number), 'status': 'SUCCESS', 'reason': 'r',
                   'data': number} for number in range(count)]
        for start in range(0, count, 20):
            self._post([{'body': body, 'ttl': 3600}
                        for body in bodies[start:start + 20]])

    def complete(self):
        """Wait until the stack is complete."""
        while (status := self.stack.status).endswith('IN_PROGRESS'):
            time.sleep(0.02)
        if status != 'CREATE_COMPLETE':
            raise RuntimeError('%s: %s' % (status, self.stack.reason))

    def delete(self):
        self.stack.delete()
        self.stack.wait()

    @staticmethod
    def _signed(signal):
        def post(messages):
            requests.post(signal['url'], headers=signal['headers'],
                          json={'messages': messages},
                          timeout=30).raise_for_status()
        return post

    @staticmethod
    def _as_user(signal):
        user = session.Session(v3.Password(
            auth_url=signal['auth_url'], user_id=signal['user_id'],
            password=signal['password'], project_id=signal['project_id']))
        queue = zaqarclient.Client(adapter.Adapter(
            user, service_type='messaging')).queue(signal['queue_id'])
        return queue.post

    def _by_heat(self, _signal):
        heat = clients.heat(self._cloud)

        def post(messages):
            for each in messages:
                heat.resources.signal(self.stack.id, 'handle', each['body'])
        return post

    @staticmethod
    def _with_token(signal):
        def post(messages):
            for each in messages:
                requests.post(
                    signal['endpoint'], json=each['body'], timeout=30,
                    headers={'X-Auth-Token': signal['token']}
                ).raise_for_status()
        return post
