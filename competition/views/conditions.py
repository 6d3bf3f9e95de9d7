"""Conditions of titles: the list of a round, and ruling on one."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.permissions import require
from competition import labels
from competition.domain.calendar import beijing_date
from competition.domain.states import IN_RACE
from competition.forms.conditions import ExtensionForm, GroundForm
from competition.permissions.publicity import free_to_rule
from competition.selectors import conditions as selectors
from competition.selectors.competitions import round_of
from competition.services import conditions as services
from ledger.domain.reason import Refused


def condition_list(request, pk, round_pk):
    round = round_of(request.user, round_pk)
    if round.competition_id != pk:
        raise Http404
    require(request.user, "award.view", round)
    today = beijing_date(timezone.now())
    page = Paginator(selectors.conditions(round), 100).get_page(request.GET.get("page"))
    free = free_to_rule(request.user, round, {row.entry.application.cluster_id for row in page.object_list})
    context = {
        "competition": round.competition,
        "demo": round.competition.demo,
        "round": round,
        "page": page,
        "rows": [_row(condition, today, free) for condition in page.object_list],
    }
    return render(request, "competition/deciding/condition_list.html", context)


def _row(condition, today, free) -> dict:
    entry, waits = condition.entry, condition.state == "open"
    return {
        "condition": condition,
        "cluster": entry.application.cluster,
        "text": condition.words("text"),
        "state": labels.CONDITION_STATES[condition.state],
        "pill": labels.CONDITION_PILLS[condition.state],
        "left": labels.ENTRY_STATES[entry.state] if entry.state not in IN_RACE else "",
        "over": waits and condition.due_on < today,
        "may_rule": waits and entry.state in IN_RACE and entry.application.cluster_id in free,
    }


def _ruling(request, pk, condition_pk, verb, act, words, form_class=GroundForm):
    condition = selectors.condition_of(request.user, pk, condition_pk, action=f"condition.{verb}")
    round = condition.entry.round
    back = reverse("competition:condition_list", args=[pk, round.pk])
    form = form_class(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            act(condition, **form.cleaned_data, actor=request.user, at=timezone.now())
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, words["done"])
            return redirect(back)
    context = words | {
        "competition": round.competition,
        "demo": round.competition.demo,
        "round": round,
        "condition": condition,
        "cluster": condition.entry.application.cluster,
        "terms": condition.words("text"),
        "form": form,
        "back": back,
    }
    return render(request, "competition/deciding/condition.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def condition_meet(request, pk, condition_pk):
    words = {
        "question": _("Is the condition met?"),
        "text": _(
            "The title counts without reserve from now on, and a certificate that bears the condition is issued anew."
            " This cannot be taken back."
        ),
        "label": _("It is met"),
        "done": _("The condition is met; the title counts without reserve."),
    }
    return _ruling(request, pk, condition_pk, "meet", services.meet_condition, words)


@require_http_methods(["GET", "POST"])
def condition_miss(request, pk, condition_pk):
    words = {
        "question": _("Is the condition not met?"),
        "text": _("Its titles are revoked at once, with these grounds, and their verification pages say so. This cannot be taken back."),
        "label": _("It is not met"),
        "done": _("The condition is not met; its titles are revoked."),
        "grave": True,
    }
    return _ruling(request, pk, condition_pk, "miss", services.miss_condition, words)


@require_http_methods(["GET", "POST"])
def condition_extend(request, pk, condition_pk):
    words = {
        "question": _("Give more time?"),
        "text": _("The applicant is told at once. A certificate that bears the earlier day is issued anew."),
        "label": _("Give more time"),
        "done": _("The new day holds."),
    }
    return _ruling(request, pk, condition_pk, "extend", services.extend_condition, words, ExtensionForm)
