"""Each record and each seal names its hash function. The triggers of 0002 are laid again, since SQLite remakes a table for a new column."""

from django.db import migrations, models

# table → condition under which a row of it is there already (SQLite: INSERT OR REPLACE deletes without firing a trigger)
TABLES = {
    "ledger_record": "id = NEW.id",
    "ledger_seal": "number = NEW.number",
    "ledger_sealentry": "record_id = NEW.record_id OR (seal_id = NEW.seal_id AND position = NEW.position)",
    "ledger_privatevalue": "id = NEW.id OR (record_id = NEW.record_id AND key = NEW.key)",
}
ERASABLE = "ledger_privatevalue"


def sqlite_triggers():
    for table, same in TABLES.items():
        refuse = f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
        yield f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} {refuse}"
        yield f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} WHEN EXISTS (SELECT 1 FROM {table} WHERE {same}) {refuse}"
        if table != ERASABLE:
            yield f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} {refuse}"


def postgresql_triggers():
    yield """
        CREATE OR REPLACE FUNCTION ledger_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
        END $$
    """
    for table in TABLES:
        events = ["update", "truncate"] if table == ERASABLE else ["update", "delete", "truncate"]
        for event in events:
            yield f"CREATE TRIGGER {table}_no_{event} BEFORE {event.upper()} ON {table} FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse()"
            # ALWAYS: also in a session that plays replica.
            yield f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {table}_no_{event}"


def install(apps, schema_editor):
    remove(apps, schema_editor)  # of some tables they may still be there
    made = {"sqlite": sqlite_triggers, "postgresql": postgresql_triggers}[schema_editor.connection.vendor]
    for statement in made():
        schema_editor.execute(statement, params=None)


def remove(apps, schema_editor):
    vendor = schema_editor.connection.vendor
    for table in TABLES:
        for event in ("update", "replace", "delete", "truncate"):
            on = f" ON {table}" if vendor == "postgresql" else ""
            schema_editor.execute(f"DROP TRIGGER IF EXISTS {table}_no_{event}{on}")
    if vendor == "postgresql":
        schema_editor.execute("DROP FUNCTION IF EXISTS ledger_refuse()")


class Migration(migrations.Migration):
    dependencies = [("ledger", "0002_triggers")]
    operations = [
        migrations.RunPython(migrations.RunPython.noop, install),
        migrations.AddField("record", "algorithm", models.CharField(max_length=10, default="sha256", db_default="sha256")),
        migrations.AddField("seal", "algorithm", models.CharField(max_length=10, default="sha256", db_default="sha256")),
        migrations.RunPython(install, migrations.RunPython.noop),
    ]
