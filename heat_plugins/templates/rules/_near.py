# SPDX-License-Identifier: Apache-2.0
"""Which name was probably meant."""
import difflib


def hint(name, known):
    """The end of a sentence about a name that is not known."""
    near = difflib.get_close_matches(str(name), list(known), 1)
    return (': did you mean "%s"?' % near[0] if near else
            '; there are %s.' % ', '.join(sorted(known)) if known else '.')
