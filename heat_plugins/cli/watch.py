# SPDX-License-Identifier: Apache-2.0
"""The command ``heat-zaqar watch``."""
import contextlib
import time

from cliff import command
from oslo_utils import timeutils
from rich import console
from rich import live
from rich import progress_bar
from rich import table
from rich import text

from heat_plugins.cli import numbers
from heat_plugins.stacks import stack as stacks
from heat_plugins.stacks import watching
from heat_plugins.zaqar import keystone

# Rows and events that are shown at once, and characters of a bar.
_ROWS, _NEWS, _BAR = 30, 8, 20
# End of a status → colour.
_COLOURS = {'COMPLETE': 'green', 'FAILED': 'red', 'PROGRESS': 'yellow'}


class Watch(command.Command):
    """Show a stack as it goes on, until it is complete or has failed.

    In a terminal: what waits, how much of what it needs has come, and the
    last events. In a pipe or a log: a line for each event. It goes on when
    Heat does not answer for a while. The exit status is 1 when the stack has
    failed. The project is that which the OS_* variables or clouds.yaml name.
    """

    def get_parser(self, prog_name):
        parser = super().get_parser(prog_name)
        parser.add_argument('stack', metavar='STACK',
                            help='the name or id of a stack')
        numbers.add_interval(parser)
        return parser

    def take_action(self, parsed_args):
        shown = console.Console(file=self.app.stdout)
        try:
            watched = watching.Watching(keystone.User(), parsed_args.stack)
        except stacks.ERRORS as error:
            print('heat-zaqar watch: %s' % error, file=self.app.stderr)
            return 1
        way = Screen if shown.is_terminal else Log
        with contextlib.suppress(KeyboardInterrupt), way(
                shown, watched.name) as out:
            return int(self._follow(watched, out, parsed_args.interval))
        return 0

    def _follow(self, watched, out, interval):
        """Look until it is over.

        :returns: whether it has failed.
        """
        while True:
            try:
                look = watched.look()
            except stacks.ERRORS as error:
                out.trouble(error)
            else:
                out.show(look)
                if look.is_over:
                    return look.has_failed
            time.sleep(interval)


class Log:
    """A line for each event, as it comes."""

    def __init__(self, shown, name):
        self._print = shown.file.write
        self._flush = shown.file.flush
        self._name = name
        self._is_away = False

    def __enter__(self):
        return self

    def __exit__(self, *_error):
        pass

    def trouble(self, error):
        # Each answer of a proxy may have another text: its request's id.
        if not self._is_away:
            self._line('Heat does not answer; trying again: %s' % error)
        self._is_away = True

    def show(self, look):
        if self._is_away:
            self._is_away = False
            self._line('Heat answers again')
        for each in look.news:
            self._line(each)
        if look.is_over:
            self._line('%s: %s, %s' % (self._name, look.status, look.reason))

    def _line(self, line):
        self._print('%s\n' % line)
        self._flush()


class Screen:
    """A screen that is written anew at each look."""

    def __init__(self, shown, name):
        self._live = live.Live(console=shown, auto_refresh=False)
        self._name = name
        self._look = None
        self._news = []

    def __enter__(self):
        self._live.__enter__()
        return self

    def __exit__(self, *error):
        return self._live.__exit__(*error)

    def trouble(self, error):
        self._draw('Heat does not answer; trying again: %s' % error)

    def show(self, look):
        self._look = look
        self._news = [*self._news, *look.news][-_NEWS:]
        self._draw('')

    def _draw(self, trouble):
        lines = [text.Text(trouble, 'red')] if trouble else []
        if self._look is not None:
            lines = [*lines, _head(self._name, self._look),
                     _rows(self._look.rows),
                     *(text.Text(str(each), 'dim', no_wrap=True)
                       for each in self._news)]
        self._live.update(console.Group(*lines), refresh=True)


def _head(name, look):
    until = ('' if look.times_out is None else
             '  (fails at %s UTC if it is not complete)' %
             look.times_out.strftime('%H:%M:%S'))
    return text.Text.assemble(
        (name, 'bold'), '  ', _status(look.status), '  ', look.reason,
        (until, 'dim'))


def _rows(rows):
    made = table.Table(box=None, pad_edge=False, expand=True)
    for title, options in (('Resource', {'no_wrap': True}),
                           ('Status', {'no_wrap': True}),
                           ('For', {'no_wrap': True, 'justify': 'right'}),
                           ('Received', {'width': _BAR}), ('', {'ratio': 1})):
        made.add_column(title, **options)
    for each in rows[:_ROWS]:
        made.add_row(text.Text(each.name), _status(each.status),
                     _lasted(each), _bar(each),
                     text.Text(each.text, no_wrap=True, overflow='ellipsis'))
    if len(rows) > _ROWS:
        made.add_row('and %d more' % (len(rows) - _ROWS))
    return made


def _lasted(row):
    """How long its action has gone on."""
    if not row.is_in_progress:
        return ''
    begun = timeutils.delta_seconds(stacks.moment(row.since),
                                    timeutils.utcnow(with_timezone=True))
    # Heat's clock may be another than ours.
    minutes, seconds = divmod(max(0, int(begun)), 60)
    return '%d:%02d' % (minutes, seconds)


def _bar(row):
    if row.received is None or not row.needed:
        return ''
    return progress_bar.ProgressBar(
        total=row.needed, completed=min(row.received, row.needed),
        width=_BAR)


def _status(status):
    return text.Text(status, _COLOURS.get(status.rpartition('_')[2], ''))
