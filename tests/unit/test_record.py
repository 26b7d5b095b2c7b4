# SPDX-License-Identifier: Apache-2.0
"""The record of a wait: what counts, what does not, and what is kept."""
import json

from hypothesis import given
from hypothesis import strategies as st
import pytest

from heat_plugins.messages import criteria
from heat_plugins.messages import message
from heat_plugins.messages import patterns
from heat_plugins.messages import record
from heat_plugins.messages import signal
from heat_plugins.messages import texts

from . import strategies

MESSAGES = st.lists(
    st.builds(message.Message, st.uuids().map(str),
              strategies.BODIES | st.fixed_dictionaries(
                  {'id': st.sampled_from('abc')},
                  optional={'status': st.sampled_from(signal.STATUSES)})),
    max_size=12)


def take(made, each, **criterion):
    """Judge a message and record it."""
    [verdict] = criteria.Criteria(**criterion).judge([each])
    return made.take(verdict)


def fed(count, messages, **options):
    made = record.Record(count, **options)
    for each in messages:
        take(made, each)
    return made


def kept(made, **options):
    """What a database gives back."""
    return record.Record.from_metadata(
        json.loads(json.dumps(made.to_metadata())), made.count, **options)


def of(body, message_id='m'):
    return message.Message(message_id, body)


def text(made):
    """The signals, as text."""
    return json.dumps([[each.key, each.status, each.reason, each.data,
                        each.body] for each in made.signals])


@given(MESSAGES, st.integers(1, 5))
def test_what_was_kept_is_what_there_was(messages, count):
    made = fed(count, messages)
    again = kept(made)

    assert text(again) == text(made)
    assert again.is_complete == made.is_complete
    assert len(again.failures) == len(made.failures)


LIMITS = st.sampled_from([0, 60, 120, 300, record.LIMIT])


@given(MESSAGES, LIMITS, LIMITS)
def test_what_is_restored_is_what_was_stored_whatever_the_limit_is_now(
        messages, limit, later):
    made = fed(100, messages, max_failures=100, limit=limit)
    again = kept(made, max_failures=100, limit=later)

    assert again.to_metadata()['signals'] == made.to_metadata()['signals']
    assert (again.received, again.failed) == (made.received, made.failed)
    for each in messages:
        take(again, each)
    assert (again.received, again.failed) == (made.received, made.failed)


@given(MESSAGES, st.integers(1, 5), st.integers(0, 12))
def test_recording_twice_is_recording_once_even_across_a_crash(
        messages, count, crash):
    whole = fed(count, messages)
    resumed = kept(fed(count, messages[:crash]))
    for each in messages:
        take(resumed, each)

    assert text(resumed) == text(whole)
    before = text(resumed)
    for each in messages:
        take(resumed, each)
    assert text(resumed) == before


@given(MESSAGES)
def test_what_may_be_deleted_has_had_its_effect(messages):
    made = record.Record(100)
    for each in messages:
        if take(made, each):
            judged = signal.Signal.judge(each)
            assert (judged.status == signal.IN_PROGRESS or
                    judged.key in [one.key for one in made.signals])


def test_a_record_from_nothing_is_empty():
    for metadata in (None, {}, {'other': 1}):
        made = record.Record.from_metadata(metadata, 2)
        assert (made.signals, made.is_complete) == ([], False)


def test_a_repeated_id_counts_once_and_the_first_stays():
    made = record.Record(2)

    assert take(made, of({'id': 'a', 'data': 1}, 'm1')) is True
    assert take(made, of({'id': 'a', 'data': 2}, 'm2')) is True

    assert [each.data for each in made.signals] == [1]
    assert not made.is_complete


def test_the_same_body_without_an_id_counts_each_time():
    made = fed(2, [of('ready', 'm1'), of('ready', 'm2')])

    assert made.is_complete


def test_more_than_the_count_is_left_for_others():
    made = record.Record(2)

    assert [take(made, of(number, str(number))) for number in range(4)] == [
        True, True, False, False]
    assert [each.data for each in made.signals] == [0, 1]


def test_after_a_failure_nothing_is_taken():
    made = record.Record(2)
    take(made, of({'status': 'FAILURE', 'id': 'f', 'reason': 'no'}))

    assert take(made, of(1, 'm2')) is False
    assert take(made, of({'id': 'f'}, 'm3')) is True
    assert [each.key for each in made.failures] == ['f']
    assert made.received == 0


def test_signs_of_life_neither_count_nor_stay():
    made = record.Record(1)

    assert take(made, of({'status': 'IN_PROGRESS', 'reason': 'half'})) is True
    assert (made.progress, made.signals) == ('half', [])


def test_what_cannot_be_judged_is_counted_and_left():
    made = record.Record(1)

    assert take(made, of({'status': 'nonsense'})) is False
    assert take(made, of({'id': []})) is False
    assert made.skipped.total == 2
    assert made.signals == []


def test_the_summary_tells_it_all():
    made = fed(3, [of(1, 'm1'), of({'id': []}, 'm2'),
                   of({'status': 'FAILURE'}, 'm3'), of({'id': []}, 'm4'),
                   of({'id': {}}, 'm5')], max_failures=1)

    assert made.summary() == (
        '1 of 3 received, 1 failed, 1 tolerated, 3 skipped: "id" must be a '
        'string or a number, not [] (2), "id" must be a string or a number, '
        'not {} (1)')
    assert made.to_metadata()['summary'] == made.summary()
    assert record.Record(3).summary() == '0 of 3 received'


def test_without_a_count_it_takes_whatever_comes():
    made = fed(None, [of(1, 'm1'), of({'status': 'FAILURE'}, 'm2'),
                      of(2, 'm3')], max_failures=None)

    assert made.summary() == '2 received, 1 failed'
    assert not made.is_complete
    assert not made.is_failed


def test_order_is_kept():
    made = fed(30, [of(number, 'm%d' % number) for number in range(20)])

    assert [each.data for each in kept(made).signals] == list(range(20))


def test_failures_are_tolerated_up_to_a_number():
    made = record.Record(3, max_failures=1)
    for number in range(2):
        take(made, of(number, 's%d' % number))
    take(made, of({'status': 'FAILURE'}, 'f1'))
    assert (made.is_failed, made.is_complete) == (False, False)
    assert made.summary() == '2 of 3 received, 1 failed, 1 tolerated'

    whole = kept(made, max_failures=1)
    take(whole, of(2, 's2'))
    assert (whole.is_failed, whole.is_complete) == (False, True)

    take(made, of({'status': 'FAILURE'}, 'f2'))
    assert (made.is_failed, made.is_complete) == (True, False)
    assert take(made, of(2, 's2')) is False


class TestAnew:
    """A wait that begins anew ignores what was taken before."""

    @pytest.fixture
    def made(self):
        made = fed(2, [of({'id': 'a'}, 'm1'), of({'id': 'a'}, 'm2'),
                       of({'id': 'b'}, 'm3'), of({'id': 'c'}, 'm4')])
        made.begin_anew({'rearm': '2'})
        return kept(made)

    def test_it_has_received_nothing(self, made):
        assert made.summary() == '0 of 2 received'
        assert (made.signals, made.failed) == ([], 0)
        assert made.round == {'rearm': '2'}

    def test_what_was_counted_or_repeated_is_ignored_and_may_go(self, made):
        for number in (1, 2, 3):
            assert take(made, of({'id': 'x'}, 'm%d' % number)) is True
        assert made.received == 0

    def test_what_was_not_needed_counts_and_old_ids_as_well(self, made):
        assert take(made, of({'id': 'c'}, 'm4')) is True
        assert take(made, of({'id': 'a'}, 'm5')) is True

        assert made.is_complete

    def test_it_knows_all_rounds_before(self, made):
        take(made, of(1, 'm5'))
        made.begin_anew({'rearm': '3'})
        again = kept(made)

        for message_id in ('m1', 'm3', 'm5'):
            take(again, of(1, message_id))
        assert again.received == 0


class TestLimit:
    """Bodies beyond a limit count, but are not kept."""

    def test_all_are_counted_and_few_kept(self):
        made = fed(100, [of('x' * 100, 'm%d' % n) for n in range(100)],
                   limit=1000)

        assert made.is_complete
        assert 0 < len(made.signals) < 10
        assert ('%d counted but not kept, because of the limit of 1000 '
                'bytes' % (100 - len(made.signals))) in made.summary()

    def test_those_not_kept_are_known_by_their_keys(self):
        made = kept(fed(100, [of({'id': str(n)}, 'm%d' % n)
                              for n in range(50)], limit=500), limit=500)
        assert made.received == 50

        for number in range(50):
            assert take(made, of({'id': str(number)}, 'other')) is True
        assert made.received == 50

    def test_failures_that_are_not_kept_count(self):
        made = kept(fed(9, [of({'status': 'FAILURE'}, 'm')], limit=0),
                    limit=0)

        assert made.is_failed
        assert made.failures == []

    def test_ten_thousand_are_a_small_row(self):
        made = fed(10000, [of({'id': 'sender-%d' % n, 'data': 'x' * 200},
                              'm%d' % n) for n in range(10000)])

        assert made.is_complete
        assert len(json.dumps(made.to_metadata())) < (
            record.LIMIT + 10000 * 32 + 1000)


class TestListing:
    """All signals are listed; beyond a limit, without their data."""

    def listed(self, messages, limit):
        made = record.Listing(None, max_failures=None, limit=limit)
        for each in messages:
            take(made, each)
        return made

    def test_bodies_are_not_kept(self):
        [kept] = self.listed([of({'data': 'x'})], 1000).signals

        assert (kept.data, kept.body) == ('x', None)

    @pytest.mark.parametrize(('less', 'data'), [
        (0, 'x' * 100), (1, None)])
    def test_data_that_fits_is_kept(self, less, data):
        size = len(json.dumps(['m', {'status': 'SUCCESS', 'reason': '',
                                     'data': 'x' * 100, 'body': None}]))

        [kept] = self.listed([of('x' * 100)], size - less).signals

        assert (kept.status, kept.data) == ('SUCCESS', data)

    def test_those_beyond_the_limit_say_so(self):
        made = self.listed([
            of({'data': 'x'}, 'm1'),
            of({'status': 'FAILURE', 'reason': 'full\n' + 'x' * 1000,
                'data': 'x'}, 'm2')], 10)

        assert [(each.key, each.data) for each in made.signals] == [
            ('m1', None), ('m2', None)]
        assert made.signals[0].reason == (
            'data not kept, because of the limit of 10 bytes')
        assert made.signals[1].reason == texts.line(
            'full\n' + 'x' * 1000) + '; ' + made.signals[0].reason
        assert (made.received, made.failed) == (1, 1)

    def test_they_are_known_when_they_come_again(self):
        made = self.listed([of({'id': 'a'}, 'm1'), of({'id': 'a'}, 'm2')], 0)

        assert made.received == 1


def test_what_did_not_match_is_told_by_its_reasons():
    made = record.Record(1)
    match = patterns.compile({'state': ['done']})
    for number in range(5):
        take(made, of({'state': 'DONE'}, 'm%d' % number), match=match)
    take(made, of('text', 'n'), match=match)

    assert made.mismatches() == (
        '6 did not match: state is "DONE" (5), the body is a string (1)')
    assert made.to_metadata()['unmatched'] == made.mismatches()
    assert made.received == 0


def test_reasons_without_end_are_not_kept():
    made = record.Record(1)
    match = patterns.compile({'state': ['done']})
    for number in range(1000):
        take(made, of({'state': number}, 'm%d' % number), match=match)

    assert made.unmatched.total == 1000
    assert len(made.mismatches()) < 500
    assert 'other reasons (980)' in made.mismatches()
