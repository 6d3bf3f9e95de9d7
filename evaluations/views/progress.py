"""The organiser's list of sheets: how far each is, never a mark."""

from django.core.paginator import Paginator
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from accounts.permissions import can
from competition.selectors.competitions import competition as find_competition
from evaluations.labels import STAGES_OF_OTHERS
from evaluations.selectors import board as selectors
from evaluations.selectors.seats import stage
from evaluations.selectors.sheets import deadline_of
from evaluations.views.seats import frame_of, round_page

PAGE = 100


@require_GET
def sheet_now(request, pk):
    competition = find_competition(request.user, pk, action="evaluator.manage")
    return redirect("evaluations:sheet_list", pk, selectors.current_round(competition).pk)


@require_GET
def sheet_list(request, pk, round_pk):
    round = round_page(request, pk, round_pk, "round.view")
    where = request.GET.get("stage", "")
    where = where if where in selectors.SHEET_STAGES else ""
    page = Paginator(selectors.sheet_seats(round, where), PAGE).get_page(request.GET.get("page"))
    now = timezone.now()
    for seat in page:
        seat.stage = stage(seat)
        seat.words, seat.pill = STAGES_OF_OTHERS[seat.stage]
        seat.entry.round = round
        due = deadline_of(seat)
        seat.late = bool(due and due <= now and seat.stage in ("answer", "draft", "returned") and round.state == "judging")
    counts = selectors.stage_counts(round)
    stages = [{"label": _("All"), "url": "?", "current": not where, "count": sum(counts.values())}]
    stages += [
        {"label": STAGES_OF_OTHERS[name][0], "url": f"?stage={name}", "current": name == where, "count": number}
        for name, number in counts.items()
    ]
    context = frame_of(round, "evaluations:sheet_list") | {"page": page, "stages": stages, "organiser": _organises(request, round)}
    return render(request, "evaluations/sheet_list.html", context)


def _organises(request, round) -> bool:
    return can(request.user, "assignment.create", round).allowed
