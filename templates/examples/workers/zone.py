"""A worker that keeps a zone file: one record for each custom resource.

Run it with: heat-zaqar worker zone:Records --signed-url FILE
"""
import os
import pathlib
import threading

from heat_plugins import worker


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
        if task.properties['name'] != task.physical_id:
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
            if record and task.request_id not in record:
                raise worker.Failed('the zone has "%s" already' %
                                    task.properties['name'])
        return self._put(task, check)

    def _put(self, task, check=lambda record: None):
        wanted = task.properties
        with self._lock:
            records = self._read()
            check(records.get(wanted['name']))
            records[wanted['name']] = '%s %d IN %s %s ; %s' % (
                wanted['name'], wanted.get('ttl', 300), wanted['type'],
                wanted['value'], task.request_id)
            self._write(records)
        return worker.Result(physical_id=wanted['name'], data={
            'fqdn': '%s.%s.' % (wanted['name'], self._origin)})

    def _read(self):
        if not self._file.exists():
            return {}
        return {line.split()[0]: line
                for line in self._file.read_text().splitlines()}

    def _write(self, records):
        # whoever reads the file sees all of it
        new = self._file.with_suffix('.new')
        new.write_text(''.join(line + '\n' for line in records.values()))
        new.replace(self._file)
