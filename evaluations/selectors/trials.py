"""On what a scheme may be tried, and the dry runs that a job computes."""

from django.db.models import Exists, OuterRef

from competition.models import Entry, Round
from competition.permissions.holding import staffed
from competition.permissions.secrecy import LOCKED
from evaluations.models import Mark, SchemeTrial
from evaluations.selectors.ballots import BY_VOTE
from jobs.models import Job
from jobs.selectors import latest

TRY = "scheme.trial"
MOST_ROUNDS = 60
MOST_TRIALS = 10
MOST_MARKS = 400_000  # what is computed while the reader waits: within a second


def finished_rounds(viewer) -> list[Round]:
    """Closed and released rounds of the competitions on whose staff the viewer is, the newest first. One query. Whether a conflict
    keeps one of them shut is answered when it is asked for."""
    marked = ~Exists(BY_VOTE.filter(round=OuterRef("pk")))  # a vote has no marks to try a scheme on
    rows = Round.objects.filter(marked, state__in=LOCKED).select_related("competition")
    rows = rows.order_by("-competition__year", "-competition", "-order")
    return list(staffed(viewer, rows, "competition")[:MOST_ROUNDS])


def round_to_try(viewer, pk: int) -> Round | None:
    """Any round of such a competition, also one that is still judged: that it is refused, and why, is said by the service."""
    return staffed(viewer, Round.objects.filter(pk=pk).select_related("competition"), "competition").first()


def names_of(entries) -> dict[str, str]:
    """Clusters by entry id as text: one query."""
    rows = Entry.objects.filter(pk__in=[int(entry) for entry in entries]).select_related("application__cluster")
    return {str(entry.pk): str(entry.application.cluster) for entry in rows}


def takes_long(finished: Round) -> bool:
    return Mark.objects.filter(sheet__assignment__entry__round=finished).count() > MOST_MARKS


def trials_of(round: Round, viewer) -> list[SchemeTrial]:
    """The viewer's own, the newest first; without their results. One query."""
    rows = SchemeTrial.objects.filter(round=round, asked_by=viewer).select_related("standings__round__competition")
    return list(rows.defer("result", "definition", "dimensions")[:MOST_TRIALS])


def trial_of(round: Round, viewer, pk: int) -> SchemeTrial | None:
    """Whoever asked for it, and nobody else."""
    return SchemeTrial.objects.filter(pk=pk, round=round, asked_by=viewer).select_related("standings__round__competition").first()


def trial_job(trial: SchemeTrial) -> Job | None:
    return latest(TRY, f"trial:{trial.pk}")
