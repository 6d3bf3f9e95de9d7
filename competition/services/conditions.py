"""Conditions of a title after its release: met, given more time, or missed, each with a written ground that the applicant reads."""

from datetime import date, datetime

from django.db import transaction

from competition.domain.calendar import beijing_date
from competition.domain.condition import later, over
from competition.domain.states import IN_RACE
from competition.models import Award, Condition, Document
from competition.services.documents import issue
from competition.services.locks import lock_round
from competition.workflow import hook, perform, provide
from ledger.domain.reason import Reason, Refused
from ledger.services import seal

MOST_GROUND = 4000


@transaction.atomic
def meet_condition(condition: Condition, *, ground: str, actor, at: datetime) -> Condition:
    """The titles count without reserve from now on; certificates that bore the condition get a next edition."""
    return _rule(condition, "meet", {"ground": _ground(ground), "ruled_at": at}, actor=actor, at=at)


@transaction.atomic
def miss_condition(condition: Condition, *, ground: str, actor, at: datetime) -> Condition:
    """Once its day is over: the titles are revoked in the same transaction, titles not given yet are never given."""
    return _rule(condition, "miss", {"ground": _ground(ground), "ruled_at": at}, actor=actor, at=at)


@transaction.atomic
def extend_condition(condition: Condition, *, due_on: date, ground: str, actor, at: datetime) -> Condition:
    """A later day than the one that holds, and after today. Certificates get a next edition with it."""
    ground = _ground(ground)
    lock_round(condition.entry.round_id)
    now = Condition.objects.get(pk=condition.pk)
    due_on = later(due_on, holds=now.due_on, today=beijing_date(at))
    return _rule(condition, "extend", {"due_on": due_on, "ground": ground}, actor=actor, at=at)


def _ground(text: str) -> str:
    text = text.strip()
    if not text:
        raise Refused(Reason("competition.reason_missing"), field="ground")
    if len(text) > MOST_GROUND:
        raise Refused(Reason("competition.condition_text_long", {"most": MOST_GROUND}), field="ground")
    return text


def _rule(condition, action, changes, *, actor, at) -> Condition:
    lock_round(condition.entry.round_id)  # as whoever gives awards does: no title in between
    condition = perform(condition, action, actor=actor, at=at, changes=changes)
    seal(at=at)
    return condition


@provide("condition", "meet", "in_race")
@provide("condition", "extend", "in_race")
@provide("condition", "miss", "in_race")
def _in_race(act):
    return act.subject.entry.state in IN_RACE


@provide("condition", "miss", "day_over")
def _day_over(act):
    return over(act.subject.due_on, today=beijing_date(act.at))


def _valid_awards(condition):
    return Award.objects.filter(entry=condition.entry_id, state="valid").order_by("pk")


@hook("condition", "meet")
@hook("condition", "extend")
def print_again(act):
    """Only what was printed with the condition as it was."""
    awards = _valid_awards(act.subject)
    printed = Document.objects.filter(kind="certificate", subject__in=[f"award:{award.pk}" for award in awards])
    for subject in sorted(set(printed.values_list("subject", flat=True))):
        issue("certificate", subject.partition(":")[2], language="", actor=None, at=act.at)


@hook("condition", "miss")
def revoke_titles(act):
    for award in _valid_awards(act.subject):
        perform(award, "revoke", actor=None, at=act.at, changes={"revoke_reason": act.subject.ground})
