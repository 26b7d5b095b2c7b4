# SPDX-License-Identifier: Apache-2.0
"""What strangers say, made fit to be shown in events, errors and logs."""
import re

#: Characters of a stranger's text that are shown.
LENGTH = 500
#: Characters of a whole account, of which such texts are parts.
ACCOUNT = 2000
#: Characters of any reason for a failure: a TEXT of MySQL has 65535 bytes,
#: three for a character, and Heat writes a few words before the reason.
REASON = 20000
_CUT = '...'
# Characters of a sender's key that are shown.
_KEY = 80

# MySQL's utf8mb3, the character set of many of OpenStack's databases, ends
# before these, and UTF-8 does not have half of a surrogate pair.
_UNSTORABLE = re.compile('[\ud800-\udfff\U00010000-\U0010ffff]')


def line(text, limit=LENGTH):
    """A text as one line that cannot pretend to be another.

    Newlines, escape sequences of a terminal, marks that turn the direction of
    writing and all else that is not printable are shown as Python writes them,
    such as ``\\n``. The line is ``storable``.

    :param limit: characters of the line; a longer one is cut.
    """
    # Escapes only make it longer: what is cut here would be cut below.
    return storable(''.join(
        each if each.isprintable() else _escaped(each)
        for each in text[:limit + 1]), limit)


def storable(text, limit=REASON):
    """A text that every database of Heat's can hold.

    Emoji and all other characters beyond U+FFFF are shown as Python writes
    them, such as ``\\U0001f600``.

    :param limit: characters of the text; a longer one is cut.
    """
    shown = _UNSTORABLE.sub(lambda found: _escaped(found[0]),
                            text[:limit + 1])
    if len(shown) <= limit:
        return shown
    return shown[:limit - len(_CUT)] + _CUT


def key(text):
    """What a message counts under, as a sender has chosen it, as one line.
    """
    return line(text, _KEY)


def named(names, most=20):
    """The first of some names, and how many more there are."""
    more = len(names) - most
    return names[:most] + (['and %d more' % more] if more > 0 else [])


def _escaped(character):
    return character.encode('unicode_escape').decode()
