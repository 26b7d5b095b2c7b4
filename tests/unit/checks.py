# SPDX-License-Identifier: Apache-2.0
"""Checks of one resource at a time, on Heat's own classes and tables."""
import contextlib

from heat.common import context
from heat.db import api as db_api
from heat.db import models
from heat.engine import environment
from heat.engine import properties
from heat.engine import resource
from heat.engine import scheduler
from heat.engine import stack as stacks
from heat.engine import template as templates
from heat.objects import resource as resource_objects
from oslo_config import cfg
from oslo_utils import uuidutils
from tenacity import nap

from heat_plugins.resources import base

FAIL = 'fail'


class Thing(base.ZaqarResource, resource.Resource):
    """Its id and its data are its value; it notes how it was found.

    :cvar acts: tuples of an act, and of the value by the id, by the data and
        by the properties.
    """

    properties_schema = {'value': properties.Schema(
        properties.Schema.STRING, update_allowed=True)}
    default_client_name = None
    is_over = False
    acts = []

    def handle_create(self):
        self.resource_id_set('a')
        self.data_set('value', 'a')

    def handle_update(self, json_snippet, tmpl_diff, prop_diff):
        self._note('update')
        return json_snippet.properties(self.properties_schema)['value']

    def check_update_complete(self, value):
        if not self.is_over:
            return False
        if value == FAIL:
            raise ValueError(value)
        self.resource_id_set(value)
        self.data_set('value', value)
        return True

    def handle_delete(self):
        self._note('delete')

    def _note(self, act):
        self.acts.append((act, self.resource_id, self.data()['value'],
                          self.properties['value']))


class Check:
    """What Heat does with a thing that it has read.

    :param to: the template that the thing is to have
    """

    def __init__(self, stack, row, read, to=None):
        self.stack, self._to = stack, to
        self.thing = Thing('thing', read.resource_definitions(stack)['thing'],
                           stack)
        if row is not None:
            self.thing._load_data(row)
        self.thing._calling_engine_id = uuidutils.generate_uuid()

    def create(self):
        self._run(self.thing.create)

    def update(self):
        self.begin_update()
        self.end_update()

    def begin_update(self):
        self._updating = scheduler.TaskRunner(
            self.thing.update,
            self._to.resource_definitions(self.stack)['thing'],
            new_template_id=self._to.id)
        self._updating.start()

    def end_update(self):
        self.thing.is_over = True
        self._updating.run_to_completion(wait_time=0)

    def delete(self):
        self._run(self.thing.delete)

    def _run(self, task):
        scheduler.TaskRunner(task)(wait_time=0)


class Heat:
    """A stack with one thing, of the value "a", in the database."""

    def __init__(self, monkeypatch):
        self._monkeypatch = monkeypatch
        self._context = context.RequestContext(project_id='p', is_admin=False)
        self._read = self.template('a')
        self._stack = stacks.Stack(
            self._context, 's' + uuidutils.generate_uuid(), self._read,
            convergence=True)
        self._stack.store()
        created = Check(self._stack, None, self._read)
        created.thing.current_template_id = self._read.id
        created.thing.store()
        created.thing._load_data(self._row(created.thing.id))
        created.create()
        self._id = created.thing.id

    def template(self, value):
        """A stored template in which the thing has this value."""
        env = environment.Environment({}, user_env=False)
        env.register_class('Test::Thing', Thing)
        made = templates.Template({
            'heat_template_version': '2021-04-16',
            'resources': {'thing': {
                'type': 'Test::Thing', 'properties': {'value': value}}}},
            env=env)
        made.store(self._context)
        return made

    def check(self, to=None):
        """A check that reads the thing now."""
        return Check(self._stack, self._row(self._id), self._read, to)

    def steal(self):
        """Take the thing from an engine that does not answer, as Heat does."""
        self._row(self._id).update_and_save({'engine_id': None})

    def in_the_pause(self, act):
        """Do this when somebody waits for the lock."""
        # Threads give way to others by a sleep of 0.
        self._monkeypatch.setattr(
            nap.time, 'sleep', lambda seconds: seconds and act())

    @property
    def now(self):
        """The thing's state, id and data."""
        thing = self.check().thing
        return (*thing.state, thing.resource_id, thing.data()['value'])

    def _row(self, id):
        return resource_objects.Resource.get_obj(self._context, id,
                                                 refresh=True)


@contextlib.contextmanager
def database():
    """Heat's own tables, in memory."""
    # Heat 24 looks for a policy file, where none was named.
    cfg.CONF([], default_config_files=[], default_config_dirs=[])
    cfg.CONF.set_override('connection', 'sqlite://', 'database')
    # Keystone would have to give a trust.
    cfg.CONF.set_override('deferred_auth_method', 'password')
    engine = db_api.get_engine()
    models.BASE.metadata.create_all(engine)
    try:
        yield
    finally:
        engine.dispose()
        cfg.CONF.clear_override('connection', 'database')
        cfg.CONF.clear_override('deferred_auth_method')
