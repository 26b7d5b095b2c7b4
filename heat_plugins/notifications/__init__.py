# SPDX-License-Identifier: Apache-2.0
"""What the services of OpenStack tell of themselves, posted to Zaqar.

A driver of oslo.messaging for any service: it needs no Heat, and imports
nothing of it.
"""
