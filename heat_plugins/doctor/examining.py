# SPDX-License-Identifier: Apache-2.0
"""All checks, one after the other."""
from keystoneauth1 import exceptions as ksa_errors

from heat_plugins.doctor import checks
from heat_plugins.doctor import finding
from heat_plugins.zaqar import errors

_UNEXPECTED = ('look at the logs of the service that refused; run it again '
               'with --debug for a traceback')


def examine(patient, report=lambda title, found: None):
    """Find out what there is to find.

    :param patient: a ``heat_plugins.doctor.patient.Patient``.
    :param report: called with the title of a check and each ``Finding``.
    :returns: list of pairs of these.
    """
    all_found, failed = [], set()
    for check in checks.CHECKS:
        missing = failed.intersection(getattr(check, 'NEEDS', ()))
        if missing:
            failed.add(check)
            continue
        for found in _examined(check, patient):
            if found.severity == finding.Severity.FAILURE:
                failed.add(check)
            all_found.append((check.TITLE, found))
            report(check.TITLE, found)
    return all_found


def worst(all_found):
    """The worst of all severities, as an exit status."""
    return max((int(found.severity) for _title, found in all_found
                if found.severity > 0), default=0)


def _examined(check, patient):
    try:
        yield from check.examine(patient)
    except (errors.ZaqarError, ksa_errors.ClientException) as error:
        yield finding.failure(check.TITLE, str(error), _UNEXPECTED)
