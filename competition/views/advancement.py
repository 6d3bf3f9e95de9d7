"""The advancement rule of a round."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from competition.forms.advancement import AdvancementForm
from competition.selectors.rules import advancement_of
from competition.services.rules import save_advancement
from competition.views.setting import frame, round_in
from competition.wording import advancement_words
from ledger.domain.reason import Refused


@require_http_methods(["GET", "POST"])
def advancement_edit(request, pk, round_pk):
    round = round_in(request, pk, round_pk)
    competition = round.competition
    row = advancement_of(round)
    tracks = list(competition.tracks.all())
    form = AdvancementForm(
        request.POST if request.method == "POST" else None, tracks=tracks, rule=row and row.rule, version=row.version if row else 0
    )
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
    names = {track.code: str(track) for track in tracks}
    context = frame(competition, "advancement", round, "competition:advancement_edit") | {
        "form": form,
        "words": advancement_words(row.rule, names, get_language()) if row else [],
    }
    return render(request, "competition/setup/advancement_edit.html", context, status=422 if form.errors else 200)
