# SPDX-License-Identifier: Apache-2.0
"""The contract: a document is held against one of the JSON Schemas."""
import functools
from importlib import resources
import json

import jsonschema
from jsonschema import exceptions

REQUEST = 'request'
REPLY = 'reply'
#: The part ``reply`` of a request.
REPLY_TO = 'request.reply'

# What is wrong, where the message of jsonschema shows no value: values may
# be secret.
_WITHOUT_VALUES = ('required', 'additionalProperties')


class ContractError(ValueError):
    """A document breaks the contract; the text says where and how."""


def schema(name):
    """One of the schemas, as a map."""
    name, _dot, part = name.partition('.')
    whole = json.loads(resources.files(__package__).joinpath(
        name + '.json').read_text())
    return whole['properties'][part] if part else whole


def check(name, document):
    """Hold a document against a schema.

    :param name: ``REQUEST``, ``REPLY`` or ``REPLY_TO``.
    :raises ContractError: with the path to what is wrong, and what was due.
    """
    error = exceptions.best_match(_validator(name).iter_errors(document))
    if error is not None:
        path = '.'.join([name, *map(str, error.absolute_path)])
        raise ContractError('%s: %s' % (path, _due(error)))


@functools.cache
def _validator(name):
    return jsonschema.Draft202012Validator(schema(name))


def _due(error):
    if error.validator in _WITHOUT_VALUES:
        return error.message
    return 'expected: %s' % error.schema.get('description',
                                                'a JSON map.')
