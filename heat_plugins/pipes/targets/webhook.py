# SPDX-License-Identifier: Apache-2.0
"""Delivering to an HTTP server."""
from concurrent import futures

import requests

from heat_plugins.pipes import targets
from heat_plugins.pipes.targets import answers

# Messages that are posted to one server at a time.
_AT_ONCE = 8


class Webhook:
    """An HTTP server that takes each message with a POST of its own.

    :param url: where to.
    :param headers: map of HTTP headers that are sent along.
    :param timeout: seconds that it may take to answer.
    """

    keeps_order = False

    def __init__(self, url, headers, timeout):
        self._url = url
        # It may hold secrets, and errors of "requests" name it.
        self._hidden = requests.Request('POST', url).prepare().path_url
        self._headers = headers
        self._timeout = timeout
        self._session = requests.Session()

    def deliver(self, given):
        """See ``heat_plugins.pipes.targets``."""
        if len(given) == 1:
            return [self._post(given[0])]
        with futures.ThreadPoolExecutor(_AT_ONCE) as pool:
            return list(pool.map(self._post, given))

    def _post(self, each):
        try:
            # Nobody knows how long an answer is, or what it redirects to.
            with self._session.post(
                    self._url, json=each.body, timeout=self._timeout,
                    headers={answers.ID: each.id, **self._headers},
                    stream=True, allow_redirects=False) as answer:
                return answers.failure(answer)
        except (requests.RequestException, OSError) as error:
            return targets.Failure(self._redacted(str(error)))

    def _redacted(self, text):
        return (text if self._hidden == '/'
                else text.replace(self._hidden, '/...'))
