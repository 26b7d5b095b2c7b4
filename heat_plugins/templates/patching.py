# SPDX-License-Identifier: Apache-2.0
"""A change of a text that a library writes in its own style.

It is made to the text as its author has written it: lines that do not change
stay as they are, with their spaces and indents.
"""
import difflib


def patched(text, before, after):
    """The text with the change from one version of it to another.

    :param text: as the author has written it.
    :param before: the same, as the library writes it.
    :param after: with the change, as the library writes it.
    """
    lines, old, new = (each.splitlines(True)
                       for each in (text, before, after))
    place_of = _places(lines, old)
    made, position = [], 0
    for start, end, new_start, new_end in _changes(old, new, place_of):
        first, last = place_of[start - 1] + 1, place_of[end]
        made += lines[position:first]
        made += _indented(new[new_start:new_end], lines[first:last],
                          old[start:end])
        position = last
    return ''.join(made + lines[position:])


def _places(lines, old):
    """Number of a line of the library's → that of the author's."""
    found = {-1: -1, len(old): len(lines)}
    matcher = difflib.SequenceMatcher(None, *(
        [''.join(each.split()) for each in some] for some in (lines, old)),
        autojunk=False)
    for block in matcher.get_matching_blocks():
        found.update((block.b + number, block.a + number)
                     for number in range(block.size))
    return found


def _changes(old, new, place_of):
    """What changes, with all lines around it that the author has otherwise.

    :returns: (start, end) in the old lines and in the new ones.
    """
    changes = []
    for tag, *found in difflib.SequenceMatcher(
            None, old, new, autojunk=False).get_opcodes():
        if tag == 'equal':
            continue
        start, end, new_start, new_end = found
        while start - 1 not in place_of:
            start, new_start = start - 1, new_start - 1
        while end not in place_of:
            end, new_end = end + 1, new_end + 1
        if changes and start <= changes[-1][1]:
            start, _end, new_start, _new_end = changes.pop()
        changes.append((start, end, new_start, new_end))
    return changes


def _indented(new, lines, old):
    """New lines, indented as much more or less as the author's are."""
    if not lines or not old:
        return new
    more = _indent(lines[0]) - _indent(old[0])
    return [' ' * max(0, _indent(each) + more) + each.lstrip(' ')
            for each in new]


def _indent(line):
    return len(line) - len(line.lstrip(' '))
