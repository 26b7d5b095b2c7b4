# SPDX-License-Identifier: Apache-2.0
"""The driver of notifications, at a Zaqar that may do anything."""
import os
import threading
import time

from oslo_config import cfg
import oslo_messaging
import pytest
from zaqar.common import urls

from heat_plugins.notifications import buffer as buffers
from heat_plugins.notifications import choice
from heat_plugins.notifications import driver
from heat_plugins.notifications import event
from heat_plugins.notifications import options
from heat_plugins.notifications import relay
from heat_plugins.notifications import route
from heat_plugins.notifications import sender
from heat_plugins.zaqar import errors
from heat_plugins.zaqar import signing

MESSAGE = {'message_id': 'm1', 'publisher_id': 'identity.host-1',
           'event_type': 'identity.project.created', 'priority': 'INFO',
           'payload': {'resource_info': 'p'},
           'timestamp': '2026-11-27 07:15:00.123456'}


def made(context=None, **message):
    return event.Event.of(context, {**MESSAGE, **message})


class TestEvent:
    class Context:
        """As oslo.messaging 18 passes it."""

        def to_dict(self):
            return {'project_id': 'p1', 'user_id': 'u1'}

    @pytest.mark.parametrize(('context', 'payload', 'owner', 'user'), [
        ({'project_id': 'p1', 'user_id': 'u1'}, {}, 'p1', 'u1'),
        ({'tenant': 'p1', 'user': 'u1'}, {}, 'p1', 'u1'),
        (Context(), {}, 'p1', 'u1'), ({}, {'tenant_id': 'p1'}, 'p1', None),
        (None, {'owner': 'p1'}, 'p1', None), (None, {}, None, None),
        ({}, {'initiator': {'project_id': 'p1', 'user_id': 'u1'}}, 'p1',
         'u1'), ({}, {'initiator': 'text'}, None, None),
        ({}, 'text', None, None), ({'project_id': 5}, {}, None, None),
        (object(), None, None, None)])
    def test_whose_it_is(self, context, payload, owner, user):
        found = made(context, payload=payload)

        assert (found.project_id, found.user_id) == (owner, user)

    def test_without_an_envelope_it_is_the_notification(self):
        assert made({'project_id': 'p1'}).body() == {
            **MESSAGE, 'project_id': 'p1', 'user_id': None}

    def test_as_an_event_of_cloudevents(self):
        found = made({'project_id': 'p1'}).body('cloudevents')

        assert found['id'] == 'm1'
        assert found['type'] == 'org.openstack.identity.project.created'
        assert found['source'] == 'identity.host-1'
        assert found['subject'] == 'p1'
        assert found['time'] == '2026-11-27T07:15:00.123456Z'
        assert found['data'] == MESSAGE['payload']

    def test_of_unknown_shape_it_is_one_too(self):
        found = event.Event.of({}, {})

        assert found.body()['project_id'] is None
        assert found.body('cloudevents')['type'] == 'org.openstack.None'


class TestChoice:
    @pytest.mark.parametrize(('events', 'is_wanted'), [
        ([], True),
        (['{"event_type": [{"prefix": "identity."}]}'], True),
        (['{"event_type": ["image.create"]}'], False),
        (['{"event_type": ["x"]}', '{"priority": ["INFO"]}'], True),
        (['{"payload": {"resource_info": ["p"]}}'], True),
        (['{"project_id": ["p1"]}'], True)])
    def test_by_patterns(self, events, is_wanted):
        chosen = choice.Choice(events, 'q')

        assert chosen.is_wanted(made({'project_id': 'p1'})) == is_wanted

    @pytest.mark.parametrize(('written', 'name'), [
        ('q', 'q'), ('{service}', 'identity'),
        ('all-{event_type}', 'all-identity-project-created'),
        ('{project_id}_{priority}', 'p1_info'),
        ('x' * 60 + '{event_type}', 'x' * 60 + 'iden')])
    def test_the_name_of_the_queue(self, written, name):
        assert choice.Choice([], written).queue(
            made({'project_id': 'p1'})) == name

    @pytest.mark.parametrize(('events', 'queue', 'words'), [
        (['{'], 'q', 'is no event pattern'),
        (['{"a": [{"no-such": 1}]}'], 'q', 'is no event pattern'),
        ([], 'a.b', 'no name of a queue'), ([], '{nobody}', 'the fields')])
    def test_what_makes_no_sense_is_told(self, events, queue, words):
        with pytest.raises(ValueError, match=words):
            choice.Choice(events, queue)


class Zaqar:
    """Takes what is posted; ``error`` is raised instead, if there is one.

    Everything is refused with ``refuses``, if that is an error.
    """

    def __init__(self):
        self.posts = []
        self.error = None
        self.refuses = None
        self.may_go_on = threading.Event()
        self.may_go_on.set()

    def post(self, place, bodies):
        assert self.may_go_on.wait(60)
        if self.error:
            raise self.error
        self.posts.append((place, bodies))
        return [self.refuses] * len(bodies) if self.refuses else []

    @property
    def bodies(self):
        return [each for _place, bodies in self.posts for each in bodies]


@pytest.fixture
def zaqar():
    return Zaqar()


@pytest.fixture(autouse=True)
def at_once(monkeypatch):
    monkeypatch.setattr(buffers, '_FIRST_PAUSE', 0.01)


class TestBuffer:
    def test_all_is_posted_in_order_and_together(self, zaqar):
        buffer = buffers.Buffer(zaqar.post, 1000)
        zaqar.may_go_on.clear()
        for number in range(100):
            buffer.put('q', number)
        zaqar.may_go_on.set()

        assert buffer.drain(60) == 0
        assert zaqar.bodies == list(range(100))
        assert len(zaqar.posts) <= 6

    def test_a_post_is_for_one_place_and_not_too_large(self, zaqar):
        buffer = buffers.Buffer(zaqar.post, 1000)
        zaqar.may_go_on.clear()
        for place in 'aabba':
            buffer.put(place, place)
        for _number in range(3):
            buffer.put('c', 'x' * 100000)
        buffer.put('c', 'x' * 300000)
        zaqar.may_go_on.set()

        assert buffer.drain(60) == 0
        assert [(place, len(bodies)) for place, bodies in zaqar.posts
                if place != 'a'] == [('b', 2), ('c', 2), ('c', 1)]
        assert buffer.dropped == 1

    @pytest.mark.parametrize('error', [
        errors.Unreachable('away'), errors.ServerError('ill', 503),
        ValueError('of a library')])
    def test_while_zaqar_is_away_they_wait(self, zaqar, error):
        buffer = buffers.Buffer(zaqar.post, 1000)
        zaqar.error = error
        for number in range(50):
            buffer.put('q', number)
        time.sleep(0.1)
        zaqar.error = None

        assert buffer.drain(60) == 0
        assert zaqar.bodies == list(range(50))
        assert buffer.dropped == 0

    @pytest.mark.parametrize(('drops_oldest', 'last'), [
        (False, 49), (True, 99)])
    def test_what_does_not_fit_is_dropped(self, zaqar, drops_oldest, last,
                                          caplog):
        buffer = buffers.Buffer(zaqar.post, 50, drops_oldest)
        zaqar.may_go_on.clear()
        for number in range(100):  # nobody waits for Zaqar
            buffer.put('q', number)
        zaqar.may_go_on.set()

        assert buffer.drain(60) == 0
        assert len(zaqar.bodies) == 50
        assert zaqar.bodies[-1] == last
        assert zaqar.bodies == sorted(zaqar.bodies)
        assert buffer.dropped == 50
        assert 'Notifications were dropped: 50: no room' in caplog.text

    def test_what_is_refused_is_dropped_and_told_once(self, zaqar, caplog):
        buffer = buffers.Buffer(zaqar.post, 1000)
        zaqar.refuses = errors.Forbidden('not yours', 403)
        for number in range(50):
            buffer.put('q', number)

        assert buffer.drain(60) == 0
        assert buffer.dropped == 50
        assert caplog.text.count('refused by Zaqar: not yours') == 1

    def test_the_end_does_not_wait_for_ever(self, zaqar):
        buffer = buffers.Buffer(zaqar.post, 1000)
        zaqar.error = errors.Unreachable('away')
        buffer.put('q', 1)

        assert buffer.drain(0.05) == 1

    def test_a_forked_process_begins_with_an_empty_one(self, zaqar):
        buffer = buffers.Buffer(zaqar.post, 1000)
        zaqar.may_go_on.clear()
        buffer.put('q', 'of the parent')
        child = os.fork()
        if child == 0:
            zaqar.may_go_on.set()
            buffer.put('q', 'of the child')
            is_good = buffer.drain(60) == 0 and zaqar.bodies == [
                'of the child']
            os._exit(0 if is_good else 1)

        _pid, status = os.waitpid(child, 0)
        zaqar.may_go_on.set()
        assert buffer.drain(60) == 0
        assert os.waitstatus_to_exitcode(status) == 0
        assert zaqar.bodies == ['of the parent']


@pytest.fixture
def conf():
    """Sets values of the section."""
    def setting(**values):
        made = cfg.ConfigOpts()
        options.register(made)
        made([])
        for name, value in values.items():
            made.set_override(name, value, options.GROUP)
        return made
    return setting


class TestSender:
    def test_each_project_has_its_own_place(self, conf):
        to_any = sender.sender(conf(signing_key='k', endpoint_override='x'))

        assert to_any.place('p1', 'q') == ('p1', 'q')
        assert to_any.place(None, 'q') is None
        assert sender.Own.place('p1', 'q') == (None, 'q')

    def test_a_signature_is_as_zaqar_makes_it(self):
        theirs = urls.create_signed_url(
            'k', ['/v2/queues/q/messages'], 'p1', '2100-01-01T00:00:00',
            ['POST'])

        assert theirs['expires'] == '2100-01-01T00:00:00'
        assert theirs['signature'] == signing.signature(
            b'k', theirs['paths'], theirs['methods'], 'p1',
            theirs['expires'])


class TestRoute:
    class Sender:
        """Refuses what is ``bad``, also together with others."""

        def __init__(self, error):
            self.error = error
            self.posted = []

        def post(self, _place, bodies):
            if 'bad' in bodies:
                raise self.error
            self.posted += bodies

    @pytest.fixture
    def routed(self, conf):
        def make(error):
            made = route.Route(conf(signing_key='k', endpoint_override='x'))
            made._sender = self.Sender(error)
            return made
        return make

    def test_what_is_refused_does_not_take_others_with_it(self, routed):
        error = errors.BadRequest('too large', 400)
        made = routed(error)

        assert made.post('q', ['a', 'bad', 'b']) == [error]
        assert made._sender.posted == ['a', 'b']

    def test_while_zaqar_is_away_all_is_posted_again(self, routed):
        with pytest.raises(errors.ServerError):
            routed(errors.ServerError('ill', 503)).post('q', ['a', 'bad'])


    def test_what_has_no_queue_goes_nowhere(self, conf):
        made = route.Route(conf(signing_key='k', endpoint_override='x',
                                queue='{project_id}'))

        assert made.of({}, MESSAGE) is None
        assert made.of({'project_id': 'p'}, MESSAGE)[0] == ('p', 'p')


def test_a_relay_drops_what_nothing_can_be_made_of(conf, caplog):
    made = route.Route(conf(signing_key='k', endpoint_override='x',
                            envelope='cloudevents'))
    given = {'ctxt': {'project_id': 'p'}, 'publisher_id': '',
             'event_type': 'e', 'payload': 1,
             'metadata': {'message_id': 'm1', 'timestamp': None}}

    assert relay.Relay(made).info([given]) == (
        oslo_messaging.NotificationResult.HANDLED)
    assert 'The notification m1 is dropped' in caplog.text


class TestDriver:
    def notify(self, conf, message):
        driver.ZaqarDriver(conf, [], None).notify(
            {}, message, 'INFO', None)

    @pytest.mark.parametrize('values', [
        {'events': ['{']}, {'queue': 'a.b'}, {'auth_type': 'no-such'}])
    def test_a_wrong_section_breaks_nothing(self, conf, values, caplog):
        for _number in range(2):
            self.notify(conf(signing_key=None, **values), MESSAGE)

        assert 'the section [zaqar_notifications] is wrong' in caplog.text

    def test_whatever_is_notified_breaks_nothing(self, conf, caplog):
        chosen = conf(signing_key='k', endpoint_override='http://127.0.0.1:1',
                      drain_timeout=0)
        for each in (MESSAGE, {}, {**MESSAGE, 'payload': object()},
                     {**MESSAGE, 'payload': float('nan')}, None, 'text'):
            self.notify(chosen, each)

        assert caplog.text.count('could not be posted') <= 1
