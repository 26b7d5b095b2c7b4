# SPDX-License-Identifier: Apache-2.0
"""What every resource of Zaqar has in common."""
import contextlib
import re
import sys

from heat.common import exception
from heat.common.i18n import _
from heat.engine import support
from keystoneauth1 import exceptions as ksa_errors
from oslo_db import exception as db_errors
from oslo_log import log as logging

from heat_plugins import schema
from heat_plugins.engine import client_plugin
from heat_plugins.engine import options
from heat_plugins.engine import threads
from heat_plugins.messages import texts
from heat_plugins.resources import held
from heat_plugins.resources import reread
from heat_plugins.waiting import progress
from heat_plugins.zaqar import errors
from heat_plugins.zaqar import mailbox

LOG = logging.getLogger(__name__)

# Characters that Heat's database has for an event's reason or physical id.
_EVENT = 255
#: Zaqar, Keystone and the database may come back from these.
PASSING = (*errors.PASSING, ksa_errors.ConnectionError,
           ksa_errors.DiscoveryFailure, ksa_errors.HttpServerError,
           db_errors.DBConnectionError, db_errors.DBDeadlock)
# Zaqar is there, and cannot do what it is asked to.
_BROKEN = 500
# Seconds between two tries: each time twice as long, up to the second.
_PAUSES = (1, 16)


class ZaqarResource(reread.Reread, held.Held):
    """Mixed into a Heat resource class.

    A subclass fills ``attribute_methods`` with attribute name → method name.
    """

    default_client_name = client_plugin.NAME

    # Since which release of this package. Properties and attributes have the
    # same status, unless their own schema says otherwise.
    support_status = support.SupportStatus(version='0.1.0')

    properties_schema = {}
    attributes_schema = {}
    attribute_methods = {}

    # The context with the rights that Heat keeps for the stack, once needed.
    _lasting = None
    # The kinds of errors that an event has met.
    _told = frozenset()

    def __init_subclass__(cls, **kwargs):
        super().__init_subclass__(**kwargs)
        for schemas in (cls.properties_schema, cls.attributes_schema):
            schema.inherit_status(cls.support_status, schemas.values())

    def client(self, name=None, version=None):
        """As of Heat; after ``outlive`` by the rights of the stack."""
        if self._lasting is None:
            return super().client(name, version)
        return self._lasting.clients.client(
            name or self.default_client_name, version)

    def client_plugin(self, name=None):
        """As of Heat; after ``outlive`` by the rights of the stack."""
        if self._lasting is None:
            return super().client_plugin(name)
        return self._lasting.clients.client_plugin(
            name or self.default_client_name)

    def outlive(self, error):
        """Go on when the token of the request that began this has expired.

        :param error: the ``errors.Unauthorized`` that says so; raised when
            the rights of the stack do not help either.
        """
        if self._lasting is not None:
            raise error
        self._lasting = self.stack.stored_context()

    def report(self, line):
        """Tell of progress, by an event; nothing fails because of it."""
        line = texts.line(line, _EVENT)
        try:
            self._add_event(self.action, self.status, line)
        # Heat's database, its threads or an event sink: no matter which, the
        # work goes on.
        except Exception as error:
            if type(error) not in self._told:
                self._told |= {type(error)}
                LOG.exception('An event of %s is lost, and perhaps others '
                              'like it: %s', self.name, line)

    def progress(self):
        """What tells of progress in a wait that begins now."""
        return progress.Progress(self.report, options.get().progress_interval)

    def aborted(self, account):
        """Say what had come, when Heat gives a wait up: in handle_*_cancel.

        :param account: a line for people.
        """
        self.report(_('given up: %s') % account)
        # Heat makes the reason of the resource's state of this error.
        error = sys.exc_info()[1]
        error.args = ('; '.join(filter(None, [str(error), account])),)

    def state_set(self, action, status, reason='state changed', **kwargs):
        """As of Heat, with a reason that its database can hold.

        With another one the stack would stay in progress for ever.
        """
        super().state_set(action, status, texts.storable(reason), **kwargs)

    @contextlib.contextmanager
    def _action_recorder(self, *args, **kwargs):
        """As of Heat; of the failure, the stack's reason is made."""
        try:
            with super()._action_recorder(*args, **kwargs):
                yield
        except exception.ResourceFailure as failure:
            failure.message = texts.storable(failure.message)
            if isinstance(failure.exc, exception.StackValidationFailed):
                # Heat makes another failure of it
                failure.exc.error_message = texts.storable(
                    failure.exc.error_message)
            raise

    def _add_event(self, *args, **kwargs):
        threads.forget_finished(self.stack)
        super()._add_event(*args, **kwargs)

    def _resolve_any_attribute(self, attr):
        if self.action == self.UPDATE and self.status != self.COMPLETE:
            # what is stored is what was before it
            return super()._resolve_any_attribute(attr)
        # Where a stack is only looked at, a reference to another resource is
        # not known; what it was when the stack acted is stored.
        with self.frozen_properties():
            return super()._resolve_any_attribute(attr)

    def problems(self, props):
        """What is wrong with properties: pairs of a path and the reason.

        Asked when a template is validated, and again when all values are
        known, before a create or an update.

        :param props: the properties, in which what depends on resources that
            are not there yet is empty.
        """
        return ()

    def forwards(self):
        """Who sends what on: property, queue and queue it is sent on to.

        The queues are as ``heat_plugins.engine.known`` gives them.
        """
        return ()

    def validate(self):
        super().validate()
        self._refuse_problems(self.properties)

    def action_handler_task(self, action, args=None, action_prefix=None):
        """As of Heat, for values that pass; goes on after a trouble.

        Whatever the resources do for these actions can be done again.
        """
        if action not in (self.CREATE, self.UPDATE, self.DELETE):
            yield from super().action_handler_task(action, args,
                                                   action_prefix)
            return
        if action == self.CREATE:
            self._refuse_problems(self.properties)
        if action == self.UPDATE:
            self._refuse_problems(args[0].properties(self.properties_schema,
                                                     self.context))
        first, longest = _PAUSES
        pause = first
        while True:
            try:
                if pause != first:
                    self.make_sure_it_is_held()
                yield from super().action_handler_task(action, args,
                                                       action_prefix)
                return
            except PASSING as error:
                if getattr(error, 'code', None) == _BROKEN:
                    raise
                self._tell_of_trouble(error, pause == first)
            yield pause
            pause = min(2 * pause, longest)

    def _tell_of_trouble(self, error, is_first):
        LOG.warning('%s failed and is tried again: %s', self, error)
        if is_first:
            self.report(_('trying again until it succeeds: %s') % error)

    def _refuse_problems(self, props):
        for path, reason in self.problems(props):
            raise self.invalid(path, reason)

    def _resolve_attribute(self, name):
        if self.resource_id is None:
            return None
        return getattr(self, self.attribute_methods[name])()

    @classmethod
    def is_service_available(cls, context):
        """Heat's hook; says what to do when Zaqar is not in the catalog."""
        available, reason = super().is_service_available(context)
        if not available:
            reason = _(
                'The service catalog has no endpoint of the type "messaging". '
                'Ask the operator of this cloud to install Zaqar, or to '
                'register its endpoint in this region.')
        return available, reason

    def _needs_update(self, *args, **kwargs):
        """What did not come to its end is done again, changed or not.

        Heat would take a failed resource without a changed property for
        complete, if it is not to be replaced.
        """
        needed = super()._needs_update(*args, **kwargs)
        return needed or self.status != self.COMPLETE

    def invalid(self, path, reason):
        """The error, to be raised, of a property that ``validate`` refuses.

        :param path: the property, such as ``subscribers.0.webhook``.
        """
        return exception.StackValidationFailed(message=_(
            'Property %(path)s of %(name)s: %(reason)s') %
            {'path': path, 'name': self.name, 'reason': reason})

    def made_queue_name(self):
        """A queue's name made of stack and resource; None before an id."""
        made = super().physical_resource_name()
        # A stack's name may have characters that a queue's may not.
        return made and re.sub('[^A-Za-z0-9_-]', '-', made)

    def wanted_name(self, key):
        """The name that a property asks for, or None.

        Heat writes it into events, before and while it is refused.
        """
        wanted = self.properties[key]
        return wanted and texts.storable(wanted, _EVENT)

    def mailbox_name(self):
        """The name of a mailbox of this resource; None before an id.

        The class has ``mailbox.UNIQUE_LENGTH`` as its
        ``physical_resource_name_limit``.
        """
        made = self.made_queue_name()
        return made and mailbox.name(made)

    def queue_metadata(self, name):
        """The metadata of a queue that a property names, and needs."""
        try:
            return self.client().queue(name).metadata()
        except errors.NotFound as error:
            raise exception.Error(_(
                'Property queue of %(resource)s: there is no queue '
                '"%(queue)s". Create it first, with a Zaqar::Messaging::Queue '
                'in this or another stack, and make this resource depend on '
                'it.') % {'resource': self.name, 'queue': name}) from error

    def check_queue(self, name):
        """Fail, as ``check`` should, when this queue is gone."""
        if not self.client().queue(name).exists():
            raise exception.Error(_('The queue "%s" is gone.') % name)
