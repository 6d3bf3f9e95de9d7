"""The public's calls and the rules they are judged by."""

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language

from accounts.access import public
from competition.selectors.competitions import published
from competition.selectors.publication import rules_page
from competition.selectors.rules import rules_edition
from competition.selectors.setup import overview
from ledger.domain import canonical


@public
def front(request):
    """The bare address: own work for whoever is signed in, the calls for everybody else."""
    return redirect("home" if request.user.is_authenticated else "public:calls")


@public
def call_list(request):
    now = timezone.now()
    rows = [{"competition": row, "rounds": list(row.rounds.all())} for row in published()[:100]]
    return render(request, "competition/public/calls.html", {"rows": rows, "now": now, "demo": any(row["competition"].demo for row in rows)})


def _published(code):
    found = published().filter(code=code).first()
    if found is None:
        raise Http404
    return found


@public
def rules(request, code):
    competition = _published(code)
    now = timezone.now()
    context = {
        "competition": competition,
        "demo": competition.demo,
        "edition": rules_edition(competition),
        "page": rules_page(competition, get_language()),
        "lines": overview(competition, at=now),
        "now": now,
    }
    return render(request, "competition/public/rules.html", context)


@public
def rules_json(request, code):
    """The edition's canonical bytes: their SHA-256 is the digest on the rules page."""
    edition = rules_edition(_published(code))
    if edition is None:
        raise Http404
    return HttpResponse(
        canonical.encode(edition.content),
        content_type="application/json",
        headers={"Content-Disposition": f'attachment; filename="{code}-rules-{edition.version}.json"'},
    )
