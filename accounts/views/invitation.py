"""Inviting, and the one-time link."""

import segno
from django.contrib import messages
from django.contrib.auth import logout
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from accounts import permissions, scopes, selectors
from accounts.domain.roles import EVERYWHERE, ROLES_AT
from accounts.forms import AcceptForm, InviteForm, InviteManyForm
from accounts.models import Invitation, Membership, User
from accounts.services import invitation as services
from accounts.services.membership import end_role
from accounts.views.link import ENTRY, come_in, used, waiting
from ledger.domain.reason import Reason, Refused
from ledger.reasons import say

FRESH = "fresh_invitations"


def place_or_404(request, scope):
    """The scope in words. A stranger learns nothing of a place: whoever holds no role there gets 404."""
    if scope.partition(":")[0] not in ROLES_AT or not scopes.exists(scope):
        raise Http404
    answer = permissions.can(request.user, "membership.give", scope)
    if not answer.allowed and not permissions.roles(request.user, scope):
        raise Http404
    permissions.require(request.user, "membership.give", scope)
    return scopes.name(scope)


def invite(request, scope):
    place = place_or_404(request, scope)
    form = InviteForm(request.POST if request.method == "POST" else None, scope=scope)
    if form.is_valid():
        try:
            made = services.invite(**form.cleaned_data, scope=scope, actor=request.user, at=timezone.now())
        except Refused as refused:
            form.refuse(refused)
        else:
            return show_once(request, scope, [made])
    context = {
        "form": form,
        "scope": scope,
        "place": place,
        "invitations": open_invitations(scope),
        "members": selectors.members(scope)[:500],
    }
    return render(request, "accounts/invite.html", context | scopes.shell(scope), status=422 if form.errors else 200)


def invite_many(request, scope):
    place = place_or_404(request, scope)
    form = InviteManyForm(request.POST if request.method == "POST" else None, scope=scope)
    if form.is_valid():
        data = dict(form.cleaned_data)
        try:
            made = services.invite_many(data.pop("people"), **data, scope=scope, actor=request.user, at=timezone.now())
        except Refused as refused:
            form.refuse(refused)
        else:
            return show_once(request, scope, made)
    context = {"form": form, "scope": scope, "place": place} | scopes.shell(scope)
    return render(request, "accounts/invite_many.html", context, status=422 if form.errors else 200)


def everywhere(request):
    """People of the whole installation."""
    return invite(request, EVERYWHERE)


@require_POST
def end(request, pk):
    membership = get_object_or_404(Membership.objects.select_related("user"), pk=pk)
    place_or_404(request, membership.scope)
    end_role(membership, actor=request.user, at=timezone.now())
    words = {"name": membership.user.display_name(), "role": membership.role_label}
    messages.success(request, _("%(name)s is no longer %(role)s here.") % words)
    return redirect("invite", membership.scope)


def open_invitations(scope):
    now = timezone.now()
    return [(invitation, invitation.state(now)) for invitation in selectors.invitations(scope)[:100]]


@require_POST
def renew(request, pk):
    invitation = mine_or_404(request, pk)
    invitation = services.renew(invitation, actor=request.user, at=timezone.now(), by_mail=bool(request.POST.get("by_mail")))
    return show_once(request, invitation.scope, [invitation])


@require_POST
def cancel(request, pk):
    invitation = mine_or_404(request, pk)
    services.cancel(invitation, actor=request.user, at=timezone.now())
    messages.success(request, _("The invitation of %(email)s is withdrawn; its link opens nothing now.") % {"email": invitation.email})
    return redirect("invite", invitation.scope)


def mine_or_404(request, pk):
    invitation = get_object_or_404(Invitation, pk=pk)
    place_or_404(request, invitation.scope)
    return invitation


def show_once(request, scope, made):
    request.session[FRESH] = {"scope": scope, "ids": [invitation.pk for invitation in made]}
    return redirect("invitation_slips", scope)


@never_cache
def slips(request, scope):
    """The links just made, for printing: shown this once."""
    place = place_or_404(request, scope)
    fresh = request.session.pop(FRESH, None)
    ids = fresh["ids"] if fresh and fresh["scope"] == scope else []
    rows = Invitation.objects.filter(pk__in=ids, scope=scope, used_at=None, cancelled_at=None).order_by("pk")
    links = [(row, selectors.code(row), selectors.link(selectors.code(row))) for row in rows]
    made = [{"invitation": row, "code": code, "link": link, "qr": qr(link)} for row, code, link in links]
    context = {"slips": made, "scope": scope, "place": place, "page": selectors.link_page()}
    return render(request, "accounts/slips.html", context | scopes.shell(scope))


def qr(text: str) -> str:
    """The text as inline SVG, without a style attribute."""
    return mark_safe(segno.make(text, error="m").svg_inline(scale=4, border=2, svgclass="qr", lineclass=None, omitsize=True))  # noqa: S308 (our own drawing of a link)


@never_cache
def accept(request):
    """Behind the link, which left what it opens in the session."""
    entry = waiting(request, "i")
    invitation = selectors.opened_invitation(entry.get("key"), entry.get("nonce", ""))
    now = timezone.now()
    fault = None
    if invitation is None or invitation.cancelled_at:
        fault = Reason("accounts.invitation_void")
    elif invitation.used_at:
        fault = Reason("accounts.invitation_used")
    elif invitation.state(now) == "expired":
        fault = Reason("accounts.invitation_late", {"until": timezone.localtime(invitation.expires_at).strftime("%Y-%m-%d %H:%M")})
    if fault:
        return render(request, "accounts/invitation_closed.html", {"reason": say(fault)}, status=410)
    if request.user.is_authenticated:
        return accept_signed_in(request, invitation, now)
    account = User.objects.filter(email__iexact=invitation.email).first()
    context = {"invitation": invitation, "place": scopes.name(invitation.scope)}
    if account is not None and account.has_usable_password():
        return render(request, "accounts/accept_sign_in.html", context | {"sign_in": f"{reverse('account_login')}?next={request.path}"})
    return accept_new(request, invitation, now, context)


def accept_signed_in(request, invitation, now):
    context = {"invitation": invitation, "place": scopes.name(invitation.scope), "reasons": []}
    if request.user.email.lower() != invitation.email.lower():
        if request.method == "POST" and "sign_out" in request.POST:
            return sign_out_and_open(request)
        context["reasons"] = [say(Reason("accounts.invitation_other_person"))]
        return render(request, "accounts/accept_other.html", context, status=403)
    if request.method == "POST":
        try:
            services.accept(invitation, user=request.user, at=now, nonce=invitation.nonce)
        except Refused as refused:
            context["reasons"] = [say(reason) for reason in refused.reasons]
        else:
            used(request)
            return redirect("home")
    return render(request, "accounts/accept_signed_in.html", context, status=409 if context["reasons"] else 200)


def sign_out_and_open(request):
    """Signing out empties the session, but for the link."""
    entry = request.session[ENTRY]
    logout(request)
    request.session[ENTRY] = entry
    return redirect("invitation_accept")


def accept_new(request, invitation, now, context):
    initial = {name: getattr(invitation, name) for name in ("name_zh", "name_en", "language")}
    form = AcceptForm(request.POST if request.method == "POST" else None, email=invitation.email, initial=initial)
    if form.is_valid():
        data = {name: value for name, value in form.cleaned_data.items() if name != "password_again"}
        try:
            user = services.accept(invitation, user=None, at=now, nonce=invitation.nonce, **data)
        except Refused as refused:
            form.add_error(None, [say(reason) for reason in refused.reasons])
        else:
            come_in(request, user)
            return redirect("home")
    return render(request, "accounts/accept.html", context | {"form": form}, status=422 if form.errors else 200)
