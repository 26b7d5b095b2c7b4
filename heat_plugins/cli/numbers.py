# SPDX-License-Identifier: Apache-2.0
"""Arguments of commands that are numbers."""
import argparse
import contextlib

_KINDS = {int: 'whole number', float: 'number'}


def add_interval(parser):
    """Add how often something is looked at."""
    least, most = 0.1, 3600
    parser.add_argument(
        '--interval', type=within(float, least, most), default=2,
        metavar='SECONDS',
        help='seconds between two looks, from %g to %g (default: 2)' % (
            least, most))


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
