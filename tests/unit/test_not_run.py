# SPDX-License-Identifier: Apache-2.0
"""A test that is skipped fails the run, with one exception."""
import os
import pathlib
import subprocess
import sys

import pytest

ROOT = pathlib.Path(__file__).parents[2]


@pytest.fixture
def run(tmp_path):
    """Runs one test as all of ours are run; gives pytest's result."""
    (tmp_path / 'conftest.py').write_text(
        'from tests.conftest import pytest_sessionfinish\n')

    def pytest_of(statement, **variables):
        (tmp_path / 'test_it.py').write_text(
            'import pytest\n'
            'from tests import not_run\n'
            'def test_it():\n'
            '    %s\n' % statement)
        others = {key: value for key, value in os.environ.items()
                  if key != 'CI'}
        return subprocess.run(
            [sys.executable, '-W', 'ignore', '-m', 'pytest', '-ra', '-p',
             'no:cacheprovider', str(tmp_path)],
            env={**others, 'PYTHONPATH': str(ROOT), **variables},
            cwd=tmp_path, capture_output=True, text=True)
    return pytest_of


def test_any_skipped_test_fails_the_run(run):
    assert run('pytest.skip("for no reason")').returncode == 1


def test_what_lacks_a_program_is_named_and_fails_the_run_in_ci_only(run):
    statement = 'not_run.skip("no RabbitMQ")'
    left_out = run(statement)

    assert left_out.returncode == 0
    assert 'NOT RUN: no RabbitMQ' in left_out.stdout
    assert run(statement, CI='1').returncode == 1
