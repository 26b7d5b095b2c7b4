# SPDX-License-Identifier: Apache-2.0
"""A stack, by Heat's API."""
import json
import urllib.parse

from keystoneauth1 import exceptions as ksa_errors

from heat_plugins.templates import document
from heat_plugins.templates import template as templates
from heat_plugins.zaqar import keystone

_SERVICE = 'orchestration'


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
        return self._get('/stacks/%s/%s/%s' % (
            urllib.parse.quote(self.name, safe=''), self.id, name))

    def _get(self, path):
        return self._heat.get(path).json()


#: What can go wrong in all of this, for commands.
ERRORS = (NoStack, keystone.NoCredentials, ksa_errors.ClientException)
