# SPDX-License-Identifier: Apache-2.0
"""The checks, a module each, in their order.

A module has ``TITLE``; ``examine``, which takes a
``heat_plugins.doctor.patient.Patient`` and gives ``finding.Finding``; and
``NEEDS``, the modules of checks without which it makes no sense.
"""
from heat_plugins.doctor.checks import catalog
from heat_plugins.doctor.checks import certificates
from heat_plugins.doctor.checks import clocks
from heat_plugins.doctor.checks import engines
from heat_plugins.doctor.checks import expired
from heat_plugins.doctor.checks import host
from heat_plugins.doctor.checks import messages
from heat_plugins.doctor.checks import notifications
from heat_plugins.doctor.checks import pools
from heat_plugins.doctor.checks import pushes
from heat_plugins.doctor.checks import signed_urls
from heat_plugins.doctor.checks import trusts
from heat_plugins.doctor.checks import types
from heat_plugins.doctor.checks import waits

CHECKS = (catalog, certificates, clocks, types, trusts, engines, messages,
          expired, signed_urls, notifications, pushes, pools, host, waits)
