"""Recomputing the whole ledger, and comparing it with what was noted down outside."""

from collections.abc import Iterable
from dataclasses import dataclass

from ledger.domain.anchor import Anchor
from ledger.domain.digests import NO_SEAL
from ledger.domain.proof import RecordProof, SealProof, Wrong
from ledger.domain.reason import Reason
from ledger.domain.renewal import Renewal
from ledger.models import Seal
from ledger.selectors import missing_triggers
from ledger.selectors.raw import raw_listed, raw_orphan, raw_seals, raw_unsealed
from ledger.selectors.renewals import renewals
from ledger.services.erasure import ERASE


@dataclass(frozen=True)
class Verdict:
    """`faults` is empty where all is well; else missing triggers, the first wrong record or seal, and anchors that do not hold."""

    records: int
    seals: int
    unsealed: int
    newest: str
    faults: tuple[Reason, ...]
    renewed: tuple[tuple[str, int], ...] = ()  # hash function, up to which seal


@dataclass(frozen=True)
class Reached:
    """The last seal that was recomputed."""

    number: int = 0
    hash: str = NO_SEAL


def verify(*, anchors: Iterable[Anchor] = (), renewing: Renewal | None = None) -> Verdict:
    """Reads every record once, in seal order, then those in no seal. Stops at the first that is wrong. `renewing` takes each sealed
    record on the way.

    What the database alone cannot betray, a ledger rewritten or cut short with all its seals, shows by an anchor from outside.
    """
    faults = [Reason("ledger.trigger_missing", {"name": name}) for name in missing_triggers()]
    records = RecordProof(ERASE)
    at = Reached()
    unsealed = 0
    try:
        held = renewals()
        records.renewals = [*held, *filter(None, [renewing])]
        at = _walk_seals(records, at)
        sealed = records.count
        for record in raw_unsealed():
            records.digest(record)
        unsealed = records.count - sealed
        # What was sealed during this walk, perhaps with the record of an erasure that the walk had seen.
        at = _walk_seals(records, at)
        records.renewals = held
        records.finish()
    except Wrong as wrong:
        faults.append(wrong.reason)
    newest, newest_hash = _newest() or (0, "")
    faults.extend(filter(None, (_held(anchor, newest) for anchor in anchors)))
    renewed = tuple((one.algorithm, one.seal) for one in records.renewals if one.record)
    return Verdict(records.count, at.number, unsealed, f"{newest}:{newest_hash}" if newest else "", tuple(faults), renewed)


def _newest() -> tuple[int, str] | None:
    return Seal.objects.order_by("-number").values_list("number", "hash").first()


def _walk_seals(records: RecordProof, at: Reached) -> Reached:
    newest = (_newest() or (0, ""))[0]
    lines = raw_listed(at.number, newest)
    line = next(lines, None)
    number, previous = at.number, at.hash
    for seal in raw_seals(at.number):
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
    return Reached(number, previous)


def _held(anchor: Anchor, newest: int) -> Reason | None:
    found = Seal.objects.filter(number=anchor.number).values_list("hash", flat=True).first()
    if found is None:
        return Reason("ledger.anchor_missing", {"seal": anchor.number, "newest": newest})
    if found != anchor.hash:
        return Reason("ledger.anchor_differs", {"seal": anchor.number, "found": found, "expected": anchor.hash})
    return None
