# SPDX-License-Identifier: Apache-2.0
"""Queues, their metadata and their statistics."""
import datetime

from heat_plugins.testing import messages
from heat_plugins.testing import refusals
from heat_plugins.testing import validation
from heat_plugins.testing.api import call
from heat_plugins.zaqar import limits

#: In the server's order.
RESERVED = {
    '_max_messages_post_size': limits.POST_SIZE[1],
    '_default_message_ttl': limits.MESSAGE_TTL_DEFAULT,
    '_default_message_delay': 0,
    '_dead_letter_queue': None,
    '_dead_letter_queue_messages_ttl': None,
    '_max_claim_count': None,
    '_enable_encrypt_messages': False,
}


def index(asked):
    """GET of all queues."""
    options = {'limit': asked.integer('limit'),
               'detailed': asked.boolean('detailed'),
               'with_count': asked.boolean('with_count')}
    validation.listing(options['limit'], 'no greater than')
    names = asked.store.names(asked.project)
    marker = asked.text('marker')
    rank = names.index(marker) if marker in names else 0
    start = rank + 1 if rank else 0
    page = names[start:start + (options['limit'] or 10)]
    queues = []
    for name in page:
        shown = {'name': name.split('.')[0]}
        if options['detailed']:
            shown['metadata'] = _with_reserved(
                asked.store.metadata((asked.project, name)))
        queues.append({**shown, 'href': asked.path + '/' + shown['name']})
    document = {'queues': queues, 'links': [
        asked.next_link(page[-1], **options)] if page else []}
    if options['with_count'] and names:
        document['count'] = len(names)
    return call.Answer(200, document)


def show(asked):
    """GET of a queue, which need not be there."""
    return call.Answer(200, _with_reserved(
        asked.store.metadata(asked.key) or {}))


def create(asked):
    """PUT of a queue."""
    validation.metadata_length(asked.request.content_length)
    metadata = call.a_map(asked.document_if_any())
    validation.metadata(metadata)
    created = asked.store.create(asked.key, metadata)
    return call.Answer(201 if created else 204,
                       headers={'Location': asked.path})


def update(asked):
    """PATCH of a queue's metadata."""
    validation.metadata_length(asked.request.content_length,
                               refusals.bad_body)
    if (asked.request.headers.get('Content-Type') !=
            'application/openstack-messaging-v2.0-json-patch'):
        raise refusals.Refusal(
            415, '415 Unsupported Media Type',
            "Accepted media type for PATCH: {'Accept-Patch': "
            "'application/openstack-messaging-v2.0-json-patch'}.")
    if not asked.request.content_length:
        raise refusals.bad_body('PATCH body could not be empty for update.')
    document = asked.document()
    if not isinstance(document, list):
        raise refusals.unavailable('Request body could not be read.')
    changes = validation.changes(document)
    current = asked.store.metadata(asked.key)
    if current is None:
        raise refusals.no_such_queue(asked.key)
    metadata = _changed(current, changes)
    validation.metadata(metadata, refusals.bad_body)
    asked.store.replace(asked.key, metadata)
    return call.Answer(200, _with_reserved(metadata))


def delete(asked):
    """DELETE of a queue, which need not be there."""
    asked.store.delete(asked.key)
    return call.Answer(204)


def purge(asked):
    """POST: delete the messages, and one page of the subscriptions."""
    document = asked.document_if_any() or {
        'resource_types': ['messages', 'subscriptions']}
    if 'resource_types' not in document:
        raise refusals.bad_request(
            'Post body must contain key "resource_types".')
    if 'messages' in document['resource_types']:
        store = asked.store.messages
        while True:
            claim_id, taken = store.make_claim(asked.key, 1, 0, 100)
            store.delete_many(asked.key, [each.id for each in taken])
            if claim_id is None:
                break
            store.release_claim(asked.key, store.claim(asked.key, claim_id))
    if 'subscriptions' in document['resource_types']:
        for each in asked.store.subscriptions.page(asked.key, None, 10):
            asked.store.subscriptions.delete(asked.key, each.id)
    return call.Answer(204)


def stats(asked):
    """GET of the statistics; of no queue, they are zeros."""
    store = asked.store.messages
    total = store.count(asked.key)
    if asked.store.metadata(asked.key) is None or not total:
        return call.Answer(200, {'messages': {
            'claimed': 0, 'free': 0, 'total': 0}})
    try:
        claimed = store.claimed_count(asked.key)
    except messages.Unreadable:
        raise refusals.unavailable('Queue stats could not be read.') from None
    counts = {'claimed': claimed, 'free': total - claimed, 'total': total}
    oldest, newest = store.ends(asked.key)
    if oldest is None or newest is None:
        # It stumbles over what has expired when it makes the links.
        raise refusals.unavailable('Queue stats could not be read.')
    counts['newest'] = _end(asked, newest)
    counts['oldest'] = _end(asked, oldest)
    return call.Answer(200, {'messages': counts})


def _end(asked, message):
    created = datetime.datetime.fromtimestamp(message.created, datetime.UTC)
    return {
        'age': asked.store.now() - message.created, 'ttl': message.ttl,
        'body': message.body, 'claim_id': message.claim,
        'claim_count': message.claim_count,
        'created': created.strftime('%Y-%m-%dT%H:%M:%SZ'),
        'href': '%s/messages/%s' % (asked.path.rpartition('/')[0],
                                    message.id)}


def _changed(metadata, changes):
    changed = dict(metadata)
    for operation, key, value in changes:
        if operation == 'add' or (operation == 'replace' and
                                  (key in changed or key in RESERVED)):
            changed[key] = value
        elif operation == 'remove' and (key in changed or key in RESERVED):
            changed.pop(key, None)
        else:
            raise refusals.conflict("Can't %s non-existent object %s." %
                                    (operation, key))
    return changed


def _with_reserved(metadata):
    return {**metadata, **{key: value for key, value in RESERVED.items()
                           if not metadata.get(key)}}
