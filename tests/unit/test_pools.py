# SPDX-License-Identifier: Apache-2.0
"""Pools and flavors, where no server is needed or none has them."""
import pytest

from heat_plugins.zaqar import errors
from heat_plugins.zaqar import flavors
from heat_plugins.zaqar import pools


@pytest.mark.parametrize(('text', 'safe'), [
    ('redis://host:6379?dbid=2', 'redis://host:6379?dbid=2'),
    ('redis://:p@host:6379', 'redis://:***@host:6379'),
    ('redis://user:p@host', 'redis://user:***@host'),
    ('redis://:p/q@r@host', 'redis://:***@host'),
    ('mongodb://u:p@one:1,two:2/db', 'mongodb://u:***@one:1,two:2/db'),
    ('redis://h?sentinel_password=p&dbid=2',
     'redis://h?sentinel_password=***&dbid=2'),
    ('cannot connect to redis://:p@host now',
     'cannot connect to redis://:***@host now'),
])
def test_a_password_is_replaced_wherever_it_is(text, safe):
    assert pools.redacted(text) == safe


def test_only_what_differs_is_set():
    current = pools.Pool('redis://a', 1, {'o': 1}, 'gold')

    assert pools.Pool('redis://a', 2, {}).changes(current) == {
        'weight': 2, 'options': {}}
    assert pools.Pool('redis://a', 1, {'o': 1}, '').changes(current) == {
        'flavor': ''}


def test_of_a_new_pool_all_is_set_but_no_flavor():
    assert pools.Pool('redis://a', 0, {}, '').changes(pools.ABSENT) == {
        'uri': 'redis://a', 'weight': 0, 'options': {}}


class TestFlavorThatIsNotThere:
    """What is known of it, by what Zaqar answers."""

    @pytest.fixture
    def known(self, zaqar):
        zaqar.faults.answer(404, path='/flavors/gold', times=9)
        return flavors.Flavors(zaqar.client())

    def test_it_is_missing_where_others_are_listed(self, zaqar, known):
        zaqar.faults.answer(200, path=r'/flavors\?', body='{"flavors": []}')

        assert known.is_missing('gold')

    @pytest.mark.parametrize('status', [403, 404, 500])
    def test_it_is_not_where_none_are(self, zaqar, known, status):
        zaqar.faults.answer(status, path=r'/flavors\?', times=9)

        assert not known.is_missing('gold')


def test_what_is_missing_is_not_deleted_again(zaqar, calls):
    flavors.Flavors(zaqar.client()).delete('gold')
    pools.Pools(zaqar.client()).delete('p')

    assert calls() == [('DELETE', 404), ('GET', 404)]


def test_a_zaqar_without_pools_says_what_to_do(zaqar):
    with pytest.raises(errors.NotFound) as refused:
        pools.Pools(zaqar.client()).probe()

    assert 'has to set pooling = True and admin_mode = True' in str(
        refused.value)
