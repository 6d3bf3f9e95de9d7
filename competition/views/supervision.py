"""A supervisor's pages: everything is read, nothing is done."""

from django.core.paginator import Paginator
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache

from accounts.permissions import NotAllowed, require, roles
from competition.permissions.ledger import READERS
from competition.selectors import lives
from competition.selectors import supervision as selectors
from competition.selectors.competitions import competition as find_competition
from competition.selectors.watching import watched
from ledger.domain.reason import Reason

PAGE = 100


def watcher(request) -> list:
    """The competitions whose ledgers the viewer reads; refused to whoever reads none."""
    _require_reader(request.user)
    return list(selectors.readable_competitions(request.user))


def _require_reader(user):
    if not roles(user) & READERS:
        raise NotAllowed(Reason("competition.role_needed", {"roles": ["supervisor"]}))


def home(request):
    _require_reader(request.user)
    rows = selectors.supervised(request.user)
    at = timezone.now()
    context = {
        "rows": rows,
        "watched": watched(request.user, at=at),
        "now": at,
        "seals": selectors.seal_state(),
        "demo": any(row["competition"].demo for row in rows),
    }
    return render(request, "competition/supervision/home.html", context)


@never_cache
def application_life(request, pk, application_pk):
    competition = _ledger_of(request, pk)
    application = lives.application_in(competition, application_pk)
    context = {"competition": competition, "name": application.cluster, "kind": "application"}
    return life_page(request, lives.life_of_application(application, request.user), context)


@never_cache
def entry_life(request, pk, entry_pk):
    competition = _ledger_of(request, pk)
    entry = lives.entry_in(competition, entry_pk)
    context = {"competition": competition, "name": entry.application.cluster, "kind": "entry", "round": entry.round, "entry": entry}
    return life_page(request, lives.life_of_entry(entry, request.user), context)


def life_page(request, records, context):
    page = Paginator(selectors.with_seals(records), PAGE).get_page(request.GET.get("page"))
    context |= {"page": page, "rows": selectors.life_in_words(page.object_list), "demo": context["competition"].demo}
    return render(request, "competition/supervision/life.html", context)


def _ledger_of(request, pk):
    competition = find_competition(request.user, pk)
    require(request.user, "ledger.read", competition)
    return competition


@never_cache
def seal_list(request):
    _require_reader(request.user)
    page = Paginator(selectors.seals(), PAGE).get_page(request.GET.get("page"))
    return render(request, "competition/supervision/seal_list.html", {"page": page, "seals": selectors.seal_state()})


@never_cache
def seal_detail(request, number):
    competitions = watcher(request)
    seal = selectors.seal_numbered(number)
    page = Paginator(selectors.records_of_seal(seal, selectors.scopes_of(competitions)), PAGE).get_page(request.GET.get("page"))
    context = {"seal": seal, "page": page, "rows": selectors.in_words(page.object_list), "others": seal.size - page.paginator.count}
    return render(request, "competition/supervision/seal_detail.html", context)
