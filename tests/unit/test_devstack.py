# SPDX-License-Identifier: Apache-2.0
"""The devstack plugin, called as devstack calls it.

What it uses of devstack is stood in for by functions that say how they were
called; ``iniget`` and ``ini_has_option`` look into real files.
"""
import pathlib
import subprocess

import pytest

from heat_plugins.plugin_dir import heat_zaqar

DEVSTACK = pathlib.Path(__file__).parents[2] / 'devstack'
FOLDER = str(pathlib.Path(heat_zaqar.__file__).parent)
# The arguments: folder, enabled services, mode and phase.
SCRIPT = r'''
set -e
HEAT_CONF=$1/heat.conf ZAQAR_CONF=$1/zaqar.conf ENABLED=$2
said() { (IFS='|'; echo "$*") }
iniset() { said iniset "${1##*/}" "${@:2}"; }
ini_has_option() { grep -q "^$3 *=" "$1"; }
iniget() { sed -n "s/^$3 *= *//p" "$1"; }
is_service_enabled() { [[ ",$ENABLED," == *",$1,"* ]]; }
setup_develop() { said setup_develop "$@"; }
generate_hex_string() { echo "$1-random-bytes"; }
echo_summary() { :; }
die() { echo "${@:2}" >&2; exit 1; }
source "$DEVSTACK/settings"
shift 2
source "$DEVSTACK/plugin.sh" "$@"
'''


@pytest.fixture
def plugin(tmp_path):
    """Runs the plugin; gives its calls, each a list of words."""
    def run(*call, services='h-eng,h-api,zaqar-wsgi'):
        ran = subprocess.run(
            ['bash', '-c', SCRIPT, 'stack.sh', str(tmp_path), services, *call],
            env={'DEVSTACK': str(DEVSTACK), 'PATH': '/usr/bin:/bin'},
            capture_output=True, text=True)
        assert ran.returncode == 0, ran.stderr
        return [line.split('|') for line in ran.stdout.splitlines()]
    (tmp_path / 'heat.conf').write_text('[DEFAULT]\n')
    (tmp_path / 'zaqar.conf').write_text('[DEFAULT]\n')
    return run


def test_it_installs_the_checkout_that_it_is_in(plugin):
    assert plugin('stack', 'install') == [
        ['setup_develop', str(DEVSTACK.parent)]]


def test_heat_finds_the_types_and_zaqar_signs_urls_and_notifies(plugin):
    assert plugin('stack', 'post-config') == [
        ['iniset', 'heat.conf', 'DEFAULT', 'plugin_dirs', FOLDER],
        ['iniset', 'zaqar.conf', 'signed_url', 'secret_key',
         '32-random-bytes'],
        ['iniset', 'zaqar.conf', 'storage', 'message_pipeline',
         'zaqar.notification.notifier']]


def test_what_is_set_already_stays(plugin, tmp_path):
    (tmp_path / 'heat.conf').write_text(
        '[DEFAULT]\nplugin_dirs = /opt/a,/opt/b\n')
    (tmp_path / 'zaqar.conf').write_text(
        '[signed_url]\nsecret_key = k\n[storage]\nmessage_pipeline = own\n')

    assert plugin('stack', 'post-config') == [
        ['iniset', 'heat.conf', 'DEFAULT', 'plugin_dirs',
         '/opt/a,/opt/b,' + FOLDER]]


@pytest.mark.parametrize('call', [
    ['stack', 'pre-install'], ['stack', 'extra'], ['stack', 'test-config'],
    ['unstack'], ['clean']], ids=' '.join)
def test_it_does_nothing_else(plugin, call):
    assert plugin(*call) == []


@pytest.mark.parametrize('phase', ['install', 'post-config'])
def test_a_host_without_heat_engine_and_zaqar_is_left_alone(plugin, phase):
    assert plugin('stack', phase, services='n-cpu') == []


def test_heat_and_zaqar_may_be_on_different_hosts(plugin):
    def files(services):
        return {call[1] for call in plugin('stack', 'post-config',
                                           services=services)}

    assert files('h-eng') == {'heat.conf'}
    assert files('zaqar-wsgi') == {'zaqar.conf'}


def test_a_wrong_order_of_the_plugins_is_refused(plugin, tmp_path):
    (tmp_path / 'heat.conf').unlink()

    with pytest.raises(AssertionError, match='after enable_plugin heat'):
        plugin('stack', 'post-config')
