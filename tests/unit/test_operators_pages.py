# SPDX-License-Identifier: Apache-2.0
"""What the pages for operators name is there, under this name."""
import configparser
from importlib import metadata
import json
import pathlib
import re
import subprocess
import sys

import pytest

from heat_plugins.engine import options

PAGES = [pathlib.Path(__file__).parents[2] / 'doc/source' / (name + '.rst')
         for name in ('deployments', 'install', 'production')]
#: What the page "In production" says of defaults.
DEFAULTS = {
    ('DEFAULT', 'engine_life_check_timeout'): '2',
    ('DEFAULT', 'executor_thread_pool_size'): '64',
    ('DEFAULT', 'graceful_shutdown_timeout'): '60',
    ('DEFAULT', 'max_events_per_stack'): '1000',
    ('DEFAULT', 'stack_action_timeout'): '3600',
    ('database', 'max_overflow'): '50',
    ('database', 'max_pool_size'): '5',
    ('heat_zaqar', 'connections'): '64',
    ('heat_zaqar', 'record_limit'): str(2 ** 20),
    ('notification', 'max_notifier_workers'): '10',
    ('transport', 'max_messages_per_claim_or_pop'): '20',
    ('transport', 'max_messages_per_page'): '20',
}
COMMANDS = ('heat_zaqar.commands', 'openstack.messaging.v2',
            'openstack.orchestration.v1')


def sample(*namespaces):
    """What oslo-config-generator prints, without the comments' marks."""
    generator = pathlib.Path(sys.executable).parent / 'oslo-config-generator'
    command = [sys.executable, '-W', 'ignore', str(generator)]
    for each in namespaces:
        command += ['--namespace', each]
    return re.sub('^#(?=[^ #])', '', subprocess.run(
        command, capture_output=True, text=True, check=True).stdout,
        flags=re.MULTILINE)


@pytest.fixture(scope='module')
def known():
    """All options of Heat, of what it stands on, of Zaqar and of ours."""
    parser = configparser.RawConfigParser(
        strict=False, default_section=None, allow_no_value=True)
    parser.read_string(sample(
        'heat.common.config', 'heat.common.crypt', 'heat_zaqar', 'oslo.db',
        'oslo.log', 'oslo.messaging', 'oslo.service.service', 'zaqar'))
    return parser


@pytest.mark.parametrize('page', PAGES[1:], ids=lambda page: page.stem)
def test_an_option_that_a_page_names_exists(page, known):
    named = re.findall(r'``\[([\w:]+)\]\s+(\w+)', page.read_text())

    assert named
    assert [each for each in named if not known.has_option(*each)] == []


@pytest.mark.parametrize('option', DEFAULTS, ids=' '.join)
def test_a_default_is_as_told(option, known):
    assert known.get(*option) == DEFAULTS[option]


@pytest.mark.parametrize('page', PAGES, ids=lambda page: page.stem)
def test_a_command_that_a_page_names_exists(page):
    commands = tuple(entry.name.replace('_', ' ') + ' ' for group in COMMANDS
                     for entry in metadata.entry_points(group=group))
    named = re.findall(r'(?:openstack|heat-zaqar)\s((?:[a-z-]+\s?)+)',
                       ' '.join(re.findall('``[^`]+``|^    .*',
                                           page.read_text(), re.MULTILINE)))

    assert named
    assert [each for each in named
            if not (each + ' ').startswith(commands)] == []


def test_the_sample_has_every_option_with_its_help_and_default():
    text = ' '.join(sample('heat_zaqar').replace('\n#', '\n').split())

    assert '[heat_zaqar]' in text
    for option in options.OPTIONS:
        assert ' '.join(option.help.split()) in text
        # JSON writes numbers, texts and booleans as oslo.config does.
        default = ('<None>' if option.default is None else
                   json.dumps(option.default).strip('"'))
        assert '%s = %s' % (option.name, default) in text
