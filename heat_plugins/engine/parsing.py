# SPDX-License-Identifier: Apache-2.0
"""Heat parses again what a fault of Python kept it from parsing.

CPython 3.11.0 to 3.11.7 count the depth of all syntax trees that a process
makes in one place. If the garbage collector steps in while ``ast`` makes one,
and another thread, or a finalizer, makes another, the count is wrong:
``SystemError: AST constructor recursion depth mismatch``. Heat hands on by
``ast.literal_eval`` what resources tell each other; so that fails a stack, the
sooner the more resources it has. Python 3.10, 3.12 and 3.13 do not do so.
"""
import ast
import contextlib

from heat.engine import sync_point

# One of a thousand failed where eight threads did nothing else.
_TRIES = 10


class Literals:
    """Stands for the module ``ast``, of which Heat needs one function."""

    @staticmethod
    def literal_eval(text):
        """As of ``ast``; what could not be parsed is parsed again."""
        for _try in range(_TRIES - 1):
            with contextlib.suppress(SystemError):
                return ast.literal_eval(text)
        return ast.literal_eval(text)


def install():
    """Have Heat parse so in this process, if it parses by ``ast`` at all."""
    if getattr(sync_point, 'ast', None) is ast:
        sync_point.ast = Literals
