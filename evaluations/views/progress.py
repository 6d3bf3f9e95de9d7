"""The organiser's list of sheets: how far each is, never a mark; returning one."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from accounts.permissions import can
from competition.selectors.competitions import competition as find_competition
from evaluations.forms.judging import ReasonForm
from evaluations.labels import STAGES_OF_OTHERS
from evaluations.selectors import board as selectors
from evaluations.selectors.seats import stage
from evaluations.selectors.sheets import deadline_of
from evaluations.services import sheets as services
from evaluations.views.own import frame
from evaluations.views.seats import frame_of, round_page
from ledger.domain.reason import Refused

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


def sheet_return(request, pk, sheet_pk):
    sheet = selectors.sheet_of(request.user, sheet_pk, action="sheet.return")
    round = sheet.assignment.entry.round
    if round.competition_id != pk:
        raise Http404
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            services.return_sheet(sheet, **form.cleaned_data, actor=request.user, at=timezone.now())
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, _("The sheet is returned. Its submitted version is kept."))
            return redirect("evaluations:sheet_list", pk, round.pk)
    names = {"evaluator": sheet.assignment.evaluator.code, "cluster": sheet.assignment.entry.application.cluster}
    context = frame(round.competition) | {
        "form": form,
        "heading": _("Return the score sheet"),
        "question": _("%(evaluator)s · %(cluster)s") % names,
        "text": _(
            "The evaluator reads your reason, can change marks and submits again. Until then the sheet does not count. Both versions are kept."
        ),
        "label": _("Return the score sheet"),
        "back": reverse("evaluations:sheet_list", args=[pk, round.pk]),
    }
    return render(request, "confirm.html", context, status=422 if form.errors else 200)
