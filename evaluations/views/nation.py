"""The national board: every province of an edition on one page."""

from django.http import Http404
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from competition.labels import ROUND_PILLS, ROUND_STATES
from competition.selectors.competitions import competition as find_competition
from evaluations.selectors.nation import SHOWN, board_of


@require_GET
def nation_board(request, pk):
    competition = find_competition(request.user, pk, action="competition.staff")
    if competition.level != "nation" or competition.state == "draft":
        raise Http404
    show = request.GET.get("show", "")
    show = show if show in SHOWN else SHOWN[0]
    board = board_of(competition, show=show)
    for line in board.lines:
        for feeder in line.feeders:
            feeder.pill = (ROUND_PILLS[feeder.state], ROUND_STATES[feeder.state])
    words = {"submitted": _("Submitted"), "used": _("Recommended"), "nominated": _("Nominated from a province"), "accepted": _("Accepted")}
    english = (get_language() or "").startswith("en")
    total = board.total
    context = {
        "competition": competition,
        "demo": competition.demo,
        "board": board,
        "choices": [{"label": words[name], "url": f"?show={name}", "current": name == show} for name in SHOWN],
        "shown": words[show],
        "tracks": [(en if english and en else zh, number) for (zh, en), number in board.tracks],
        "figures": [
            {"label": words["submitted"], "value": total.submitted},
            {"label": words["used"], "value": total.used, "note": "" if total.account.places is None else f"/ {total.account.places}"},
            {"label": words["accepted"], "value": total.accepted},
            {"label": _("Sheets submitted"), "value": total.sheets, "note": f"/ {total.seats}"},
        ],
    }
    return render(request, "evaluations/nation_board.html", context)
