# SPDX-License-Identifier: Apache-2.0
"""Fill Keystone from inside its process: no request, no other process."""
import uuid

from keystone import exception
from keystone.common import provider_api

from heat_plugins.localcloud import deployment

PROVIDERS = provider_api.ProviderAPIs
INTERFACES = ('public', 'internal', 'admin')


def admin(bootstrapper, document, region):
    """Make what ``keystone-manage bootstrap`` makes.

    :param bootstrapper: a :class:`keystone.cmd.bootstrap.Bootstrapper`
    :param document: what ``identity.document`` describes, as a dict
    :param region: the region's id
    """
    url = document['auth_url']
    bootstrapper.admin_username = 'admin'
    bootstrapper.admin_password = document['password']
    bootstrapper.admin_role_name = 'admin'
    bootstrapper.project_name = 'admin'
    bootstrapper.service_name = 'keystone'
    bootstrapper.region_id = region
    bootstrapper.public_url = url
    bootstrapper.internal_url = url
    bootstrapper.admin_url = url
    bootstrapper.bootstrap()


def entities(document, region):
    """Make the roles, users and endpoints that are not there yet."""
    for name in document['roles']:
        _role(name)
    for user in document['users']:
        _user(user, document['password'])
    _catalog(document['endpoints'], region)


def _role(name):
    try:
        return PROVIDERS.role_api.get_unique_role_by_name(name)['id']
    except exception.RoleNotFound:
        role = {'id': uuid.uuid4().hex, 'name': name}
        return PROVIDERS.role_api.create_role(role['id'], role)['id']


def _domain(name):
    try:
        return PROVIDERS.resource_api.get_domain_by_name(name)['id']
    except exception.DomainNotFound:
        domain = {'id': uuid.uuid4().hex, 'name': name, 'enabled': True}
        return PROVIDERS.resource_api.create_domain(domain['id'],
                                                    domain)['id']


def _project(name):
    try:
        return PROVIDERS.resource_api.get_project_by_name(
            name, deployment.DOMAIN_ID)['id']
    except exception.ProjectNotFound:
        project = {'id': uuid.uuid4().hex, 'name': name, 'enabled': True,
                   'domain_id': deployment.DOMAIN_ID}
        return PROVIDERS.resource_api.create_project(project['id'],
                                                     project)['id']


def _user(user, password):
    if user['domain']:
        home = _domain(user['domain'])
        scope = {'domain_id': home}
    else:
        home = deployment.DOMAIN_ID
        scope = {'project_id': _project(user['project'])}
    user_id = _user_id(user['name'], home, password)
    for role in user['roles']:
        # A grant that is there already is no error.
        PROVIDERS.assignment_api.create_grant(
            _role(role), user_id=user_id, **scope)


def _user_id(name, domain_id, password):
    try:
        return PROVIDERS.identity_api.get_user_by_name(name, domain_id)['id']
    except exception.UserNotFound:
        return PROVIDERS.identity_api.create_user({
            'name': name, 'domain_id': domain_id, 'password': password,
            'enabled': True})['id']


def _catalog(endpoints, region):
    """Make the catalog anew, but for Keystone itself: ports may differ."""
    catalog = PROVIDERS.catalog_api
    for service in catalog.list_services():
        if service['type'] != 'identity':
            catalog.delete_service(service['id'])
    for endpoint in endpoints:
        service_id = uuid.uuid4().hex
        catalog.create_service(service_id, {
            'id': service_id, 'name': endpoint['name'],
            'type': endpoint['type'], 'enabled': True})
        for interface in INTERFACES:
            endpoint_id = uuid.uuid4().hex
            catalog.create_endpoint(endpoint_id, {
                'id': endpoint_id, 'service_id': service_id,
                'interface': interface, 'url': endpoint['url'],
                'region_id': region, 'enabled': True})
