# SPDX-License-Identifier: Apache-2.0
"""What Keystone holds beside its own: users, roles, the catalog.

Services say what they need with these values; Keystone's process makes it.
"""
import dataclasses
import json


@dataclasses.dataclass(frozen=True)
class Endpoint:
    """A service in the catalog.

    :param name: its name, such as ``'heat'``
    :param type: its type, such as ``'orchestration'``
    :param url: its URL for every interface; may hold ``%(tenant_id)s``
    """

    name: str
    type: str
    url: str


@dataclasses.dataclass(frozen=True)
class User:
    """A user, with roles on a project of domain Default or on a domain.

    :param name: its name
    :param roles: names of roles
    :param project: name of the project, or None
    :param domain: name of the domain the user is of and has the roles on,
        or None for a user of domain Default
    """

    name: str
    roles: tuple
    project: str | None = None
    domain: str | None = None


# An ordinary user: all that an author of templates needs.
DEMO = User('demo', ('member', 'heat_stack_owner'), project='demo')


def service_user(name):
    """The user as whom a service validates tokens and is a trustee."""
    return User(name, ('admin', 'service'), project='service')


def password_login(name, deployment):
    """Body of the request for a token of a user on the project of its name."""
    domain = {'name': 'Default'}
    return {'auth': {
        'identity': {'methods': ['password'], 'password': {'user': {
            'name': name, 'domain': domain,
            'password': deployment.password}}},
        'scope': {'project': {'name': name, 'domain': domain}}}}


def path(deployment):
    """Path of the file that Keystone's process reads."""
    return deployment.directory / 'identity.json'


def write(services):
    """Write what all services of a cloud need, as JSON."""
    deployment = services[0].deployment
    file = path(deployment)
    file.touch(mode=0o600)
    file.write_text(json.dumps({
        'auth_url': deployment.auth_url,
        'password': deployment.password,
        'roles': sorted({role for service in services
                         for role in service.roles}),
        'users': [dataclasses.asdict(user) for user in
                  (DEMO, *_all(services, 'users'))],
        'endpoints': [dataclasses.asdict(endpoint) for endpoint in
                      _all(services, 'endpoints')],
    }, indent=2))


def _all(services, what):
    return [each for service in services for each in getattr(service, what)()]
