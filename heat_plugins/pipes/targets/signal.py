# SPDX-License-Identifier: Apache-2.0
"""Delivering to Heat's signal API."""
import re

from keystoneauth1 import exceptions as ksa_errors

from heat_plugins.pipes import targets
from heat_plugins.pipes.targets import answers

# Its URL: behind the endpoint, and the project of who made it.
_PATH = re.compile(r'/v1/[^/]+(/stacks/[^/]+/[^/]+/resources/[^/]+/signal)$')
#: What is wrong with an address that is none.
NOT_ONE = ('it is not the URL of Heat\'s signal API for a resource, such as '
           '{get_attr: [POLICY, signal_url]}')


class Signal:
    """A resource of a stack of the same project.

    Nobody but Heat, as the service catalog has it, gets the token.

    :param url: of the signal API.
    :param heat: the ``keystoneauth1.adapter.Adapter`` of Heat.
    """

    keeps_order = False

    def __init__(self, url, heat):
        self._path = path(url)
        self._heat = heat

    def deliver(self, given):
        """See ``heat_plugins.pipes.targets``."""
        return [self._post(each) for each in given]

    def _post(self, each):
        if self._path is None:
            return targets.Failure(NOT_ONE, is_final=True)
        try:
            answer = self._heat.post(
                self._path, json=each.body, headers={answers.ID: each.id},
                raise_exc=False, stream=True)
            with answer:
                return answers.failure(answer)
        except (ksa_errors.ClientException, OSError) as error:
            return targets.Failure(str(error))


def path(url):
    """The part of a signal's URL behind the endpoint; None if it is none."""
    found = _PATH.search(url)
    return found and found[1]
