# SPDX-License-Identifier: Apache-2.0
"""The arguments of commands on templates."""
import argparse

from heat_plugins.templates import document


def add_templates(parser, nargs='+'):
    """Add the arguments that name templates and what belongs to them."""
    parser.add_argument('template', nargs=nargs, metavar='TEMPLATE',
                        help='the file of a template')
    parser.add_argument(
        '-e', '--environment', action='append', default=[],
        metavar='FILE', help='an environment; may be given several times')
    parser.add_argument(
        '-P', '--parameter', action='append', default=[],
        metavar='NAME=VALUE', type=_parameter,
        help='the value of a parameter; may be given several times')


def environments(parsed_args):
    """The environments: list of ``document.Document``.

    :raises heat_plugins.templates.document.SourceError: one cannot be read.
    """
    return [document.Document.read(each) for each in parsed_args.environment]


def _parameter(text):
    """The type of an argument: a pair of a name and a value."""
    name, equals, value = text.partition('=')
    if not (name and equals):
        raise argparse.ArgumentTypeError(
            '"%s" is not of the form NAME=VALUE' % text)
    return name, value
