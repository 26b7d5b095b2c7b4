# SPDX-License-Identifier: Apache-2.0
"""Signed URLs: made, and recognized in a request's headers."""
import datetime
import re
import uuid

from oslo_utils import timeutils

from heat_plugins.zaqar import signing

_DAY = 86400


class Signer:
    """Signs with a secret of its own.

    :param clock: gives the seconds since the epoch.
    """

    def __init__(self, clock):
        self._clock = clock
        self._secret = uuid.uuid4().bytes

    def sign(self, paths, project, methods=None, expires=None):
        """What the server answers to who asks for a signed URL.

        :raises ValueError: for values that cannot be signed.
        """
        methods = methods or ['GET']
        if not isinstance(methods, list):
            raise ValueError('`methods` should be a list')
        until = self._until(expires)
        if until <= _moment(self._clock()):
            raise ValueError('`expires` is lower than the current time')
        paths, methods = sorted(paths), sorted(methods)
        text = signing.moment(until)
        return {
            'paths': paths, 'methods': methods, 'project': project,
            'expires': text,
            'signature': signing.signature(self._secret, paths, methods,
                                           project, text)}

    def allows(self, method, path, headers):
        """Whether a request's headers are a signature for it."""
        methods = headers.get('URL-Methods', '').split(',')
        paths = headers.get('URL-Paths', '').split(',')
        if method not in methods:
            return False
        if not any(re.search(each, path) for each in paths):
            return False
        try:
            good = self.sign(paths, headers.get('X-Project-ID'), methods,
                             headers.get('URL-Expires'))
        except ValueError:
            return False
        return good['signature'] == headers['URL-Signature']

    def _until(self, expires):
        if expires is None:
            return _moment(self._clock() + _DAY)
        if isinstance(expires, int) or expires.isdigit():
            raise ValueError(
                '`expires` should be date format, for example '
                '2016-01-01T00:00:00, not integer value: %s' % expires)
        return timeutils.normalize_time(timeutils.parse_isotime(expires))


def _moment(timestamp):
    """A timestamp as what ``timeutils`` compares: UTC, without a zone."""
    return datetime.datetime.fromtimestamp(
        timestamp, datetime.UTC).replace(tzinfo=None)
