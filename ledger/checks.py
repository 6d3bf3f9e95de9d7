from django.core.checks import Error, Tags, register
from django.db import connections
from django.db.migrations.executor import MigrationExecutor

from ledger.models import Record
from ledger.selectors.triggers import missing_triggers


@register(Tags.database)
def triggers_are_there(databases=None, **kwargs):
    """Runs with `migrate` and `check --database default`. Silent while a migration of the ledger waits: that one may be the cure."""
    faults = []
    for using in databases or []:
        connection = connections[using]
        if Record._meta.db_table not in connection.introspection.table_names():
            continue
        missing = missing_triggers(using)
        if missing and not _waiting(connection):
            faults.append(
                Error(
                    f"The database {using!r} does not protect the ledger: {', '.join(missing)} missing or switched off.",
                    hint="A migration that remade a table dropped them; see “After a migration” in docs/ledger.md.",
                    id="ledger.E001",
                )
            )
    return faults


def _waiting(connection) -> bool:
    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan([node for node in executor.loader.graph.leaf_nodes() if node[0] == "ledger"]))
