"""The role of web and worker reads and writes rows; what guards them belongs to the owner (PostgreSQL only)."""

import os
from contextlib import closing

import psycopg
import pytest
from django.db import connection, transaction
from psycopg.errors import DatabaseError, InsufficientPrivilege

from accounts.models import User
from config.database_role import give_rights
from ledger.models import PrivateValue, Record
from ledger.services import erase, record
from tests.ledger.things import DO

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def role():
    name = f"app_{os.getpid()}"
    for _twice in range(2):
        give_rights(connection, role=name, password="4b7f")
    yield name
    with connection.cursor() as cursor:
        cursor.execute(f"DROP OWNED BY {name}; DROP ROLE {name}")


@pytest.fixture
def link(role):
    facts = connection.get_connection_params()
    with closing(
        psycopg.connect(**{key: facts[key] for key in ("host", "port", "dbname") if key in facts}, user=role, autocommit=True)
    ) as made:
        yield made


@pytest.mark.parametrize(
    "statement",
    [
        "ALTER TABLE ledger_record DISABLE TRIGGER ALL",
        "DROP TRIGGER ledger_record_no_update ON ledger_record",
        "CREATE OR REPLACE FUNCTION ledger_refuse() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'",
        "DELETE FROM ledger_record",
        "UPDATE ledger_seal SET hash = ''",
        "TRUNCATE accounts_user CASCADE",
        "DROP TABLE accounts_user",
        "CREATE TABLE mine (x int)",
        "SET session_replication_role = replica",
        "DELETE FROM django_migrations",
    ],
)
def test_it_cannot_touch_what_guards_the_rows(link, statement):
    with pytest.raises(InsufficientPrivilege):
        link.execute(statement)


def test_it_has_no_right_over_roles_and_no_more_than_the_trigger_allows(link, role):
    rights = link.execute(
        "SELECT rolsuper, rolcreaterole, rolcreatedb, rolreplication, rolbypassrls FROM pg_roles WHERE rolname = %s", [role]
    )
    assert rights.fetchone() == (False,) * 5
    with transaction.atomic():
        record(actor="user:12", action=DO, subject="thing:3", private={"reason": "因为"})
    with pytest.raises(DatabaseError, match="is append-only"):
        link.execute("UPDATE ledger_privatevalue SET value = 'x'")


def test_under_it_people_are_made_and_records_written_and_erased(role):
    with connection.cursor() as cursor:
        cursor.execute(f"SET ROLE {role}")
    try:
        with transaction.atomic():
            user = User.objects.create(email="wang@example.org", password="!")
            record(actor=f"user:{user.pk}", action=DO, subject="thing:3", private={"reason": "因为"})
        erase(Record.objects.filter(subject="thing:3"), actor="system")
        assert not PrivateValue.objects.exists()
    finally:
        with connection.cursor() as cursor:
            cursor.execute("RESET ROLE")
