# SPDX-License-Identifier: Apache-2.0
"""Who looks after waits where Python's threads are green: on Heat 24."""
import subprocess
import sys

# Whatever blocks the process instead of its green thread blocks it for ever.
SCRIPT = '''
import eventlet
eventlet.monkey_patch()
import threading
from heat_plugins.engine import parking, waits

class Engine:
    id = 'me'
    begun, go_on = threading.Event(), threading.Event()

    def is_alive(self, engine_id):
        return True

    def check(self, wait):
        self.begun.set()
        self.go_on.wait()
        print('checked', wait.resource_id)

waits.find_all = lambda: []
engine = Engine()
running = parking.Supervisor(engine)
far = 2 ** 40
running.park(waits.Wait(7, None, 's', 't', 'CREATE', 'Any::Type', [], far, far,
                        {}, {}, 'all is well'), {}, 0)
running.ring(7)
engine.begun.wait()
eventlet.spawn_after(0.5, engine.go_on.set)
running.end()
print('ended')
'''


def test_it_looks_after_waits_and_ends_when_what_it_does_is_done():
    done = subprocess.run([sys.executable, '-W', 'ignore', '-c', SCRIPT],
                          capture_output=True, text=True, timeout=120)

    assert done.stdout == 'checked 7\nended\n', done.stderr
