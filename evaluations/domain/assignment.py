"""Who judges what: panels of best fit within loads, without forbidden pairs (docs/scoring.md, D1 to D3).

Without rules about the composition of a panel the problem is a transport problem and totally unimodular: linear
programming finds whole numbers by itself, and an exact search in integers proves afterwards that nothing is better.
Every answer is counted again by `check`, which knows nothing of how it was found.
"""

from collections import Counter
from dataclasses import replace

from evaluations.domain.assignment_fairness import raise_worst
from evaluations.domain.assignment_flow import balanced
from evaluations.domain.assignment_grid import grid_of
from evaluations.domain.assignment_problem import GROUNDS, Assigned, Load, Need, Pair, Problem, with_anchors, without_required
from evaluations.domain.assignment_shortage import counted_shortages, flow_shortage, refuse_contradictions
from evaluations.domain.assignment_solver import best_total, unfilled
from ledger.domain.reason import Reason, Refused

__all__ = ["GROUNDS", "Assigned", "Load", "Need", "Pair", "Problem", "assign", "check"]

# Above this many entries only the best evaluators of each are tried first.
MANY_ENTRIES = 1000
BEST_KEPT = 40


def assign(problem: Problem) -> Assigned:
    """The assignment; raises Refused with each shortage counted where there is none."""
    refuse_contradictions(problem)
    problem = with_anchors(problem)
    if shortages := counted_shortages(problem):
        raise Refused(*shortages)
    grid, taken = _solved(problem)
    if problem.fairness:
        taken = raise_worst(grid, taken)
    pairs = grid.pairs(taken)
    if faults := check(problem, pairs):
        raise Refused(*faults)
    total, worst = grid.total_fit(taken), grid.worst_fit(taken)
    return Assigned(tuple(pairs), total, worst)


def _solved(problem: Problem):
    """The grid of the problem and what is taken of it for the best total."""
    for attempt in _attempts(problem):
        grid = grid_of(attempt)
        kept = grid.best_kept(BEST_KEPT) if len(attempt.needs) > MANY_ENTRIES else grid
        taken = best_total(kept)
        if taken is None and kept is not grid:
            taken = best_total(grid)
        if taken is not None:
            return grid, taken
    raise Refused(*(flow_shortage(problem) or _rule_shortage(problem)))


def _attempts(problem: Problem):
    """With level loads first where they are wanted, as far as the rules about panels let them be."""
    if not problem.balance:
        yield problem
        return
    rest = without_required(problem)
    if shortages := flow_shortage(problem):
        raise Refused(*shortages)
    held = Counter(evaluator for _, evaluator in problem.required)
    level = balanced(rest, held).loads
    loads = (replace(load, most=load.most + held[load.evaluator], least=load.least + held[load.evaluator]) for load in level)
    yield replace(problem, loads=tuple(loads))
    if problem.has_rules:
        yield problem


def _rule_shortage(problem: Problem) -> list[Reason]:
    empty = unfilled(grid_of(problem))
    if not empty:
        return [Reason("evaluations.assignment_unsolved")]
    return [Reason("evaluations.assignment_panels_short", {"entries": empty[:20], "count": len(empty)})]


def check(problem: Problem, pairs: list[Pair]) -> list[Reason]:
    """What is wrong with an assignment, counted in whole numbers and independent of how it was found."""
    faults = []
    entries, evaluators = Counter(entry for entry, _ in pairs), Counter(evaluator for _, evaluator in pairs)
    if len(set(pairs)) < len(pairs):
        faults.append(Reason("evaluations.assignment_pair_twice"))
    for need in problem.needs:
        if entries.pop(need.entry, 0) != need.seats:
            faults.append(Reason("evaluations.assignment_seats_wrong", {"entry": need.entry, "seats": need.seats}))
    for load in problem.loads:
        if not load.least <= evaluators.pop(load.evaluator, 0) <= load.most:
            params = {"evaluator": load.evaluator, "least": load.least, "most": load.most}
            faults.append(Reason("evaluations.assignment_load_wrong", params))
    for entry, evaluator in sorted(set(pairs) & set(problem.forbidden)):
        faults.append(Reason("evaluations.assignment_pair_forbidden", {"entry": entry, "evaluator": evaluator}))
    for entry, evaluator in sorted(problem.required - set(pairs)):
        faults.append(Reason("evaluations.assignment_pair_absent", {"entry": entry, "evaluator": evaluator}))
    faults += _panel_faults(problem, pairs)
    for name in sorted([*entries, *evaluators]):
        faults.append(Reason("evaluations.assignment_name_unknown", {"name": name}))
    return faults


def _panel_faults(problem: Problem, pairs: list[Pair]) -> list[Reason]:
    faults = []
    loads = {load.evaluator: load for load in problem.loads}
    panels: dict[str, list[Load]] = {need.entry: [] for need in problem.needs if need.seats and need.entry not in problem.anchors}
    for entry, evaluator in pairs if problem.has_rules else ():
        if entry in panels and evaluator in loads:
            panels[entry].append(loads[evaluator])
    for entry, panel in panels.items() if problem.has_rules else ():
        if problem.one_per_employer:
            for employer, count in Counter(load.employer for load in panel if load.employer).items():
                if count > 1:
                    params = {"entry": entry, "employer": employer, "count": count}
                    faults.append(Reason("evaluations.assignment_employer_twice", params))
        disciplines = Counter(load.discipline for load in panel)
        for discipline, (least, most) in problem.discipline_bounds().items():
            if disciplines[discipline] < least or (most is not None and disciplines[discipline] > most):
                params = {"entry": entry, "discipline": discipline, "count": disciplines[discipline]}
                faults.append(Reason("evaluations.assignment_discipline_wrong", params))
    return faults
