"""The cookie of a trusted browser."""

from django.conf import settings
from django.utils import timezone

from accounts.domain.devices import device
from accounts.services import trusted

FIELD = "trust"


def known(request, user) -> bool:
    return trusted.is_trusted(user, request.COOKIES.get(settings.TRUSTED_COOKIE_NAME, ""), at=timezone.now())


def remember(request, user, response) -> None:
    """Where the box was ticked. Of two people at one browser the latter is trusted."""
    if not request.POST.get(FIELD):
        return
    browser, system = device(request.META.get("HTTP_USER_AGENT", ""))
    response.set_cookie(
        settings.TRUSTED_COOKIE_NAME,
        trusted.trust(user, browser=browser, system=system, at=timezone.now()),
        max_age=int(trusted.VALID_FOR.total_seconds()),
        secure=settings.PRODUCTION,
        httponly=True,
        samesite="Lax",
    )
