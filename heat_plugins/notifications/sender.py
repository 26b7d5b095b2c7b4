# SPDX-License-Identifier: Apache-2.0
"""Posting to the queues of one project, or of any."""
import datetime
import typing

from keystoneauth1 import loading
from oslo_utils import uuidutils

from heat_plugins.notifications import options
from heat_plugins.zaqar import client
from heat_plugins.zaqar import guest
from heat_plugins.zaqar import queue as queues
from heat_plugins.zaqar import signing

_METHODS = ('POST',)
# Seconds that a signature is good for, and that it is used.
_GOOD, _USED = 3600, 3000


class Place(typing.NamedTuple):
    """A queue of a project; of None it is the sender's own."""
    project_id: str | None
    queue: str

    def __str__(self):
        return 'the queue %s' % self.queue + (
            ' of the project %s' % self.project_id if self.project_id else '')


class Own:
    """Posts to the project of a Keystone user.

    :param conf: of a service, with the section of ``options``.
    :raises ValueError: the section names no user.
    """

    def __init__(self, conf):
        self._ttl = conf[options.GROUP].ttl
        auth = loading.load_auth_from_conf_options(conf, options.GROUP)
        if auth is None:
            raise ValueError('neither signing_key nor auth_type is set')
        session = loading.load_session_from_conf_options(
            conf, options.GROUP, auth=auth)
        adapter = loading.load_adapter_from_conf_options(
            conf, options.GROUP, session=session)
        self._zaqar = client.Client(adapter, retries=0)

    @staticmethod
    def place(_project_id, queue):
        """Where what belongs to a project is posted to."""
        return Place(None, queue)

    def post(self, place, bodies):
        """Post to a place.

        :raises heat_plugins.zaqar.errors.ZaqarError: Zaqar does not take it.
        """
        self._zaqar.queue(place.queue).post(
            [{'body': each, 'ttl': self._ttl} for each in bodies])

    def endpoint(self):
        """Zaqar's URL, by the catalog."""
        return self._zaqar.endpoint()


class Signing:
    """Posts to any project, by the key with which Zaqar signs URLs.

    :param key: text of ``[signed_url] secret_key``.
    :param endpoint: gives Zaqar's URL without a version.
    :param ttl: seconds that a message stays.
    """

    def __init__(self, key, endpoint, ttl):
        self._key = key.encode()
        self._endpoint = endpoint
        self._ttl = ttl
        #: Place → a queue to post to, and until when.
        self._known = {}

    @staticmethod
    def place(project_id, queue):
        """Where what belongs to a project is posted to; None if nowhere."""
        return Place(project_id, queue) if project_id else None

    def post(self, place, bodies):
        """As of ``Own``."""
        self._queue(place).post(
            [{'body': each, 'ttl': self._ttl} for each in bodies])

    def _queue(self, place):
        now = datetime.datetime.now(datetime.UTC)
        queue, until = self._known.get(place, (None, now))
        if until <= now:
            self._known = {key: each for key, each in self._known.items()
                           if each[1] > now}
            until = now + datetime.timedelta(seconds=_USED)
            queue = self._signed(place, now + datetime.timedelta(
                seconds=_GOOD))
            self._known[place] = queue, until
        return queue

    def _signed(self, place, end):
        path = '/v2/queues/%s' % place.queue
        paths, expires = (path + '/messages',), signing.moment(end)
        signed = queues.SignedURL(
            signing.signature(self._key, paths, _METHODS, place.project_id,
                              expires),
            expires, place.project_id, paths, _METHODS)
        return guest.queue(self._endpoint() + path, signed.headers(
            uuidutils.generate_uuid()), retries=0)


def sender(conf):
    """The one that the section says.

    :param conf: of a service, with the section of ``options``.
    :raises keystoneauth1.exceptions.AuthPluginException: it is no section of
        keystoneauth.
    """
    section = conf[options.GROUP]
    if not section.signing_key:
        return Own(conf)
    given = section.endpoint_override
    return Signing(section.signing_key,
                   (lambda: given.rstrip('/')) if given
                   else Own(conf).endpoint, section.ttl)
