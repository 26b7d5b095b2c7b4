# SPDX-License-Identifier: Apache-2.0
"""The record of a wait: what counts, what does not, and what is kept."""
import json

from hypothesis import given
from hypothesis import strategies as st

from heat_plugins.messages import message
from heat_plugins.messages import record
from heat_plugins.messages import signal

from . import strategies

MESSAGES = st.lists(
    st.builds(message.Message, st.uuids().map(str),
              strategies.BODIES | st.fixed_dictionaries(
                  {'id': st.sampled_from('abc')},
                  optional={'status': st.sampled_from(signal.STATUSES)})),
    max_size=12)


def fed(count, messages):
    made = record.Record(count)
    for each in messages:
        made.take(each)
    return made


def kept(made):
    """What a database gives back."""
    return record.Record.from_metadata(
        json.loads(json.dumps(made.to_metadata())), made.count)


def of(body, message_id='m'):
    return message.Message(message_id, body)


def text(made):
    """The signals, as text: NaN is not equal to itself."""
    return json.dumps([[each.key, each.status, each.reason, each.data,
                        each.body] for each in made.signals])


@given(MESSAGES, st.integers(1, 5))
def test_what_was_kept_is_what_there_was(messages, count):
    made = fed(count, messages)
    again = kept(made)

    assert text(again) == text(made)
    assert again.is_complete == made.is_complete
    assert len(again.failures) == len(made.failures)


@given(MESSAGES, st.integers(1, 5), st.integers(0, 12))
def test_recording_twice_is_recording_once_even_across_a_crash(
        messages, count, crash):
    whole = fed(count, messages)
    resumed = kept(fed(count, messages[:crash]))
    for each in messages:
        resumed.take(each)

    assert text(resumed) == text(whole)
    before = text(resumed)
    for each in messages:
        resumed.take(each)
    assert text(resumed) == before


@given(MESSAGES)
def test_what_may_be_deleted_has_had_its_effect(messages):
    made = record.Record(100)
    for each in messages:
        if made.take(each):
            judged = signal.Signal.judge(each)
            assert (judged.status == signal.IN_PROGRESS or
                    judged.key in [one.key for one in made.signals])


def test_a_record_from_nothing_is_empty():
    for metadata in (None, {}, {'other': 1}):
        made = record.Record.from_metadata(metadata, 2)
        assert (made.signals, made.is_complete) == ([], False)


def test_a_repeated_id_counts_once_and_the_first_stays():
    made = record.Record(2)

    assert made.take(of({'id': 'a', 'data': 1}, 'm1')) is True
    assert made.take(of({'id': 'a', 'data': 2}, 'm2')) is True

    assert [each.data for each in made.signals] == [1]
    assert not made.is_complete


def test_the_same_body_without_an_id_counts_each_time():
    made = fed(2, [of('ready', 'm1'), of('ready', 'm2')])

    assert made.is_complete


def test_more_than_the_count_is_left_for_others():
    made = record.Record(2)

    assert [made.take(of(number, str(number))) for number in range(4)] == [
        True, True, False, False]
    assert [each.data for each in made.signals] == [0, 1]


def test_after_a_failure_nothing_is_taken():
    made = record.Record(2)
    made.take(of({'status': 'FAILURE', 'id': 'f', 'reason': 'no'}))

    assert made.take(of(1, 'm2')) is False
    assert made.take(of({'id': 'f'}, 'm3')) is True
    assert [each.key for each in made.failures] == ['f']
    assert made.successes == []


def test_signs_of_life_neither_count_nor_stay():
    made = record.Record(1)

    assert made.take(of({'status': 'IN_PROGRESS', 'reason': 'half'})) is True
    assert (made.progress, made.signals) == ('half', [])


def test_what_cannot_be_judged_is_counted_and_left():
    made = record.Record(1)

    assert made.take(of({'status': 'nonsense'})) is False
    assert made.take(of({'id': []})) is False
    assert made.skipped == 2
    assert '"id"' in made.last_skip
    assert made.signals == []


def test_the_summary_tells_it_all():
    made = fed(3, [of(1, 'm1'), of({'id': []}, 'm2'),
                   of({'status': 'FAILURE'}, 'm3')])

    assert made.summary().startswith(
        '1 of 3 received, 1 failed, 1 skipped ("id" must be')
    assert made.to_metadata()['summary'] == made.summary()
    assert record.Record(3).summary() == '0 of 3 received'


def test_order_is_kept():
    made = fed(30, [of(number, 'm%d' % number) for number in range(20)])

    assert [each.data for each in kept(made).signals] == list(range(20))
