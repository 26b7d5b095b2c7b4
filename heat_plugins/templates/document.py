# SPDX-License-Identifier: Apache-2.0
"""A YAML file as data, with the place of each value in it."""
import pathlib
import re
import typing

import yaml

#: Bytes that Heat takes, by its default of ``max_template_size``.
LARGEST = 524288
# Values in a file: an alias of aliases makes many of a few bytes.
_MOST = 200000
# Levels of maps and lists.
_DEEPEST = 100
_MERGE = 'tag:yaml.org,2002:merge'
_IGNORE = re.compile(r'#\s*heat-zaqar:\s*ignore\s+([A-Z0-9, ]+)')


class Place(typing.NamedTuple):
    """Where something is: line and column begin with 1."""
    file: str
    line: int
    column: int

    def __str__(self):
        return '%s:%d:%d' % self


class SourceError(Exception):
    """A file cannot be read as what it is to be.

    :ivar place: where.
    """

    def __init__(self, place, text):
        super().__init__('%s: %s' % (place, text))
        self.place = place
        self.text = text


class Document:
    """What a file holds.

    :ivar text: as it is written.
    :ivar data: its value.
    :ivar ignored: line → the ids of rules that a comment there switches off.
    """

    def __init__(self, file, text):
        self.file = str(file)
        self.text = text
        self._places = {}
        self._count = 0
        self._loader = _Loader(text)
        try:
            node = self._loader.get_single_node()
            self.data = None if node is None else self._value(node, ())
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            raise SourceError(self._place(mark), 'not YAML: %s' %
                              (error.problem or error.context)) from error
        except yaml.YAMLError as error:
            raise SourceError(Place(self.file, 1, 1),
                              'not YAML: %s' % error) from error
        except RecursionError as error:
            raise SourceError(Place(self.file, 1, 1),
                              'it is nested too deeply') from error
        finally:
            self._loader.dispose()
        self.ignored = {
            number: set(re.split('[, ]+', found.group(1).strip()))
            for number, line in enumerate(text.splitlines(), 1)
            if (found := _IGNORE.search(line))}

    @classmethod
    def read(cls, path):
        """Read a file.

        :raises SourceError: it cannot be read, or is not YAML.
        """
        beginning = Place(str(path), 1, 1)
        try:
            raw = pathlib.Path(path).read_bytes()
            if len(raw) > LARGEST:
                raise SourceError(beginning, (
                    'it has %d bytes, and Heat takes no more than %d') % (
                        len(raw), LARGEST))
            return cls(path, raw.decode())
        except OSError as error:
            raise SourceError(beginning, error.strerror or str(error)
                              ) from error
        except UnicodeDecodeError as error:
            raise SourceError(beginning, 'it is not UTF-8 text') from error

    def place(self, path):
        """Where the value of a path is, or what it would be in.

        :param path: tuple of keys and indexes. That of a map's value is its
            key's.
        """
        path = tuple(path)
        while path not in self._places and path:
            path = path[:-1]
        return self._places.get(path, Place(self.file, 1, 1))

    def _place(self, mark):
        return (Place(self.file, 1, 1) if mark is None else
                Place(self.file, mark.line + 1, mark.column + 1))

    def _value(self, node, path):
        self._count += 1
        if self._count > _MOST or len(path) > _DEEPEST:
            raise SourceError(self._place(node.start_mark), (
                'more than %d values, or %d levels: is there an alias in '
                'itself?') % (_MOST, _DEEPEST))
        self._places.setdefault(path, self._place(node.start_mark))
        if isinstance(node, yaml.MappingNode):
            return self._map(node, path)
        if isinstance(node, yaml.SequenceNode):
            return [self._value(each, (*path, index))
                    for index, each in enumerate(node.value)]
        return self._loader.construct_object(node)

    def _map(self, node, path):
        seen = {}
        for key, _value in node.value:
            if key.tag != _MERGE:
                self._note(key, seen)
        self._loader.flatten_mapping(node)
        found = {}
        for key_node, value in node.value:
            key = self._loader.construct_object(key_node)
            inner = (*path, key)
            self._places[inner] = self._place(key_node.start_mark)
            found[key] = self._value(value, inner)
        return found

    def _note(self, node, seen):
        if not isinstance(node, yaml.ScalarNode):
            raise SourceError(self._place(node.start_mark),
                              'a key must be a plain value')
        key = self._loader.construct_object(node)
        if key in seen:
            raise SourceError(self._place(node.start_mark), (
                'the key "%s" is there twice, first in line %d') % (
                    key, seen[key]))
        seen[key] = node.start_mark.line + 1


class _Loader(yaml.SafeLoader):
    """As Heat's: what looks like a date is a text."""


_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers
            if tag != 'tag:yaml.org,2002:timestamp']
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()}
