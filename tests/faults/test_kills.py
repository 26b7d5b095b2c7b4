# SPDX-License-Identifier: Apache-2.0
"""heat-engine is killed at every step of a wait; each message counts once."""
import itertools
import random
import threading

from . import proxy as proxies

KILLS = 20
#: Messages sent between two kills, each twice.
SENT = 3
MOMENTS = itertools.cycle([
    ('GET', 'before'), ('GET', 'after'), ('DELETE', 'before'),
    ('DELETE', 'after'), ('GET', 'soon after')])


def test_twenty_kills_lose_nothing_and_count_nothing_twice(
        project, proxy, breakable, eventually):
    seed = random.randrange(10 ** 6)
    print('seed', seed)
    moments = random.Random(seed)
    count = (KILLS + 1) * SENT
    stack = project.create('waiting.yaml', {'count': count})
    queue = eventually(lambda: is_waiting(stack) and stack.output('queue'))
    engine = breakable.services['heat']
    sent = 0

    def send():
        nonlocal sent
        for number in range(sent, sent + SENT):
            project.post(queue, *[{'id': 'm%d' % number, 'n': number}] * 2)
        sent += SENT

    for _kill in range(KILLS):
        dead = threading.Event()
        proxy.fault = kill(engine, dead, *next(MOMENTS), moments)
        send()
        assert dead.wait(300), 'the engine did not come to this point'
        proxy.fault = None
        breakable.restart('heat')
        stack.update(project.folder / 'waiting.yaml', {'count': count})
        eventually(lambda: is_waiting(stack))
    send()

    assert stack.wait() == 'UPDATE_COMPLETE', stack.reason
    assert stack.output('received') == count
    assert {key: body['n'] for key, body in stack.output('by_key').items()
            } == {'m%d' % number: number for number in range(count)}
    assert project.bodies(queue) == []


def is_waiting(stack):
    """Whether the engine has begun to work on the condition."""
    return stack.resource('condition').resource_status.endswith(
        'IN_PROGRESS')


def kill(engine, dead, method, moment, random):
    """A fault that ends the engine at a request of this method."""
    def act():
        if not dead.is_set():
            engine.kill()
            dead.set()

    def soon():
        threading.Timer(random.uniform(0, 0.1), act).start()

    def fault():
        if moment == 'before':
            act()
            return proxies.Proxy.CUT
        return soon if moment == 'soon after' else act

    # the first GET or one that follows it
    number = random.randint(1, 2) if method == 'GET' else 1
    return proxies.nth(number, fault, method)
