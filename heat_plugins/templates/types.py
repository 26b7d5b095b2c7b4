# SPDX-License-Identifier: Apache-2.0
"""Our resource types as data; ``types.json`` is made from their classes.

Each has ``description``; ``is_queue``, whether its reference id is the name
of a queue that it makes; ``properties`` and ``attributes``. A property has
``type`` (a type of HOT: string, number, integer, boolean, map, list or any),
``description``, and where they say something ``required``, ``default``,
``update_allowed``, ``constraints`` (as in HOT), ``schema`` (that of each
entry of a list, or those of the keys of a map) and ``use``: what is done with
the queue that it names, one of ``heat_plugins.schema.USES``.
"""
import functools
import importlib.resources
import json


@functools.cache
def types():
    """Name of each type → what it is."""
    return json.loads(importlib.resources.files(__package__).joinpath(
        'types.json').read_text())
