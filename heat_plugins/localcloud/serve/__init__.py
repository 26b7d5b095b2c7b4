# SPDX-License-Identifier: Apache-2.0
"""The programs that run in the child processes of a local cloud.

Each is run as ``python -m heat_plugins.localcloud.serve.NAME --config-file
FILE``: the service's own configuration file, with our settings beside its
own in ``[localcloud]`` and ``[serve:API]``. SIGTERM ends them at once: all
that they keep is in a database that outlives a crash.
"""
