# SPDX-License-Identifier: Apache-2.0
"""On other releases of Heat each wait holds a thread."""
from heat_plugins import releases

collect_ignore = ([] if releases.has_known_interior()
                  else ['test_parking.py', 'test_queues.py'])
