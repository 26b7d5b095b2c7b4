# SPDX-License-Identifier: Apache-2.0
"""What Zaqar's websocket pushes, as a doorbell: it says that one should look.

The queue stays the truth: a push may be lost, and may come before its message
is stored. So a subscription is made anew from time to time, and each time it
is a reason to look. It lives for minutes: what a dead server or engine leaves
has Zaqar try in vain to push to it.
"""
import contextlib
import dataclasses
import itertools
import random
import threading
import time

from oslo_log import log as logging

from heat_plugins import figures
from heat_plugins.zaqar import errors

LOG = logging.getLogger(__name__)

# Seconds until the first and the last of the tries to connect, each twice as
# long after the one before; some of it by chance, or all engines would come
# to a server at once that is back.
_FIRST_PAUSE, _LONGEST_PAUSE = 1, 60
# Seconds that a connection must have lasted for the pauses to begin anew.
_LASTING = 60
# Seconds that a subscription stays for which nobody waits: whoever was rung
# has looked, and often waits on.
_LINGER = 30
# Seconds until another try to subscribe to a queue that could not be.
_AGAIN = 15
# Seconds that the end is waited for: a server may hang.
_END = 5
# Seconds before a token ends that it is renewed, and at least between two.
_EARLY, _SELDOM = 60, 10


@dataclasses.dataclass(frozen=True)
class Subscription:
    """One of the connection that is there now.

    :ivar id: as Zaqar has it; None if there is none, and another try is due.
    :ivar until: when it is to be made, or made anew.
    """
    id: str | None
    until: float


class Doorbell:
    """Subscribes to the queues of a project on which somebody waits.

    :param door: how to come to the server, an object with ``connect()``,
        which returns a ``heat_plugins.zaqar.websocket.Connection``;
        ``token()``, which returns a token and the seconds until it ends;
        ``confirm(queue, subscription)``, which agrees to one; and
        ``refused()``, which is called when the server does not take the
        token. They may raise anything.
    :param ear: is told what there is to hear, an object with
        ``push_begins(queue)``: look, and from now on at each push;
        ``push(queue, delay)``: something comes, after so many seconds;
        ``push_ends(queue)``: look from time to time, as nothing is pushed.
    :param interval: seconds after which a subscription is made anew.
    :param is_left: called when there is nothing to listen to; returns whether
        there will be nothing again.
    """

    def __init__(self, door, ear, interval, is_left=lambda: False,
                 clock=time.monotonic):
        self._door = door
        self._ear = ear
        self._interval = interval
        self._is_left = is_left
        self._clock = clock
        self._lock = threading.Lock()
        #: Queues that are waited on; of those that are not, since when.
        self._wanted = set()
        self._unwanted = {}
        self._subscriptions = {}
        #: Queue → id of what an earlier connection has left behind, maybe.
        self._remains = {}
        self._connection = None
        self._connected_at = clock()
        self._authenticate_at = 0
        self._is_over = threading.Event()
        self._was_down = None
        self._pause = _FIRST_PAUSE
        self._thread = threading.Thread(target=self._run, daemon=True,
                                        name='heat-zaqar-doorbell')

    def begin(self):
        """Connect, and listen from now on."""
        self._thread.start()

    def stop(self):
        """Listen no more, from soon on; nobody is told."""
        self._is_over.set()
        self._wake()

    def end(self):
        """Stop, and wait a moment for what is under way."""
        self.stop()
        self._thread.join(_END)

    def listens_to(self, queue):
        """Whether what comes to a queue is pushed."""
        subscription = self._subscriptions.get(queue)
        return subscription is not None and subscription.id is not None

    @property
    def is_idle(self):
        """Whether there is nothing to listen to."""
        return not (self._wanted or self._unwanted)

    def hang(self, queue):
        """Listen to a queue.

        :returns: whether that was done already.
        """
        with self._lock:
            self._unwanted.pop(queue, None)
            self._wanted.add(queue)
        is_listening = self.listens_to(queue)
        if not is_listening:
            self._wake()
        return is_listening

    def take_down(self, queue):
        """Listen to it no more, unless it is hung up again soon."""
        with self._lock:
            if queue not in self._wanted:
                return
            self._wanted.discard(queue)
            if queue in self._subscriptions:
                self._unwanted[queue] = self._clock()
        self._wake()

    def _wake(self):
        connection = self._connection
        if connection is not None:
            connection.wake()

    def _run(self):
        while not self._has_ended:
            try:
                self._connect()
                while not self._has_ended:
                    self._serve()
            except Exception as error:
                self._tell_down(error)
            finally:
                self._disconnect()
            if not self._has_ended:
                self._is_over.wait(self._next_pause() * random.uniform(0.5, 1))

    @property
    def _has_ended(self):
        return self._is_over.is_set() or self.is_idle and self._is_left()

    def _connect(self):
        self._connected_at = self._clock()
        self._connection = self._door.connect()
        figures.PUSHING.inc()
        self._authenticate()
        remains, self._remains = self._remains, {}
        for queue, subscription_id in remains.items():
            self._delete(queue, subscription_id)
        if self._was_down is not False:
            LOG.info('Zaqar pushes what comes to the queues of %s: they are '
                     'not looked at in between', self._door)
        self._was_down = False

    def _authenticate(self):
        token, seconds = self._door.token()
        try:
            self._connection.authenticate(token)
        except errors.Refused:
            self._door.refused()
            raise
        self._authenticate_at = self._clock() + max(_SELDOM, seconds - _EARLY)

    def _next_pause(self):
        if self._clock() - self._connected_at >= _LASTING:
            self._pause = _FIRST_PAUSE
        pause, self._pause = self._pause, min(2 * self._pause, _LONGEST_PAUSE)
        return pause

    def _tell_down(self, error):
        if self._was_down is not True and not self._is_over.is_set():
            LOG.log(
                logging.INFO if isinstance(error, errors.NotOffered)
                else logging.WARNING,
                'Zaqar pushes nothing of the queues of %s; they are looked at '
                'from time to time: %s', self._door, error)
        self._was_down = True

    def _disconnect(self):
        connection, self._connection = self._connection, None
        with self._lock:
            left, self._subscriptions = self._subscriptions, {}
            self._unwanted.clear()
        if connection is not None:
            figures.PUSHING.dec()
            connection.close()
        for queue, subscription in left.items():
            if subscription.id is not None:
                self._remains[queue] = subscription.id
            if not self._is_over.is_set():
                self._ear.push_ends(queue)

    def _serve(self):
        """One round: what is due, then what is pushed until more is."""
        if self._clock() >= self._authenticate_at:
            self._authenticate()
        for queue in self._take_due():
            self._subscribe(queue)
            self._ring_pushed(0)
            if self._is_over.is_set():
                return
        self._ring_pushed(max(0, self._next_moment() - self._clock()))
        for queue, subscription in self._take_unwanted():
            self._unsubscribe(queue, subscription)

    def _ring_pushed(self, seconds):
        for push in dict.fromkeys(self._connection.wait(seconds)):
            self._ear.push(push.queue, push.delay)

    def _next_moment(self):
        with self._lock:
            if not self._wanted <= self._subscriptions.keys():
                return self._clock()
            return min(itertools.chain(
                [self._authenticate_at],
                (each.until for each in self._subscriptions.values()),
                (since + _LINGER for since in self._unwanted.values())))

    def _take_unwanted(self):
        now = self._clock()
        with self._lock:
            left = [queue for queue, since in self._unwanted.items()
                    if now >= since + _LINGER]
            for queue in left:
                del self._unwanted[queue]
            return [(queue, self._subscriptions.pop(queue))
                    for queue in left if queue in self._subscriptions]

    def _take_due(self):
        now = self._clock()
        with self._lock:
            return [queue for queue in self._wanted
                    if queue not in self._subscriptions or
                    now >= self._subscriptions[queue].until]

    def _unsubscribe(self, queue, subscription):
        if subscription.id is not None:
            self._delete(queue, subscription.id)

    def _delete(self, queue, subscription_id):
        with contextlib.suppress(errors.Refused):  # it has ended by itself
            self._connection.unsubscribe(queue, subscription_id)

    def _subscribe(self, queue):
        """Make a subscription, or make it anew: nothing prolongs one."""
        old = self._subscriptions.get(queue)
        if old is not None:
            self._unsubscribe(queue, old)
        was_refused = old is not None and old.id is None
        made = self._try_to_subscribe(queue, was_refused)
        pause = _AGAIN if made is None else self._interval
        with self._lock:
            self._subscriptions[queue] = Subscription(
                made, self._clock() + pause * random.uniform(0.9, 1.1))
        if made is not None:
            # What came before it was not pushed.
            self._ear.push_begins(queue)
        elif not was_refused:
            self._ear.push_ends(queue)

    def _try_to_subscribe(self, queue, is_told):
        """The id of a subscription; None if there can be none now.

        Zaqar would make a queue that is gone, and nobody would find out.

        :param is_told: whether the log says already that there is none.
        """
        made = None
        try:
            found = self._connection.metadata(queue)
            if not found and not self._connection.has(queue):
                return None
            made = self._connection.subscribe(queue, int(2 * self._interval))
            if found and self._was_made_again(queue):
                self._delete(queue, made)
                return None
            # Nothing tells whether this Zaqar wants it.
            self._door.confirm(queue, made)
        except errors.Unauthorized:
            # The stack whose rights these are has gone.
            self._door.refused()
            raise
        except errors.Refused as error:
            if not is_told:
                LOG.warning('Zaqar does not push what comes to the queue '
                            '"%s" of %s: %s', queue, self._door, error)
            if made is not None:
                self._delete(queue, made)
            return None
        return made

    def _was_made_again(self, queue):
        """Undo it if a queue was deleted just before the subscription.

        What was stored with it is gone then. Of a queue that never had any
        metadata nobody can tell.
        """
        return (not self._connection.metadata(queue) and
                self._connection.delete_if_empty(queue))
