# SPDX-License-Identifier: Apache-2.0
"""Envelopes: what is put around the data of a message."""
import json

from cloudevents.core.formats import json as json_format
from cloudevents.core.v1 import event

NONE = 'none'
CLOUDEVENTS = 'cloudevents'
ENVELOPES = (NONE, CLOUDEVENTS)


def cloudevent(data, *, id, source, type, time, subject=None):
    """An event of CloudEvents 1.0 in its JSON format, as a map.

    :param data: any JSON value.
    :param id: text; with ``source`` it is the same only for the same event.
    :param source: URI reference of what the event happened to.
    :param type: such as ``org.openstack.heat.stack.create``.
    :param time: when it happened, a ``datetime`` with its time zone.
    :param subject: what of the source it is about.
    """
    attributes = {'id': id, 'source': source, 'type': type, 'time': time,
                  'datacontenttype': 'application/json'}
    if subject is not None:
        attributes['subject'] = subject
    return json.loads(json_format.JSONFormat().write(
        event.CloudEvent(attributes, data)))
