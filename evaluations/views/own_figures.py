"""The applicant's own figures: how the computed points of a released round came about. Of others there are numbers at most, and
those only where the competition publishes ranks."""

import logging

from django.http import Http404
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from accounts.permissions import NotAllowed
from competition.models import Standings
from competition.permissions.secrecy import against_own_outcome, against_public_ranks
from competition.selectors.applications import draft_of
from competition.views.application_page import frame
from evaluations.selectors.ballots import VOTE
from evaluations.selectors.explaining import whys
from evaluations.selectors.figures_explained import metrics_explained
from evaluations.selectors.rubrics import book_of

log = logging.getLogger(__name__)
# In a smaller group the least and the greatest figure would tell whose they are.
LEAST_GROUP = 5


@require_GET
def own_figures(request, pk, application_pk, round_pk):
    application = draft_of(request.user, application_pk, pk)
    entries = application.entries.filter(round=round_pk)
    entry = entries.select_related("round__competition", "track", "application", "revision__form").first()
    if entry is None:
        raise Http404
    if reason := against_own_outcome(request.user, entry):
        raise NotAllowed(reason)
    snapshot = Standings.objects.filter(round=entry.round, proposals__state="released").select_related("round__competition").last()
    if snapshot is None or VOTE in snapshot.method:
        raise Http404
    book = book_of(entry.round)
    why = whys(snapshot, [entry.pk], book=book).get(entry.pk)
    if why is None or why.steps is None:
        raise Http404
    metrics = []
    if why.faults:
        log.error("snapshot %s of round %s does not agree with the sheets of entry %s", snapshot.number, entry.round_id, entry.pk)
    else:
        metrics = metrics_explained(entry, book, why.metrics)
    sizes = [steps.group.size for steps in why.metrics.values() if steps.group]
    ranks = against_public_ranks(entry.round) is None
    context = frame(application, at=timezone.now()) | {
        "entry": entry,
        "round": entry.round,
        "metrics": metrics,
        "faulty": bool(why.faults),
        "group": ranks,
        "extremes": ranks and min(sizes, default=0) >= LEAST_GROUP,
    }
    return render(request, "evaluations/why/own.html", context)
