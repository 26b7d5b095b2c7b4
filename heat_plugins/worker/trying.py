# SPDX-License-Identifier: Apache-2.0
"""Trying a handler by hand: one request from a file, one reply."""
import json
import pathlib

from heat_plugins.custom import contract
from heat_plugins.custom import request as requests
from heat_plugins.worker import errors
from heat_plugins.worker import testing


def reply(handler, path, progress):
    """Call a handler with the request in a file.

    :param path: of a file with JSON: a request, of which all but
        ``request_type`` and ``properties`` may be left out.
    :param progress: called with each text of ``Task.progress``.
    :rtype: heat_plugins.custom.reply.Reply
    :raises heat_plugins.worker.errors.SetupError: the file holds no request.
    """
    try:
        given = json.loads(pathlib.Path(path).read_text())
        if not isinstance(given, dict):
            raise ValueError('it is no JSON map')
        asked = testing.request(given.pop('request_type'),
                                given.pop('properties'), **given)
    except (OSError, ValueError, TypeError, contract.ContractError,
            RecursionError) as error:
        raise errors.SetupError('%s: %s' % (path, error)) from error
    except KeyError as error:
        raise errors.SetupError(
            '%s: %s is missing. The file must hold a JSON map with '
            '"request_type", one of %s, and "properties"; an Update and a '
            'Delete need "physical_id" too.' % (
                path, error, ', '.join(requests.RequestType))) from error
    return testing.call(handler, asked, progress)
