# SPDX-License-Identifier: Apache-2.0
"""Zaqar::Workflow::WaitCondition."""
import json

from heat.common import exception
from heat.common.i18n import _
from heat.engine import attributes
from heat.engine import constraints
from heat.engine import properties
from heat.engine import resource
from oslo_config import cfg

from heat_plugins import schema
from heat_plugins.engine import options
from heat_plugins.messages import criteria
from heat_plugins.messages import patterns
from heat_plugins.resources import awaited
from heat_plugins.resources import base
from heat_plugins.resources import waiter
from heat_plugins.waiting import expression
from heat_plugins.waiting import patience
from heat_plugins.waiting import wait
from heat_plugins.zaqar import errors
from heat_plugins.zaqar import mailbox
from heat_plugins.zaqar import ownership

# Keys with dots between.
_PATH = r'[^.]+(\.[^.]+)*$'


class WaitCondition(awaited.Awaited, waiter.Waiter, base.ZaqarResource,
                    resource.Resource):
    """Waits for messages on a queue, or on several.

    Messages that were there before it began count too. The body of a
    message may be any JSON value. A map may have ``id``, the sender's own
    key (each counts once), ``status`` (SUCCESS, the default, FAILURE, or
    IN_PROGRESS, which does not count), ``reason`` and ``data``. More failures
    than ``max_failures`` fail the condition. A body whose ``id`` or
    ``status`` is not valid is skipped. While it waits, events and the
    resource's metadata show how many of how many were received, and what
    did not match. Every property can be changed; what was received is kept
    unless ``rearm``, ``queue`` or a queue of ``queues`` changes.
    """

    PROPERTIES = (
        QUEUE, QUEUES, WAIT_FOR, COUNT, TIMEOUT, MATCH, EXPRESSION, FAIL_ON,
        MAX_FAILURES, DISTINCT_BY, REASON_FROM, CONSUME, HEARTBEAT,
        ON_TIMEOUT, REARM,
    ) = (
        'queue', 'queues', 'wait_for', 'count', 'timeout', 'match',
        'expression', 'fail_on', 'max_failures', 'distinct_by',
        'reason_from', 'consume', 'heartbeat', 'on_timeout', 'rearm',
    )

    ON_TIMEOUT_VALUES = (FAIL, CONTINUE) = ('fail', 'continue')

    ATTRIBUTES = (
        DATA, DATA_MAP, MESSAGES, MESSAGE, BY_KEY, BY_QUEUE, RECEIVED,
        FAILURES, TIMED_OUT,
    ) = (
        'data', 'data_map', 'messages', 'message', 'by_key', 'by_queue',
        'received', 'failures', 'timed_out',
    )

    properties_schema = {
        **awaited.SCHEMA,
        COUNT: schema.integer(
            _('How many successes are needed. With "queues" it is how many '
              'from each of them, or, with wait_for: any, from all '
              'together.'), 1, default=1, update_allowed=True),
        TIMEOUT: schema.seconds(
            _('Seconds to wait before it fails. This does not extend the '
              'timeout of the stack itself, which is one hour by default.'),
            default=3600, update_allowed=True),
        MATCH: schema.event_pattern(
            _('An event pattern: only messages whose body matches count. By '
              'default all messages count.')),
        EXPRESSION: properties.Schema(
            properties.Schema.STRING,
            _('A YAQL expression on $, a map of id, body, age and ttl, that '
              'must be true for a message to count. It is limited by the '
              'section [yaql] of heat.conf and in time.'),
            update_allowed=True,
            constraints=[constraints.Length(max=expression.LENGTH)]),
        FAIL_ON: schema.event_pattern(
            _('An event pattern: a message whose body matches is a failure, '
              'whether it matches "match" or not. By default, a message that '
              'matches "match" and has the status FAILURE is one.')),
        MAX_FAILURES: schema.integer(
            _('How many failures are tolerated.'), 0, default=0,
            update_allowed=True),
        DISTINCT_BY: properties.Schema(
            properties.Schema.STRING,
            _('A path into the body, as keys separated by dots, such as '
              'worker.name: each value there counts once. A body without it '
              'is skipped, unless it is a failure. By default each "id" of a '
              'body counts once.'),
            update_allowed=True,
            constraints=[constraints.AllowedPattern(_PATH)]),
        REASON_FROM: properties.Schema(
            properties.Schema.STRING,
            _('A path into the body, as keys separated by dots, such as '
              'payload.message: the text there is shown as the reason for a '
              'failure or as progress. By default, and where a body has '
              'nothing there, its "reason" is used.'),
            update_allowed=True,
            constraints=[constraints.AllowedPattern(_PATH)]),
        CONSUME: properties.Schema(
            properties.Schema.BOOLEAN,
            _('Whether messages are removed from the queue once they are '
              'recorded. By default they are removed from the mailbox of a '
              'handle, but not from any other queue, so that several '
              'conditions can watch it.'),
            update_allowed=True),
        HEARTBEAT: schema.seconds(
            _('Seconds after which it fails if neither a message that counts '
              'nor one with the status IN_PROGRESS came. By default senders '
              'may be silent until the timeout.'),
            update_allowed=True),
        ON_TIMEOUT: properties.Schema(
            properties.Schema.STRING,
            _('Whether a timeout is a failure, or the stack continues with '
              'what was received. The attribute timed_out is then true.'),
            default=FAIL, update_allowed=True,
            constraints=[constraints.AllowedValues(ON_TIMEOUT_VALUES)]),
        REARM: schema.rearm(
            _('Any value. A change starts a new wait, for "count" further '
              'messages; those that were counted before are ignored.')),
    }

    attributes_schema = {
        DATA: attributes.Schema(
            _('JSON text: a map of each id to the data received with it, as '
              'in OS::Heat::WaitCondition.'),
            cache_mode=attributes.Schema.CACHE_NONE,
            type=attributes.Schema.STRING),
        DATA_MAP: attributes.Schema(
            _('The same as a map: {get_attr: [CONDITION, data_map, ID]} is '
              'the data received with an id.'),
            cache_mode=attributes.Schema.CACHE_NONE,
            type=attributes.Schema.MAP),
        MESSAGES: attributes.Schema(
            _('The bodies received, in order.'),
            cache_mode=attributes.Schema.CACHE_NONE,
            type=attributes.Schema.LIST),
        MESSAGE: attributes.Schema(
            _('The body received last.'),
            cache_mode=attributes.Schema.CACHE_NONE),
        BY_KEY: attributes.Schema(
            _('A map of the bodies received, by the key that each counts '
              'under: the value of "distinct_by", or the id. With "queues" '
              'it is QUEUE/KEY, here and in data.'),
            cache_mode=attributes.Schema.CACHE_NONE,
            type=attributes.Schema.MAP),
        BY_QUEUE: attributes.Schema(
            _('The bodies received from each queue, in order: {get_attr: '
              '[CONDITION, by_queue, 0]} are those from the first of '
              '"queues".'),
            cache_mode=attributes.Schema.CACHE_NONE,
            type=attributes.Schema.LIST),
        RECEIVED: attributes.Schema(
            _('How many successes were received.'),
            cache_mode=attributes.Schema.CACHE_NONE,
            type=attributes.Schema.INTEGER),
        FAILURES: attributes.Schema(
            _('The reasons of the failures received.'),
            cache_mode=attributes.Schema.CACHE_NONE,
            type=attributes.Schema.LIST),
        TIMED_OUT: attributes.Schema(
            _('Whether the time was up before enough was received.'),
            cache_mode=attributes.Schema.CACHE_NONE,
            type=attributes.Schema.BOOLEAN),
    }

    attribute_methods = {
        DATA: '_data_text',
        DATA_MAP: '_data_map',
        MESSAGES: '_messages',
        MESSAGE: '_message',
        BY_KEY: '_by_key',
        BY_QUEUE: '_by_queue',
        RECEIVED: '_received',
        FAILURES: '_failures',
        TIMED_OUT: '_timed_out',
    }

    # Key of the resource's data that remembers a timeout.
    _TIMED_OUT_KEY = 'timed_out'

    def validate(self):
        super().validate()
        for key in (self.MATCH, self.FAIL_ON):
            self._pattern(key)
        self._expression()

    def handle_create(self):
        self.resource_id_set(self.physical_resource_name())
        return self._begin()

    def needs_replace_failed(self):
        """What was received before still counts."""
        return self.resource_id is None

    def handle_update(self, json_snippet, tmpl_diff, prop_diff):
        self.properties = json_snippet.properties(self.properties_schema,
                                                  self.context)
        return self._begin()

    def handle_check(self):
        for name in self.queue_names():
            self.check_queue(name)

    def handle_delete(self):
        """Nothing to do: the queues are not the condition's."""

    def _begin(self):
        consumed = self._consumed()
        self.data_delete(self._TIMED_OUT_KEY)
        return wait.Wait(
            *self.ways(),
            criteria.Criteria(
                self._pattern(self.MATCH), self._pattern(self.FAIL_ON),
                self._path(self.DISTINCT_BY), self._path(self.REASON_FROM),
                self._expression(), self.patterns_of_queues()),
            self._record_to_go_on_from(), self._save, self.progress(),
            consumed, self.patience(self.properties[self.TIMEOUT],
                                    self.properties[self.HEARTBEAT]))

    def _consumed(self):
        """The queues that messages are removed from; all must be there."""
        mailboxes = {name: self._is_mailbox(name)
                     for name in self.queue_names()}
        consume = self.properties[self.CONSUME]
        return [name for name, is_mailbox in mailboxes.items()
                if consume or (consume is None and is_mailbox)]

    def _is_mailbox(self, name):
        stamp = ownership.Stamp.of(self._metadata_of(name))
        return stamp.mailbox if stamp else mailbox.is_name(name)

    def _metadata_of(self, name):
        if not self.is_resumed:
            return self.queue_metadata(name)
        try:
            return self.client().queue(name).metadata()
        except errors.NotFound as error:
            raise self._deleted(self._record()) from error

    def _deleted(self, record):
        return exception.Error(_(
            'The queue "%(queue)s" was deleted while %(resource)s waited on '
            'it, with %(summary)s.') % {
                'queue': self.gone_queue(), 'resource': self.name,
                'summary': record.summary()})

    def _record_to_go_on_from(self):
        """What was received, or a new beginning if one is needed."""
        record = self._record()
        round = {**self.round_of_queues(),
                 self.REARM: self.properties[self.REARM]}
        # What goes on has the failure to tell yet.
        is_over = record.is_failed and not self.is_resumed
        is_anew = is_over or record.round not in (None, round)
        # While it is updated, the queue is shown from there.
        is_shown = self.action == self.CREATE or record.round == round
        if is_anew:
            record.begin_anew(round)
        record.round = round
        if is_anew or not is_shown:
            self._save(record)
        return record

    def _save(self, record):
        self.write(rsrc_metadata=record.to_metadata())

    def _pattern(self, key):
        """A property as a compiled pattern; None if there is none."""
        written = self.properties[key]
        if not written:
            return None
        try:
            return patterns.compile(written)
        except patterns.PatternError as error:
            raise self.invalid(key, str(error)) from error

    def _path(self, key):
        """A property as the keys of a path; None if there is none."""
        path = self.properties[key]
        return path and path.split('.')

    def _expression(self):
        """The property as what ``Criteria`` takes; None if there is none."""
        text = self.properties[self.EXPRESSION]
        if not text:
            return None
        try:
            return expression.Expression(
                text, cfg.CONF.yaql.limit_iterators,
                cfg.CONF.yaql.memory_quota,
                options.get().expression_timeout,
                options.get().expression_processes)
        except expression.ExpressionError as error:
            raise self.invalid(self.EXPRESSION, str(error)) from error

    def step(self, waiting):
        try:
            return super().step(waiting)
        except errors.NotFound as error:
            raise self._deleted(waiting.record) from error
        except patience.TimedOut as error:
            with self.held():
                self.data_set(self._TIMED_OUT_KEY, 'true')
            if self.properties[self.ON_TIMEOUT] == self.FAIL:
                raise
            self.report(_('continuing after the timeout: %s') % error)
            return True

    def _record(self):
        return self.record_of_queues(
            self.metadata_get(refresh=True), self.properties[self.COUNT],
            self.properties[self.MAX_FAILURES], options.get().record_limit)

    def _show_resource(self):
        record = self._record()
        # A reference to a handle is not known here while it is updated.
        shown = record.round or self.round_of_queues()
        return {'summary': record.summary(), **self.moments(), **{
            key: each for key, each in shown.items() if key != self.REARM}}

    def parse_live_resource_data(self, resource_properties, resource_data):
        # Nothing outside Heat can drift.
        return {}

    def _data_text(self):
        return json.dumps(self._data_map())

    def _data_map(self):
        return {each.key: each.data for each in self._record().signals}

    def _messages(self):
        return [each.body for each in self._record().signals]

    def _message(self):
        return (self._messages() or [None])[-1]

    def _by_key(self):
        return {each.key: each.body for each in self._record().signals}

    def _by_queue(self):
        return self.by_queue(self._record().signals)

    def _received(self):
        return self._record().received

    def _failures(self):
        return [each.reason for each in self._record().failures]

    def _timed_out(self):
        return self._TIMED_OUT_KEY in self.data()
