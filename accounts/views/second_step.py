"""The second factor at sign-in: code or passkey, or a code by mail."""

from functools import wraps

from allauth.account.internal.decorators import login_stage_required
from allauth.account.internal.flows.login import record_authentication
from allauth.account.internal.stagekit import stash_login
from allauth.mfa.base.internal.flows import check_rate_limit
from allauth.mfa.base.views import AuthenticateView
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters

from accounts import selectors, stages, trusted
from accounts.forms import MailCodeForm
from accounts.services.mail_code import use_code
from ledger.domain.reason import Refused


@method_decorator(sensitive_post_parameters(), name="dispatch")
class Authenticate(AuthenticateView):
    def form_valid(self, form):
        user = self.stage.login.user
        response = super().form_valid(form)
        trusted.remember(self.request, user, response)
        return response


authenticate = Authenticate.as_view()


def led_by_script(view):
    """Where the sign-in under way is over, a part of a page that asks for itself becomes the whole sign-in page."""

    @wraps(view)
    def wrapped(request):
        response = view(request)
        if request.htmx and response.status_code == 302:
            return HttpResponse(headers={"HX-Redirect": response.url})
        return response

    return wrapped


@led_by_script
@login_stage_required(stage=stages.ByMail.key, redirect_urlname="account_login")
@sensitive_post_parameters()
def mail_code(request):
    stage = request._login_stage
    user = stage.login.user
    if "again" in request.POST:
        return send_again(request, stage)
    form = MailCodeForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            clear_limit = check_rate_limit(user, "rate_limited")
            use_code(stage.state[stages.CODE], user=user, given=form.cleaned_data["code"], at=timezone.now())
        except ValidationError as fault:
            form.add_error("code", fault)
        except Refused as refused:
            form.refuse(refused)
        else:
            clear_limit()
            record_authentication(request, user, method="code", email=user.email)
            response = stage.exit()
            trusted.remember(request, user, response)
            return response
    letter = selectors.letter_of_code(stage.state[stages.CODE], at=timezone.now())
    if request.htmx and request.method == "GET":
        return render(request, "accounts/mail_code_letter.html", {"letter": letter})
    context = {"form": form, "letter": letter, "address": masked(user.email)}
    return render(request, "accounts/mail_code.html", context, status=422 if form.errors else 200)


def send_again(request, stage):
    if stage.send():
        messages.success(request, _("A new letter is under way. The code of the last one no longer holds."))
    else:
        messages.warning(request, _("Too many letters in a short time. Wait a few minutes, then ask again."))
    stash_login(request, stage.login)
    return redirect("mail_code")


def masked(email: str) -> str:
    """`w***@example.org`: enough to know which mailbox, for whoever knows it."""
    name, _at, place = email.rpartition("@")
    return f"{name[:1]}***@{place}"
