"""What is wrong with rows as the database holds them. Nothing in them is trusted, not even their types."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from ledger.domain import canonical, hashing
from ledger.domain.digests import private_digest, record_digest, seal_hash
from ledger.domain.merkle import Tree
from ledger.domain.reason import Reason
from ledger.domain.renewal import Renewal


def moment(raw: Any) -> datetime:
    """PostgreSQL gives a moment, SQLite its text in UTC; ValueError for anything else."""
    if isinstance(raw, str):
        raw = datetime.fromisoformat(raw)
    if not isinstance(raw, datetime):
        raise ValueError("not a moment")
    return raw if raw.tzinfo else raw.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class RawPrivate:
    key: Any
    salt: Any
    value: Any

    def digest(self, algorithm: str) -> str:
        try:
            return private_digest(self.salt, self.value, algorithm)
        except (TypeError, ValueError, AttributeError):
            return ""


@dataclass(frozen=True, slots=True)
class RawRecord:
    id: int
    at: Any
    actor: Any
    action: Any
    subject: Any
    scope: Any
    request: Any
    before: Any
    after: Any
    private: Any
    algorithm: Any
    digest: Any
    beside: tuple[RawPrivate, ...] = ()

    def content(self) -> dict[str, Any]:
        """The record as it was digested; ValueError where a column no longer holds what the ledger writes there."""
        try:
            content = {
                "at": moment(self.at),
                "before": canonical.parse(self.before),
                "after": canonical.parse(self.after),
                "private": canonical.parse(self.private),
            }
            for name in ("actor", "action", "subject", "scope", "request", "algorithm"):
                value = content[name] = getattr(self, name)
                if not isinstance(value, str):
                    raise ValueError(f"{name} is not text")
            if not isinstance(content["private"], dict):
                raise ValueError("private is not an object")
        except TypeError as fault:
            raise ValueError(str(fault)) from fault
        return content


@dataclass(frozen=True, slots=True)
class RawListed:
    """A line of a seal, with the record it points to if that is still there."""

    seal: int
    position: Any
    record_id: int
    digest: Any
    record: RawRecord | None


@dataclass(frozen=True, slots=True)
class RawSeal:
    number: Any
    at: Any
    size: Any
    root: Any
    previous: Any
    algorithm: Any
    hash: Any


class Wrong(Exception):
    """The first thing found wrong; `reason` says which."""

    def __init__(self, reason: Reason):
        super().__init__(reason)
        self.reason = reason


class RecordProof:
    """Recomputes records one by one, and remembers which private texts are gone and which of them a record says were erased.
    `renewals` are the trees that take every sealed record once more, under another hash function."""

    def __init__(self, erase_action: str, renewals: Iterable[Renewal] = ()) -> None:
        self._erase_action = erase_action
        self.renewals = list(renewals)
        self._gone: dict[tuple[int, str], None] = {}
        self._erased: set[tuple[int, str]] = set()
        self.count = 0

    def digest(self, record: RawRecord, *, seal: int = 0) -> str:
        """What the record is worth, recomputed; raises Wrong. `seal` is the one that lists it, 0 where none does."""
        self.count += 1
        try:
            content = record.content()
            digest = record_digest(**content)
        except ValueError:
            raise Wrong(Reason("ledger.record_unreadable", {"record": record.id})) from None
        if digest != record.digest:
            raise Wrong(Reason("ledger.record_altered", {"record": record.id}))
        if record.beside or content["private"]:
            self._compare_private(record, content["private"])
        if record.action == self._erase_action:
            try:
                self._erased.update(_erased(content["after"]))
            except (KeyError, TypeError, ValueError, AttributeError):
                raise Wrong(Reason("ledger.record_unreadable", {"record": record.id})) from None
        for renewal in self.renewals if seal else ():
            renewal.take(seal, content)
        return digest

    def _compare_private(self, record: RawRecord, digests: dict[str, str]) -> None:
        beside = {private.key: private for private in record.beside}
        for key in beside:
            if key not in digests:
                raise Wrong(Reason("ledger.private_unknown", {"record": record.id, "key": key}))
        for key, digest in digests.items():
            if key not in beside:
                self._gone[record.id, key] = None
            elif beside[key].digest(record.algorithm) != digest:
                raise Wrong(Reason("ledger.private_altered", {"record": record.id, "key": key}))

    def finish(self) -> None:
        """Once every record was seen: a private text may be gone only where a record says so, and renewals come to what they say."""
        for record, key in self._gone:
            if (record, key) not in self._erased:
                raise Wrong(Reason("ledger.private_lost", {"record": record, "key": key}))
        for renewal in self.renewals:
            if not renewal.holds():
                raise Wrong(Reason("ledger.renewal_differs", {"record": renewal.record, "seal": renewal.seal}))


def _erased(after: Any) -> Iterator[tuple[int, str]]:
    for record, keys in after["erased"].items():
        for key in keys:
            yield int(record), key


class SealProof:
    """Recomputes one seal from its lines: `take` each, then `close` gives the hash that the next seal must cite."""

    def __init__(self, seal: RawSeal, *, number: int, previous: str) -> None:
        if seal.number != number:
            raise Wrong(Reason("ledger.seal_missing", {"seal": number}))
        self._seal = seal
        self._previous = previous
        try:
            hashing.name_of(seal.algorithm)
        except hashing.UnknownHash:
            raise Wrong(Reason("ledger.seal_unreadable", {"seal": number})) from None
        self._tree = Tree(seal.algorithm)

    def take(self, line: RawListed, records: RecordProof) -> None:
        place = {"seal": self._seal.number, "position": self._tree.size}
        if line.position != self._tree.size:
            raise Wrong(Reason("ledger.position_wrong", {**place}))
        if line.record is None:
            raise Wrong(Reason("ledger.record_missing", {"record": line.record_id, "seal": self._seal.number}))
        digest = records.digest(line.record, seal=self._seal.number)
        if digest != line.digest:
            raise Wrong(Reason("ledger.record_swapped", {"record": line.record_id, **place}))
        self._tree.add(digest)

    def close(self) -> str:
        seal = self._seal
        if seal.size != self._tree.size:
            raise Wrong(Reason("ledger.seal_size", {"seal": seal.number, "expected": seal.size, "found": self._tree.size}))
        if seal.root != self._tree.root():
            raise Wrong(Reason("ledger.seal_root", {"seal": seal.number}))
        if seal.previous != self._previous:
            raise Wrong(Reason("ledger.seal_unlinked", {"seal": seal.number}))
        try:
            at = moment(seal.at)
        except ValueError:
            raise Wrong(Reason("ledger.seal_unreadable", {"seal": seal.number})) from None
        found = seal_hash(number=seal.number, at=at, size=seal.size, root=seal.root, previous=seal.previous, algorithm=seal.algorithm)
        if seal.hash != found:
            raise Wrong(Reason("ledger.seal_altered", {"seal": seal.number}))
        return seal.hash
