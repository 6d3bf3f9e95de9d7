"""What an organiser does with one seat while the round is judged: extend, replace, waive, return its sheet."""

from datetime import timedelta

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.permissions import NotAllowed
from evaluations.forms.running import ExtendForm, ReasonForm, ReplaceForm, ReturnForm
from evaluations.selectors.assignments import seat_for_staff
from evaluations.selectors.replacements import candidates
from evaluations.services.assignments import extend_seat, replace_evaluator, waive_seat
from evaluations.services.sheets import return_sheet
from ledger.domain.reason import Refused


def _page(request, pk, seat_pk, *, action, make, act, words):
    """`make(seat, data)` gives the form, `act(seat, cleaned)` calls the service, `words(seat)` the texts of the page."""
    seat = seat_for_staff(request.user, seat_pk, action=action)
    round = seat.entry.round
    if round.competition_id != pk:
        raise Http404
    form = make(seat, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            act(seat, form.cleaned_data)
        except NotAllowed:
            raise
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, words(seat)["done"])
            return redirect(reverse("evaluations:round_progress", args=[pk, round.pk]) + "?by=seat")
    context = {
        "competition": round.competition,
        "demo": round.competition.demo,
        "form": form,
        "back": reverse("evaluations:round_progress", args=[pk, round.pk]) + "?by=seat",
        **words(seat),
    }
    return render(request, "confirm.html", context, status=422 if form.errors else 200)


def _names(seat) -> dict:
    return {"evaluator": f"{seat.evaluator.code} {seat.evaluator.user.display_name()}", "cluster": seat.entry.application.cluster}


@require_http_methods(["GET", "POST"])
def seat_extend(request, pk, seat_pk):
    now = timezone.now()

    def words(seat):
        return {
            "question": _("Extend the deadline of %(evaluator)s?") % _names(seat),
            "text": _("For the sheet on %(cluster)s alone. Everybody else keeps the deadline of the round.") % _names(seat),
            "label": _("Extend"),
            "done": _("The deadline is extended."),
        }

    def make(seat, data):
        later = max(filter(None, (seat.due_at, seat.entry.round.judging_closes, now))) + timedelta(days=1)
        return ExtendForm(data, initial={"due_at": timezone.localtime(later)})

    return _page(
        request,
        pk,
        seat_pk,
        action="assignment.extend",
        make=make,
        act=lambda seat, given: extend_seat(seat, **given, actor=request.user, at=now),
        words=words,
    )


@require_http_methods(["GET", "POST"])
def seat_replace(request, pk, seat_pk):
    def words(seat):
        return {
            "question": _("Replace %(evaluator)s?") % _names(seat),
            "text": _("The new evaluator judges %(cluster)s at once. Marks of the one before stay on file and no longer count.")
            % _names(seat),
            "label": _("Replace"),
            "done": _("The evaluator is replaced."),
        }

    return _page(
        request,
        pk,
        seat_pk,
        action="assignment.replace",
        make=lambda seat, data: ReplaceForm(data, candidates=candidates(seat)),
        act=lambda seat, given: replace_evaluator(seat, **given, actor=request.user, at=timezone.now()),
        words=words,
    )


@require_http_methods(["GET", "POST"])
def seat_waive(request, pk, seat_pk):
    def words(seat):
        return {
            "question": _("Waive the seat of %(evaluator)s?") % _names(seat),
            "text": _(
                "%(cluster)s is judged by one evaluator fewer. Marks of this seat stay on file and do not count. This cannot be undone."
            )
            % _names(seat),
            "label": _("Waive the seat"),
            "done": _("The seat is waived."),
            "grave": True,
        }

    return _page(
        request,
        pk,
        seat_pk,
        action="assignment.waive",
        make=lambda seat, data: ReasonForm(data),
        act=lambda seat, given: waive_seat(seat, **given, actor=request.user, at=timezone.now()),
        words=words,
    )


@require_http_methods(["GET", "POST"])
def sheet_return(request, pk, seat_pk):
    def words(seat):
        return {
            "question": _("Return the sheet of %(evaluator)s?") % _names(seat),
            "text": _("The marks for %(cluster)s do not count until the sheet is submitted again. Both versions are kept.") % _names(seat),
            "label": _("Return the sheet"),
            "done": _("The sheet is returned."),
        }

    def act(seat, given):
        if getattr(seat, "sheet", None) is None:
            raise Http404
        return_sheet(seat.sheet, **given, actor=request.user, at=timezone.now())

    return _page(request, pk, seat_pk, action="sheet.return", make=lambda seat, data: ReturnForm(data), act=act, words=words)
