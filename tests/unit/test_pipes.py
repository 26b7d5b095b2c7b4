# SPDX-License-Identifier: Apache-2.0
"""Pipes on the in-memory Zaqar, with troubles at every point."""
import collections
import datetime
import email.utils
import io
import itertools
import re
import threading
import time
import types

from hypothesis import given
from hypothesis import strategies
import pytest
import requests

from heat_plugins import figures
from heat_plugins.pipes import checks
from heat_plugins.pipes import definition as definitions
from heat_plugins.pipes import inputs
from heat_plugins.pipes import lease
from heat_plugins.pipes import removal
from heat_plugins.pipes import service
from heat_plugins.pipes import taken
from heat_plugins.pipes import targets
from heat_plugins.pipes.targets import answers
from heat_plugins.pipes.targets import signal
from heat_plugins.testing import receiver
from heat_plugins.testing import server
from heat_plugins.zaqar import listing

SOURCE, TARGET, LETTERS = 'source', 'target', 'letters'
ID = answers.ID.lower()
SOON = definitions.Retry(minimum_delay=0.02, maximum_delay=0.05)
MESSAGE = taken.Message('7', 'source', '2026-11-27T09:00:00Z', {
    'order': {'id': 5, 'name': 'nut'}, 'lines': [{'n': 1}, {'n': 2}],
    'none': None})


@pytest.fixture
def later():
    """Seconds by which the clock of Zaqar is put on: a list."""
    return []


@pytest.fixture
def zaqar(later):
    with server.Server(lambda: time.time() + sum(later)) as running:
        yield running


@pytest.fixture
def client(zaqar):
    made = zaqar.client()
    for each in (SOURCE, TARGET):
        made.queue(each).create({})
    return made


@pytest.fixture
def hook():
    """A webhook; ``status`` says what it answers to a request."""
    state = types.SimpleNamespace(status=lambda request: 204)
    with receiver.Receiver(lambda request: state.status(request)) as running:
        running.state = state
        yield running


@pytest.fixture
def make(client):
    """Makes a pipe from the source; returns the name of its queue."""
    numbers = itertools.count()

    def making(target='forward_to', address=TARGET, source=SOURCE, **options):
        name = '%s%d' % (definitions.PREFIX, next(numbers))
        made = definitions.Definition(
            'stack/pipe', source, target, address,
            **{'retry': SOON, **options})
        client.queue(name).create(made.to_metadata())
        return name
    return making


@pytest.fixture
def serve(zaqar):
    """Serves the pipes until the end of the test; returns the process."""
    running = []

    def serving(**options):
        made = service.Pipes(zaqar.client(), None,
                             **{'websocket': 'off', **options})
        thread = threading.Thread(target=made.run)
        thread.start()
        running.append((made, thread))
        return made
    yield serving
    for made, thread in running:
        made.stop()
        thread.join(30)
        assert not thread.is_alive()


@pytest.fixture
def post(client):
    def posting(*bodies, queue=SOURCE):
        for start in range(0, len(bodies), 20):
            client.queue(queue).post(
                [{'body': each} for each in bodies[start:start + 20]])
    return posting


@pytest.fixture
def bodies(client):
    """The bodies in a queue."""
    return lambda queue=TARGET: [each['body'] for each
                                 in all_of(client.queue(queue))]


def all_of(queue):
    found, page = {}, queue.page(marker=None, include_claimed=False)
    while any(each['id'] not in found for each in page):
        found.update((each['id'], each) for each in page)
        page = queue.page(page[-1]['id'])
    return list(found.values())


def until(condition, seconds=60):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, 'it did not come to this'
        time.sleep(0.01)


def ids(hook):
    return [each.headers[ID] for each in hook.requests]


class TestDelivery:

    def test_a_queue_gets_the_body_itself(self, make, serve, post, bodies):
        make()
        serve()

        post({'a': 1}, 'text', [1, None], 0)

        until(lambda: len(bodies()) == 4)
        assert bodies() == [{'a': 1}, 'text', [1, None], 0]
        until(lambda: bodies(SOURCE) == [])

    def test_what_zaqar_forwarded_is_unwrapped(self, make, serve, post,
                                               bodies):
        make(match={'a': [1]})
        serve()

        post({'ttl': 60, 'body': {'a': 1}, 'queue_name': 'q',
              'Message_Type': 'Notification'})

        until(lambda: bodies() == [{'a': 1}])

    def test_each_pipe_gets_what_it_matches(self, client, make, serve, post,
                                            bodies):
        for each in ('red', 'blue'):
            client.queue(each).create({})
            make(address=each, match={'color': [each]})
        make(match={'n': [{'numeric': ['>', 3]}]})
        serve()

        post(*({'color': color, 'n': n} for n in range(5)
               for color in ('red', 'blue', 'green')))

        until(lambda: len(bodies('red')) == len(bodies('blue')) == 5 and
              len(bodies()) == 3 and bodies(SOURCE) == [])
        assert {each['color'] for each in bodies('red')} == {'red'}
        assert {each['n'] for each in bodies()} == {4}

    def test_what_none_takes_is_deleted(self, make, serve, post, bodies):
        make(match={'a': [1]})
        serve()

        post({'a': 2}, 'text')

        until(lambda: bodies(SOURCE) == [])
        assert bodies() == []

    def test_the_input_is_what_is_delivered(self, make, serve, post, bodies):
        make(input={'text': '<$.a> is <$.b>', 'from': '<queue>'})
        serve()

        post({'a': 1, 'b': 'it'})

        until(lambda: bodies() == [{'text': '1 is it', 'from': SOURCE}])

    def test_a_webhook_gets_each_with_its_id_and_headers(
            self, client, make, serve, post, hook):
        make('webhook', hook.url + '/in?a=1', headers={'X-Token': 's'})
        post({'a': 1})
        [posted] = client.queue(SOURCE).page()
        serve()

        until(lambda: hook.requests)
        [request] = hook.requests
        assert (request.method, request.path) == ('POST', '/in?a=1')
        assert request.json == {'a': 1}
        assert request.headers[ID] == posted['id']
        assert request.headers['x-token'] == 's'
        assert request.headers['content-type'] == 'application/json'

    def test_a_ttl_is_given_to_what_is_posted(self, client, make, serve,
                                              post):
        make(ttl=77)
        serve()

        post('it')

        until(client.queue(TARGET).page)
        assert client.queue(TARGET).page()[0]['ttl'] == 77

    def test_two_hundred_kilobytes_in_another_alphabet(
            self, make, serve, post, bodies):
        # of two bytes each, and of six as ASCII
        text = '\u0436' * 100000
        make()
        serve()

        post(text)

        until(lambda: bodies() == [text])

    def test_a_pipe_gets_what_is_posted_right_after_it_was_made(
            self, client, make, serve, post, bodies):
        client.queue('other').create({})
        make(address='other')
        serve()
        until(lambda: not client.queue(SOURCE).page())

        make()
        post('it')

        until(lambda: bodies() == bodies('other') == ['it'])


class TestFailures:

    def test_monitoring_sees_what_came_of_each(
            self, make, serve, post, bodies, hook):
        counted = itertools.count()
        hook.state.status = lambda request: (
            400 if request.json == 'bad' else
            204 if next(counted) else 500)
        make('webhook', hook.url, dead_letter=LETTERS, ordered=True)
        before = piped()
        serve()

        post('good', 'bad', 'good')

        until(lambda: len(hook.requests) == 4 and
              piped()['delivered'] == before['delivered'] + 2)
        assert piped()['failed'] == before['failed'] + 2
        assert piped()['dead'] == before['dead'] + 1

    def test_what_fails_now_and_then_is_tried_again(self, make, serve, post,
                                                    hook):
        counted = itertools.count(1)
        hook.state.status = lambda request: (
            204 if next(counted) % 3 else 500)
        make('webhook', hook.url)
        serve()

        post(*range(60))

        until(lambda: len({each.json for each in hook.requests}) == 60)
        taken_ = collections.defaultdict(set)
        for each in hook.requests:
            taken_[each.json].add(each.headers[ID])
        assert all(len(each) == 1 for each in taken_.values())

    def test_a_target_that_is_down_is_left_alone_and_gets_all(
            self, client, make, serve, post, hook):
        hook.state.status = lambda request: 503
        name = make('webhook', hook.url)
        serve()
        post(*range(100))
        until(lambda: not client.queue(SOURCE).page())
        time.sleep(0.5)

        before = len(hook.requests)
        hook.state.status = lambda request: 204
        until(lambda: not client.queue(name).page())

        # at first a batch, and then one at a time with a pause between them
        assert before <= 20 + 0.6 / 0.05
        assert {each.json for each in hook.requests[before:]} == set(
            range(100))

    @pytest.mark.parametrize('status', [400, 404, 410, 302])
    def test_what_is_refused_is_a_dead_letter_at_once(
            self, client, make, serve, post, bodies, hook, status):
        hook.state.status = lambda request: (
            status if request.json == 'bad' else 204)
        make('webhook', hook.url, dead_letter=LETTERS)
        serve()

        post('good', 'bad', 'good too')

        until(lambda: bodies(LETTERS))
        [letter] = bodies(LETTERS)
        assert letter.pop('id') in ids(hook)
        assert re.fullmatch(r'\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ',
                            letter.pop('time'))
        assert letter == {
            'body': 'bad', 'queue': SOURCE, 'pipe': 'stack/pipe', 'tries': 1,
            'reason': 'HTTP status %d' % status}
        assert sorted(each.json for each in hook.requests) == [
            'bad', 'good', 'good too']

    @pytest.mark.parametrize('status', [408, 425, 429, 500, 503])
    def test_what_may_pass_is_tried_as_often_as_asked(
            self, make, serve, post, bodies, hook, status):
        hook.state.status = lambda request: status
        make('webhook', hook.url, dead_letter=LETTERS,
             retry=definitions.Retry(3, 0.01, 0.01))
        serve()

        post('bad')

        until(lambda: bodies(LETTERS))
        assert bodies(LETTERS)[0]['tries'] == len(hook.requests) == 3

    def test_without_dead_letters_it_is_tried_on(self, make, serve, post,
                                                 hook):
        counted = itertools.count()
        hook.state.status = lambda request: (
            400 if next(counted) < 15 else 204)
        make('webhook', hook.url, retry=definitions.Retry(3, 0.01, 0.01))
        serve()

        post('it')

        until(lambda: len(hook.requests) == 16)
        time.sleep(0.2)
        assert len(hook.requests) == 16

    def test_a_target_that_hangs_holds_up_nobody_else(
            self, make, serve, post, bodies, hook):
        over = threading.Event()
        hook.state.status = lambda request: over.wait(20) and 204
        make('webhook', hook.url, timeout=0.3)
        make()
        serve()

        post(*range(30))

        until(lambda: len(bodies()) == 30)
        over.set()
        until(lambda: {each.json for each in hook.requests} ==
              set(range(30)))

    def test_nobody_listens(self, make, serve, post, bodies, caplog):
        caplog.set_level('INFO')
        make('webhook', 'http://127.0.0.1:1/path?token=secret',
             dead_letter=LETTERS,
             retry=definitions.Retry(2, 0.01, 0.01))
        serve()

        post('it')

        until(lambda: bodies(LETTERS))
        assert 'refused' in bodies(LETTERS)[0]['reason']
        assert 'secret' not in str(bodies(LETTERS)) + caplog.text

    def test_a_server_says_how_long_it_wants_to_be_left_alone(
            self, monkeypatch):
        def answered(text):
            return answers.failure(types.SimpleNamespace(
                status_code=429, headers={'Retry-After': text},
                raw=types.SimpleNamespace(
                    read=lambda *_args, **_options: b' slow\x1b down ')))

        in_a_minute = email.utils.format_datetime(
            datetime.datetime.now(datetime.UTC) +
            datetime.timedelta(seconds=60))
        assert answered('7').pause == 7
        assert 57 < answered(in_a_minute).pause <= 60
        assert answered('9' * 20).pause == 3600
        for wrong in ('', 'soon', '-5', 'nan'):
            assert answered(wrong).pause == 0
        assert answered('1').reason == 'HTTP status 429: slow\\x1b down'

    def test_a_queue_that_is_not_there_is_waited_for(
            self, client, make, serve, post, bodies):
        make(address='later')
        serve()
        post('it')
        until(lambda: not client.queue(SOURCE).page())
        time.sleep(0.2)
        assert not client.queue('later').exists()

        client.queue('later').create({})

        until(lambda: bodies('later') == ['it'])

    def test_what_the_queue_refuses_takes_no_other_with_it(
            self, client, make, serve, post, bodies):
        client.queue('small').create({'_max_messages_post_size': 200})
        make(address='small', dead_letter=LETTERS)
        serve()

        post('one', 'x' * 300, 'two')

        until(lambda: len(bodies('small')) == 2 and bodies(LETTERS))
        assert bodies('small') == ['one', 'two']
        assert bodies(LETTERS)[0]['body'] == 'x' * 300

    def test_what_no_pipe_can_hold_stays_in_the_source(
            self, client, make, serve, post, bodies, caplog):
        large = 'x' * (262144 - 30)
        make()
        serve()

        post(large)
        post('small')

        until(lambda: bodies() == ['small'])
        until(lambda: 'stays in the queue "source"' in caplog.text)
        time.sleep(0.5)
        assert bodies(SOURCE) == [large]
        assert caplog.text.count('stays in the queue') == 1


class TestOrder:

    def test_none_overtakes_another(self, make, serve, post, hook):
        counted, done = itertools.count(1), []

        def status(request):
            if next(counted) % 4 == 0:
                return 500
            done.append(request.json)
            return 204
        hook.state.status = status
        make('webhook', hook.url, ordered=True)
        serve()
        serve()

        post(*range(50))

        until(lambda: len(done) >= 50)
        assert done == list(range(50))

    def test_one_that_is_given_up_lets_the_others_go_on(
            self, make, serve, post, bodies, hook):
        hook.state.status = lambda request: (
            500 if request.json == 3 else 204)
        make('webhook', hook.url, ordered=True, dead_letter=LETTERS,
             retry=definitions.Retry(3, 0.01, 0.01))
        serve()

        post(*range(10))

        until(lambda: len(hook.requests) == 12)
        assert [each.json for each in hook.requests] == [
            0, 1, 2, 3, 3, 3, *range(4, 10)]
        assert [each['body'] for each in bodies(LETTERS)] == [3]

    def test_a_queue_keeps_the_order_of_whole_batches(
            self, client, make, serve, post, bodies):
        client.queue('small').create({'_max_messages_post_size': 400})
        make(address='small', ordered=True)
        serve()

        post(*('%02d' % each + 'x' * 50 for each in range(50)))

        until(lambda: len(bodies('small')) == 50)
        assert [int(each[:2]) for each in bodies('small')] == list(range(50))


class TestSharing:

    def test_several_share_the_work_and_do_it_once(self, make, serve, post,
                                                   bodies):
        for _number in range(3):
            make()
        for _number in range(3):
            serve()

        post(*range(200))

        until(lambda: len(bodies()) >= 600)
        time.sleep(0.3)
        assert collections.Counter(bodies()) == dict.fromkeys(range(200), 3)

    def test_another_one_goes_on_when_one_stops(self, make, serve, post,
                                                bodies):
        make()
        first = serve()
        post('one')
        until(lambda: bodies() == ['one'])

        first.stop()
        serve()
        post('two')

        until(lambda: bodies() == ['one', 'two'])

    @pytest.mark.parametrize(('method', 'path'), [
        ('POST', '/messages'), ('DELETE', '/messages'), ('POST', '/claims'),
        ('GET', '/messages'), ('GET', '/v2/queues?'),
    ])
    @pytest.mark.parametrize('is_done', [False, True])
    def test_an_answer_that_is_lost(self, zaqar, client, make, serve, post,
                                    hook, monkeypatch, later, method, path,
                                    is_done):
        monkeypatch.setattr('heat_plugins.pipes.lane._TROUBLE', 0.05)
        make('webhook', hook.url)
        post(*range(25))
        for skip in (0, 1):
            zaqar.faults.drop(method=method, path='.*%s.*' % re.escape(path),
                              done=is_done, skip=skip)

        serve()

        if is_done and path == '/claims':
            # Nobody knows of these claims, which have to end.
            for _claim in range(2):
                time.sleep(3)
                later.append(60)
        until(lambda: {each.json for each in hook.requests} ==
              set(range(25)))
        until(lambda: not client.queue(SOURCE).page())
        if method == 'DELETE':
            # What is delivered is known to this process.
            assert len(hook.requests) == 25

    def test_no_user_who_may_not(self, zaqar):
        zaqar.faults.answer(403, method='GET', path='/v2/queues')

        with pytest.raises(service.CannotServe, match='may not list'):
            service.Pipes(zaqar.client(), None, websocket='off').run()


class TestLives:

    def test_an_update_counts_from_now_on(self, client, make, serve, post,
                                          bodies):
        name = make(match={'a': [1]})
        serve()
        post({'a': 1})
        until(lambda: bodies() == [{'a': 1}])

        client.queue(name).update(definitions.Definition(
            'stack/pipe', SOURCE, 'forward_to', TARGET,
            match={'a': [2]}).to_metadata())
        post({'a': 1}, {'a': 2})

        until(lambda: bodies() == [{'a': 1}, {'a': 2}])

    def test_nothing_is_left_of_a_pipe_that_has_gone(
            self, client, make, serve, post, bodies):
        name = make()
        serve()
        post('it')
        until(lambda: bodies() == ['it'])

        removal.remove(client, name, SOURCE)

        # so that the program finds out at the worst moment
        post('late')
        until(lambda: set(names(client)) == {SOURCE, TARGET})
        assert bodies() == ['it']

    def test_the_lease_of_a_source_stays_while_another_pipe_reads_it(
            self, client, make):
        first, _second = make(), make()
        client.queue(lease.of_source(SOURCE)).create({})

        removal.remove(client, first, SOURCE)

        assert client.queue(lease.of_source(SOURCE)).exists()

    @pytest.mark.parametrize('change', [
        {'version': 2}, {'later': 1}, {'match': {'a': {}}},
        {'input': '<$[>'}, {'target': 'moon'}, {'retry': 5},
        {'retry': {'attempts': 'x', 'tries': 1}},
    ], ids=str)
    def test_one_that_cannot_be_served_loses_nothing(
            self, client, make, serve, post, bodies, caplog, change):
        make()
        name = make()
        metadata = client.queue(name).metadata()
        [key] = metadata
        client.queue(name).update({key: {**metadata[key], **change}})
        serve()

        post('it')

        until(lambda: 'cannot be served, and no message is taken from its '
              'source, "source"' in caplog.text)
        time.sleep(0.3)
        assert bodies(SOURCE) == ['it']

        client.queue(name).update(metadata)
        until(lambda: bodies() == ['it', 'it'])

    def test_rubbish_in_the_place_of_a_pipe_harms_no_other(
            self, client, make, serve, post, bodies):
        for number, each in enumerate((
                None, 5, [], {'source': []}, {'source': {'a': 1}})):
            client.queue('%sbad-%d' % (definitions.PREFIX, number)).create(
                {'heat_zaqar_pipe': each})
        make()
        serve()

        post('it')

        until(lambda: bodies() == ['it'])

    def test_what_is_posted_to_its_queue_by_hand_is_delivered(
            self, make, serve, post, bodies):
        name = make()
        serve()

        post({'any': 'thing'}, queue=name)

        until(lambda: bodies() == [{'any': 'thing'}])


class TestLease:

    def test_one_has_it(self, client):
        first, second = (lease.Lease(client.queue('l')) for _ in range(2))

        assert first.take()
        assert first.take()
        assert not second.take()
        first.give_back()
        assert second.take()
        assert not first.take()

    def test_two_that_find_none_at_the_same_moment(self, client):
        first, second = (lease.Lease(client.queue('l')) for _ in range(2))
        for _number in range(2):
            client.queue('l').post([{'body': 'lease', 'ttl': 60}])

        assert first.take()
        assert not second.take()
        assert len(client.queue('l').page()) == 1

    def test_it_ends_with_its_holder(self, client, clock):
        with server.Server(clock) as zaqar:
            first, second = (lease.Lease(zaqar.client().queue('l'), clock)
                             for _ in range(2))
            assert first.take()
            clock.advance(50)
            first.renew()
            clock.advance(50)
            assert first.is_held
            assert not second.take()
            clock.advance(11)

            assert not first.is_held
            assert second.take()
            first.renew()
            assert not first.is_held


class TestInput:

    @pytest.mark.parametrize(('written', 'made'), [
        ('<$>', MESSAGE.body), ('<$.order>', {'id': 5, 'name': 'nut'}),
        ('<$.order.id>', 5), ('order <$.order.id> of <$.order.name>',
                              'order 5 of nut'),
        ('<$.lines[1].n>', 2), ('<$.lines[*].n>', [1, 2]),
        ('<$.missing>', None), ('[<$.missing>]', '[]'), ('<$.none>', None),
        ('lines: <$.lines>', 'lines: [{"n": 1}, {"n": 2}]'),
        ('<id>', '7'), ('<queue> <time>', 'source 2026-11-27T09:00:00Z'),
        ({'a': ['<$.order.id>', 1, None]}, {'a': [5, 1, None]}),
        ({'<id>': 1}, {'<id>': 1}), ('a < b, <b>', 'a < b, <b>'),
        (None, None), (False, False), ('', ''),
    ], ids=str)
    def test_made(self, written, made):
        assert inputs.Input(written).of(MESSAGE) == made

    @pytest.mark.parametrize('written', ['<$[>', '<$.a.>', {'a': ['<$$.>']}],
                             ids=str)
    def test_no_path(self, written):
        with pytest.raises(ValueError, match='is no JSONPath'):
            inputs.Input(written)

    @given(strategies.recursive(
        strategies.none() | strategies.booleans() | strategies.integers() |
        strategies.text(), lambda inner: strategies.lists(inner) |
        strategies.dictionaries(strategies.text(), inner)))
    def test_any_body_passes_as_it_is(self, body):
        message = taken.Message('1', 'q', 't', body)

        assert inputs.Input(inputs.BODY).of(message) == body
        assert taken.Message.from_wire(
            {'id': '9', 'body': message.to_body()}, 'other') == message


class TestChecks:
    GOOD = {'source': 's', 'forward_to': 't', 'input': '<$>'}

    @pytest.mark.parametrize('values', [
        {}, {'match': {'a': [1]}}, {'input': {'a': '<$.b[0]>'}},
        {'forward_to': None, 'webhook': 'https://example.org/',
         'headers': {'A': 'b'}, 'timeout': 5},
        {'forward_to': None, 'signal':
         'https://heat/v1/p/stacks/s/i/resources/r/signal'},
        {'retry': {'attempts': 1, 'minimum_delay': 5, 'maximum_delay': 5}},
        {'dead_letter': {'queue': 'd'}, 'ttl': 60},
    ], ids=str)
    def test_good(self, values):
        assert not problems({**self.GOOD, **values})

    @pytest.mark.parametrize(('values', 'key', 'reason'), [
        ({'forward_to': None}, 'webhook', 'exactly one of forward_to, '
         'webhook, signal is needed; given: none.'),
        ({'webhook': 'https://a/'}, 'webhook', 'exactly one of'),
        ({'forward_to': 's'}, 'forward_to', 'is the queue itself'),
        ({'forward_to': 'a b'}, 'forward_to', 'not a valid queue name'),
        ({'forward_to': None, 'webhook': 'ftp://a/'}, 'webhook',
         'not an http or https URL'),
        ({'forward_to': None, 'signal': 'https://a/'}, 'signal',
         "not the URL of Heat's signal API"),
        ({'headers': {'A': 'b'}}, 'headers', 'does not apply'),
        ({'timeout': 5}, 'timeout', 'does not apply to the target '
         'forward_to'),
        ({'forward_to': None, 'webhook': 'https://a/', 'ttl': 60}, 'ttl',
         'does not apply to the target webhook'),
        ({'match': {'a': {}}}, 'match', ''),
        ({'input': '<$[>'}, 'input', 'is no JSONPath'),
        ({'input': 'x' * 70000}, 'input', 'bytes'),
        ({'retry': {'minimum_delay': 9, 'maximum_delay': 5}}, 'retry',
         r'maximum_delay \(5\) must not be less than minimum_delay \(9\)'),
        ({'dead_letter': {'queue': 's'}}, 'dead_letter.queue',
         'taken again for ever'),
    ], ids=str)
    def test_bad(self, values, key, reason):
        found = problems({**self.GOOD, **values})

        assert key in dict(found)
        assert re.search(reason, dict(found)[key])

    def test_what_is_not_known_is_not_judged(self):
        given_ = {'source': ..., 'forward_to': ...}

        assert not list(checks.problems({}, given_,
                                        lambda value: value is not ...))


class TestSignal:

    def test_only_the_path_of_the_url_counts(self):
        asked = []

        class Heat:
            @staticmethod
            def post(path, **options):
                asked.append((path, options['json']))
                answer = requests.Response()
                answer.status_code = 200
                answer.raw = io.BytesIO()
                return answer

        failures = signal.Signal(
            'http://evil/v1/p/stacks/s/1/resources/r/signal', Heat).deliver(
            [targets.Given('1', {'a': 1})])

        assert failures == [None]
        assert asked == [('/stacks/s/1/resources/r/signal', {'a': 1})]

    def test_no_url_of_heat(self):
        [failure] = signal.Signal('http://evil/', None).deliver(
            [targets.Given('1', {})])

        assert failure.is_final
        assert 'signal API' in failure.reason


def test_the_listing_passes_other_queues_over(zaqar):
    made = zaqar.client()
    for number in range(45):
        made.queue('a-%02d' % number).create({})
        made.queue('z-%02d' % number).create({})
    for number in range(30):
        made.queue('%s%02d' % (definitions.PREFIX, number)).create(
            {'n': number})

    found = listing.queues(made, definitions.PREFIX)

    assert len(found) == 30
    assert all(each['n'] == int(name[-2:]) for name, each in found.items())


def piped():
    return {outcome: figures.PIPED.labels('stack/pipe', outcome)._value.get()
            for outcome in ('delivered', 'failed', 'dead')}


def problems(values):
    given_ = {key: value for key, value in values.items()
              if value is not None}
    return list(checks.problems(given_, given_, lambda value: True))


def names(client):
    return [each.name for each in client.queues(limit=20)[0]]
