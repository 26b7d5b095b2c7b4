# SPDX-License-Identifier: Apache-2.0
"""Calling a handler, and making a reply of whatever comes of it."""
from oslo_log import log as logging

from heat_plugins.custom import contract
from heat_plugins.custom import reply as replies
from heat_plugins.custom import request as requests
from heat_plugins.worker import result as results
from heat_plugins.worker import task

LOG = logging.getLogger(__name__)

# Characters of a reason that are sent: a post has a limit, and a failure that
# cannot be told is waited for until the timeout.
_REASON_LENGTH = 4096


class Calling:
    """Calls the methods of a handler.

    :param handler: has the methods ``create``, ``update`` and ``delete``.
    """

    def __init__(self, handler):
        self._handler = handler

    def __call__(self, request, tell):
        """Have a request done.

        :param tell: called with a text by ``Task.progress``.
        :returns: the body of the reply; a failure is one as well.
        """
        try:
            result = _result(self._method(request)(task.Task(request, tell)))
        except results.Failed as error:
            return _failure(request, error, error.physical_id)
        # A handler may do anything, and its caller has to be told.
        except (Exception, SystemExit) as error:
            LOG.exception('The request %s has failed', request.request_id)
            return _failure(request, '%s: %s' % (type(error).__name__, error))
        try:
            return replies.Reply(
                request.request_id, replies.Status.SUCCESS,
                _sendable(result.reason),
                result.physical_id, result.data).to_body()
        except contract.ContractError as error:
            LOG.error('The request %s is done, and its result is none: %s',
                      request.request_id, error)
            return _failure(request, error, _made(request, result))

    def _method(self, request):
        name = request.request_type.lower()
        method = getattr(self._handler, name, None)
        if method is None:
            raise results.Failed('the worker has no method "%s"' % name)
        return method


def _result(given):
    if given is None:
        return results.Result()
    if isinstance(given, results.Result):
        return given
    if isinstance(given, dict):
        return results.Result(data=given)
    raise results.Failed('the worker gave a %s, where a Result, a map or '
                         'None is due' % type(given).__name__)


def _sendable(text):
    if not isinstance(text, str):
        return text  # the contract says what is wrong with it
    # Zaqar does not take half of a surrogate pair, as names of files have.
    return text[:_REASON_LENGTH].encode(errors='replace').decode()


def _made(request, result):
    """The id of what there is although the result is none."""
    if isinstance(result.physical_id, str):
        return result.physical_id[:255]
    return (request.request_id
            if request.request_type == requests.RequestType.CREATE else None)


def _failure(request, error, physical_id=None):
    reply = replies.Reply(
        request.request_id, replies.Status.FAILED,
        _sendable(str(error)) or 'no reason given', physical_id)
    try:
        return reply.to_body()
    except contract.ContractError:
        return _failure(request, '%s (its physical_id is none: %r)' % (
            error, physical_id))
