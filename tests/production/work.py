# SPDX-License-Identifier: Apache-2.0
"""Work in progress on both engines, and whether it was done exactly once."""
import contextlib
import functools
import urllib.parse

import pymysql
import yaml

from heat_plugins.engine import waits

#: Conditions that wait on a mailbox each, and on a queue that they share.
CONDITIONS, WATCHERS = 6, 2
#: Custom resources.
THINGS = 6
#: Messages that each condition waits for.
COUNT = 3


class Work:
    """A stack of conditions that wait, and of requests that are not answered.

    :param project: where it is
    :param workers: those that serve the requests, once they are started
    :param folder: where its template is kept
    """

    def __init__(self, project, workers, folder):
        self._project = project
        self._workers = workers
        template = folder / 'work.yaml'
        template.write_text(yaml.safe_dump(_template()))
        self._sent = 0
        self._replies = ()
        self.stack = project.create(template, {'requests': workers.queue})

    @property
    def is_under_way(self):
        """Whether all of it waits: all requests are asked, nothing is done."""
        asked = self._project.bodies(self._workers.queue)
        self._replies = [each['reply']['queue'] for each in asked]
        waiting = [each for each in self._project.heat.resources.list(
                       self.stack.id)
                   if each.resource_name.startswith(('condition', 'thing'))
                   and each.resource_status == 'CREATE_IN_PROGRESS']
        return (len(asked) == THINGS and
                len(waiting) == CONDITIONS + WATCHERS + THINGS)

    @property
    def has_queues(self):
        """Whether each queue that is posted to is there to stay."""
        # One that an engine has died over may have been gone on with as an
        # update.
        made = [each for each in
                self._project.heat.resources.list(self.stack.id)
                if each.resource_name.startswith(('handle', 'shared')) and
                each.resource_status in ('CREATE_COMPLETE',
                                         'UPDATE_COMPLETE')]
        return len(made) == CONDITIONS + 1

    def send(self):
        """Send another message to each condition, twice."""
        for queue in self._queues:
            self._project.queue(queue).post(
                [{'body': {'id': 'm%d' % self._sent}}] * 2)
        self._sent += 1

    @property
    def is_taken(self):
        """Whether all messages that were sent are counted."""
        counted = self.stack.output('received')
        return (counted == [self._sent] * (CONDITIONS + WATCHERS) and
                not any(map(self._project.bodies, self._mailboxes)))

    def assert_done_once(self):
        """It is created, all was done once, and nothing is left.

        Each message counts once, each request was done once.
        """
        assert self.stack.wait() == 'CREATE_COMPLETE', self.stack.reason
        assert self.stack.output('received') == [COUNT] * (
            CONDITIONS + WATCHERS)
        assert [sorted(each) for each in self.stack.output('by_key')] == [
            ['m%d' % number for number in range(COUNT)]] * (
                CONDITIONS + WATCHERS)
        assert sorted(self._workers.acts) == [
            ('Create', 'thing%d' % number) for number in range(THINGS)]
        assert sorted(self.stack.output('things')) == sorted(
            self._workers.things)
        left = {queue: self._project.bodies(queue) for queue in (
            *self._mailboxes, self._workers.queue, *self._replies)}
        assert not any(left.values()), left

    @functools.cached_property
    def _mailboxes(self):
        return self.stack.output('mailboxes')

    @functools.cached_property
    def _queues(self):
        return [*self._mailboxes, self.stack.output('shared')]


def holders(cloud, stack):
    """Name of each resource that is in progress → host of the engine at it.

    An engine is at what it has locked, and at what waits and it looks after.
    None for an engine that Heat does not know any more.
    """
    with database(cloud) as cursor:
        cursor.execute(
            'SELECT resource.name, service.host FROM resource '
            'LEFT JOIN resource_data ON resource_data.resource_id = '
            'resource.id AND resource_data.key = %s '
            'LEFT JOIN service ON service.engine_id = '
            'COALESCE(resource.engine_id, resource_data.value) WHERE '
            'resource.stack_id = %s AND resource.status = "IN_PROGRESS"',
            (waits.OWNER_KEY, stack.id))
        return dict(cursor.fetchall())


@contextlib.contextmanager
def database(cloud):
    """A cursor of Heat's database."""
    address = urllib.parse.urlsplit(cloud.endpoints['mariadb'])
    with contextlib.closing(pymysql.connect(
            host=address.hostname, port=address.port, user=address.username,
            password=address.password, database='heat')) as connection:
        yield connection.cursor()


def is_free_of(host, cloud, stack):
    """Whether the engine of a host is at nothing of a stack any more."""
    return host not in holders(cloud, stack).values()


def _template():
    handles = ['handle%d' % number for number in range(CONDITIONS)]
    watched = [*handles, *['shared'] * WATCHERS]
    conditions = {
        'condition%d' % number: _resource(
            'Zaqar::Workflow::WaitCondition',
            queue={'get_resource': queue}, count=COUNT, timeout=300)
        for number, queue in enumerate(watched)}
    things = {
        'thing%d' % number: _resource(
            'Zaqar::Workflow::CustomResource',
            queue={'get_param': 'requests'}, properties={'number': number},
            timeout=300)
        for number in range(THINGS)}

    def outputs(names, *attribute):
        function = 'get_attr' if attribute else 'get_resource'
        return {'value': [{function: [name, *attribute] if attribute
                           else name} for name in names]}

    return {
        'heat_template_version': '2021-04-16',
        'parameters': {'requests': {'type': 'string'}},
        'resources': {
            # Heat begins with one leaf a second, at a delete too.
            'first': {'type': 'OS::Heat::None'},
            'last': {'type': 'OS::Heat::None',
                     'depends_on': [*conditions, *things]},
            'shared': _resource('Zaqar::Messaging::Queue'),
            **{name: _resource('Zaqar::Workflow::WaitConditionHandle')
               for name in handles},
            **conditions, **things},
        'outputs': {
            'mailboxes': outputs(handles),
            'shared': {'value': {'get_resource': 'shared'}},
            'received': outputs(conditions, 'received'),
            'by_key': outputs(conditions, 'by_key'),
            'things': outputs(things)}}


def _resource(of_type, **properties):
    return {'type': of_type, 'depends_on': 'first', 'properties': properties}
