"""The check page, publishing, deciding, archiving."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from competition import workflow
from competition.rules import parts
from competition.selectors.competitions import competition as find_competition
from competition.selectors.setup import missing
from competition.services import competitions as services
from competition.views.setting import draft_of, frame
from ledger.domain.reason import Refused
from ledger.reasons import say


def check_items(competition) -> list[dict]:
    """A line for each fault, leading to the page that repairs it."""
    return [
        {
            "state": "bad",
            "label": say(row.reason),
            "link": reverse(row.url_name, args=[competition.pk, *([row.round_id] if row.round_id else [])]),
            "action": _("Repair"),
        }
        for row in missing(competition)
    ]


def complete(competition, items) -> list[dict]:
    """The pages of the set-up where nothing is missing."""
    rows = list(competition.rounds.order_by("order"))
    of_round = [("competition:form_edit", _("Application form"))]
    of_round += [(part.url_name, part.label) for part in parts().values()]
    of_round += [("competition:advancement_edit", _("Advancement"))]
    pages = [(_("Basics"), reverse("competition:competition_edit", args=[competition.pk]))]
    if competition.tracks.exists():
        pages.append((_("Tracks"), reverse("competition:track_list", args=[competition.pk])))
    if rows:
        pages.append((f"{rows[0]} · {_('Dates')}", reverse("competition:round_edit", args=[competition.pk, rows[0].pk])))
    for round in rows:
        for url_name, label in of_round:
            if url_name != "competition:form_edit" or round.intake == "fresh":
                pages.append((f"{round} · {label}", reverse(url_name, args=[competition.pk, round.pk])))
    wrong = {item["link"] for item in items}
    return [{"state": "done", "label": label, "url": url} for label, url in pages if url not in wrong]


def competition_check(request, pk):
    competition = draft_of(request, pk)
    items = check_items(competition) if competition.state == "draft" else []
    context = frame(competition, "check") | {
        "items": items,
        "complete": complete(competition, items) if competition.state == "draft" else [],
        "edition": competition.rules_editions.first(),
    }
    return render(request, "competition/setup/check.html", context)


@require_http_methods(["GET", "POST"])
def competition_publish(request, pk):
    competition = find_competition(request.user, pk, action="competition.publish")
    if competition.state != "draft":
        return redirect("competition:home", pk)
    now = timezone.now()
    faults = missing(competition)
    if request.method == "POST" and not faults:
        services.publish_competition(competition, actor=request.user, at=now)
        messages.success(request, _("The call is published; its rules are frozen."))
        return redirect("competition:home", pk)
    if faults:
        return redirect("competition:competition_check", pk)
    first = competition.rounds.order_by("order").first()
    return render(request, "competition/setup/publish.html", frame(competition, "check") | {"first": first})


def _act(request, pk, action, service, words):
    competition = find_competition(request.user, pk, action=f"competition.{action}")
    now = timezone.now()
    reasons = workflow.refusals(competition, action, actor=request.user, at=now)
    if request.method == "POST":
        try:
            service(competition, actor=request.user, at=now)
        except Refused as refused:
            reasons = refused.reasons
        else:
            messages.success(request, words["done"])
            return redirect("competition:home", pk)
    context = {
        "competition": competition,
        "demo": competition.demo,
        "reasons": reasons,
        "back": reverse("competition:home", args=[pk]),
        **words,
    }
    return render(request, "competition/setup/act.html", context, status=409 if request.method == "POST" else 200)


@require_http_methods(["GET", "POST"])
def competition_decide(request, pk):
    words = {
        "question": _("Declare the competition decided?"),
        "text": _("Every round is released. The competition then stands under results; nothing in it can be released any more."),
        "label": _("Declare it decided"),
        "done": _("The competition is decided."),
    }
    return _act(request, pk, "decide", services.decide_competition, words)


@require_http_methods(["GET", "POST"])
def competition_archive(request, pk):
    words = {
        "question": _("Archive the competition?"),
        "text": _("It leaves the lists of what is under way. Results, certificates and the ledger stay readable."),
        "label": _("Archive it"),
        "done": _("The competition is archived."),
    }
    return _act(request, pk, "archive", services.archive_competition, words)
