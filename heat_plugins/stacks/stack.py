# SPDX-License-Identifier: Apache-2.0
"""A stack, by Heat's API."""
import dataclasses
import datetime
import json
import urllib.parse

from keystoneauth1 import exceptions as ksa_errors
from oslo_utils import timeutils

from heat_plugins.templates import document
from heat_plugins.templates import template as templates
from heat_plugins.zaqar import keystone

_SERVICE = 'orchestration'
# Stacks within stacks that are looked at.
_DEEPEST = 5


@dataclasses.dataclass(frozen=True)
class Resource:
    """A resource of a stack, or of one within it.

    :ivar name: with those of the stacks that it is in, such as ``group/0``.
    :ivar path: of its URL, below ``/stacks``.
    :ivar updated: when its last action began, as Heat writes it.
    """
    name: str
    type: str
    status: str
    reason: str
    physical_id: str
    path: str
    updated: str

    @property
    def is_in_progress(self):
        return self.status.endswith('_IN_PROGRESS')

    @property
    def has_failed(self):
        return self.status.endswith('_FAILED')


class NoStack(Exception):
    """There is no such stack in this project."""


class Stack:
    """A stack that is there.

    :ivar id: its id.
    :ivar name: its name.
    :param user: a ``heat_plugins.zaqar.keystone.User``.
    :param name: its name, or its id.
    :raises NoStack: there is none.
    :raises keystoneauth1.exceptions.ClientException: Heat does not answer, or
        refuses.
    """

    def __init__(self, user, name):
        self._heat = user.service(_SERVICE)
        try:
            shown = self._get('/stacks/' + urllib.parse.quote(name, safe=''))
        except ksa_errors.NotFound as error:
            raise NoStack('There is no stack "%s" in this project.' %
                          name) from error
        self._shown = shown['stack']
        self.id = self._shown['id']
        self.name = self._shown['stack_name']

    @property
    def status(self):
        """Such as ``CREATE_IN_PROGRESS``."""
        return self._shown['stack_status']

    @property
    def reason(self):
        """Why it has this status, in Heat's words."""
        return self._shown['stack_status_reason']

    @property
    def updated(self):
        """When its last action began, as Heat writes it."""
        return self._shown['updated_time'] or self._shown['creation_time']

    @property
    def times_out(self):
        """When Heat fails it: a ``datetime``; None if it is not known."""
        minutes = self._shown.get('timeout_mins')
        if minutes is None or not self.status.endswith('_IN_PROGRESS'):
            return None
        return moment(self.updated) + datetime.timedelta(minutes=minutes)

    def resources(self):
        """All resources, with those of stacks within it: ``Resource``."""
        shown = self._get('%s/resources?nested_depth=%d' % (
            self._path, _DEEPEST))['resources']
        # Path of a stack → what is written before its resources' names.
        stacks = {self._path: ''}
        found = []
        # Those of a stack come before those of the stacks within it.
        for each in shown:
            links = {link['rel']: path(link['href'])
                     for link in each['links']}
            name = stacks.get(links['stack'], '') + each['resource_name']
            if 'nested' in links:
                stacks[links['nested']] = name + '/'
            found.append(Resource(
                name, each['resource_type'], each['resource_status'],
                each['resource_status_reason'], each['physical_resource_id'],
                links['self'], each['updated_time']))
        return found

    def events(self, limit):
        """The last events, with those of stacks within it, newest first."""
        return self._get('%s/events?%s' % (self._path, urllib.parse.urlencode(
            {'nested_depth': _DEEPEST, 'limit': limit,
             'sort_dir': 'desc'})))['events']

    def properties(self, resource):
        """The properties of a resource with which its last action began.

        What is not given is not there; nothing is before that.
        """
        try:
            events = self._get(resource.path + '/events?sort_dir=desc')
        except ksa_errors.NotFound:
            return {}
        for each in events['events']:
            shown = self._get('%s/events/%s' % (resource.path, each['id']))
            found = shown['event'].get('resource_properties')
            if found:
                return found
        return {}

    def metadata(self, resource):
        """The metadata of a resource: a map."""
        return self._get(resource.path + '/metadata')['metadata']

    def attributes(self, resource):
        """The attributes of a resource that Heat shows: a map."""
        return self._get(resource.path)['resource']['attributes']

    def template(self):
        """What it was made of: a ``heat_plugins.templates.template.Template``.

        Its file is the name of the stack, and the files within it are those
        that Heat has.
        """
        return templates.Template(
            self._document(self.name, self._part('template')),
            [self._document('environment', self._part('environment'))],
            # Heat shows the hidden ones as stars.
            {key: value for key, value in self._shown['parameters'].items()
             if value != '******'},
            files=self._part('files'))

    def _document(self, name, data):
        return document.Document(name, json.dumps(data, indent=1))

    def _part(self, name):
        return self._get('%s/%s' % (self._path, name))

    @property
    def _path(self):
        return '/stacks/%s/%s' % (urllib.parse.quote(self.name, safe=''),
                                  self.id)

    def _get(self, path):
        return self._heat.get(path).json()


def listed(user):
    """The stacks of a project: list of maps, the newest first.

    :param user: a ``heat_plugins.zaqar.keystone.User``.
    :raises keystoneauth1.exceptions.ClientException: Heat does not answer, or
        refuses.
    """
    shown = user.service(_SERVICE).get('/stacks').json()['stacks']
    return [{'id': each['id'], 'name': each['stack_name'],
             'status': each['stack_status'],
             'reason': each['stack_status_reason']} for each in sorted(
                 shown, key=lambda each: each['creation_time'],
                 reverse=True)]


def moment(text):
    """A time as Heat writes it: a ``datetime`` in UTC."""
    return timeutils.parse_isotime(text)


def path(url):
    """The part of Heat's URL of a stack, or of a part of one."""
    return url[url.index('/stacks/'):]


#: What can go wrong in all of this, for commands.
ERRORS = (NoStack, keystone.NoCredentials, ksa_errors.ClientException)
