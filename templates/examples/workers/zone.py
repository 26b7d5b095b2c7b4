"""A worker that keeps a zone file: one record for each custom resource.

Run it with: heat-zaqar worker zone:Records --signed-url FILE
"""
import os
import pathlib
import re
import threading

from heat_plugins import worker

# What each part of a record may be. Whoever may post to the queue chooses the
# values: none may begin another line, or a comment.
_PARTS = {
    'name': re.compile(r'@|[A-Za-z0-9_*][A-Za-z0-9_.*-]{0,252}'),
    'ttl': re.compile('[0-9]{1,9}'),
    'type': re.compile('[A-Z0-9]{1,10}'),
    'value': re.compile('[!-:<-~]([ -:<-~]{0,1000}[!-:<-~])?'),
}


class Records:
    """The records of the zone file that $ZONE_FILE names.

    Each is a line, such as "www 300 IN A 192.0.2.7 ; REQUEST_ID", and its
    name is its physical id: a resource with another name is another record.
    """

    def __init__(self):
        self._file = pathlib.Path(os.environ.get('ZONE_FILE', 'example.zone'))
        self._origin = os.environ.get('ZONE_ORIGIN', 'example.org')
        self._lock = threading.Lock()

    def create(self, task):
        return self._add(task)

    def update(self, task):
        if _parts(task)['name'] != task.physical_id:
            # a new record; the old one's delete is asked for later
            return self._add(task)
        return self._put(task)

    def delete(self, task):
        with self._lock:
            records = self._read()
            if records.pop(task.physical_id, None):
                self._write(records)

    def _add(self, task):
        """A record that must be new, or made for this request before."""
        def check(record):
            if record and not record.endswith(' ; ' + task.request_id):
                raise worker.Failed('the zone has "%s" already' %
                                    task.properties['name'])
        return self._put(task, check)

    def _put(self, task, check=lambda record: None):
        wanted = _parts(task)
        name = wanted['name']
        with self._lock:
            records = self._read()
            check(records.get(name))
            records[name] = '%(name)s %(ttl)s IN %(type)s %(value)s' % wanted
            records[name] += ' ; ' + task.request_id
            self._write(records)
        return worker.Result(physical_id=name, data={
            'fqdn': '%s.%s.' % (name, self._origin)})

    def _read(self):
        if not self._file.exists():
            return {}
        return {line.split()[0]: line
                for line in self._file.read_text().splitlines() if line}

    def _write(self, records):
        # whoever reads the file sees all of it
        new = self._file.with_suffix('.new')
        new.write_text(''.join(line + '\n' for line in records.values()))
        new.replace(self._file)


def _parts(task):
    """The parts of the record that a task is about, each looked at."""
    given = {'ttl': 300, **task.properties}
    parts = {part: given.get(part) for part in _PARTS}
    for part, value in parts.items():
        if not (isinstance(value, str | int) and
                _PARTS[part].fullmatch(str(value))):
            raise worker.Failed('the property "%s" cannot be the %s of a '
                                'record' % (part, part))
    if not re.fullmatch('[A-Za-z0-9-]+', task.request_id):
        raise worker.Failed('the request_id is not a UUID')
    return parts
