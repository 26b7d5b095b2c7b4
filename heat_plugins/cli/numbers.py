# SPDX-License-Identifier: Apache-2.0
"""Arguments of commands that are numbers."""
import argparse
import contextlib

_KINDS = {int: 'whole number', float: 'number'}


def within(kind, least, most):
    """The type of an argument: an ``int`` or ``float`` within limits."""
    def number(text):
        with contextlib.suppress(ValueError):
            # NaN is not within them either
            if least <= (value := kind(text)) <= most:
                return value
        raise argparse.ArgumentTypeError('%s is not a %s from %g to %g' % (
            text, _KINDS[kind], least, most))
    return number
