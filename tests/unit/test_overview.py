# SPDX-License-Identifier: Apache-2.0
"""What waits in a process, as operators see it."""
from oslo_config import cfg
from oslo_reports import guru_meditation_report
import pytest

from heat_plugins.engine import overview
from heat_plugins.testing import clock as clocks

from . import waiting

THING = 'Zaqar::Workflow::CustomResource'
WAITS = [
    waiting.a_wait(1, patience={'began': 1000}, queues=['a']),
    waiting.a_wait(2, patience={'began': 900}, queues=['b']),
    waiting.a_wait(3, resource_type=THING, queues=['b', 'c'],
                   action='UPDATE')]


def test_types_queues_and_the_oldest_are_told():
    assert overview.figures(WAITS, 2) == {
        'types': 'Zaqar::Workflow::WaitCondition (2), %s (1)' % THING,
        'actions': 'CREATE (2), UPDATE (1)',
        'queues': 'b (2), a (1), and 1 more',
        'since': '1970-01-01 00:15:00+00:00'}


def test_of_nothing_nothing_is_told():
    assert overview.figures([], 2) == {}


class TestLog:
    @pytest.fixture
    def parked(self):
        return list(WAITS)

    @pytest.fixture
    def looks(self, parked, caplog):
        """Looks after so many seconds; returns the lines of the log."""
        clock = clocks.ManualClock()
        log = overview.Log(lambda: parked, clock)
        caplog.set_level('INFO', overview.__name__)

        def look(seconds):
            caplog.clear()
            clock.advance(seconds)
            log.look()
            return caplog.messages
        return look

    def test_a_line_at_intervals(self, looks):
        [line] = looks(0)
        assert line.startswith('3 waits without a thread: types: Zaqar::')
        assert not looks(599)
        assert looks(1)

    def test_no_line_while_nothing_waits(self, looks, parked):
        parked.clear()

        assert not looks(0)

    def test_no_line_if_none_is_wanted(self, looks):
        cfg.CONF.set_override('wait_log_interval', 0, 'heat_zaqar')
        try:
            assert not looks(0)
        finally:
            cfg.CONF.clear_override('wait_log_interval', 'heat_zaqar')


def test_the_report_of_the_process_has_a_section(monkeypatch):
    class Report(guru_meditation_report.TextGuruMeditation):
        persistent_sections = []

    monkeypatch.setattr(guru_meditation_report, 'TextGuruMeditation', Report)
    overview.report(lambda: WAITS, 'me')

    [(title, section)] = Report.persistent_sections
    assert title == 'Waits of the Zaqar resource types'
    shown = section()
    shown.set_current_view_type('text')
    text = str(shown)
    for each in ('engine = me', 'waits = 3', 'queues = b (2), a (1), c (1)'):
        assert each in text
