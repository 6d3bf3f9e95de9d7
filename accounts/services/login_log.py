"""Logins, lock-outs and changes of the second factor in the ledger: who by number, never from where or with what."""

import logging

from allauth.account.internal.flows.login import get_authentication_records
from allauth.account.signals import password_changed, password_reset, user_logged_in
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authentication_failed, authenticator_added, authenticator_removed, authenticator_reset
from axes.signals import user_locked_out
from axes.utils import reset as axes_reset
from django.conf import settings
from django.contrib.auth.signals import user_logged_out, user_login_failed
from django.core.cache import cache
from django.db import transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac

from accounts import person
from accounts.lockout import account
from accounts.models import User
from accounts.services.sessions import begin, end_sessions, forget
from ledger.services import record

logger = logging.getLogger("saima.login")


@transaction.atomic
def _write(action: str, user, after=None) -> None:
    subject = f"user:{user.pk}"
    record(actor=subject, action=action, subject=subject, after=after, at=timezone.now())


def logged_in(user, request=None, **_):
    used = factor_used(user, request)
    _write("login.succeed", user, {"factor": used} if used else None)


def came_by_letter(user) -> None:
    """The first session of an account, behind its one-time link."""
    _write("login.succeed", user, {"factor": "letter"})


def factor_used(user, request) -> str:
    """Beside the password: `totp`, `webauthn`, `recovery_codes`, `mail`, `trusted` (a browser); empty where there was none."""
    last = (get_authentication_records(request, user) or [{}])[-1] if request is not None else {}
    return {"mfa": last.get("type", ""), "code": "mail", "trusted": "trusted"}.get(last.get("method"), "")


def logged_out(request, user, **_):
    forget(getattr(request.session, "session_key", None))
    if user is not None:
        _write("login.end", user, {"by": getattr(request, "session_over", "") or "self"})


def failed(request=None, credentials=None, **_):
    """In the log, not in the ledger: anybody could pour these into it. The ledger has the lock that five of them bring."""
    user = User.objects.filter(email=account(request, credentials)).first()
    logger.warning("A password was wrong.", extra={"user": user.pk if user else None})


def code_failed(user, **_):
    logger.warning("A code of the second factor was wrong.", extra={"user": user.pk})


def locked_out(username="", **_):
    user = User.objects.filter(email__iexact=username).first()
    # Axes tells of every attempt while locked; the ledger wants the event, not a flood that anybody can pour into it.
    seconds = int(settings.AXES_COOLOFF_TIME.total_seconds())
    if not cache.add(f"accounts.locked:{salted_hmac('accounts.locked', username).hexdigest()}", 1, seconds):
        return
    with transaction.atomic():
        record(actor="system", action="login.lock", subject=f"user:{user.pk}" if user else "user", at=timezone.now())


def factor_added(user, authenticator, request=None, **_):
    person.forget(user)
    _write("second_factor.add", user, {"type": authenticator.type})
    _end_others(request, user, authenticator)


def factor_removed(user, authenticator, request=None, **_):
    person.forget(user)
    _write("second_factor.remove", user, {"type": authenticator.type})
    _end_others(request, user, authenticator)


def _end_others(request, user, authenticator) -> None:
    """With a new or a removed second factor only the session goes on in which that was done; with a new password Django sees to it."""
    if authenticator.type in (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN):
        end_sessions(user, actor=f"user:{user.pk}", at=timezone.now())
        begin(request, user)


def factor_renewed(user, authenticator, **_):
    _write("second_factor.renew", user, {"type": authenticator.type})


def password_renewed(user, **_):
    """Whoever set a new password by mail is no longer locked out."""
    axes_reset(username=user.email.lower())
    _write("password.change", user)


def connect() -> None:
    for signal, listener in (
        (user_logged_in, logged_in),
        (user_logged_out, logged_out),
        (user_login_failed, failed),
        (authentication_failed, code_failed),
        (user_locked_out, locked_out),
        (authenticator_added, factor_added),
        (authenticator_removed, factor_removed),
        (authenticator_reset, factor_renewed),
        (password_reset, password_renewed),
        (password_changed, password_renewed),
    ):
        signal.connect(listener, dispatch_uid=f"accounts.{listener.__name__}")
