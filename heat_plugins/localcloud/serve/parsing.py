# SPDX-License-Identifier: Apache-2.0
"""One thread at a time parses what Heat's threads exchange.

Some releases of Python, 3.11.7 among them, count the depth of the syntax trees
that all threads build in one place. Now and then ``ast.literal_eval`` raises
SystemError then, which fails a stack of many resources.
"""
import ast
import threading


class Literals:
    """Stands for the module ast, of which Heat needs one function."""

    def __init__(self):
        self._lock = threading.Lock()

    def literal_eval(self, text):
        """As of ast."""
        with self._lock:
            return ast.literal_eval(text)


def install():
    """Have Heat parse so, in this process."""
    from heat.engine import sync_point
    sync_point.ast = Literals()
