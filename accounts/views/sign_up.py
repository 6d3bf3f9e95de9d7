"""Opening an account by oneself. Nothing on these pages differs for an address that has an account."""

from allauth.core import ratelimit
from django.shortcuts import redirect, render
from django.utils import timezone, translation
from django.views.decorators.cache import never_cache

from accounts import selectors
from accounts.forms import AcceptForm, SignUpForm
from accounts.services import sign_up as services
from accounts.views.link import come_in, waiting
from ledger.domain.reason import Reason, Refused
from ledger.reasons import say


@never_cache
def sign_up(request):
    if request.user.is_authenticated:
        return redirect("home")
    form = SignUpForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        email = form.cleaned_data["email"].lower()
        if too_many := ratelimit.consume_or_429(request, action="signup", key=email):
            return too_many
        services.ask_sign_up(email, language=selectors.language_of(translation.get_language()), at=timezone.now())
        return redirect("sign_up_sent")
    return render(request, "accounts/sign_up.html", {"form": form}, status=422 if form.errors else 200)


def sign_up_sent(request):
    return render(request, "accounts/sign_up_sent.html", {"days": services.VALID_FOR.days})


@never_cache
def sign_up_open(request):
    """Behind the link, which left what it opens in the session: names and a password."""
    entry = waiting(request, "s")
    found = selectors.opened_sign_up(entry.get("key"), entry.get("nonce", ""), at=timezone.now())
    if found is None:
        return render(request, "accounts/sign_up_closed.html", {"reason": say(Reason("accounts.sign_up_void"))}, status=410)
    form = AcceptForm(request.POST if request.method == "POST" else None, email=found.email, initial={"language": found.language})
    if form.is_valid():
        data = {name: value for name, value in form.cleaned_data.items() if name != "password_again"}
        try:
            user = services.open_account(found, nonce=found.nonce, at=timezone.now(), **data)
        except Refused as refused:
            form.add_error(None, [say(reason) for reason in refused.reasons])
        else:
            come_in(request, user)
            return redirect("competition:registration_list")
    return render(request, "accounts/sign_up_open.html", {"form": form, "email": found.email}, status=422 if form.errors else 200)
