# SPDX-License-Identifier: Apache-2.0
"""The HTTP edge: python-zaqarclient's requests on a keystoneauth adapter.

The adapter brings what python-zaqarclient's own transport lacks: connections
kept alive, time limits, the endpoint from the catalog, the cloud's CA, and a
new token when the old one is refused. Here requests become HTTP and answers
become responses or errors; nothing above this module sees a status.
"""
import json
import re
import urllib.parse

from keystoneauth1 import exceptions as ksa_errors
from oslo_log import log as logging
import six
from zaqarclient.transport import base
from zaqarclient.transport import response

from heat_plugins import figures
from heat_plugins.zaqar import errors

LOG = logging.getLogger(__name__)

#: Asking again changes nothing for these, whatever became of the first try.
#: A message may have been stored before the answer to its POST was lost, and
#: a DELETE that pops hands out what it deletes: neither is repeated.
IDEMPOTENT_METHODS = frozenset(['GET', 'PUT', 'PATCH', 'DELETE'])
RETRIABLE_STATUSES = (502, 503, 504)

_JSON = 'application/json'
_JSON_PATCH = 'application/openstack-messaging-v2.0-json-patch'


class SessionTransport(base.Transport):
    """Sends python-zaqarclient's requests through a keystoneauth adapter.

    :param adapter: a ``keystoneauth1.adapter.Adapter`` for the service type
        ``messaging``; it holds the session, region, interface and user agent.
    :param timeout: seconds without an answer after which a call fails.
    :param retries: how often an idempotent call is tried again on a
        connection error or 502, 503, 504.
    :param verify: as for ``requests``: check the server's certificate.
    :param cert: as for ``requests``: the client's certificate.
    """

    def __init__(self, adapter, timeout=30, retries=3, verify=True,
                 cert=None):
        super().__init__(options={})
        self._adapter = adapter
        self._retries = retries
        self._options = {'timeout': timeout, 'verify': verify, 'cert': cert}

    def send(self, request):
        """Send and return a ``zaqarclient.transport.response.Response``.

        :raises heat_plugins.zaqar.errors.ZaqarError: on anything but a
            success that is Zaqar's.
        """
        _refuse_what_is_not_json(request.content)
        method, path, query = _resolve(request)
        what = '%s %s' % (method, path)
        if query:
            # Zaqar takes "a%2Cb" for one id, finds none and answers 204.
            path += '?' + urllib.parse.urlencode(query, safe=',')
        answer = self._request(method, path, 'pop' in query, request, what)
        # What messages say, and signatures, are nobody's to read in a log.
        LOG.debug('Zaqar answered %d to %s', answer.status_code, what)
        # urllib3 before 2 takes half an answer for a whole one.
        if answer.raw.length_remaining:
            raise errors.Unreachable(
                'Zaqar did not answer %s: it was cut off after %d bytes' %
                (what, len(answer.content)))
        content = _text(answer, what)
        if answer.status_code >= 300:
            raise _refusal(answer.status_code, content, what)
        return response.Response(request, content, headers=answer.headers,
                                 status_code=answer.status_code)

    def _request(self, method, path, pops, request, what):
        repeatable = method in IDEMPOTENT_METHODS and not pops
        retries = self._retries if repeatable else 0
        content_type = (_JSON_PATCH if request.operation == 'queue_update'
                        else _JSON)
        body = request.content
        status = 'none'
        try:
            answer = self._adapter.request(
                path, method,
                headers={'Content-Type': content_type, 'Accept': _JSON,
                         **request.headers},
                data=body if body is None else six.ensure_binary(body),
                raise_exc=False, redirect=False, log=False,
                connect_retries=retries, status_code_retries=retries,
                retriable_status_codes=RETRIABLE_STATUSES, **self._options)
            status = answer.status_code
            return answer
        except ksa_errors.EndpointNotFound as error:
            raise errors.Unreachable(
                'The catalog has no endpoint of the type "messaging" for '
                'Zaqar: %s' % error) from error
        except (ksa_errors.HTTPClientError,
                ksa_errors.AuthorizationFailure) as error:
            # Answers of Zaqar do not raise: this one is Keystone's.
            raise errors.Unauthorized(
                'Keystone gave no token for %s: %s' % (what, error),
                401) from error
        except ksa_errors.ClientException as error:
            raise errors.Unreachable(
                'Zaqar did not answer %s: %s' % (what, error)) from error
        finally:
            figures.REQUESTS.labels(method, status).inc()


def _refuse_what_is_not_json(content):
    """Python writes and reads NaN and infinities, which are not JSON."""
    def refuse(constant):
        raise errors.BadRequest(
            '%s is not JSON, and cannot be sent to Zaqar.'
            % constant)

    if content and re.search('NaN|Infinity', content):
        json.loads(content, parse_constant=refuse)


def _resolve(request):
    """python-zaqarclient's operation as (method, path, query)."""
    schema = request.api.get_schema(request.operation)
    template = request.ref or schema['ref']
    in_path, query = {}, {}
    for name, value in request.params.items():
        if value is None:
            continue
        if isinstance(value, list | tuple | set | frozenset):
            value = ','.join(value)
        elif isinstance(value, bool):
            value = str(value).lower()
        if '{%s}' % name in template:
            in_path[name] = urllib.parse.quote(str(value), safe='')
        else:
            query[name] = value
    path = '/%s/%s' % (request.api.label, template.format(**in_path))
    return schema.get('method', 'GET'), path, query


def _text(answer, what):
    """The answer's body as text, checked to be a JSON map where one is due."""
    try:
        text = six.ensure_text(answer.content)
        due = answer.status_code == 200 or (text and
                                            answer.status_code == 201)
        if due and not isinstance(json.loads(text), dict):
            raise ValueError('expected a JSON map')
    except (ValueError, RecursionError) as error:
        raise errors.UnexpectedAnswer(
            'The answer to %s, with the status %d, is not from Zaqar: %s' %
            (what, answer.status_code, error), answer.status_code) from error
    return text


def _refusal(status, content, what):
    reason = content.strip()
    try:
        document = json.loads(content)
        reason = ': '.join(str(document[key]) for key in
                           ('title', 'description') if document.get(key))
    except (ValueError, AttributeError, TypeError, RecursionError):
        pass
    return errors.for_status(status)(
        'Zaqar answered %d to %s: %s' %
        (status, what, reason[:500] or 'no reason given'), status)
