# SPDX-License-Identifier: Apache-2.0
"""Zaqar::Workflow::WaitConditionHandle."""
import functools
import json
import math

from heat.common import exception
from heat.common.i18n import _
from heat.engine import attributes
from heat.engine.resources import wait_condition
from oslo_log import log as logging
from oslo_utils import uuidutils

from heat_plugins import schema
from heat_plugins.engine import options
from heat_plugins.messages import criteria
from heat_plugins.messages import record as records
from heat_plugins.messages import signal as signals
from heat_plugins.messages import texts
from heat_plugins.resources import base
from heat_plugins.resources import waiter
from heat_plugins.sending import programs
from heat_plugins.waiting import patience
from heat_plugins.waiting import progress
from heat_plugins.waiting import reader
from heat_plugins.waiting import wait
from heat_plugins.zaqar import errors
from heat_plugins.zaqar import mailbox
from heat_plugins.zaqar import ownership

LOG = logging.getLogger(__name__)

_DAY = 86400
# Characters of a reason that are shown, however many there are.
_SHORTEST = 20


class WaitConditionHandle(waiter.Looking, base.ZaqarResource,
                          wait_condition.BaseWaitConditionHandle):
    """A mailbox: its own queue, and credentials to post there.

    The credentials are a signed URL: it needs no Keystone user, token or
    password, and allows nothing but posting to this queue. A
    Zaqar::Workflow::WaitCondition or the stock OS::Heat::WaitCondition waits
    on the mailbox. Signals from Heat's own signal API are posted there too.
    Reference id: the queue's name.
    """

    PROPERTIES = (TTL, REARM) = ('ttl', 'rearm')

    ATTRIBUTES = (
        QUEUE, URL, HEADERS, CURL_CLI, SCRIPT, SIGNAL_ATTR, SIGNAL_URL,
    ) = (
        'queue', 'url', 'headers', 'curl_cli', 'script', 'signal',
        'signal_url',
    )

    # What the stock condition reads from the metadata of its handle.
    METADATA_KEYS = (
        DATA, REASON, STATUS, UNIQUE_ID,
    ) = (
        'data', 'reason', 'status', 'id',
    )

    is_queue = True
    physical_resource_name_limit = mailbox.UNIQUE_LENGTH

    properties_schema = {
        TTL: schema.integer(
            _('Seconds that the signed URL is valid. A change signs a new '
              'one.'),
            60, default=30 * _DAY, update_allowed=True),
        REARM: schema.rearm(
            _('Any value. A change signs a new URL, with a new expiry; URLs '
              'given out before stay valid until they expire.')),
    }

    attributes_schema = {
        QUEUE: attributes.Schema(
            _("The name of the mailbox's queue."),
            type=attributes.Schema.STRING),
        URL: attributes.Schema(
            _('The URL to POST messages to, with the headers of the '
              'attribute "headers" and a body of the form '
              '{"messages": [{"body": ANY_JSON}, ...]}.'),
            cache_mode=attributes.Schema.CACHE_NONE,
            type=attributes.Schema.STRING),
        HEADERS: attributes.Schema(
            _('The HTTP headers that allow it: a map of name to value.'),
            cache_mode=attributes.Schema.CACHE_NONE,
            type=attributes.Schema.MAP),
        CURL_CLI: attributes.Schema(
            _("A shell command that signals success as it stands and takes "
              "another body as curl does, such as --data '{\"status\": "
              "\"FAILURE\", \"reason\": \"disk full\"}', and most other "
              "options of curl. It fails, and sends nothing, when it does not "
              "understand what follows it. Paste it into a script with "
              'str_replace; from a variable, run it by eval. Needs curl, awk '
              'and base64.'),
            cache_mode=attributes.Schema.CACHE_NONE,
            type=attributes.Schema.STRING),
        SCRIPT: attributes.Schema(
            _('A shell program to be written to a file, such as '
              '/usr/local/bin/signal by write_files of cloud-init. "signal" '
              'alone signals success; --status, --id, --reason and --data say '
              'more, and --help shows how. It tries again while the network '
              'is not up. Needs curl and awk.'),
            cache_mode=attributes.Schema.CACHE_NONE,
            type=attributes.Schema.STRING),
        SIGNAL_ATTR: attributes.Schema(
            _('All of this as a JSON text: a map of queue, url, headers, '
              'expires and curl_cli.'),
            cache_mode=attributes.Schema.CACHE_NONE,
            type=attributes.Schema.STRING),
        SIGNAL_URL: attributes.Schema(
            _("The URL of Heat's own signal API for this handle. It needs a "
              "token of the stack's project; the body becomes a message."),
            cache_mode=attributes.Schema.CACHE_NONE,
            type=attributes.Schema.STRING),
    }

    attribute_methods = {
        QUEUE: 'get_reference_id',
        URL: '_url',
        HEADERS: '_headers',
        CURL_CLI: '_curl_cli',
        SCRIPT: '_script',
        SIGNAL_ATTR: '_signal',
        SIGNAL_URL: '_get_heat_signal_url',
    }

    # Key of the resource's data, encrypted by Heat, that holds the headers.
    _CREDENTIALS = 'signed_headers'

    def physical_resource_name(self):
        return self.mailbox_name()

    def handle_create(self):
        # The name is the id. It is written before the queue is made, so
        # that an engine killed in between leaves nothing behind.
        self.resource_id_set(self.physical_resource_name())
        self._open()

    def needs_replace_failed(self):
        """A mailbox of ours is mended in place: it may hold signals."""
        return self.resource_id is None or not self._mailbox().is_ours()

    def handle_update(self, json_snippet, tmpl_diff, prop_diff):
        self.properties = json_snippet.properties(self.properties_schema,
                                                  self.context)
        self._open()

    def restore_prev_rsrc(self, convergence=False):
        """After a rollback the mailbox is this resource's again."""
        self._mailbox().take_over()

    def handle_suspend(self):
        """Nothing to do: there is no user to disable."""

    def handle_resume(self):
        """Nothing to do: there is no user to enable."""

    def handle_check(self):
        self.check_queue(self.resource_id)

    def handle_delete(self):
        if self.resource_id is not None:
            self._mailbox().close()

    def handle_signal(self, details=None):
        """Heat's signal API: what it brings becomes a message like others."""
        self._queue().post([{'body': {} if details is None else details}])
        return _('posted to the queue %s') % self.resource_id

    def get_reference_id(self):
        return self.resource_id or super().get_reference_id()

    def _show_resource(self):
        """What ``resource show`` shows: nothing that lets a reader signal."""
        headers = self._headers() or {}
        return {'queue': self.resource_id,
                'expires': headers.get('URL-Expires')}

    def parse_live_resource_data(self, resource_properties, resource_data):
        # Nothing outside Heat can change what was signed.
        return {}

    # What the stock OS::Heat::WaitCondition asks its handle for, once a
    # second while it waits.

    def get_status(self):
        """The statuses received; new messages are taken in first."""
        try:
            self.look(self._waiting)
        except errors.NotFound as error:
            raise exception.Error(_(
                'The queue "%(queue)s" of %(handle)s was deleted while a '
                'condition waited on it.') % {
                    'queue': self.resource_id,
                    'handle': self.name}) from error
        return super().get_status()

    def get_status_reason(self, status):
        """The reasons given, all together short enough for an error."""
        reasons = super().get_status_reason(status)
        return [texts.line(each, max(_SHORTEST, texts.ACCOUNT // len(reasons)))
                for each in reasons]

    @functools.cached_property
    def _waiting(self):
        """A wait without an end: the stock condition says when it is over."""
        record = records.Listing(None, max_failures=None,
                                 limit=options.get().record_limit)
        for key, entry in self.metadata_get(refresh=True).items():
            record.restore(signals.Signal(key, body=None, **entry))
        return wait.Wait(
            *self.ways(), criteria.Criteria(), record, self._save,
            progress.Progress(self._log, options.get().progress_interval),
            [self._queue().name], patience.Patience(math.inf))

    def ways(self):
        return (reader.Reader(self._queue(), options.get().rescan_interval),)

    def _save(self, record):
        self.metadata_set(record.signals, merge_metadata=_merge)

    def _log(self, line):
        LOG.info('%s: %s', self.resource_id, line)

    def _open(self):
        """Make the mailbox, unless it is there, and sign a URL for it."""
        box = self._mailbox()
        box.open()
        signed = box.sign(self.properties[self.TTL])
        self.data_set(
            self._CREDENTIALS,
            json.dumps(signed.headers(uuidutils.generate_uuid())),
            redact=True)

    def _queue(self):
        return self.client().queue(self.resource_id)

    def _mailbox(self):
        return mailbox.Mailbox(self._queue(), ownership.Stamp(
            self.stack.id, self.name, self.uuid, mailbox=True))

    def _url(self):
        return '%s%s/messages' % (self.client_plugin().guest_endpoint(),
                                  self._queue().path)

    def _headers(self):
        """The guest's headers; None until there are any."""
        return json.loads(self.data().get(self._CREDENTIALS, 'null'))

    def _curl_cli(self):
        headers = self._headers()
        return headers and programs.curl_cli(self._url(), headers)

    def _script(self):
        headers = self._headers()
        return headers and programs.script(self._url(), headers)

    def _signal(self):
        headers = self._headers()
        return headers and json.dumps({
            'queue': self.resource_id, 'url': self._url(),
            'headers': headers, 'expires': headers['URL-Expires'],
            'curl_cli': self._curl_cli()})


def _merge(received, recorded):
    """Metadata of the stock form: id → status, reason, data. First wins."""
    merged = dict(recorded)
    for signal in received:
        merged.setdefault(signal.key, {
            'status': signal.status, 'data': signal.data,
            'reason': signal.reason or
            'Signal %d received' % (len(merged) + 1)})
    return merged
