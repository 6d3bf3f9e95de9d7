"""Seats of a round: the problem to solve, the pool to choose from, and what each evaluator has to do."""

from django.db.models import Count, Q
from django.http import Http404

from accounts.models import Membership
from accounts.permissions import require
from competition.domain.states import IN_RACE
from competition.models import Entry
from competition.permissions.conflicts import conflicts
from competition.selectors.competitions import competition
from evaluations.domain.assignment import Load, Need, Problem
from evaluations.models import Assignment, Evaluator

HELD = ("proposed", "published", "confirmed")
LEFT = ("recused", "replaced", "waived")
FIT_SAME_SECTOR = 100
GROUND = {"region": "region", "employer": "employer", "applicant": "own"}


def pool(competition):
    """Active evaluators who hold the role in the competition, with `load`: seats they hold in it."""
    scopes = [f"competition:{competition.pk}", "*"]
    users = Membership.objects.live().filter(role="evaluator", scope__in=scopes).values("user")
    return (
        Evaluator.objects.filter(active=True, user__in=users)
        .select_related("user", "employer")
        .prefetch_related("regions", "sectors")
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


def problem_of(round, *, seats: int, most: int, seed: str) -> Problem:
    """The round as an assignment problem; names are ids as text. Six queries, whatever the size."""
    entries = list(judged_entries(round))
    evaluators = list(pool(round.competition))
    held, left = set(), set()
    for entry_id, evaluator_id, state in Assignment.objects.filter(entry__in=[entry.pk for entry in entries]).values_list(
        "entry_id", "evaluator_id", "state"
    ):
        (held if state in HELD else left).add((str(entry_id), str(evaluator_id)))
    known = {str(evaluator.pk) for evaluator in evaluators}
    held = {pair for pair in held if pair[1] in known}
    bound = conflicts([evaluator.user_id for evaluator in evaluators], {entry.application.cluster_id for entry in entries})
    sectors = {evaluator.pk: {sector.pk for sector in evaluator.sectors.all()} for evaluator in evaluators}
    fit, forbidden = {}, {}
    for entry in entries:
        cluster = entry.application.cluster
        for evaluator in evaluators:
            pair = (str(entry.pk), str(evaluator.pk))
            if kinds := bound.get((evaluator.user_id, cluster.pk)):
                forbidden[pair] = GROUND.get(kinds[0], "declared")
            elif pair in left:
                forbidden[pair] = "recused"
            if cluster.sector_id in sectors[evaluator.pk]:
                fit[pair] = FIT_SAME_SECTOR
    seats_held: dict[str, int] = {}
    for entry_id, _evaluator in held:
        seats_held[entry_id] = seats_held.get(entry_id, 0) + 1
    loads: dict[str, int] = {}
    for _entry, evaluator_id in held:
        loads[evaluator_id] = loads.get(evaluator_id, 0) + 1
    return Problem(
        needs=tuple(Need(str(entry.pk), max(seats, seats_held.get(str(entry.pk), 0))) for entry in entries),
        loads=tuple(Load(str(evaluator.pk), most=max(most, loads.get(str(evaluator.pk), 0))) for evaluator in evaluators),
        fit=fit,
        forbidden={pair: ground for pair, ground in forbidden.items() if pair not in held},
        required=frozenset(held),
        seed=seed,
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
