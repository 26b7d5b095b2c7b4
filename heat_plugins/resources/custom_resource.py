# SPDX-License-Identifier: Apache-2.0
"""Zaqar::Workflow::CustomResource."""
import datetime
import json
import time

from heat.common import exception
from heat.common.i18n import _
from heat.engine import attributes
from heat.engine import properties
from heat.engine import resource
from oslo_utils import uuidutils

from heat_plugins import schema
from heat_plugins.asking import exchange
from heat_plugins.asking import inbox
from heat_plugins.asking import outbox
from heat_plugins.checks import json_value
from heat_plugins.custom import lifecycle
from heat_plugins.custom import request as requests
from heat_plugins.engine import options
from heat_plugins.resources import base
from heat_plugins.resources import custom_state
from heat_plugins.resources import waiter
from heat_plugins.waiting import patience
from heat_plugins.zaqar import mailbox
from heat_plugins.zaqar import ownership

_DAY = 86400


class CustomResource(waiter.Waiter, base.ZaqarResource, resource.Resource):
    """A resource served by your own program, which listens on a queue.

    The program, a worker, is asked to create, update and delete a thing, and
    replies with one HTTP POST, without credentials of its own. A request that
    was not answered is sent again with the same ``request_id``, and one
    request is settled before the next. A worker that answers an Update with
    a different ``physical_id`` has made a new thing: what depends on the
    resource is then updated, and after that the old thing is deleted; a
    rollback deletes the new one and keeps the old. With ``deletion_policy:
    retain`` no worker is asked to delete. Reference id: the physical id.
    """

    PROPERTIES = (
        QUEUE, WANTED, TIMEOUT, HEARTBEAT, SENSITIVE,
    ) = (
        'queue', 'properties', 'timeout', 'heartbeat', 'sensitive',
    )

    ATTRIBUTES = (
        DATA, PHYSICAL_ID, REASON,
    ) = (
        'data', 'physical_id', 'reason',
    )

    physical_resource_name_limit = mailbox.UNIQUE_LENGTH

    properties_schema = {
        QUEUE: schema.queue_name(
            schema.POSTS_TO,
            _('The name of the queue that the workers listen on. It must '
              'exist. It can be changed for later requests.'),
            required=True, update_allowed=True),
        WANTED: properties.Schema(
            properties.Schema.MAP,
            _('What the thing should have: any map of up to %d bytes as JSON, '
              'which the worker interprets. A change is sent as an '
              'Update.') % custom_state.PROPERTIES_SIZE,
            default={}, update_allowed=True),
        TIMEOUT: schema.seconds(
            _('Seconds to wait for the reply to each action. This does not '
              'extend the timeout of the stack itself, which is one hour by '
              'default.'),
            default=3600, update_allowed=True),
        HEARTBEAT: schema.seconds(
            _('Seconds that a worker may be silent once it has begun. Each '
              'reply IN_PROGRESS is a sign of life. With less than the '
              "worker's claim ttl, which is at least 60 seconds, the action "
              'fails before another worker can take over from one that died. '
              'By default the worker may be silent until the timeout.'),
            update_allowed=True),
        SENSITIVE: properties.Schema(
            properties.Schema.BOOLEAN,
            _('Whether the data that the worker returns is secret. If so, it '
              'is shown only to templates, and to those who ask for the '
              'attribute "data" by name.'),
            default=False, update_allowed=True),
    }

    attributes_schema = {
        DATA: attributes.Schema(
            _('The data that the worker returned: a map.'),
            cache_mode=attributes.Schema.CACHE_NONE,
            type=attributes.Schema.MAP),
        PHYSICAL_ID: attributes.Schema(
            _("The worker's id for the thing."),
            cache_mode=attributes.Schema.CACHE_NONE,
            type=attributes.Schema.STRING),
        REASON: attributes.Schema(
            _('The reason that came with the last reply.'),
            cache_mode=attributes.Schema.CACHE_NONE,
            type=attributes.Schema.STRING),
    }

    attribute_methods = {
        DATA: '_data_map',
        PHYSICAL_ID: '_physical_id',
        REASON: '_reason',
    }

    def problems(self, props):
        problem = json_value.problem(props[self.WANTED],
                                    custom_state.PROPERTIES_SIZE)
        if problem:
            yield self.WANTED, problem

    def handle_create(self):
        custom_state.adopt(self, self._goal())
        return self._begin(self._goal())

    def needs_replace_failed(self):
        """A worker may have made the thing: it is asked."""
        return False

    def _needs_update(self, *args, **kwargs):
        """What is left to settle is settled, whatever changed."""
        return (super()._needs_update(*args, **kwargs) or
                custom_state.is_unsettled(self))

    def handle_update(self, json_snippet, tmpl_diff, prop_diff):
        self.properties = json_snippet.properties(self.properties_schema,
                                                  self.context)
        return self._begin(self._goal())

    def handle_suspend(self):
        """Nothing to do: a worker is not told."""

    def handle_resume(self):
        """Nothing to do: a worker is not told."""

    def handle_check(self):
        self.check_queue(self.properties[self.QUEUE])

    def handle_delete(self):
        return self._begin(None)

    def check_delete_complete(self, begun):
        if not self.step(begun):
            return False
        self._mailbox().close()
        return True

    def handle_delete_cancel(self, begun):
        self._give_up(begun)

    def _goal(self):
        """The property as JSON has it, as it comes back from storage."""
        return json.loads(json.dumps(self.properties[self.WANTED]))

    def _begin(self, goal):
        return exchange.Exchange(
            custom_state.load(self),
            exchange.Terms(self.properties[self.QUEUE], goal),
            self.patience(self.properties[self.TIMEOUT],
                          self.properties[self.HEARTBEAT]),
            *self.ways(), self._compose, self._save, self.progress())

    def ways(self):
        rescan = options.get().rescan_interval
        return (outbox.Outbox(self.client().queue, rescan),
                inbox.Inbox(self._mailbox(), rescan))

    def step(self, begun):
        try:
            return super().step(begun)
        except exchange.Replaced:
            raise resource.UpdateReplace(self.name) from None
        except (exchange.ExchangeError, patience.OutOfPatience) as error:
            if self.action == self.DELETE:
                raise exception.Error(_(
                    '%s. Fix this and delete again; or, to leave the thing as '
                    'it is, first start a worker with the handler '
                    'heat_plugins.worker.abandon:Abandon.') % error) from error
            raise

    def _mailbox(self):
        return mailbox.Mailbox(
            self.client().queue(self.mailbox_name()),
            ownership.Stamp(self.stack.id, self.name, self.uuid))

    def _compose(self, state, pending, end):
        """The body of a request; the way back is open then."""
        self.queue_metadata(pending.queue)
        step = pending.step
        return requests.Request(
            request_id=pending.request_id,
            request_type=step.request_type,
            resource_type=self.type(),
            resource_name=self.name,
            stack_id=self.stack.id,
            stack_name=self.stack.name,
            project_id=self.context.project_id,
            physical_id=step.physical_id,
            heartbeat=self.properties[self.HEARTBEAT],
            deadline=self._deadline(end),
            reply=self._reply_to(),
            properties=step.properties,
            old_properties=lifecycle.old_properties(state, step)).to_body()

    def _deadline(self, end):
        """When the resource fails at the latest, if nobody replies."""
        end = min(end, time.time() + self.stack.time_remaining())
        return requests.time_text(datetime.datetime.fromtimestamp(
            end, datetime.UTC))

    def _reply_to(self):
        box = self._mailbox()
        box.open()
        # A late reply tells what there is; it is good to know.
        signed = box.sign(self.properties[self.TIMEOUT] + _DAY)
        return requests.ReplyTo(
            '%s%s/messages' % (self.client_plugin().guest_endpoint(),
                               box.queue.path),
            signed.headers(uuidutils.generate_uuid()), box.queue.name,
            signed.expires)

    def _save(self, state):
        physical_id = state.current and state.current.physical_id
        with self.held(physical_resource_id=physical_id):
            custom_state.save(self, state)
        self.resource_id = physical_id

    def _current(self):
        return custom_state.load(self).current

    def _show_resource(self):
        state = custom_state.load(self)
        shown = {'physical_id': self.resource_id,
                 'reason': state.current and state.current.reason,
                 'pending': state.pending and {
                     'request_id': state.pending.request_id,
                     'request_type': state.pending.step.request_type,
                     'queue': state.pending.queue}}
        if not self.properties[self.SENSITIVE]:
            shown['data'] = state.current and state.current.data
        return shown

    def parse_live_resource_data(self, resource_properties, resource_data):
        # Only the worker could tell what has become of the thing.
        return {}

    def _data_map(self):
        return self._current().data

    def _physical_id(self):
        return self._current().physical_id

    def _reason(self):
        return self._current().reason
