"""Opening an account by oneself: an address is shown to be one's own by a one-time link."""

from datetime import datetime, timedelta

from django.contrib.auth.password_validation import validate_password
from django.db import transaction

from accounts.models import SignUp, User, new_nonce
from accounts.services import mail
from ledger.domain.reason import Reason, Refused
from ledger.services import record

VALID_FOR = timedelta(days=2)
KEPT_FOR = timedelta(days=7)


@transaction.atomic
def ask_sign_up(email: str, *, language: str, at: datetime) -> SignUp:
    """A letter to the address, whether or not it has an account: only the letter says which. An open link stays the same, so
    that asking again voids nothing. Addresses of people who never came are forgotten here."""
    email = email.strip().lower()
    SignUp.objects.filter(used_at=None, expires_at__lt=at - KEPT_FOR).delete()
    sign_up, made = SignUp.objects.get_or_create(
        email=email, used_at=None, defaults={"nonce": new_nonce(), "language": language, "asked_at": at, "expires_at": at + VALID_FOR}
    )
    if not made:
        if not sign_up.open_at(at):
            sign_up.nonce = new_nonce()
        sign_up.language, sign_up.asked_at, sign_up.expires_at = language, at, at + VALID_FOR
        sign_up.save(update_fields=["nonce", "language", "asked_at", "expires_at"])
    mail.send("sign_up", sign_up.pk)
    return sign_up


@transaction.atomic
def open_account(
    sign_up: SignUp, *, nonce: str, at: datetime, password: str, name_zh: str = "", name_en: str = "", language: str = "zh-hans"
) -> User:
    """`nonce` is the one that the link was opened with."""
    sign_up = SignUp.objects.select_for_update().get(pk=sign_up.pk)
    if sign_up.nonce != nonce or not sign_up.open_at(at):
        raise Refused(Reason("accounts.sign_up_void"))
    user = User.objects.filter(email=sign_up.email).first()
    if user is not None and (user.has_usable_password() or not user.is_active):
        raise Refused(Reason("accounts.sign_up_void"))
    user = user or User(email=sign_up.email, date_joined=at)
    user.name_zh, user.name_en, user.language = name_zh, name_en, language
    validate_password(password, user)
    user.set_password(password)
    user.save()
    sign_up.used_at, sign_up.used_by = at, user
    sign_up.save(update_fields=["used_at", "used_by"])
    record(
        actor=f"user:{user.pk}",
        action="account.open",
        subject=f"user:{user.pk}",
        after={"language": language},
        private={"email": user.email},
        at=at,
    )
    return user
