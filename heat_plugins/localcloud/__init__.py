# SPDX-License-Identifier: Apache-2.0
"""Keystone, Heat, Zaqar and Redis on this machine, as one cloud.

``cloud.Cloud`` is the whole of it. Each service is one file (``redis``,
``keystone``, ``heat``, ``zaqar``, ``zaqar_websocket``) on the base in
``service``; ``serve`` holds the programs that run in the child processes.
Needs the extra: ``pip install 'heat-zaqar-plugins[cloud]'``.
"""
