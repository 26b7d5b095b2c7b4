# SPDX-License-Identifier: Apache-2.0
"""How often what was said of messages that do not count."""
import collections

from heat_plugins.messages import texts

# Different reasons that are remembered, and that are shown.
_KEPT = 20
_SHOWN = 3
# Characters of a reason: it may quote a stranger.
_LENGTH = 160
_OTHERS = 'other reasons'


class Tally:
    """Counts reasons; as text it is the most frequent ones."""

    def __init__(self):
        self._counts = collections.Counter()

    def add(self, reason):
        """Count a reason once more."""
        reason = texts.line(reason, _LENGTH)
        if reason not in self._counts and len(self._counts) >= _KEPT:
            reason = _OTHERS
        self._counts[reason] += 1

    @property
    def total(self):
        """How many were counted."""
        return self._counts.total()

    def most(self):
        """Reasons with their counts, the most frequent first."""
        return self._counts.most_common()

    def __str__(self):
        shown = ['%s (%d)' % each
                 for each in self._counts.most_common(_SHOWN)]
        if len(self._counts) > len(shown):
            shown.append('...')
        return ', '.join(shown)
