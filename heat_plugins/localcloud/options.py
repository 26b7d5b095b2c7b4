# SPDX-License-Identifier: Apache-2.0
"""What may differ from one local cloud to the next."""
from collections import abc
import dataclasses


@dataclasses.dataclass(frozen=True)
class Options:
    """Options of a cloud; the defaults make a quick and complete one.

    :param zaqar_signed_urls: whether Zaqar has a key to sign URLs with
    :param messaging_in_catalog: whether Keystone's catalog shows Zaqar
    :param password_hash_rounds: cost of Keystone's password hashing; 4 is
        the cheapest, None is Keystone's own default
    :param token_expiration: life of a token, in seconds
    :param heat: further settings of heat.conf, section -> key -> value
    :param zaqar: the same of zaqar.conf
    """

    zaqar_signed_urls: bool = True
    messaging_in_catalog: bool = True
    password_hash_rounds: int | None = 4
    token_expiration: int = 3600
    heat: abc.Mapping = dataclasses.field(default_factory=dict)
    zaqar: abc.Mapping = dataclasses.field(default_factory=dict)
