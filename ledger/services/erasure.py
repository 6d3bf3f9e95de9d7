"""Erasing personal and free text, and saying so."""

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from ledger import actions
from ledger.models import PrivateValue, Record
from ledger.services.records import Deed, record_many

ERASE = actions.register("ledger.erase", _("Private texts erased"))


@transaction.atomic
def erase(records: QuerySet[Record], *, actor: str, keys: Collection[str] | None = None, at: datetime | None = None) -> list[Record]:
    """Erases the private texts of `records`, only those under `keys` if given, with their salts.

    The digests stay, so every seal stays valid and nobody can try out what stood there. Writes and returns one record per
    subject and scope that lost a text; what was erased before is no fault and writes nothing.
    """
    doomed = PrivateValue.objects.filter(record__in=records.order_by().values("pk"))
    if keys is not None:
        doomed = doomed.filter(key__in=keys)
    rows = list(doomed.select_for_update().order_by("pk").values_list("pk", "record_id", "key"))
    about = {pk: (subject, scope) for pk, subject, scope in records.order_by().values_list("pk", "subject", "scope")} if rows else {}
    lost: dict[tuple[str, str], dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for _pk, record_id, key in rows:
        lost[about[record_id]][str(record_id)].append(key)
    deeds = [
        Deed(actor=actor, action=ERASE, subject=subject, scope=scope, after={"erased": by}) for (subject, scope), by in sorted(lost.items())
    ]
    written = record_many(deeds, at=at)
    for start in range(0, len(rows), 500):
        PrivateValue.objects.filter(pk__in=[row[0] for row in rows[start : start + 500]]).erase()
    return written
