# SPDX-License-Identifier: Apache-2.0
"""What keeps a worker from its work."""


class SetupError(Exception):
    """What a worker was told to use is not there; the text says what to do.
    """
