"""Who is told of what happens in the judging, in the transaction in which it happens; and reminders before the marks are due."""

from datetime import datetime, timedelta

from django.db import transaction

from accounts.services.notifications import notify, stamp
from competition.domain.reminding import step_of
from competition.domain.states import IN_RACE
from competition.services.telling import people
from competition.workflow import hook
from evaluations.models import Assignment
from evaluations.selectors.sheets import deadline_of
from evaluations.told import open_assignments

JUDGING_STEPS = (3, 1)  # days before the marks are due
WAITING = ("proposed", "published", "recused")  # seats somebody has still to answer


def tell_seats(round, users: set[int], *, at) -> None:
    notify("seat.publish", f"round:{round.pk}", users, at=at, step=stamp(at))


@hook("sheet", "return")
def tell_returned(act):
    notify("sheet.return", f"sheet:{act.subject.pk}", [act.subject.assignment.evaluator.user_id], at=act.at, step=stamp(act.at))


@hook("sheet", "submit")
def tell_complete(act):
    """To the organisers, with the last sheet; the round's scoreboard is locked, so of two last ones the second sees both."""
    round = act.subject.assignment.entry.round
    seats = Assignment.objects.filter(entry__round=round, entry__state__in=IN_RACE)
    if round.state != "judging" or seats.filter(state__in=WAITING).exists():
        return
    if seats.filter(state="confirmed").exclude(sheet__state__in=("submitted", "locked")).exists():
        return
    notify(
        "round.complete",
        f"round:{round.pk}",
        people("organiser", scope=f"competition:{round.competition_id}"),
        at=act.at,
        step=stamp(act.at),
    )


@transaction.atomic
def remind_evaluators(*, at: datetime) -> int:
    """Once for each step and deadline, never after the last sheet is in. How many people were told."""
    told = 0
    near = at + timedelta(days=max(JUDGING_STEPS))
    seats = open_assignments().select_related("entry__round", "evaluator")
    waiting: dict[tuple, set[int]] = {}
    for seat in seats.filter(entry__round__judging_closes__lte=near):
        due = deadline_of(seat)
        reached = due and step_of(at, due, JUDGING_STEPS)
        if reached and seat.created_at < reached[1]:
            waiting.setdefault((seat.entry.round_id, reached[0], due), set()).add(seat.evaluator.user_id)
    for (round, days, due), users in sorted(waiting.items()):
        told += notify("sheet.remind", f"round:{round}", users, at=at, step=f"{days}:{due:%Y%m%d%H%M}", params={"due": due.isoformat()})
    return told
