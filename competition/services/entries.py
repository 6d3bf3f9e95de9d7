"""An entry leaves the race: its marks stay, its place may go to a reserve."""

from datetime import datetime

from django.db import transaction

from accounts.permissions import require
from competition.domain.states import IN_RACE
from competition.models import Application, Award, Entry, Substitution
from competition.selectors.rules import advancement_of
from competition.services.admission import admit, next_round
from competition.services.locks import lock_course
from competition.workflow import hook, perform, perform_all
from ledger.domain.reason import Reason, Refused
from ledger.services import record


@transaction.atomic
def withdraw_entry(entry: Entry, *, reason: str, actor, at: datetime) -> Entry:
    return leave(entry, "withdraw", reason=reason, actor=actor, at=at)


@transaction.atomic
def disqualify_entry(entry: Entry, *, reason: str, actor, at: datetime) -> Entry:
    return leave(entry, "disqualify", reason=reason, actor=actor, at=at)


def leave(entry: Entry, action: str, *, reason: str, actor, at: datetime) -> Entry:
    """In the caller's transaction. It leaves the rounds after it too. A place freed between release and award is offered to
    the first reserve, where the rule substitutes; a place that was offered to it goes to the next."""
    reason = reason.strip()
    if not reason:
        raise Refused(Reason("competition.reason_missing"), field="reason")
    lock_course(entry.application_id)
    awards = set(Award.objects.filter(entry__application=entry.application_id).values_list("state", flat=True))
    if awards - {"revoked"}:
        raise Refused(Reason("competition.entry_awarded"))
    # Then the application, as everything that answers an application locks it.
    application = Application.objects.select_for_update(no_key=True).get(pk=entry.application_id)
    entry = perform(entry, action, actor=actor, at=at, changes={"state_reason": reason})
    for later in application.entries.filter(round__order__gt=entry.round.order, state__in=IN_RACE).order_by("round__order"):
        perform(later, action, actor=None, at=at, changes={"state_reason": reason})
    # Handed in for a later round and not answered yet.
    if application.state in ("submitted", "returned"):
        perform(application, "withdraw", actor=None, at=at, changes={"decision_reason": reason})
    pass_on(entry, at=at)
    if not awards:
        free_place(entry, at=at)
    return entry


@hook("application", "withdraw")
def _withdraw_entry(act) -> None:
    """In a later round the entry is there before its application is accepted."""
    for entry in act.subject.entries.filter(round=act.subject.round_id, state__in=IN_RACE).select_related("round"):
        reason = act.changes.get("decision_reason", "")
        entry = perform(entry, "withdraw", actor=None, at=act.at, changes={"state_reason": reason})
        free_place(entry, at=act.at)


@hook("round", "start_judging")
def _lapse(act) -> None:
    """Entries of the advanced for whom nothing was submitted and accepted."""
    act.also["lapsed"] = perform_all(act.subject.entries.filter(revision=None, state__in=IN_RACE), "lapse", actor=None, at=act.at)


def free_place(entry: Entry, *, at: datetime) -> Substitution | None:
    """The place that the entry had won: in its own round, or in the one before while the intake of its own is on."""
    if entry.outcome is None and entry.round.state in ("planned", "open"):
        entry = (
            Entry.objects.filter(application=entry.application_id, round__competition=entry.round.competition_id)
            .filter(round__order__lt=entry.round.order)
            .select_related("round")
            .order_by("-round__order")
            .first()
        )
    if entry is None or entry.outcome != "advance" or entry.freed_places.exists():
        return None
    return offer_place(entry, at=at)


def pass_on(reserve: Entry, *, at: datetime) -> None:
    """A place that was offered to an entry which leaves before it answered."""
    for offer in reserve.offered_places.filter(answered_at=None).select_related("freed", "reserve__round"):
        _answer(offer, accepted=False, actor=None, at=at)
        offer_place(offer.freed, at=at)


def offer_place(freed: Entry, *, at: datetime) -> Substitution | None:
    """To the best reserve in scope that runs and has not been asked for this place; None where the rule or the list has none."""
    rule = advancement_of(freed.round)
    if rule is None or not rule.rule.get("substitute") or _too_late(freed.round):
        return None
    standings = freed.round.standings.order_by("-number").first()
    waiting = freed.round.entries.filter(outcome="reserve", state="running").exclude(offered_places__accepted=True)
    waiting = waiting.exclude(pk__in=freed.freed_places.values("reserve")).exclude(
        offered_places__accepted__isnull=True, offered_places__isnull=False
    )
    if rule.rule.get("scope") in ("track", "group"):
        waiting = waiting.filter(track=freed.track)
    if rule.rule.get("scope") == "group":
        waiting = waiting.filter(group=freed.group)
    reserve = waiting.filter(standings__standings=standings).order_by("standings__rank", "pk").first()
    if reserve is None:
        return None
    offer = Substitution.objects.create(freed=freed, reserve=reserve, offered_at=at)
    _record(offer, "substitution.offer", actor=None, at=at)
    return offer


@transaction.atomic
def answer_offer(offer: Substitution, *, accepted: bool, actor, at: datetime) -> Substitution:
    """By the reserve's applicant or an organiser on its word. Declined: the next reserve is asked."""
    lock_course(offer.reserve.application_id)
    offer = (
        Substitution.objects.select_for_update(of=("self",))
        .select_related("reserve__round__competition", "reserve__application", "freed")
        .get(pk=offer.pk)
    )
    require(actor, "entry.answer_offer", offer.reserve)
    if offer.answered_at is not None:
        raise Refused(Reason("competition.offer_answered"))
    if accepted and _too_late(offer.reserve.round):
        raise Refused(Reason("competition.intake_ended"))
    _answer(offer, accepted=accepted, actor=actor, at=at)
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


def _too_late(round) -> bool:
    """The next round takes in afresh and its intake is over: whoever moved up could bring nothing in."""
    following = next_round(round)
    return following is not None and following.intake == "fresh" and following.state not in ("planned", "open")


def _answer(offer, *, accepted, actor, at):
    offer.answered_at, offer.accepted = at, accepted
    offer.save(update_fields=["answered_at", "accepted"])
    _record(offer, "substitution.accept" if accepted else "substitution.decline", actor=actor, at=at)


def _record(offer, action, *, actor, at):
    record(
        actor="system" if actor is None else f"user:{actor.pk}",
        action=action,
        subject=f"entry:{offer.reserve_id}",
        scope=f"competition:{offer.reserve.round.competition_id}",
        after={"freed": offer.freed_id, "substitution": offer.pk},
        at=at,
    )
