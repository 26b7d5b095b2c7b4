# SPDX-License-Identifier: Apache-2.0
"""What is not in the reference fails here."""
import csv
import html
from importlib import metadata
import pathlib
import re
import subprocess
import sys

from heat.engine import attributes
from heat.engine import properties
import pytest

from heat_plugins import resources
from heat_plugins.custom import contract
from heat_plugins.engine import options
from heat_plugins.localcloud import demo
from heat_plugins.zaqar import errors

ROOT = pathlib.Path(__file__).parents[2]
# Sphinx prints curly quotes.
STRAIGHT = str.maketrans('\u2018\u2019\u201c\u201d', '\'\'""')


def build(source, target):
    return subprocess.run(
        [sys.executable, '-W', 'ignore', '-m', 'sphinx', '-q', '-W',
         '-b', 'html', str(ROOT / source), str(target)],
        capture_output=True, text=True)


@pytest.fixture(scope='module')
def reference(tmp_path_factory):
    """Gives the text of a page of the built documentation."""
    folder = tmp_path_factory.mktemp('doc')
    built = build('doc/source', folder)
    assert built.returncode == 0, built.stderr

    def page(name):
        text = (folder / (name + '.html')).read_text()
        return html.unescape(re.sub('<[^>]*>', '', text)).translate(
            STRAIGHT)
    return page


def test_every_type_with_all_its_keys_is_described(reference):
    page = reference('reference/resources')
    for name, cls in resources.mapping().items():
        section = page[page.index(name + '¶'):]
        for key, description in described(cls):
            assert description, '%s of %s has no description' % (key, name)
            assert '\n' + key + str(description)[:20] in section, key


def test_every_type_is_shown_as_an_example_has_it(reference):
    page = reference('reference/resources')
    for name in resources.mapping():
        section = page[page.index(name + '¶'):]
        shown = section[:section.index('Properties')]
        assert '  type: %s\n' % name in shown
        assert 'VALUE' not in shown


def test_every_type_says_since_when_it_is_there(reference):
    page = reference('reference/resources')
    for name, cls in resources.mapping().items():
        section = page[page.index(name + '¶'):]
        assert re.match(r'[0-9]+\.[0-9]+\.[0-9]+$', cls.support_status.version)
        assert ('Supported since %s.' % cls.support_status.version in
                section[:section.index('Properties')])


def described(cls):
    """Name and description of each property and attribute of a type."""
    pending = list(properties.schemata(cls.properties_schema).items())
    while pending:
        key, schema = pending.pop()
        yield key, schema.description
        pending += (schema.schema or {}).items()
    for key, schema in attributes.schemata(cls.attributes_schema).items():
        yield key, schema.description


@pytest.mark.parametrize('name', [contract.REQUEST, contract.REPLY])
def test_every_key_of_the_contract_is_described(reference, name):
    page = reference('workers')
    section = page[page.index('A %s¶' % name):]
    for key, schema in contract.schema(name)['properties'].items():
        assert '\n' + key + schema['description'][:20] in section, key


def test_every_option_is_described(reference):
    page = reference('reference/options')
    for option in options.OPTIONS:
        assert option.help
        assert option.name in page


def test_every_command_and_its_options_are_described(reference):
    page = reference('reference/commands')
    entries = metadata.entry_points(group='heat_zaqar.commands')
    assert entries
    for entry in entries:
        assert entry.name.replace('_', ' ') in page
        parser = entry.load()(None, None).get_parser('it')
        for action in parser._actions:
            assert action.help
            for option in action.option_strings[-1:]:
                assert option == '--help' or option in page


def test_every_error_is_described(reference):
    page = reference('errors')
    for name, value in vars(errors).items():
        if isinstance(value, type):
            assert name in page


def test_every_example_is_shown():
    text = ''.join(each.read_text()
                   for each in (ROOT / 'doc/source').glob('*.rst'))
    files = sorted(demo.examples().glob('*.yaml'))
    assert files
    for file in files:
        assert 'literalinclude:: ../../templates/examples/' + file.name in text


def test_each_row_about_waits_is_held_by_a_test():
    with (ROOT / 'doc/source/waits.csv').open() as table:
        rows = [row[0] for row in csv.reader(table)][1:]
    tests = [file.read_text() for folder in ('faults', 'functional')
             for file in (ROOT / 'tests' / folder).rglob('test_*.py')]
    held = set(re.findall('"""Row: (.+)"""', '\n'.join(tests)))

    assert held == set(rows)


def test_the_release_notes_can_be_built(tmp_path):
    built = build('releasenotes/source', tmp_path)

    assert built.returncode == 0, built.stderr
    page = (tmp_path / 'index.html').read_text()
    assert 'Zaqar::Workflow::WaitCondition' in page
    assert '0.0.0' not in page


@pytest.mark.parametrize('name', [
    'README.rst', 'CONTRIBUTING.rst', 'devstack/README.rst'])
def test_a_page_of_the_checkout_is_sound(name, tmp_path):
    (tmp_path / 'conf.py').write_text('')
    (tmp_path / 'index.rst').write_text((ROOT / name).read_text())

    built = build(tmp_path, tmp_path / 'html')

    assert built.returncode == 0, built.stderr
