# SPDX-License-Identifier: Apache-2.0
"""Puts together what a sender runs to post by a signed URL."""
import base64
from importlib import resources
import re
import shlex

_FOLDER = resources.files(__package__)
_SHARED = ('json.sh', 'options.sh', 'post.sh')

# Nothing in it means anything else in double quotes or in a here-document.
# What comes after the program is reached only if there was none, for want of
# base64.
_LINE = ("sh -c '"
         'command exec 3<&0;echo %s|base64 -d|(. /dev/stdin;exit 127)'
         "' sh")

_HEAD = '''\
#!/bin/sh
# Reports to a stack of OpenStack Heat; --help shows how. It needs curl and
# awk. Anybody who can read this file can report: it holds credentials that
# allow this and nothing else.

'''


def plain_curl(method, url, headers):
    """A command line of curl alone, for any use of a signed URL.

    :param headers: a map of name to value.
    """
    return shlex.join([
        'curl', '-sS', '--fail-with-body', '-X', method,
        *('-H%s:%s' % pair for pair in headers.items()), url])


def curl_cli(url, headers):
    """A line of shell that takes what follows it as curl does.

    It posts one message: the body that is given, or ``{}``.
    """
    program = _compact(_program('curl.sh', url, headers))
    return _LINE % base64.b64encode(program.encode()).decode()


def script(url, headers):
    """A whole program with a command line made for signals."""
    return _HEAD + _program('signal.sh', url, headers)


def text(name):
    """A file, with those in it that it names between two pairs of braces."""
    _licence, _newline, own = _FOLDER.joinpath(name).read_text().partition(
        '\n')
    return re.sub(r'\{\{(\w+\.awk)\}\}',
                  lambda found: text(found[1]).rstrip(), own)


def _program(main, url, headers):
    whole = '\n'.join(text(name) for name in (*_SHARED, main))
    return whole.replace('{{config}}', _config(url, headers))


def _config(url, headers):
    """What curl is to read as its configuration."""
    options = [('url', url), *(('header', '%s: %s' % pair)
                               for pair in headers.items())]
    return '\n'.join('%s = "%s"' % (name, re.sub(r'(["\\])', r'\\\1', value))
                     for name, value in options)


def _compact(program):
    """Without comments, indents and empty lines."""
    lines = (line.strip() for line in program.splitlines())
    return '\n'.join(line for line in lines
                     if line and not line.startswith('#')) + '\n'
