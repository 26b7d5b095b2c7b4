# SPDX-License-Identifier: Apache-2.0
"""What may differ from one local cloud to the next."""
from collections import abc
import dataclasses
import json

# The options that decide where something is stored.
_STORING = ('production', 'zaqar_pooling')


@dataclasses.dataclass(frozen=True)
class Options:
    """Options of a cloud; the defaults make a quick and complete one.

    :param production: whether it has the shape of production: several
        engines apart from the API, on RabbitMQ and MariaDB
    :param engines: how many engines there are in production
    :param workers: how many processes each of these engines has
    :param zaqar_processes: how many processes serve Zaqar's API; each has a
        port of its own, and the catalog shows the first
    :param zaqar_signed_urls: whether Zaqar has a key to sign URLs with;
        without it nobody can be asked to confirm
    :param zaqar_require_confirmation: whether a subscriber must confirm
        before it is sent messages
    :param zaqar_pooling: whether an administrator may register pools and
        flavors; until there is one, messages are stored as usual
    :param zaqar_smtp_command: what Zaqar runs for each mail, on its standard
        input; the arguments are split at spaces. None is Zaqar's default,
        ``/usr/sbin/sendmail -t -oi``
    :param messaging_in_catalog: whether Keystone's catalog shows Zaqar
    :param password_hash_rounds: cost of Keystone's password hashing; 4 is
        the cheapest, None is Keystone's own default
    :param token_expiration: life of a token, in seconds
    :param notifications: settings of the section ``zaqar_notifications``, by
        which Keystone, Heat and further services post their notifications
        to Zaqar, into the project of each; None if they do not
    :param further: names of services beside those that every cloud has:
        those of ``shape.FURTHER``
    :param heat: further settings of heat.conf, section -> key -> value
    :param zaqar: the same of zaqar.conf
    """

    production: bool = False
    engines: int = 2
    workers: int = 1
    zaqar_processes: int = 1
    zaqar_signed_urls: bool = True
    zaqar_require_confirmation: bool = False
    zaqar_pooling: bool = False
    zaqar_smtp_command: str | None = None
    messaging_in_catalog: bool = True
    password_hash_rounds: int | None = 4
    token_expiration: int = 3600
    notifications: abc.Mapping | None = None
    further: abc.Sequence = ()
    heat: abc.Mapping = dataclasses.field(default_factory=dict)
    zaqar: abc.Mapping = dataclasses.field(default_factory=dict)

    def storing_otherwise(self, other: 'Options') -> list[str]:
        """Names of the options by which the other stores something else.

        What was stored with these options is of no use with those.
        """
        return [name for name in _STORING
                if getattr(self, name) != getattr(other, name)]

    @classmethod
    def from_json(cls, text: str) -> 'Options':
        """Options from what :meth:`to_json` gave to another process."""
        return cls.from_dict(json.loads(text))

    @classmethod
    def from_dict(cls, kept: dict) -> 'Options':
        """Options from a dict, maybe one that another release has kept."""
        known = {field.name for field in dataclasses.fields(cls)}
        return cls(**{name: value for name, value in kept.items()
                      if name in known})

    def to_json(self) -> str:
        """These options as text."""
        return json.dumps(dataclasses.asdict(self))
