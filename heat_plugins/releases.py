# SPDX-License-Identifier: Apache-2.0
"""What differs between the releases of Heat, and why.

Nothing else in the project asks which release is installed. Heat 24 is of
OpenStack 2025.1; each release since, half a year apart, adds one.
"""
from importlib import metadata

#: The oldest release of Heat that the resource types work with.
OLDEST = 24
# Those in which all that ``engine.interior`` touches was read and is tested.
_KNOWN_INTERIOR = (24, 25, 26, 27)
# The first whose engine runs on Python's own threads.
_NATIVE_THREADS = 25
# The first that checks a stack in a traversal of its own.
_CHECKS_CONVERGE = 26


def heat():
    """The major number of the Heat that is installed.

    :raises importlib.metadata.PackageNotFoundError: when none is
    """
    return int(metadata.version('openstack-heat').partition('.')[0])


def check_heat():
    """Refuse a Heat that the resource types were not made for.

    :raises ImportError: it is older than the oldest that is supported
    """
    if heat() < OLDEST:
        raise ImportError('Heat %d is installed, and %d or later is needed' %
                          (heat(), OLDEST))


def has_native_threads():
    """Whether heat-engine runs on Python's own threads, not on eventlet."""
    return heat() >= _NATIVE_THREADS


def has_patient_checks():
    """Whether the check of a stack waits for what is in progress in it.

    Until Heat 25 it goes past all that, and leaves its own state as that of
    the stack, while the stack's traversal goes on.
    """
    return heat() >= _CHECKS_CONVERGE


def choose_threads():
    """Make this process ready for Heat's engine, as heat-engine does.

    It must come before anything of Heat or oslo.service is imported: until
    Heat 24 the engine needs eventlet in the place of Python's threads; since
    Heat 25 it tells oslo.service, which has learnt to, to do without.
    """
    if has_native_threads():
        from oslo_service import backend
        backend.init_backend(backend.BackendType.THREADING)
    else:
        import eventlet
        eventlet.monkey_patch()


def has_known_interior():
    """Whether waits can leave their thread: see ``engine.interior``."""
    return heat() in _KNOWN_INTERIOR
