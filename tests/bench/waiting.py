# SPDX-License-Identifier: Apache-2.0
"""Many conditions that wait at once, and many messages through one."""
import datetime
import os
import pathlib
import tempfile
import time

import yaml

from heat_plugins.localcloud import access_log
from heat_plugins.localcloud import clients
from heat_plugins.localcloud import stack as stacks

CONDITIONS = 50
MINUTE = 60
APIS = ('zaqar', 'keystone')
SERVICES = ('heat', 'zaqar', 'keystone')


def ours():
    """All watch one queue."""
    return {'queue': {'type': 'Zaqar::Messaging::Queue'}, **{
        'condition%d' % number: {
            'type': 'Zaqar::Workflow::WaitCondition',
            'properties': {'queue': {'get_resource': 'queue'},
                           'match': {'n': number}}}
        for number in range(CONDITIONS)}}


def heats_own(count=CONDITIONS):
    """Each has a queue, a user and a password of its own."""
    resources = {}
    for number in range(count):
        resources['handle%d' % number] = {
            'type': 'OS::Heat::WaitConditionHandle',
            'properties': {'signal_transport': 'ZAQAR_SIGNAL'}}
        resources['condition%d' % number] = {
            'type': 'OS::Heat::WaitCondition',
            'properties': {'handle': {'get_resource': 'handle%d' % number},
                           'timeout': 3600}}
    return resources


KINDS = {'ours': ours, "Heat's own": heats_own}


def a_minute(cloud, kind):
    """What a minute of waiting costs.

    :returns: requests per condition by API, and seconds of CPU by process.
    """
    stack = created(cloud, 'minute', KINDS[kind]())
    while waiting(cloud, stack) < CONDITIONS:
        time.sleep(1)
    time.sleep(5)
    before = {name: cpu(cloud, name) for name in SERVICES}
    began = datetime.datetime.now(datetime.UTC)
    time.sleep(MINUTE)
    ended = datetime.datetime.now(datetime.UTC)
    spent = {'CPU seconds of ' + name: cpu(cloud, name) - before[name]
             for name in SERVICES}
    asked = {'requests to %s per condition' % api: len([
        each for each in access_log.read(cloud.access_log(api))
        if began <= each.time <= ended]) / CONDITIONS for api in APIS}
    stack.delete()
    stack.wait()
    return {**asked, **spent}


def through_one(cloud, count):
    """Many messages through one condition of ours.

    :returns: seconds, and the largest resident memory of heat-engine in MB.
    """
    queue = clients.zaqar(cloud).queue('bench-through-one')
    queue.create({})
    for start in range(0, count, 20):
        queue.post([{'body': {'id': 'm%d' % number}}
                    for number in range(start, min(start + 20, count))])
    began = time.monotonic()
    stack = created(cloud, 'through-one', {'condition': {
        'type': 'Zaqar::Workflow::WaitCondition',
        'properties': {'queue': queue.name, 'count': count}}})
    if stack.wait() != 'CREATE_COMPLETE':
        raise RuntimeError(stack.reason)
    seconds = time.monotonic() - began
    stack.delete()
    stack.wait()
    return seconds, memory(cloud)


def created(cloud, name, resources):
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder, 'template.yaml')
        path.write_text(yaml.safe_dump({
            'heat_template_version': '2021-04-16', 'resources': resources}))
        return stacks.Stack.create(clients.heat(cloud), 'bench-' + name, path)


def waiting(cloud, stack):
    """How many conditions have begun."""
    return len([each for each in clients.heat(cloud).resources.list(stack.id)
                if each.resource_name.startswith('condition') and
                each.resource_status == 'CREATE_IN_PROGRESS'])


def cpu(cloud, service):
    """Seconds of CPU that a service's process has used."""
    fields = pathlib.Path('/proc/%d/stat' % pid(cloud, service)
                          ).read_text().rpartition(')')[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf('SC_CLK_TCK')


def memory(cloud):
    """The largest resident memory of heat-engine so far, in MB."""
    return _kilobytes(cloud, 'VmHWM') / 1024


def resident(cloud):
    """The resident memory of heat-engine, in kB."""
    return _kilobytes(cloud, 'VmRSS')


def _kilobytes(cloud, key):
    status = pathlib.Path('/proc/%d/status' % pid(cloud, 'heat')).read_text()
    [found] = [line.split()[1] for line in status.splitlines()
               if line.startswith(key)]
    return int(found)


def pid(cloud, service):
    [found] = [row[2] for row in cloud.status() if row[0] == service]
    return found
