# SPDX-License-Identifier: Apache-2.0
"""Watching a queue for all who wait on it in this process.

Waits that hold a thread look about once a second each, and parked ones that
were rung look all at once. What Zaqar answered one of them a moment ago, or is
about to answer, is the answer for the others too: however many conditions wait
on a queue, it is asked once a second.
"""
import threading
import time
import weakref

#: Seconds that an answer is good for others. With the second between two
#: looks it bounds the time from a post to its being seen.
FRESH = 0.9

_shared = weakref.WeakValueDictionary()
_lock = threading.Lock()


class Watch:
    """A queue, for ``heat_plugins.waiting.reader.Reader``.

    :param queue: a ``heat_plugins.zaqar.queue.Queue``.
    :param project: the id of the project that it is in.
    """

    def __init__(self, queue, project, clock=time.monotonic):
        self._queue = queue
        # What was asked before may show what somebody has consumed since.
        self._since = clock()
        with _lock:
            self._answers = _shared.setdefault((project, queue.href),
                                               _Answers(clock))

    @property
    def name(self):
        """As of ``Queue``."""
        return self._queue.name

    def metadata(self):
        """As of ``Queue``, not older than ``FRESH`` or than this watch."""
        return self._answers.get('metadata', self._queue.metadata,
                                 self._since)

    def page(self, *question, **options):
        """As of ``Queue``, not older than ``FRESH`` or than this watch."""
        return self._answers.get(
            (question, tuple(sorted(options.items()))),
            lambda: self._queue.page(*question, **options), self._since)

    def delete_messages(self, *messages):
        """As of ``Queue``; another's page may show them for a moment."""
        self._queue.delete_messages(*messages)


class _Answers:
    """The answers about one queue, errors as well."""

    def __init__(self, clock):
        self._clock = clock
        self._lock = threading.Lock()
        self._known = {}

    def get(self, question, ask, since):
        """The answer to a question asked not long ago, and after ``since``."""
        with self._lock:
            answer = self._known.get(question)
            if answer is None or answer.is_old() or answer.asked < since:
                self._known = {key: each for key, each in self._known.items()
                               if not each.is_old()}
                answer = self._known[question] = _Answer(ask, self._clock)
        return answer.get()


class _Answer:
    """One answer: the first who wants it asks, the others wait for it."""

    def __init__(self, ask, clock):
        self.asked = clock()
        self._ask = ask
        self._clock = clock
        self._lock = threading.Lock()
        self._given = None
        self._value = None
        self._error = None

    def is_old(self):
        """Not while it is asked for."""
        return (self._given is not None and
                self._clock() - self._given > FRESH)

    def get(self):
        with self._lock:
            if self._given is None:
                try:
                    self._value = self._ask()
                # The others need not find out again: Zaqar may hang.
                except Exception as error:
                    self._error = error
                self._given = self._clock()
        if self._error is not None:
            raise self._error
        return self._value
