# SPDX-License-Identifier: Apache-2.0
"""Stacks that wait, as rows of Heat's own tables, in memory."""
import datetime
import itertools
import time

from heat.common import context as contexts
from heat.db import api as db_api
from heat.db import models
from heat.engine import sync_point
from oslo_utils import timeutils

from heat_plugins.engine import waits

#: The traversal that stacks are in.
TRAVERSAL = 'traversal-1'
_ids = itertools.count(1)


class Rows:
    """Rows of this test."""

    def stack(self, traversal=TRAVERSAL, status='IN_PROGRESS',
              action='CREATE', edges=None, is_begun=True, age=0):
        """A stack.

        :param edges: (node, what it requires or None), each as (number of the
            resource, whether it is updated).
        :param age: seconds since it was asked to do so.
        :returns: its id.
        """
        context = contexts.get_admin_context()
        stack_id = 'stack-%06d' % next(_ids)
        with db_api.context_manager.writer.using(context) as session:
            template = models.RawTemplate(template={}, files={})
            session.add(template)
            session.flush()
            session.add(models.Stack(
                id=stack_id, name=stack_id, raw_template_id=template.id,
                action=action, status=status, convergence=True,
                disable_rollback=True, current_traversal=traversal,
                updated_at=timeutils.utcnow() - datetime.timedelta(
                    seconds=age),
                current_deps={'edges': edges or []}))
        self.points(stack_id, traversal, edges or [], is_begun)
        return stack_id

    def points(self, stack_id, traversal, edges, is_begun=True):
        """The sync points of a traversal."""
        context = contexts.get_admin_context()
        for node in {node for edge in edges for node in edge if node}:
            sync_point.create(context, node[0], traversal, node[1], stack_id)
        if is_begun:
            sync_point.create(context, stack_id, traversal, True, stack_id)

    def resource(self, stack_id, status='IN_PROGRESS', action='CREATE',
                 engine=None, replaces=None, key=1):
        """A resource; returns the number of its row."""
        with self._writing() as session:
            row = models.Resource(
                stack_id=stack_id, name='r', action=action, status=status,
                engine_id=engine, atomic_key=key, replaces=replaces,
                root_stack_id=stack_id)
            session.add(row)
            session.flush()
            return row.id

    def wait(self, owner, stack_id=None, engine=None, status='IN_PROGRESS',
             **values):
        """A resource that waits; returns its ``waits.Wait``."""
        stack_id = stack_id or self.stack()
        number = self.resource(stack_id, engine=engine, status=status)
        wait = a_wait(number, stack_id, **values)
        self.data(number, waits.KEY, wait.to_text())
        self.data(number, waits.OWNER_KEY, owner)
        return wait

    def data(self, number, key, value):
        """A row of a resource's data."""
        with self._writing() as session:
            session.add(models.ResourceData(
                resource_id=number, key=key, value=value, redact=False,
                decrypt_method=''))

    def change(self, number, **values):
        """Change columns of a resource's row."""
        with self._writing() as session:
            session.query(models.Resource).filter_by(id=number).update(values)

    def change_stack(self, stack_id, **values):
        """Change columns of a stack's row."""
        with self._writing() as session:
            session.query(models.Stack).filter_by(id=stack_id).update(values)

    def row(self, number):
        """(engine that has it locked, how often it was written)."""
        with self._writing() as session:
            return session.query(
                models.Resource.engine_id, models.Resource.atomic_key).filter(
                    models.Resource.id == number).one()

    def done(self, traversal, node, *by):
        """Have nodes note at a sync point that they are done."""
        context = contexts.get_admin_context()
        sync_point.sync(
            context, node[0], traversal, node[1], lambda *_told: None, set(),
            dict.fromkeys(by))

    def clear(self):
        """Remove all rows."""
        with self._writing() as session:
            for model in (models.SyncPoint, models.ResourceData,
                          models.Resource, models.Stack):
                session.query(model).delete()

    def _writing(self):
        return db_api.context_manager.writer.using(
            contexts.get_admin_context())


def a_wait(number, stack_id='stack', **values):
    """A ``waits.Wait``."""
    return waits.Wait(**{
        'resource_id': number, 'replaces': None, 'stack_id': stack_id,
        'traversal': TRAVERSAL, 'action': 'CREATE',
        'resource_type': 'Zaqar::Workflow::WaitCondition', 'queues': ['q'],
        'due': time.time() + 3600, 'end': time.time() + 3600,
        'patience': {}, 'progress': {}, 'account': '1 of 2 received',
        **values})
