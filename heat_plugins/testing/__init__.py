# SPDX-License-Identifier: Apache-2.0
"""A Zaqar in memory, at HTTP level, for tests of what talks to Zaqar.

::

    from heat_plugins.testing import server

    with server.Server() as zaqar:
        queue = zaqar.client().queue('q')
        queue.post({'body': 'hello'})
        assert queue.stats['total'] == 1

It speaks Zaqar's v2 API as Zaqar itself does on Redis, oddities included;
the same contract tests run against both. What is not there: pools, flavors,
topics, encryption, websockets, and the delivery to subscribers.

``server``  serves it on 127.0.0.1, counts connections, logs requests
``client``  a client on it, without Keystone
``faults``  error statuses, garbage, lost connections, hangs
``clock``   a clock that moves when told
``app``     the WSGI application by itself
``store``   its state

Beside it, ``receiver`` is an HTTP server that keeps what it is sent.
"""
