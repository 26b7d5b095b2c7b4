# SPDX-License-Identifier: Apache-2.0
"""What a check has found."""
import dataclasses
import enum


class Severity(enum.IntEnum):
    """How bad it is; an exit status, except for a note."""
    NOTE = -1
    OK = 0
    WARNING = 1
    FAILURE = 2


@dataclasses.dataclass(frozen=True)
class Finding:
    """What was tried, what came of it, and what to do.

    :ivar to_do: '' if nothing is to be done.
    """
    severity: Severity
    tried: str
    came: str
    to_do: str = ''

    def to_map(self):
        """As JSON has it."""
        return {**dataclasses.asdict(self),
                'severity': self.severity.name.lower()}


def ok(tried, came):
    return Finding(Severity.OK, tried, came)


def note(tried, came, to_do=''):
    return Finding(Severity.NOTE, tried, came, to_do)


def warning(tried, came, to_do):
    return Finding(Severity.WARNING, tried, came, to_do)


def failure(tried, came, to_do):
    return Finding(Severity.FAILURE, tried, came, to_do)
