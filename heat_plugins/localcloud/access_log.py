# SPDX-License-Identifier: Apache-2.0
"""The access log: a line of JSON for each request that an API served."""
import dataclasses
import datetime
import json


@dataclasses.dataclass(frozen=True)
class Request:
    """One request that was served.

    :param time: when it came, an aware :class:`datetime.datetime`
    :param peer: ``'address:port'`` of the client; the same port means the
        same connection
    :param method: such as ``'GET'``
    :param path: path with the query
    :param status: status code of the answer
    :param seconds: time the service took
    :param agent: the client's ``User-Agent``, or ``''``
    """

    time: datetime.datetime
    peer: str
    method: str
    path: str
    status: int
    seconds: float
    agent: str


def read(path):
    """Read an access log, oldest first.

    :param path: path of the log, as ``Cloud.access_log`` gives it
    :returns: list of :class:`Request`; empty when there is no log yet
    """
    try:
        with open(path) as log:
            return [parse(line) for line in log]
    except FileNotFoundError:
        return []


def parse(line):
    """Make a :class:`Request` of a line."""
    fields = json.loads(line)
    fields['time'] = datetime.datetime.fromisoformat(fields['time'])
    return Request(**fields)


def format(request):
    """Make a line of a :class:`Request`."""
    fields = dataclasses.asdict(request)
    fields['time'] = request.time.isoformat(timespec='milliseconds')
    fields['seconds'] = round(request.seconds, 3)
    return json.dumps(fields) + '\n'
