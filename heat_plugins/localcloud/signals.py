# SPDX-License-Identifier: Apache-2.0
"""Signals that end a cloud; they work in the main thread only."""
import contextlib
import signal
import sys

ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@contextlib.contextmanager
def unwinding():
    """Let the first signal unwind the stack; ignore those that follow.

    :raises KeyboardInterrupt: at SIGINT
    :raises SystemExit: at SIGTERM and SIGHUP, with 128 + the number
    """
    def unwind(number, frame):
        for each in ENDING:
            # A second Ctrl-C shall not cut the teardown short.
            signal.signal(each, signal.SIG_IGN)
        if number == signal.SIGINT:
            raise KeyboardInterrupt
        sys.exit(128 + number)

    with handling(unwind):
        yield


@contextlib.contextmanager
def forwarding(process):
    """Give the signals to a child process that is waited for.

    Ctrl-C reaches it without us: the terminal sends it to both.
    """
    def forward(number, frame):
        if number != signal.SIGINT or not sys.stdin.isatty():
            process.send_signal(number)

    with handling(forward):
        yield


@contextlib.contextmanager
def handling(handler):
    """Handle the signals so, and as before at the end."""
    before = [signal.signal(number, handler) for number in ENDING]
    try:
        yield
    finally:
        for number, old in zip(ENDING, before, strict=True):
            signal.signal(number, old)
