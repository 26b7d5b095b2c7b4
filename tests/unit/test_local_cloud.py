# SPDX-License-Identifier: Apache-2.0
"""Which services a local cloud has, and what its folder keeps of it."""
import pathlib

import pytest

from heat_plugins.cli import cloud as commands
from heat_plugins.localcloud import cloud
from heat_plugins.localcloud import deployment
from heat_plugins.localcloud import errors
from heat_plugins.localcloud import mariadb
from heat_plugins.localcloud import options
from heat_plugins.localcloud import shape
from heat_plugins.localcloud import state

PRODUCTION = options.Options(production=True, engines=3, zaqar_processes=2)


def services(chosen):
    return shape.services(deployment.Deployment(
        pathlib.Path('/nowhere'), {}, {}, chosen))


@pytest.fixture
def kept(tmp_path):
    """Makes a state folder of a cloud with such options."""
    def make(chosen):
        folder = state.Folder(tmp_path)
        folder.acquire()
        folder.save(state.State(options=chosen))
        folder.release()
        return tmp_path
    return make


def test_the_usual_cloud_has_few_services():
    assert [each.name for each in services(options.Options())] == [
        'redis', 'keystone', 'heat', 'zaqar', 'zaqar-websocket']


def test_production_has_as_many_as_it_is_told():
    assert [each.name for each in services(PRODUCTION)] == [
        'epmd', 'rabbitmq', 'mariadb', 'redis', 'heat-api', 'keystone',
        'zaqar', 'zaqar-2', 'zaqar-websocket',
        'heat-engine-1', 'heat-engine-2', 'heat-engine-3']


@pytest.mark.parametrize('chosen', [options.Options(), PRODUCTION],
                         ids=['usual', 'production'])
def test_each_requires_what_starts_before_it(chosen):
    started = set()
    for each in services(chosen):
        assert set(each.requires) <= started
        started.add(each.name)


def test_no_two_share_a_port_or_a_name():
    made = services(PRODUCTION)
    ports = [port for each in made for port in each.ports]

    assert len(set(ports)) == len(ports)
    assert len({each.name for each in made}) == len(made)


@pytest.mark.parametrize('name', ['production', 'zaqar_pooling'])
@pytest.mark.parametrize('before', [True, False])
def test_a_folder_is_refused_to_a_cloud_that_stores_elsewhere(
        kept, name, before):
    folder = kept({name: before})
    other = cloud.Cloud(folder, options=options.Options(**{name: not before}))

    with pytest.raises(errors.OtherShape) as refused:
        other.start()

    assert 'was made %s --%s,' % ('with' if before else 'without',
                                  name.replace('_', '-')) in str(refused.value)
    assert not other.is_running


def test_options_that_another_release_has_kept_are_left_out():
    assert options.Options.from_dict(
        {'engines': 4, 'of_the_future': 1}) == options.Options(engines=4)


def parsed(*arguments):
    return commands.Up(None, None).get_parser('up').parse_args(arguments)


def test_without_any_option_the_kept_ones_are_left_alone():
    assert commands.chosen_options(parsed('--dir', 'd')) is None


def test_the_options_given_are_those_of_the_cloud():
    assert commands.chosen_options(parsed(
        '--production', '--engines', '4', '--workers', '2',
        '--zaqar-pooling')) == options.Options(
            production=True, engines=4, workers=2, zaqar_pooling=True)


def test_further_services_are_named_together():
    assert commands.chosen_options(parsed(
        '--with', 'glance,barbican,glance')) == options.Options(
            further=['glance', 'barbican'])


def test_a_further_service_that_nobody_knows(capsys):
    with pytest.raises(SystemExit):
        parsed('--with', 'glance,nova')
    assert 'nova: there are glance, mistral, barbican, horizon' in (
        capsys.readouterr().err)


@pytest.mark.parametrize('option', ['--engines', '--workers'])
def test_engines_are_only_counted_in_production(option):
    with pytest.raises(errors.CloudError, match='need --production'):
        commands.chosen_options(parsed(option, '2'))


@pytest.mark.parametrize('number', ['0', '-1', 'two'])
def test_a_number_of_engines_is_one_at_least(number, capsys):
    with pytest.raises(SystemExit):
        parsed('--production', '--engines', number)

    assert "invalid positive value: '%s'" % number in capsys.readouterr().err


def test_a_server_that_cannot_make_its_tables_shows_its_log(
        tmp_path, monkeypatch):
    program = tmp_path / 'bin/mariadbd'
    for file in (program, *(tmp_path / 'share/mysql' / name
                            for name in mariadb.SYSTEM_TABLES)):
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch(mode=0o755)
    program.write_text('#!/bin/sh\necho no space left; exit 1\n')
    monkeypatch.setenv('PATH', str(program.parent), prepend=':')
    server = mariadb.MariaDB(deployment.Deployment(
        tmp_path / 'state', {'mariadb': 1}, {'mariadb': 'secret'},
        PRODUCTION))

    with pytest.raises(errors.ServiceFailed,
                       match='mariadb could not make its tables') as failure:
        server.start()

    assert failure.value.log == 'no space left'
    assert not (server.directory / 'data').exists()
