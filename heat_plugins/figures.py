# SPDX-License-Identifier: Apache-2.0
"""What monitoring wants to know of this process, as Prometheus has it.

Counters begin with the process. Who counts imports this module, which imports
none of ours.
"""
import prometheus_client

#: All that is counted here, and nothing of other packages.
REGISTRY = prometheus_client.CollectorRegistry()

REQUESTS = prometheus_client.Counter(
    'heat_zaqar_requests', 'Answers of Zaqar over HTTP, by status; "none" if '
    'there was no answer.', ['method', 'status'], registry=REGISTRY)
COUNTED = prometheus_client.Counter(
    'heat_zaqar_messages_counted', 'Messages that counted for a condition, as '
    'successes or failures.', registry=REGISTRY)
NOT_COUNTED = prometheus_client.Counter(
    'heat_zaqar_messages_not_counted', 'Messages that did not match, or could '
    'not be judged. One may be seen more than once.', registry=REGISTRY)
TAKEN_OVER = prometheus_client.Counter(
    'heat_zaqar_waits_taken_over', 'Waits of other engines that this one has '
    'gone on with.', registry=REGISTRY)
PIPED = prometheus_client.Counter(
    'heat_zaqar_pipe_messages', 'What pipes tried to deliver, by what came of '
    'it: "delivered", "failed", to be tried again, or "dead", for good.',
    ['pipe', 'outcome'], registry=REGISTRY)
PUSHING = prometheus_client.Gauge(
    'heat_zaqar_websockets', 'Connections by which Zaqar pushes.',
    registry=REGISTRY)
SERVED = prometheus_client.Histogram(
    'heat_zaqar_worker_seconds', 'Seconds that a handler took for a request.',
    ['request_type', 'status'], registry=REGISTRY,
    buckets=(.1, 1, 10, 60, 600, 3600))
IN_PROGRESS = prometheus_client.Gauge(
    'heat_zaqar_worker_in_progress', 'Requests that are worked on.',
    registry=REGISTRY)
REFUSED = prometheus_client.Counter(
    'heat_zaqar_worker_refused', 'Messages that were no requests.',
    registry=REGISTRY)
