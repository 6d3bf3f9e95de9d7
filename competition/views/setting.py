"""What the pages of a set-up have in common."""

from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from competition.rules import parts
from competition.selectors.competitions import competition as find_competition


def draft_of(request, pk):
    """The competition for its organisers: 404 for strangers, 403 for colleagues."""
    return find_competition(request.user, pk, action="competition.edit")


def round_in(request, pk, round_pk):
    competition = draft_of(request, pk)
    return get_object_or_404(competition.rounds.select_related("competition"), pk=round_pk)


def steps(competition, current: str, round=None) -> list[dict]:
    """The course of a set-up; pages of a round lead to the same round, else to the first."""
    rows = list(competition.rounds.order_by("order"))
    round = round or (rows[0] if rows else None)
    items = [
        ("basics", _("Basics"), "competition:competition_edit", False),
        ("tracks", _("Tracks"), "competition:track_list", False),
        ("rounds", _("Rounds"), "competition:round_list", False),
        ("quotas", _("Recommendation"), "competition:quota_list", False),
        ("form", _("Application form"), "competition:form_edit", True),
        *((name, part.label, part.url_name, True) for name, part in parts().items()),
        ("advancement", _("Advancement"), "competition:advancement_edit", True),
        ("people", _("People"), "competition:people_list", False),
        ("check", _("Check"), "competition:competition_check", False),
    ]
    return [
        {"label": label, "url": reverse(url, args=[competition.pk, *([round.pk] if of_round else [])]), "current": name == current}
        for name, label, url, of_round in items
        if round or not of_round
    ]


def rounds_seg(competition, round, url_name: str) -> list[dict]:
    """The same page of each round."""
    return [
        {"label": str(row), "url": reverse(url_name, args=[competition.pk, row.pk]), "current": row.pk == round.pk}
        for row in competition.rounds.order_by("order")
    ]


def frame(competition, current: str, round=None, url_name: str = "") -> dict:
    """Context of a set-up page: steps, and for a page of a round the choice of the others."""
    return {
        "competition": competition,
        "demo": competition.demo,
        "frozen": competition.state != "draft",
        "steps": steps(competition, current, round),
        "round": round,
        "rounds_seg": rounds_seg(competition, round, url_name) if round and url_name else [],
    }
