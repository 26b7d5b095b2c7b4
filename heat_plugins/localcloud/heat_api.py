# SPDX-License-Identifier: Apache-2.0
"""Heat's API and CFN API."""
from heat_plugins.localcloud import config
from heat_plugins.localcloud import heat_conf
from heat_plugins.localcloud import identity
from heat_plugins.localcloud import rabbitmq
from heat_plugins.localcloud import service


class HeatApi(service.Service):
    """Both APIs in one process; it also migrates Heat's database.

    :param deployment: the :class:`~.deployment.Deployment`
    :param database: a value of :mod:`~.database`
    """

    name = 'heat-api'
    ports = ('heat', 'heat-cfn')
    packages = ('cheroot', 'heat')
    apis = ('heat', 'heat-cfn')
    roles = ('heat_stack_owner', 'heat_stack_user')
    distribution = 'openstack-heat'
    #: The module that its process runs.
    module = 'heat_plugins.localcloud.serve.heat_api'

    def __init__(self, deployment, database):
        super().__init__(deployment)
        self.requires = database.requires
        self._database = database

    @property
    def transport_url(self):
        """What it talks to the engines through."""
        return rabbitmq.url(self.deployment)

    def command(self):
        return service.python_module(
            self.module, '--config-file', self._config_file)

    def probe(self):
        for api in self.apis:
            service.request(self.deployment.url(api, '/healthcheck'))

    def endpoints(self):
        url = self.deployment.url
        return (
            identity.Endpoint('heat', 'orchestration',
                              url('heat', '/v1/%(tenant_id)s')),
            identity.Endpoint('heat-cfn', 'cloudformation',
                              url('heat-cfn', '/v1')),
        )

    def users(self):
        return (
            identity.service_user('heat'),
            # The domain of the users that stacks make for their own.
            identity.User('heat_domain_admin', ('admin',), domain='heat'),
        )

    def configure(self):
        config.write(
            self._config_file,
            heat_conf.settings(self.deployment, self._database,
                               self.transport_url),
            {'localcloud': {'done': self.directory / 'done'},
             **{'serve:' + api: self.deployment.serve(api)
                for api in self.apis}},
            self.deployment.options.heat)

    @property
    def _config_file(self):
        return self.directory / 'heat.conf'
