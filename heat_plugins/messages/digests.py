# SPDX-License-Identifier: Apache-2.0
"""A set of texts of which only digests are kept: 16 characters each."""
import hashlib

_LENGTH = 16


class Digests:
    """Knows which texts were added to it, and little more.

    Two of ten thousand texts are taken for one with a probability of about
    one in 10 ** 11.

    :param written: what ``str`` of another one gave.
    """

    def __init__(self, written=''):
        self._known = dict.fromkeys(
            written[start:start + _LENGTH]
            for start in range(0, len(written), _LENGTH))

    def add(self, text):
        """Know this text from now on."""
        self._known[_digest(text)] = None

    def update(self, other):
        """Know all that another one knows."""
        self._known.update(other._known)

    def __contains__(self, text):
        return _digest(text) in self._known

    def __len__(self):
        return len(self._known)

    def __str__(self):
        return ''.join(self._known)


def _digest(text):
    # JSON may hold half of a surrogate pair, which UTF-8 does not have.
    return hashlib.blake2b(text.encode('utf-8', 'surrogatepass'),
                           digest_size=_LENGTH // 2).hexdigest()
