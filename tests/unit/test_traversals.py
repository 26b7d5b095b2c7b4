# SPDX-License-Identifier: Apache-2.0
"""How far stacks are, in Heat's own tables."""
import pytest

from heat_plugins.engine import traversals
from heat_plugins.engine import waits

from . import checks
from . import waiting

T = waiting.TRAVERSAL


@pytest.fixture(scope='module', autouse=True)
def database():
    with checks.database():
        yield


@pytest.fixture
def rows():
    made = waiting.Rows()
    yield made
    made.clear()


class Chain:
    """A stack of two resources, of which the second requires the first."""

    def __init__(self, rows, **values):
        self._rows = rows
        self.stack = rows.stack()
        self.first, self.second = (rows.resource(
            self.stack, status='COMPLETE', action='INIT', **values)
            for _number in range(2))
        self.clear_up()

    def clear_up(self):
        """Begin it: with the numbers of its resources, which it has now."""
        self._rows.change_stack(self.stack, action='DELETE', status='COMPLETE')
        self.stack = self._rows.stack(edges=[
            [(self.second, True), (self.first, True)]])
        for number in (self.first, self.second):
            self._rows.change(number, stack_id=self.stack)

    def end(self, number):
        """Have one of them note that it is done."""
        after = ((self.second, True) if number == self.first
                 else (self.stack, True))
        self._rows.done(T, after, (number, True))

    @property
    def unheld(self):
        """The numbers of those that nobody has in hand."""
        [read] = traversals.read([self.stack])
        assert all(each.is_update for each in read.unheld())
        return [each.resource_id for each in read.unheld()]


@pytest.fixture
def chain(rows):
    return Chain(rows)


def test_the_first_may_be_lost_at_the_beginning(chain):
    assert chain.unheld == [chain.first]


def test_then_the_second(chain):
    chain.end(chain.first)

    assert chain.unheld == [chain.second]


def test_and_then_what_follows_from_the_last(chain):
    chain.end(chain.first)
    chain.end(chain.second)

    assert chain.unheld == [chain.second]


def test_what_is_locked_is_not(rows, chain):
    rows.change(chain.first, engine_id='other')

    assert not chain.unheld


def test_what_stands_at_a_hook_is_not(rows, chain):
    rows.data(chain.first, 'pre-create', 'True')

    assert not chain.unheld


def test_what_waits_is_not(rows, chain):
    rows.data(chain.first, waits.KEY, waiting.a_wait(chain.first).to_text())
    # That it is complete says another row.
    assert chain.unheld == [chain.first]

    rows.change(chain.first, status='IN_PROGRESS')

    assert not chain.unheld


def test_what_waits_in_another_traversal_is(rows, chain):
    rows.data(chain.first, waits.KEY, waiting.a_wait(
        chain.first, traversal='of before').to_text())
    rows.change(chain.first, status='IN_PROGRESS')

    assert chain.unheld == [chain.first]
    assert chain.stack in traversals.at_rest(9)


def test_a_replacement_has_the_work_of_what_it_replaces(rows, chain):
    new = rows.resource(chain.stack, 'COMPLETE', 'INIT',
                        replaces=chain.first)
    [read] = traversals.read([chain.stack])

    [node] = read.unheld()
    assert node.resource_id == chain.first
    assert read.resource_of(node) == new
    rows.change(new, engine_id='other')
    assert not chain.unheld


def test_a_node_has_another_state_when_it_was_asked_for(rows, chain):
    def look():
        [read] = traversals.read([chain.stack])
        [node] = read.unheld()
        return read.state_of(node), read.asked_again(node)

    before, asked = look()
    assert look() == (before, asked) == (before, 0)
    rows.done(T, (chain.first, True), (chain.first, True))
    after, asked = look()
    assert after != before
    assert asked == 1
    rows.change(chain.first, atomic_key=5)
    assert look()[0] != after


def test_a_stack_that_has_not_begun(rows):
    stack = rows.stack(is_begun=False)
    [read] = traversals.read([stack])
    before = read.state

    assert not read.is_begun
    rows.resource(stack)
    [read] = traversals.read([stack])
    assert read.state != before


def test_a_stack_of_nothing_is_at_its_beginning_until_it_ends(rows):
    [read] = traversals.read([rows.stack(edges=[])])

    assert not read.is_begun


def test_nodes_of_snapshots_are_passed_over(rows):
    stack = rows.stack(action='DELETE')
    number = rows.resource(stack, 'COMPLETE')
    rows.change_stack(stack, status='COMPLETE')
    stack = rows.stack(action='DELETE', edges=[
        [(number, False), None]])
    rows.change_stack(stack, current_deps={'edges': [
        [(number, False), None],
        [('4711-of-a-snapshot', False, 'snapshot'), None]]})
    [read] = traversals.read([stack])

    assert read.unheld() == [traversals.Node(number, False)]


def test_stacks_in_progress_in_order(rows):
    first, second, third = (rows.stack() for _number in range(3))
    rows.stack(status='COMPLETE')
    rows.stack(action='SUSPEND')

    assert traversals.in_progress('', 2) == [first, second]
    assert traversals.in_progress(second, 2) == [third]


def test_stacks_of_which_nobody_has_anything_in_hand(rows, chain):
    rows.wait('me')
    rows.resource(rows.stack(), engine='me')
    rows.stack(status='COMPLETE')
    ended = rows.wait('me', status='COMPLETE').stack_id

    assert traversals.at_rest(9) == sorted([chain.stack, ended])
