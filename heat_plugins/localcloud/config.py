# SPDX-License-Identifier: Apache-2.0
"""Configuration files in the form that oslo.config reads."""
import configparser


def write(path, *layers):
    """Write a file that only its user can read.

    :param path: a :class:`pathlib.Path`; its folder is made
    :param layers: mappings section -> key -> value, later ones win; a list
        is written with commas, None leaves the key out
    """
    parser = configparser.RawConfigParser(default_section=None)
    parser.optionxform = str
    for layer in layers:
        for section, settings in layer.items():
            if not parser.has_section(section):
                parser.add_section(section)
            for key, value in settings.items():
                _set(parser, section, key, value)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch(mode=0o600)
    with path.open('w') as stream:
        parser.write(stream)


def _set(parser, section, key, value):
    if value is None:
        parser.remove_option(section, key)
    elif isinstance(value, (list, tuple)):
        parser.set(section, key, ','.join(str(each) for each in value))
    else:
        parser.set(section, key, str(value))
