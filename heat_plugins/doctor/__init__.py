# SPDX-License-Identifier: Apache-2.0
"""Whether a cloud is set up right, found out by trying."""
