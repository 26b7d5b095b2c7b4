# SPDX-License-Identifier: Apache-2.0
"""Pools: where Zaqar stores messages, for administrators."""
from heat_plugins.doctor import finding
from heat_plugins.doctor.checks import messages
from heat_plugins.zaqar import errors
from heat_plugins.zaqar import pools

TITLE = 'Pools'
NEEDS = (messages,)


def examine(patient):
    tried = 'the pools of Zaqar'
    try:
        names = sorted(name for name, _pool in pools.Pools(patient.zaqar))
    except (errors.Forbidden, errors.NotFound, errors.Unauthorized):
        yield finding.note(
            tried, 'they are not shown to this user, or at this endpoint',
            'nothing, unless templates are to make pools and flavors: that '
            'takes an administrator, and "admin_mode" and "pooling" in '
            'zaqar.conf')
        return
    yield finding.ok(tried, ', '.join(names) if names else
                     'there are none: all is stored in one place')
