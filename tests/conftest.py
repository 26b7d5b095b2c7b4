# SPDX-License-Identifier: Apache-2.0
"""The cloud that all tests share, and what a template author has on it."""
import contextlib
import functools
import importlib.util
import itertools
import json
import os
import pathlib
import shlex
import subprocess
import time

from heatclient import exc
import pytest
from xdist import scheduler

from heat_plugins import releases
from heat_plugins.localcloud import clients
from heat_plugins.localcloud import cloud as clouds
from heat_plugins.localcloud import command
from heat_plugins.localcloud import demo
from heat_plugins.localcloud import errors
from heat_plugins.localcloud import options
from heat_plugins.localcloud import stack as stacks
from heat_plugins.testing import receiver
from heat_plugins.zaqar import subscriptions
from tests import not_run
from tests import workers as worker_processes

# To be said before any test imports Heat; what Heat 24 has instead is not for
# the process of the tests.
if releases.has_native_threads():
    releases.choose_threads()

# The folders in the order they run, those whose files take longest first: the
# many short files at the end let all processes finish together.
ORDER = ('production', 'faults', 'functional', 'loading', 'contract', 'unit')

# They need the virtualenvs of "./toxw -e reach" and "./toxw -e horizon".
collect_ignore = [
    folder for folder, package in (('reach', 'glance'),
                                   ('horizon', 'openstack_dashboard'))
    if not importlib.util.find_spec(package)]

# A queue deleted by hand is noticed at the next look at the whole queue.
OPTIONS = options.Options(heat={'heat_zaqar': {
    'rescan_interval': 2, 'safety_interval': 2}})


@pytest.fixture(scope='session')
def cloud(request):
    """A running ``heat_plugins.localcloud.cloud.Cloud``.

    Started at the first test that asks for it and stopped after the last.
    Within ``heat-zaqar cloud run`` it is the cloud that runs there. A
    service that does not start fails the tests; none is skipped.
    """
    if command.DIRECTORY in os.environ:
        yield clouds.Cloud(os.environ[command.DIRECTORY])
        return
    # pytest-xdist's workers have no terminal
    terminal = request.config.pluginmanager.get_plugin('terminalreporter')
    report = terminal.write_line if terminal else print
    with clouds.Cloud.ephemeral(
            options=OPTIONS,
            report=lambda text: report('cloud: ' + text)) as running:
        yield running


class Scheduling(scheduler.LoadFileScheduling):
    """A process takes a file, or all that is on the production cloud."""

    def _split_scope(self, nodeid):
        production = 'tests/production/'
        return (production if nodeid.startswith(production)
                else super()._split_scope(nodeid))


def pytest_xdist_make_scheduler(config, log):
    return Scheduling(config, log)


def pytest_collection_modifyitems(items):
    """Sort the folders; within one, tests keep their order."""
    tests = pathlib.Path(__file__).parent

    def place(item):
        folder = item.path.relative_to(tests).parts[0]
        return ORDER.index(folder) if folder in ORDER else len(ORDER)
    items.sort(key=place)


def pytest_sessionfinish(session):
    """What was skipped was not tested: the run has failed."""
    reporter = session.config.pluginmanager.get_plugin('terminalreporter')
    skipped = reporter.stats.get('skipped', ()) if reporter else ()
    if not all(map(not_run.may_be_left_out, skipped)):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


_numbers = itertools.count(1)


@functools.cache
def session(running, admin):
    """A user's session, which all tests on a cloud use.

    A new token costs more than all else that a test asks of Keystone.
    """
    return clients.session(running, admin)


class Project:
    """A user's project on a cloud; its stacks end with the test.

    :param running: a ``heat_plugins.localcloud.cloud.Cloud``
    :param folder: where the templates are
    :param admin: whether the user is the administrator
    """

    def __init__(self, running, folder, admin=False):
        self.cloud = running
        using = session(running, admin)
        self.heat = clients.heat(running, using=using)
        self.zaqar = clients.zaqar(running, using=using)
        self.folder = folder
        self._stacks = []

    @staticmethod
    def name(kind='queue'):
        """A name that no other test has."""
        return '%s-%d-%d' % (kind, os.getpid(), next(_numbers))

    def create(self, template, parameters=None, **options):
        """Begin to create a stack."""
        name = options.pop('name', None) or self.name('stack')
        stack = stacks.Stack.create(
            self.heat, name, self.folder / template, parameters, **options)
        self._stacks.append(stack)
        return stack

    def created(self, template, parameters=None, **options):
        """Create a stack that is to become complete."""
        stack = self.create(template, parameters, **options)
        assert stack.wait() == 'CREATE_COMPLETE', stack.reason
        return stack

    def updated(self, stack, template, parameters=None, **options):
        """Update a stack that is to become complete."""
        stack.update(self.folder / template, parameters, **options)
        assert stack.wait() == 'UPDATE_COMPLETE', stack.reason
        return stack

    def deleted(self, stack):
        """Delete a stack that is to be gone then."""
        stack.delete()
        assert stack.wait() == 'DELETE_COMPLETE', stack.reason

    def queue(self, name):
        return self.zaqar.queue(name)

    def bodies(self, name):
        """The bodies of all messages in a queue, oldest first."""
        return [each['body'] for each in self.queue(name).page()]

    def post(self, name, *bodies):
        """Post each body as a message of its own."""
        for body in bodies:
            self.queue(name).post([{'body': body}])

    def close(self, but=()):
        """Delete its stacks, all at once.

        :param but: stacks that stay
        """
        ending = [each for each in self._stacks if each not in but]
        for stack in ending:
            with contextlib.suppress(exc.HTTPNotFound):
                if stack.status != 'DELETE_COMPLETE':
                    stack.delete()
        for stack in ending:
            with contextlib.suppress(exc.HTTPNotFound):
                stack.wait()


@pytest.fixture
def project_on(request):
    """Makes a ``Project`` on a given cloud."""
    with contextlib.ExitStack() as ending:
        def make(running, admin=False):
            return ending.enter_context(contextlib.closing(
                Project(running, request.path.parent, admin)))
        yield make


@pytest.fixture
def project(cloud, project_on):
    """A ``Project`` on the cloud that all tests share."""
    return project_on(cloud)


@pytest.fixture
def breakable(cloud):
    """A cloud whose services may be killed and started again."""
    try:
        assert cloud.services
    except errors.NotRunning:  # it is another process's
        with clouds.Cloud.ephemeral() as own:
            yield own
    else:
        yield cloud


@pytest.fixture
def shell():
    """Runs a command line as a sender does: by sh, knowing nothing else."""
    def run(command, text=None, option='--data'):
        if text is not None:
            command = '%s %s %s' % (command, option, shlex.quote(text))
        return subprocess.run(
            ['sh', '-c', command], stdin=subprocess.DEVNULL,
            capture_output=True, text=True, timeout=60,
            env={'PATH': os.environ['PATH']})
    return run


@pytest.fixture
def queue(project):
    """A queue that is no mailbox."""
    made = project.queue(project.name())
    made.create({})
    yield made
    made.delete()


@pytest.fixture
def send(shell):
    """Runs a sender's command with a body that is to arrive."""
    def run(command, body):
        sent = shell(command, json.dumps(body))
        assert sent.returncode == 0, sent.stderr
    return run


@pytest.fixture
def webhook():
    """Keeps what it is sent, and agrees."""
    with receiver.Receiver() as running:
        yield running


@pytest.fixture
def name(project):
    """A name for a stack and, in many templates, for its queue."""
    return project.name()


@pytest.fixture
def workers(project, tmp_path):
    """``tests.workers.Workers`` with a queue of their own; none runs yet."""
    desk = project.created(demo.examples() / '16-custom-resource-queue.yaml')
    serving = worker_processes.Workers(desk, tmp_path)
    yield serving
    serving.stop()
    with worker_processes.undertaker(project.queue(serving.queue)):
        project.close(but=[desk])


@pytest.fixture
def subscribed(project, name):
    """The queue's subscriptions, as Zaqar has them."""
    return subscriptions.Subscriptions(project.queue(name))


@pytest.fixture
def trusts(cloud):
    """The ids of all trusts in Keystone."""
    def listed():
        keystone = clients.session(cloud, admin=True)
        return {each['id'] for each in keystone.get(
            '/OS-TRUST/trusts', endpoint_filter={
                'service_type': 'identity'}).json()['trusts']}
    return listed


@pytest.fixture
def waiting(project, queue, eventually):
    """A stack that waits for two messages."""
    stack = project.create(
        project.folder.parent / 'wait_condition/good/queue.yaml',
        {'queue': queue.name, 'count': 2})
    eventually(lambda: 'state changed' in str(stack.news()))
    return stack


@pytest.fixture
def eventually():
    """Looks again and again until it is true.

    Its limit, as those of the templates, is one that no loaded machine meets.
    """
    def look(condition):
        deadline = time.monotonic() + 300
        while not (found := condition()):
            assert time.monotonic() < deadline, 'it did not happen'
            time.sleep(0.1)
        return found
    return look


def pytest_generate_tests(metafunc):
    """``bad_template``: each file of the folder ``bad`` beside the test."""
    if 'bad_template' in metafunc.fixturenames:
        files = sorted((metafunc.definition.path.parent / 'bad').iterdir())
        assert files, 'no bad templates'
        metafunc.parametrize('bad_template', files,
                             ids=[each.stem for each in files])


@pytest.fixture
def assert_refused(project):
    """Heat answers 400 to a template, with the words of its first line.

    The line is a comment of the form ``# Error: WORDS``, in which ``...``
    stands for anything.
    """
    def check(template):
        first = template.read_text().splitlines()[0]
        mark, _space, words = first.partition('# Error: ')
        assert (mark, bool(words)) == ('', True)
        with pytest.raises(exc.HTTPBadRequest) as refused:
            project.create(template)
        text = str(refused.value)
        for part in words.split('...'):
            assert part in text
            text = text.partition(part)[2]
    return check
