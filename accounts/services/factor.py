"""Helping somebody who lost the second factor."""

from datetime import datetime

from allauth.mfa.models import Authenticator
from django.db import transaction

from accounts import person, seeds
from accounts.models import User
from accounts.services import mail
from accounts.services.sessions import end_sessions
from ledger.domain.reason import Reason, Refused
from ledger.services import record

SEEDS = ("secret", "seed")  # names in the data of allauth: of the app, of the recovery codes
CODES = (Authenticator.Type.TOTP, Authenticator.Type.RECOVERY_CODES)


@transaction.atomic
def encrypt_seeds() -> tuple[int, set[int]]:
    """Brings every seed under the SECRET_KEY of now: those of older versions, those under a fallback. Returns how many rows were
    written, and whose cannot be read. No record: nothing changes for anybody."""
    written, unreadable = 0, set()
    for row in Authenticator.objects.select_for_update().filter(type__in=CODES).order_by("pk"):
        stale = {name: row.data[name] for name in SEEDS if name in row.data and not seeds.is_current(row.data[name])}
        try:
            fresh = {name: seeds.encrypt(seeds.decrypt(stored)) for name, stored in stale.items()}
        except seeds.Unreadable:
            unreadable.add(row.user_id)
            continue
        if fresh:
            row.data |= fresh
            row.save(update_fields=["data"])
            written += 1
    return written, unreadable


@transaction.atomic
def reset_second_factor(user: User, *, at: datetime) -> None:
    """Removes all of it, recovery codes too. Only the command does this: whoever could do it in the browser could take over a
    decider's account. The person is told by mail."""
    removed, _ = Authenticator.objects.filter(user=user).delete()
    if not removed:
        raise Refused(Reason("accounts.second_factor_none"))
    person.forget(user)
    record(actor="system", action="second_factor.reset", subject=f"user:{user.pk}", at=at)
    end_sessions(user, actor="system", at=at)
    mail.send("second_factor_reset", user.pk)
