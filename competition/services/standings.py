"""Snapshots of a ranking: written once, when a round is closed, and read under the embargo."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import Max

from accounts.permissions import NotAllowed, require
from competition.domain.standing import StandingRow
from competition.models import Standing, Standings
from competition.permissions.secrecy import against_scores
from ledger.services import record


@transaction.atomic
def record_snapshot(
    round, *, rows: Iterable[StandingRow], scores_version: int, input_digest: str, scheme_digest: str, method: dict, actor, at: datetime
) -> Standings:
    """The next snapshot of `round`, immutable. The caller holds the round's lock. `method` is the scheme as published."""
    number = (round.standings.aggregate(last=Max("number"))["last"] or 0) + 1
    standings = Standings.objects.create(
        round=round,
        number=number,
        scores_version=scores_version,
        input_digest=input_digest,
        scheme_digest=scheme_digest,
        method=method,
        created_at=at,
    )
    Standing.objects.bulk_create(
        [
            Standing(
                standings=standings,
                entry_id=row.entry,
                rank=row.rank,
                track_rank=row.track_rank,
                group_rank=row.group_rank,
                total=row.total,
                exact=row.exact,
                tied_with=list(row.tied_with),
                tie_broken_by=row.tie_broken_by,
                bonus=row.bonus,
                criteria=dict(row.criteria),
                dimensions=dict(row.dimensions),
                panel=dict(row.panel),
                flags=list(row.flags),
                reason=dict(row.reason) if row.reason else None,
            )
            for row in rows
        ],
        batch_size=500,
    )
    record(
        actor="system" if actor is None else f"user:{actor.pk}",
        action="standings.record",
        subject=f"round:{round.pk}",
        scope=f"competition:{round.competition_id}",
        after={"number": number, "scores_version": scores_version, "input_digest": input_digest, "scheme_digest": scheme_digest},
        at=at,
    )
    return standings


def read_standings(round, *, viewer, at: datetime, entry=None, trial: str = "", part: str = "") -> Standings | None:
    """The newest snapshot, for a viewer who may see it; the reading is recorded, with the entry where it is of one, the digest of the
    scheme that is tried on it, or the `part` beside it. Raises NotAllowed with the reason."""
    if reason := against_scores(viewer, round):
        raise NotAllowed(reason)
    with transaction.atomic(savepoint=False):
        standings = round.standings.order_by("-number").first()
        if standings is not None:
            named = {"entry": entry.pk if entry is not None else None, "trial": trial, "part": part}
            also = {name: value for name, value in named.items() if value}
            _record_reading(standings, viewer=viewer, at=at, **also)
    return standings


@transaction.atomic
def read_proposal(proposal, *, viewer, at: datetime) -> Standings:
    """The snapshot that a proposal stands on; a proposal shows ranks and totals, so reading it is recorded as well."""
    require(viewer, "proposal.view", proposal)
    _record_reading(proposal.standings, viewer=viewer, at=at, proposal=proposal.pk)
    return proposal.standings


def _record_reading(standings, *, viewer, at, **also):
    record(
        actor=f"user:{viewer.pk}",
        action="standings.read",
        subject=f"round:{standings.round_id}",
        scope=f"competition:{standings.round.competition_id}",
        after={"number": standings.number, **also},
        at=at,
    )
