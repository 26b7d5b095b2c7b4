# SPDX-License-Identifier: Apache-2.0
"""Trusts: by them a stack goes on when the token of its user has ended."""
from keystoneauth1 import exceptions as ksa_errors

from heat_plugins.doctor import finding

TITLE = 'Trusts'
_PATH = '/OS-TRUST/trusts'


def examine(patient):
    tried = 'a trust of this user, to himself'
    keystone = patient.user.service('identity', min_version='3',
                                    max_version='3.latest')
    access = patient.user.access()
    try:
        made = keystone.post(_PATH, json={'trust': {
            'trustor_user_id': access.user_id,
            'trustee_user_id': access.user_id,
            'project_id': access.project_id, 'impersonation': False,
            'roles': [{'id': each} for each in access.role_ids]}})
    except (ksa_errors.Forbidden, ksa_errors.NotFound) as error:
        yield finding.failure(
            tried, str(error),
            'use a password, or an application credential that is '
            '"unrestricted": Heat makes a trust for each stack, without '
            'which no wait outlives the token')
        return
    keystone.delete('%s/%s' % (_PATH, made.json()['trust']['id']))
    yield finding.ok(tried, 'Keystone makes one')
