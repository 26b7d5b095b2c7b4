# SPDX-License-Identifier: Apache-2.0
"""Messages."""
import json

from heat_plugins.testing import messages
from heat_plugins.testing import refusals
from heat_plugins.testing import validation
from heat_plugins.testing.api import call
from heat_plugins.zaqar import limits


def post(asked):
    """POST of messages; it makes the queue."""
    metadata = asked.store.metadata(asked.key)
    if metadata is None:
        metadata = {}
        asked.store.create(asked.key, metadata)
    validation.post_length(asked.request.content_length or 0,
                           metadata.get('_max_messages_post_size'))
    document = asked.document()
    if 'messages' not in document:
        raise refusals.bad_request(
            'No messages were found in the request body.')
    if not isinstance(document['messages'], list):
        raise refusals.bad_body('Document type not supported.')
    posted = [_posted(each, metadata) for each in document['messages']]
    validation.posted(posted)
    if not _is_text(document):
        raise refusals.unavailable('Messages could not be enqueued.')
    ids = asked.store.messages.post(asked.key, posted, asked.client)
    return call.Answer(
        201, {'resources': ['%s/%s' % (asked.path, each) for each in ids]},
        {'Location': '%s?ids=%s' % (asked.path, ','.join(ids))})


def index(asked):
    """GET of a page of messages, or of those with the given ids."""
    ids = asked.texts('ids')
    return _page(asked) if ids is None else _by_ids(asked, ids)


def show(asked):
    """GET of a message."""
    if asked.store.metadata(asked.key) is None:
        raise refusals.no_such_queue(asked.key)
    found = asked.store.messages.get(asked.variables['message'])
    if found is None or found.expires <= asked.store.now():
        raise refusals.not_found(
            'Message %s does not exist in queue %s for project %s' %
            (asked.variables['message'], asked.variables['queue'],
             asked.project))
    return call.Answer(200, shown(found, asked.path.rsplit('/', 2)[0],
                                  asked.store.now()))


def delete(asked):
    """DELETE of a message, which need not be there."""
    if asked.store.metadata(asked.key) is None:
        return call.Answer(204)
    try:
        asked.store.messages.delete(asked.key, asked.variables['message'],
                                    asked.text('claim_id'))
    except messages.IsClaimed:
        raise refusals.Refusal(
            403, 'Unable to delete', 'This message is claimed; it cannot be '
            'deleted without a valid claim ID.') from None
    except messages.NoSuchClaim:
        raise refusals.bad_request(
            'The specified claim does not exist or has expired.',
            'Unable to delete') from None
    except messages.WrongClaim:
        raise refusals.bad_request(
            'A claim was specified, but the message is not currently '
            'claimed.', 'Unable to delete') from None
    return call.Answer(204)


def delete_many(asked):
    """DELETE of the messages with the given ids, or of the first ones."""
    ids, pop = asked.texts('ids'), asked.integer('pop')
    validation.deletion(ids, pop)
    if pop is not None:
        return _pop(asked, pop)
    if asked.store.metadata(asked.key) is not None:
        asked.store.messages.delete_many(asked.key, ids)
    return call.Answer(204)


def shown(message, base, now, claim_id=None):
    """A message as the API shows it.

    :param base: the queue's path.
    """
    href = '%s/messages/%s' % (base, message.id)
    claim_id = claim_id or message.claim
    if claim_id:
        href += '?claim_id=' + claim_id
    return {'id': message.id, 'href': href, 'ttl': message.ttl,
            'age': now - message.created, 'body': message.body}


def _posted(document, metadata):
    ttl = (metadata.get('_default_message_ttl') or
           limits.MESSAGE_TTL_DEFAULT)
    posted = {'ttl': call.field(document, 'ttl', int, ttl),
              'body': call.field(document, 'body')}
    # A message's own delay is heeded only where the queue has one.
    delay = metadata.get('_default_message_delay')
    if delay:
        posted['delay'] = call.field(document, 'delay', int, delay)
    return posted


def _is_text(document):
    try:
        json.dumps(document, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return False
    return True


def _page(asked):
    options = {'limit': asked.integer('limit'), 'echo': asked.boolean('echo'),
               'include_claimed': asked.boolean('include_claimed'),
               'include_delayed': asked.boolean('include_delayed')}
    validation.listing(options['limit'])
    metadata = asked.store.metadata(asked.key)
    if metadata is None:
        return call.Answer(200, {'messages': [], 'links': []})
    if not metadata.get('_default_message_delay'):
        options['include_delayed'] = True
    try:
        found = asked.store.messages.page(
            asked.key, asked.client, asked.text('marker'),
            **{**options, 'limit': options['limit'] or 10})
    except messages.Unreadable:
        raise refusals.unavailable('Messages could not be listed.') from None
    base = asked.path.rpartition('/')[0]
    return call.Answer(200, {
        'messages': [shown(each, base, asked.store.now()) for each in found],
        'links': [asked.next_link(found[-1].id, **options)] if found else []})


def _by_ids(asked, ids):
    validation.listing(len(ids))
    found = [] if asked.store.metadata(asked.key) is None else [
        message for each in ids
        if (message := asked.store.messages.get(each)) is not None]
    if not found:
        raise refusals.not_found(
            'No messages with IDs: %s found in the queue %s for project %s.' %
            (ids, asked.variables['queue'], asked.project))
    base = asked.path.rpartition('/')[0]
    return call.Answer(200, {'messages': [
        shown(each, base, asked.store.now()) for each in found]})


def _pop(asked, limit):
    store, now = asked.store.messages, asked.store.now()
    claim_id, taken = store.make_claim(asked.key, 1, 0, limit)
    popped = [{'id': each.id, 'age': now - each.created, 'ttl': each.ttl,
               'body': each.body, 'claim_id': claim_id,
               'claim_count': each.claim_count} for each in taken]
    if claim_id is not None and asked.store.metadata(asked.key) is not None:
        store.delete_many(asked.key, [each.id for each in taken])
        store.release_claim(asked.key, store.claim(asked.key, claim_id))
    return call.Answer(200, {'messages': popped})
