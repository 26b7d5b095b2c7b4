# SPDX-License-Identifier: Apache-2.0
"""The threads in which Heat hands out a stack's events.

Needed by Heat 25 to 27, whose ``ThreadGroup.add_thread`` keeps finished
threads, and refuses another one once it holds 1,000. Every event begins a
thread, and the one that is refused fails what it tells of. The groups of
Heat 24, the last on eventlet, forget a thread that ends; where Heat does so
again, nothing is found to do here.
"""
import threading


def forget_finished(stack):
    """Make room in the group of a stack for the thread of another event.

    :param stack: a ``heat.engine.stack.Stack``.
    """
    manager = stack.thread_group_mgr
    group = manager and manager.groups.get(stack.id)
    # The lock under which Heat adds to the list; eventlet needs none.
    lock = getattr(group, '_lock', None)
    if lock is not None:
        with lock:
            group.threads[:] = [each for each in group.threads
                                if not _is_finished(each)]


def _is_finished(thread):
    """Whether it is one of Python's own threads, has begun, and ended."""
    return (isinstance(thread, threading.Thread) and
            thread.ident is not None and not thread.is_alive())
