# SPDX-License-Identifier: Apache-2.0
"""The resource types of heat-engine."""
from heat_plugins.doctor import finding
from heat_plugins.doctor.checks import catalog
from heat_plugins.templates import types

TITLE = 'Resource types'
NEEDS = (catalog,)
# Each question may be answered by another engine.
_TIMES = 8
_INSTALL = ('install heat-zaqar-plugins for the Python of each heat-engine, '
            'add the folder that "heat-zaqar plugin-dir" prints to '
            'plugin_dirs, restart it, and look for "heat_zaqar" in its log')


def examine(patient):
    tried = 'the types that heat-engine knows, asked %d times' % _TIMES
    known = [set(patient.heat.get('/resource_types').json()['resource_types'])
             for _time in range(_TIMES)]
    wanted = set(types.types())
    everywhere = set.intersection(*known) & wanted
    anywhere = set.union(*known) & wanted
    if not anywhere:
        yield finding.failure(tried, 'none of ours is there', _INSTALL)
    elif everywhere != anywhere:
        yield finding.failure(
            tried, 'some engines do not know %s' % ', '.join(
                sorted(anywhere - everywhere)), _INSTALL)
    elif wanted - everywhere:
        # Those for administrators are hidden from others.
        yield finding.note(
            tried, '%d of %d are there; not seen: %s' % (
                len(everywhere), len(wanted),
                ', '.join(sorted(wanted - everywhere))),
            'nothing, if those are for administrators and you are none; '
            'else they are of another release of heat-zaqar-plugins')
    else:
        yield finding.ok(tried, 'all %d of ours are there' % len(wanted))
