# SPDX-License-Identifier: Apache-2.0
"""A queue that a resource uses and did not make.

What another resource has made, or set first, is not changed. On a queue of
nobody's a resource may set what it likes: a note in the queue's metadata says
who did, and what was there before, so that it can be taken back. It is written
in one PATCH with the values themselves.
"""
import dataclasses

from heat_plugins.zaqar import ownership
from heat_plugins.zaqar import queue as queues

#: The key of the note in the queue's metadata.
KEY = '_heat_reuse'


@dataclasses.dataclass(frozen=True)
class Note:
    """Who has set what on a queue that nobody owns.

    :ivar stamp: the ``ownership.Stamp`` of the resource.
    :ivar values: key → what was there before, and what was set. None stands
        for nothing.
    """
    stamp: ownership.Stamp
    values: dict

    @classmethod
    def of(cls, metadata):
        """The note in a queue's metadata; None when there is none."""
        try:
            note = metadata[KEY]
            return cls(ownership.Stamp(**note['stamp']), dict(note['values']))
        except (KeyError, TypeError, ValueError):
            return None

    def taken_back(self, metadata):
        """What was before, of all that nobody has changed since."""
        return {key: before for key, (before, value) in self.values.items()
                if _value(metadata, key) == value}


class Held(Exception):
    """Another resource holds what was to be changed.

    :ivar stamp: its ``ownership.Stamp``, or None if it cannot be told.
    :ivar keys: of the metadata, those that are not as wanted.
    """

    def __init__(self, stamp, keys):
        super().__init__(stamp, keys)
        self.stamp = stamp
        self.keys = keys


def use(queue, stamp, wanted):
    """Have this metadata on a queue that is not ours.

    :param wanted: keys and values; what an earlier call set, and is not among
        them, is taken back.
    :raises Held: another resource does not want them so: nothing is changed.
    :raises heat_plugins.zaqar.errors.NotFound: no such queue.
    """
    metadata = queue.metadata()
    note = Note.of(metadata) or Note(stamp, {})
    if not (ownership.is_unowned(metadata) and
            stamp.is_same_resource(note.stamp)):
        _refuse_changes(metadata, wanted,
                        ownership.Stamp.of(metadata) or note.stamp)
    elif wanted or note.values:
        values = {key: [note.values.get(key, [metadata.get(key)])[0], value]
                  for key, value in wanted.items()}
        queue.update({
            **note.taken_back(metadata), **wanted,
            KEY: dataclasses.asdict(Note(stamp, values)) if values else None})


def give_back(queue, stamp):
    """Take back what was set, unless somebody has changed it since.

    Nor where the queue has got an owner.
    """
    metadata = queue.metadata()
    note = Note.of(metadata)
    if note is not None and note.stamp == stamp:
        before = (note.taken_back(metadata)
                  if ownership.is_unowned(metadata) else {})
        queue.update({**before, KEY: None})


def _refuse_changes(metadata, wanted, holder):
    keys = [key for key in wanted if _value(metadata, key) != wanted[key]]
    if keys:
        raise Held(holder, keys)


def _value(metadata, key):
    return metadata.get(key, queues.INJECTED.get(key))
