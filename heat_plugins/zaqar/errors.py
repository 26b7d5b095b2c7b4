# SPDX-License-Identifier: Apache-2.0
"""What can go wrong in a call to Zaqar.

::

    ZaqarError                  also python-zaqarclient's TransportError
    ├── Unreachable             no answer: refused, cut off, timed out
    ├── NotOffered              the service catalog has no such endpoint
    ├── UnexpectedAnswer        an answer that is not the Messaging API's
    └── Refused                 an error status with Zaqar's own reason
        ├── BadRequest          400, 413, 415
        ├── Unauthorized        401
        ├── Forbidden           403
        ├── NotFound            404
        ├── Conflict            409
        └── ServerError         500 and above

Refusals are also the exceptions python-zaqarclient raises for the same
status, so that code written for it goes on to work.
"""
from zaqarclient.transport import errors as client_errors


class ZaqarError(client_errors.TransportError):
    """Base of all errors of a call to Zaqar.

    :ivar code: the HTTP status answered, or None without an answer.
    """

    def __init__(self, message, code=None):
        # python-zaqarclient's own __init__ only knows how to format a status.
        Exception.__init__(self, message)
        self.code = code


class Unreachable(ZaqarError):
    """Zaqar did not answer: refused, cut off or timed out."""


class NotOffered(ZaqarError):
    """The service catalog has no endpoint of the kind."""


class UnexpectedAnswer(ZaqarError):
    """What answered does not speak Zaqar's API: a proxy, perhaps."""


class Refused(ZaqarError):
    """Zaqar answered with an error status."""


class BadRequest(Refused, client_errors.MalformedRequest):
    """400, 413, 415: the request breaks a rule or a limit of the server."""


class Unauthorized(Refused, client_errors.UnauthorizedError):
    """401: no valid token, and none could be had."""


class Forbidden(Refused, client_errors.ForbiddenError):
    """403: the project or the signed URL does not allow this."""


class NotFound(Refused, client_errors.ResourceNotFound):
    """404: no such queue, subscription or message."""


class Conflict(Refused, client_errors.ConflictError):
    """409: the thing is there already, or is not as expected."""


class ServerError(Refused, client_errors.InternalServerError):
    """500 and above: Zaqar, its storage or a proxy before it failed."""


#: Zaqar may come back from these: another try may go well.
PASSING = (Unreachable, ServerError, UnexpectedAnswer)

_BY_STATUS = {
    400: BadRequest,
    401: Unauthorized,
    403: Forbidden,
    404: NotFound,
    409: Conflict,
    413: BadRequest,
    415: BadRequest,
}


def for_status(status):
    """The class of error for an HTTP status that is not a success."""
    if status >= 500:
        return ServerError
    return _BY_STATUS.get(status, UnexpectedAnswer)
