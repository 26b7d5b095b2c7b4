# SPDX-License-Identifier: Apache-2.0
"""Free TCP ports on the loopback."""
import os
import random
import socket

HOST = '127.0.0.1'
# Below the range from which Linux gives ports to outgoing connections, so
# that none of these takes a port between its choice and its use.
RANGE = range(20000, 32768)
# Clouds that start at the same moment most likely choose from other ports.
SHARES = 64


def choose(names, kept):
    """Give each name a port: the one kept while it is free, else a new one.

    :param names: names to give ports to
    :param kept: name -> port, of an earlier start
    :returns: dict, name -> port
    """
    ports = {name: kept[name] for name in names
             if name in kept and is_free(kept[name])}
    share = RANGE[os.getpid() % SHARES::SHARES]
    candidates = iter(random.sample(share, len(share)))
    for name in names:
        if name not in ports:
            ports[name] = next(port for port in candidates
                               if port not in ports.values()
                               and is_free(port))
    return ports


def is_free(port):
    """Whether a server could listen on the port now."""
    with socket.socket() as probe:
        # As the servers do: a port in TIME_WAIT is free.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True
