# SPDX-License-Identifier: Apache-2.0
"""Zaqar's notifications: what it sends to subscribers for a message.

A notification is ``{"ttl": .., "body": .., "Message_Type": "Notification",
"queue_name": ..}``; a message that was forwarded to a queue arrives so.
"""
import json
import re

#: The string that stands for the notification in what a subscriber is sent.
PLACEHOLDER = '$zaqar_message$'

_KEYS = frozenset(['ttl', 'body', 'Message_Type', 'queue_name'])


def unwrap(body):
    """The body inside a notification; any other body as it is.

    A message forwarded twice is wrapped twice.
    """
    while (isinstance(body, dict) and body.keys() == _KEYS and
           body['Message_Type'] == 'Notification'):
        body = body['body']
    return body


def post_data(document):
    """A JSON value as the text that Zaqar fills and sends: ``post_data``.

    Zaqar replaces the placeholder with its quotes, wherever they are: only
    where it is a whole value does it stand for the notification. The text
    is ASCII, because Zaqar hands it on as it is.

    :raises ValueError: NaN and infinity are not JSON.
    """
    text = json.dumps(document, allow_nan=False)
    quoted = re.escape('"%s"' % PLACEHOLDER)
    # as a key, or at the end of a longer string
    return re.sub(r'%s(?=:)|(?<=\\)%s' % (quoted, quoted),
                  lambda found: found.group().replace('$', '\\u0024', 1),
                  text)
