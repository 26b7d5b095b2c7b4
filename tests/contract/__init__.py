# SPDX-License-Identifier: Apache-2.0
"""One set of cases for the in-memory Zaqar and for the real one."""
