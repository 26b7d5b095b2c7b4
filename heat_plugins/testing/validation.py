# SPDX-License-Identifier: Apache-2.0
"""The server's limits, in its own words (``zaqar/transport/validation.py``).

Every function raises ``refusals.Refusal`` for what is not allowed.
"""
import datetime
import re
import urllib.parse
import uuid

from heat_plugins.testing import refusals
from heat_plugins.zaqar import limits

MAX_CLAIM_TTL = 43200
SUBSCRIBER_TYPES = ['http', 'https', 'mailto', 'trust+http', 'trust+https']

_BACKOFFS = ('linear', 'arithmetic', 'geometric', 'exponential')
_RETRY_NUMBERS = ('retries_with_no_delay', 'minimum_delay_retries',
                  'minimum_delay', 'maximum_delay', 'maximum_delay_retries')
_OPERATIONS = 'It must be one of the following: add, remove, replace.'


def client_id(value):
    """The header every request needs."""
    if value is None:
        raise refusals.bad_request('The "Client-Id" header is required.',
                                   'Missing header value')
    try:
        return str(uuid.UUID(value))
    except ValueError:
        raise refusals.bad_request('Malformed hexadecimal UUID.',
                                   'Wrong UUID value') from None


def queue_name(name):
    if not re.fullmatch(r'[a-zA-Z0-9_\-.]{1,64}', name):
        raise refusals.bad_request(
            'The format of the submitted queue name or project id is not '
            'valid.', 'Invalid queue identification')


def listing(limit, words='may not be greater than'):
    if limit is not None and not 0 < limit <= limits.PAGE:
        raise refusals.bad_request('Limit must be at least 1 and %s %d.' %
                                   (words, limits.PAGE))


def metadata_length(length, refuse=refusals.bad_request):
    if (length or 0) > limits.METADATA_SIZE:
        raise refuse('Queue metadata is too large. Max size: %d' %
                     limits.METADATA_SIZE)


def metadata(document, refuse=refusals.bad_request):
    """The keys that mean something to the server."""
    _integers(document, refuse)
    _in_range(document, '_default_message_ttl', limits.MESSAGE_TTL, refuse,
              '_default_message_ttl can not exceed %d seconds, and must be '
              'at least %d seconds long.')
    size = document.get('_max_messages_post_size')
    if size is not None and not 0 < size <= limits.POST_SIZE[1]:
        raise refuse('_max_messages_post_size can not exceed %d,  and must '
                     'be at least greater than 0.' % limits.POST_SIZE[1])
    _in_range(document, '_dead_letter_queue_messages_ttl',
              limits.MESSAGE_TTL, refuse,
              'The TTL for a message may not exceed %d seconds, and must be '
              'at least %d seconds long.')
    _in_range(document, '_default_message_delay', limits.MESSAGE_DELAY,
              refuse, 'The TTL can not exceed %d seconds, and must be at '
              'least %d seconds long.')
    retry_policy(document, refuse)


def _integers(document, refuse):
    for key in ('_default_message_ttl', '_max_messages_post_size',
                '_max_claim_count', '_dead_letter_queue_messages_ttl',
                '_default_message_delay'):
        value = document.get(key)
        if value and not isinstance(value, int):
            raise refuse('%s must be integer.' % key)


def _in_range(document, key, allowed, refuse, words):
    value = document.get(key)
    if value is not None and not allowed[0] <= value <= allowed[1]:
        raise refuse(words % (allowed[1], allowed[0]))


def retry_policy(document, refuse=refusals.bad_request):
    policy = document.get('_retry_policy') if document else None
    if not policy:
        return
    if not isinstance(policy, dict):
        raise refuse('retry_policy must be a dict.')
    for key in _RETRY_NUMBERS:
        if policy.get(key) and not isinstance(policy[key], int):
            raise refuse('Retry policy: %s must be a integer.' % key)
    backoff = policy.get('retry_backoff_function')
    if backoff and not isinstance(backoff, str):
        raise refuse('retry_backoff_function must be a string.')
    if backoff and backoff not in _BACKOFFS:
        raise refuse('invalid retry_backoff_function.')
    override = policy.get('ignore_subscription_override')
    if override and not isinstance(override, bool):
        raise refuse('ignore_subscription_override must be a boolean.')
    least = policy.get('minimum_delay', 5)
    most = policy.get('maximum_delay', 30)
    if most < least:
        raise refuse('minimum_delay must less than maximum_delay.')
    if most - least < 10:
        raise refuse('invalid minimum_delay and maximum_delay.')


def changes(document):
    """A JSON patch, as a list of (operation, key, value)."""
    parsed = []
    for change in document:
        if not isinstance(change, dict):
            raise refusals.bad_body('Operations must be JSON objects.')
        operation = change.get('op')
        if operation is None:
            raise refusals.bad_body(
                'Unable to find `op` in JSON Schema change. ' + _OPERATIONS)
        if operation not in ('add', 'remove', 'replace'):
            raise refusals.bad_body('Invalid operation: `%s`. %s' %
                                    (operation, _OPERATIONS))
        if 'path' not in change:
            raise refusals.bad_body(
                "Unable to find 'path' in JSON Schema change")
        path = _pointer(change['path'])
        if len(path) != 2:
            raise refusals.bad_body(
                "Invalid JSON pointer for this resource: '/%s, e.g "
                "/metadata/key'" % '/'.join(path))
        if operation != 'remove':
            if 'value' not in change:
                raise refusals.bad_body('Operation "%s" requires a member '
                                        'named "value".' % operation)
            if path[0].lower() != 'metadata':
                raise refusals.bad_body('The root of path must be metadata, '
                                        'e.g /metadata/key.')
        parsed.append((operation, path[1], change.get('value')))
    return parsed


def _pointer(pointer):
    trouble = None
    if not pointer.startswith('/'):
        trouble = 'does not start with "/".'
    elif re.search(r'/\s*?/', pointer[1:]):
        trouble = 'contains adjacent "/".'
    elif len(pointer) > 1 and pointer.endswith('/'):
        trouble = 'end with "/".'
    elif re.search(r'~[^01]', pointer) or pointer.endswith('~'):
        trouble = 'contains "~" not part of a recognized escape sequence.'
    if trouble:
        raise refusals.bad_body('Pointer `%s` %s' % (pointer, trouble))
    return [part.replace('~1', '/').replace('~0', '~').strip()
            for part in pointer.lstrip('/').split('/')]


def post_length(length, queue_limit):
    if queue_limit:
        most = min(queue_limit, limits.POST_SIZE[1])
        if length > most:
            raise refusals.bad_request(
                'Message collection size is too large. The max size for '
                'current queue is %d. It is calculated by max size = '
                'min(max_messages_post_size_config: %d, '
                'max_messages_post_size_queue: %d).' %
                (most, limits.POST_SIZE[1], queue_limit))
    if length > limits.POST_SIZE[1]:
        raise refusals.bad_request(
            'Message collection size is too large. Max size %d' %
            limits.POST_SIZE[1])


def posted(messages):
    if not messages:
        raise refusals.bad_request('No messages to enqueu.')
    for each in messages:
        _in_range(each, 'ttl', limits.MESSAGE_TTL, refusals.bad_request,
                  'The TTL for a message may not exceed %d seconds, and must '
                  'be at least %d seconds long.')
        _in_range(each, 'delay', limits.MESSAGE_DELAY, refusals.bad_request,
                  'The Delay TTL for a message may not exceed %d seconds,'
                  'and must be at least %d seconds long.')


def deletion(ids, pop):
    if pop is not None and ids is not None:
        raise refusals.bad_request('pop and id params cannot be present '
                                   'together in the delete request.')
    if pop is None and ids is None:
        raise refusals.bad_request(
            'The request should have either "ids" or "pop" parameter in the '
            'request, to be able to delete.')
    if pop is not None and not 0 < pop <= limits.PAGE:
        raise refusals.bad_request('Pop value must be at least 1 and may not '
                                   'be greater than %d.' % limits.PAGE)
    if ids is not None and not 0 < len(ids) <= limits.PAGE:
        raise refusals.bad_request('ids parameter should have at least 1 and '
                                   'not greater than %d values.' % limits.PAGE)


def claim_ttl(ttl):
    _in_range({'ttl': ttl}, 'ttl', (60, MAX_CLAIM_TTL), refusals.bad_request,
              'The TTL for a claim may not exceed %d seconds, and must be at '
              'least %d seconds long.')


def claim_grace(grace):
    _in_range({'grace': grace}, 'grace', (60, MAX_CLAIM_TTL),
              refusals.bad_request, 'The grace for a claim may not exceed %d '
              'seconds, and must be at least %d seconds long.')


def subscription(document):
    """What is posted or patched."""
    if not document:
        raise refusals.bad_request('No subscription to create.')
    if not isinstance(document, dict):
        raise refusals.bad_request('Subscriptions must be a dict.')
    subscriber = document.get('subscriber')
    if (subscriber and urllib.parse.urlparse(subscriber).scheme not in
            SUBSCRIBER_TYPES):
        raise refusals.bad_request(
            'The subscriber type of subscription must be supported in the '
            'list %s.' % SUBSCRIBER_TYPES)
    options = document.get('options')
    if options and not isinstance(options, dict):
        raise refusals.bad_request('Options must be a dict.')
    retry_policy(options)
    ttl = document.get('ttl')
    if not ttl:
        return
    if not isinstance(ttl, int):
        raise refusals.bad_request('TTL must be an integer.')
    if ttl < 60:
        raise refusals.bad_request('The TTL for a subscription must be at '
                                   'least 60 seconds long.')
    try:
        datetime.datetime.now() + datetime.timedelta(seconds=ttl)
    except OverflowError:
        raise refusals.bad_request(
            'The TTL seconds for a subscription plus current time must be '
            'less than %s.' % datetime.datetime.max) from None
