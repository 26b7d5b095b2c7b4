# SPDX-License-Identifier: Apache-2.0
"""Queues that a resource uses and did not make."""
import pytest

from heat_plugins.zaqar import errors
from heat_plugins.zaqar import ownership
from heat_plugins.zaqar import reuse

STAMP = ownership.Stamp('stack', 'resource', 'uuid-1')
REPLACEMENT = ownership.Stamp('stack', 'resource', 'uuid-2')
STRANGER = ownership.Stamp('other', 'resource', 'uuid-3')


@pytest.fixture
def theirs(zaqar):
    """A queue of nobody's."""
    queue = zaqar.client().queue('theirs')
    queue.create({'whose': 'theirs', 'a': 1})
    return queue


def shown(queue):
    return {key: value for key, value in queue.metadata().items()
            if key != reuse.KEY}


def test_what_was_set_is_taken_back(theirs):
    reuse.use(theirs, STAMP, {'a': 2, 'b': 3})
    assert shown(theirs) == {'whose': 'theirs', 'a': 2, 'b': 3}

    reuse.give_back(theirs, STAMP)

    assert theirs.metadata() == {'whose': 'theirs', 'a': 1}


def test_an_update_remembers_what_was_before_the_first(theirs):
    reuse.use(theirs, STAMP, {'a': 2, 'b': 3})
    reuse.use(theirs, STAMP, {'a': 4, 'c': 5})
    assert shown(theirs) == {'whose': 'theirs', 'a': 4, 'c': 5}

    reuse.give_back(theirs, STAMP)

    assert theirs.metadata() == {'whose': 'theirs', 'a': 1}


def test_the_servers_default_is_nothing_again(theirs):
    reuse.use(theirs, STAMP, {'_default_message_ttl': 3600})

    reuse.give_back(theirs, STAMP)

    assert theirs.metadata() == {'whose': 'theirs', 'a': 1}


def test_what_somebody_changed_since_stays(theirs):
    reuse.use(theirs, STAMP, {'a': 2, 'b': 3})
    theirs.update({'a': 'by hand', 'b': None})

    reuse.give_back(theirs, STAMP)

    assert theirs.metadata() == {'whose': 'theirs', 'a': 'by hand'}


def test_what_has_got_an_owner_stays(theirs):
    reuse.use(theirs, STAMP, {'a': 2})
    theirs.update(STRANGER.as_metadata())

    reuse.give_back(theirs, STAMP)

    assert theirs.metadata() == {
        'whose': 'theirs', 'a': 2, **STRANGER.as_metadata()}


def test_nothing_to_set_leaves_no_trace(theirs):
    reuse.use(theirs, STAMP, {})
    assert theirs.metadata() == {'whose': 'theirs', 'a': 1}

    reuse.use(theirs, STAMP, {'b': 2})
    reuse.use(theirs, STAMP, {})

    assert theirs.metadata() == {'whose': 'theirs', 'a': 1}


def test_a_replacement_goes_on_and_the_old_one_takes_nothing_back(theirs):
    reuse.use(theirs, STAMP, {'a': 2, 'b': 3})

    reuse.use(theirs, REPLACEMENT, {'a': 4})
    reuse.give_back(theirs, STAMP)

    assert shown(theirs) == {'whose': 'theirs', 'a': 4}
    reuse.give_back(theirs, REPLACEMENT)
    assert theirs.metadata() == {'whose': 'theirs', 'a': 1}


@pytest.mark.parametrize('how', ['owned', 'used'])
def test_what_another_resource_set_is_not_changed(theirs, how):
    if how == 'owned':
        theirs.update(STRANGER.as_metadata())
    else:
        reuse.use(theirs, STRANGER, {'b': 3})
    before = theirs.metadata()

    with pytest.raises(reuse.Held) as held:
        reuse.use(theirs, STAMP, {'a': 2, 'whose': 'theirs', 'd': 4})
    reuse.give_back(theirs, STAMP)

    assert (held.value.stamp, held.value.keys) == (STRANGER, ['a', 'd'])
    assert theirs.metadata() == before


def test_what_another_resource_wants_too_is_fine(theirs):
    theirs.update(STRANGER.as_metadata())

    reuse.use(theirs, STAMP, {'a': 1, '_default_message_ttl': 3600})


@pytest.mark.parametrize('note', [
    None, 1, 'x', [], {}, {'stamp': {}, 'values': {}},
    {'stamp': {'stack_id': 's', 'resource': 'r', 'uuid': 'u'}}])
def test_a_note_that_is_none_is_none(note):
    assert reuse.Note.of({reuse.KEY: note}) is None
    assert reuse.Note.of({}) is None


def test_a_queue_that_is_not_there_cannot_be_used(zaqar):
    with pytest.raises(errors.NotFound):
        reuse.use(zaqar.client().queue('none'), STAMP, {})
