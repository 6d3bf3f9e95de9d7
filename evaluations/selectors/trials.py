"""On what a scheme may be tried."""

from competition.models import Entry, Round
from competition.permissions.holding import staffed
from competition.permissions.secrecy import LOCKED

MOST_ROUNDS = 60


def finished_rounds(viewer) -> list[Round]:
    """Closed and released rounds of the competitions on whose staff the viewer is, the newest first. One query. Whether a conflict
    keeps one of them shut is answered when it is asked for."""
    rows = Round.objects.filter(state__in=LOCKED).select_related("competition").order_by("-competition__year", "-competition", "-order")
    return list(staffed(viewer, rows, "competition")[:MOST_ROUNDS])


def round_to_try(viewer, pk: int) -> Round | None:
    """Any round of such a competition, also one that is still judged: that it is refused, and why, is said by the service."""
    return staffed(viewer, Round.objects.filter(pk=pk).select_related("competition"), "competition").first()


def names_of(entries) -> dict[str, str]:
    """Clusters by entry id as text: one query."""
    rows = Entry.objects.filter(pk__in=[int(entry) for entry in entries]).select_related("application__cluster")
    return {str(entry.pk): str(entry.application.cluster) for entry in rows}
