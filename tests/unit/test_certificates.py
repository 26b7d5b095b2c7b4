# SPDX-License-Identifier: Apache-2.0
"""The doctor's look at certificates, on servers with real ones."""
import datetime
import ipaddress
import socket
import ssl
import threading

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from keystoneauth1 import exceptions as ksa_errors
import pytest

from heat_plugins.doctor.checks import certificates


class Cloud:
    """As ``heat_plugins.doctor.patient.Patient``, with one endpoint."""

    def __init__(self, url, verify):
        self.user = self
        self._url = url
        self._verify = verify

    def service(self, service_type):
        if service_type != 'messaging':
            raise ksa_errors.EndpointNotFound(service_type)
        return self

    def get_endpoint(self):
        return self._url

    def verify(self):
        return self._verify


@pytest.fixture
def server(tmp_path):
    """Begins a server with a certificate for so many days; its port."""
    listening = []

    def begin(days):
        file = tmp_path / 'server.pem'
        file.write_bytes(_pem(days))
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(file)
        listener = socket.create_server(('127.0.0.1', 0))
        listening.append(listener)
        threading.Thread(target=_serve, args=(listener, context)).start()
        return listener.getsockname()[1], str(file)
    yield begin
    for each in listening:
        each.shutdown(socket.SHUT_RDWR)
        each.close()


def _serve(listener, context):
    try:
        plain, _address = listener.accept()
        with plain, context.wrap_socket(plain, server_side=True) as secure:
            secure.recv(1)
    except OSError:
        pass  # it is not trusted, or the test has ended


def _pem(days):
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, 'zaqar')])
    now = datetime.datetime.now(datetime.UTC)
    made = x509.CertificateBuilder(
        name, name, key.public_key(), x509.random_serial_number(),
        now - datetime.timedelta(365),
        now + datetime.timedelta(days, 60)).add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(
                ipaddress.ip_address('127.0.0.1'))]), False).sign(
                    key, hashes.SHA256())
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption()) + made.public_bytes(
            serialization.Encoding.PEM)


@pytest.mark.parametrize(('days', 'severity', 'came'), [
    (100, 'ok', 'it is good for 100 days more'),
    (3, 'warning', 'it is good for 3 days more'),
    (-1, 'failure', 'certificate has expired')])
def test_how_long_it_is_good_is_told(server, days, severity, came):
    port, file = server(days)

    [found] = certificates.examine(Cloud('https://127.0.0.1:%d' % port, file))

    assert found.to_map()['severity'] == severity
    assert came in found.came


def test_one_that_nobody_knows_is_a_failure(server):
    port, _file = server(100)

    [found] = certificates.examine(Cloud('https://127.0.0.1:%d' % port, True))

    assert 'OS_CACERT' in found.to_do
    assert found.to_map()['severity'] == 'failure'


def test_where_they_are_not_checked_that_is_told():
    [found] = certificates.examine(Cloud('https://127.0.0.1:1', False))

    assert (found.to_map()['severity'], found.came) == ('warning',
                                                        'they are not')


def test_without_tls_there_is_nothing_to_look_at():
    [found] = certificates.examine(Cloud('http://127.0.0.1:1', True))

    assert found.to_map()['severity'] == 'note'


def test_a_server_that_is_not_there_is_a_failure():
    with socket.create_server(('127.0.0.1', 0)) as listener:
        port = listener.getsockname()[1]

    [found] = certificates.examine(Cloud('https://127.0.0.1:%d' % port, True))

    assert found.to_do == 'is the service up?'
