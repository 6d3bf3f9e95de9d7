"""Whether the database still refuses to change what the ledger keeps."""

from django.db import connections

from ledger.models import PrivateValue, Record, Seal, SealEntry

_KEPT = (Record, Seal, SealEntry)


def expected_triggers(vendor: str) -> list[str]:
    """Names of the triggers that the migrations lay, private texts last: those may be deleted, never changed."""
    also = {"sqlite": "replace", "postgresql": "truncate"}[vendor]
    names = [f"{model._meta.db_table}_no_{event}" for model in _KEPT for event in ("update", "delete", also)]
    return names + [f"{PrivateValue._meta.db_table}_no_{event}" for event in ("update", also)]


def missing_triggers(using: str = "default") -> list[str]:
    """Expected triggers that are not there, were switched off, or have another body than the ledger's."""
    connection = connections[using]
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(
                "SELECT name FROM sqlite_master WHERE type = 'trigger' AND name LIKE tbl_name || '\\_no\\_%' ESCAPE '\\'"
                " AND sql LIKE '%RAISE(ABORT, ''' || tbl_name || ' is append-only'')%'"
            )
        else:
            cursor.execute(
                "SELECT t.tgname FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid JOIN pg_class c ON c.oid = t.tgrelid"
                " WHERE t.tgenabled = 'A' AND p.proname = 'ledger_refuse' AND p.prosrc LIKE '%RAISE EXCEPTION%'"
                " AND pg_table_is_visible(c.oid) AND t.tgname LIKE c.relname || '\\_no\\_%'"
            )
        there = {name for (name,) in cursor.fetchall()}
    return [name for name in expected_triggers(connection.vendor) if name not in there]
