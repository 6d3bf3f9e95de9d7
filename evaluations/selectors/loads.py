"""The seats of a round by evaluator, and all of them in one flat list for the export."""

from dataclasses import dataclass

from django.db.models import Prefetch, Q

from competition.permissions.conflicts import conflicts
from evaluations.domain.assignment_plan import Plan
from evaluations.models import Assignment, Evaluator
from evaluations.selectors.assignments import HELD, pool
from evaluations.selectors.plans import fit_table, plan_of
from evaluations.selectors.seats import stage


@dataclass
class LoadRow:
    """An evaluator with the seats of the round and the bounds of the plan; `held`: seats that are not given up."""

    evaluator: Evaluator
    seats: list[Assignment]
    held: int
    least: int
    most: int

    @property
    def out_of_bounds(self) -> bool:
        return not self.least <= self.held <= self.most


def people_of(round):
    """The pool, and whoever has or had a seat in the round; to be cut into pages."""
    seats = (
        Assignment.objects.filter(entry__round=round)
        .select_related("evaluator", "sheet", "entry__application__cluster__lead_region")
        .defer("sheet__comment")
        .order_by("entry_id")
    )
    seated = Assignment.objects.filter(entry__round=round).values("evaluator")
    return (
        Evaluator.objects.filter(Q(pk__in=pool(round.competition).values("pk")) | Q(pk__in=seated))
        .select_related("user", "employer")
        .prefetch_related("sectors", Prefetch("assignments", queryset=seats, to_attr="in_round"))
        .order_by("code")
    )


def load_rows(plan: Plan, evaluators) -> list[LoadRow]:
    """One page of people; each seat with `stage` and `kinds` of conflict. As many queries whatever the page."""
    people = list(evaluators)
    seats = [seat for person in people for seat in person.in_round]
    bound = conflicts({person.user_id for person in people}, {seat.entry.application.cluster_id for seat in seats})
    rows = []
    for person in people:
        for seat in person.in_round:
            seat.stage = "proposed" if seat.state == "proposed" else stage(seat)
            seat.kinds = sorted(set(bound.get((person.user_id, seat.entry.application.cluster_id), [])))
        held = sum(1 for seat in person.in_round if seat.state in HELD)
        rows.append(LoadRow(person, person.in_round, held, *plan.load_of(str(person.pk))))
    return rows


def flat_rows(round) -> list[tuple[Assignment, int, list[str]]]:
    """(seat, fit under the plan, kinds of conflict) of every seat, by entry."""
    seats = list(
        Assignment.objects.filter(entry__round=round)
        .select_related(
            "entry__track",
            "entry__application__cluster__sector",
            "entry__application__cluster__lead_region",
            "evaluator__user",
            "evaluator__employer",
        )
        .prefetch_related("evaluator__sectors")
        .order_by("entry_id", "evaluator__code", "pk")
    )
    plan, _version = plan_of(round)
    entries = list({seat.entry_id: seat.entry for seat in seats}.values())
    people = list({seat.evaluator_id: seat.evaluator for seat in seats}.values())
    fit = fit_table(plan, entries, people) if seats else None
    row, column = ({one.pk: place for place, one in enumerate(rows)} for rows in (entries, people))
    bound = conflicts({person.user_id for person in people}, {entry.application.cluster_id for entry in entries})
    return [
        (
            seat,
            int(fit[row[seat.entry_id], column[seat.evaluator_id]]),
            sorted(set(bound.get((seat.evaluator.user_id, seat.entry.application.cluster_id), []))),
        )
        for seat in seats
    ]
