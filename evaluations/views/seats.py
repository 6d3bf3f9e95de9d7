"""The organiser's seats of a round: by entry, by hand, published."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from competition.selectors.competitions import competition as find_competition
from competition.selectors.competitions import round_of
from competition.selectors.rules import vote_of
from evaluations.labels import CONFLICT_KINDS, STAGES_OF_OTHERS
from evaluations.models import Evaluator
from evaluations.selectors import board as selectors
from evaluations.selectors.assignments import LEFT
from evaluations.selectors.plans import newest_run
from evaluations.services import assignments as services
from evaluations.views.own import frame
from ledger.domain.reason import Refused
from ledger.reasons import say

PAGE = 100


def round_page(request, pk, round_pk, action):
    round = round_of(request.user, round_pk, action=action)
    if round.competition_id != pk:
        raise Http404
    return round


def frame_of(round, url_name) -> dict:
    """Context of a page of one round, with the choice of the others."""
    rounds = [
        {"label": str(row), "url": reverse(url_name, args=[round.competition_id, row.pk]), "current": row.pk == round.pk}
        for row in (round.beside if hasattr(round, "beside") else round.competition.rounds.order_by("order"))
    ]
    return frame(round.competition) | {"round": round, "rounds_seg": rounds if len(rounds) > 1 else []}


@require_GET
def assignment_now(request, pk):
    competition = find_competition(request.user, pk, action="evaluator.manage")
    return redirect("evaluations:assignment_board", pk, selectors.current_round(competition).pk)


@require_GET
def assignment_board(request, pk, round_pk):
    round = round_page(request, pk, round_pk, "assignment.create")
    page = Paginator(selectors.entries_of(round), PAGE).get_page(request.GET.get("page"))
    wanted = selectors.seats_wanted(round)
    rows = selectors.entry_rows(round, page, wanted)
    for row in rows:
        for seat in row.seats:
            word(seat)
    context = plan_frame(round, "assignment_board") | {
        "page": page,
        "rows": rows,
        "counts": selectors.counts_of(round, wanted),
        "vote": vote_of(round),
        "run": run_of(round),
    }
    return render(request, "evaluations/assignment_board.html", context)


def word(seat) -> None:
    """Words and pills on a seat that has its stage and kinds of conflict."""
    seat.words, seat.pill = STAGES_OF_OTHERS[seat.stage]
    seat.kind_words = [CONFLICT_KINDS[kind] for kind in seat.kinds]
    seat.left = seat.stage in LEFT


def tabs(round, here: str) -> list[dict]:
    """From one view of the assignment to the others."""
    named = (
        ("assignment_board", _("Seats by entry")),
        ("assignment_loads", _("Seats by evaluator")),
        ("assignment_plan", _("Plan")),
        ("assignment_entries", _("Plan: entries")),
        ("assignment_evaluators", _("Plan: loads")),
    )
    if round.groups:
        named = (("group_list", _("Groups")), *named)
    return [
        {"label": label, "url": reverse(f"evaluations:{name}", args=[round.competition_id, round.pk]), "current": name == here}
        for name, label in named
    ]


def plan_frame(round, here: str) -> dict:
    return frame_of(round, f"evaluations:{here}") | {"tabs": tabs(round, here), "open": round.state in services.OPEN_ROUND}


def run_of(round):
    """The newest computation, with `old` where the plan has changed since, and the range of its loads."""
    run = newest_run(round)
    if run:
        run.old = run.plan_version != run.newest_plan
        run.lightest, run.heaviest = min(run.loads.values(), default=0), max(run.loads.values(), default=0)
    return run


def assignment_publish(request, pk, round_pk):
    round = round_page(request, pk, round_pk, "assignment.publish")
    counts, reasons = selectors.counts_of(round, selectors.seats_wanted(round)), ()
    if request.method == "POST":
        try:
            services.publish_assignments(round, actor=request.user, at=timezone.now())
        except Refused as refused:
            reasons = refused.reasons
        else:
            messages.success(request, _("The assignment is published. The evaluators see their sheets."))
            return redirect("evaluations:assignment_board", pk, round_pk)
    context = frame_of(round, "evaluations:assignment_board") | {"counts": counts, "reasons": reasons}
    return render(request, "evaluations/assignment_publish.html", context, status=409 if reasons else 200)


def entry_seats(request, pk, entry_pk):
    """Seats of one entry by hand: only who is free can be chosen, the others stand there with why not."""
    entry = selectors.entry_of(request.user, entry_pk)
    if entry.round.competition_id != pk:
        raise Http404
    reasons = ()
    if request.method == "POST":
        evaluator = Evaluator.objects.select_related("user").filter(pk=_number(request.POST.get("evaluator"))).first()
        try:
            if evaluator is None:
                return redirect("evaluations:entry_seats", pk, entry_pk)
            services.assign(entry, evaluator=evaluator, actor=request.user, at=timezone.now())
        except Refused as refused:
            reasons = refused.reasons
        else:
            messages.success(
                request, _("%(evaluator)s is assigned. The seat is shown to nobody before it is published.") % {"evaluator": evaluator.code}
            )
            return redirect("evaluations:entry_seats", pk, entry_pk)
    row, choices = selectors.entry_with_choices(entry)
    for seat in row.seats:
        word(seat)
    for choice in choices:
        choice.kind_words = [CONFLICT_KINDS[kind] for kind in choice.kinds]
    context = frame_of(entry.round, "evaluations:assignment_board") | {
        "entry": entry,
        "row": row,
        "choices": choices,
        "reasons": reasons,
        "open": entry.round.state in services.OPEN_ROUND,
    }
    return render(request, "evaluations/entry_seats.html", context, status=409 if reasons else 200)


def _number(text) -> int | None:
    return int(text) if text and text.isdecimal() and len(text) < 12 else None


@require_POST
def seat_remove(request, pk, seat_pk):
    seat = seat_page(request, pk, seat_pk, "assignment.create")
    try:
        services.remove_proposed(seat, actor=request.user, at=timezone.now())
    except Refused as refused:
        messages.error(request, say(refused.reasons[0]))
    else:
        messages.success(request, _("The proposed seat of %(evaluator)s is removed.") % {"evaluator": seat.evaluator.code})
    return redirect("evaluations:entry_seats", pk, seat.entry_id)


def seat_page(request, pk, seat_pk, action):
    seat = selectors.seat_of(request.user, seat_pk, action=action)
    if seat.entry.round.competition_id != pk:
        raise Http404
    return seat
