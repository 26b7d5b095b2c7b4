# SPDX-License-Identifier: Apache-2.0
"""How often a queue is asked: less often the longer nothing has come."""
import dataclasses

# Seconds between two looks while it is new or lively; seconds without
# anything new after which it is quiet; the share of its quiet time that then
# passes between two looks.
_SOON, _QUIET, _SHARE = 1, 300, 0.05
# A scan of a whole queue costs about five requests: one look in so many.
_LOOKS_IN_A_SCAN = 8


@dataclasses.dataclass(frozen=True)
class Schedule:
    """Pauses in seconds, for a queue where nothing has come for ``quiet``.

    With the defaults that is four looks in the sixth minute, two in the
    eleventh, and at most six requests with the scans.

    :ivar longest: between two looks, at most.
    :ivar rescan: between two scans of a whole queue, at least.
    :ivar safety: between two looks at a queue whose news is pushed.
    """
    longest: float = 30
    rescan: float = 30
    safety: float = 900

    def look(self, quiet):
        """Until the next look at what is new."""
        return _SOON if quiet < _QUIET else min(self.longest,
                                                _SHARE * quiet)

    def scan(self, quiet):
        """Until the next scan of the whole queue."""
        return max(self.rescan, _LOOKS_IN_A_SCAN * self.look(quiet))

    def after(self, failures):
        """Until a look is tried again that has failed so many times."""
        return min(self.longest, _SOON * 2 ** min(failures - 1, 30))
