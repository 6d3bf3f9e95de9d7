"""Questions about totals that nobody expected: the organiser has them looked for, the evaluator answers on the own sheet."""

from datetime import timedelta

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.job_faults import fault_words
from accounts.permissions import NotAllowed, require
from competition.selectors.rules import vote_of
from competition.workflow import refusals
from evaluations.forms.running import FlagForm, OutliersForm
from evaluations.selectors import flags as selectors
from evaluations.services import flags as services
from evaluations.views.running import found_round, frame
from evaluations.views.sheets import context_of, own_sheet
from ledger.domain.reason import Refused


@require_http_methods(["GET", "POST"])
def round_outliers(request, pk, round_pk):
    """Numbers only: how many sheets were looked at, how many asked about, who has still to answer. A vote has none: 404."""
    round = found_round(request, pk, round_pk)
    require(request.user, "flag.look", round)
    if vote_of(round):
        raise Http404
    now = timezone.now()
    later = max(filter(None, (round.judging_closes, now + timedelta(days=2))))
    form = OutliersForm(request.POST if request.method == "POST" else None, initial={"due_at": timezone.localtime(later)})
    if request.method == "POST" and form.is_valid():
        try:
            services.ask_outliers(round, **form.cleaned_data, actor=request.user, at=now)
        except NotAllowed:
            raise
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, _("The submitted sheets are being looked through."))
            return redirect("evaluations:round_outliers", pk, round_pk)
    job = selectors.look_job(round)
    context = frame(round) | {
        "form": form,
        "job": job,
        "fault": fault_words(job) if job is not None and job.is_over else "",
        "searches": selectors.searches_of(round),
        "waiting": selectors.waiting_by_evaluator(round),
    }
    return render(request, "evaluations/running/outliers.html", context, status=422 if form.errors else 200)


@never_cache
@require_http_methods(["GET", "POST"])
def flag_answer(request, pk, sheet_pk):
    """Shows the own marks and nobody else's."""
    sheet = own_sheet(request, pk, sheet_pk, action="sheet.correct")
    flag = selectors.flag_of(sheet)
    if flag is None:
        return redirect("evaluations:sheet_edit", pk, sheet_pk)
    now = timezone.now()
    form = FlagForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            services.answer_flag(flag, **form.cleaned_data, actor=request.user, at=now)
        except NotAllowed:
            raise
        except Refused as refused:
            form.refuse(refused)
        else:
            words = {
                "confirm": _("Your answer is on file; the marks stay."),
                "correct": _("The sheet is open again. Both versions are kept."),
            }
            messages.success(request, words[form.cleaned_data["answer"]])
            return redirect("evaluations:sheet_edit", pk, sheet_pk)
    against = refusals(sheet, "correct", actor=request.user, at=now)
    context = context_of(request, sheet, form=form, flag=flag, against=against)
    return render(request, "evaluations/flag_answer.html", context, status=422 if form.errors else 200)
