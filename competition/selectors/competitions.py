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
    """Http404 for strangers to the round's competition, NotAllowed for colleagues without `action`."""
    seen = visible(viewer, "competition.view", Competition).values("pk")
    found = Round.objects.filter(pk=pk, competition__in=seen).select_related("competition", "competition__region").first()
    if found is None:
        raise Http404
    require(viewer, action, found)
    return found


def published():
    """What the public sees: every competition whose call is out, newest first."""
    return Competition.objects.exclude(state="draft").select_related("region").prefetch_related("rounds")
