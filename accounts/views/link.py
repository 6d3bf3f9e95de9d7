"""Where one-time links lead: their secret stands behind #, which no server is sent. A script posts it, or whoever reads the letter
enters it; what it opens waits in the session then."""

from allauth.account.internal.flows.login import record_authentication
from django.contrib.auth import login
from django.shortcuts import redirect, render
from django.utils import translation
from django.views.decorators.cache import never_cache

from accounts import person, selectors
from accounts.forms import LinkForm
from accounts.services import login_log

ENTRY = "accounts.link"
PAGES = {"i": "invitation_accept", "s": "sign_up_open", "p": "account_reset_password_from_key"}


@never_cache
def link_open(request):
    """Opens nothing by itself: letters are read by machines too, and what they fetch must not be used up."""
    form = LinkForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        return exchange(request, **form.cleaned_data["code"])
    return render(request, "accounts/link.html", {"form": form}, status=422 if form.errors else 200)


def exchange(request, kind, key, secret):
    """On to the page of this kind, which says what is wrong where nothing waits for it."""
    request.session.pop(ENTRY, None)
    if kind == "p":
        request.session[ENTRY] = {"kind": kind, "key": key, "secret": secret}
    elif row := selectors.by_link(kind, int(key), secret):
        request.session[ENTRY] = {"kind": kind, "key": row.pk, "nonce": row.nonce}
    return redirect(PAGES[kind])


def waiting(request, kind) -> dict:
    """What the link of this kind that was opened in this session left; empty where none was."""
    entry = request.session.get(ENTRY) or {}
    return entry if entry.get("kind") == kind else {}


def used(request) -> None:
    request.session.pop(ENTRY, None)


def come_in(request, user) -> None:
    """The first session of an account: the letter, which went to their mailbox, is its second factor."""
    used(request)
    login(request, user, backend=person.BACKEND)
    record_authentication(request, user, method="password", email=user.email)
    login_log.came_by_letter(user)
    translation.activate(user.language)


@never_cache
def old_link(request, kind, pk, token):
    """Letters of before an upgrade carry the secret in the path: good until they end. No page or letter makes such addresses now."""
    return exchange(request, kind, pk, token)
