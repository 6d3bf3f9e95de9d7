"""An entry leaves the race: its marks stay, its place may go to a reserve."""

from datetime import datetime

from django.db import transaction

from accounts.permissions import require
from competition.models import Entry, Substitution
from competition.selectors.rules import advancement_of
from competition.services.admission import admit
from competition.workflow import perform
from ledger.domain.reason import Reason, Refused
from ledger.services import record


@transaction.atomic
def withdraw_entry(entry: Entry, *, reason: str, actor, at: datetime) -> Entry:
    return leave(entry, "withdraw", reason=reason, actor=actor, at=at)


@transaction.atomic
def disqualify_entry(entry: Entry, *, reason: str, actor, at: datetime) -> Entry:
    return leave(entry, "disqualify", reason=reason, actor=actor, at=at)


def leave(entry: Entry, action: str, *, reason: str, actor, at: datetime) -> Entry:
    """In the caller's transaction. A place freed between release and award is offered to the first reserve, where the
    rule substitutes."""
    reason = reason.strip()
    if not reason:
        raise Refused(Reason("competition.reason_missing"), field="reason")
    if entry.awards.exists():
        raise Refused(Reason("competition.entry_awarded"))
    entry = perform(entry, action, actor=actor, at=at, changes={"state_reason": reason})
    if entry.outcome == "advance":
        offer_place(entry, at=at)
    return entry


def offer_place(freed: Entry, *, at: datetime) -> Substitution | None:
    """To the best reserve in scope that runs and has not been asked for this place; None where the rule or the list has none."""
    rule = advancement_of(freed.round)
    if rule is None or not rule.rule.get("substitute"):
        return None
    standings = freed.round.standings.order_by("-number").first()
    waiting = freed.round.entries.filter(outcome="reserve", state="running").exclude(offered_places__accepted=True)
    waiting = waiting.exclude(pk__in=freed.freed_places.values("reserve")).exclude(
        offered_places__accepted__isnull=True, offered_places__isnull=False
    )
    if rule.rule.get("scope") == "track":
        waiting = waiting.filter(track=freed.track)
    reserve = waiting.filter(standings__standings=standings).order_by("standings__rank", "pk").first()
    if reserve is None:
        return None
    offer = Substitution.objects.create(freed=freed, reserve=reserve, offered_at=at)
    _record(offer, "substitution.offer", actor=None, at=at)
    return offer


@transaction.atomic
def answer_offer(offer: Substitution, *, accepted: bool, actor, at: datetime) -> Substitution:
    """By the reserve's applicant or an organiser on its word. Declined: the next reserve is asked."""
    offer = (
        Substitution.objects.select_for_update(of=("self",))
        .select_related("reserve__round__competition", "reserve__application", "freed")
        .get(pk=offer.pk)
    )
    require(actor, "entry.answer_offer", offer.reserve)
    if offer.answered_at is not None:
        raise Refused(Reason("competition.offer_answered"))
    offer.answered_at, offer.accepted = at, accepted
    offer.save(update_fields=["answered_at", "accepted"])
    _record(offer, "substitution.accept" if accepted else "substitution.decline", actor=actor, at=at)
    if not accepted:
        offer_place(offer.freed, at=at)
        return offer
    reserve = (
        Entry.objects.select_for_update(of=("self",)).select_related("application", "round__competition", "track").get(pk=offer.reserve_id)
    )
    reserve.outcome = "advance"
    reserve.outcome_reason = Reason("competition.reserve_moved_up", {"freed": offer.freed_id}).as_json()
    reserve.outcome_at = at
    reserve.save(update_fields=["outcome", "outcome_reason", "outcome_at"])
    admit([reserve], after=reserve.round, at=at)
    return offer


def _record(offer, action, *, actor, at):
    record(
        actor="system" if actor is None else f"user:{actor.pk}",
        action=action,
        subject=f"entry:{offer.reserve_id}",
        scope=f"competition:{offer.reserve.round.competition_id}",
        after={"freed": offer.freed_id, "substitution": offer.pk},
        at=at,
    )
