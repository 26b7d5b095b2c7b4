# SPDX-License-Identifier: Apache-2.0
"""Calling a handler, and making a reply of whatever comes of it."""
from oslo_log import log as logging

from heat_plugins.custom import contract
from heat_plugins.custom import reply as replies
from heat_plugins.custom import request as requests
from heat_plugins.messages import texts
from heat_plugins.worker import errors
from heat_plugins.worker import result as results
from heat_plugins.worker import task

LOG = logging.getLogger(__name__)

# Characters of a reason that are sent: a post has a limit, and a failure that
# cannot be told is waited for until the timeout.
_REASON_LENGTH = 4096
_METHODS = tuple(each.lower() for each in requests.RequestType)


class Calling:
    """Calls the methods of a handler.

    :param handler: has the methods ``create``, ``update`` and ``delete``.
    :raises heat_plugins.worker.errors.SetupError: it lacks one.
    """

    def __init__(self, handler):
        lacking = lacks(handler, _METHODS)
        if lacking:
            raise errors.SetupError(
                'The handler %s has no method "%s". A handler needs create, '
                'update and delete; one that cannot do what is asked raises '
                'heat_plugins.worker.Failed.' % (
                    getattr(handler, '__name__', type(handler).__name__),
                    lacking))
        self._handler = handler

    def __call__(self, request, tell):
        """Have a request done.

        :param tell: called with a text by ``Task.progress``.
        :returns: the body of the reply; a failure is one as well.
        """
        try:
            method = getattr(self._handler, request.request_type.lower())
            result = _result(method(task.Task(request, tell)))
        except results.Failed as error:
            return _failure(request, error, error.physical_id)
        # A handler may do anything, and its caller has to be told.
        except (Exception, SystemExit) as error:
            LOG.exception('The handler failed on the request %s',
                          texts.line(request.request_id))
            return _failure(request, '%s: %s' % (type(error).__name__, error))
        try:
            return replies.Reply(
                request.request_id, replies.Status.SUCCESS,
                _sendable(result.reason),
                result.physical_id, result.data).to_body()
        except contract.ContractError as error:
            LOG.error('The handler has done the request %s, but its result '
                      'cannot be sent: %s', texts.line(request.request_id),
                      error)
            return _failure(request, error, _made(request, result))


def lacks(thing, methods):
    """The first of these methods that an object does not have, or None."""
    return next((name for name in methods
                 if not callable(getattr(thing, name, None))), None)


def _result(given):
    if given is None:
        return results.Result()
    if isinstance(given, results.Result):
        return given
    if isinstance(given, dict):
        return results.Result(data=given)
    raise results.Failed('the handler returned a value of the type %s, not a '
                         'Result, a map or None' % type(given).__name__)


def _sendable(text):
    if not isinstance(text, str):
        return text  # the contract says what is wrong with it
    # Zaqar does not take half of a surrogate pair, as names of files have.
    return text[:_REASON_LENGTH].encode(errors='replace').decode()


def _made(request, result):
    """The id of what there is although the result cannot be sent."""
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
        return _failure(request, '%s (its physical_id is not valid: %r)' % (
            error, physical_id))
