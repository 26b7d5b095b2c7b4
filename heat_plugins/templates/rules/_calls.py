# SPDX-License-Identifier: Apache-2.0
"""Where a template calls an intrinsic function."""

_SECTIONS = ('resources', 'outputs', 'conditions')


def of(template, name):
    """Pairs of the path of each call of a function, and its argument."""
    for section in _SECTIONS:
        yield from _calls(name, template.section(section), (section,))


def _calls(name, value, path):
    if isinstance(value, dict):
        if name in value and len(value) == 1:
            yield path, value[name]
        for key, each in value.items():
            yield from _calls(name, each, (*path, key))
    elif isinstance(value, list):
        for index, each in enumerate(value):
            yield from _calls(name, each, (*path, index))
