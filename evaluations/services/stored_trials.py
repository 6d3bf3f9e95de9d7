"""A dry run on a round that is too large to wait for: asked for, computed by a job, kept for whoever asked."""

import hashlib
import json
from collections.abc import Callable
from datetime import datetime

from django.db import transaction

from accounts.permissions import NotAllowed
from competition.models import Round, Standings
from competition.permissions.secrecy import against_scores
from competition.services.standings import read_standings
from evaluations.domain.scheme_reader import parse_scheme
from evaluations.domain.trial import Trial
from evaluations.models import SchemeTrial, Scoreboard
from evaluations.selectors.rubrics import whole_scheme
from evaluations.selectors.trials import TRY, trial_job
from evaluations.services.trials import book_under, compare
from jobs.services import enqueue
from ledger.domain.reason import Reason, Refused
from ledger.services import record


@transaction.atomic
def ask_trial(round: Round, *, finished: Round, definition: dict, dimensions: list[dict], actor, at: datetime) -> SchemeTrial:
    """As `try_scheme`, for the editor of `round`. The same scheme on the same snapshot is computed once for the same person."""
    digest = parse_scheme(whole_scheme(definition, dimensions)).digest
    snapshot = _readable(finished, actor)
    book_under(finished, definition, dimensions)
    facts = {"definition": definition, "dimensions": dimensions, "asked_at": at}
    trial, _created = SchemeTrial.objects.get_or_create(round=round, standings=snapshot, asked_by=actor, digest=digest, defaults=facts)
    if trial.refused:
        SchemeTrial.objects.filter(pk=trial.pk).update(refused=[], computed_at=None)
        trial.refresh_from_db()
    job = trial_job(trial)
    if trial.computed_at is None and (job is None or job.is_over):
        _record("trial.ask", trial, actor=f"user:{actor.pk}", at=at)
        enqueue(TRY, f"trial:{trial.pk}", requested_by=f"user:{actor.pk}", at=at)
    return trial


def compute_trial(pk: int, *, at: datetime, progress: Callable[[int, int], None]) -> bool:
    """Whether it was computed now. Who asked must still be allowed to read the scores, and the snapshot be the newest; else it says why
    not. Nothing is done where the draft is gone."""
    trial = SchemeTrial.objects.select_related("asked_by", "standings__round__competition").filter(pk=pk).first()
    if trial is None or trial.computed_at is not None:
        return False
    finished = trial.standings.round
    try:
        if _readable(finished, trial.asked_by).pk != trial.standings_id:
            raise Refused(Reason("evaluations.trial_overtaken"))
        book, own = book_under(finished, trial.definition, trial.dimensions)
        return _write(trial, compare(finished, trial.standings, book, own, progress).as_json(), [], at=at)
    except Refused as refused:
        return _write(trial, None, [reason.as_json() for reason in refused.reasons], at=at)


@transaction.atomic
def read_trial(trial: SchemeTrial, *, viewer, at: datetime) -> Trial | None:
    """None where it is not computed. As secret as the scores of its round: the reading is recorded, NotAllowed where it may not be."""
    if trial.refused:
        raise Refused(*(Reason.from_json(reason) for reason in trial.refused))
    if trial.result is None:
        return None
    read_standings(trial.standings.round, viewer=viewer, at=at, trial=trial.digest)
    return Trial.from_json(trial.result)


def _readable(finished: Round, user) -> Standings:
    if reason := against_scores(user, finished):
        raise NotAllowed(reason)
    snapshot = finished.standings.order_by("-number").first()
    if snapshot is None:
        raise Refused(Reason("evaluations.trial_nothing_there"))
    return snapshot


@transaction.atomic
def _write(trial: SchemeTrial, result: dict | None, refused: list, *, at: datetime) -> bool:
    """Once, whoever comes first; a result only where no mark has changed since the snapshot."""
    version = Scoreboard.objects.values_list("scores_version", flat=True).get(round=trial.standings.round_id)
    if result is not None and version != trial.standings.scores_version:
        result, refused = None, [Reason("evaluations.trial_overtaken").as_json()]
    waiting = SchemeTrial.objects.filter(pk=trial.pk, computed_at=None)
    if not waiting.update(result=result, refused=refused, computed_at=at):
        return False
    digest = hashlib.sha256(json.dumps(result, sort_keys=True).encode()).hexdigest() if result else ""
    _record("trial.compute", trial, actor=f"user:{trial.asked_by_id}", at=at, result=digest)
    return True


def _record(action: str, trial: SchemeTrial, *, actor: str, at: datetime, **also) -> None:
    round = trial.standings.round
    record(
        actor=actor,
        action=action,
        subject=f"round:{round.pk}",
        scope=f"competition:{round.competition_id}",
        after={"number": trial.standings.number, "trial": trial.digest, **also},
        at=at,
    )
