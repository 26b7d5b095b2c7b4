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
