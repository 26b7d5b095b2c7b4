# SPDX-License-Identifier: Apache-2.0
"""The section ``[heat_zaqar]`` of heat.conf. Every default works."""
from oslo_config import cfg

GROUP = 'heat_zaqar'

OPTIONS = [
    cfg.FloatOpt(
        'request_timeout', default=30, min=1,
        help='Seconds without an answer after which a call to Zaqar fails.'),
    cfg.IntOpt(
        'request_retries', default=3, min=0,
        help='How often a call to Zaqar that can be repeated without harm is '
             'tried again after a connection error or the status 502, 503 '
             'or 504, with growing pauses from half a second on. Posting is '
             'never repeated.'),
    cfg.IntOpt(
        'connections', default=64, min=1,
        help='How many connections to Zaqar a heat-engine process keeps open '
             'for reuse. One for each thread is enough: see '
             'executor_thread_pool_size.'),
    cfg.StrOpt(
        'guest_interface', default='public',
        choices=['public', 'internal', 'admin'],
        help='The interface of the catalog whose URL of Zaqar is given to '
             'guests, in signed URLs.'),
    cfg.FloatOpt(
        'rescan_interval', default=30, min=1,
        help='Seconds between two looks at a whole queue while a resource '
             'waits. Between them only what was posted since is read. The '
             'look notices a deleted queue, and finds messages that were '
             'delayed or lay behind expired ones.'),
    cfg.IntOpt(
        'record_limit', default=1048576, min=0,
        help='Bytes of received messages, as JSON, that a wait condition '
             'keeps in the database. What comes beyond counts, but its body '
             'is not kept.'),
    cfg.FloatOpt(
        'progress_interval', default=10, min=1,
        help='Seconds between two events in which a resource that waits '
             'tells of one matter, such as how many messages it has '
             'received. The first five are told at once; after some minutes '
             'the events become rarer, down to about 150 a day. What came '
             'last is always told.'),
    cfg.FloatOpt(
        'expression_timeout', default=2, min=0.1,
        help='Seconds of processor time that the expression of a wait '
             'condition may take for one message. It works in a process of '
             'its own, which is then ended.'),
    cfg.IntOpt(
        'expression_processes', default=4, min=1,
        help='How many processes for the expressions of wait conditions a '
             'heat-engine process runs at a time; each may use 512 MiB, and '
             'most use 30. Conditions wait for their turn.'),
]


def get(conf=cfg.CONF):
    """The section's values.

    :rtype: oslo_config.cfg.GroupAttr
    """
    conf.register_opts(OPTIONS, group=GROUP)
    return conf[GROUP]


def list_opts():
    """For oslo-config-generator."""
    yield GROUP, OPTIONS
