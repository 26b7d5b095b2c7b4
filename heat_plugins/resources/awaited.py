# SPDX-License-Identifier: Apache-2.0
"""The queues that a condition waits on: one, or several."""
import collections

from heat.common.i18n import _
from heat.engine import constraints
from heat.engine import properties

from heat_plugins import schema
from heat_plugins.engine import known
from heat_plugins.engine import options
from heat_plugins.messages import patterns
from heat_plugins.messages import record
from heat_plugins.messages import shares
from heat_plugins.waiting import joint
from heat_plugins.waiting import reader
from heat_plugins.waiting import watch

QUEUE, QUEUES, WAIT_FOR = 'queue', 'queues', 'wait_for'
WAIT_FOR_VALUES = (ALL, ANY) = ('all', 'any')
ENTRY_KEYS = (_QUEUE, _MATCH, _COUNT) = ('queue', 'match', 'count')

SCHEMA = {
    QUEUE: schema.queue_name(
        schema.WAITS_ON,
        _("The name of the queue to wait on: any queue, or a handle's "
          'mailbox as {get_resource: HANDLE}. Changing it starts a new '
          'wait for "count" messages on the other queue.'),
        update_allowed=True),
    QUEUES: properties.Schema(
        properties.Schema.LIST,
        _('The queues to wait on, instead of "queue". A sender\'s id counts '
          'once in each. Changing which they are starts a new wait; changing '
          'their order or patterns does not.'),
        update_allowed=True,
        constraints=[constraints.Length(min=1, max=50)],
        schema=properties.Schema(properties.Schema.MAP, _('A queue.'), schema={
            _QUEUE: schema.queue_name(
                schema.WAITS_ON, _('The name of the queue, as for "queue".'),
                required=True),
            _MATCH: schema.event_pattern(
                _('An event pattern: only messages of this queue whose body '
                  'matches count, if they match the "match" of the '
                  'condition too. By default all messages count.')),
            _COUNT: schema.integer(
                _('How many successes are needed from this queue. Default: '
                  'the "count" of the condition. It does not apply to '
                  'wait_for: any.'), 1),
        })),
    WAIT_FOR: properties.Schema(
        properties.Schema.STRING,
        _('With "queues": whether each of them must have its count of '
          'successes (all), or "count" successes are needed from all '
          'together, from whichever queue they come (any).'),
        default=ALL, update_allowed=True,
        constraints=[constraints.AllowedValues(WAIT_FOR_VALUES)]),
}


class Awaited:
    """Mixed into a ``base.ZaqarResource`` class, before it.

    A message counts under its queue's name and its own key where there are
    several queues, and under the latter alone where there is one.
    """

    def problems(self, props):
        yield from super().problems(props)
        given = [key for key in (QUEUE, QUEUES) if known.known(
                     props.data.get(key)) not in (None, ..., '', [])]
        if len(given) != 1:
            yield QUEUE, _('exactly one of queue and queues is needed.')
        elif given == [QUEUES]:
            yield from _problems(props[QUEUES] or (), props[WAIT_FOR])

    def queue_names(self):
        """The names of the queues, in their order."""
        return [each[_QUEUE] for each in self._entries()]

    def patterns_of_queues(self):
        """As ``Criteria`` takes it: None where there is one queue."""
        if not self.properties[QUEUES]:
            return None
        return {each[_QUEUE]: each[_MATCH] and patterns.compile(each[_MATCH])
                for each in self._entries()}

    def record_of_queues(self, metadata, count, *args):
        """What was received, from metadata.

        :param count: the default of successes needed.
        :param args: as for ``heat_plugins.messages.record.Record``.
        """
        if not self.properties[QUEUES] or (
                self.properties[WAIT_FOR] == ANY):
            return record.Record.from_metadata(metadata, count, *args)
        return shares.Shares.from_metadata(metadata, {
            each[_QUEUE]: each[_COUNT] or count
            for each in self._entries()}, *args)

    def round_of_queues(self):
        """What a change of begins a new wait."""
        if not self.properties[QUEUES]:
            return {QUEUE: self.properties[QUEUE]}
        return {QUEUES: sorted(filter(None, self.queue_names()))}

    def ways(self):
        readers = [reader.Reader(
            watch.Watch(self.client().queue(name), self.context.project_id),
            options.get().rescan_interval) for name in self.queue_names()]
        return (readers[0] if len(readers) == 1 else joint.Joint(readers),)

    def by_queue(self, signals):
        """The bodies of signals by their queues, in the order of these."""
        if not self.properties[QUEUES]:
            return [[each.body for each in signals]]
        return [[each.body for each in signals
                 if each.key.startswith(name + '/')]
                for name in self.queue_names()]

    def gone_queue(self):
        """The first that is not there, of which one is gone."""
        names = self.queue_names()
        return next((name for name in names
                     if not self.client().queue(name).exists()), names[0])

    def _entries(self):
        return self.properties[QUEUES] or [
            {_QUEUE: self.properties[QUEUE]}]


def _problems(entries, wait_for):
    """What is wrong with several queues."""
    names = collections.Counter(
        each[_QUEUE] for each in entries if each[_QUEUE])
    for index, each in enumerate(entries):
        path = '%s.%d.' % (QUEUES, index)
        if names[each[_QUEUE]] > 1:
            yield path + _QUEUE, _(
                '"%s" is there more than once: use a condition for each '
                'pattern.') % each[_QUEUE]
        if each[_COUNT] is not None and wait_for == ANY:
            yield path + _COUNT, _(
                'wait_for: any needs a number from all together: give '
                '"count" beside "queues".')
        if each[_MATCH]:
            try:
                patterns.compile(each[_MATCH])
            except patterns.PatternError as error:
                yield path + _MATCH, str(error)
