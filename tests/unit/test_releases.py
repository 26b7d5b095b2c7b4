# SPDX-License-Identifier: Apache-2.0
"""What the documentation says of releases is what the tests run on."""
import configparser
import csv
import itertools
import pathlib
import re

import pytest

from heat_plugins import releases

ROOT = pathlib.Path(__file__).parents[2]
CONSTRAINTS = ROOT / 'tests/constraints'


def table():
    """The rows of the documentation's table."""
    with (ROOT / 'doc/source/releases.csv').open() as file:
        return list(csv.DictReader(file))


def environments():
    """The names of tox's environments that run all tests."""
    tox = configparser.ConfigParser()
    tox.read(ROOT / 'tox.ini')
    [section] = [each for each in tox if each.startswith('testenv:heat-')]
    for pattern in section.removeprefix('testenv:').split(', '):
        choices = [part.strip('{}').split(',')
                   for part in re.split(r'({[^}]*})', pattern)]
        yield from map(''.join, itertools.product(*choices))


def test_all_tests_can_be_run_on_each_release_and_python_of_the_table():
    told = set()
    for row in table():
        heat = 'heat-' + row['Heat'].partition('.')[0]
        least, *later = row['Python'].split(', ')
        assert least == '3.11', 'the one that runs tox'
        told |= {heat, *('%s-py%s' % (heat, each.replace('.', ''))
                         for each in later)}

    assert told == set(environments())


@pytest.mark.parametrize('row', table(), ids=lambda row: row['OpenStack'])
def test_the_versions_of_the_table_are_those_of_the_constraints(row):
    constraints = (CONSTRAINTS / 'heat-{}.txt'.format(
        row['Heat'].partition('.')[0])).read_text()

    assert constraints.startswith('# OpenStack %s:' % row['OpenStack'])
    for package, column in (('openstack-heat', 'Heat'),
                            ('keystone', 'Keystone'), ('zaqar', 'Zaqar')):
        assert '\n%s==%s\n' % (package, row[column]) in constraints


def test_the_oldest_of_the_table_is_the_oldest_that_is_not_refused():
    assert table()[0]['Heat'].startswith('%d.' % releases.OLDEST)


def test_an_older_heat_is_refused(monkeypatch):
    monkeypatch.setattr(releases, 'heat', lambda: 23)

    with pytest.raises(ImportError, match='Heat 23 is installed, and 24 or '
                                          'later is needed'):
        releases.check_heat()


def test_the_table_says_where_waits_hold_no_thread(monkeypatch):
    for row in table():
        number = int(row['Heat'].partition('.')[0])
        monkeypatch.setattr(releases, 'heat', lambda number=number: number)
        assert releases.has_known_interior() == (row['Waits'] == 'no thread')

    monkeypatch.setattr(releases, 'heat', lambda: number + 1)
    assert not releases.has_known_interior()


def test_nothing_else_asks_for_a_version():
    [asking] = [file for file in (ROOT / 'heat_plugins').rglob('*.py')
                if re.search(r'version.*partition|version_info|__version__',
                             file.read_text())]

    assert asking.name == 'releases.py'
