# SPDX-License-Identifier: Apache-2.0
"""Who looks after waits where Python's threads are green: on Heat 24."""
import subprocess
import sys

# Whatever blocks the process instead of its green thread blocks it for ever.
SCRIPT = '''
import eventlet
eventlet.monkey_patch()
import threading
import time
from heat_plugins.engine import parking, waits

class Engine:
    id = 'me'
    begun, go_on = threading.Event(), threading.Event()

    def check(self, wait):
        self.begun.set()
        self.go_on.wait()
        print('checked', wait.resource_id)

waits.is_owned_by = lambda engine_id, resource_id: True
waits.unwanted_in = lambda stack_id: []
waits.load = lambda numbers: []
waits.hand_over = lambda engine_id: 0
parking.Supervisor.scan = lambda self: 3600
engine = Engine()
running = parking.Supervisor(engine)
far = 2 ** 40
running.park(waits.Wait(7, None, 's', 't', 'CREATE', 'Any::Type', [], far, far,
                        {}, {}, 'all is well'), {}, 0)
running.ring(7)
engine.begun.wait()
running.end()
print('ended')
engine.go_on.set()
while running.backlog:
    time.sleep(0.01)
'''


def test_it_looks_after_waits_and_cuts_off_nothing_when_it_ends():
    done = subprocess.run([sys.executable, '-W', 'ignore', '-c', SCRIPT],
                          capture_output=True, text=True, timeout=120)

    assert done.stdout == 'ended\nchecked 7\n', done.stderr
    assert not done.stderr
