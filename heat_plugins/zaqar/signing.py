# SPDX-License-Identifier: Apache-2.0
"""Signatures of URLs as Zaqar makes them (``zaqar/common/urls.py``)."""
import hashlib
import hmac

_FORMAT = '%Y-%m-%dT%H:%M:%S'


def moment(until):
    """The end of a signed URL as it is signed.

    :param until: a ``datetime`` in UTC.
    """
    return until.strftime(_FORMAT)


def signature(key, paths, methods, project, expires):
    """The signature of sorted paths and methods in a project, hexadecimal.

    :param key: bytes of Zaqar's ``[signed_url] secret_key``.
    :param expires: as ``moment`` gives it.
    """
    # The backslash and the n are two characters there, too.
    signed = r'%s\n%s\n%s\n%s' % (','.join(paths), ','.join(methods),
                                  project, expires)
    return hmac.new(key, signed.encode(), hashlib.sha256).hexdigest()
