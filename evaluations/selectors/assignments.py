"""Seats of a round: the problem to solve, the pool to choose from, and what each evaluator has to do."""

from django.db.models import Count, Q
from django.http import Http404

from accounts.models import Membership
from accounts.permissions import require
from competition.domain.states import IN_RACE
from competition.models import Entry
from competition.selectors.competitions import competition
from evaluations.models import Assignment, Evaluator

HELD = ("proposed", "published", "confirmed")
LEFT = ("recused", "replaced", "waived")


def pool(competition):
    """Active evaluators who hold the role in the competition, with `load`: seats they hold in it."""
    scopes = [f"competition:{competition.pk}", "*"]
    users = Membership.objects.live().filter(role="evaluator", scope__in=scopes).values("user")
    return (
        Evaluator.objects.filter(active=True, user__in=users)
        .select_related("user", "employer")
        .prefetch_related("sectors")
        .annotate(
            load=Count(
                "assignments",
                filter=Q(assignments__state__in=HELD, assignments__entry__round__competition=competition),
                distinct=True,
            )
        )
        .order_by("code")
    )


def judged_entries(round):
    """Entries that can be judged: running, with an accepted revision."""
    return (
        Entry.objects.filter(round=round, state="running", revision__isnull=False)
        .select_related("application__cluster__sector", "application__cluster__lead_region", "track")
        .order_by("pk")
    )


def own_assignments(viewer, round=None):
    """The viewer's published seats with sheet and entry: one query."""
    rows = Assignment.objects.filter(evaluator__user=viewer).exclude(state="proposed")
    if round is not None:
        rows = rows.filter(entry__round=round)
    return rows.select_related("sheet", "entry__round__competition", "entry__application__cluster__lead_region", "entry__track").order_by(
        "entry__round__judging_closes", "pk"
    )


def open_seats(round):
    """Seats that a round cannot be closed with: without a submitted sheet, or given up by their evaluator and neither
    replaced nor waived yet."""
    return (
        Assignment.objects.filter(
            entry__round=round,
            entry__state__in=IN_RACE,
            state__in=("proposed", "published", "confirmed", "recused"),
        )
        .exclude(sheet__state__in=("submitted", "locked"))
        .select_related("evaluator__user", "entry__application__cluster", "sheet")
        .order_by("evaluator__code", "pk")
    )


def seat_for_staff(viewer, pk, *, action) -> Assignment:
    """Http404 for strangers to its competition, NotAllowed for colleagues without `action`."""
    found = (
        Assignment.objects.filter(pk=pk)
        .select_related("evaluator__user", "entry__round__competition", "entry__application__cluster", "sheet")
        .first()
    )
    if found is None:
        raise Http404
    competition(viewer, found.entry.round.competition_id)
    require(viewer, action, found)
    return found
