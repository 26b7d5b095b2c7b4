# SPDX-License-Identifier: Apache-2.0
"""Signed URLs: mailboxes and custom resources need them."""
from oslo_utils import uuidutils

from heat_plugins.doctor import finding
from heat_plugins.doctor.checks import messages
from heat_plugins.zaqar import errors
from heat_plugins.zaqar import guest

TITLE = 'Signed URLs'
NEEDS = (messages,)


def examine(patient):
    tried = 'a signed URL'
    with patient.queue() as queue:
        try:
            signed = queue.signed_url(paths=['messages'], methods=['POST'],
                                      ttl_seconds=300)
        except errors.ZaqarError as error:
            yield finding.failure(
                tried, 'Zaqar makes none: %s' % error,
                'set [signed_url] secret_key in zaqar.conf, the same '
                'everywhere, and restart Zaqar')
            return
        yield finding.ok(tried, 'Zaqar makes one')
        url = patient.zaqar.endpoint('public') + queue.path
        tried = 'a post as a guest, to the public endpoint %s' % url
        try:
            messages.post(guest.queue(url, signed.headers(
                uuidutils.generate_uuid())))
        except errors.Unreachable as error:
            yield finding.failure(
                tried, str(error), 'guests use the public endpoint: make it '
                'reachable from where they are')
        except errors.ZaqarError as error:
            yield finding.failure(
                tried, str(error), 'all of Zaqar needs the same '
                '[signed_url] secret_key, and a proxy must leave the headers '
                'URL-* as they are')
        else:
            found = messages.arrives(queue)
            yield (finding.ok(tried, 'the message is there') if found else
                   finding.failure(
                       tried, 'the message is not there', 'is the public '
                       'endpoint that of this Zaqar?'))
