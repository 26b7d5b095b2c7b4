# SPDX-License-Identifier: Apache-2.0
"""Engines and workers are killed; what there is, is what the stack says."""
import collections
import threading

import pytest
import yaml

from . import proxy as proxies

MANY = 50
WORKERS = 4

# Where heat-engine dies: the method and the queue of a request, and whether
# Zaqar has had it.
POST_REQUEST = ('POST', 'requests')
GET_REPLY = ('GET', 'thing')
DELETE_REPLY = ('DELETE', 'thing')
# The unit tests have all of them; these are one of each kind.
MOMENTS = [(POST_REQUEST, 'before'), (POST_REQUEST, 'after'),
           (GET_REPLY, 'after'), (DELETE_REPLY, 'before')]


@pytest.fixture
def killed(project, proxy, breakable, workers):
    """Acts on a stack, with the engine killed and started again."""
    def acting(act, moment):
        (method, queue), when = moment
        dead = threading.Event()

        def die():
            breakable.services['heat'].kill()
            dead.set()

        def fault(asked, path):
            if (dead.is_set() or asked != method or
                    '-%s-' % queue not in path or '/messages' not in path):
                return None
            if when == 'after':
                return die
            die()
            return proxies.Proxy.CUT

        proxy.fault = fault
        act()
        assert dead.wait(300), 'the engine did not come to this point'
        proxy.fault = None
        breakable.restart('heat')
    return acting


def test_an_engine_killed_at_any_point_has_nothing_done_twice(
        project, killed, workers):
    workers.start()
    parameters = {'queue': workers.queue}
    stack = project.create('custom.yaml', {
        **parameters, 'properties': {'id': 'it', 'n': 0}})
    assert stack.wait() == 'CREATE_COMPLETE', stack.reason
    for properties, moment in [({'n': 1}, (POST_REQUEST, 'after')),
                               ({'n': 2}, (GET_REPLY, 'after')),
                               ({'new': 1}, (DELETE_REPLY, 'before'))]:
        parameters['properties'] = properties

        def update():
            stack.update(project.folder / 'custom.yaml', parameters)

        killed(update, moment)
        update()

        assert stack.wait() == 'UPDATE_COMPLETE', stack.reason
        assert workers.things == {stack.output('id'): properties}

    killed(stack.delete, (GET_REPLY, 'before'))
    # Nobody asks for it again: two deletes at a time are too much for Heat.
    assert stack.wait() == 'DELETE_COMPLETE', stack.reason

    assert workers.things == {}
    # the last update made a new thing, and the old one was deleted
    assert collections.Counter(act for act, _name in workers.acts) == {
        'Create': 1, 'Update': 3, 'Delete': 2}
    assert len(set(workers.request_ids)) == len(workers.request_ids)


@pytest.mark.parametrize('moment', MOMENTS, ids=lambda moment: '-'.join(
    [*moment[0], moment[1]]))
def test_an_engine_killed_during_the_create_has_it_done_once(
        project, killed, workers, moment):
    workers.start()
    parameters = {'queue': workers.queue, 'properties': {'n': 1}}
    stack = None

    def create():
        nonlocal stack
        stack = project.create('custom.yaml', parameters)

    killed(create, moment)
    stack.update(project.folder / 'custom.yaml', parameters)

    assert stack.wait() == 'UPDATE_COMPLETE', stack.reason
    assert workers.acts == [('Create', 'thing')]
    assert workers.things == {stack.output('id'): {'n': 1}}


@pytest.fixture
def many(tmp_path):
    """Writes the template of a stack of many; one kills its worker."""
    def write(**properties):
        template = tmp_path / 'many.yaml'
        names = ['thing%d' % number for number in range(MANY)]
        template.write_text(yaml.safe_dump({
            'heat_template_version': '2021-04-16',
            'parameters': {'queue': {'type': 'string'}},
            'resources': {
                # Heat begins with one leaf a second, at a delete too.
                'first': {'type': 'OS::Heat::None'},
                'last': {'type': 'OS::Heat::None', 'depends_on': names},
                **{name: {
                    'type': 'Zaqar::Workflow::CustomResource',
                    'depends_on': 'first',
                    'properties': {
                        'queue': {'get_param': 'queue'},
                        'timeout': 300,
                        'properties': {
                            'number': number, **properties,
                            **({'die': 'Create'} if number == 7 else {})}}}
                   for number, name in enumerate(names)}}}))
        return template
    return write


def test_many_served_by_four_workers_one_of_which_is_killed(
        project, workers, many, eventually):
    running = workers.start(WORKERS)
    stack = project.create(many(), {'queue': workers.queue})
    eventually(lambda: any(each.poll() is not None for each in running))
    workers.start()

    def is_as_wanted(**properties):
        return sorted(
            (thing['number'], {**thing, **properties} == thing)
            for thing in workers.things.values()) == [
                (number, True) for number in range(MANY)]

    assert stack.wait() == 'CREATE_COMPLETE', stack.reason
    assert is_as_wanted()
    ids = {each.physical_resource_id
           for each in project.heat.resources.list(stack.id)
           if each.resource_type.startswith('Zaqar')}
    assert ids == set(workers.things)
    created = len(workers.acts)
    # only what the killed one was at was begun again
    assert created <= MANY + 4
    assert len(set(workers.request_ids)) == MANY

    project.updated(stack, many(color='red'), {'queue': workers.queue})
    assert is_as_wanted(color='red')
    assert set(workers.things) == ids

    project.deleted(stack)
    assert workers.things == {}
    assert workers.acts[created:] == sorted(workers.acts[created:],
                                            reverse=True, key=lambda act:
                                            act[0])
    assert len(set(workers.request_ids[created:])) == 2 * MANY
    assert len(workers.request_ids[created:]) == 2 * MANY
    assert project.bodies(workers.queue) == []
