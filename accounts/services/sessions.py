"""A person's sessions: which there are, and ending them wherever they are."""

from datetime import datetime, timedelta

from allauth.core.internal.httpkit import get_client_ip
from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.core.exceptions import ImproperlyConfigured, PermissionDenied
from django.db import transaction
from django.utils import timezone

from accounts import session_limits
from accounts.domain.devices import device, shortened
from accounts.models import SignedIn, TrustedBrowser, User
from ledger.services import record


def note(request, user: User, *, at: datetime) -> None:
    """The session of this request is in use, by this device."""
    key = request.session.session_key
    if key is None:
        return
    browser, system = device(request.META.get("HTTP_USER_AGENT", ""))
    facts = {"browser": browser, "system": system, "address": shortened(_address(request)), "seen_at": at}
    SignedIn.objects.update_or_create(
        session_key=key, defaults=facts | {"user": user}, create_defaults=facts | {"user": user, "started_at": at}
    )


def _address(request) -> str:
    try:
        return get_client_ip(request) or ""
    except (ImproperlyConfigured, PermissionDenied, KeyError, ValueError):
        return ""


def begin(request, user, **_) -> None:
    """At sign-in, and where a person ends all sessions but this one."""
    if request is not None:
        session_limits.begin(request)
        note(request, user, at=timezone.now())


def new_key(request, reauthenticated=False, **_) -> None:
    """Whoever shows password or code again gets a session by another name; Django does so at sign-in."""
    if reauthenticated:
        before = request.session.session_key
        request.session.cycle_key()
        SignedIn.objects.filter(session_key=before).update(session_key=request.session.session_key)


def forget(key: str | None) -> None:
    """A session has ended by itself or by signing out."""
    if key:
        SignedIn.objects.filter(session_key=key).delete()


@transaction.atomic
def end_sessions(user: User, *, actor: str, at: datetime) -> None:
    """Every session that began before `at` is over with its next request, and no browser is trusted. `actor` as the ledger writes it."""
    user.sessions_ended_at = at
    user.save(update_fields=["sessions_ended_at"])
    SignedIn.objects.filter(user=user).delete()
    TrustedBrowser.objects.filter(user=user).delete()
    record(actor=actor, action="login.end_all", subject=f"user:{user.pk}", at=at)


@transaction.atomic
def end_session(session: SignedIn, *, actor: User, at: datetime) -> None:
    """This one is over at once."""
    Session.objects.filter(session_key=session.session_key).delete()
    session.delete()
    record(actor=f"user:{actor.pk}", action="login.end_one", subject=f"user:{session.user_id}", at=at)


def clear_sessions(*, at: datetime) -> None:
    """Sessions whose time is over leave the tables."""
    SessionStore.clear_expired()
    SignedIn.objects.filter(started_at__lt=at - timedelta(seconds=settings.SESSION_COOKIE_AGE)).delete()
