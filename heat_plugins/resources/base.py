# SPDX-License-Identifier: Apache-2.0
"""What every resource of Zaqar has in common."""
import re

from heat.common import exception
from heat.common.i18n import _
from heat.engine import support

from heat_plugins import schema
from heat_plugins.engine import client_plugin
from heat_plugins.messages import texts
from heat_plugins.resources import checked
from heat_plugins.resources import held
from heat_plugins.resources import lasting
from heat_plugins.resources import reread
from heat_plugins.resources import telling
from heat_plugins.resources import trying
from heat_plugins.zaqar import errors
from heat_plugins.zaqar import mailbox


class ZaqarResource(checked.Checked, trying.Trying, reread.Reread, held.Held,
                    telling.Telling, lasting.Lasting):
    """Mixed into a Heat resource class.

    A subclass fills ``attribute_methods`` with attribute name → method name.
    """

    default_client_name = client_plugin.NAME

    # Since which release of this package. Properties and attributes have the
    # same status, unless their own schema says otherwise.
    support_status = support.SupportStatus(version='0.1.0')

    #: Whether its reference id is the name of a queue, which it makes.
    is_queue = False

    properties_schema = {}
    attributes_schema = {}
    attribute_methods = {}

    def __init_subclass__(cls, **kwargs):
        super().__init_subclass__(**kwargs)
        for schemas in (cls.properties_schema, cls.attributes_schema):
            schema.inherit_status(cls.support_status, schemas.values())

    def _resolve_any_attribute(self, attr):
        if self.action == self.UPDATE and self.status != self.COMPLETE:
            # what is stored is what was before it
            return super()._resolve_any_attribute(attr)
        # Where a stack is only looked at, a reference to another resource is
        # not known; what it was when the stack acted is stored.
        with self.frozen_properties():
            return super()._resolve_any_attribute(attr)

    def forwards(self):
        """Who sends what on: property, queue and queue it is sent on to.

        The queues are as ``heat_plugins.engine.known`` gives them.
        """
        return ()

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
        return wanted and texts.storable(wanted, telling.SHORT)

    def mailbox_name(self):
        """The name of a mailbox of this resource; None before an id.

        The class has ``mailbox.UNIQUE_LENGTH`` as its
        ``physical_resource_name_limit``.
        """
        made = self.made_queue_name()
        return made and mailbox.name(made)

    def queue_metadata(self, name, key='queue'):
        """The metadata of a queue that a property names, and needs.

        :param key: the property.
        """
        try:
            return self.client().queue(name).metadata()
        except errors.NotFound as error:
            raise exception.Error(_(
                'Property %(key)s of %(resource)s: there is no queue '
                '"%(queue)s". Create it first, with a Zaqar::Messaging::Queue '
                'in this or another stack, and make this resource depend on '
                'it.') % {'key': key, 'resource': self.name,
                          'queue': name}) from error

    def check_queue(self, name):
        """Fail, as ``check`` should, when this queue is gone."""
        if not self.client().queue(name).exists():
            raise exception.Error(_('The queue "%s" is gone.') % name)
