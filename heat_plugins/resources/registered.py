# SPDX-License-Identifier: Apache-2.0
"""What Zaqar::Messaging::Pool and Zaqar::Messaging::Flavor have in common."""
from heat.common import exception
from heat.common.i18n import _
from heat.engine import attributes
from heat.engine import constraints
from heat.engine import properties

from heat_plugins.resources import base
from heat_plugins.zaqar import errors
from heat_plugins.zaqar import limits


class Registered(base.ZaqarResource):
    """Mixed into the class of what an administrator registers by name.

    Zaqar keeps no owner. The name is written down as the resource's id after
    a look that there is none of it yet, and before it is made: so what a
    resource has as its id is its own, wherever an engine was killed.
    """

    NAME, HREF = 'name', 'href'

    physical_resource_name_limit = limits.QUEUE_NAME_LENGTH
    # It is mended in place, as a replacement would bear the same name.
    always_replace_on_check_failed = False

    def registry(self):
        """A ``heat_plugins.zaqar.registry.Registry``."""
        raise NotImplementedError

    def wanted(self):
        """What the registry is to ``ensure``, of the properties."""
        raise NotImplementedError

    def validate(self):
        super().validate()
        try:
            self.registry().probe()
        except (errors.NotFound, errors.Forbidden) as error:
            raise exception.StackValidationFailed(message=_(
                '%(name)s: %(reason)s') %
                {'name': self.name, 'reason': error}) from error

    def physical_resource_name(self):
        return self.wanted_name(self.NAME) or self.made_queue_name()

    def handle_create(self):
        name = self.physical_resource_name()
        if self.resource_id is None and self.registry().exists(name):
            raise exception.Error(_(
                'Property name of %(resource)s: the %(kind)s already include '
                '"%(name)s", which this resource did not make. Choose another '
                'name, or delete that one.') %
                {'resource': self.name, 'name': name,
                 'kind': self.registry().kind})
        self.resource_id_set(name)
        self.ensure(self.wanted())

    def needs_replace_failed(self):
        return self.resource_id is None

    def handle_update(self, json_snippet, tmpl_diff, prop_diff):
        self.properties = json_snippet.properties(self.properties_schema,
                                                  self.context)
        self.ensure(self.wanted())

    def handle_check(self):
        if not self.registry().exists(self.resource_id):
            raise exception.Error(
                _('"%(name)s" is gone from the %(kind)s.') %
                {'name': self.resource_id, 'kind': self.registry().kind})

    def handle_delete(self):
        if self.resource_id is None:
            return
        self.registry().delete(self.resource_id)

    def get_reference_id(self):
        return self.resource_id or super().get_reference_id()

    def get_live_state(self, resource_properties):
        try:
            return super().get_live_state(resource_properties)
        except exception.EntityNotFound:
            # Heat would replace it by one of the same name, and then delete
            # that one; so nothing is as it should be, and all is set anew.
            return dict.fromkeys(self._update_allowed_properties)

    def href(self):
        """The attribute ``href``."""
        return self.registry().href(self.resource_id)

    def ensure(self, wanted):
        """Have it registered as wanted."""
        self.registry().ensure(self.resource_id, wanted)


def name(description):
    """Schema of the property ``name``."""
    return properties.Schema(
        properties.Schema.STRING, description,
        constraints=[constraints.AllowedPattern(limits.QUEUE_NAME)])


def name_and_href(kind):
    """Schemas of the attributes that both have."""
    return {
        Registered.NAME: attributes.Schema(
            _('The name of the %s.') % kind, type=attributes.Schema.STRING),
        Registered.HREF: attributes.Schema(
            _('The URL of the %s.') % kind, type=attributes.Schema.STRING),
    }
