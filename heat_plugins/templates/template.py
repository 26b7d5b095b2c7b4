# SPDX-License-Identifier: Apache-2.0
"""A template with its parameters and environment: who does what to a queue."""
import dataclasses
import functools

from heat_plugins.templates import document
from heat_plugins.templates import functions
from heat_plugins.templates import schemas
from heat_plugins.templates import types

#: Heat's, of each stack.
PSEUDO = ('OS::project_id', 'OS::stack_id', 'OS::stack_name')
_SECTIONS = ('parameters', 'resources', 'outputs', 'conditions')
# Type of a group → the property that has the definition of its members.
_GROUPS = {'OS::Heat::ResourceGroup': 'resource_def',
           'OS::Heat::AutoScalingGroup': 'resource'}
#: Heat's default of ``stack_action_timeout``, in minutes.
STACK_TIMEOUT = 60
# What stands for the number of a member, by default.
_INDEX = '%index%'


@dataclasses.dataclass(frozen=True)
class Resource:
    """A resource of a template.

    :ivar type: as the environment maps it, if that is one of ours.
    :ivar kind: what ``types.types`` has of it; None if it is not ours.
    :ivar properties: resolved: see ``functions``.
    :ivar requires: the names of those that it comes after, directly.
    :ivar path: where it is in the document.
    :ivar is_many: whether it stands for the members of a group.
    """
    name: str
    type: str
    kind: dict | None
    properties: dict
    requires: frozenset
    path: tuple
    is_many: bool = False

    @property
    def is_queue(self):
        """Whether its reference id is the name of a queue."""
        return bool(self.kind and self.kind['is_queue'])

    def value(self, key):
        """A property, or its default if it is not given; else None."""
        return self.properties.get(
            key, self.kind['properties'].get(key, {}).get('default'))

    def maps(self):
        """As ``schemas.maps``, of the properties of one of ours."""
        return schemas.maps(self.kind['properties'], self.properties)

    def path_of(self, *keys):
        """Where a property is."""
        return (*self.path, 'properties', *keys)


@dataclasses.dataclass(frozen=True)
class Use:
    """What a resource does to a queue.

    :ivar use: one of ``heat_plugins.schema.USES``.
    :ivar queue: a queue, as ``Template.queue`` gives it.
    :ivar path: the keys of the property that names it.
    """
    resource: Resource
    use: str
    queue: object
    path: tuple

    def beside(self, key):
        """Values of a property, as pairs of a path and the value.

        First that beside the name of the queue, then, where that is in an
        entry of a list, the resource's own; those that are not given are left
        out.
        """
        values = self.resource.properties
        found = [((), values)]
        for index, each in enumerate(self.path[:-1], 1):
            values = values[each]
            if isinstance(values, dict):
                found.insert(0, (self.path[:index], values))
        return [((*path, key), values[key]) for path, values in found
                if values.get(key) is not None]


class Template:
    """What a document says.

    :param document: a ``document.Document``.
    :param environments: more of them, the last one counts most.
    :param parameters: name → value.
    :param depth: how many others it is within, the next of which gives them.
    :param stack_timeout: minutes until Heat fails a stack of it.
    :param files: name of each file within it → text; None if they are read
        where it says.
    :raises heat_plugins.templates.document.SourceError: it is no template.
    """

    def __init__(self, source, environments=(), parameters=None,
                 depth=0, stack_timeout=STACK_TIMEOUT, files=None):
        self.document = source
        self.environments = list(environments)
        self.depth = depth
        self.stack_timeout = stack_timeout
        self.files = files
        data = source.data
        if not isinstance(data, dict) or 'heat_template_version' not in data:
            raise document.SourceError(source.place(()), (
                'it is no template: a map with "heat_template_version" is '
                'expected'))
        for section in _SECTIONS:
            if not isinstance(data.get(section) or {}, dict):
                raise document.SourceError(
                    source.place((section,)), '"%s" must be a map' % section)
        self._data = data
        self._given = parameters or {}

    def place(self, path):
        """Where the value of a path is."""
        return self.document.place(path)

    def section(self, name):
        """A part of the template: a map, as it is written."""
        return self._data.get(name) or {}

    @functools.cached_property
    def parameters(self):
        """Name → value, or ``functions.UNKNOWN``."""
        found = {}
        for name, each in self.section('parameters').items():
            found[name] = (each.get('default', functions.UNKNOWN)
                           if isinstance(each, dict) else functions.UNKNOWN)
        # Only defaults are for templates within others too.
        parts = ('parameter_defaults',) if self.depth else (
            'parameter_defaults', 'parameters')
        for environment in self.environments:
            for part in parts:
                found.update(_map(environment.data, part))
        found.update(self._given)
        return found

    @functools.cached_property
    def resources(self):
        """Name → ``Resource``; what is none is left out.

        The members of a group NAME are one more, ``NAME.*``.
        """
        found = {name: self._resource(name, each)
                 for name, each in self.section('resources').items()
                 if isinstance(each, dict) and isinstance(
                     each.get('type'), str)}
        members = filter(None, map(self._member, found.values()))
        return {**found, **{each.name: each for each in members}}

    def ours(self, *names):
        """The resources of these types of ours, by default of all."""
        return [each for each in self.resources.values()
                if each.kind and (not names or each.type in names)]

    def after(self, name):
        """The names of all resources that one comes after."""
        return reached(name, lambda each: (
            self.resources[each].requires if each in self.resources else ()))

    @functools.cached_property
    def uses(self):
        """What the resources do to queues: list of ``Use``."""
        found = []
        for each in self.ours():
            if each.is_queue:
                found.append(Use(each, 'owns', self.queue(
                    functions.Reference(each.name)), ()))
            found += [
                Use(each, use, self.queue(value), path)
                for use, path, value in _named(each) if use != 'owns']
        return found

    def queue(self, value):
        """What queue a value names.

        :returns: a hashable that is the same for the same queue: its name; a
            ``functions.Reference`` to what makes it and chooses the name; or
            a ``functions.Parameter`` or ``functions.Outer``. None if it is
            not known.
        """
        if isinstance(value, functions.Attribute) and value.path in (
                ('queue',), ('name',)):
            value = functions.Reference(value.resource)
        if isinstance(value, functions.Outer):
            return value
        if isinstance(value, functions.Reference):
            maker = self.resources.get(value.resource)
            if maker is None or not maker.is_queue:
                return None
            name = maker.properties.get('name')
            if name is None:
                return value
            value = name
        return (value if isinstance(value, str | functions.Parameter)
                else None)

    def handed_out(self, queue):
        """Whether somebody outside may get to know of a queue, or post to it.

        Outputs, and resources that are not ours, may hand it on; and one that
        this template does not make, or whose name it chooses, is known to
        others anyway.
        """
        makers = {each.name for each in self.ours() if each.is_queue and
                  self.queue(functions.Reference(each.name)) == queue}
        if not makers or not isinstance(queue, functions.Reference):
            return True
        mentioned = _mentioned(self.section('outputs'))
        for each in self.resources.values():
            # The properties of a group hold those of its members.
            raw = self.section('resources').get(each.name, {}).get(
                'properties')
            if not each.kind:
                mentioned |= _mentioned(raw)
            else:
                # Ours hand on what they are given as a body or properties.
                mentioned |= _mentioned([
                    value for key, value in (raw or {}).items()
                    if 'use' not in each.kind['properties'].get(key, {})]
                    if isinstance(raw, dict) else raw)
        return bool(makers & mentioned)

    @functools.cached_property
    def _resolver(self):
        return functions.Resolver(self.parameters,
                                  self.section('conditions'))

    def _resource(self, name, written):
        properties = written.get('properties') or {}
        resolved = self._resolver.resolve(properties)
        depends = written.get('depends_on') or ()
        return Resource(
            name, *self._type(written['type']),
            resolved if isinstance(resolved, dict) else {},
            frozenset(_mentioned(properties) | _mentioned(
                written.get('metadata'))) | frozenset(
                    [depends] if isinstance(depends, str) else
                    [each for each in depends if isinstance(each, str)]),
            ('resources', name))

    def _member(self, group):
        """What a group makes many of; None if it is no group."""
        key = _GROUPS.get(group.type)
        written = key and _map(self.section('resources')[group.name].get(
            'properties'), key)
        if not written or not isinstance(written.get('type'), str):
            return None
        member = self._resource(group.name + '.*', written)
        return dataclasses.replace(
            member, is_many=True, path=group.path_of(key),
            requires=group.requires, properties=functions.without(
                member.properties,
                group.properties.get('index_var') or _INDEX))

    def mapped(self, type_name):
        """What the environments make of a type, and the file that says so.
        """
        for environment in reversed(self.environments):
            mapped = _map(environment.data, 'resource_registry').get(type_name)
            if isinstance(mapped, str):
                return mapped, environment.file
        return type_name, self.document.file

    def _type(self, written):
        known = types.types()
        mapped, _file = self.mapped(written)
        return (mapped, known[mapped]) if mapped in known else (
            written, known.get(written))


def _map(environment, part):
    found = environment.get(part) if isinstance(environment, dict) else None
    return found if isinstance(found, dict) else {}


def _mentioned(value):
    """The names of resources that functions in a value name."""
    found = set()
    left = [value]
    while left:
        each = left.pop()
        if isinstance(each, list):
            left += each
        elif isinstance(each, dict):
            left += each.values()
            for name in ('get_resource', 'get_attr'):
                argument = each.get(name)
                if isinstance(argument, list) and argument:
                    argument = argument[0]
                if isinstance(argument, str):
                    found.add(argument)
    return found


def _named(resource):
    """The properties that name a queue: use, path and value."""
    for path, known, values in resource.maps():
        for key, schema in known.items():
            if 'use' in schema and values.get(key) is not None:
                yield schema['use'], (*path, key), values[key]


def reached(start, onward):
    """All that can be reached from somewhere, itself only in a circle.

    :param onward: gives what is next to something.
    """
    found, left = set(), [start]
    while left:
        new = set(onward(left.pop())) - found
        found |= new
        left += new
    return found
