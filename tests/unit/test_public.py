# SPDX-License-Identifier: Apache-2.0
"""What is public has types, so that users' tools can check theirs."""
import importlib
import inspect
import pathlib
import typing

import pytest

import heat_plugins

# As the page on what is public names them.
MODULES = ('heat_plugins.worker', 'heat_plugins.worker.testing',
           'heat_plugins.localcloud.cloud', 'heat_plugins.localcloud.options')
PAGE = pathlib.Path(__file__).parents[2] / 'doc/source/public.rst'


def names(module):
    """Those that a module has of its own, or hands on."""
    return getattr(module, '__all__', None) or [
        name for name, each in vars(module).items()
        if not name.startswith('_') and
        getattr(each, '__module__', None) == module.__name__]


def functions():
    """All public functions, and methods of public classes."""
    for module in map(importlib.import_module, MODULES):
        for name in names(module):
            each = getattr(module, name)
            if inspect.isclass(each):
                yield from _methods(name, each)
            elif inspect.isfunction(each):
                yield pytest.param(each, id=name)


def _methods(name, cls):
    for key, each in inspect.getmembers_static(cls):
        each = getattr(each, 'fget', None) or getattr(each, '__func__', each)
        # A dataclass's own have no annotation for what they give.
        is_public = key == '__init__' or not key.startswith('_')
        if inspect.isfunction(each) and is_public and (
                each.__module__.startswith('heat_plugins')):
            yield pytest.param(each, id='%s.%s' % (name, key))


@pytest.mark.parametrize('function', functions())
def test_it_has_types(function):
    unwrapped = inspect.unwrap(function)
    hints = typing.get_type_hints(unwrapped)
    wanted = {name for name in inspect.signature(unwrapped).parameters
              if name not in ('self', 'cls')}

    assert wanted <= hints.keys()
    assert 'return' in hints


def test_the_package_says_that_it_has_types():
    assert (pathlib.Path(heat_plugins.__file__).parent / 'py.typed').exists()


@pytest.mark.parametrize('module', MODULES)
def test_the_page_names_it(module):
    assert '``%s``' % module in PAGE.read_text()
