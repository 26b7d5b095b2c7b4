# SPDX-License-Identifier: Apache-2.0
"""Signed URLs."""
from heat_plugins.testing import refusals
from heat_plugins.testing.api import call

_PATHS = frozenset(['messages', 'subscriptions', 'claims'])


def create(asked):
    """POST: sign some paths and methods of a queue."""
    document = asked.document()
    unknown = set(document) - {'methods', 'expires', 'paths'}
    if unknown:
        raise refusals.bad_request('Unknown keys: %s' % unknown)
    paths = document.get('paths') or ['messages']
    unknown = set(paths) - _PATHS
    if unknown:
        raise refusals.bad_request('Invalid paths: %s' % unknown)
    base = asked.path.rpartition('/')[0]
    try:
        signed = asked.signer.sign(
            ['%s/%s' % (base, each) for each in paths], asked.project,
            document.get('methods'), document.get('expires'))
    except ValueError as error:
        raise refusals.bad_request(str(error)) from error
    return call.Answer(200, signed)
