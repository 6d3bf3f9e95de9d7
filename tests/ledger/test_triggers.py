from importlib import import_module

import pytest
from django.apps import apps
from django.core import checks
from django.db import DatabaseError, connection, transaction

from ledger.models import PrivateValue, Record, Seal, SealEntry
from ledger.selectors import expected_triggers, missing_triggers
from ledger.services import record, seal
from tests.ledger.things import DO
from tests.ledger_triggers import lifted

TRIGGERS = import_module("ledger.migrations.0002_triggers")


@pytest.fixture
def sealed(db):
    with transaction.atomic():
        record(actor="user:12", action=DO, subject="thing:3", private={"reason": "因为"})
        record(actor="system", action=DO, subject="thing:4")
        seal()


def refused(sql, *, says="is append-only"):
    with pytest.raises(DatabaseError, match=says), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)


@pytest.mark.parametrize("table", ["ledger_record", "ledger_seal", "ledger_sealentry", "ledger_privatevalue"])
def test_no_row_is_changed(sealed, table):
    column = {"ledger_record": "actor", "ledger_seal": "hash", "ledger_sealentry": "digest", "ledger_privatevalue": "value"}[table]
    refused(f"UPDATE {table} SET {column} = 'x'")


@pytest.mark.parametrize("table", ["ledger_record", "ledger_seal", "ledger_sealentry"])
def test_no_row_is_deleted(sealed, table):
    refused(f"DELETE FROM {table}")


def test_private_texts_can_be_deleted(sealed):
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM ledger_privatevalue")
    assert PrivateValue.objects.count() == 0


SQLITE = pytest.mark.skipif(connection.vendor != "sqlite", reason="SQLite's own way to change a row")


@SQLITE
@pytest.mark.parametrize("verb", ["INSERT OR REPLACE INTO", "REPLACE INTO", "INSERT OR IGNORE INTO"])
@pytest.mark.parametrize("recursive", ["ON", "OFF"])
@pytest.mark.parametrize("table", ["ledger_record", "ledger_seal", "ledger_sealentry", "ledger_privatevalue"])
def test_sqlite_replaces_no_row(sealed, verb, table, recursive):
    with connection.cursor() as cursor:
        cursor.execute(f"PRAGMA recursive_triggers = {recursive}")
    try:
        refused(f"{verb} {table} SELECT * FROM {table}")
    finally:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA recursive_triggers = OFF")


@SQLITE
def test_sqlite_replaces_no_row_through_another_key(sealed):
    refused("INSERT OR REPLACE INTO ledger_sealentry (record_id, seal_id, position, digest) VALUES (99, 1, 0, 'x')")
    refused(
        "INSERT OR REPLACE INTO ledger_privatevalue (record_id, key, salt, value) SELECT record_id, key, '', '' FROM ledger_privatevalue"
    )
    refused("UPDATE OR REPLACE ledger_record SET id = id + 1")
    refused("INSERT INTO ledger_seal SELECT * FROM ledger_seal WHERE 1 ON CONFLICT (number) DO UPDATE SET hash = 'x'")


@SQLITE
def test_sqlite_takes_no_row_that_would_stop_the_ledger(db):
    """In a BEFORE INSERT trigger an id that is not given reads as -1."""
    refused(
        "INSERT INTO ledger_record (id, at, actor, action, subject, scope, request, before, after, private, digest)"
        " VALUES (-1, '2026-01-01', '', '', '', '', '', '', '', '', '')",
        says="ledger_record_id_positive",
    )


@pytest.mark.postgres
@pytest.mark.parametrize("table", ["ledger_record", "ledger_seal", "ledger_sealentry", "ledger_privatevalue"])
def test_postgresql_truncates_nothing(sealed, table):
    refused("SET CONSTRAINTS ALL IMMEDIATE; TRUNCATE ledger_record, ledger_seal, ledger_sealentry, ledger_privatevalue")
    refused(f"SET CONSTRAINTS ALL IMMEDIATE; TRUNCATE {table} CASCADE")


@pytest.mark.postgres
def test_postgresql_refuses_a_session_that_plays_replica(sealed):
    refused("SET LOCAL session_replication_role = replica; UPDATE ledger_record SET actor = 'x'")


@pytest.mark.postgres
def test_postgresql_upserts_nothing(sealed):
    refused("INSERT INTO ledger_seal SELECT * FROM ledger_seal ON CONFLICT (number) DO UPDATE SET hash = 'x'")


def test_every_table_is_covered(db):
    assert missing_triggers() == []
    tables = {model._meta.db_table for model in (Record, Seal, SealEntry, PrivateValue)}
    assert {name.split("_no_")[0] for name in expected_triggers(connection.vendor)} == tables
    assert len(expected_triggers(connection.vendor)) == 3 * 3 + 2


def drop(name):
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TRIGGER {name}" + (f" ON {name.split('_no_')[0]}" if connection.vendor == "postgresql" else ""))


def database_faults():
    return [fault.id for fault in checks.run_checks(databases=["default"], tags=[checks.Tags.database])]


def test_a_missing_trigger_is_an_error_of_the_system_check(db):
    assert database_faults() == []
    drop("ledger_sealentry_no_delete")
    assert missing_triggers() == ["ledger_sealentry_no_delete"]
    assert database_faults() == ["ledger.E001"]


@SQLITE
@pytest.mark.parametrize(
    ("name", "weak"),
    [
        ("ledger_record_no_update", "BEFORE UPDATE ON ledger_record BEGIN SELECT 1; END"),
        ("ledger_record_no_update", "BEFORE UPDATE ON ledger_record WHEN 0 BEGIN {refuse}; END"),
        ("ledger_record_no_update", "BEFORE UPDATE OF request ON ledger_record BEGIN {refuse}; END"),
        ("ledger_record_no_delete", "BEFORE DELETE ON ledger_record WHEN OLD.id > 7 BEGIN {refuse}; END"),
        ("ledger_record_no_replace", "BEFORE INSERT ON ledger_record WHEN 0 BEGIN {refuse}; END"),
    ],
)
def test_a_trigger_that_lets_something_through_counts_as_missing(db, name, weak):
    drop(name)
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TRIGGER {name} " + weak.format(refuse="SELECT RAISE(ABORT, 'ledger_record is append-only')"))
    assert missing_triggers() == [name]


@pytest.mark.postgres
@pytest.mark.parametrize(
    "weak", ["BEFORE UPDATE OF request ON ledger_record", "AFTER UPDATE ON ledger_record", "BEFORE INSERT ON ledger_record"]
)
def test_a_trigger_for_less_counts_as_missing(db, weak):
    drop("ledger_record_no_update")
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TRIGGER ledger_record_no_update {weak} FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse()")
        cursor.execute("ALTER TABLE ledger_record ENABLE ALWAYS TRIGGER ledger_record_no_update")
    assert missing_triggers() == ["ledger_record_no_update"]


@pytest.mark.postgres
def test_a_function_that_refuses_nothing_counts_as_no_trigger(db):
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE OR REPLACE FUNCTION ledger_refuse() RETURNS trigger LANGUAGE plpgsql AS"
            " $$ BEGIN IF FALSE THEN RAISE EXCEPTION 'append-only'; END IF; RETURN NULL; END $$"
        )
    assert missing_triggers() == expected_triggers("postgresql")


@pytest.mark.postgres
def test_a_trigger_that_is_switched_off_counts_as_missing(db):
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE ledger_record DISABLE TRIGGER ledger_record_no_update")
        cursor.execute("ALTER TABLE ledger_seal ENABLE TRIGGER ledger_seal_no_delete")
    assert missing_triggers() == ["ledger_record_no_update", "ledger_seal_no_delete"]


@SQLITE
@pytest.mark.django_db(transaction=True)
def test_a_table_remade_by_a_migration_loses_its_triggers_and_is_noticed():
    """The control of the system check: this is how it happens."""
    with connection.schema_editor() as editor:
        editor._remake_table(Seal)
    try:
        assert missing_triggers() == [f"ledger_seal_no_{event}" for event in ("update", "delete", "replace")]
        assert database_faults() == ["ledger.E001"]
    finally:
        laid_again()
    assert missing_triggers() == []


def laid_again():
    with connection.schema_editor() as editor:
        TRIGGERS.install(apps, editor)


@pytest.mark.django_db(transaction=True)
def test_triggers_are_laid_again_and_taken_away():
    drop("ledger_record_no_delete")
    laid_again()
    laid_again()
    assert missing_triggers() == []
    try:
        with connection.schema_editor() as editor:
            TRIGGERS.remove(apps, editor)
        assert missing_triggers() == expected_triggers(connection.vendor)
    finally:
        laid_again()
    assert missing_triggers() == []


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("turn", [1, 2])
def test_a_flushing_test_starts_empty_and_protected(turn):
    """Run twice: the second finds what the flush of the first left."""
    assert Record.objects.count() == 0
    assert missing_triggers() == []
    with transaction.atomic():
        record(actor="system", action=DO, subject="thing:5", private={"note": "x"})
        seal()
    refused("DELETE FROM ledger_record")


def test_lifting_is_felt_only_inside(sealed):
    with lifted():
        assert missing_triggers() == expected_triggers(connection.vendor)
    assert missing_triggers() == []
