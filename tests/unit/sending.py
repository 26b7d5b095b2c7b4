# SPDX-License-Identifier: Apache-2.0
"""A machine of a sender: a shell, curl, and the programs for a mailbox."""
import dataclasses
import json
import os
import pathlib
import subprocess
import uuid

from heat_plugins.sending import programs


@dataclasses.dataclass
class Machine:
    """Runs shell scripts in a folder of its own.

    :ivar path: a folder that goes before all others in PATH.
    :ivar zaqar: the ``heat_plugins.testing.server.Server``.
    :ivar queue: where the signals go.
    """
    folder: pathlib.Path
    path: pathlib.Path
    zaqar: object
    queue: object

    def __post_init__(self):
        url = '%s/v2/queues/%s/messages' % (self.zaqar.url, self.queue.name)
        self.credentials = (url, self.queue.signed_url(
            paths=['messages'], methods=['POST'],
            ttl_seconds=3600).headers(str(uuid.uuid4())))
        self.curl_cli = programs.curl_cli(*self.credentials)
        self.install(programs.script(*self.credentials))
        self.zaqar.requests.clear()

    def install(self, script):
        (self.folder / 'signal').write_text(script)
        (self.folder / 'signal').chmod(0o700)

    def write(self, name, content):
        if isinstance(content, str):
            content = content.encode()
        (self.folder / name).write_bytes(content)

    def run(self, script, stdin=b'', **variables):
        """Run a shell script, as text of bytes that need not be UTF-8."""
        return subprocess.run(
            ['sh', '-c', script], cwd=self.folder, input=stdin, timeout=60,
            capture_output=True, env={
                'PATH': '%s:%s' % (self.path, os.environ['PATH']),
                **variables})

    def curl(self, arguments='', **options):
        """Run the attribute ``curl_cli`` with what follows it."""
        return self.run('%s %s' % (self.curl_cli, arguments), **options)

    def signal(self, arguments='', **options):
        """Run the attribute ``script``."""
        return self.run('sh ./signal ' + arguments, **options)

    @property
    def bodies(self):
        """What arrived."""
        return [json.loads(each.body)['messages'][0]['body']
                for each in self.zaqar.requests if each.status == 201]
