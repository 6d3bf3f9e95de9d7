"""Tests that flush the database (TransactionTestCase, transactional_db, live_server) empty the ledger too: here its triggers
are lifted for the flush and for nothing else. Loaded by tests/conftest.py."""

from contextlib import contextmanager

import pytest
from django.db import connection
from django.test import TransactionTestCase


@contextmanager
def lifted():
    """The same triggers go back, as the database itself remembers them."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name LIKE 'ledger\\_%' ESCAPE '\\'")
            triggers = cursor.fetchall()
            off = [f"DROP TRIGGER {name}" for name, _ in triggers]
            on = [sql for _, sql in triggers]
        else:
            cursor.execute(
                "SELECT c.relname, t.tgname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_proc p ON p.oid = t.tgfoid"
                " WHERE p.proname = 'ledger_refuse' AND t.tgenabled = 'A'"
            )
            triggers = cursor.fetchall()
            off = [f"ALTER TABLE {table} DISABLE TRIGGER {name}" for table, name in triggers]
            on = [f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {name}" for table, name in triggers]
            if connection.in_atomic_block:
                # Keys that are still to be checked would bar the tables from being altered.
                off.insert(0, "SET CONSTRAINTS ALL IMMEDIATE")
                on.append("SET CONSTRAINTS ALL DEFERRED")
        for statement in off:
            cursor.execute(statement)
        try:
            yield
        finally:
            for statement in on:
                cursor.execute(statement)


@contextmanager
def as_owner():
    """A cursor of somebody who owns the database, in a transaction: neither trigger nor key holds them back."""
    with lifted(), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL session_replication_role = replica")
        yield cursor


@pytest.fixture(scope="session", autouse=True)
def ledger_lets_tests_flush():
    flush = TransactionTestCase._fixture_teardown

    def flushed(self):
        with lifted():
            flush(self)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", flushed)
        yield
