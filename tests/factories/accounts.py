"""People for tests, made straight in the tables: no mail, no ledger, no check that a scope exists."""

import time

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from django.utils import timezone

from accounts import person
from accounts.domain.roles import SECOND_FACTOR_ROLES
from accounts.models import Invitation, Membership, User, new_nonce
from accounts.permissions import forget
from tests.factories.serial import serial

PASSWORD = "correct horse 赛马 battery"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


def make_user(
    name_en: str = "", *, email: str = "", name_zh: str = "", language: str = "zh-hans", password: str = PASSWORD, **fields
) -> User:
    made = serial()
    email = email or f"{name_en.lower().replace(' ', '.') or 'person'}.{made}@example.org"
    return User.objects.create_user(email, password, name_en=name_en, name_zh=name_zh, language=language, **fields)


def give(user: User, role: str, scope: str = "*", *, given_by: User | None = None, second_factor: bool = True) -> Membership:
    """The role at once; with the second factor where the role needs one."""
    membership = Membership.objects.create(user=user, role=role, scope=scope, given_by=given_by, given_at=timezone.now())
    if second_factor and role in SECOND_FACTOR_ROLES:
        give_second_factor(user)
    forget(user)
    return membership


def give_second_factor(user: User) -> None:
    if not Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).exists():
        TOTP.activate(user, SECRET)
    person.forget(user)


def totp_code(steps: int = 0) -> str:
    """The code of this moment, for every second factor made here; `steps` of 30 seconds later or earlier."""
    return format_hotp_value(hotp_value(SECRET, int(time.time()) // 30 + steps))


def make_invitation(email: str = "", *, role: str = "evaluator", scope: str = "competition:1", **fields) -> Invitation:
    now = timezone.now()
    fields = {"nonce": new_nonce(), "invited_at": now, "expires_at": now + timezone.timedelta(days=14)} | fields
    return Invitation.objects.create(email=email or f"guest.{serial()}@example.org", role=role, scope=scope, **fields)
