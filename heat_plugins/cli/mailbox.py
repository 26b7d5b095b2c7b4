# SPDX-License-Identifier: Apache-2.0
"""The command ``heat-zaqar mailbox leftovers``."""
from cliff import lister
from keystoneauth1 import exceptions as ksa_errors

from heat_plugins.zaqar import errors
from heat_plugins.zaqar import keystone
from heat_plugins.zaqar import leftovers

_STACKS = 'orchestration'
# Stacks in a page of Heat's list.
_PAGE = 100


class Leftovers(lister.Lister):
    """List mailboxes that no stack needs any more; --remove deletes them.

    A mailbox is a queue that Heat makes for the signals of a wait condition
    handle or the replies of a custom resource. A signal that arrives after
    the stack was deleted makes Zaqar create it again, and a retained custom
    resource leaves its own behind.

    The command looks in the project that the OS_* variables or clouds.yaml
    name, and lists only queues that cannot belong to a stack in this region.
    A queue created by a late signal does not say which stack it was for: it
    is left alone while there is a stack that it may belong to by its name.
    An abandoned stack counts as deleted.
    """

    def get_parser(self, prog_name):
        parser = super().get_parser(prog_name)
        parser.add_argument(
            '--remove', action='store_true',
            help='delete the queues listed, with their messages')
        return parser

    def take_action(self, parsed_args):
        user = keystone.User()
        zaqar = user.zaqar()
        found = leftovers.find(
            zaqar, lambda: _stacks(user.service(_STACKS)))
        if parsed_args.remove:
            for each in found:
                zaqar.queue(each.name).delete()
        return (('Queue', 'Messages', 'Stack', 'Removed'),
                [(each.name, each.messages, each.stack_id or 'unknown',
                  parsed_args.remove) for each in found])

    def run(self, parsed_args):
        try:
            return super().run(parsed_args)
        except (keystone.NoCredentials, errors.ZaqarError,
                ksa_errors.ClientException) as error:
            print('heat-zaqar mailbox leftovers: %s' % error,
                  file=self.app.stderr)
            return 1


def _stacks(heat):
    """(id, name) of each stack in Heat, with nested ones."""
    marker, page = None, True
    while page:
        page = heat.get('/stacks', params={
            'limit': _PAGE, 'show_nested': True, 'show_hidden': True,
            **({'marker': marker} if marker else {})}).json()['stacks']
        yield from ((each['id'], each['stack_name']) for each in page)
        marker = page[-1]['id'] if page else None
