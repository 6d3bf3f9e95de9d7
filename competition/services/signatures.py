"""A signature holds for one list on one snapshot under one rule. Whatever changes one of them voids it, and says why."""

from datetime import datetime

from competition.models import Proposal, Signature
from competition.services.locks import lock_round
from competition.workflow import hook, perform
from ledger.domain.reason import Reason
from ledger.services import Deed, record_many

OPEN = ("draft", "tabled")


def lock_proposal(proposal: Proposal) -> Proposal:
    """The proposal as it is now. Every verb takes the round's lock first, so that no two of them wait for each other."""
    lock_round(proposal.round_id)
    return Proposal.objects.select_for_update(of=("self",)).select_related("round__competition", "standings", "rule").get(pk=proposal.pk)


def void_signatures(proposal: Proposal, reason: Reason, *, actor, at: datetime) -> None:
    voided = list(Signature.objects.select_for_update().filter(proposal=proposal, voided_at=None))
    record_many(
        [
            Deed(
                actor="system" if actor is None else f"user:{actor.pk}",
                action="proposal.void_signature",
                subject=f"proposal:{proposal.pk}",
                scope=f"competition:{proposal.round.competition_id}",
                before={"user": signature.user_id, "digest": signature.digest},
                after={"reason": reason.code},
            )
            for signature in voided
        ],
        at=at,
    )
    Signature.objects.filter(pk__in=[signature.pk for signature in voided]).update(voided_at=at, void_reason=reason.as_json())


@hook("round", "reopen")
def forget_proposals(act):
    """What was drawn up on the old snapshot can no longer be released."""
    for proposal in act.subject.proposals.filter(state__in=OPEN):
        void_signatures(proposal, Reason("competition.signature_round_reopened"), actor=act.actor, at=act.at)
        perform(proposal, "void", actor=None, at=act.at)


@hook("entry", "withdraw")
@hook("entry", "disqualify")
def leave_list(act):
    """Whatever its outcome: the ranking is another one without it."""
    for proposal in Proposal.objects.filter(state__in=OPEN, rows__entry=act.subject).select_related("round"):
        void_signatures(proposal, Reason("competition.signature_entry_left"), actor=act.actor, at=act.at)
