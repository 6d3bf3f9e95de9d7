"""What a page says when something that Saima stands on is away: in words, to be tried again, and never as a bare fault."""

import sys

from django.db import InterfaceError, OperationalError
from django.http import HttpResponse
from django.template import loader
from django.urls import Resolver404, resolve
from django.views.defaults import server_error

from accounts.middleware import answer_json
from jobs.services.run import FULL
from ledger.domain.reason import Reason

DATABASE_AWAY = Reason("accounts.database_away")
DISK_FULL = Reason("accounts.disk_full")
RETRY_AFTER = "15"  # seconds


def answer(request) -> HttpResponse:
    """Django's `handler500`. Asks no database and no session: 503 with `Retry-After` where waiting helps, else the page of a fault
    of ours."""
    reason = _passing(sys.exception() if hasattr(sys, "exception") else sys.exc_info()[1])
    if reason is None:
        return server_error(request)
    if _wants_json(request):
        response = answer_json(503, reason)
    else:
        response = HttpResponse(loader.get_template("503.html").render({"reasons": [reason]}), status=503)
    response.headers["Retry-After"] = RETRY_AFTER
    response.headers["Cache-Control"] = "no-store"
    return response


def _passing(fault: BaseException | None) -> Reason | None:
    if isinstance(fault, (OperationalError, InterfaceError)):
        return DISK_FULL if "disk is full" in str(fault) or "No space left" in str(fault) else DATABASE_AWAY
    return DISK_FULL if isinstance(fault, OSError) and fault.errno in FULL else None


def _wants_json(request) -> bool:
    """Like `accounts.middleware.wants_json`, also for a request that came no further than the first middleware."""
    if request.headers.get("HX-Request") == "true" or request.headers.get("Accept", "").startswith("application/json"):
        return True
    try:
        return hasattr(resolve(request.path_info).func, "cls")
    except Resolver404:
        return False
