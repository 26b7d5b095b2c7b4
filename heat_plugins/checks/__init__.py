# SPDX-License-Identifier: Apache-2.0
"""What is wrong with values: for the resource types, and for lint."""
