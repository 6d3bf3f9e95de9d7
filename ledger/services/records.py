"""Writing down what was done, in the transaction that does it."""

import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from ledger import actions
from ledger.domain import names
from ledger.domain.canonical import plain
from ledger.domain.digests import private_digest, record_digest
from ledger.domain.request_id import request_id
from ledger.models import PrivateValue, Record

BATCH = 500


@dataclass(frozen=True, kw_only=True)
class Deed:
    """What `record` takes, for `record_many`."""

    actor: str
    action: str
    subject: str
    scope: str = ""
    before: Any = None
    after: Any = None
    private: Mapping[str, str] | None = field(default=None, repr=False)


def record(
    *,
    actor: str,
    action: str,
    subject: str,
    scope: str = "",
    before: Any = None,
    after: Any = None,
    private: Mapping[str, str] | None = None,
    at: datetime | None = None,
) -> Record:
    """One insert, one more where there is `private` text. Refused with TransactionManagementError outside a transaction."""
    deed = Deed(actor=actor, action=action, subject=subject, scope=scope, before=before, after=after, private=private)
    return record_many([deed], at=at)[0]


def record_many(deeds: Iterable[Deed], *, at: datetime | None = None) -> list[Record]:
    """The same for a set, in order, all at one moment: one insert per 500 records and per 500 private texts."""
    if not transaction.get_connection().in_atomic_block:
        raise transaction.TransactionManagementError("a record is written in the transaction of the change that it records")
    at = at or timezone.now()
    written, beside = [], []
    for deed in deeds:
        row, privates = _made(deed, at)
        written.append(row)
        beside.extend(privates)
    Record.objects.bulk_create(written, batch_size=BATCH)
    if beside:
        for private in beside:
            private.record_id = private.record.pk
        PrivateValue.objects.bulk_create(beside, batch_size=BATCH)
    return written


def _made(deed: Deed, at: datetime) -> tuple[Record, list[PrivateValue]]:
    content: dict[str, Any] = {
        "at": at,
        "actor": names.check_reference("actor", deed.actor),
        "action": actions.require(deed.action),
        "subject": names.check_reference("subject", deed.subject),
        "scope": names.check_scope(deed.scope),
        "request": request_id.get()[:64],
        "before": plain(deed.before),
        "after": plain(deed.after),
    }
    for key, value in (deed.private or {}).items():
        if not isinstance(value, str):
            raise TypeError(f"private text {key!r} of a record is text, not {type(value).__name__}")
    salts = {names.check_private_key(key): secrets.token_hex(32) for key in deed.private or {}}
    algorithm = content["algorithm"] = settings.LEDGER_HASH
    content["private"] = {key: private_digest(salt, deed.private[key], algorithm) for key, salt in salts.items()}
    row = Record(**content, digest=record_digest(**content))
    return row, [PrivateValue(record=row, key=key, salt=salt, value=deed.private[key]) for key, salt in salts.items()]
