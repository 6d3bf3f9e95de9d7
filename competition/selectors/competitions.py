from django.db.models import Count, Q
from django.http import Http404

from accounts.permissions import require, visible
from competition.models import Competition, Round


def competitions(viewer):
    """Those the viewer has a part in, newest first, with `application_count`."""
    return (
        visible(viewer, "competition.view", Competition)
        .select_related("region")
        .prefetch_related("rounds")
        .annotate(application_count=Count("applications", filter=~Q(applications__state="draft"), distinct=True))
        .order_by("-year", "-id")
    )


def competition(viewer, pk, *, action="competition.view") -> Competition:
    """Http404 for strangers to it, NotAllowed for colleagues without `action`."""
    found = visible(viewer, "competition.view", Competition).filter(pk=pk).select_related("region").first()
    if found is None:
        raise Http404
    require(viewer, action, found)
    return found


def round_of(viewer, pk, *, action="round.view") -> Round:
    """With `beside`: all rounds of its competition in order, itself among them. One query. Http404 for strangers to the competition,
    NotAllowed for colleagues without `action`."""
    seen = visible(viewer, "competition.view", Competition).values("pk")
    rows = Round.objects.filter(competition__rounds=pk, competition__in=seen).select_related("competition__region")
    beside = list(rows.order_by("order", "pk"))
    found = next((row for row in beside if row.pk == pk), None)
    if found is None:
        raise Http404
    found.beside = beside
    require(viewer, action, found)
    return found


def is_last(round) -> bool:
    """Whether it is the one whose chosen get titles. No query where its neighbours are read already (`beside`)."""
    if hasattr(round, "beside"):
        return not any(row.order > round.order for row in round.beside)
    return not Round.objects.filter(competition=round.competition_id, order__gt=round.order).exists()


def published():
    """What the public sees: every competition whose call is out, newest first."""
    return Competition.objects.exclude(state="draft").select_related("region").prefetch_related("rounds")
