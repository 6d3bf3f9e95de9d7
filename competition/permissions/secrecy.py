"""The one function of secrecy: who may see scores, totals, ranks and outcomes of a round, and when.

Before the round is closed nobody does, only progress. From then until release: organiser, decider and supervisor
without a conflict in the round; a conflicted one sees no aggregate either, since a mean or a count would tell.
After release the publication setting of the round opens outcomes (ranks and totals where it says so); marks stay with the staff.
"""

from competition.models import Cluster, Entry, Round
from competition.permissions.conflicts import conflicts_of
from competition.permissions.holding import STAFF, roles_in
from ledger.domain.reason import Reason

LOCKED = ("closed", "released")
CHECKERS = frozenset({"organiser", "supervisor"})


def _conflicted(viewer, round: Round) -> bool:
    cached = viewer.__dict__.setdefault("_conflicted_rounds", {})
    if round.pk not in cached:
        clusters = Cluster.objects.filter(applications__entries__round=round).values_list("pk", flat=True).order_by()
        cached[round.pk] = bool(conflicts_of(viewer, clusters))
    return cached[round.pk]


def preload(viewer, rounds) -> None:
    """Asks of many rounds at once whether this person has a conflict in them: as many queries whatever their number."""
    ids = [round.pk for round in rounds]
    entries = Entry.objects.filter(round__in=ids).order_by()
    bound = conflicts_of(viewer, entries.values("application__cluster_id")) if ids else {}
    tied = set(entries.filter(application__cluster__in=list(bound)).values_list("round_id", flat=True)) if bound else set()
    viewer.__dict__.setdefault("_conflicted_rounds", {}).update({pk: pk in tied for pk in ids})


def against_scores(viewer, round: Round) -> Reason | None:
    """Why `viewer` may not see totals and ranks of `round` on inner pages; None where they may. Each reading is recorded
    by the service that serves it."""
    if round.state not in LOCKED:
        return Reason("competition.scores_sealed", {"round": round.pk})
    if not viewer.is_authenticated or not roles_in(viewer, round) & STAFF:
        return Reason("competition.role_needed", {"roles": sorted(STAFF)})
    if _conflicted(viewer, round):
        return Reason("competition.scores_conflict")
    return None


def against_bound(viewer, round: Round) -> Reason | None:
    """Why whoever has a conflict in `round` takes no part in what hangs on its marks, before closing too."""
    return Reason("competition.scores_conflict") if _conflicted(viewer, round) else None


def against_checks(viewer, round: Round) -> Reason | None:
    """Why `viewer` may not know of bonuses, deductions and veto items found in `round`. Who checks and who watches may from the
    beginning, the deciding body once the round is closed; from then on they tell of outcomes and are as secret as these."""
    if round.state in LOCKED:
        return against_scores(viewer, round)
    if roles_in(viewer, round) & CHECKERS:
        return None
    return Reason("competition.role_needed", {"roles": sorted(CHECKERS)})


def against_checks_of(viewer, entry) -> Reason | None:
    """The same of one entry: whoever is bound to its cluster neither reads nor writes what was found."""
    if reason := against_checks(viewer, entry.round):
        return reason
    return Reason("competition.checks_conflict") if bound_to(viewer, [entry.application.cluster_id]) else None


def bound_to(viewer, clusters) -> set[int]:
    """Those of the clusters (ids) that this person has a conflict with: a constant number of queries."""
    return set(conflicts_of(viewer, clusters))


def against_outcomes(round: Round) -> Reason | None:
    """Why whoever has a part in it may not know who was chosen."""
    return None if round.state == "released" else Reason("competition.not_released")


def against_public_outcomes(round: Round) -> Reason | None:
    """Why the public may not see who was chosen: before release, or by the round's setting."""
    if reason := against_outcomes(round):
        return reason
    return None if round.publishes.lists else Reason("competition.round_not_published")


def against_public_ranks(round: Round) -> Reason | None:
    """Why the public may not see ranks: before release, or by the round's setting."""
    if reason := against_public_outcomes(round):
        return reason
    return None if round.publishes.ranks and not round.checks_only else Reason("competition.ranks_not_published")


def against_public_totals(round: Round) -> Reason | None:
    """Why the public may not see official totals."""
    if reason := against_public_ranks(round):
        return reason
    return None if round.publishes.totals else Reason("competition.totals_not_published")


def against_own_outcome(viewer, entry) -> Reason | None:
    """Why this applicant may not see the outcome, total and dimension values of this entry."""
    from competition.permissions.holding import organisations

    if entry.application.organisation_id not in organisations(viewer):
        return Reason("competition.not_yours")
    return against_outcomes(entry.round)
