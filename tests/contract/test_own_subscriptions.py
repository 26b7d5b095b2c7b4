# SPDX-License-Identifier: Apache-2.0
"""Subscriptions of ours: made once, stamped, and their trusts kept."""
import dataclasses

import pytest

from heat_plugins.zaqar import errors
from heat_plugins.zaqar import ownership
from heat_plugins.zaqar import subscriptions

STAMP = ownership.Stamp('stack', 'resource', 'first')
REPLACEMENT = dataclasses.replace(STAMP, uuid='second')
SOMEBODY = ownership.Stamp('stack', 'another', 'first')
WEBHOOK = subscriptions.Wanted('http://127.0.0.1:9/hook', 600,
                               {'post_data': '{}'})
TRUSTED = subscriptions.Wanted('trust+http://127.0.0.1:9/signal', 600,
                               {'post_data': '{}'})


@pytest.fixture
def subscribed(queue):
    return subscriptions.Subscriptions(queue)


@pytest.mark.parametrize('wanted', [WEBHOOK, TRUSTED])
def test_one_is_made_as_wanted(subscribed, wanted):
    made = subscribed.ensure(wanted, STAMP)

    [found] = subscribed
    assert (found.id, found.wanted, found.stamp) == (made.id, wanted, STAMP)


@pytest.mark.parametrize('wanted', [WEBHOOK, TRUSTED])
def test_made_again_it_is_the_same_one(subscribed, wanted):
    made = subscribed.ensure(wanted, STAMP)

    again = subscribed.ensure(wanted, STAMP)

    assert again.id == made.id
    assert again.trust_id == made.trust_id
    assert len(list(subscribed)) == 1


@pytest.mark.parametrize('wanted', [WEBHOOK, TRUSTED])
def test_a_replacement_takes_it_over(subscribed, wanted):
    made = subscribed.ensure(wanted, STAMP)
    changed = dataclasses.replace(wanted, ttl=700, options={'x': 1})

    subscribed.ensure(changed, REPLACEMENT)

    [found] = subscribed
    assert (found.id, found.wanted, found.stamp, found.trust_id) == (
        made.id, changed, REPLACEMENT, made.trust_id)
    assert not subscribed.release(made.id, STAMP)
    assert subscribed.release(made.id, REPLACEMENT)
    assert list(subscribed) == []


@pytest.mark.parametrize('confirmed', [False, True])
def test_somebody_elses_is_refused_and_left_alone(subscribed, confirmed):
    made = subscribed.ensure(WEBHOOK, SOMEBODY)
    if confirmed:
        subscribed.confirm(made.id)

    with pytest.raises(errors.Conflict, match='has a subscription for http'):
        subscribed.ensure(dataclasses.replace(WEBHOOK, ttl=900), STAMP)

    [found] = subscribed
    assert (found.wanted, found.stamp) == (WEBHOOK, SOMEBODY)


def test_one_that_is_trusted_has_a_trust_and_is_confirmed(subscribed):
    made = subscribed.ensure(TRUSTED, STAMP)

    found = subscribed.get(made.id)
    assert found.trust_id
    assert found.confirmed


def test_its_trust_stays_when_it_is_changed(subscribed):
    made = subscribed.ensure(TRUSTED, STAMP)

    subscribed.update(made.id, dataclasses.replace(TRUSTED, ttl=900), STAMP,
                      made.trust_id)

    found = subscribed.get(made.id)
    assert (found.ttl, found.trust_id) == (900, made.trust_id)


def test_asked_again_it_stays_as_it_is(subscribed):
    made = subscribed.ensure(WEBHOOK, STAMP)

    subscribed.ask_again(made)

    assert list(subscribed) == [made]


def test_those_of_all_pages_are_found(subscribed):
    wanted = {'http://127.0.0.1:9/%d' % number for number in range(45)}
    for subscriber in wanted:
        subscribed.ensure(subscriptions.Wanted(subscriber), STAMP)

    assert {each.subscriber for each in subscribed} == wanted


def test_one_that_is_gone_is_gone(subscribed):
    made = subscribed.ensure(WEBHOOK, STAMP)
    subscribed.delete(made.id)

    with pytest.raises(errors.NotFound):
        subscribed.get(made.id)
    with pytest.raises(errors.NotFound):
        subscribed.update(made.id, WEBHOOK, STAMP)
    assert subscribed.release(made.id, STAMP)


class TestConverge:
    @pytest.fixture
    def known(self, subscribed):
        """Two of ours, with the trust ids as their owner keeps them."""
        return {each.id: each.trust_id for each in subscribed.converge(
            [WEBHOOK, TRUSTED], STAMP, {})}

    def test_all_are_made_in_their_order(self, subscribed, known):
        found = {each.id: each for each in subscribed}

        assert [found[each].wanted for each in known] == [WEBHOOK, TRUSTED]
        assert {each.stamp for each in found.values()} == {STAMP}
        assert [found[each].trust_id for each in known] == list(
            known.values())

    def test_what_is_as_wanted_stays(self, subscribed, known):
        before = list(subscribed)

        again = subscribed.converge([TRUSTED, WEBHOOK], STAMP, known)

        assert [each.id for each in again] == list(reversed(known))
        assert list(subscribed) == before

    def test_what_is_not_wanted_goes_and_what_differs_is_changed(
            self, subscribed, known):
        changed = dataclasses.replace(WEBHOOK, options={'x': 1})

        subscribed.converge([changed], STAMP, known)

        [found] = subscribed
        assert found.wanted == changed
        assert found.id in known

    def test_somebody_elses_is_left_alone(self, subscribed, known):
        theirs = subscribed.ensure(
            dataclasses.replace(WEBHOOK, subscriber='http://127.0.0.1:9/t'),
            SOMEBODY)

        subscribed.converge([], STAMP, known)

        [found] = subscribed
        assert found == theirs

    def test_one_without_its_stamp_is_known_by_its_id(self, subscribed, known,
                                                      queue):
        for each in known:
            queue.client.subscription(queue.name, id=each, auto_create=False
                                      ).update({'options': {}})

        subscribed.converge([WEBHOOK, TRUSTED], STAMP, known)

        assert [(each.wanted, each.stamp, each.trust_id)
                for each in sorted(subscribed, key=lambda each: list(
                    known).index(each.id))] == [
            (wanted, STAMP, trust_id) for wanted, trust_id
            in zip([WEBHOOK, TRUSTED], known.values(), strict=True)]

    def test_a_foreign_one_is_refused(self, subscribed):
        subscribed.ensure(WEBHOOK, SOMEBODY)

        with pytest.raises(errors.Conflict, match='did not make'):
            subscribed.converge([WEBHOOK], STAMP, {})
