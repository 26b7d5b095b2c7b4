# SPDX-License-Identifier: Apache-2.0
"""Claims."""
from heat_plugins.testing import refusals
from heat_plugins.testing import validation
from heat_plugins.testing.api import call
from heat_plugins.testing.api import messages

_TTL = 300
_GRACE = 60


def create(asked):
    """POST: claim some messages."""
    limit = asked.integer('limit')
    ttl, grace = _terms(asked.document_if_any())
    validation.claim_ttl(ttl)
    validation.listing(limit)
    validation.claim_grace(grace)
    claim_id, taken = asked.store.messages.make_claim(
        asked.key, ttl, grace, limit or 10)
    if not taken:
        return call.Answer(204)
    base = asked.path.rpartition('/')[0]
    return call.Answer(
        201, {'messages': [messages.shown(each, base, asked.store.now(),
                                          claim_id) for each in taken]},
        {'Location': '%s/%s' % (asked.path, claim_id)})


def show(asked):
    """GET of a claim."""
    claim, now = _claim(asked), asked.store.now()
    base = asked.path.rsplit('/', 2)[0]
    return call.Answer(200, {
        'age': now - (claim.expires - claim.ttl), 'ttl': claim.ttl,
        'messages': [messages.shown(each, base, now, claim.id)
                     for each in asked.store.messages.claimed(claim)],
        'href': asked.path})


def update(asked):
    """PATCH: let a claim run anew."""
    ttl, grace = _terms(asked.document())
    validation.claim_ttl(ttl)
    asked.store.messages.renew_claim(_claim(asked), ttl, grace)
    return call.Answer(204)


def delete(asked):
    """DELETE: release a claim, which need not be there."""
    claim = asked.store.messages.claim(asked.key, asked.variables['claim'])
    if claim is not None:
        asked.store.messages.release_claim(asked.key, claim)
    return call.Answer(204)


def _terms(document):
    document = call.a_map(document)
    return (call.field(document, 'ttl', int, _TTL),
            call.field(document, 'grace', int, _GRACE))


def _claim(asked):
    claim = asked.store.messages.claim(asked.key, asked.variables['claim'])
    if claim is None:
        raise refusals.not_found(
            'Claim %s does not exist in queue %s for project %s' %
            (asked.variables['claim'], asked.variables['queue'],
             asked.project))
    return claim
