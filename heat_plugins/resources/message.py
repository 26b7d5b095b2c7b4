# SPDX-License-Identifier: Apache-2.0
"""Zaqar::Messaging::Message."""
import json

from heat.common import exception
from heat.common.i18n import _
from heat.engine import attributes
from heat.engine import constraints
from heat.engine import properties
from heat.engine import resource
from oslo_log import log as logging
from oslo_utils import timeutils
from oslo_utils import uuidutils

from heat_plugins import schema
from heat_plugins.checks import json_value
from heat_plugins.messages import envelopes
from heat_plugins.resources import base
from heat_plugins.zaqar import errors
from heat_plugins.zaqar import limits

LOG = logging.getLogger(__name__)


class Message(base.ZaqarResource, resource.Resource):
    """Posts a message when the stack acts.

    By default it posts when it is created and at every update of the stack,
    whether this resource changed or not. A message may be posted twice: if
    Zaqar's answer is lost, or heat-engine dies before it has recorded it, the
    next update posts again. With ``envelope: cloudevents`` both events have
    the same ``id``, so that a reader can tell. Reference id: the id of the
    last message.
    """

    PROPERTIES = (
        QUEUE, BODY, TTL, DELAY, AT_ACTIONS, ENVELOPE, EVENT_TYPE,
    ) = (
        'queue', 'body', 'ttl', 'delay', 'actions', 'envelope', 'event_type',
    )

    ATTRIBUTES = (MESSAGE_ID, HREF) = ('message_id', 'href')

    # "ACTIONS" is Heat's, and has more.
    ALL_ACTIONS = (CREATE, UPDATE, DELETE, SUSPEND, RESUME) = (
        'CREATE', 'UPDATE', 'DELETE', 'SUSPEND', 'RESUME')

    properties_schema = {
        QUEUE: schema.queue_name(
            schema.POSTS_TO,
            _('The name of the queue to post to. It must exist; if it is gone '
              'when the stack is deleted, nothing is posted.'),
            required=True, update_allowed=True),
        BODY: properties.Schema(
            properties.Schema.ANY,
            _('What to post: any JSON. The default is null.'),
            update_allowed=True),
        TTL: schema.message_ttl(
            _('Seconds that the message lives. Default: message_ttl of the '
              'queue.'), update_allowed=True),
        DELAY: schema.integer(
            _('Seconds before the message can be seen. The server ignores it '
              'unless message_delay of the queue is more than 0.'),
            *limits.MESSAGE_DELAY, update_allowed=True),
        AT_ACTIONS: properties.Schema(
            properties.Schema.LIST,
            _('The stack actions that post a message.'),
            default=[CREATE, UPDATE], update_allowed=True,
            constraints=[constraints.Length(min=1)],
            schema=properties.Schema(
                properties.Schema.STRING, _('An action.'),
                constraints=[constraints.AllowedValues(ALL_ACTIONS)])),
        ENVELOPE: properties.Schema(
            properties.Schema.STRING,
            _('What the body is wrapped in: nothing, or a CloudEvents 1.0 '
              'event in JSON with the body as its "data", a new "id" for each '
              'action, "source" '
              '/stacks/STACK_NAME/STACK_ID/resources/RESOURCE, and the name '
              'of the stack as its "subject".'),
            default=envelopes.NONE, update_allowed=True,
            constraints=[constraints.AllowedValues(envelopes.ENVELOPES)]),
        EVENT_TYPE: properties.Schema(
            properties.Schema.STRING,
            _('The type of the event. Default: org.openstack.heat.stack., '
              'followed by the action, such as "create".'),
            update_allowed=True,
            constraints=[constraints.Length(1, 255)]),
    }

    attributes_schema = {
        MESSAGE_ID: attributes.Schema(
            _('The id of the last message; none before the first.'),
            cache_mode=attributes.Schema.CACHE_NONE,
            type=attributes.Schema.STRING),
        HREF: attributes.Schema(
            _('The URL of the last message.'),
            cache_mode=attributes.Schema.CACHE_NONE,
            type=attributes.Schema.STRING),
    }

    attribute_methods = {
        MESSAGE_ID: '_message_id',
        HREF: '_href',
    }

    # Keys of the resource's data: the URL path of the last message, and what
    # is about to be posted: JSON of its action, id and time.
    _LAST = 'last'
    _PENDING = 'pending'

    def problems(self, props):
        problem = json_value.problem(props[self.BODY])
        if problem:
            yield self.BODY, problem
        if (props[self.EVENT_TYPE] and
                props[self.ENVELOPE] == envelopes.NONE):
            yield self.EVENT_TYPE, _(
                'applies only with "envelope: cloudevents".')

    def handle_create(self):
        self.resource_id_set(self.physical_resource_name())
        self._announce(self.CREATE)

    def needs_replace_failed(self):
        """What was not posted is posted, under the same id."""
        return self.resource_id is None

    def _needs_update(self, after, before, after_props, *args, **kwargs):
        """An update of the stack is one of this resource, if it is told."""
        needed = super()._needs_update(after, before, after_props, *args,
                                       **kwargs)
        return needed or self.UPDATE in after_props[self.AT_ACTIONS]

    def handle_update(self, json_snippet, tmpl_diff, prop_diff):
        self.properties = json_snippet.properties(self.properties_schema,
                                                  self.context)
        self._announce(self.UPDATE)

    def handle_suspend(self):
        self._announce(self.SUSPEND)

    def handle_resume(self):
        self._announce(self.RESUME)

    def handle_check(self):
        self.check_queue(self.properties[self.QUEUE])

    def handle_delete(self):
        # what has been replaced goes on in its replacement
        if self.resource_id is None or self.replaced_by is not None:
            return
        if self.DELETE not in self.properties[self.AT_ACTIONS]:
            return
        if not self._queue().exists():
            LOG.warning('%s is deleted without posting a message: the queue '
                        '%s is gone', self, self._queue().name)
            return
        self._announce(self.DELETE)

    def get_reference_id(self):
        return self._message_id() or super().get_reference_id()

    def _show_resource(self):
        return {'queue': self.properties[self.QUEUE],
                'message_id': self._message_id(),
                'pending': (self._pending() or {}).get('id')}

    def parse_live_resource_data(self, resource_properties, resource_data):
        # A posted message is its readers': it does not drift.
        return {}

    def _announce(self, action):
        """Post the message for this action, or for one that failed."""
        pending = self._pending()
        if pending is None or action not in (pending['action'], self.UPDATE):
            pending = {'action': action, 'id': uuidutils.generate_uuid(),
                       'time': timeutils.utcnow(with_timezone=True)
                       .isoformat()}
        if pending['action'] not in self.properties[self.AT_ACTIONS]:
            return
        self.queue_metadata(self.properties[self.QUEUE])
        self.data_set(self._PENDING, json.dumps(pending))
        posted = self._post(self._message(**pending))
        self.data_set(self._LAST, posted['resources'][0])
        self.data_delete(self._PENDING)

    def _post(self, message):
        try:
            return self._queue().post([message])
        except errors.PASSING as error:
            # It may be there: to post again is for the user to decide.
            raise exception.Error(str(error)) from error

    def _pending(self):
        return json.loads(self.data().get(self._PENDING, 'null'))

    def _message(self, action, id, time):
        message = {'body': self._body(action, id, time),
                   'ttl': self.properties[self.TTL],
                   'delay': self.properties[self.DELAY]}
        return {key: value for key, value in message.items()
                if key == 'body' or value is not None}

    def _body(self, action, id, time):
        body = self.properties[self.BODY]
        if self.properties[self.ENVELOPE] == envelopes.NONE:
            return body
        return envelopes.cloudevent(
            body, id=id, time=timeutils.parse_isotime(time),
            source='/stacks/%s/%s/resources/%s' % (
                self.stack.name, self.stack.id, self.name),
            type=self.properties[self.EVENT_TYPE] or
            'org.openstack.heat.stack.' + action.lower(),
            subject=self.stack.name)

    def _queue(self):
        return self.client().queue(self.properties[self.QUEUE])

    def _message_id(self):
        last = self.data().get(self._LAST)
        return last and last.rpartition('/')[2]

    def _href(self):
        last = self.data().get(self._LAST)
        return last and self.client().endpoint() + last
