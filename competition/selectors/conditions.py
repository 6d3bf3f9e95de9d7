"""Conditions of titles, as staff read them."""

from django.http import Http404

from accounts.permissions import require
from competition.models import Condition
from competition.selectors.competitions import competition as find_competition


def conditions(round):
    """The nearest day first, those ruled on last; one query whatever their number."""
    rows = Condition.objects.filter(entry__round=round).select_related("entry__application__cluster__lead_region", "entry__track")
    return rows.order_by("ruled_at", "due_on", "pk")


def condition_of(viewer, competition_pk, pk, *, action) -> Condition:
    """Http404 for strangers to its competition, NotAllowed for colleagues without the right."""
    related = ("entry__round__competition", "entry__application__cluster")
    found = Condition.objects.filter(pk=pk, entry__round__competition=competition_pk).select_related(*related).first()
    if found is None:
        raise Http404
    find_competition(viewer, competition_pk)
    require(viewer, action, found)
    return found
