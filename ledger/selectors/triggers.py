"""Whether the database still refuses to change what the ledger keeps."""

from django.db import connections

from ledger.models import PrivateValue, Record, Seal, SealEntry

_KEPT = (Record, Seal, SealEntry)
# What the newest migration laid; a trigger with a condition or for some columns only would pass for one by its name.
_SAME_ROW = {
    "ledger_record": "id = NEW.id",
    "ledger_seal": "number = NEW.number",
    "ledger_sealentry": "record_id = NEW.record_id OR (seal_id = NEW.seal_id AND position = NEW.position)",
    "ledger_privatevalue": "id = NEW.id OR (record_id = NEW.record_id AND key = NEW.key)",
}
_FUNCTION = "BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation'; END"  # of PostgreSQL
# Bits of pg_trigger.tgtype: 2 before (no 1: for each statement), then the event.
_TYPES = {2 + 16: "update", 2 + 8: "delete", 2 + 32: "truncate"}


def expected_triggers(vendor: str) -> list[str]:
    """Names of the triggers that the migrations lay, private texts last: those may be deleted, never changed."""
    also = {"sqlite": "replace", "postgresql": "truncate"}[vendor]
    names = [f"{model._meta.db_table}_no_{event}" for model in _KEPT for event in ("update", "delete", also)]
    return names + [f"{PrivateValue._meta.db_table}_no_{event}" for event in ("update", also)]


def missing_triggers(using: str = "default") -> list[str]:
    """Expected triggers that are not there, were switched off, or do not refuse all that the ledger's own refuse."""
    connection = connections[using]
    with connection.cursor() as cursor:
        there = set((_on_sqlite if connection.vendor == "sqlite" else _on_postgresql)(cursor))
    return [name for name in expected_triggers(connection.vendor) if name not in there]


def _on_sqlite(cursor):
    cursor.execute("SELECT name, tbl_name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name LIKE 'ledger\\_%' ESCAPE '\\'")
    for name, table, sql in cursor.fetchall():
        event = name.removeprefix(f"{table}_no_")
        when = {
            "update": f"BEFORE UPDATE ON {table}",
            "delete": f"BEFORE DELETE ON {table}",
            "replace": f"BEFORE INSERT ON {table} WHEN EXISTS (SELECT 1 FROM {table} WHERE {_SAME_ROW.get(table)})",  # noqa: S608
        }.get(event)
        if _plain(sql) == f"CREATE TRIGGER {name} {when} BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END":
            yield name


def _on_postgresql(cursor):
    cursor.execute(
        "SELECT t.tgname, c.relname, t.tgtype, p.prosrc FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid"
        " JOIN pg_class c ON c.oid = t.tgrelid WHERE t.tgenabled = 'A' AND t.tgqual IS NULL AND cardinality(t.tgattr::int2[]) = 0"
        " AND p.proname = 'ledger_refuse' AND pg_table_is_visible(c.oid)"
    )
    for name, table, kind, source in cursor.fetchall():
        if name == f"{table}_no_{_TYPES.get(kind)}" and _plain(source) == _FUNCTION:
            yield name


def _plain(sql: str) -> str:
    """One spelling: a renamed table comes back in quotes, a dump with other white space."""
    return " ".join(sql.replace('"', "").split())
