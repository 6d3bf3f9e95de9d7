"""A supervisor's pages: everything is read, nothing is done."""

from django.core.paginator import Paginator
from django.shortcuts import render
from django.views.decorators.cache import never_cache

from accounts.permissions import NotAllowed, require, roles
from competition.selectors import supervision as selectors
from competition.selectors.competitions import competition as find_competition
from ledger.domain.reason import Reason


def home(request):
    if not roles(request.user) & {"supervisor", "organiser"}:
        raise NotAllowed(Reason("competition.role_needed", {"roles": ["supervisor"]}))
    rows = selectors.supervised(request.user)
    context = {"rows": rows, "seals": selectors.seal_state(), "demo": any(row["competition"].demo for row in rows)}
    return render(request, "competition/supervision/home.html", context)


@never_cache
def ledger_list(request, pk):
    competition = find_competition(request.user, pk)
    require(request.user, "ledger.read", competition)
    known = selectors.recorded_actions(competition)
    asked = request.GET.get("action", "")
    action = asked if asked in dict(known) else ""
    page = Paginator(selectors.ledger_of(competition, action=action), 50).get_page(request.GET.get("page"))
    context = {
        "competition": competition,
        "demo": competition.demo,
        "page": page,
        "rows": selectors.in_words(page.object_list),
        "actions": known,
        "action": action,
        "seals": selectors.seal_state(),
    }
    return render(request, "competition/supervision/ledger_list.html", context)
