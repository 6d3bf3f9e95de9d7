"""Digesting every sealed record anew under the hash function of now, and saying so."""

from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from ledger import actions
from ledger.domain.reason import Refused
from ledger.domain.renewal import ACTION, Renewal
from ledger.models import Record, Seal
from ledger.selectors.renewals import renewals
from ledger.services.records import record
from ledger.services.seals import seal, take_turn
from ledger.services.verification import verify

RENEW = actions.register(ACTION, _("Ledger digested anew"))
SUBJECT = "ledger"


def due() -> bool:
    """Is a sealed record, or a seal, under another hash function than that of now, and vouched for by none under it?"""
    covered = max((one.seal for one in renewals() if one.algorithm == settings.LEDGER_HASH), default=0)
    rest = Seal.objects.filter(number__gt=covered)
    listed = Record.objects.filter(entry__seal__gt=covered)
    return rest.exclude(algorithm=settings.LEDGER_HASH).exists() or listed.exclude(algorithm=settings.LEDGER_HASH).exists()


@transaction.atomic
def renew(*, at: datetime | None = None) -> Record | None:
    """Seals, proves the whole ledger, and records the root under `LEDGER_HASH` of all that is sealed. None where nothing is due;
    Refused with the first fault where the ledger is not whole: what is doubtful is vouched for by nobody."""
    seal(at=at)
    take_turn()
    if not due():
        return None
    newest = Seal.objects.order_by("-number").values_list("number", flat=True).first()
    made = Renewal(algorithm=settings.LEDGER_HASH, seal=newest)
    verdict = verify(renewing=made)
    if verdict.faults:
        raise Refused(verdict.faults[0])
    after = {"algorithm": made.algorithm, "seal": made.seal, "records": made.tree.size, "root": made.tree.root()}
    return record(actor="system", action=RENEW, subject=f"{SUBJECT}:{made.seal}", after=after, at=at)
