"""The public's calls and the rules they are judged by."""

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.access import public
from competition.documents.course import fields_of
from competition.selectors.competitions import published
from competition.selectors.publication import rules_page
from competition.selectors.results import front_results
from competition.selectors.rules import rules_edition
from competition.selectors.setup import overview
from ledger.domain import canonical


@public
def front(request):
    """The bare address: own work for whoever is signed in, the calls for everybody else."""
    return redirect("home" if request.user.is_authenticated else "public:calls")


@public
def call_list(request):
    """The front page: calls by state, the open ones first."""
    now = timezone.now()
    rows = list(published()[:100])
    calls = sorted((_call(row, now) for row in rows), key=lambda call: ("open", "soon", "closed").index(call["state"]))
    context = {"calls": calls, "demo": any(row.demo for row in rows), "verify_url": reverse("public:verify")}
    return render(request, "public/home.html", context | front_results(now) | {"lead": _lead(rows, now)})


def _lead(rows, now) -> dict | None:
    """The call that closes next; without one, nothing leads."""
    open_calls = [(call["closes_at"], call, row) for row in rows for call in [_call(row, now)] if call["state"] == "open"]
    if not open_calls:
        return None
    _closes, call, row = min(open_calls, key=lambda found: found[0])
    return {"name": call["name"], "url": call["url"], "sentence": row.words("summary"), "closes_at": call["closes_at"]}


def _call(competition, now) -> dict:
    """The window of the round that takes in applications now, else of the next, else of the last."""
    rounds = [row for row in competition.rounds.all() if row.intake == "fresh" and row.intake_opens and row.intake_closes]
    round = next((row for row in rounds if now < row.intake_closes), rounds[-1] if rounds else None)
    state = "closed"
    if round and competition.state == "published" and now < round.intake_closes:
        state = "open" if round.intake_opens <= now else "soon"
    words = {"open": _("Takes in applications"), "soon": _("Not open yet"), "closed": _("Applications closed")}
    return {
        "name": str(competition),
        "url": reverse("public:rules", args=[competition.code]),
        "level": _("Province") if competition.level == "province" else _("Nation"),
        "opens_at": round and round.intake_opens,
        "closes_at": round and round.intake_closes,
        "state": state,
        "state_text": words[state],
    }


def _published(code):
    found = published().filter(code=code).first()
    if found is None:
        raise Http404
    return found


@public
def rules(request, code):
    competition = _published(code)
    now, edition = timezone.now(), rules_edition(competition)
    context = {
        "competition": competition,
        "demo": competition.demo,
        "edition": edition,
        "page": rules_page(competition, edition, get_language()),
        "lines": overview(fields_of([competition])[competition.pk], at=now),
        "summary": competition.words("summary"),
        "organiser": competition.words("organiser"),
    }
    return render(request, "public/rules.html", context)


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
