"""Re-opening a closed round: asked for by one person with a reason, answered by another."""

from datetime import datetime

from django.db import transaction

from accounts.permissions import require
from competition import workflow
from competition.models import Reopening, Round
from competition.services.drafting import write_down
from ledger.domain.reason import Reason, Refused
from ledger.services import seal


@transaction.atomic
def request_reopening(round: Round, *, reason: str, actor, at: datetime) -> Reopening:
    """By one person, with the reason; `reopen_round` by another."""
    round = Round.objects.select_for_update(no_key=True).get(pk=round.pk)
    require(actor, "round.request_reopening", round)
    reason = reason.strip()
    if not reason:
        raise Refused(Reason("competition.reason_missing"), field="reason")
    if round.state != "closed":
        raise Refused(Reason("competition.action_not_now", {"kind": "round", "action": "reopen", "state": round.state}))
    if round.reopenings.filter(approved=None).exists():
        raise Refused(Reason("competition.reopening_requested_already"))
    request = Reopening.objects.create(round=round, reason=reason, requested_by=actor, requested_at=at)
    write_down(
        "round.request_reopening",
        round,
        round.competition,
        actor=actor,
        at=at,
        after={"reopening": request.pk},
        private={"reason": reason},
    )
    return request


@transaction.atomic
def decline_reopening(round: Round, *, actor, at: datetime) -> Reopening:
    """By another person, or taken back by whoever asked."""
    round = Round.objects.select_for_update(no_key=True).get(pk=round.pk)
    require(actor, "round.decline_reopening", round)
    request = round.reopenings.filter(approved=None).first()
    if request is None:
        raise Refused(Reason("competition.reopening_not_requested"))
    # Taken back by its author it has no second person.
    answered_by = None if request.requested_by_id == actor.pk else actor
    Reopening.objects.filter(pk=request.pk).update(approved=False, answered_by=answered_by, answered_at=at)
    write_down("round.decline_reopening", round, round.competition, actor=actor, at=at, after={"reopening": request.pk})
    return request


@transaction.atomic
def reopen_round(round: Round, *, actor, at: datetime) -> Round:
    """The second person's yes: the round is judged again, its open proposals and their signatures are void, and the next
    closing makes a new snapshot."""
    round = workflow.perform(round, "reopen", actor=actor, at=at)
    seal(at=at)
    return round


@workflow.provide("round", "reopen", "second_person")
def _second_person(act) -> bool:
    request = act.subject.reopenings.filter(approved=None).first()
    return request is not None and act.actor is not None and request.requested_by_id != act.actor.pk


@workflow.hook("round", "reopen")
def _answer_reopening(act) -> None:
    request = act.subject.reopenings.get(approved=None)
    Reopening.objects.filter(pk=request.pk).update(approved=True, answered_by=act.actor, answered_at=act.at)
    act.also["reopening"] = request.pk
