"""Recovery codes on their one way to their owner: shown and downloaded when they are made, never again."""

import re
import time

from allauth.mfa.models import Authenticator
from django.contrib.auth.decorators import login_required
from django.core.exceptions import BadRequest
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST

from accounts import seeds
from accounts.recovery_codes import ALPHABET, HOW_MANY

FRESH = "accounts.fresh_codes"
FRESH_SECONDS = 10 * 60
SHAPE = re.compile(rf"\d-[{ALPHABET}]{{5}}-[{ALPHABET}]{{5}}", re.ASCII)


def remember(request, authenticator, **_) -> None:
    """Codes just made wait, encrypted, in the session for the page that comes next."""
    fresh = getattr(authenticator, "fresh", None)
    if request is not None and fresh:
        request.session[FRESH] = {"codes": seeds.encrypt(" ".join(fresh)), "at": time.time()}


def take(request) -> list[str]:
    kept = request.session.pop(FRESH, None)
    if kept is None or time.time() - kept["at"] > FRESH_SECONDS:
        return []
    try:
        return seeds.decrypt(kept["codes"]).split()
    except seeds.Unreadable:
        return []


@login_required
def shown(request):
    """This once; afterwards the page says how many are left."""
    row = Authenticator.objects.filter(user=request.user, type=Authenticator.Type.RECOVERY_CODES).first()
    if row is None:
        raise Http404
    return render(request, "mfa/recovery_codes/index.html", {"codes": take(request), "left": len(row.wrap().get_unused_codes())})


@login_required
@require_POST
def downloaded(request):
    """The codes that the page showed, as a file: the page sends them along, since nothing here has kept them."""
    codes = request.POST.getlist("code")
    if not 0 < len(codes) <= HOW_MANY or not all(SHAPE.fullmatch(code) for code in codes):
        raise BadRequest("These are no recovery codes.")
    text = "".join(f"{code}\r\n" for code in codes)
    return HttpResponse(
        text, content_type="text/plain; charset=utf-8", headers={"Content-Disposition": 'attachment; filename="recovery-codes.txt"'}
    )
