# SPDX-License-Identifier: Apache-2.0
"""Programs of Debian packages, fetched by an apt-get that is not one."""
from concurrent import futures
import os

import pytest

from heat_plugins.localcloud import debian
from heat_plugins.localcloud import errors
from heat_plugins.localcloud import programs

PROGRAM = programs.Program('no-such-server', package='no-such-package',
                           relocated=('usr/bin/no-such-server',))
# It notes what it is told, and "downloads" one package of two megabytes.
APT = r"""#!/bin/sh -e
echo "$*" >>"$NOTED"
settings=$3
case "$*" in
    *fails*) echo 'E: no such package' >&2; exit 100;;
    *--print-uris*) echo "'http://u/a.deb' a.deb 2000000 SHA256:0";;
    *--download-only*)
        cache=$(sed -n 's/^Dir::Cache "\(.*\)";/\1/p' "$settings")
        touch "$cache/archives/a.deb";;
esac
"""
DPKG = """#!/bin/sh -e
mkdir -p "$3/usr/bin" "$3/usr/lib/x86_64-linux-gnu"
printf '#!/bin/sh\nROOT=/usr/lib\n' >"$3/usr/bin/no-such-server"
chmod +x "$3/usr/bin/no-such-server"
"""


@pytest.fixture
def noted(tmp_path, monkeypatch):
    """A machine with such an apt-get; gives what that was told."""
    for name, text in (('apt-get', APT), ('dpkg', DPKG)):
        program = tmp_path / 'bin' / name
        program.parent.mkdir(exist_ok=True)
        program.write_text(text)
        program.chmod(0o755)
    monkeypatch.setenv('PATH', '%s:%s' % (tmp_path / 'bin',
                                          os.environ['PATH']))
    monkeypatch.setenv('XDG_CACHE_HOME', str(tmp_path / 'cache'))
    monkeypatch.setenv('NOTED', str(tmp_path / 'noted'))
    (tmp_path / 'noted').touch()
    return (tmp_path / 'noted').read_text


def test_a_missing_program_is_fetched_once_and_told_of(noted):
    told = []

    PROGRAM.require(told.append)
    PROGRAM.require(told.append)

    assert told == ['fetching no-such-package: 1 Debian packages, 2 MB']
    assert noted().count('--download-only') == 1
    root = debian.folder('no-such-package')
    assert PROGRAM.which('no-such-server') == (
        root / 'usr/bin/no-such-server')
    assert PROGRAM.place().environment()['LD_LIBRARY_PATH'] == str(
        root / 'usr/lib/x86_64-linux-gnu')


def test_a_script_that_names_its_place_names_the_folder(noted):
    PROGRAM.require(print)

    root = debian.folder('no-such-package')
    assert (root / 'usr/bin/no-such-server').read_text().endswith(
        'ROOT=%s/usr/lib\n' % root)


def test_many_that_miss_it_at_once_fetch_it_once(noted):
    with futures.ThreadPoolExecutor() as pool:
        for done in [pool.submit(debian.unpack, PROGRAM.package, (), print)
                     for _number in range(8)]:
            done.result()

    assert noted().count('--download-only') == 1


def test_apt_get_is_told_to_write_nothing_of_the_machine(noted):
    PROGRAM.require(print)

    settings = (debian.cache() / 'apt/apt.conf').read_text()
    for folder in ('State', 'Cache'):
        assert 'Dir::%s "%s";' % (folder, debian.cache() / 'apt') in settings


def test_what_is_not_got_leaves_nothing_and_says_what_to_do(noted):
    missing = programs.Program('no-such-server', package='fails')

    with pytest.raises(errors.ServerMissing) as error:
        missing.require(print)

    assert 'E: no such package' in str(error.value)
    assert 'apt-get install fails' in str(error.value)
    assert sorted(each.name for each in debian.cache().iterdir()) == [
        'apt', 'lock']


def test_a_machine_without_apt_get_says_so(tmp_path, monkeypatch):
    monkeypatch.setenv('PATH', str(tmp_path))
    monkeypatch.setenv('XDG_CACHE_HOME', str(tmp_path))

    with pytest.raises(errors.ServerMissing,
                       match='no-such-server is not installed.*no apt-get'):
        PROGRAM.require(print)


def test_what_is_on_path_is_taken(tmp_path, monkeypatch):
    program = tmp_path / 'no-such-server'
    program.touch(mode=0o755)
    monkeypatch.setenv('PATH', str(tmp_path))

    PROGRAM.require(pytest.fail)

    assert PROGRAM.which('no-such-server') == program
    assert 'LD_LIBRARY_PATH' not in PROGRAM.place().environment()
