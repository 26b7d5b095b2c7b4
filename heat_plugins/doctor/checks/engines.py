# SPDX-License-Identifier: Apache-2.0
"""The engines of Heat, for administrators."""
import collections

from keystoneauth1 import exceptions as ksa_errors

from heat_plugins.doctor import finding
from heat_plugins.doctor.checks import catalog

TITLE = 'Engines'
NEEDS = (catalog,)


def examine(patient):
    tried = "Heat's list of engines"
    try:
        services = patient.heat.get('/services').json()['services']
    except ksa_errors.Forbidden:
        yield finding.note(tried, 'it is for administrators only')
        return
    hosts = collections.defaultdict(set)
    for each in services:
        hosts[each['hostname']].add(each['status'])
    down = sorted(host for host, states in hosts.items()
                  if 'up' not in states)
    if down:
        yield finding.warning(
            tried, 'no engine is up on %s' % ', '.join(down),
            'start it, or remove it with "heat-manage service clean"; what '
            'waited there has gone to the others')
    else:
        yield finding.ok(tried, '%d are up, on %s' % (
            sum(each['status'] == 'up' for each in services),
            ', '.join(sorted(hosts))))
