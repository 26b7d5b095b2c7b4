# SPDX-License-Identifier: Apache-2.0
"""Telling people how a wait goes on, not more often than they can read.

Whoever can post to a queue could otherwise make an event of each message, and
Heat's database, event sinks and threads would have to bear it.
"""
import collections
import time

# Lines of a kind that are told as they come.
_AT_ONCE = 5
# After these a share of the time so far passes between two lines: about 150
# in a day.
_SHARE = 0.05

#: What a line is about: a newer line takes the place of one of its kind.
RECEIVED = 'received'
IN_PROGRESS = 'in progress'
UNMATCHED = 'unmatched'
IGNORED = 'ignored'
ASKED = 'asked'
EARLIER = 'earlier'


class Progress:
    """Tells the first lines of a kind at once, then the newest now and then.

    :param report: called with a line for people.
    :param interval: seconds between two lines of a kind, at least.
    :param kept: what ``to_map`` gave, to go on with; None for a beginning.
    """

    def __init__(self, report, interval, kept=None, clock=time.time):
        kept = kept or {}
        self._report = report
        self._interval = interval
        self._clock = clock
        self._began = kept.get('began', clock())
        #: The newest line of each kind, and those of them not told yet.
        self._newest = kept.get('newest', {})
        self._untold = kept.get('untold', {})
        self._told = collections.Counter(kept.get('told'))
        #: When the next line of a kind may be told.
        self._due = kept.get('due', {})

    def to_map(self):
        """What was told and when, as JSON has it."""
        return {'began': self._began, 'newest': self._newest,
                'untold': self._untold, 'told': dict(self._told),
                'due': self._due}

    def tell(self, kind, line):
        """Keep a line to be told when it is due, unless a newer one comes.

        Without a text, or without a change, there is nothing to tell.
        """
        if line and line != self._newest.get(kind):
            self._untold.pop(kind, None)
            self._newest[kind] = self._untold[kind] = line

    def newest(self, kind):
        """The newest line of a kind; '' if there is none."""
        return self._newest.get(kind, '')

    def forget(self, kind):
        """There is no line of a kind any more."""
        self._newest.pop(kind, None)

    def follow(self, look):
        """Look, and tell what is due then, or all when it is over.

        :param look: called once; returns whether it is over. So it is when
            an error rises.
        :returns: what ``look`` returned.
        """
        is_over = True
        try:
            is_over = look()
        finally:
            if is_over:
                self._tell_all()
            else:
                self._tell_what_is_due()
        return is_over

    def _tell_what_is_due(self):
        now = self._clock()
        for kind in list(self._untold):
            if now >= self._due.get(kind, now):
                self._tell(kind, now)

    def _tell_all(self):
        for kind in list(self._untold):
            self._tell(kind, self._clock())

    def _tell(self, kind, now):
        self._told[kind] += 1
        if self._told[kind] >= _AT_ONCE:
            self._due[kind] = now + max(self._interval,
                                        (now - self._began) * _SHARE)
        self._report(self._untold.pop(kind))
