"""The advancement rule of a round."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from competition.forms.advancement import AdvancementForm
from competition.rule_wording import advancement_words
from competition.selectors.limits import group_names
from competition.selectors.rules import advancement_of
from competition.services.rules import save_advancement
from competition.views.setting import frame, round_in
from ledger.domain.reason import Refused


def _form(round, row, data) -> AdvancementForm:
    competition = round.competition
    names, tracks = group_names(competition), list(competition.tracks.all())
    return AdvancementForm(
        data, tracks=tracks, names=names, rule=row and row.rule, version=row.version if row else 0, grouped=bool(round.groups)
    )


@require_http_methods(["GET", "POST"])
def advancement_edit(request, pk, round_pk):
    round = round_in(request, pk, round_pk)
    competition = round.competition
    row = advancement_of(round)
    form = _form(round, row, request.POST if request.method == "POST" else None)
    if competition.state != "draft":
        form.freeze()
    elif form.is_valid():
        try:
            save_advancement(round, rule=form.to_rule(), version=form.cleaned_data["version"], actor=request.user, at=timezone.now())
        except Refused as refused:
            current = advancement_of(round)
            form.refuse_stale(refused, current.version if current else 0)
        else:
            messages.success(request, _("Saved."))
            return redirect("competition:advancement_edit", pk, round_pk)
    context = frame(competition, "advancement", round, "competition:advancement_edit") | {
        "form": form,
        "words": advancement_words(row.rule, form.names, get_language()) if row else [],
    }
    return render(request, "competition/setup/advancement_edit.html", context, status=422 if form.errors else 200)


@require_POST
def advancement_preview(request, pk, round_pk):
    """What is typed, in words; nothing is saved. 204 while it is not whole or cannot work."""
    round = round_in(request, pk, round_pk)
    form = _form(round, advancement_of(round), request.POST)
    if not form.is_valid():
        return HttpResponse(status=204)
    words = advancement_words(form.to_rule(), form.names, get_language())
    return render(request, "competition/setup/advancement_words.html", {"words": words, "typed": True})
