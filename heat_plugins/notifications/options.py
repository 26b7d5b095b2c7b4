# SPDX-License-Identifier: Apache-2.0
"""The section [zaqar_notifications] of a service's configuration."""
import itertools

from keystoneauth1 import loading
from oslo_config import cfg

from heat_plugins.messages import envelopes
from heat_plugins.zaqar import limits

#: The name of the section.
GROUP = 'zaqar_notifications'
#: Values of ``when_full``.
DROP_NEW, DROP_OLDEST = 'drop-new', 'drop-oldest'

OPTS = [
    cfg.MultiStrOpt(
        'events', default=[],
        help='An event pattern in JSON of the notifications to post, such as '
             '{"event_type": [{"prefix": "identity.project."}]}. Its keys are '
             'event_type, publisher_id, priority, project_id, user_id and '
             'payload. May be given several times: one of them has to match. '
             'Without any, all are posted.'),
    cfg.StrOpt(
        'queue', default='notifications',
        help='The name of the queue. {service}, {event_type}, {priority} and '
             '{project_id} stand for those of the notification, where what '
             'no name of a queue can hold is a hyphen.'),
    cfg.StrOpt(
        'envelope', default=envelopes.NONE, choices=envelopes.ENVELOPES,
        help='What is put around a notification.'),
    cfg.IntOpt(
        'ttl', default=limits.MESSAGE_TTL_DEFAULT,
        min=limits.MESSAGE_TTL[0], max=limits.MESSAGE_TTL[1],
        help='Seconds that a message stays in its queue.'),
    cfg.StrOpt(
        'signing_key', secret=True,
        help='[signed_url] secret_key of zaqar.conf. With it each '
             'notification is posted to a queue of the project that it is '
             'about, and needs no user. Whoever has this key can use every '
             'queue of every project. Without it all are posted to the '
             'project of the user of this section.'),
    cfg.IntOpt(
        'buffer', default=10000, min=1,
        help='How many notifications wait at most, while Zaqar is slow or '
             'away, in each process.'),
    cfg.StrOpt(
        'when_full', default=DROP_NEW, choices=[DROP_NEW, DROP_OLDEST],
        help='What is dropped when more would wait. How many were is logged '
             'once a minute.'),
    cfg.FloatOpt(
        'drain_timeout', default=5, min=0,
        help='Seconds that a process takes at its end, at most, to post what '
             'waits still.'),
]


#: Of "heat-zaqar notifications" only.
RELAY_OPTS = [
    cfg.ListOpt(
        'exchanges', default=[
            'openstack', 'cinder', 'glance', 'heat', 'ironic', 'keystone',
            'magnum', 'manila', 'mistral', 'neutron', 'nova', 'octavia',
            'trove'],
        help='The exchanges on which services tell: control_exchange of '
             'each. Those that are not there are made.'),
    cfg.ListOpt(
        'topics', default=['notifications'],
        help='The topics: [oslo_messaging_notifications] topics of each '
             'service.'),
    cfg.StrOpt(
        'pool', default='heat-zaqar',
        help='The name of the pool. All processes with the same one share '
             'the work; other listeners lose nothing by it.'),
]


def register_relay(conf):
    """As ``register``, with what "heat-zaqar notifications" needs."""
    conf.register_opts(RELAY_OPTS, GROUP)
    return register(conf)


def register(conf):
    """Register all that is in the section, and return it."""
    conf.register_opts(OPTS, GROUP)
    loading.register_session_conf_options(conf, GROUP)
    loading.register_adapter_conf_options(conf, GROUP)
    conf.set_default('service_type', 'messaging', GROUP)
    loading.register_auth_conf_options(conf, GROUP)
    return conf[GROUP]


def list_opts():
    """For oslo-config-generator: namespace ``zaqar_notifications``."""
    return [(GROUP, list(itertools.chain(
        OPTS, RELAY_OPTS, loading.get_session_conf_options(),
        loading.get_adapter_conf_options(),
        loading.get_auth_common_conf_options(),
        loading.get_auth_plugin_conf_options('password'))))]
