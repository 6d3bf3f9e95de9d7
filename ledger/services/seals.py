"""Closing a batch of records, so that none of it can change unseen."""

from datetime import datetime

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from ledger.domain.digests import NO_SEAL, seal_hash
from ledger.domain.merkle import Tree
from ledger.models import Seal, SealEntry

LOCK = 0x5A15EA1  # an advisory lock of PostgreSQL is a number; this one is the sealer's
CHUNK = 2000
# What a digest looks like. A row whose digest is none was edited by hand past the triggers.
WELL_FORMED = {
    "postgresql": "r.digest ~ '^[0-9a-f]{64}$'",
    "sqlite": "typeof(r.digest) = 'text' AND length(CAST(r.digest AS BLOB)) = 64 AND r.digest NOT GLOB '*[^0-9a-f]*'",
}


@transaction.atomic
def seal(*, at: datetime | None = None) -> Seal | None:
    """Takes every record that is in no seal yet, the caller's own and late ones with smaller ids too; None where there is none.

    A record whose stored digest is no digest stays outside, is named by `verify` and holds nobody up; put right, it is in the next seal.
    Set-based: five queries and constant memory, whatever the size. Two sealers wait for each other until the first commits.
    """
    take_turn()
    newest, previous = Seal.objects.order_by("-number").values_list("number", "hash").first() or (0, NO_SEAL)
    number = newest + 1
    # One statement, one snapshot: what is listed here is exactly what is read back below. The key to the seal is deferred.
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO ledger_sealentry (record_id, seal_id, position, digest)"  # noqa: S608  a condition of ours
            " SELECT r.id, %s, ROW_NUMBER() OVER (ORDER BY r.id) - 1, r.digest FROM ledger_record r"
            f" WHERE {WELL_FORMED[connection.vendor]}"
            " AND NOT EXISTS (SELECT 1 FROM ledger_sealentry e WHERE e.record_id = r.id)",
            [number],
        )
    tree = Tree(settings.LEDGER_HASH)
    listed = SealEntry.objects.filter(seal_id=number).order_by("position").values_list("digest", flat=True)
    for digest in listed.iterator(chunk_size=CHUNK):
        tree.add(digest)
    if not tree.size:
        return None
    content = {"number": number, "at": at or timezone.now(), "size": tree.size, "root": tree.root(), "previous": previous}
    content["algorithm"] = tree.algorithm
    return Seal.objects.create(**content, hash=seal_hash(**content))


def unsealable() -> list[int]:
    """Ids of records that no seal takes because their digest is none, oldest first."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT r.id FROM ledger_record r WHERE NOT ({WELL_FORMED[connection.vendor]})"  # noqa: S608  a condition of ours
            " AND NOT EXISTS (SELECT 1 FROM ledger_sealentry e WHERE e.record_id = r.id) ORDER BY r.id"
        )
        return [row[0] for row in cursor.fetchall()]


def take_turn() -> None:
    """Held until the transaction ends. SQLite has one writer anyway: its transactions begin immediate."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
