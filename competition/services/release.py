"""Two people sign; with the second signature the round is announced, in one transaction."""

import secrets
from datetime import datetime

from django.db import transaction

from accounts.permissions import require
from competition.domain.calendar import beijing_date
from competition.domain.verification import ALPHABET
from competition.models import Condition, Entry, Notice, Proposal, Signature
from competition.selectors.decisions import conditions_past, stale, valid_signatures
from competition.selectors.publicity import period_after
from competition.services.admission import admit
from competition.services.signatures import lock_proposal
from competition.services.telling import tell_signature_missing
from competition.workflow import hook, perform, provide
from ledger.domain.reason import Reason, Refused
from ledger.services import Deed, record, record_many, seal


def random_code(length: int) -> str:
    """Letters and digits that nobody confuses; about five bits each."""
    return "".join(secrets.choice(ALPHABET) for _ in range(length))


@transaction.atomic
def sign_release(proposal: Proposal, *, digest: str, actor, at: datetime) -> Proposal:
    """`digest` is the one the signer was shown. The view has asked for the second factor. Returns the proposal as it is
    then: released where this was the second signature that holds."""
    proposal = lock_proposal(proposal)
    # Nobody leaves the race between the check of the list and its announcement.
    list(Entry.objects.select_for_update().filter(round=proposal.round_id).order_by("pk").values_list("pk", flat=True))
    require(actor, "proposal.sign", proposal)
    if proposal.state != "tabled":
        raise Refused(Reason("competition.proposal_not_tabled"))
    if digest != proposal.digest:
        raise Refused(Reason("competition.proposal_changed_meanwhile"))
    if reasons := stale(proposal):
        raise Refused(*reasons)
    if not hasattr(proposal, "meeting"):
        raise Refused(Reason("competition.meeting_missing"))
    if undecided := proposal.rows.filter(outcome="undecided").count():
        raise Refused(Reason("competition.outcomes_undecided", {"count": undecided}))
    if past := conditions_past(proposal.rows.exclude(condition_due=None), at=at):
        raise Refused(Reason("competition.conditions_past", {"count": past}))
    if valid_signatures(proposal).filter(user=actor).exists():
        raise Refused(Reason("competition.signed_already"))
    Signature.objects.create(proposal=proposal, user=actor, digest=digest, signed_at=at)
    record(
        actor=f"user:{actor.pk}",
        action="proposal.sign",
        subject=f"proposal:{proposal.pk}",
        scope=f"competition:{proposal.round.competition_id}",
        after={"digest": digest},
        at=at,
    )
    signed = set(valid_signatures(proposal).values_list("user", flat=True))
    if len(signed) < 2:
        tell_signature_missing(proposal, signed, at=at)
    else:
        proposal = perform(proposal, "release", actor=actor, at=at, changes={"released_at": at})
        seal(at=at)
    return proposal


@provide("round", "release", "proposal_released")
def _proposal_released(act):
    return act.subject.proposals.filter(state="released").exists()


@hook("proposal", "release")
def announce(act):
    """Outcomes, the round's state, the publicity list and the next round's entries: all or nothing."""
    proposal, at = act.subject, act.at
    round = proposal.round
    rows = list(proposal.rows.select_related("entry__application"))
    entries = []
    for row in rows:
        entry = row.entry
        entry.outcome, entry.outcome_reason, entry.outcome_note, entry.outcome_at = row.outcome, row.reason, row.note, at
        entries.append(entry)
    Entry.objects.bulk_update(entries, ["outcome", "outcome_reason", "outcome_note", "outcome_at"], batch_size=200)
    scope = f"competition:{round.competition_id}"
    record_many(
        [
            Deed(
                actor="system",
                action="entry.announce",
                subject=f"entry:{row.entry_id}",
                scope=scope,
                after={"outcome": row.outcome, "reason": row.reason["code"], "proposal": proposal.pk}
                | ({"condition_due": row.condition_due} if row.condition_due else {}),
                private={"condition_zh": row.condition_zh, "condition_en": row.condition_en} if row.condition_due else {},
            )
            for row in rows
        ],
        at=at,
    )
    Condition.objects.bulk_create(
        Condition(entry_id=row.entry_id, text_zh=row.condition_zh, text_en=row.condition_en, due_on=row.condition_due)
        for row in rows
        if row.condition_due
    )
    perform(round, "release", actor=None, at=at, changes={"released_at": at})
    if round.publishes.lists:
        _publish_notice(proposal, at)
    admit([entry for entry in entries if entry.outcome == "advance"], after=round, at=at)


def _publish_notice(proposal, at):
    competition = proposal.round.competition
    first, last = period_after(competition, at)
    number = f"GS-{beijing_date(at).year}-{random_code(6)}"
    notice = Notice.objects.create(proposal=proposal, number=number, starts_on=first, ends_on=last)
    record(
        actor="system",
        action="notice.publish",
        subject=f"notice:{notice.pk}",
        scope=f"competition:{competition.pk}",
        after={"proposal": proposal.pk, "starts_on": first, "ends_on": last},
        at=at,
    )
