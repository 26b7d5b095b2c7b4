# SPDX-License-Identifier: Apache-2.0
"""Tests whose programs cannot be had on some machines."""
import os

import pytest

_MARK = 'NOT RUN: '


def skip(error):
    """Skip what needs a program that is missing.

    :param error: what tells of it
    """
    pytest.skip(_MARK + str(error))


def may_be_left_out(report):
    """Whether a skipped test does not fail the run.

    In CI every test has to run.

    :param report: pytest's report of the test
    """
    return 'CI' not in os.environ and _MARK in str(report.longrepr)
