# SPDX-License-Identifier: Apache-2.0
"""The host of heat-engine: its configuration and its Heat."""
import pathlib

from oslo_config import cfg

from heat_plugins.doctor import finding

TITLE = 'Host of heat-engine'


def examine(patient):
    if not patient.config_files:
        return
    tried = 'the configuration %s' % ', '.join(patient.config_files)
    try:
        # Heat is here or not: the rest of the doctor needs none.
        from heat_plugins import releases
        from heat_plugins.engine import options
        major = releases.heat()
    except ImportError as error:
        yield finding.failure(tried, 'Heat cannot be loaded: %s' % error,
                              'run it with the Python of heat-engine')
        return
    yield _release(releases, major)
    conf = cfg.ConfigOpts()
    conf.register_opts([cfg.MultiStrOpt('plugin_dirs', default=[
        '/usr/lib64/heat', '/usr/lib/heat', '/usr/local/lib/heat',
        '/usr/local/lib64/heat'])])
    for group, opts in options.list_opts():
        conf.register_opts(opts, group=group)
    try:
        conf([], default_config_files=patient.config_files,
             default_config_dirs=[])
        for group, opts in options.list_opts():
            for each in opts:
                conf[group][each.dest]
    except (cfg.Error, ValueError) as error:
        yield finding.failure(tried, str(error), 'correct the file')
        return
    yield finding.ok(tried, 'the section [heat_zaqar] is valid')
    found = [folder for folder in _folders(conf.plugin_dirs)
             if (pathlib.Path(folder) / 'heat_zaqar.py').exists()]
    yield (finding.ok('plugin_dirs', 'heat_zaqar.py is in %s' % found[0])
           if found else finding.failure(
               'plugin_dirs', 'heat_zaqar.py is in none of %s' % ', '.join(
                   _folders(conf.plugin_dirs)),
               'add the folder that "heat-zaqar plugin-dir" prints'))


def _release(releases, major):
    tried = 'the release of Heat'
    if releases.has_known_interior():
        return finding.ok(tried, '%d: waits hold no thread' % major)
    return finding.warning(
        tried, '%d was not tested: each wait holds a thread' % major,
        'raise executor_thread_pool_size, or install a newer '
        'heat-zaqar-plugins')


def _folders(written):
    """Heat takes them one by one, or with commas between."""
    return [folder.strip() for each in written for folder in each.split(',')
            if folder.strip()]
