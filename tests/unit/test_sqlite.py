# SPDX-License-Identifier: Apache-2.0
"""The databases of a local cloud that is not of the shape of production."""
import sqlalchemy

from heat_plugins.localcloud.serve import sqlite


def test_no_number_of_a_row_is_given_to_another_one():
    engine = sqlalchemy.create_engine('sqlite://')
    table = sqlalchemy.Table('t', sqlalchemy.MetaData(), sqlalchemy.Column(
        'id', sqlalchemy.Integer, primary_key=True))
    with sqlite.numbering_once():
        table.create(engine)

    numbers = []
    with engine.begin() as connection:
        for _row in range(2):
            numbers += connection.execute(
                table.insert()).inserted_primary_key
            connection.execute(table.delete())

    assert numbers == [1, 2]
