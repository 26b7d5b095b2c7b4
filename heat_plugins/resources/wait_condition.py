# SPDX-License-Identifier: Apache-2.0
"""Zaqar::Workflow::WaitCondition."""
import json

from heat.common import exception
from heat.common.i18n import _
from heat.engine import attributes
from heat.engine import properties
from heat.engine import resource

from heat_plugins import schema
from heat_plugins.engine import options
from heat_plugins.messages import record as records
from heat_plugins.resources import base
from heat_plugins.waiting import reader
from heat_plugins.waiting import wait
from heat_plugins.zaqar import errors
from heat_plugins.zaqar import ownership


class WaitCondition(base.ZaqarResource, resource.Resource):
    """Waits for messages on a queue.

    Messages that were there before it began count too. The body of a
    message may be any JSON value. A map may have ``id``, the sender's own
    key (each counts once), ``status`` (SUCCESS, the default, FAILURE, or
    IN_PROGRESS, which does not count), ``reason`` and ``data``. One failure
    fails the condition. A body whose ``id`` or ``status`` makes no sense is
    skipped. While it waits, events and the resource's metadata show how many
    of how many were received.
    """

    PROPERTIES = (
        QUEUE, COUNT, TIMEOUT, CONSUME,
    ) = (
        'queue', 'count', 'timeout', 'consume',
    )

    ATTRIBUTES = (
        DATA, MESSAGES, MESSAGE, RECEIVED, FAILURES, TIMED_OUT,
    ) = (
        'data', 'messages', 'message', 'received', 'failures', 'timed_out',
    )

    properties_schema = {
        QUEUE: schema.queue_name(
            _('The name of the queue to wait on: of any queue, or of a '
              "handle's mailbox, as {get_resource: HANDLE} gives it."),
            required=True),
        COUNT: schema.integer(
            _('How many successes are needed.'), 1, default=1,
            update_allowed=True),
        TIMEOUT: schema.seconds(
            _('Seconds to wait before it fails. The timeout of the stack '
              'itself, one hour by default, is not stretched by it.'),
            default=3600, update_allowed=True),
        CONSUME: properties.Schema(
            properties.Schema.BOOLEAN,
            _('Whether what was recorded is removed from the queue. By '
              "default it is from the mailbox of a handle, and is not from "
              'any other queue, so that several conditions can watch it.'),
            update_allowed=True),
    }

    attributes_schema = {
        DATA: attributes.Schema(
            _('JSON text: a map of each id to the data received with it.'),
            cache_mode=attributes.Schema.CACHE_NONE,
            type=attributes.Schema.STRING),
        MESSAGES: attributes.Schema(
            _('The bodies received, in their order.'),
            cache_mode=attributes.Schema.CACHE_NONE,
            type=attributes.Schema.LIST),
        MESSAGE: attributes.Schema(
            _('The body received last.'),
            cache_mode=attributes.Schema.CACHE_NONE),
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
        MESSAGES: '_messages',
        MESSAGE: '_message',
        RECEIVED: '_received',
        FAILURES: '_failures',
        TIMED_OUT: '_timed_out',
    }

    # Key of the resource's data that remembers a timeout.
    _TIMED_OUT_KEY = 'timed_out'

    def handle_create(self):
        self.resource_id_set(self.physical_resource_name())
        return self._begin()

    def check_create_complete(self, waiting):
        return self._poll(waiting)

    def needs_replace_failed(self):
        """What was received before a failure of the engine still counts."""
        return self.resource_id is None or bool(self._record().failures)

    def handle_update(self, json_snippet, tmpl_diff, prop_diff):
        self.properties = json_snippet.properties(self.properties_schema,
                                                  self.context)
        return self._begin()

    def check_update_complete(self, waiting):
        return self._poll(waiting)

    def handle_check(self):
        self.check_queue(self.properties[self.QUEUE])

    def handle_delete(self):
        """Nothing to do: the queue is not the condition's."""

    def _begin(self):
        queue = self.client().queue(self.properties[self.QUEUE])
        stamp = ownership.Stamp.of(self.queue_metadata(queue.name))
        consume = self.properties[self.CONSUME]
        if consume is None:
            consume = stamp is not None and stamp.mailbox
        self.data_delete(self._TIMED_OUT_KEY)
        return wait.Wait(
            reader.Reader(queue, options.get().rescan_interval),
            self._record(),
            save=lambda record: self.metadata_set(record.to_metadata()),
            report=self._report, consume=consume,
            timeout=self.properties[self.TIMEOUT])

    def _poll(self, waiting):
        try:
            return waiting.poll()
        except errors.NotFound as error:
            raise exception.Error(_(
                'The queue "%(queue)s" was deleted while %(resource)s waited '
                'on it, with %(summary)s.') %
                {'queue': self.properties[self.QUEUE], 'resource': self.name,
                 'summary': waiting.record.summary()}) from error
        except wait.WaitTimedOut:
            self.data_set(self._TIMED_OUT_KEY, 'true')
            raise

    def _report(self, line):
        # An event's reason has 255 characters in Heat's database.
        self._add_event(self.action, self.status, line[:255])

    def _record(self):
        return records.Record.from_metadata(self.metadata_get(refresh=True),
                                            self.properties[self.COUNT])

    def _show_resource(self):
        return {'queue': self.properties[self.QUEUE],
                'summary': self._record().summary()}

    def parse_live_resource_data(self, resource_properties, resource_data):
        # Nothing outside Heat can drift.
        return {}

    def _data_text(self):
        return json.dumps({each.key: each.data
                           for each in self._record().signals})

    def _messages(self):
        return [each.body for each in self._record().signals]

    def _message(self):
        return (self._messages() or [None])[-1]

    def _received(self):
        return len(self._record().successes)

    def _failures(self):
        return [each.reason for each in self._record().failures]

    def _timed_out(self):
        return self._TIMED_OUT_KEY in self.data()
