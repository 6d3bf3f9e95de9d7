"""Browsers that somebody trusts: begun, recognised, ended."""

from datetime import datetime, timedelta
from hashlib import sha256
from secrets import token_urlsafe

from django.db import transaction
from django.utils.crypto import constant_time_compare

from accounts.models import TrustedBrowser, User
from ledger.services import record

VALID_FOR = timedelta(days=14)
MOST = 20


def digest(secret: str) -> str:
    """SHA-256: the secret is 256 random bits, so nothing slower is needed."""
    return sha256(secret.encode()).hexdigest()


@transaction.atomic
def trust(user: User, *, browser: str, system: str, at: datetime) -> str:
    """The secret for the cookie. The oldest go where somebody has many."""
    secret = token_urlsafe(32)
    TrustedBrowser.objects.filter(expires_at__lte=at).delete()
    TrustedBrowser.objects.create(
        user=user,
        digest=digest(secret),
        mark=user.get_session_auth_hash(),
        browser=browser,
        system=system,
        made_at=at,
        expires_at=at + VALID_FOR,
    )
    kept = TrustedBrowser.objects.filter(user=user).order_by("-made_at", "-pk").values_list("pk", flat=True)[:MOST]
    TrustedBrowser.objects.filter(user=user).exclude(pk__in=list(kept)).delete()
    record(actor=f"user:{user.pk}", action="login.trust", subject=f"user:{user.pk}", at=at)
    return secret


def is_trusted(user: User, secret: str, *, at: datetime) -> bool:
    row = TrustedBrowser.objects.filter(user=user, digest=digest(secret), expires_at__gt=at).first() if secret else None
    return row is not None and constant_time_compare(row.mark, user.get_session_auth_hash())


@transaction.atomic
def end_trust(row: TrustedBrowser, *, actor: User, at: datetime) -> None:
    record(actor=f"user:{actor.pk}", action="login.trust_end", subject=f"user:{row.user_id}", at=at)
    row.delete()
