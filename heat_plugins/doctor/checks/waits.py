# SPDX-License-Identifier: Apache-2.0
"""What waits in each engine, by Heat's database: on a host of heat-engine."""
import collections
import logging

from oslo_config import cfg

from heat_plugins.doctor import finding
from heat_plugins.doctor.checks import host

TITLE = 'Waits'
NEEDS = (host,)


def examine(patient):
    if not patient.config_files:
        return
    # Heat is here, as the check of the host has found.
    from heat_plugins import releases
    # It tells which threads it has.
    logging.getLogger('oslo_service').setLevel(logging.WARNING)
    if releases.has_native_threads():
        releases.choose_threads()
    from heat.common import config  # noqa: F401 - its options
    from oslo_db import exception as db_errors
    from oslo_messaging import opts

    from heat_plugins.engine import waits
    for group, options in opts.list_opts():
        if group is None:
            cfg.CONF.register_opts(options)
    cfg.CONF([], project='heat', prog='heat-engine',
             default_config_files=patient.config_files,
             default_config_dirs=[])
    tried = 'what waits without a thread, in the database of Heat'
    try:
        found = waits.figures()
    except db_errors.DBError as error:
        yield finding.failure(tried, str(error), 'look at [database] '
                              'connection, and whether the database is up')
        return
    yield finding.note(
        'threads of each worker process of heat-engine',
        '%d; num_engine_workers is %s' % (
            cfg.CONF.executor_thread_pool_size,
            cfg.CONF.num_engine_workers or 'not set'))
    yield from _told(tried, found)


def _told(tried, found):
    if not found:
        yield finding.ok(tried, 'nothing does')
    alone = sum(each['host'] is None for each in found)
    if alone:
        yield finding.warning(
            tried, '%d waits that no engine looks after' % alone,
            'another engine takes them over within a minute: does one run, '
            'and do its logs tell of the database or of RabbitMQ?')
    hosts = collections.Counter(each['host'] for each in found
                                if each['host'] is not None)
    for name, count in sorted(hosts.items()):
        engines = {each['engine'] for each in found if each['host'] == name}
        yield finding.ok(tried, '%d on %s, in %s' % (
            count, name, 'one process' if len(engines) == 1
            else '%d processes' % len(engines)))
