"""The organiser's table of places by region, and moving its deadline once the call is out."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from competition.forms.recommending import MoveDeadlineForm, QuotasForm
from competition.models import Competition
from competition.selectors import quotas as selectors
from competition.services import quotas as services
from competition.services.recommendations import move_recommendation
from competition.views.setting import draft_of, frame
from ledger.domain.reason import Refused


@require_http_methods(["GET", "POST"])
def quota_list(request, pk):
    competition = draft_of(request, pk)
    frozen = competition.state != "draft"
    rows = list(selectors.counted(competition.quotas.select_related("region")).order_by("region_id"))
    for row in rows:
        selectors.with_account(row)
    initial = {"required": competition.recommendation, "closes": competition.recommendation_closes, "version": competition.edit_version}
    initial |= {f"places_{row.region_id}": row.places for row in rows}
    initial |= {f"unlimited_{row.region_id}": row.places is None for row in rows}
    data = request.POST if request.method == "POST" and not frozen else None
    form = QuotasForm(data, initial=initial, regions=[] if frozen else selectors.regions_offered(competition))
    if form.is_valid():
        given = form.cleaned_data
        try:
            services.set_quotas(
                competition,
                required=given["required"],
                closes=given["closes"],
                places=form.places(),
                version=given["version"],
                actor=request.user,
                at=timezone.now(),
            )
        except Refused as refused:
            form.refuse_stale(refused, Competition.objects.get(pk=pk).edit_version)
        else:
            messages.success(request, _("Saved."))
            return redirect("competition:quota_list", pk)
    context = frame(competition, "quotas") | {"form": form, "rows": rows}
    return render(request, "competition/setup/quota_list.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def recommendation_move(request, pk):
    competition = draft_of(request, pk)
    form = MoveDeadlineForm(request.POST if request.method == "POST" else None, initial={"closes": competition.recommendation_closes})
    if form.is_valid():
        given = form.cleaned_data
        try:
            move_recommendation(competition, closes=given["closes"], reason=given["reason"], actor=request.user, at=timezone.now())
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, _("The deadline is moved; the public page shows the new one."))
            return redirect("competition:quota_list", pk)
    words = {
        "question": _("Move the deadline for recommendations?"),
        "text": _("Regions that have places left may recommend until the new deadline. It can only be moved to a later moment."),
        "label": _("Move the deadline"),
        "back": reverse("competition:quota_list", args=[pk]),
    }
    context = frame(competition, "quotas") | words | {"form": form}
    return render(request, "confirm.html", context, status=422 if form.errors else 200)
