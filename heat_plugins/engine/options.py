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
        help='How many times a call to Zaqar that can safely be repeated is '
             'tried again after a connection error or the status 502, 503 or '
             '504. The pauses grow from half a second. Posting is never '
             'repeated.'),
    cfg.IntOpt(
        'connections', default=64, min=1,
        help='How many connections to Zaqar a heat-engine process keeps open '
             'for reuse. One per thread is enough: see '
             'executor_thread_pool_size.'),
    cfg.StrOpt(
        'guest_interface', default='public',
        choices=['public', 'internal', 'admin'],
        help='The catalog interface whose URL for Zaqar is given to guests in '
             'signed URLs.'),
    cfg.FloatOpt(
        'rescan_interval', default=30, min=1,
        help='Seconds between two scans of a whole queue while a resource '
             'waits. In between, only newly posted messages are read. A scan '
             'notices that a queue was deleted, and finds messages that were '
             'delayed or hidden behind expired ones. When nothing has come '
             'for five minutes, there are at least eight times the pause '
             'between two looks from one scan to the next: see '
             'longest_pause.'),
    cfg.FloatOpt(
        'longest_pause', default=30, min=1,
        help='Seconds between two looks at a queue at which nothing has come '
             'for long, while a resource waits. In the first five minutes a '
             'queue is looked at once a second; then a twentieth of the time '
             'since something came last passes between two looks, up to '
             'this. A longer pause costs less CPU time here and in Zaqar, '
             'and a message may be seen later by as much.'),
    cfg.StrOpt(
        'websocket', default='auto', choices=['auto', 'on', 'off'],
        help='Whether Zaqar is to push what comes to the queues that '
             'resources wait on, by the endpoint of the type '
             'messaging-websocket in the service catalog. With auto, it does '
             'if the catalog has one; with on, a warning says that it has '
             'none. While nothing is pushed, the queues are looked at as '
             'often as longest_pause says.'),
    cfg.FloatOpt(
        'safety_interval', default=900, min=1,
        help='Seconds between two looks at a queue whose messages Zaqar '
             'pushes, while a resource waits. They find what was not pushed, '
             'and that a queue was deleted. Zaqar keeps the subscriptions to '
             'the pushes of an engine that has died for up to twice as long.'),
    cfg.IntOpt(
        'record_limit', default=1048576, min=0,
        help='Bytes of received messages, as JSON, that a wait condition '
             'keeps in the database. Messages beyond that count, but their '
             'bodies are not kept. In MariaDB and MySQL a statement takes up '
             'to twice as many bytes, and max_allowed_packet has to allow '
             'it.'),
    cfg.FloatOpt(
        'progress_interval', default=10, min=1,
        help='Seconds between two progress events of the same kind from a '
             'waiting resource, such as how many messages it has received. '
             'The first five are sent at once; after some minutes they become '
             'rarer, down to about 150 a day. The latest state is always '
             'reported.'),
    cfg.BoolOpt(
        'park_waits', default=True,
        help='Whether a resource that waits leaves the thread in which '
             'heat-engine works on it. Any engine then goes on with it. '
             'Otherwise each wait holds one of executor_thread_pool_size '
             'threads, and does not outlive its engine.'),
    cfg.IntOpt(
        'wait_threads', default=8, min=1,
        help='How many of the waiting resources a heat-engine process works '
             'on at a time, when something has come for them.'),
    cfg.IntOpt(
        'look_threads', default=4, min=1,
        help='How many queues a heat-engine process looks at at a time for '
             'the resources that wait. When they are not enough, or Zaqar is '
             'slow, messages are seen later.'),
    cfg.FloatOpt(
        'takeover_interval', default=15, min=1,
        help='Seconds between two looks for waits whose engine is gone, and '
             'for stacks of which something was lost with an engine or with '
             'RabbitMQ. They are gone on with in this one.'),
    cfg.FloatOpt(
        'wait_log_interval', default=600, min=0,
        help='Seconds between two lines in the log that say how many '
             'resources wait without a thread in a heat-engine process, for '
             'what and since when. 0 is never.'),
    cfg.StrOpt(
        'metrics_folder',
        help='A folder in which each heat-engine process writes its figures '
             'for Prometheus every 15 seconds, as heat-zaqar-ENGINE_ID.prom, '
             'for the textfile collector of node_exporter. By default none '
             'are written.'),
    cfg.FloatOpt(
        'expression_timeout', default=2, min=0.1,
        help='Seconds of CPU time that the expression of a wait condition may '
             'take for one message. It is evaluated in a separate process, '
             'which is then killed.'),
    cfg.IntOpt(
        'expression_processes', default=4, min=1,
        help='How many processes a heat-engine process runs at a time to '
             'evaluate the expressions of wait conditions. Each may use up to '
             '512 MiB; most use 30 MiB. When all are busy, conditions wait '
             'for their turn.'),
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
