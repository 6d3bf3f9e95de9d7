"""An evaluator's own pages: what there is to judge, the undertaking, the answer about conflicts."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from evaluations import undertaking
from evaluations.forms.judging import RecuseForm, UndertakingForm
from evaluations.labels import STAGES
from evaluations.selectors import seats as selectors
from evaluations.selectors.blindness import judged_name
from evaluations.services import assignments as services
from ledger.domain.reason import Refused


@require_GET
def my_sheets(request):
    """Every round with seats of one's own."""
    now = timezone.now()
    rounds = selectors.own_rounds(request.user)
    for own in rounds:
        own.left = own.due_at - now if own.due_at and own.due_at > now and own.begun else None
        own.late = bool(own.due_at and own.due_at <= now)
    return render(request, "evaluations/my_sheets.html", {"rounds": rounds, "demo": any(own.round.competition.demo for own in rounds)})


@require_GET
def my_round(request, pk, round_pk):
    """The seats of one round, in the order of the sheets."""
    round = own_round(request, pk, round_pk)
    seats = selectors.seats_in(request.user, round)
    own = next(own for own in selectors.own_rounds(request.user) if own.round.pk == round.pk)
    waiting = next((seat for seat in seats if seat.stage in selectors.OPEN), None)
    for seat in seats:
        seat.words, seat.pill = STAGES[seat.stage]
    context = frame(round.competition) | {"round": round, "seats": seats[:200], "own": own, "waiting": waiting, "now": timezone.now()}
    return render(request, "evaluations/my_round.html", context)


def sign(request, pk, round_pk):
    """The undertaking, once per round, before the first sheet."""
    round = own_round(request, pk, round_pk)
    form = UndertakingForm(request.POST if request.method == "POST" else None)
    signed = round.undertakings.filter(evaluator__user=request.user).first()
    if request.method == "POST" and form.is_valid():
        try:
            services.sign_undertaking(round, text=undertaking.text_of(round), actor=request.user, at=timezone.now())
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, _("The undertaking is signed. Your sheets are open."))
            return redirect("evaluations:my_round", pk, round_pk)
    first, *points = undertaking.paragraphs(round)
    context = frame(round.competition) | {"round": round, "form": form, "signed": signed, "first": first, "points": points}
    return render(request, "evaluations/undertaking.html", context, status=422 if form.errors else 200)


def seat_answer(request, pk, seat_pk):
    """No conflict, or recuse: asked before each sheet. Recusing stays possible until the sheet is locked."""
    seat = own_seat(request, pk, seat_pk)
    round = seat.entry.round
    if seat.stage not in ("answer", "draft", "returned", "submitted"):
        return redirect("evaluations:my_round", pk, round.pk)
    if not round.undertakings.filter(evaluator__user=request.user).exists():
        return redirect("evaluations:undertaking_sign", pk, round.pk)
    form = RecuseForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            services.recuse(seat, **form.cleaned_data, actor=request.user, at=timezone.now())
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(
                request,
                _("You have recused yourself from %(cluster)s. The organiser fills the seat.") % {"cluster": judged_name(seat.entry)},
            )
            return redirect("evaluations:my_round", pk, round.pk)
    context = frame(round.competition) | {"round": round, "seat": seat, "form": form, "place": selectors.place(request.user, seat)}
    return render(request, "evaluations/seat_answer.html", context, status=422 if form.errors else 200)


@require_POST
def seat_confirm(request, pk, seat_pk):
    """ "No conflict": the sheet opens."""
    seat = own_seat(request, pk, seat_pk)
    if seat.stage == "answer" and seat.state == "published":
        try:
            seat = services.confirm(seat, actor=request.user, at=timezone.now())
        except Refused as refused:
            form = RecuseForm(None)
            context = frame(seat.entry.round.competition) | {
                "round": seat.entry.round,
                "seat": seat,
                "form": form,
                "reasons": refused.reasons,
                "place": selectors.place(request.user, seat),
            }
            return render(request, "evaluations/seat_answer.html", context, status=409)
    return redirect("evaluations:sheet_edit", pk, seat.sheet.pk)


@require_GET
def signed_in(request):
    """Where a sign-in from beside a sheet ends: the sheet is told and sends what it holds."""
    return render(request, "evaluations/signed_in.html", {"back": reverse("evaluations:my_sheets")})


def own_round(request, pk, round_pk):
    round = selectors.own_round(request.user, round_pk)
    if round.competition_id != pk:
        raise Http404
    return round


def own_seat(request, pk, seat_pk):
    seat = selectors.seat(request.user, seat_pk)
    if seat.entry.round.competition_id != pk:
        raise Http404
    return seat


def frame(competition) -> dict:
    return {"competition": competition, "demo": competition.demo}
