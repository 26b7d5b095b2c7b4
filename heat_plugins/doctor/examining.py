# SPDX-License-Identifier: Apache-2.0
"""All checks, one after the other."""
from keystoneauth1 import exceptions as ksa_errors

from heat_plugins.doctor import checks
from heat_plugins.doctor import finding
from heat_plugins.zaqar import errors

_UNEXPECTED = 'look at the log of the service that refused or did not answer'


def examine(patient):
    """Find out what there is to find.

    :param patient: a ``heat_plugins.doctor.patient.Patient``.
    :returns: pairs of the title of a check and a ``Finding``, one by one.
    """
    failed = set()
    for check in checks.CHECKS:
        if failed.intersection(getattr(check, 'NEEDS', ())):
            failed.add(check)
            continue
        for found in _examined(check, patient):
            if found.severity == finding.Severity.FAILURE:
                failed.add(check)
            yield check.TITLE, found


def worst(found):
    """The worst of some findings, as an exit status; a note is none."""
    return max(finding.Severity.OK, *(each.severity for each in found))


def _examined(check, patient):
    try:
        yield from check.examine(patient)
    except (errors.ZaqarError, ksa_errors.ClientException) as error:
        yield finding.failure(check.TITLE, str(error), _UNEXPECTED)
