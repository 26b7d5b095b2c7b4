# SPDX-License-Identifier: Apache-2.0
"""How a worker reaches its queue: by a signed URL, or by Keystone."""
import json
import pathlib

from heat_plugins.worker import errors
from heat_plugins.zaqar import errors as zaqar_errors
from heat_plugins.zaqar import guest
from heat_plugins.zaqar import keystone

#: What a signed URL of a worker has to be for, in a sentence.
NEEDED = ('the paths messages and claims, and the methods GET, POST, PATCH '
          'and DELETE')
#: What is wrong when Zaqar answers 404 to a signed URL.
REFUSED = ('Zaqar refuses the signed URL: it has expired, was changed, or is '
           'not for ' + NEEDED + '. Make a new one. (%s)')


def by_signed_url(path):
    """The queue of a signed URL.

    :param path: a file with JSON: a map of ``url`` and ``headers``, the
        attributes of a ``Zaqar::Messaging::SignedURL`` with the paths
        messages and claims, and the methods GET, POST, PATCH and DELETE.
    :rtype: heat_plugins.zaqar.guest.GuestQueue
    :raises heat_plugins.worker.errors.SetupError: the file has none.
    """
    try:
        signed = json.loads(pathlib.Path(path).read_text())
        return guest.queue(signed['url'], dict(signed['headers']))
    except (OSError, KeyError, TypeError, ValueError) as error:
        raise errors.SetupError(
            '%s: %s. The file must hold a JSON map with "url" and "headers", '
            'the attributes of a Zaqar::Messaging::SignedURL for %s.' % (
                path, _reason(error), NEEDED)) from error


def by_keystone(name, **options):
    """A queue of the project of a Keystone user.

    The user comes from the variables ``OS_*`` or from ``clouds.yaml``.

    :param options: for ``openstack.config.get_cloud_region``.
    :rtype: heat_plugins.zaqar.queue.Queue
    :raises heat_plugins.worker.errors.SetupError: there is no such user.
    """
    try:
        return keystone.User(**options).zaqar().queue(name)
    except keystone.NoCredentials as error:
        raise errors.SetupError(str(error)) from error


def is_user_s(queue):
    """Whether a queue is reached by Keystone: Zaqar pushes to no others."""
    return not isinstance(queue, guest.GuestQueue)


def check(queue):
    """Find out whether a worker can serve a queue.

    :raises heat_plugins.worker.errors.SetupError: it cannot.
    :raises heat_plugins.zaqar.errors.ZaqarError: it is not known yet.
    """
    try:
        # a guest learns from it whether the signed URL is good
        queue.page()
        exists = queue.exists()
    except zaqar_errors.NotFound as error:
        raise errors.SetupError(REFUSED % error) from error
    except (zaqar_errors.Unauthorized, zaqar_errors.Forbidden) as error:
        raise errors.SetupError(
            'The user may not read the queue "%s": %s' % (
                queue.name, error)) from error
    if not exists:
        raise errors.SetupError(
            'The queue "%s" does not exist in this project. Create it first, '
            'for instance with a stack that has a Zaqar::Messaging::Queue.' %
            queue.name)


def _reason(error):
    return ('%s is missing' % error if isinstance(error, KeyError)
            else error)


def endpoint(text):
    """An endpoint of Zaqar that replies may go to, as an operator names it.

    :raises ValueError: it is no URL.
    """
    url = text.rstrip('/').removesuffix('/v2')
    guest.place(url)
    return url
