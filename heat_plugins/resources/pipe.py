# SPDX-License-Identifier: Apache-2.0
"""Zaqar::Messaging::Pipe."""
from heat.common import exception
from heat.common.i18n import _
from heat.engine import attributes
from heat.engine import properties
from heat.engine import resource

from heat_plugins import schema
from heat_plugins.checks import targets as target_checks
from heat_plugins.engine import known
from heat_plugins.pipes import checks
from heat_plugins.pipes import definition as definitions
from heat_plugins.pipes import inputs
from heat_plugins.pipes import removal
from heat_plugins.resources import base
from heat_plugins.resources import forwarding
from heat_plugins.zaqar import errors
from heat_plugins.zaqar import limits


class Pipe(base.ZaqarResource, resource.Resource):
    """Takes messages from a queue, and delivers what matches to a target.

    It is served by the program "heat-zaqar pipes": until one runs in the
    project, messages stay in the source. All pipes that read one source get
    each of its messages; it is deleted from there when each pipe that takes
    it has it, or at once if none does. A message is delivered at least once,
    always with the same id, and stays with the pipe until the target has
    taken it, or it is in the dead letter queue. The target gets the body
    itself, without an envelope of Zaqar's. What is with a pipe when it is
    deleted is deleted, too. Reference id: the name of the pipe's own queue.
    """

    PROPERTIES = (
        SOURCE, MATCH, FORWARD_TO, WEBHOOK, SIGNAL, INPUT, HEADERS, TIMEOUT,
        TTL, ORDERED, RETRY, DEAD_LETTER,
    ) = (
        'source', 'match', target_checks.FORWARD_TO, target_checks.WEBHOOK,
        target_checks.SIGNAL, 'input', target_checks.HEADERS, 'timeout',
        'ttl', 'ordered', 'retry', 'dead_letter',
    )
    RETRY_KEYS = (ATTEMPTS, MINIMUM_DELAY, MAXIMUM_DELAY) = (
        'attempts', 'minimum_delay', 'maximum_delay')
    DEAD_LETTER_KEYS = (DEAD_LETTER_QUEUE, DEAD_LETTER_TTL) = ('queue', 'ttl')

    ATTRIBUTES = (QUEUE, WAITING) = ('queue', 'waiting')

    properties_schema = {
        SOURCE: schema.queue_name(
            schema.TAKES_FROM,
            _('The name of the queue whose messages are taken.'),
            required=True, update_allowed=True),
        MATCH: schema.event_pattern(
            _('An event pattern of the bodies that are delivered, as for a '
              'wait condition. By default all are.')),
        FORWARD_TO: schema.using(schema.POSTS_TO, properties.Schema(
            properties.Schema.STRING,
            _('Target: the name of another queue of the same project.'),
            update_allowed=True)),
        WEBHOOK: properties.Schema(
            properties.Schema.STRING,
            _('Target: an http or https URL, which gets each message with a '
              'POST of its own, as JSON. The header Heat-Zaqar-Message-Id is '
              'the same at each try. A status from 200 to 299 takes it; 408, '
              '425, 429, 500 and above, or no answer, have it tried again; '
              'any other makes it a dead letter at once.'),
            update_allowed=True),
        SIGNAL: properties.Schema(
            properties.Schema.STRING,
            _("Target: the URL of Heat's signal API for a resource, such as "
              '{get_attr: [POLICY, signal_url]}. It is called with the '
              'credentials of the program that serves the pipe.'),
            update_allowed=True),
        INPUT: properties.Schema(
            properties.Schema.ANY,
            _('What is delivered: any JSON, in whose strings <$.PATH> stands '
              'for what is at a JSONPath of the body, and <id>, <queue> and '
              '<time> for the id of the message, the source, and when it was '
              'posted. A string that is nothing else becomes the value '
              'itself. By default the body.'),
            update_allowed=True),
        HEADERS: properties.Schema(
            properties.Schema.MAP,
            _('HTTP headers that are sent along to a webhook.'),
            update_allowed=True),
        TIMEOUT: schema.integer(
            _('Seconds that a webhook may take to answer. By default %d.') %
            definitions.TIMEOUT, 1, 60, update_allowed=True),
        TTL: schema.message_ttl(
            _("Seconds that messages live in the queue forward_to. By default "
              "those of that queue."), update_allowed=True),
        ORDERED: properties.Schema(
            properties.Schema.BOOLEAN,
            _('Whether each message is delivered only after the one before '
              'it. One that cannot be delivered then holds up all others '
              'until it is a dead letter.'),
            default=False, update_allowed=True),
        RETRY: properties.Schema(
            properties.Schema.MAP,
            _('How a delivery is tried again.'),
            update_allowed=True,
            schema={
                ATTEMPTS: schema.integer(
                    _('How often a message is tried until it is a dead '
                      'letter. Without dead_letter it is tried on.'),
                    1, default=definitions.ATTEMPTS),
                MINIMUM_DELAY: schema.seconds(
                    _('Seconds until the second try. Each pause is twice as '
                      'long as the one before.'),
                    default=definitions.MINIMUM_DELAY),
                MAXIMUM_DELAY: schema.seconds(
                    _('Seconds of the longest pause.'),
                    default=definitions.MAXIMUM_DELAY),
            }),
        DEAD_LETTER: properties.Schema(
            properties.Schema.MAP,
            _('Where messages go that could not be delivered: a map of body, '
              'id, queue, time, pipe, tries and reason. Without it they are '
              'tried until they expire, 14 days later.'),
            update_allowed=True,
            schema={
                DEAD_LETTER_QUEUE: schema.queue_name(
                    schema.POSTS_TO, _('The name of the queue.'),
                    required=True),
                DEAD_LETTER_TTL: schema.message_ttl(
                    _('Seconds that they live there.'),
                    default=limits.MESSAGE_TTL[1]),
            }),
    }

    attributes_schema = {
        QUEUE: attributes.Schema(
            _('The name of the queue in which messages wait until they are '
              'delivered.'), type=attributes.Schema.STRING),
        WAITING: attributes.Schema(
            _('How many messages wait there.'),
            cache_mode=attributes.Schema.CACHE_NONE,
            type=attributes.Schema.INTEGER),
    }

    attribute_methods = {QUEUE: 'get_reference_id', WAITING: '_waiting'}

    # It is mended in place, as it may hold messages.
    always_replace_on_check_failed = False

    def problems(self, props):
        given = known.known(props.data)
        known_ones = {key: value for key, value in given.items()
                      if known.is_known(value)}
        values = {key: props[key] for key in self.PROPERTIES
                  if key in known_ones or key not in given}
        return checks.problems(values, given, known.is_known)

    def validate(self):
        super().validate()
        forwarding.refuse_circles(self)

    def forwards(self):
        given = known.known(self.properties.data)
        if self.FORWARD_TO in given:
            yield (self.FORWARD_TO, given.get(self.SOURCE),
                   given[self.FORWARD_TO])

    def handle_create(self):
        self._check_queues()
        # The name is the id. It is written before the queue is made, so
        # that an engine killed in between leaves nothing behind.
        self.resource_id_set(definitions.PREFIX + self.uuid)
        self._queue().create(self._metadata())
        # It may have been there, if an engine was killed.
        self._queue().update(self._metadata())

    def needs_replace_failed(self):
        return self.resource_id is None

    def handle_update(self, json_snippet, tmpl_diff, prop_diff):
        self.properties = json_snippet.properties(self.properties_schema,
                                                  self.context)
        self._check_queues()
        try:
            self._queue().update(self._metadata())
        except errors.NotFound as error:
            # deleted by hand
            raise resource.UpdateReplace(self.name) from error

    def handle_check(self):
        self.check_queue(self.resource_id)
        if not definitions.is_one(self._queue().metadata()):
            raise exception.Error(_(
                'The queue "%s" does not say any more what the pipe is to '
                'do.') % self.resource_id)

    def handle_delete(self):
        if self.resource_id is not None:
            removal.remove(self.client(), self.resource_id,
                           self.properties[self.SOURCE])

    def get_reference_id(self):
        return self.resource_id or super().get_reference_id()

    def _show_resource(self):
        # not the target, which may hold secrets
        return {'queue': self.resource_id,
                'source': definitions.source(self._queue().metadata()),
                'waiting': self._waiting()}

    def parse_live_resource_data(self, resource_properties, resource_data):
        live = self._queue().metadata()
        wanted = self._metadata(resource_properties)
        if {key: live.get(key) for key in wanted} == wanted:
            return {}
        # Which property it was cannot be told: all are set again.
        return dict.fromkeys(self._update_allowed_properties)

    def _check_queues(self):
        for key in (self.SOURCE, self.FORWARD_TO):
            if self.properties[key]:
                self.queue_metadata(self.properties[key], key)

    def _metadata(self, props=None):
        return {
            # What waits must outlast the target's troubles.
            '_default_message_ttl': limits.MESSAGE_TTL[1],
            **self._definition(self.properties if props is None
                               else props).to_metadata()}

    def _definition(self, props):
        [target] = target_checks.given(
            {key: props[key] for key in checks.TARGETS}, checks.TARGETS)
        dead_letter = props[self.DEAD_LETTER] or {}
        return definitions.Definition(
            '%s/%s' % (self.stack.name, self.name), props[self.SOURCE],
            target, props[target], props[self.MATCH] or None,
            # Heat does not tell a null from what is not given.
            inputs.BODY if props[self.INPUT] is None else props[self.INPUT],
            props[self.ORDERED],
            definitions.Retry(**{
                key: value for key, value in (props[self.RETRY] or {}).items()
                if value is not None}),
            dead_letter.get(self.DEAD_LETTER_QUEUE),
            dead_letter.get(self.DEAD_LETTER_TTL),
            {key: str(value) for key, value
             in (props[self.HEADERS] or {}).items()},
            props[self.TIMEOUT] or definitions.TIMEOUT, props[self.TTL])

    def _queue(self):
        return self.client().queue(self.resource_id)

    def _waiting(self):
        return self._queue().stats['total']
