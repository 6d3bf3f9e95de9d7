"""Is this certificate real? Open to everybody; wrong codes are counted, see `competition.guesses`."""

from allauth.account.adapter import get_adapter
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache

from accounts.access import public
from competition import guesses
from competition.documents import kinds
from competition.domain.verification import spelt
from competition.selectors.verification import answer
from ledger.domain.reason import Reason


@public
@never_cache
def verify(request):
    text = request.GET.get("code", "").strip()
    if spelt(text):
        return redirect("public:verify_code", spelt(text))
    return render(request, "competition/public/verify.html", {"asked": bool(text)})


@public
@never_cache
def verify_code(request, code):
    if not request.session.session_key:
        request.session.create()  # guesses are counted by it, so the first one needs it too
        request.session["verifying"] = True
    who = get_adapter().get_client_ip(request) or "", request.session.session_key
    if guesses.too_many(*who):
        reason = Reason("competition.verify_limit", {"minutes": guesses.PERIOD // 60})
        response = render(request, "competition/public/verify_limit.html", {"reason": reason}, status=429)
        response.headers["Retry-After"] = str(guesses.PERIOD)
        return response
    now = timezone.now()
    found = answer(code, at=now)
    if found["verdict"] == "unknown":
        guesses.count(*who)
    competition = found.get("competition")
    known = kinds.kinds().get(found["document"].kind) if found.get("document") else None
    context = found | {"now": now, "kind": known.label if known else "", "demo": bool(competition and competition.demo)}
    return render(request, "competition/public/verify.html", context, status=404 if found["verdict"] == "unknown" else 200)
