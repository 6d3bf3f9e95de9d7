"""Coming in, going home, the language."""

from django.conf import settings
from django.http import HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from accounts import homes, scopes
from accounts.labels import ROLE_LABELS
from accounts.middleware import answer_json, wants_json
from accounts.permissions import held, roles
from accounts.services.profile import change_language
from ledger.domain.reason import Reason


def home(request):
    """Where the viewer's role begins; without one, a page that says what to do."""
    url_name = homes.home_of(roles(request.user))
    if url_name:
        return redirect(url_name)
    mine = [(ROLE_LABELS[role], scopes.name(scope)) for role, scope in sorted(held(request.user))]
    return render(request, "accounts/home.html", {"mine": mine})


@require_POST
def set_language(request):
    language = request.POST.get("language", "")
    back = request.POST.get("next") or request.headers.get("Referer", "")
    if not url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()}, require_https=request.is_secure()):
        back = reverse("home")
    response = HttpResponseRedirect(back)
    if language in dict(settings.LANGUAGES):
        if request.user.is_authenticated:
            change_language(request.user, language=language)
        translation.activate(language)
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME, language, max_age=365 * 86400, samesite="Lax", secure=settings.PRODUCTION, httponly=True
        )
    return response


def page_stale(request, reason=""):
    """What Django answers where a form comes without its token, or with that of a session that is over."""
    stale = Reason("accounts.page_stale")
    if wants_json(request):
        return answer_json(403, stale)
    return render(request, "accounts/page_stale.html", {"reasons": [stale]}, status=403)


def locked_out(request, original_response=None, credentials=None):
    """What axes answers while one account is locked for one address."""
    minutes = int(settings.AXES_COOLOFF_TIME.total_seconds() // 60)
    return render(request, "accounts/locked_out.html", {"minutes": minutes, "failures": settings.AXES_FAILURE_LIMIT}, status=429)
