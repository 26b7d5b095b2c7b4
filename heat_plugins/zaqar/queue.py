# SPDX-License-Identifier: Apache-2.0
"""A queue that tells the truth, on python-zaqarclient's ``Queue``.

The facts this corrects, each seen on a running server: GET of a missing
queue answers 200, HEAD 405, a listing of its messages an empty page; DELETE
leaves the subscriptions behind; PUT of an existing queue ignores the
metadata; a page may hide what lies behind it.
"""
import dataclasses
import datetime
import json
import re

from oslo_utils import timeutils
from zaqarclient.queues.v2 import core
from zaqarclient.queues.v2 import queues

from heat_plugins.zaqar import errors
from heat_plugins.zaqar import limits
from heat_plugins.zaqar import subscriptions

#: What the server puts into every answer about a queue, with its default.
#: None stands for "not set"; the others are the shipped configuration's.
INJECTED = {
    '_max_messages_post_size': limits.POST_SIZE[1],
    '_default_message_ttl': limits.MESSAGE_TTL_DEFAULT,
    '_default_message_delay': limits.MESSAGE_DELAY[0],
    '_dead_letter_queue': None,
    '_dead_letter_queue_messages_ttl': None,
    '_max_claim_count': None,
    '_enable_encrypt_messages': False,
}

_SURROGATE = re.compile('[\ud800-\udfff]')

#: The marker every driver takes as "from the beginning".
START = '0'


@dataclasses.dataclass(frozen=True)
class SignedURL:
    """Credentials for a guest: some paths and methods of one queue.

    :ivar signature: hexadecimal HMAC of the rest.
    :ivar expires: UTC, ``YYYY-MM-DDTHH:MM:SS``.
    :ivar project: id of the project that holds the queue.
    :ivar paths: absolute URL paths the guest may use.
    :ivar methods: HTTP methods the guest may use.
    """
    signature: str
    expires: str
    project: str
    paths: tuple
    methods: tuple

    def headers(self, client_id):
        """The HTTP headers that go with every request of the guest.

        :param client_id: a UUID; Zaqar asks every client for one.
        """
        return {
            'URL-Signature': self.signature,
            'URL-Expires': self.expires,
            'URL-Methods': ','.join(self.methods),
            'URL-Paths': ','.join(self.paths),
            'X-Project-ID': self.project,
            'Client-ID': client_id,
            'Content-Type': 'application/json',
        }


class Queue(queues.Queue):
    """One queue of the session's project.

    :raises heat_plugins.zaqar.errors.ZaqarError: any call may; see there.
    """

    @property
    def path(self):
        """The queue's path below Zaqar's endpoint."""
        return '/v2/queues/%s' % self.name

    @property
    def href(self):
        """The queue's absolute URL, as this client reaches it."""
        return self.client.endpoint() + self.path

    def create(self, metadata):
        """Create the queue with this metadata.

        :returns: False when it was there before: it is then unchanged.
        """
        request, transport = self.client._request_and_transport()
        request.operation = 'queue_create'
        request.params['queue_name'] = self.name
        request.content = json.dumps(metadata)
        return transport.send(request).status_code == 201

    def metadata(self, new_meta=None, force_reload=True):
        """The queue's metadata, what the server injects left out.

        :param new_meta: replaces all the metadata, the typed keys that
            begin with ``_`` included.
        :raises heat_plugins.zaqar.errors.NotFound: no such queue.
        """
        current = self._without_injected(self._get())
        if not current:
            # A missing queue looks the same; an empty patch tells.
            current = self._without_injected(self._patch([]))
        if new_meta is None or new_meta == current:
            return current
        changes = {key: None for key in current if key not in new_meta}
        changes.update(new_meta)
        return self.update(changes)

    def update(self, changes):
        """Set the keys of ``changes``; a value of None removes its key.

        Only what differs is sent, so that it can be repeated.

        :returns: the metadata afterwards, what the server injects left out.
        :raises heat_plugins.zaqar.errors.NotFound: no such queue.
        """
        current = self.metadata()
        operations = []
        for key, value in changes.items():
            path = '/metadata/' + key.replace('~', '~0').replace('/', '~1')
            if value is None:
                if key in current:
                    operations.append({'op': 'remove', 'path': path})
            elif current.get(key) != value:
                # "add" also replaces, "replace" of an absent key is 409
                operations.append({'op': 'add', 'path': path, 'value': value})
        if not operations:
            return current
        return self._without_injected(self._patch(operations))

    def exists(self):
        """Whether the queue is there."""
        try:
            self.metadata()
        except errors.NotFound:
            return False
        return True

    @property
    def stats(self):
        """How many messages: a map of ``free``, ``claimed`` and ``total``."""
        counts = super().stats['messages']
        return {key: counts[key] for key in ('free', 'claimed', 'total')}

    def delete(self):
        """Delete all its subscriptions, then the queue. Gone is fine."""
        mine = subscriptions.Subscriptions(self)
        for each in list(mine):
            mine.delete(each.id)
        super().delete()

    def page(self, marker=START, include_claimed=True):
        """One page of messages, oldest first, as the server gives them.

        An empty page does not mean that nothing lies behind it.

        :param marker: the id of the message before the page. None leaves it
            to the server to skip what is claimed or gone; only without
            ``include_claimed``, with it the Redis driver answers 503.
        :returns: maps of ``id``, ``body``, ``age``, ``ttl`` and more.
        """
        query = {'echo': True, 'limit': limits.PAGE}
        if include_claimed:
            query['include_claimed'] = True
        if marker is not None:
            query['marker'] = marker
        request, transport = self.client._request_and_transport()
        answer = core.message_list(transport, request, self.name, **query)
        if not _is_page(answer):
            raise errors.UnexpectedAnswer(
                'The answer is not a page of messages: %.200s' % (answer,))
        return answer['messages']

    def post(self, messages):
        """Post messages: maps of ``body`` and, maybe, ``ttl`` and ``delay``.

        :param messages: a list, or one of them.
        """
        request, transport = self.client._request_and_transport()
        request.operation = 'message_post'
        request.params['queue_name'] = self.name
        request.content = _as_json({'messages': (
            messages if isinstance(messages, list) else [messages])})
        return transport.send(request).deserialized_content

    def delete_messages(self, *messages):
        """Delete messages by their ids, claimed or not. Gone is fine."""
        for start in range(0, len(messages), limits.PAGE):
            request, transport = self.client._request_and_transport()
            core.message_delete_many(transport, request, self.name,
                                     messages[start:start + limits.PAGE])

    def delete_unclaimed(self, message_id):
        """Delete a message that nobody has claimed. Gone is fine.

        :raises heat_plugins.zaqar.errors.Forbidden: it is claimed.
        """
        request, transport = self.client._request_and_transport()
        core.message_delete(transport, request, self.name, message_id)

    def signed_url(self, paths=None, ttl_seconds=None, methods=None):
        """Sign some paths and methods of this queue for a guest.

        :param paths: of ``messages``, ``subscriptions``, ``claims``.
        :param ttl_seconds: seconds until the URL expires.
        :rtype: SignedURL
        """
        expires = timeutils.utcnow() + datetime.timedelta(seconds=ttl_seconds)
        request, transport = self.client._request_and_transport()
        request.operation = 'signed_url_create'
        request.params['queue_name'] = self.name
        request.content = json.dumps({
            'paths': list(paths), 'methods': list(methods),
            'expires': expires.isoformat(timespec='seconds')})
        try:
            answer = transport.send(request).deserialized_content
        except errors.BadRequest as error:
            if 'key' not in str(error):
                raise
            raise errors.BadRequest(
                'Zaqar cannot sign URLs: its operator has to set secret_key '
                'in the section [signed_url] of zaqar.conf. %s' % error,
                error.code) from error
        return SignedURL(answer['signature'], answer['expires'],
                         answer['project'], tuple(answer['paths']),
                         tuple(answer['methods']))

    def _get(self):
        request, transport = self.client._request_and_transport()
        return core.queue_get(transport, request, self.name)

    def _patch(self, operations):
        request, transport = self.client._request_and_transport()
        return core.queue_update(transport, request, self.name, operations)

    @staticmethod
    def _without_injected(metadata):
        if not isinstance(metadata, dict):
            raise errors.UnexpectedAnswer(
                "The answer is not a queue's metadata: %.200s" % (metadata,))
        return {key: value for key, value in metadata.items()
                if value is not None and value != INJECTED.get(key)}


def _as_json(document):
    """As short as it can be: what Zaqar takes is limited in bytes."""
    text = json.dumps(document, ensure_ascii=False)
    # Half of a surrogate pair is Zaqar's to refuse.
    return json.dumps(document) if _SURROGATE.search(text) else text


def _is_page(answer):
    messages = answer.get('messages') if isinstance(answer, dict) else None
    return isinstance(messages, list) and all(
        isinstance(each, dict) and isinstance(each.get('id'), str)
        for each in messages)
