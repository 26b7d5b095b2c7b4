# SPDX-License-Identifier: Apache-2.0
"""The tree of errors."""
import pytest
from zaqarclient.transport import errors as client_errors

from heat_plugins.zaqar import errors

STATUSES = [
    (400, errors.BadRequest, client_errors.MalformedRequest),
    (401, errors.Unauthorized, client_errors.UnauthorizedError),
    (403, errors.Forbidden, client_errors.ForbiddenError),
    (404, errors.NotFound, client_errors.ResourceNotFound),
    (409, errors.Conflict, client_errors.ConflictError),
    (413, errors.BadRequest, client_errors.MalformedRequest),
    (415, errors.BadRequest, client_errors.MalformedRequest),
    (500, errors.ServerError, client_errors.InternalServerError),
    (502, errors.ServerError, client_errors.InternalServerError),
    (599, errors.ServerError, client_errors.InternalServerError),
]


@pytest.mark.parametrize(('status', 'ours', 'theirs'), STATUSES)
def test_a_refusal_is_also_what_zaqarclient_would_raise(status, ours, theirs):
    error = errors.for_status(status)('why', status)

    assert type(error) is ours
    assert isinstance(error, theirs)
    assert isinstance(error, errors.Refused)
    assert (str(error), error.code) == ('why', status)


@pytest.mark.parametrize('status', [301, 405, 406, 418, 429])
def test_a_status_that_zaqar_does_not_use_is_unexpected(status):
    assert errors.for_status(status) is errors.UnexpectedAnswer
    assert not issubclass(errors.UnexpectedAnswer, errors.Refused)


@pytest.mark.parametrize('name', [
    name for name, value in vars(errors).items()
    if isinstance(value, type) and issubclass(value, errors.ZaqarError)])
def test_each_error_is_ours_zaqarclients_and_in_the_drawing(name):
    cls = getattr(errors, name)

    assert issubclass(cls, client_errors.TransportError)
    assert str(cls('a reason')) == 'a reason'
    assert cls('a reason').code is None
    assert name in errors.__doc__


@pytest.mark.parametrize('status', [400, 401, 403, 404, 409, 415, 500, 503])
def test_a_status_of_the_server_arrives_as_its_error(zaqar, queue, pauses,
                                                     status):
    zaqar.faults.answer(status, '{"title": "why"}', times=4)

    with pytest.raises(errors.for_status(status), match='why') as failed:
        queue.page()
    assert failed.value.code == status
