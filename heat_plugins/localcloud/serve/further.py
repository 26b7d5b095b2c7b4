# SPDX-License-Identifier: Apache-2.0
"""What the processes of further services have in common."""
from oslo_config import cfg


def settings(file):
    """The section ``[localcloud]`` of a configuration file."""
    conf = cfg.ConfigOpts()
    conf.register_opts([
        cfg.StrOpt('done', help='Folder that remembers the steps done.'),
        cfg.StrOpt('paste', help='File that says what the API is made of.'),
    ], 'localcloud')
    conf([], default_config_files=[file], default_config_dirs=[])
    return conf.localcloud


def done(file):
    """The folder that remembers the steps done."""
    return settings(file).done
