"""The organiser's pool of evaluators, and the conflicts declared of the competition's people."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from competition.selectors.competitions import competition as find_competition
from evaluations.forms.judging import ConflictForm, EvaluatorForm, ReasonForm
from evaluations.labels import CONFLICT_KINDS
from evaluations.selectors import evaluators as selectors
from evaluations.services import conflicts as conflict_services
from evaluations.services import evaluators as services
from evaluations.views.own import frame
from ledger.domain.reason import Refused
from ledger.reasons import say

PAGE = 100


@require_GET
def evaluator_list(request, pk):
    competition = find_competition(request.user, pk, action="evaluator.manage")
    page = Paginator(selectors.people(competition), PAGE).get_page(request.GET.get("page"))
    context = frame(competition) | {"page": page, "without": selectors.without_profile(competition).count()}
    return render(request, "evaluations/evaluator_list.html", context)


@require_POST
def evaluator_enrol(request, pk):
    competition = find_competition(request.user, pk, action="evaluator.manage")
    try:
        made = services.enrol_evaluators(competition, actor=request.user, at=timezone.now())
    except Refused as refused:
        messages.error(request, say(refused.reasons[0]))
    else:
        messages.success(request, ngettext("%(n)s code is drawn.", "%(n)s codes are drawn.", made) % {"n": made})
    return redirect("evaluations:evaluator_list", pk)


def evaluator_edit(request, pk, user_pk):
    competition = find_competition(request.user, pk, action="evaluator.manage")
    person = get_object_or_404(selectors.people(competition), pk=user_pk)
    evaluator = getattr(person, "evaluator", None)
    initial = {"active": True}
    if evaluator:
        initial = {
            "title": evaluator.title,
            "employer": evaluator.employer_id,
            "regions": [region.pk for region in evaluator.regions.all()],
            "sectors": [sector.pk for sector in evaluator.sectors.all()],
            "active": evaluator.active,
        }
    form = EvaluatorForm(request.POST if request.method == "POST" else None, initial=initial)
    if form.is_valid():
        try:
            services.edit_evaluator(person, competition=competition, **form.cleaned_data, actor=request.user, at=timezone.now())
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, _("Saved."))
            return redirect("evaluations:evaluator_list", pk)
    context = frame(competition) | {"form": form, "person": person, "evaluator": evaluator}
    return render(request, "evaluations/evaluator_edit.html", context, status=422 if form.errors else 200)


def conflict_list(request, pk):
    """What was declared; what follows from employer, region or application stands at the seats themselves."""
    competition = find_competition(request.user, pk, action="conflict.declare")
    form = ConflictForm(
        request.POST if request.method == "POST" else None,
        people=selectors.members(competition),
        clusters=selectors.clusters(competition),
    )
    if form.is_valid():
        data = dict(form.cleaned_data)
        try:
            conflict_services.declare_conflict(data.pop("user"), competition=competition, **data, actor=request.user, at=timezone.now())
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, _("The conflict is declared. It binds from now on, in this and in every other competition."))
            return redirect("evaluations:conflict_list", pk)
    page = Paginator(selectors.declared(competition), PAGE).get_page(request.GET.get("page"))
    for conflict in page:
        conflict.words = CONFLICT_KINDS[conflict.kind]
    context = frame(competition) | {"form": form, "page": page}
    return render(request, "evaluations/conflict_list.html", context, status=422 if form.errors else 200)


def conflict_end(request, pk, conflict_pk):
    competition = find_competition(request.user, pk, action="conflict.declare")
    conflict = get_object_or_404(selectors.declared(competition), pk=conflict_pk)
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            conflict_services.end_conflict(conflict, competition=competition, **form.cleaned_data, actor=request.user, at=timezone.now())
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, _("The conflict no longer binds."))
            return redirect("evaluations:conflict_list", pk)
    names = {"person": conflict.user, "cluster": conflict.cluster, "kind": CONFLICT_KINDS[conflict.kind]}
    context = frame(competition) | {
        "form": form,
        "heading": _("End a declared conflict"),
        "question": _("%(person)s · %(cluster)s: %(kind)s") % names,
        "text": _("The person can be assigned to this cluster again and sees its results. That the conflict was declared stays on record."),
        "label": _("End the conflict"),
        "back": "../../",
    }
    return render(request, "confirm.html", context, status=422 if form.errors else 200)
