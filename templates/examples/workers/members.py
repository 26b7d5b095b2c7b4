"""A worker that upgrades the members of a cluster, by a command.

Run it with: heat-zaqar worker members:Members --signed-url FILE
"""
import os
import subprocess

from heat_plugins import worker


class Members:
    """Runs $UPGRADE with the number of a member and a version."""

    def create(self, task):
        return self.update(task)

    def update(self, task):
        member, version = task.properties['member'], task.properties['version']
        done = subprocess.run(
            [os.environ.get('UPGRADE', 'echo'), str(member), str(version)],
            capture_output=True, text=True)
        if done.returncode:
            raise worker.Failed('member %s: %s' % (member, done.stderr))
        return worker.Result(physical_id='member-%s' % member,
                             data={'version': version})

    def delete(self, task):
        """A member that leaves needs nothing."""
