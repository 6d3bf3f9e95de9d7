"""The second factor: who needs one, who has one, and a fresh code for acts that cannot be taken back."""

import time
from functools import wraps

from allauth.account.internal.flows.login import get_authentication_records, record_authentication
from allauth.account.internal.flows.reauthentication import reauthenticate_by_password
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.internal.auth import begin_authentication
from django.conf import settings
from django.shortcuts import redirect, render

from accounts import permissions
from accounts.domain.roles import SECOND_FACTOR_ROLES
from accounts.person import FACTORS
from accounts.signing_in import CodeAgainForm, PasskeyAgainForm, PasswordForm

FIELD = "second_factor_code"
PASSKEY_FIELD = "second_factor_passkey"
FRESH_SECONDS = 10 * 60


def has(user) -> bool:
    found = getattr(user, "_has_second_factor", None)
    if found is None:
        found = user._has_second_factor = Authenticator.objects.filter(user_id=user.pk, type__in=FACTORS).exists()
    return found


def has_passkey(user) -> bool:
    return Authenticator.objects.filter(user_id=user.pk, type=Authenticator.Type.WEBAUTHN).exists()


def why(user) -> str:
    """Which must this person have here? `role`: a passkey or an app, for a role; `all`: as everybody, at least a code by mail at
    sign-in; empty: none."""
    if not settings.SECOND_FACTOR_REQUIRED:
        return ""
    if permissions.roles(user) & SECOND_FACTOR_ROLES:
        return "role"
    return "all" if settings.SECOND_FACTOR_OF_ALL else ""


def missing(user) -> bool:
    """Must this person set one up before going on?"""
    return why(user) == "role" and not has(user)


def by_mail(user) -> bool:
    """Does a code by mail stand in at sign-in? Also for whoever is led to set one up after it."""
    return settings.SECOND_FACTOR_OF_ALL and not has(user)


def method(user) -> str:
    """What a fresh confirmation asks this person for: `mfa` (a code) or, of whoever has none and need not set one up (the
    installation does without, or a code came by mail at sign-in), `password`."""
    if has(user) or why(user) == "role":
        return "mfa"
    return "mfa" if settings.SECOND_FACTOR_REQUIRED and not settings.SECOND_FACTOR_OF_ALL else "password"


def confirmed(request, *, within: int = FRESH_SECONDS) -> bool:
    """Was the second factor (or the password, see `method`) given in this session in the last `within` seconds?"""
    if not request.user.is_authenticated:
        return False
    wanted = method(request.user)
    moments = [row["at"] for row in get_authentication_records(request, request.user) if row["method"] == wanted]
    return bool(moments) and 0 <= time.time() - moments[-1] < within


def remember_set_up(request, user, authenticator, **_):
    """Whoever just set one up has shown password and code: the recovery codes are shown without asking again."""
    if request is not None and authenticator.type in FACTORS:
        record_authentication(request, user, "mfa", id=authenticator.pk, type=authenticator.type, reauthenticated=True)


def confirm(request, value: str) -> list[str]:
    """Checks a code or password and remembers the moment in the session. Returns what is wrong, nothing when it holds."""
    user = request.user
    if method(user) == "mfa":
        form = CodeAgainForm(user=user, data={"code": value})
        if form.is_valid():
            form.save()
            return []
        return list(form.errors.get("code", []))
    form = PasswordForm(user=user, data={"password": value})
    if form.is_valid():
        reauthenticate_by_password(request)
        return []
    return list(form.errors.get("password", []))


def confirm_by_passkey(request, text: str) -> list[str]:
    """The same with what a device answered to `passkey_options`."""
    form = PasskeyAgainForm(user=request.user, data={"credential": text})
    if form.is_valid():
        form.save()
        return []
    return list(form.errors.get("credential", []))


def passkey_options(user) -> dict | None:
    """What a device is asked; None for whoever has no passkey."""
    return begin_authentication(user) if method(user) == "mfa" and has_passkey(user) else None


def fresh_second_factor(view):
    """For acts that cannot be taken back: a POST goes through only with a fresh second factor. The act's own form may carry
    the field `second_factor_code`; otherwise one page asks for it, keeps what was posted, and goes on."""

    @wraps(view)
    def wrapped(request, *args, **kwargs):
        if request.method != "POST":
            return view(request, *args, **kwargs)
        if method(request.user) == "mfa" and not has(request.user):
            return redirect("mfa_activate_totp")
        errors = []
        given, passkey = (request.POST.get(name, "").strip() for name in (FIELD, PASSKEY_FIELD))
        if passkey:
            errors = confirm_by_passkey(request, passkey)
        elif given:
            errors = confirm(request, given)
        if errors or not confirmed(request):
            kept = [
                (key, value)
                for key, values in request.POST.lists()
                for value in values
                if key not in (FIELD, PASSKEY_FIELD, "csrfmiddlewaretoken")
            ]
            context = {"kept": kept, "errors": errors, "field": FIELD, "method": method(request.user), "title": None}
            context |= {"passkey_field": PASSKEY_FIELD, "passkey_options": passkey_options(request.user)}
            return render(request, "accounts/confirm.html", context, status=422 if errors else 200)
        return view(request, *args, **kwargs)

    return wrapped
