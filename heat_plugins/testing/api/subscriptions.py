# SPDX-License-Identifier: Apache-2.0
"""Subscriptions."""
import uuid

from heat_plugins.testing import refusals
from heat_plugins.testing import validation
from heat_plugins.testing.api import call

_TTL = 3600
_UNIQUE = 'Subscriptions are unique by project + queue + subscriber URI.'


def create(asked):
    """POST: subscribe; it makes the queue.

    A subscriber that is there and unconfirmed is answered as if made.
    """
    document = asked.document_if_any()
    asked.store.create(asked.key, {})
    if 'subscriber' not in document:
        raise refusals.bad_request('Missing parameter subscriber in body.')
    validation.subscription(document)
    store = asked.store.subscriptions
    options = document.get('options', {})
    if document['subscriber'].startswith('trust+'):
        # The trust is made before anybody looks what is there.
        options.setdefault('trust_id', uuid.uuid4().hex)
    there = store.to(asked.key, document['subscriber'])
    if there is not None and there.confirmed:
        raise refusals.Refusal(
            409, 'Resource conflict', 'Such subscription already exists.' +
            _UNIQUE, {'Location': asked.path})
    made = there.id if there is not None else store.create(
        asked.key, document['subscriber'], document.get('ttl', _TTL),
        options)
    return call.Answer(201, {'subscription_id': made},
                       {'Location': asked.path})


def index(asked):
    """GET of a page of a queue's subscriptions."""
    limit, marker = asked.integer('limit'), asked.text('marker')
    validation.listing(limit)
    found = asked.store.subscriptions.page(asked.key, marker, limit or 10)
    return call.Answer(200, {
        'subscriptions': [_shown(asked, each) for each in found],
        'links': ([asked.next_link(found[-1].id, limit=limit)]
                  if found else [])})


def show(asked):
    """GET of a subscription."""
    return call.Answer(200, _shown(asked, _subscription(asked)))


def update(asked):
    """PATCH of a subscription."""
    document = asked.document_if_any()
    validation.subscription(document)
    changes = {key: document[key] for key in ('subscriber', 'ttl', 'options')
               if document.get(key) is not None}
    if not changes:
        raise refusals.bad_request(
            'Subscription %s could not be updated.' %
            asked.variables['subscription'], 'Unable to update subscription')
    subscription = _subscription(asked)
    store = asked.store.subscriptions
    subscriber = changes.get('subscriber', subscription.subscriber)
    if (subscriber != subscription.subscriber and
            store.to(asked.key, subscriber) is not None):
        raise refusals.conflict('Such subscription already exists. ' +
                                _UNIQUE)
    store.update(subscription, **changes)
    return call.Answer(204, headers={'Location': asked.path})


def delete(asked):
    """DELETE of a subscription, which need not be there."""
    asked.store.subscriptions.delete(asked.key,
                                     asked.variables['subscription'])
    return call.Answer(204)


def confirm(asked):
    """PUT: the subscriber agrees, or does not."""
    confirmed = asked.document_if_any().get('confirmed')
    if not isinstance(confirmed, bool):
        raise refusals.bad_request("The 'confirmed' should be boolean.")
    _subscription(asked).confirmed = confirmed
    return call.Answer(204, headers={'Location': asked.path})


def _subscription(asked):
    found = asked.store.subscriptions.get(asked.key,
                                          asked.variables['subscription'])
    if found is None:
        raise refusals.not_found('Subscription %s does not exist' %
                                 asked.variables['subscription'])
    return found


def _shown(asked, subscription):
    created = subscription.expires - subscription.ttl
    return {'id': subscription.id, 'source': subscription.source,
            'subscriber': subscription.subscriber, 'ttl': subscription.ttl,
            'age': asked.store.now() - created,
            'options': subscription.options,
            'confirmed': subscription.confirmed}
