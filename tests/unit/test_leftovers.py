# SPDX-License-Identifier: Apache-2.0
"""Mailboxes that outlived their stacks are found, and nothing else is."""
import pytest

from heat_plugins.zaqar import leftovers
from heat_plugins.zaqar import mailbox
from heat_plugins.zaqar import ownership

GONE = ownership.Stamp('gone', 'handle', 'uuid', mailbox=True)
LIVING = ownership.Stamp('living', 'handle', 'uuid', mailbox=True)
NAME = mailbox.name('late-handle-abcdefghijkl')
LONG = 'a' * 30 + '-' + 'b' * 30 + '-abcdefghijkl'


@pytest.fixture
def find(zaqar):
    def found(stacks=(('living', 'other'),)):
        return leftovers.find(zaqar.client(), lambda: stacks)
    return found


def cut(name):
    """A name as Heat cuts it."""
    return name[:2] + '-' + name[3 - mailbox.UNIQUE_LENGTH:]


def test_one_that_a_late_signal_made_is_found(zaqar, find):
    zaqar.client().queue(NAME).post([{'body': 1}, {'body': 2}])

    assert find() == [leftovers.Leftover(NAME, 2, None)]


@pytest.mark.parametrize('name', [NAME, 'late-handle-of-an-older-release'])
def test_one_whose_stack_is_gone_is_found(zaqar, find, name):
    mailbox.Mailbox(zaqar.client().queue(name), GONE).open()

    assert find() == [leftovers.Leftover(name, 0, 'gone')]


def test_what_a_retained_custom_resource_left_is_found(zaqar, find):
    stamp = ownership.Stamp('gone', 'thing', 'uuid')
    mailbox.Mailbox(zaqar.client().queue(NAME), stamp).open()

    assert find() == [leftovers.Leftover(NAME, 0, 'gone')]


def test_all_pages_are_looked_at(zaqar, find):
    for number in range(45):
        zaqar.client().queue(mailbox.name(
            's-%02d-abcdefghijkl' % number)).create({})

    assert len(find()) == 45


@pytest.mark.parametrize(('name', 'metadata'), [
    (NAME, LIVING.as_metadata()), ('jobs', {}), ('jobs', {'a': 1}),
    ('jobs', ownership.Stamp('gone', 'queue', 'uuid').as_metadata()),
    (mailbox.name('of-somebody'), {}),
    # a queue that was retained, in a stack of a strange name
    (NAME, {'a': 1, **ownership.Stamp('gone', 'q', 'uuid').as_metadata()}),
    (NAME, {'_default_message_ttl': 60})])
def test_anything_else_is_left_alone(zaqar, find, name, metadata):
    zaqar.client().queue(name).create(metadata)

    assert find() == []


@pytest.mark.parametrize('stack', ['late', 'late-handle'])
def test_one_without_a_stamp_may_be_of_a_stack_that_lives(zaqar, find, stack):
    zaqar.client().queue(NAME).create({})

    assert find([('id', stack)]) == []


def test_a_stack_made_while_queues_are_listed_is_known(zaqar):
    def stacks():
        # too late to be among the queues
        mailbox.Mailbox(zaqar.client().queue(NAME), GONE).open()
        return []

    assert leftovers.find(zaqar.client(), stacks) == []


@pytest.mark.parametrize(('unique', 'stack', 'may_be'), [
    ('late-handle-abcdefghijkl', 'late', True),
    ('late-handle-abcdefghijkl', 'lat', False),
    ('late-handle-abcdefghijkl', 'handle', False),
    ('v1-2-handle-abcdefghijkl', 'v1.2', True),
    (cut(LONG), 'a' * 30, True), (cut(LONG), 'aab', True),
    (cut(LONG), 'baa', False), (cut(LONG), 'a', False),
    (cut('a' + LONG[30:] + 'b' * 30), 'a', True)])
def test_a_name_tells_whose_a_mailbox_may_be(unique, stack, may_be):
    assert leftovers.may_be_of(mailbox.name(unique), stack) is may_be
