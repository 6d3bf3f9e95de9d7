"""Helping somebody who lost the second factor."""

from datetime import datetime

from allauth.mfa.models import Authenticator
from django.db import transaction

from accounts import person, seeds
from accounts.models import User
from accounts.recovery_codes import RecoveryCodes
from accounts.services import mail
from accounts.services.sessions import end_sessions
from ledger.domain.reason import Reason, Refused
from ledger.services import record


@transaction.atomic
def encrypt_seeds() -> tuple[int, set[int]]:
    """Brings the seed of every app under the SECRET_KEY of now: those of older versions, those under a fallback. Returns how many
    rows were written, and whose cannot be read. No record: nothing changes for anybody."""
    written, unreadable = 0, set()
    for row in Authenticator.objects.select_for_update().filter(type=Authenticator.Type.TOTP).order_by("pk"):
        if seeds.is_current(row.data["secret"]):
            continue
        try:
            row.data["secret"] = seeds.encrypt(seeds.decrypt(row.data["secret"]))
        except seeds.Unreadable:
            unreadable.add(row.user_id)
            continue
        row.save(update_fields=["data"])
        written += 1
    return written, unreadable


def hash_recovery_codes() -> tuple[int, set[int]]:
    """Turns seeds of older versions into hashes of the codes that they give. Returns as above. A person at a time: ten hashes
    take two or three seconds, and what is done stays done."""
    written, unreadable = 0, set()
    for key in Authenticator.objects.filter(type=Authenticator.Type.RECOVERY_CODES, data__has_key="seed").order_by("pk").values_list("pk"):
        with transaction.atomic():
            row = Authenticator.objects.select_for_update().filter(pk=key[0]).first()
            if row is None or "seed" not in row.data:
                continue
            try:
                RecoveryCodes(row).hash_seed()
                written += 1
            except seeds.Unreadable:
                unreadable.add(row.user_id)
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
