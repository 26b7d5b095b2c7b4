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


def sqlite(path):
    """Settings of ``[database]`` for a SQLite file.

    Reads go to a "slave" that is the same file: oslo.db then keeps an engine
    of their own for them, and only writers need to lock (``serve.sqlite``).
    """
    url = 'sqlite:///%s?timeout=30' % path
    return {'connection': url, 'slave_connection': url,
            # A crash of the machine may cost a local cloud its database.
            'sqlite_synchronous': False,
            'max_pool_size': 20, 'max_overflow': 200}


def _set(parser, section, key, value):
    if value is None:
        parser.remove_option(section, key)
    elif isinstance(value, (list, tuple)):
        parser.set(section, key, ','.join(str(each) for each in value))
    else:
        parser.set(section, key, str(value))
