# SPDX-License-Identifier: Apache-2.0
"""What keeps a worker from starting."""


class SetupError(Exception):
    """A worker cannot use what it was told to; the text says what to do."""
