"""Codes by mail: made, sent, and used once."""

import logging
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F
from django.utils.crypto import constant_time_compare, salted_hmac

from accounts.models import MailCode, User, new_nonce
from accounts.services import mail
from ledger.domain.reason import Reason, Refused

VALID_FOR = timedelta(minutes=10)
KEPT_FOR = timedelta(days=1)
DIGITS = 8
logger = logging.getLogger("saima.login")


def code_of(row: MailCode) -> str:
    made = salted_hmac("accounts.mail_code", f"{row.pk}:{row.nonce}", algorithm="sha256").digest()
    return str(int.from_bytes(made[:16], "big") % 10**DIGITS).zfill(DIGITS)


@transaction.atomic
def send_code(user: User, *, at: datetime) -> MailCode:
    """A new one, with its letter in the queue that is served before other mail."""
    MailCode.objects.filter(made_at__lt=at - KEPT_FOR).delete()
    row = MailCode.objects.create(user=user, nonce=new_nonce(), made_at=at, expires_at=at + VALID_FOR)
    mail.send("mail_code", row.pk, kind=mail.CODES)
    return row


def use_code(code_pk: int | None, *, user: User, given: str, at: datetime) -> None:
    """Refused where it is wrong, used or over. Every try is counted, whatever comes of it; of two at once one wins."""
    live = MailCode.objects.filter(pk=code_pk, user=user, used_at=None, expires_at__gt=at, tries__lt=MailCode.MOST_TRIES)
    if not live.update(tries=F("tries") + 1):
        raise Refused(Reason("accounts.mail_code_over"))
    row = MailCode.objects.get(pk=code_pk)
    digits = "".join(sign for sign in given if sign.isascii() and sign.isdigit())
    if not constant_time_compare(digits, code_of(row)):
        logger.warning("A code of the second factor was wrong.", extra={"user": user.pk})
        raise Refused(Reason("accounts.mail_code_wrong" if row.tries < MailCode.MOST_TRIES else "accounts.mail_code_over"))
    if not MailCode.objects.filter(pk=code_pk, used_at=None).update(used_at=at):
        raise Refused(Reason("accounts.mail_code_over"))
