# SPDX-License-Identifier: Apache-2.0
"""What all resource types have in common."""
import inspect
import re

from heat.engine import resource
import pytest

from heat_plugins import resources

TYPES = resources.mapping()


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

    assert set(cls.attribute_methods) == set(cls.attributes_schema)
    for method in cls.attribute_methods.values():
        assert callable(getattr(cls, method))
