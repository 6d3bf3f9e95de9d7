"""Recomputing the whole ledger, and comparing it with what was noted down outside."""

from collections.abc import Iterable
from dataclasses import dataclass

from ledger.domain.anchor import Anchor
from ledger.domain.digests import NO_SEAL
from ledger.domain.proof import RecordProof, SealProof, Wrong
from ledger.domain.reason import Reason
from ledger.models import Seal
from ledger.selectors import missing_triggers
from ledger.selectors.raw import raw_listed, raw_orphan, raw_seals, raw_unsealed
from ledger.services.erasure import ERASE


@dataclass(frozen=True)
class Verdict:
    """`faults` is empty where all is well; else missing triggers, the first wrong record or seal, and anchors that do not hold."""

    records: int
    seals: int
    unsealed: int
    newest: str
    faults: tuple[Reason, ...]


def verify(*, anchors: Iterable[Anchor] = ()) -> Verdict:
    """Reads every record once, in seal order, then those in no seal. Stops at the first that is wrong.

    What the database alone cannot betray, a ledger rewritten or cut short with all its seals, shows by an anchor from outside.
    """
    faults = [Reason("ledger.trigger_missing", {"name": name}) for name in missing_triggers()]
    records = RecordProof(ERASE)
    newest, newest_hash = Seal.objects.order_by("-number").values_list("number", "hash").first() or (0, "")
    seals = sealed = 0
    try:
        seals = _walk_seals(records, newest)
        sealed = records.count
        for record in raw_unsealed():
            records.digest(record)
        records.finish()
    except Wrong as wrong:
        faults.append(wrong.reason)
    faults.extend(filter(None, (_held(anchor, newest) for anchor in anchors)))
    return Verdict(records.count, seals, records.count - sealed, f"{newest}:{newest_hash}" if newest else "", tuple(faults))


def _walk_seals(records: RecordProof, newest: int) -> int:
    lines = raw_listed(newest)
    line = next(lines, None)
    number, previous = 0, NO_SEAL
    for seal in raw_seals():
        if seal.number > newest:  # made since this walk began
            break
        number += 1
        proof = SealProof(seal, number=number, previous=previous)
        while line is not None and line.seal == number:
            proof.take(line, records)
            line = next(lines, None)
        previous = proof.close()
    if orphan := raw_orphan():
        raise Wrong(Reason("ledger.entry_orphaned", {"record": orphan[0], "seal": orphan[1]}))
    return number


def _held(anchor: Anchor, newest: int) -> Reason | None:
    found = Seal.objects.filter(number=anchor.number).values_list("hash", flat=True).first()
    if found is None:
        return Reason("ledger.anchor_missing", {"seal": anchor.number, "newest": newest})
    if found != anchor.hash:
        return Reason("ledger.anchor_differs", {"seal": anchor.number, "found": found, "expected": anchor.hash})
    return None
