"""Default-deny at the door: who is signed in, with a second factor where the role needs one, in their own language; and the
pages that say why something was refused."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import BadRequest
from django.http import Http404, HttpResponseNotAllowed, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import pace, second_factor, session_limits
from accounts.permissions import NotAllowed
from accounts.services import sessions
from accounts.services.tokens import end_exposed
from ledger.domain.reason import Reason, Refused
from ledger.reasons import say

LOGIN_NEEDED = Reason("accounts.login_needed")
ADDRESS_WRONG = Reason("accounts.address_wrong")
LARGEST_KEY = 2**63 - 1
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
OVER = {
    "elsewhere": gettext_lazy("your sessions were ended from another device, or your password or second factor changed."),
    "age": gettext_lazy("twelve hours have passed since you signed in."),
    "idle": gettext_lazy("the page was not used for two hours."),
}
SECOND_FACTOR_NEEDED = Reason("accounts.second_factor_needed")


class AccessMiddleware:
    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if request.method not in METHODS:
            return HttpResponseNotAllowed(METHODS)
        if request.user.is_authenticated:
            request.session_over = session_limits.over(request)
            if request.session_over:
                language = request.user.language
                logout(request)
                with translation.override(language):
                    messages.info(request, _("You are signed out: %(why)s") % {"why": OVER[request.session_over]})
            else:
                if session_limits.note_use(request):
                    sessions.note(request, request.user, at=timezone.now())
                translation.activate(request.user.language)
                request.LANGUAGE_CODE = request.user.language
        response = self.get_response(request)
        if request.user.is_authenticated:
            response.headers.setdefault("Cache-Control", "private, no-store")  # what a person sees stays in no cache
        return response

    def process_view(self, request, view, args, kwargs):
        if any(isinstance(value, int) and value > LARGEST_KEY for value in kwargs.values()):
            raise Http404  # the database would refuse to compare it with a key
        if "\0" in request.path or any("\0" in value for _name, values in request.GET.lists() for value in values):
            if wants_json(request, view):
                return answer_json(400, ADDRESS_WRONG)
            raise BadRequest("NUL in the address")  # PostgreSQL refuses it as text
        paced = request.user.is_authenticated and not hasattr(view, "cls") and request.resolver_match.url_name != "account_logout"
        if paced and (seconds := pace.wait(request.user.pk, request.method)):
            return slow_down(request, view, seconds)
        if getattr(view, "public", False):
            return None
        if not request.user.is_authenticated:
            # The API judges its own tokens; its default permission lets nobody in without one.
            if hasattr(view, "cls") and hasattr(view.cls, "permission_classes"):
                return None
            if wants_json(request):
                return answer_json(401, LOGIN_NEEDED)
            return redirect_to_login(request.get_full_path())
        if not getattr(view, "before_second_factor", False) and second_factor.missing(request.user):
            if wants_json(request, view):
                return answer_json(403, SECOND_FACTOR_NEEDED)
            return redirect(reverse("mfa_activate_totp"))
        return None

    def process_exception(self, request, exception):
        if not isinstance(exception, Refused):
            return None
        status = 403 if isinstance(exception, NotAllowed) else 409
        match = request.resolver_match
        if wants_json(request, match and match.func):
            return answer_json(status, *exception.reasons)
        return render(request, f"{status}.html", {"reasons": exception.reasons}, status=status)


def secret(field: str) -> bool:
    """Asked for anew: a password comes back in no page."""
    return field == "csrfmiddlewaretoken" or "password" in field


def slow_down(request, view, seconds):
    """A form that was sent stays in the page, to be sent again; scripts try again by themselves."""
    reason = Reason("accounts.too_many_requests", {"seconds": seconds})
    if wants_json(request, view):
        response = answer_json(429, reason)
    else:
        kept = [(key, value) for key, values in request.POST.lists() for value in values if not secret(key)]
        context = {"reason": reason, "posted": request.method == "POST", "kept": kept, "files": bool(request.FILES)}
        response = render(request, "accounts/slow_down.html", context, status=429)
    response.headers["Retry-After"] = str(seconds)
    return response


class InTheClearMiddleware:
    """Where pages lead on to HTTPS, the API refuses: a program that goes on sending its key in the clear would never be noticed. A key
    that came so is ended, since others may have read it."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if not settings.SECURE_SSL_REDIRECT or request.is_secure() or not request.path.startswith("/api/v1/"):
            return self.get_response(request)
        kind, _space, text = request.headers.get("Authorization", "").partition(" ")
        ended = kind.lower() == "bearer" and end_exposed(text.strip(), at=timezone.now())
        return answer_json(403, Reason("accounts.token_exposed" if ended else "accounts.https_only"))


def wants_json(request, view=None) -> bool:
    """Scripts and the API get the reason as data: they send the sheet again after a login in place."""
    return hasattr(view, "cls") or bool(request.htmx) or request.headers.get("Accept", "").startswith("application/json")


def answer_json(status, *reasons):
    return JsonResponse({"reasons": [reason.as_json() | {"text": str(say(reason))} for reason in reasons]}, status=status)
