# SPDX-License-Identifier: Apache-2.0
"""Runs the benchmarks: ``./toxw -e bench``. All of them take two hours.

``./toxw -e bench -- NAME SIZE`` runs one; the size is for those that can be
tried with fewer waits.
"""
import argparse
import datetime
import statistics
import tempfile
import time

from heat_plugins.localcloud import access_log
from heat_plugins.localcloud import cloud as clouds
from heat_plugins.localcloud import options
from tests.bench import conditions
from tests.bench import copies
from tests.bench import custom
from tests.bench import killed
from tests.bench import messaging
from tests.bench import parked
from tests.bench import piped
from tests.bench import pushes
from tests.bench import stream
from tests.bench import told
from tests.bench import waiting

REPETITIONS = 20
MINUTE = 60
MANY = 200
APIS = ('zaqar', 'keystone')


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('name', nargs='?', choices=[*BENCHES, *FURTHER])
    parser.add_argument('size', nargs='?', type=int)
    given = parser.parse_args()
    for name, bench in {**BENCHES, **FURTHER}.items():
        if given.name == name or given.name is None and name in BENCHES:
            bench(*filter(None, [given.size]))


def measure_one_by_one():
    """Few things, one after the other, in clouds that all share."""
    with tempfile.TemporaryDirectory() as folder:
        for state in ('empty', 'kept'):
            began = time.monotonic()
            with clouds.Cloud(folder).started() as running:
                show('the cloud starts, state %s' % state,
                     '%.1f s' % (time.monotonic() - began))
                if state == 'kept':
                    measure_messaging(running)
                    measure_custom(running)
                    measure(running)
                    measure_waiting(running, 'cheapest')
                    measure_many(running)
    # Keystone's own default is slow on purpose; Heat's own feel it.
    with clouds.Cloud.ephemeral(options=options.Options(
            password_hash_rounds=None)) as running:
        measure_waiting(running, 'default')


def measure(running):
    taken = latency(running)
    show_latency('from a post to CREATE_COMPLETE', taken)
    compare('%d messages that satisfy count: %d' % (MANY, MANY), 's', {
        kind: seconds_to_complete(running, kind, MANY)
        for kind in conditions.KINDS})
    asked = {kind: requests(running, kind) for kind in conditions.KINDS}
    for api in APIS:
        compare('requests to %s of one condition that waits a minute' % api,
                '', {kind: count[api] for kind, count in asked.items()})


def measure_messaging(running):
    """Medians of all steps; the kinds take turns."""
    runs = {kind: [] for kind in messaging.KINDS}
    for _repetition in range(3):
        for kind, found in runs.items():
            found.append(messaging.run(running, kind))
    for step in messaging.STEPS:
        for what in ('seconds', *messaging.APIS):
            compare('%s %d queues and subscriptions, %s' % (
                step, messaging.PAIRS,
                'median' if what == 'seconds' else 'requests to ' + what),
                's' if what == 'seconds' else '',
                {kind: statistics.median(each[step][what] for each in found)
                 for kind, found in runs.items()})
    show("(Heat's own look at no owner, and leave the subscriptions of a "
         'deleted queue behind)', '')


def measure_custom(running):
    """What a program serves that does nothing; the kinds take turns."""
    taken = {kind: [] for kind in custom.KINDS}
    for _repetition in range(REPETITIONS):
        for kind, seconds in taken.items():
            seconds.append(custom.round_trip(running, kind))
    show_latency('from a request to a program to CREATE_COMPLETE', taken)
    costs = {kind: custom.at_once(running, kind) for kind in custom.KINDS}
    for what in costs['ours']:
        compare('%d served by %d workers, %s' % (
            custom.MANY, custom.WORKERS,
            what if what == 'seconds' else 'requests to ' + what), '',
            {kind: cost[what] for kind, cost in costs.items()})


def measure_waiting(running, hashing):
    """What it costs that many conditions wait.

    :param hashing: what Keystone's hashing of passwords is, for people.
    """
    costs = {kind: waiting.a_minute(running, kind) for kind in waiting.KINDS}
    for what in costs['ours']:
        compare('%d wait a minute, %s hashing, %s' % (
            waiting.CONDITIONS, hashing, what), '',
            {kind: cost[what] for kind, cost in costs.items()})


def measure_parked(size=1000):
    found = parked.measure(size)
    for what in found['ours']:
        compare(what, '', {kind: figures[what]
                           for kind, figures in found.items()})


def measure_copies(size=10000):
    for what, figure in copies.measure(size).items():
        show('%d parked waits, made in the database: %s' % (size, what),
             '%.3g' % figure)
    show("(Heat's own cannot have more than 64 in an engine)", '')


def measure_killed():
    compare('from the start of a killed engine until %d waits are complete' %
            killed.STACKS, 's', killed.measure())
    show('(inf: not within three minutes; a user has to update the stack)',
         '')


def measure_stream(size=1000):
    for what, figure in stream.measure(size).items():
        show('%d messages at %d/s to one condition: %s' % (
            size, stream.RATE, what), '%.3g' % figure)


def measure_pushes(repetitions=50):
    found, steps = pushes.latencies(repetitions)
    for what, taken in found:
        for kind, seconds in taken.items():
            show('from a signal to CREATE_COMPLETE, %s, %s' % (what, kind),
                 'median %.3g s, 95th percentile %.3g s' % (
                     statistics.median(seconds),
                     statistics.quantiles(seconds, n=20)[-1]))
    for step, seconds in steps.items():
        show('ours, from the post to: %s' % step, '%.3g s' % seconds)


def measure_at_once(size=500):
    taken = pushes.at_once(size)
    show('%d messages at once to %d waits' % (size, size),
         'pushed %.3g s, not pushed %.3g s, ratio %.3g' % (
             taken['auto'], taken['off'], taken['off'] / taken['auto']))


def measure_piped(size=2000):
    for often, found in piped.delivered(size):
        for who, (rate, lost) in found.items():
            show('to a webhook that answers 500 %s: %s' % (often, who),
                 '%.3g messages a second, %d of %d never arrived' % (
                     rate, lost, size))
        (ours, _lost), (others, _lost) = found.values()
        show('the ratio', '%.3g' % (ours / others))


def measure_images(repetitions=REPETITIONS):
    seconds = list(told.images(repetitions))
    show('from an image being active to CREATE_COMPLETE',
         'median %.3g s, 95th percentile %.3g s' % (
             statistics.median(seconds),
             statistics.quantiles(seconds, n=20)[-1]))


def measure_burst(size=10000):
    for processes in (1, 2):
        rate, lost, twice = told.burst(size, processes)
        show('%d notifications at once, by %d of "heat-zaqar notifications"'
             % (size, processes),
             '%.3g a second, %d lost, %d twice' % (rate, lost, twice))


def measure_many(running):
    seconds, megabytes = waiting.through_one(running, 10000)
    show('10000 messages through one condition of ours',
         '%.3g s, heat-engine had at most %d MB' % (seconds, megabytes))


def latency(running):
    """Seconds of each try; the kinds take turns, so that noise meets both."""
    taken = {kind: [] for kind in conditions.KINDS}
    for _repetition in range(REPETITIONS):
        for kind, seconds in taken.items():
            seconds.append(seconds_to_complete(running, kind, 1))
    return taken


def seconds_to_complete(running, kind, count):
    waiting = conditions.Waiting(running, kind, count)
    time.sleep(1.5)
    began = time.monotonic()
    waiting.post(count)
    waiting.complete()
    seconds = time.monotonic() - began
    waiting.delete()
    return seconds


def requests(running, kind):
    """How often a condition that waits for nothing asks each API."""
    waiting = conditions.Waiting(running, kind, 1)
    time.sleep(2)
    began = datetime.datetime.now(datetime.UTC)
    time.sleep(MINUTE)
    ended = datetime.datetime.now(datetime.UTC)
    waiting.delete()
    return {api: len([each for each in access_log.read(
                running.access_log(api)) if began <= each.time <= ended])
            for api in APIS}


def show_latency(what, taken):
    """Show median and 95th percentile.

    :param taken: by kind, the seconds of each try.
    """
    compare('%s, median of %d' % (what, REPETITIONS), 's', {
        kind: statistics.median(each) for kind, each in taken.items()})
    compare('the same, 95th percentile', 's', {
        kind: statistics.quantiles(each, n=20)[-1]
        for kind, each in taken.items()})


def compare(what, unit, figures):
    ours, own = (figures[kind] for kind in conditions.KINDS)
    show(what, "ours %.3g%s, Heat's own %.3g%s, ratio %s" % (
        ours, unit and ' ' + unit, own, unit and ' ' + unit,
        '%.3g' % (own / ours) if ours else 'none of ours'))


def show(what, figure):
    print('%-60s %s' % (what, figure), flush=True)


BENCHES = {'one-by-one': measure_one_by_one, 'parked': measure_parked,
           'copies': measure_copies, 'killed': measure_killed,
           'stream': measure_stream, 'pushes': measure_pushes,
           'at-once': measure_at_once, 'piped': measure_piped,
           'burst': measure_burst}

# They need the virtualenv of "./toxw -e reach".
FURTHER = {'images': measure_images}

if __name__ == '__main__':
    main()
