# SPDX-License-Identifier: Apache-2.0
"""Clocks: signed URLs and tokens end by them."""
import datetime
import email.utils

from heat_plugins.doctor import finding
from heat_plugins.doctor.checks import catalog

TITLE = 'Clocks'
NEEDS = (catalog,)
# Seconds that two clocks may differ by.
_MOST = 30


def examine(patient):
    for service, name in (('orchestration', 'Heat'), ('messaging', 'Zaqar'),
                          ('identity', 'Keystone')):
        tried = "the clock of %s, against this machine's" % name
        answer = patient.user.service(service).get(
            '/', raise_exc=False, authenticated=False)
        written = answer.headers.get('Date')
        if not written:
            yield finding.note(tried, 'its answers have no date')
            continue
        apart = abs((email.utils.parsedate_to_datetime(written) -
                     datetime.datetime.now(datetime.UTC)).total_seconds())
        if apart > _MOST:
            yield finding.warning(
                tried, 'they are %d seconds apart' % apart,
                'have both set by NTP: signed URLs end early or late')
        else:
            yield finding.ok(tried, 'they agree')
