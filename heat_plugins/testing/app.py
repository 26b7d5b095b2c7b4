# SPDX-License-Identifier: Apache-2.0
"""Zaqar's v2 API as a WSGI application: who may, which handler, what JSON."""
import json
import re

import webob

from heat_plugins.testing import refusals
from heat_plugins.testing import signing
from heat_plugins.testing import store as stores
from heat_plugins.testing import validation
from heat_plugins.testing.api import call
from heat_plugins.testing.api import claims
from heat_plugins.testing.api import messages
from heat_plugins.testing.api import queues
from heat_plugins.testing.api import share
from heat_plugins.testing.api import subscriptions

#: The project of a caller that names none.
PROJECT = 'project'

_VERSIONS = {'versions': [{
    'id': '2', 'status': 'CURRENT', 'updated': '2014-9-24T04:06:47Z',
    'media-types': [{
        'base': 'application/json',
        'type': 'application/vnd.openstack.messaging-v2+json'}],
    'links': [{'href': '/v2/', 'rel': 'self'}]}]}


def _ping(asked):
    return call.Answer(204)


_ROUTES = [
    (re.compile('/v2' + template.format(
        queue='(?P<queue>[^/]+)', message='(?P<message>[^/]+)',
        claim='(?P<claim>[^/]+)', subscription='(?P<subscription>[^/]+)')),
     methods)
    for template, methods in [
        ('/ping', {'GET': _ping, 'HEAD': _ping}),
        ('/queues', {'GET': queues.index}),
        ('/queues/{queue}', {
            'GET': queues.show, 'PUT': queues.create,
            'PATCH': queues.update, 'DELETE': queues.delete}),
        ('/queues/{queue}/stats', {'GET': queues.stats}),
        ('/queues/{queue}/purge', {'POST': queues.purge}),
        ('/queues/{queue}/share', {'POST': share.create}),
        ('/queues/{queue}/messages', {
            'GET': messages.index, 'POST': messages.post,
            'DELETE': messages.delete_many}),
        ('/queues/{queue}/messages/{message}', {
            'GET': messages.show, 'DELETE': messages.delete}),
        ('/queues/{queue}/claims', {'POST': claims.create}),
        ('/queues/{queue}/claims/{claim}', {
            'GET': claims.show, 'PATCH': claims.update,
            'DELETE': claims.delete}),
        ('/queues/{queue}/subscriptions', {
            'GET': subscriptions.index, 'POST': subscriptions.create}),
        ('/queues/{queue}/subscriptions/{subscription}', {
            'GET': subscriptions.show, 'PATCH': subscriptions.update,
            'DELETE': subscriptions.delete}),
        ('/queues/{queue}/subscriptions/{subscription}/confirm', {
            'PUT': subscriptions.confirm}),
    ]
]


class App:
    """The application.

    Any token is good, and the header ``X-Project-ID`` says whose it is; a
    request without a token needs the headers of a signed URL.

    :param store: a ``heat_plugins.testing.store.Store``.
    """

    def __init__(self, store=None):
        self.store = store or stores.Store()
        self._signer = signing.Signer(self.store.clock)

    def __call__(self, environ, start_response):
        request = webob.Request(environ)
        try:
            answer = self._answer(request)
            response = _response(answer.status, answer.document,
                                 answer.headers)
        except refusals.Refusal as refusal:
            response = _response(refusal.status, refusal.document,
                                 refusal.headers)
        except Exception as error:
            # As Zaqar answers whatever its code did not foresee.
            response = _response(500, {'title': 'Internal server error',
                                       'description': str(error)}, {})
        # Called by WSGI, webob would make a relative Location absolute.
        start_response(response.status, response.headerlist)
        return [response.body]

    def _answer(self, request):
        if request.path == '/':
            return call.Answer(300, _VERSIONS)
        signed = 'URL-Signature' in request.headers
        if not signed and 'X-Auth-Token' not in request.headers:
            raise refusals.Refusal(401, 'Unauthorized', 'The request you '
                                   'have made requires authentication.')
        handler, variables = _route(request)
        if signed and not self._signer.allows(request.method, request.path,
                                              request.headers):
            raise refusals.nothing_here()
        _check_content(request)
        client = validation.client_id(request.headers.get('Client-ID'))
        if 'queue' in variables:
            validation.queue_name(variables['queue'])
        with self.store.lock:
            return handler(call.Call(
                request, self.store, self._signer,
                request.headers.get('X-Project-ID', PROJECT), client,
                variables))


def _route(request):
    for pattern, methods in _ROUTES:
        match = pattern.fullmatch(request.path_info)
        if match is None:
            continue
        if request.method not in methods:
            raise refusals.Refusal(
                405, '405 Method Not Allowed',
                headers={'Allow': ', '.join([*sorted(methods), 'OPTIONS'])})
        return methods[request.method], match.groupdict()
    raise refusals.nothing_here()


def _check_content(request):
    if (request.content_length and request.content_type ==
            'application/x-www-form-urlencoded'):
        raise refusals.bad_request(
            'Endpoint does not accept `application/x-www-form-urlencoded` '
            'content; currently supported media type is `application/json`; '
            'specify proper client-side media type with the "Content-Type" '
            'header.', 'Invalid Content-Type')
    if 'Accept' in request.headers and not request.accept.acceptable_offers(
            ['application/json']):
        raise refusals.Refusal(406, '406 Not Acceptable')


def _response(status, document, headers):
    body = b'' if document is None else json.dumps(
        document, ensure_ascii=False).encode()
    response = webob.Response(status=status, body=body,
                              content_type='application/json')
    response.headers.update(headers)
    if status == 204:
        response.headers.pop('Content-Type', None)
        response.headers.pop('Content-Length', None)
    return response
