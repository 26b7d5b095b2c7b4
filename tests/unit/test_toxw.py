# SPDX-License-Identifier: Apache-2.0
"""The script toxw hands its arguments to tox as they are."""
from importlib import machinery
from importlib import util
import os
import pathlib
import subprocess
import sys

import pytest

TOXW = pathlib.Path(__file__).parents[2] / 'toxw'


@pytest.fixture
def toxw(tmp_path, monkeypatch):
    """The script as a module, with a virtualenv that is ready."""
    monkeypatch.setattr(sys, 'dont_write_bytecode', True)
    loader = machinery.SourceFileLoader('toxw', str(TOXW))
    module = util.module_from_spec(util.spec_from_loader('toxw', loader))
    loader.exec_module(module)
    (tmp_path / 'ready').touch()
    monkeypatch.setattr(module, 'HOME', tmp_path)
    monkeypatch.setenv('XDG_CACHE_HOME', '')
    monkeypatch.delenv('XDG_CACHE_HOME')
    return module


@pytest.mark.parametrize('arguments', [
    [], ['-q'], ['-v'], ['-e', 'demo', '--', '--keep'],
    ['--', 'tests/unit', '-k', 'a b']], ids=' '.join)
def test_tox_gets_what_was_given_and_nothing_else(
        toxw, monkeypatch, arguments):
    begun = []
    monkeypatch.setattr(os, 'execv', lambda *args: begun.append(args))
    monkeypatch.setattr(sys, 'argv', [str(TOXW), *arguments])

    toxw.main()

    python = str(toxw.HOME / 'bin/python')
    assert begun == [(python, [python, '-m', 'tox', *arguments])]


def test_a_virtualenv_that_cannot_be_made_is_explained(toxw, monkeypatch):
    def fails(*_args, **_keywords):
        raise subprocess.CalledProcessError(1, 'pip')
    (toxw.HOME / 'ready').unlink()
    monkeypatch.setattr(toxw, 'install', fails)

    with pytest.raises(SystemExit, match='python3-venv'):
        toxw.main()
