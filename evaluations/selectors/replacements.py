"""Who could take a seat that is given up: by the fit and the rules of the plan."""

from collections import Counter
from dataclasses import dataclass, field

from evaluations.models import Assignment
from evaluations.selectors.assignments import HELD
from evaluations.selectors.plans import plan_of, table_of


@dataclass
class Candidate:
    """Somebody without a conflict who never had a seat at the entry. `against`: rules of the plan that they would break, as codes
    load, employer, discipline or hand."""

    evaluator: object
    fit: int
    load: int
    most: int
    against: list[str] = field(default_factory=list)


def candidates(seat: Assignment) -> list[Candidate]:
    """Those who break no rule first, then the best fit, the most room, the code. As many queries whatever the pool."""
    round, key = seat.entry.round, str(seat.entry_id)
    plan, _version = plan_of(round)
    table = table_of(round, plan)
    place = next((number for number, entry in enumerate(table.entries) if entry.pk == seat.entry_id), None)
    if place is None:
        return []
    rows = Assignment.objects.filter(entry__round=round).values_list("entry_id", "evaluator_id", "state").order_by("pk")
    had = {evaluator for entry, evaluator, _state in rows if entry == seat.entry_id}
    loads = Counter(
        evaluator for entry, evaluator, state in rows if state in HELD and (entry, evaluator) != (seat.entry_id, seat.evaluator_id)
    )
    problem_loads = {load.evaluator: load for load in table.problem.loads}
    panel = [
        problem_loads[str(evaluator)]
        for entry, evaluator, state in rows
        if entry == seat.entry_id and state in HELD and evaluator != seat.evaluator_id and str(evaluator) in problem_loads
    ]
    anchored, bounds = key in table.problem.anchors, table.problem.discipline_bounds()
    employers, disciplines = {load.employer for load in panel} - {""}, Counter(load.discipline for load in panel)
    found = []
    for column, evaluator in enumerate(table.evaluators):
        own = str(evaluator.pk)
        ground = table.problem.forbidden.get((key, own), "")
        if evaluator.pk in had or ground not in ("", "hand"):
            continue
        load, most = problem_loads[own], plan.load_of(own)[1]
        candidate = Candidate(evaluator, int(table.problem.fit[place, column]), loads[evaluator.pk], most)
        if ground:
            candidate.against.append("hand")
        if candidate.load >= most:
            candidate.against.append("load")
        if plan.one_per_employer and not anchored and load.employer in employers:
            candidate.against.append("employer")
        highest = bounds.get(load.discipline, (0, None))[1]
        short = any(disciplines[code] < least for code, (least, _most) in bounds.items() if code != load.discipline)
        missing = disciplines[load.discipline] < bounds.get(load.discipline, (0, None))[0]
        if not anchored and ((highest is not None and disciplines[load.discipline] >= highest) or (short and not missing)):
            candidate.against.append("discipline")
        found.append(candidate)
    return sorted(found, key=lambda one: (bool(one.against), -one.fit, one.load - one.most, one.evaluator.code))
