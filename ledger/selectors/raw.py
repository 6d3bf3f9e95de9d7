"""The ledger's rows as the database holds them, past the models, in pages: constant memory on both databases."""

from collections import defaultdict
from collections.abc import Iterator

from django.db import connection

from ledger.domain.proof import RawListed, RawPrivate, RawRecord, RawSeal

PAGE = 1000
_COLUMNS = "r.id, r.at, r.actor, r.action, r.subject, r.scope, r.request, r.before, r.after, r.private, r.algorithm, r.digest"
_SEAL = "number, at, size, root, previous, algorithm, hash"
_PRIVATE = "SELECT record_id, key, salt, value FROM ledger_privatevalue WHERE record_id IN ({})"


def _rows(sql: str, *params) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.fetchall()


def raw_seals(after: int) -> Iterator[RawSeal]:
    """Seals with a number above `after`, in order."""
    last = after
    while True:
        page = _rows(f"SELECT {_SEAL} FROM ledger_seal WHERE number > %s ORDER BY number LIMIT {PAGE}", last)  # noqa: S608
        yield from (RawSeal(*row) for row in page)
        if len(page) < PAGE:
            return
        last = page[-1][0]


def raw_listed(after: int, newest: int) -> Iterator[RawListed]:
    """The lines of every seal above number `after` up to `newest`, by seal and position."""
    last = (after + 1, -1)
    while True:
        page = _rows(
            f"SELECT e.seal_id, e.position, e.record_id, e.digest, {_COLUMNS} FROM ledger_sealentry e"  # noqa: S608
            " LEFT JOIN ledger_record r ON r.id = e.record_id"
            f" WHERE (e.seal_id, e.position) > (%s, %s) AND e.seal_id <= %s ORDER BY e.seal_id, e.position LIMIT {PAGE}",
            *last,
            newest,
        )
        beside = _beside([row[2] for row in page])
        for seal, position, record_id, digest, *record in page:
            found = RawRecord(*record, beside=beside.get(record_id, ())) if record[0] is not None else None
            yield RawListed(seal, position, record_id, digest, found)
        if len(page) < PAGE:
            return
        last = page[-1][:2]


def raw_unsealed() -> Iterator[RawRecord]:
    last = -1
    while True:
        page = _rows(
            f"SELECT {_COLUMNS} FROM ledger_record r WHERE r.id > %s"  # noqa: S608
            f" AND NOT EXISTS (SELECT 1 FROM ledger_sealentry e WHERE e.record_id = r.id) ORDER BY r.id LIMIT {PAGE}",
            last,
        )
        beside = _beside([row[0] for row in page])
        yield from (RawRecord(*row, beside=beside.get(row[0], ())) for row in page)
        if len(page) < PAGE:
            return
        last = page[-1][0]


def raw_renewals(action: str) -> list[tuple[int, str]]:
    """(record, text of its `after`) of every record that says that older ones were digested anew."""
    return _rows("SELECT id, after FROM ledger_record WHERE action = %s ORDER BY id", action)


def raw_orphan() -> tuple[int, int] | None:
    """(record, seal) of the first line whose seal is not there."""
    rows = _rows(
        "SELECT e.record_id, e.seal_id FROM ledger_sealentry e WHERE NOT EXISTS"
        " (SELECT 1 FROM ledger_seal s WHERE s.number = e.seal_id) ORDER BY e.seal_id, e.position LIMIT 1"
    )
    return rows[0] if rows else None


def _beside(records: list[int]) -> dict[int, tuple[RawPrivate, ...]]:
    found = defaultdict(list)
    if records:
        for record, *private in _rows(_PRIVATE.format(", ".join(["%s"] * len(records))), *records):
            found[record].append(RawPrivate(*private))
    return {record: tuple(privates) for record, privates in found.items()}
