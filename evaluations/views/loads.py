"""The seats of a round by evaluator, and as a file for a spreadsheet."""

import csv

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_GET, require_POST

from competition.domain.cells import harmless
from evaluations.labels import CONFLICT_KINDS, SEAT_STATES
from evaluations.selectors import board
from evaluations.selectors import loads as selectors
from evaluations.selectors.plans import plan_of
from evaluations.services.plans import export_seats
from evaluations.views.seats import plan_frame, round_page, run_of, word

PAGE = 100


@require_GET
def assignment_loads(request, pk, round_pk):
    round = round_page(request, pk, round_pk, "assignment.create")
    page = Paginator(selectors.people_of(round), PAGE).get_page(request.GET.get("page"))
    plan, _version = plan_of(round)
    rows = selectors.load_rows(plan, page)
    for row in rows:
        for seat in row.seats:
            word(seat)
    context = plan_frame(round, "assignment_loads") | {
        "page": page,
        "rows": rows,
        "counts": board.counts_of(round, (plan.seats, plan.seats_of)),
        "run": run_of(round),
    }
    return render(request, "evaluations/assignment_loads.html", context)


@require_POST
def assignment_export(request, pk, round_pk):
    """Every seat of the round; who took it is written down, since it names the evaluators."""
    round = round_page(request, pk, round_pk, "assignment.create")
    rows = export_seats(round, actor=request.user, at=timezone.now())
    response = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="assignment-{round.competition.code}-{round.code}.csv"'
    response.headers["Cache-Control"] = "no-store"
    writer = csv.writer(response)
    writer.writerow(
        [
            _("Entry"),
            _("Cluster"),
            _("Track"),
            *([pgettext("of a round", "Group")] if round.groups else []),
            _("Region"),
            _("Sector"),
            _("Evaluator"),
            _("Name"),
            _("Title or position"),
            _("Employer"),
            _("Expertise"),
            _("Fit"),
            _("Stands"),
            _("Assigned"),
            _("Conflict"),
        ]
    )
    for seat, fit, kinds in rows:
        cluster, evaluator = seat.entry.application.cluster, seat.evaluator
        writer.writerow(
            [
                seat.entry_id,
                harmless(cluster),
                harmless(seat.entry.track or ""),
                *([seat.entry.group] if round.groups else []),
                harmless(cluster.lead_region),
                harmless(cluster.sector),
                harmless(evaluator.code),
                harmless(evaluator.user.display_name()),
                harmless(evaluator.title),
                harmless(evaluator.employer or ""),
                harmless("; ".join(str(sector) for sector in evaluator.sectors.all())),
                fit,
                harmless(SEAT_STATES[seat.state]),
                _("by hand") if seat.source == "hand" else _("computed"),
                harmless("; ".join(str(CONFLICT_KINDS[kind]) for kind in kinds)),
            ]
        )
    return response
