"""From province to nation: the organiser names what feeds an edition; the region or the province nominates a chosen entry."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.permissions import can
from competition.forms.recommending import FeedersForm, NominateForm
from competition.models import Competition
from competition.selectors import nominations as selectors
from competition.selectors import quotas as accounts
from competition.services import nominations as services
from competition.views.setting import draft_of, frame
from ledger.domain.reason import Refused


@require_http_methods(["GET", "POST"])
def feeder_list(request, pk):
    competition = draft_of(request, pk)
    initial = {"sources": list(competition.feeders.values_list("source_id", flat=True)), "version": competition.edit_version}
    form = FeedersForm(request.POST if request.method == "POST" else None, initial=initial, sources=selectors.sources(competition))
    if form.is_valid():
        given = form.cleaned_data
        try:
            services.set_feeders(
                competition, wanted=list(given["sources"]), version=given["version"], actor=request.user, at=timezone.now()
            )
        except Refused as refused:
            form.refuse_stale(refused, Competition.objects.get(pk=pk).edit_version)
        else:
            messages.success(request, _("Saved."))
            return redirect("competition:feeder_list", pk)
    context = frame(competition, "quotas") | {"form": form, "of_nation": competition.level == "nation"}
    return render(request, "competition/setup/feeder_list.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def nomination_make(request, pk, entry_pk):
    """`edition` chooses the national edition where several take in; its tracks and the account of the region stand beside."""
    entry = selectors.candidate_entry(request.user, pk, entry_pk)
    targets = selectors.targets(request.user, entry)
    wanted = request.GET.get("edition", "")
    candidate = next((row for row in targets if str(row.quota.competition_id) == wanted), targets[0])
    edition = candidate.quota.competition
    quota = accounts.with_account(
        accounts.counted(type(candidate.quota).objects.filter(pk=candidate.quota.pk)).select_related("region").get()
    )
    quota.competition = edition
    track = edition.tracks.filter(code=entry.track.code).first() if entry.track else None
    form = NominateForm(request.POST if request.method == "POST" else None, tracks=edition.tracks.all(), initial={"track": track})
    if form.is_valid():
        given = form.cleaned_data
        try:
            services.nominate(
                entry, competition=edition, track=given.get("track"), opinion=given["opinion"], actor=request.user, at=timezone.now()
            )
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, _("Nominated: the draft is there, its applicant is told to submit it."))
            if can(request.user, "quota.view", quota).allowed:
                return redirect("competition:quota_detail", edition.pk, quota.pk)
            return redirect("competition:intake_detail", pk, entry.application_id)
    context = {
        "demo": edition.demo,
        "entry": entry,
        "source": entry.round.competition,
        "edition": edition,
        "choices": [
            {"label": str(row.quota.competition), "url": f"?edition={row.quota.competition_id}", "current": row is candidate}
            for row in targets
        ],
        "quota": quota,
        "account": quota.account,
        "closes": edition.recommendation_closes,
        "form": form,
        "question": _("Nominate this cluster into %(edition)s?") % {"edition": edition},
        "text": _(
            "A draft of the same cluster and organisation is made with revision %(number)s, answers and files as they were accepted. "
            "It takes one of the region's places at once; the applicant submits it as it is or edits it first."
        )
        % {"number": entry.revision.number},
        "label": _("Nominate"),
        "back": _back(request.user, quota, entry),
    }
    return render(request, "competition/recommending/nominate.html", context, status=422 if form.errors else 200)


def _back(user, quota, entry) -> str:
    if can(user, "quota.view", quota).allowed:
        return reverse("competition:quota_detail", args=[quota.competition_id, quota.pk])
    return reverse("competition:intake_detail", args=[entry.round.competition_id, entry.application_id])
