# SPDX-License-Identifier: Apache-2.0
"""One request to the API, and its answer."""
import dataclasses
import json
import typing
import urllib.parse

from heat_plugins.testing import refusals

_BOOLEANS = {'true': True, 'True': True, 'yes': True, 't': True,
             'false': False, 'False': False, 'no': False, 'f': False}


@dataclasses.dataclass(frozen=True)
class Answer:
    """A success.

    :ivar document: what becomes the JSON body; None for none.
    """
    status: int
    document: typing.Any = None
    headers: typing.Mapping = dataclasses.field(default_factory=dict)


class Call:
    """A request that has passed authentication.

    :param request: a ``webob.Request``.
    :param store: a ``heat_plugins.testing.store.Store``.
    :param signer: a ``heat_plugins.testing.signing.Signer``.
    :param project: id of the caller's project.
    :param client: the caller's Client-ID.
    :param variables: what stands in the path, by name.
    """

    def __init__(self, request, store, signer, project, client, variables):
        self.request = request
        self.path = request.path
        self.store = store
        self.signer = signer
        self.client = client
        self.project = project
        self.variables = variables

    @property
    def key(self):
        """What the store knows the queue by."""
        return self.project, self.variables['queue']

    def text(self, name):
        """A parameter of the query; empty ones do not count."""
        return self.request.GET.get(name) or None

    def integer(self, name):
        value = self.text(name)
        try:
            return None if value is None else int(value)
        except ValueError:
            raise refusals.bad_request(
                'The "%s" parameter is invalid. The value must be an '
                'integer.' % name, 'Invalid parameter') from None

    def boolean(self, name):
        value = self.text(name)
        if value is not None and value not in _BOOLEANS:
            raise refusals.bad_request(
                'The "%s" parameter is invalid. The value of the parameter '
                'must be "true" or "false".' % name, 'Invalid parameter')
        return None if value is None else _BOOLEANS[value]

    def texts(self, name):
        """A parameter that lists; an escaped comma does not divide."""
        values = []
        for pair in self.request.query_string.split('&'):
            key, _sign, value = pair.partition('=')
            if key == name:
                values += [urllib.parse.unquote_plus(each)
                           for each in value.split(',') if each]
        return values or None

    def document(self):
        """The body's JSON, a map or a list."""
        try:
            parsed = json.loads(self.request.body.decode(),
                                parse_int=_integer)
        except OverflowError:
            raise refusals.bad_body(
                'JSON contains integer that is too large.') from None
        except (ValueError, RecursionError):
            parsed = None
        if not isinstance(parsed, dict | list):
            raise refusals.bad_body('Request body could not be parsed.')
        return parsed

    def document_if_any(self):
        return self.document() if self.request.content_length else {}

    def next_link(self, marker, **parameters):
        """The link to the next page, with the parameters in effect."""
        parameters = {**parameters, 'marker': marker}
        query = '&'.join('%s=%s' % (name, str(value).lower()
                                    if isinstance(value, bool) else value)
                         for name, value in parameters.items()
                         if value is not None)
        return {'rel': 'next', 'href': '%s?%s' % (self.path, query)}


def a_map(document):
    """The document, if it is a map."""
    if not isinstance(document, dict):
        raise refusals.bad_body('Document type not supported.')
    return document


def field(document, name, kind=None, default=None):
    """A field, checked to be there and to be of a kind."""
    try:
        value = document[name]
    except KeyError:
        if default is None:
            raise refusals.bad_body('Missing "%s" field.' % name) from None
        value = default
    if kind is not None and not isinstance(value, kind):
        raise refusals.bad_body('The value of the "%s" field must be a %s.' %
                                (name, kind.__name__))
    return value


def _integer(text):
    value = int(text)
    if not -2 ** 63 <= value < 2 ** 63:
        raise OverflowError
    return value
