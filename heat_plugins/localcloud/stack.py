# SPDX-License-Identifier: Apache-2.0
"""A stack, followed from outside as its user would."""
import time

from heatclient.common import event_utils
from heatclient.common import template_utils

# Seconds between two looks at a stack in progress.
POLL = 0.3


class OutputFailed(Exception):
    """Heat cannot work out the value of an output."""


class Stack:
    """A stack of a running cloud.

    :param heat: a python-heatclient client
    :param stack_id: its id
    """

    def __init__(self, heat, stack_id):
        self.id = stack_id
        self._heat = heat
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
        return cls(heat, answer['stack']['id'])

    def update(self, template, parameters=None, **options):
        """Begin to update it; arguments as for :meth:`create`."""
        self._heat.stacks.update(self.id, parameters=parameters or {},
                                 **_template(template), **options)

    def delete(self):
        """Begin to delete it."""
        self._heat.stacks.delete(self.id)

    @property
    def name(self):
        """Its name."""
        return self._show().stack_name

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
        while True:
            status = self.status
            if report:
                for line in self.news():
                    report(line)
            if not status.endswith('IN_PROGRESS'):
                return
            yield status
            time.sleep(POLL)

    def wait(self, report=None):
        """Wait until Heat is not at work on it; returns its status then."""
        for _look in self.follow(report):
            pass
        return self.status

    def news(self):
        """The events since the last call, a line of text each."""
        events = event_utils.get_events(
            self._heat, self.id, {'sort_dir': 'asc'},
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
        output = self._heat.stacks.output_show(self.id, name)['output']
        if 'output_error' in output:
            raise OutputFailed('The output "%s" failed: %s' % (
                name, output['output_error']))
        return output['output_value']

    def output_names(self):
        """The names of its outputs."""
        return [each['output_key'] for each in
                self._heat.stacks.output_list(self.id)['outputs']]

    def outputs(self):
        """All outputs, a dict of name to value."""
        return {name: self.output(name) for name in self.output_names()}

    def resource(self, name):
        """python-heatclient's resource, with its attributes."""
        return self._heat.resources.get(self.id, name)

    def _show(self):
        return self._heat.stacks.get(self.id, resolve_outputs=False)


def _template(path):
    files, template = template_utils.get_template_contents(str(path))
    return {'template': template, 'files': files}
