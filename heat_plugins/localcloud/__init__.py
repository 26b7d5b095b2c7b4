# SPDX-License-Identifier: Apache-2.0
"""Keystone, Heat, Zaqar and Redis on this machine, as one cloud.

``cloud.Cloud`` is the whole of it. ``shape`` says which services it has: a
few, with all of Heat in one process, or those of production, with several
engines on RabbitMQ and MariaDB. Each service is one file (``redis``,
``keystone``, ``heat_api``, ``heat_engine``, ``rabbitmq``, ...) on the base in
``service``; ``serve`` holds the programs that run in the child processes.
Needs the extra: ``pip install 'heat-zaqar-plugins[cloud]'``.
"""
