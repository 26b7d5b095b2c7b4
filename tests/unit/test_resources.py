# SPDX-License-Identifier: Apache-2.0
"""What all resource types have in common."""
import inspect
import re

from heat.engine import attributes
from heat.engine import properties
from heat.engine import resource
from heat.engine import support
import pytest

from heat_plugins import resources
from heat_plugins.resources import base

TYPES = resources.mapping()


def own_attributes(cls):
    """Name to schema; Heat adds its own once a resource has been loaded."""
    return {name: schema for name, schema in cls.attributes_schema.items()
            if name not in resource.Resource.base_attributes_schema}


@pytest.mark.parametrize('name', TYPES)
def test_its_methods_are_not_hidden_by_attributes_of_heat(name):
    given = set(re.findall(r'self\.(\w+) = ',
                           inspect.getsource(resource.Resource)))
    assert '_data' in given

    methods = {key for key, value in vars(TYPES[name]).items()
               if inspect.isfunction(value)}

    assert not methods & given


@pytest.mark.parametrize('name', TYPES)
def test_each_attribute_has_its_method(name):
    cls = TYPES[name]

    assert set(cls.attribute_methods) == set(own_attributes(cls))
    for method in cls.attribute_methods.values():
        assert callable(getattr(cls, method))


def schemas(cls):
    """All schemas of a type: properties, what is in them, attributes."""
    pending = [*cls.properties_schema.values(),
               *own_attributes(cls).values()]
    while pending:
        schema = pending.pop()
        yield schema
        pending += (schema.schema or {}).values()


@pytest.mark.parametrize('name', TYPES)
def test_everything_says_since_which_release_it_is_there(name):
    for schema in schemas(TYPES[name]):
        assert re.fullmatch(r'[0-9]+\.[0-9]+\.[0-9]+',
                            schema.support_status.version)


def test_what_is_younger_than_its_type_says_so_with_all_that_is_in_it():
    younger = support.SupportStatus(version='1.1.0')

    class Thing(base.ZaqarResource):
        properties_schema = {
            'old': properties.Schema(properties.Schema.STRING),
            'young': properties.Schema(
                properties.Schema.LIST, support_status=younger,
                schema=properties.Schema(properties.Schema.STRING))}
        attributes_schema = {'young': attributes.Schema(
            support_status=younger)}

    old, young = Thing.properties_schema.values()
    [inner] = young.schema.values()
    assert old.support_status is Thing.support_status
    assert young.support_status is inner.support_status is younger
    assert Thing.attributes_schema['young'].support_status is younger
