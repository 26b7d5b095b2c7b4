# SPDX-License-Identifier: Apache-2.0
"""Steps that a kept state need not repeat."""
import hashlib
import pathlib


def once(directory, name, fingerprint, step):
    """Do a step unless it was done before with the same fingerprint.

    :param directory: folder that remembers what was done
    :param name: the step's name in it
    :param fingerprint: text that the step depends on, such as a release
    :param step: callable without arguments
    """
    mark = pathlib.Path(directory) / name
    digest = hashlib.sha256(fingerprint.encode()).hexdigest()
    if mark.exists() and mark.read_text() == digest:
        return
    step()
    mark.parent.mkdir(parents=True, exist_ok=True)
    mark.write_text(digest)
