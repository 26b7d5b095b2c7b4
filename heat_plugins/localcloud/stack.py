# SPDX-License-Identifier: Apache-2.0
"""A stack, followed from outside as its user would."""
import time

from heatclient.common import event_utils
from heatclient.common import template_utils

# Seconds between the first two looks at a stack in progress, how that grows
# with each, and the most.
POLL, GROWTH, LONGEST_POLL = 0.05, 1.5, 0.3
# How often Heat is asked again to begin what it has dropped.
_TRIES = 20


class OutputFailed(Exception):
    """Heat cannot work out the value of an output."""


class Stack:
    """A stack of a running cloud.

    :param heat: a python-heatclient client
    :param name: its name
    :param stack_id: its id
    """

    def __init__(self, heat, name, stack_id):
        self.name = name
        self.id = stack_id
        self._heat = heat
        # Heat redirects each request that has only one of the two.
        self._identifier = '%s/%s' % (name, stack_id)
        self._last_event = None

    @classmethod
    def create(cls, heat, name, template, parameters=None, **options):
        """Begin to create a stack; it is in progress when this returns.

        :param template: the template's path
        :param parameters: dict of parameters
        :param options: further arguments of Heat's API, such as
            ``timeout_mins``
        :raises heatclient.exc.HTTPBadRequest: the template is not valid
        """
        answer = heat.stacks.create(
            stack_name=name, parameters=parameters or {},
            **_template(template), **options)
        return cls(heat, name, answer['stack']['id'])

    def update(self, template, parameters=None, **options):
        """Begin to update it; arguments as for :meth:`create`."""
        self._begin(self._heat.stacks.update, parameters=parameters or {},
                    **_template(template), **options)

    def delete(self):
        """Begin to delete it."""
        self._begin(self._heat.stacks.delete)

    @property
    def status(self):
        """Such as ``'CREATE_IN_PROGRESS'``."""
        return self._show().stack_status

    @property
    def reason(self):
        """Why it has its status, in Heat's words."""
        return self._show().stack_status_reason

    def follow(self, report=None):
        """Look at it again and again until Heat is not at work on it.

        :param report: callable that takes each event, a line of text, as it
            happens
        :returns: an iterator of its status at each look, while in progress
        """
        for shown in self._looks(report):
            if _is_at_work(shown):
                yield shown.stack_status

    def wait(self, report=None):
        """Wait until Heat is not at work on it; returns its status then."""
        for shown in self._looks(report):
            last = shown
        return last.stack_status

    def news(self):
        """The events since the last call, a line of text each."""
        events = event_utils.get_events(
            self._heat, self._identifier, {'sort_dir': 'asc'},
            marker=self._last_event)
        if events:
            self._last_event = events[-1].id
        return ['%s  %-14s %-20s %s' % (
                    event.event_time[11:19], event.resource_name,
                    event.resource_status, event.resource_status_reason)
                for event in events]

    def output(self, name):
        """The value of an output; None while it has none.

        :raises OutputFailed: Heat cannot work it out
        :raises heatclient.exc.HTTPNotFound: the template has none so named
        """
        output = self._heat.stacks.output_show(
            self._identifier, name)['output']
        if 'output_error' in output:
            raise OutputFailed('The output "%s" failed: %s' % (
                name, output['output_error']))
        return output['output_value']

    def output_names(self):
        """The names of its outputs."""
        return [each['output_key'] for each in
                self._heat.stacks.output_list(self._identifier)['outputs']]

    def outputs(self):
        """All outputs, a dict of name to value."""
        return {name: self.output(name) for name in self.output_names()}

    def resource(self, name):
        """python-heatclient's resource, with its attributes."""
        return self._heat.resources.get(self._identifier, name)

    def _begin(self, act, **arguments):
        """Have Heat begin an action on the stack.

        One that comes in the moment in which another has failed is dropped
        without a word (``Stack.purge_db``, Heat 24 to 27): Heat is asked
        again then.
        """
        before = self._show()
        act(self._identifier, **arguments)
        if before.stack_status.endswith('_FAILED'):
            for _number in range(_TRIES):
                if _state(self._show()) != _state(before):
                    break
                time.sleep(POLL)
                act(self._identifier, **arguments)

    def _looks(self, report):
        pause = POLL
        while True:
            shown = self._show()
            if report:
                for line in self.news():
                    report(line)
            yield shown
            if not _is_at_work(shown):
                return
            time.sleep(pause)
            pause = min(pause * GROWTH, LONGEST_POLL)

    def _show(self):
        return self._heat.stacks.get(self._identifier, resolve_outputs=False)


def _state(shown):
    return (shown.stack_status, shown.stack_status_reason, shown.updated_time)


def _is_at_work(shown):
    """Whether Heat is at work on it, or will be in a moment."""
    status = shown.stack_status
    if status in ('CREATE_FAILED', 'UPDATE_FAILED'):
        # A rollback follows.
        return not shown.disable_rollback
    if status == 'DELETE_COMPLETE':
        # Its name is taken until then.
        return not shown.deletion_time
    return status.endswith('IN_PROGRESS')


def _template(path):
    files, template = template_utils.get_template_contents(str(path))
    return {'template': template, 'files': files}
