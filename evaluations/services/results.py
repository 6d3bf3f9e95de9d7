"""Writing results: many rows in one statement, and only those that differ, which the database sees for itself."""

import json
from collections.abc import Iterable, Sequence

from django.db import connection

from evaluations.models import Result

# What stands in a result beside its round and version, with the type it has in PostgreSQL.
COLUMNS = {
    "entry_id": "bigint",
    "rank": "integer",
    "track_rank": "integer",
    "total": "text",
    "numerator": "text",
    "denominator": "text",
    "tied_with": "jsonb",
    "tie_broken_by": "text",
    "values": "jsonb",
    "flags": "jsonb",
    "reason": "jsonb",
}
RANKS = ("entry_id", "rank", "track_rank")
DOCUMENTS = frozenset(name for name, kind in COLUMNS.items() if kind == "jsonb")
EMPTY = {list: "[]", dict: "{}"}


def write_results(round, rows: Iterable[dict], version: int, *, few: bool = False) -> None:
    """Each row has every key of COLUMNS. One that is new or differs from what is there gets `version`. The caller holds the
    round's scoreboard, so nobody else writes results of the round. `few`: nothing is gained by looking which are new."""
    if connection.vendor == "postgresql" and not few:
        rows = _copied(round, rows, version)
    written = [name for name in COLUMNS if name != "entry_id"]
    old, new = (f"({', '.join(f'{table}.{_quoted(name)}' for name in written)})" for table in (_table(), "excluded"))
    columns = ", ".join(_quoted(name) for name in COLUMNS)
    changes = ", ".join(f"{_quoted(name)} = excluded.{_quoted(name)}" for name in ("version", *written))
    _for_each(
        rows,
        tuple(COLUMNS),
        f"INSERT INTO {_table()} (round_id, version, {columns}) SELECT %s, %s, {{values}} {{source}} "
        f"ON CONFLICT (entry_id) DO UPDATE SET {changes} WHERE {old} {_differs()} {new}",
        (round.pk, version),
    )


def _copied(round, rows: Iterable[dict], version: int) -> list[dict]:
    """Copies in the rows of entries that have none yet, while the server already reads them; gives the others back."""
    there = set(Result.objects.filter(round=round).values_list("entry_id", flat=True))
    columns = ", ".join(_quoted(name) for name in ("round_id", "version", *COLUMNS))
    others = []
    with connection.cursor() as cursor, cursor.copy(f"COPY {_table()} ({columns}) FROM STDIN") as copy:
        for row in rows:
            if row["entry_id"] in there:
                others.append(row)
            else:
                copy.write_row((round.pk, version, *_plain(row, COLUMNS)))
    return others


def shift_ranks(rows: Sequence[tuple[int, int, int]], version: int) -> None:
    """(entry, rank, rank in its track) of those of whom nothing else changed."""
    named = [dict(zip(RANKS, row, strict=True)) for row in rows]
    if connection.vendor == "postgresql":
        statement = f"UPDATE {_table()} SET version = %s, rank = new.rank, track_rank = new.track_rank {{source}} "  # noqa: S608  a quoted name of ours
        _for_each(named, RANKS, statement + f"WHERE {_table()}.entry_id = new.entry_id", (version,))
        return
    with connection.cursor() as cursor:
        cursor.executemany(
            f"UPDATE {_table()} SET version = %s, rank = %s, track_rank = %s WHERE entry_id = %s",  # noqa: S608  a quoted name of ours
            [(version, number, in_track, entry) for entry, number, in_track in rows],
        )


def _for_each(rows: Iterable[dict], names: Sequence[str], statement: str, params: tuple) -> None:
    """PostgreSQL takes all rows as one document, SQLite one after the other."""
    rows = list(rows)
    if not rows:
        return
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            typed = ", ".join(f"{_quoted(name)} {COLUMNS[name]}" for name in names)
            values = ", ".join(f"new.{_quoted(name)}" for name in names)
            source = f"FROM json_to_recordset(%s::json) AS new ({typed})"
            cursor.execute(statement.format(values=values, source=source), (*params, json.dumps(rows)))
        else:
            values = ", ".join("%s" for _name in names)
            cursor.executemany(statement.format(values=values, source="WHERE true"), [(*params, *_plain(row, names)) for row in rows])


def _plain(row: dict, names: Iterable[str]) -> list:
    return [(json.dumps(row[name]) if row[name] else EMPTY.get(type(row[name]))) if name in DOCUMENTS else row[name] for name in names]


def _differs() -> str:
    return "IS DISTINCT FROM" if connection.vendor == "postgresql" else "IS NOT"


def _table() -> str:
    return _quoted(Result._meta.db_table)


def _quoted(name: str) -> str:
    return connection.ops.quote_name(name)
