# SPDX-License-Identifier: Apache-2.0
"""Checks of properties that the schema of one property cannot make."""
from heat.common import exception
from heat.common.i18n import _


class Checked:
    """Mixed into a Heat resource class, before it."""

    def problems(self, props):
        """What is wrong with properties: pairs of a path and the reason.

        Asked when a template is validated, and again when all values are
        known, before a create or an update.

        :param props: the properties, in which what depends on resources that
            are not there yet is empty.
        """
        return ()

    def validate(self):
        super().validate()
        self._refuse_problems(self.properties)

    def action_handler_task(self, action, args=None, action_prefix=None):
        """As of Heat, for values that pass."""
        if action == self.CREATE:
            self._refuse_problems(self.properties)
        if action == self.UPDATE:
            self._refuse_problems(args[0].properties(self.properties_schema,
                                                     self.context))
        yield from super().action_handler_task(action, args, action_prefix)

    def invalid(self, path, reason):
        """The error, to be raised, of a property that ``validate`` refuses.

        :param path: the property, such as ``subscribers.0.webhook``.
        """
        return exception.StackValidationFailed(message=_(
            'Property %(path)s of %(name)s: %(reason)s') %
            {'path': path, 'name': self.name, 'reason': reason})

    def _refuse_problems(self, props):
        for path, reason in self.problems(props):
            raise self.invalid(path, reason)
