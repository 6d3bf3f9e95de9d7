"""The doors for reading what was done. Who may read it is decided above, where users are known."""

from collections.abc import Collection
from datetime import datetime

from django.db.models import Exists, OuterRef, QuerySet

from ledger.models import Record, SealEntry


def read(
    *,
    scope: str | Collection[str] | None = None,
    subject: str | Collection[str] | None = None,
    actor: str | Collection[str] | None = None,
    action: str | Collection[str] | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
) -> QuerySet[Record]:
    """Newest first. Each filter takes one value or several; `since` is included, `until` is not.

    Private texts are not read along: add ``prefetch_related("private_values")`` where `Record.texts` is shown.
    """
    found = Record.objects.order_by("-id")
    for name, wanted in (("scope", scope), ("subject", subject), ("actor", actor), ("action", action)):
        if wanted is not None:
            found = found.filter(**({name: wanted} if isinstance(wanted, str) else {f"{name}__in": list(wanted)}))
    if since is not None:
        found = found.filter(at__gte=since)
    if until is not None:
        found = found.filter(at__lt=until)
    return found


def life(subject: str) -> QuerySet[Record]:
    """Everything that happened to one subject, in order, with its private texts: two queries."""
    return Record.objects.filter(subject=subject).order_by("at", "id").prefetch_related("private_values")


def unsealed() -> QuerySet[Record]:
    """Records in no seal yet. Not “newer than the last sealed”: ids have gaps and commit out of order."""
    return Record.objects.filter(~Exists(SealEntry.objects.filter(record=OuterRef("pk"))))
