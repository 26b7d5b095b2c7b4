# SPDX-License-Identifier: Apache-2.0
"""What the answer of an HTTP server says of a delivery."""
import datetime
import email.utils

from heat_plugins.messages import texts
from heat_plugins.pipes import targets

#: The header that has the id of the message.
ID = 'Heat-Zaqar-Message-Id'
# Statuses below 500 with which a server asks to try again.
_AGAIN = (408, 425, 429)
# Seconds that a server may ask for, at most.
_LONGEST = 3600
# Bytes of an answer that are told of.
_SHOWN = 300


def failure(answer):
    """None if it was taken; else the ``targets.Failure``.

    :param answer: a ``requests.Response``, of which the body may not be read
        yet.
    """
    if 200 <= answer.status_code < 300:
        return None
    text = answer.raw.read(_SHOWN, decode_content=True).decode(
        errors='replace').strip()
    return targets.Failure(
        texts.line('HTTP status %d%s' % (answer.status_code,
                                         text and ': ' + text)),
        answer.status_code < 500 and answer.status_code not in _AGAIN,
        _pause(answer.headers.get('Retry-After', '')))


def _pause(text):
    """Seconds that the header Retry-After asks for: a number, or a date."""
    try:
        seconds = float(text)
    except ValueError:
        try:
            seconds = (email.utils.parsedate_to_datetime(text) -
                       datetime.datetime.now(datetime.UTC)).total_seconds()
        except (TypeError, ValueError):
            return 0
    return min(_LONGEST, max(0, seconds))
