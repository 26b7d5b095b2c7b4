# SPDX-License-Identifier: Apache-2.0
"""A wheel of the checkout, as a package index would have it."""
import pathlib
import shutil
import subprocess
import sys

import pytest

ROOT = pathlib.Path(__file__).parents[2]


@pytest.fixture(scope='session')
def wheel(tmp_path_factory):
    """The path of a wheel made of the checkout."""
    folder = tmp_path_factory.mktemp('wheel')
    source = folder / 'source'
    shutil.copytree(ROOT, source, ignore=shutil.ignore_patterns(
        '.*', 'build', 'doc', 'tests', '*.egg-info', '__pycache__'))
    subprocess.run([sys.executable, '-m', 'pip', 'wheel', '--quiet',
                    '--disable-pip-version-check', '--no-deps',
                    '--wheel-dir', str(folder), str(source)], check=True,
                   env={'PBR_VERSION': '0.1.0', 'PATH': '/usr/bin:/bin'})
    [made] = folder.glob('*.whl')
    return made
