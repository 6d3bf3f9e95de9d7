"""Seating a jury: every member at every entry that nothing binds the member to."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from accounts.permissions import require
from competition.selectors.rules import vote_of
from evaluations.models import Assignment
from evaluations.selectors.jury import jury_of
from evaluations.services.assignments import OPEN_ROUND
from evaluations.services.scoreboards import lock_board
from ledger.domain.reason import Reason, Refused
from ledger.services import Deed, record_many


@transaction.atomic
def seat_jury(round, *, members: Iterable[int], actor, at: datetime) -> tuple[int, int]:
    """`members`: ids of evaluators of the pool. Seats that are missing are proposed, proposed ones of nobody chosen taken away; what was
    published stays. How many were made and taken away."""
    lock_board(round)
    require(actor, "assignment.create", round)
    if not vote_of(round):
        raise Refused(Reason("evaluations.jury_without_vote"))
    if round.state not in OPEN_ROUND:
        raise Refused(Reason("evaluations.round_not_open"))
    jury, chosen = jury_of(round), set(members)
    if not chosen:
        raise Refused(Reason("evaluations.jury_empty"), field="members")
    if chosen - {member.evaluator.pk for member in jury.members}:
        raise Refused(Reason("evaluations.jury_stranger"), field="members")
    if not jury.entries:
        raise Refused(Reason("evaluations.nothing_to_assign"))
    made = Assignment.objects.bulk_create(
        [Assignment(entry_id=entry, evaluator_id=one, source="hand", created_at=at) for entry, one in jury.missing(chosen)], batch_size=500
    )
    old = list(Assignment.objects.filter(entry__round=round, state="proposed").exclude(evaluator__in=chosen))
    Assignment.objects.filter(pk__in=[row.pk for row in old]).delete()
    deeds = [_deed(round, "assignment.remove", row, actor) for row in old]
    deeds += [_deed(round, "assignment.create", row, actor, source="hand") for row in made]
    if deeds:
        record_many(deeds, at=at)
    return len(made), len(old)


def _deed(round, action, row, actor, **more) -> Deed:
    return Deed(
        actor=f"user:{actor.pk}",
        action=action,
        subject=f"assignment:{row.pk}",
        scope=f"competition:{round.competition_id}",
        after={"entry": row.entry_id, "evaluator": row.evaluator_id, **more},
    )
