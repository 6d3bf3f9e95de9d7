"""Publicity of a released round: its list, its period, objections."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.permissions import can, require
from competition import labels
from competition.domain.calendar import beijing_date, end_of
from competition.forms.decisions import ObjectionDecisionForm, ObjectionForm
from competition.forms.refusable import RefusableForm
from competition.selectors import publicity as selectors
from competition.selectors.competitions import is_last
from competition.services import publicity as services
from ledger.domain.reason import Refused


def _frame(notice) -> dict:
    round = notice.proposal.round
    return {"competition": round.competition, "demo": round.competition.demo, "round": round, "notice": notice}


def _objection_row(row) -> dict:
    return {
        "objection": row,
        "state": labels.OBJECTION_STATES[row.state],
        "pill": labels.OBJECTION_PILLS[row.state],
        "kind": labels.OBJECTORS[row.objector_kind],
    }


@never_cache
def notice_detail(request, pk, notice_pk):
    notice = selectors.notice_of(request.user, pk, notice_pk)
    now = timezone.now()
    entries = selectors.listed_entries(notice).filter(outcome="advance")
    page = Paginator(entries, 100).get_page(request.GET.get("page"))
    round = notice.proposal.round
    context = _frame(notice) | {
        "phase": "withdrawn" if notice.state != "published" else "over" if beijing_date(now) > notice.ends_on else "running",
        "ends_at": end_of(notice.ends_on),
        "page": page,
        "rows": [
            {"entry": entry, "state": labels.ENTRY_STATES[entry.state], "suspended": entry.open_objections > 0}
            for entry in page.object_list
        ],
        "objections": [_objection_row(row) for row in selectors.objections(notice)[:100]],
        "may_record": notice.state == "published" and can(request.user, "objection.record", notice).allowed,
        "last_round": is_last(round),
    }
    return render(request, "competition/deciding/notice_detail.html", context)


@require_http_methods(["GET", "POST"])
def objection_record(request, pk, notice_pk):
    notice = selectors.notice_of(request.user, pk, notice_pk)
    require(request.user, "objection.record", notice)
    form = ObjectionForm(request.POST if request.method == "POST" else None, entries=selectors.listed_entries(notice))
    if form.is_valid():
        try:
            made = services.record_objection(notice, **form.cleaned_data, actor=request.user, at=timezone.now())
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, _("The objection is recorded. Its entry is suspended, the others are not touched."))
            return redirect("competition:objection_detail", pk, made.pk)
    context = _frame(notice) | {"form": form}
    return render(request, "competition/deciding/objection_record.html", context, status=422 if form.errors else 200)


@never_cache
@require_http_methods(["GET", "POST"])
def objection_detail(request, pk, objection_pk):
    objection = selectors.objection_of(request.user, pk, objection_pk)
    answer = can(request.user, "objection.reject", objection)
    form = None
    if objection.state == "open" and (answer.allowed or request.method == "POST"):
        form = ObjectionDecisionForm(request.POST if request.method == "POST" else None)
    if form is not None and form.is_valid():
        ruling = form.cleaned_data["ruling"]
        try:
            services.decide_objection(
                objection,
                upheld=ruling != "reject",
                disqualify=ruling == "disqualify",
                decision=form.cleaned_data["decision"],
                actor=request.user,
                at=timezone.now(),
            )
        except Refused as refused:
            if not answer.allowed:
                raise
            form.refuse(refused)
        else:
            messages.success(request, _("The objection is decided."))
            return redirect("competition:notice_detail", pk, objection.notice_id)
    context = (
        _frame(objection.notice)
        | _objection_row(objection)
        | {
            "form": form,
            "answer": answer,
            "may_withdraw": objection.state == "open" and can(request.user, "objection.withdraw", objection).allowed,
        }
    )
    return render(request, "competition/deciding/objection_detail.html", context, status=422 if form is not None and form.errors else 200)


@require_http_methods(["GET", "POST"])
def objection_withdraw(request, pk, objection_pk):
    objection = selectors.objection_of(request.user, pk, objection_pk, action="objection.withdraw")
    form = RefusableForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            services.withdraw_objection(objection, actor=request.user, at=timezone.now())
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, _("Noted: the objector took it back."))
            return redirect("competition:notice_detail", pk, objection.notice_id)
    context = _frame(objection.notice) | {
        "form": form,
        "question": _("Note that the objector took the objection back?"),
        "text": _("The entry runs again unless another objection against it is open. The record stays."),
        "label": _("Note it"),
        "back": reverse("competition:objection_detail", args=[pk, objection_pk]),
    }
    return render(request, "confirm.html", context, status=422 if form.errors else 200)
