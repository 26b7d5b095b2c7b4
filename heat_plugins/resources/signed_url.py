# SPDX-License-Identifier: Apache-2.0
"""Zaqar::Messaging::SignedURL."""
import dataclasses
import json
import urllib.parse

from heat.common import exception
from heat.common.i18n import _
from heat.engine import attributes
from heat.engine import constraints
from heat.engine import properties
from heat.engine import resource
from oslo_utils import timeutils
from oslo_utils import uuidutils

from heat_plugins import schema
from heat_plugins.resources import base
from heat_plugins.sending import programs
from heat_plugins.zaqar import queue as queues

_DAY = 86400


class SignedURL(base.ZaqarResource, resource.Resource):
    """Credentials for a guest to use one queue, and nothing else.

    A guest needs no Keystone user, token or password: it sends the headers
    with each request. A signed URL cannot be revoked before it expires;
    deleting the resource only forgets it. Changing ``rearm`` signs a new one,
    with a new expiry. Reference id: the queue's name.
    """

    PROPERTIES = (QUEUE, PATHS, METHODS, TTL, REARM) = (
        'queue', 'paths', 'methods', 'ttl', 'rearm')

    ATTRIBUTES = (
        URL, HEADERS, SIGNATURE, EXPIRES, PATHS_ATTR, METHODS_ATTR, PROJECT,
        QUERY_STR, CURL_CLI,
    ) = (
        'url', 'headers', 'signature', 'expires', 'paths', 'methods',
        'project', 'query_str', 'curl_cli',
    )

    properties_schema = {
        QUEUE: schema.queue_name(
            schema.SIGNS,
            _('The name of the queue that the guest may use. It must '
              'exist.'), required=True, update_allowed=True),
        PATHS: properties.Schema(
            properties.Schema.LIST,
            _('The parts of the queue that the guest may use.'),
            default=['messages'], update_allowed=True,
            constraints=[constraints.Length(1, 3)],
            schema=properties.Schema(
                properties.Schema.STRING, _('A path below the queue.'),
                constraints=[constraints.AllowedValues(
                    ['messages', 'subscriptions', 'claims'])])),
        METHODS: properties.Schema(
            properties.Schema.LIST,
            _('The HTTP methods that the guest may use there.'),
            default=['GET'], update_allowed=True,
            constraints=[constraints.Length(1, 7)],
            schema=properties.Schema(
                properties.Schema.STRING, _('A method.'),
                constraints=[constraints.AllowedValues(
                    ['GET', 'HEAD', 'OPTIONS', 'POST', 'PUT', 'PATCH',
                     'DELETE'])])),
        TTL: schema.integer(
            _('Seconds that the signed URL is valid.'), 60, default=30 * _DAY,
            update_allowed=True),
        REARM: schema.rearm(
            _('Any value. A change signs the URL again, with a new expiry; '
              'what was given out before stays valid until it expires.')),
    }

    attributes_schema = {
        URL: attributes.Schema(
            _("The queue's URL for guests; one of the paths follows it, such "
              'as /messages.'), type=attributes.Schema.STRING,
            cache_mode=attributes.Schema.CACHE_NONE),
        HEADERS: attributes.Schema(
            _('The HTTP headers that the guest sends: a map of name to '
              'value.'), type=attributes.Schema.MAP,
            cache_mode=attributes.Schema.CACHE_NONE),
        SIGNATURE: attributes.Schema(
            _('The signature itself: hexadecimal digits.'),
            type=attributes.Schema.STRING,
            cache_mode=attributes.Schema.CACHE_NONE),
        EXPIRES: attributes.Schema(
            _('When it expires: UTC, YYYY-MM-DDTHH:MM:SS.'),
            type=attributes.Schema.STRING,
            cache_mode=attributes.Schema.CACHE_NONE),
        PATHS_ATTR: attributes.Schema(
            _('The URL paths that were signed.'),
            type=attributes.Schema.LIST,
            cache_mode=attributes.Schema.CACHE_NONE),
        METHODS_ATTR: attributes.Schema(
            _('The HTTP methods that were signed.'),
            type=attributes.Schema.LIST,
            cache_mode=attributes.Schema.CACHE_NONE),
        PROJECT: attributes.Schema(
            _("The id of the queue's project."),
            type=attributes.Schema.STRING,
            cache_mode=attributes.Schema.CACHE_NONE),
        QUERY_STR: attributes.Schema(
            _('All of it as an HTTP query. With "zaqar://?" in front, it is a '
              'URL that Aodh alarms accept.'),
            type=attributes.Schema.STRING,
            cache_mode=attributes.Schema.CACHE_NONE),
        CURL_CLI: attributes.Schema(
            _('A shell command that uses the first method on the first '
              'path; --data and other options of curl may follow. It fails '
              'when Zaqar refuses, and prints why. Needs curl 7.76 or '
              'later.'),
            type=attributes.Schema.STRING,
            cache_mode=attributes.Schema.CACHE_NONE),
    }

    attribute_methods = {
        URL: '_url',
        HEADERS: '_headers',
        SIGNATURE: '_signature',
        EXPIRES: '_expires',
        PATHS_ATTR: '_paths',
        METHODS_ATTR: '_methods',
        PROJECT: '_project',
        QUERY_STR: '_query_str',
        CURL_CLI: '_curl_cli',
    }

    # Key of the resource's data, encrypted by Heat: JSON of what was signed.
    _SIGNED = 'signed'
    _CLIENT_ID = 'client_id'

    def handle_create(self):
        self._sign()
        self.resource_id_set(self.physical_resource_name())

    def needs_replace_failed(self):
        """Signing can be tried again."""
        return self.resource_id is None

    def handle_update(self, json_snippet, tmpl_diff, prop_diff):
        self.properties = json_snippet.properties(self.properties_schema,
                                                  self.context)
        self._sign()

    def handle_check(self):
        self.check_queue(self.properties[self.QUEUE])
        expires = timeutils.parse_isotime(self._expires() + 'Z')
        if expires < timeutils.utcnow(with_timezone=True):
            raise exception.Error(_(
                'The signed URL expired at %s UTC. Change "rearm" to sign a '
                'new one.') % self._expires())

    def handle_delete(self):
        """Nothing to do: what was signed cannot be taken back."""

    def get_reference_id(self):
        if self.resource_id is None:
            return super().get_reference_id()
        return self.properties[self.QUEUE]

    def _show_resource(self):
        signed = self._signed()
        return {'queue': self.properties[self.QUEUE],
                'expires': signed.expires, 'paths': signed.paths,
                'methods': signed.methods}

    def parse_live_resource_data(self, resource_properties, resource_data):
        # Nothing outside Heat can change what was signed.
        return {}

    def _sign(self):
        self.queue_metadata(self.properties[self.QUEUE])
        signed = self._queue().signed_url(
            paths=self.properties[self.PATHS],
            methods=self.properties[self.METHODS],
            ttl_seconds=self.properties[self.TTL])
        self.data_set(self._SIGNED, json.dumps(dataclasses.asdict(signed)),
                      redact=True)
        self.data_set(self._CLIENT_ID, uuidutils.generate_uuid())

    def _signed(self):
        return queues.SignedURL(**json.loads(self.data()[self._SIGNED]))

    def _queue(self):
        return self.client().queue(self.properties[self.QUEUE])

    def _url(self):
        return self.client_plugin().guest_endpoint() + self._queue().path

    def _headers(self):
        return self._signed().headers(self.data()[self._CLIENT_ID])

    def _signature(self):
        return self._signed().signature

    def _expires(self):
        return self._signed().expires

    def _paths(self):
        return list(self._signed().paths)

    def _methods(self):
        return list(self._signed().methods)

    def _project(self):
        return self._signed().project

    def _query_str(self):
        signed = self._signed()
        return urllib.parse.urlencode({
            'signature': signed.signature, 'expires': signed.expires,
            'paths': ','.join(signed.paths),
            'methods': ','.join(signed.methods),
            'project_id': signed.project,
            'queue_name': self.properties[self.QUEUE]})

    def _curl_cli(self):
        return programs.plain_curl(
            self.properties[self.METHODS][0],
            '%s/%s' % (self._url(), self.properties[self.PATHS][0]),
            self._headers())
