"""Who judges what: panels of best fit within loads, without forbidden pairs (docs/scoring.md, "Assignment").

The core problem is a transport problem and totally unimodular: linear programming finds whole numbers by itself, and a
maximum flow decides beforehand, in integers, whether there is any assignment at all.
"""

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import cached_property
from math import lcm

import numpy as np

from ledger.domain.reason import Reason, Refused

Pair = tuple[str, str]
MOST_NAMED = 20
GROUNDS = ("region", "employer", "own", "declared", "recused", "other")


@dataclass(frozen=True)
class Need:
    """An entry and how many evaluators judge it; 0 is possible."""

    entry: str
    seats: int


@dataclass(frozen=True)
class Load:
    """An evaluator and how many entries they judge at least and at most."""

    evaluator: str
    most: int
    least: int = 0


@dataclass(frozen=True)
class Problem:
    """Pairs are (entry, evaluator). `fit` is any exact number, higher is better, 0 where absent; `forbidden` maps a pair
    to its ground, one of GROUNDS, by which a shortage is counted; `required` pairs are taken as
    they are. With `balance` the largest load is made as small and then the smallest as large as can be, before the best
    fit is sought. Optima are many: `seed` decides among them."""

    needs: tuple[Need, ...]
    loads: tuple[Load, ...]
    fit: Mapping[Pair, Fraction | int] = field(default_factory=dict)
    forbidden: Mapping[Pair, str] = field(default_factory=dict)
    required: frozenset[Pair] = frozenset()
    seed: str = ""
    balance: bool = True

    @cached_property
    def eligible(self) -> list[Pair]:
        """Every pair that is not forbidden, in code-point order."""
        evaluators = sorted(load.evaluator for load in self.loads)
        entries = sorted(need.entry for need in self.needs if need.seats)
        return [(entry, evaluator) for entry in entries for evaluator in evaluators if (entry, evaluator) not in self.forbidden]


@dataclass(frozen=True)
class Assigned:
    """`pairs` are sorted; `total_fit` is exact."""

    pairs: tuple[Pair, ...]
    total_fit: Fraction


def assign(problem: Problem) -> Assigned:
    """The assignment; raises Refused with each shortage counted where there is none."""
    _refuse_contradictions(problem)
    shortages = _counted_shortages(problem)
    rest = problem if shortages else _without_required(problem)
    shortages = shortages or _flow_shortage(rest)
    if shortages:
        raise Refused(*shortages)
    pairs = sorted({*_best_fit(_balanced(rest) if problem.balance else rest), *problem.required})
    if faults := check(problem, pairs):
        raise Refused(*faults)
    return Assigned(tuple(pairs), sum((Fraction(problem.fit.get(pair, 0)) for pair in pairs), Fraction(0)))


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
    for name in sorted([*entries, *evaluators]):
        faults.append(Reason("evaluations.assignment_name_unknown", {"name": name}))
    return faults


def _refuse_contradictions(problem: Problem) -> None:
    entries, evaluators = {need.entry for need in problem.needs}, {load.evaluator for load in problem.loads}
    if len(entries) < len(problem.needs) or len(evaluators) < len(problem.loads):
        raise ValueError("an entry or evaluator stands twice in the problem")
    if unknown := set(problem.forbidden.values()) - set(GROUNDS):
        raise ValueError(f"unknown grounds: {sorted(unknown)}")
    faults = []
    for entry, evaluator in sorted(problem.required):
        if entry not in entries or evaluator not in evaluators:
            name = entry if entry not in entries else evaluator
            faults.append(Reason("evaluations.assignment_name_unknown", {"name": name}))
        elif (entry, evaluator) in problem.forbidden:
            faults.append(Reason("evaluations.assignment_pair_forbidden", {"entry": entry, "evaluator": evaluator}))
    for load in problem.loads:
        if load.least > load.most:
            params = {"evaluator": load.evaluator, "least": load.least, "most": load.most}
            faults.append(Reason("evaluations.assignment_load_reversed", params))
    if faults:
        raise Refused(*faults)


def _counted_shortages(problem: Problem) -> list[Reason]:
    """Constraints that are short by themselves: an entry, an evaluator, or the whole."""
    by_entry, by_evaluator = Counter(entry for entry, _ in problem.eligible), Counter(name for _, name in problem.eligible)
    evaluators = {load.evaluator for load in problem.loads}
    grounds: dict[str, Counter] = {}
    for (entry, evaluator), ground in problem.forbidden.items():
        if evaluator in evaluators:
            grounds.setdefault(entry, Counter())[ground] += 1
    required = {kind: Counter(pair[place] for pair in problem.required) for place, kind in enumerate(("entry", "evaluator"))}
    found = []
    for need in problem.needs:
        if by_entry[need.entry] < need.seats:
            params = {"entry": need.entry, "eligible": by_entry[need.entry], "seats": need.seats}
            found.append(Reason("evaluations.assignment_entry_short", params))
            for ground, number in sorted(grounds.get(need.entry, {}).items(), key=lambda item: (-item[1], item[0])):
                found.append(Reason(f"evaluations.assignment_excluded_{ground}", {"entry": need.entry, "count": number}))
        if required["entry"][need.entry] > need.seats:
            params = {"entry": need.entry, "required": required["entry"][need.entry], "seats": need.seats}
            found.append(Reason("evaluations.assignment_required_over_seats", params))
    for load in problem.loads:
        name = load.evaluator
        if by_evaluator[name] < load.least:
            params = {"evaluator": name, "eligible": by_evaluator[name], "least": load.least}
            found.append(Reason("evaluations.assignment_least_short", params))
        if required["evaluator"][name] > load.most:
            params = {"evaluator": name, "required": required["evaluator"][name], "most": load.most}
            found.append(Reason("evaluations.assignment_required_over_load", params))
    seats, most = sum(need.seats for need in problem.needs), sum(load.most for load in problem.loads)
    least = sum(load.least for load in problem.loads)
    if seats > most:
        found.append(Reason("evaluations.assignment_capacity_short", {"seats": seats, "most": most}))
    if seats < least:
        found.append(Reason("evaluations.assignment_seats_short", {"seats": seats, "least": least}))
    return found


def _without_required(problem: Problem) -> Problem:
    """What is left once the required pairs are taken."""
    entries, evaluators = Counter(entry for entry, _ in problem.required), Counter(name for _, name in problem.required)
    return replace(
        problem,
        needs=tuple(Need(need.entry, need.seats - entries[need.entry]) for need in problem.needs),
        loads=tuple(
            Load(load.evaluator, load.most - evaluators[load.evaluator], max(0, load.least - evaluators[load.evaluator]))
            for load in problem.loads
        ),
        forbidden=dict(problem.forbidden) | dict.fromkeys(problem.required, "other"),
        required=frozenset(),
    )


class _Network:
    """The problem as a network: source → entries → evaluators → (owed, free) → sink. A flow is full when every seat is
    filled and every least load met. Only loads change from one flow to the next."""

    def __init__(self, problem: Problem):
        self.seats = sum(need.seats for need in problem.needs)
        self.entry_at = {need.entry: 1 + place for place, need in enumerate(problem.needs)}
        self.evaluator_at = {load.evaluator: 1 + len(self.entry_at) + place for place, load in enumerate(problem.loads)}
        self.sink = 3 + len(self.entry_at) + len(self.evaluator_at)
        edges = [(0, self.entry_at[need.entry], need.seats) for need in problem.needs]
        edges += [(self.entry_at[entry], self.evaluator_at[evaluator], 1) for entry, evaluator in problem.eligible]
        self.edges = np.array(edges, np.int32).reshape(-1, 3)

    def flow(self, loads: Sequence[Load]) -> "_Flow":
        owed, at, sink = sum(load.least for load in loads), self.evaluator_at, self.sink
        edges = [(at[load.evaluator], sink - 2, load.least) for load in loads]
        edges += [(at[load.evaluator], sink - 1, load.most - load.least) for load in loads]
        edges += [(sink - 2, sink, owed), (sink - 1, sink, max(0, self.seats - owed))]
        return _Flow(np.concatenate([self.edges, np.array(edges, np.int32)]), sink, self.seats, owed)


class _Flow:
    """A largest flow through the edges (start, end, capacity) from node 0 to the sink."""

    def __init__(self, edges: np.ndarray, sink: int, seats: int, owed: int):
        from scipy.sparse import csr_array
        from scipy.sparse.csgraph import maximum_flow

        self.seats, self.owed = seats, owed
        start, end, capacity = edges.T
        self.network = csr_array((capacity, (start, end)), shape=(sink + 1, sink + 1), dtype=np.int32)
        self.result = maximum_flow(self.network, 0, sink)

    @property
    def full(self) -> bool:
        return self.result.flow_value == self.seats and self.owed <= self.seats

    def reached(self) -> set[int]:
        """Nodes that the source still reaches in what is left of the capacities: one side of a minimum cut."""
        from scipy.sparse.csgraph import breadth_first_order

        left = self.network - self.result.flow
        left.eliminate_zeros()
        return set(breadth_first_order(left, 0, return_predecessors=False).tolist())


def _flow_shortage(problem: Problem) -> list[Reason]:
    """Entries that together need more than the evaluators open to them can take, or least loads that together cannot be met."""
    if not any(need.seats for need in problem.needs):
        return []
    network = _Network(problem)
    flow = network.flow([Load(load.evaluator, load.most) for load in problem.loads])
    if flow.full:
        return [] if network.flow(problem.loads).full else [Reason("evaluations.assignment_least_together_short")]
    reached = flow.reached()
    entries = [need for need in problem.needs if network.entry_at[need.entry] in reached]
    evaluators = [load for load in problem.loads if network.evaluator_at[load.evaluator] in reached]
    params = {
        "entries": [need.entry for need in entries][:MOST_NAMED],
        "count": len(entries),
        "seats": sum(need.seats for need in entries),
        "missing": flow.seats - int(flow.result.flow_value),
        "evaluators": [load.evaluator for load in evaluators][:MOST_NAMED],
    }
    return [Reason("evaluations.assignment_together_short", params)]


def _balanced(problem: Problem) -> Problem:
    """Loads narrowed to the smallest largest, then the largest smallest, that still leave an assignment."""

    def narrow(load: Load, least: int, most: int) -> Load:
        most = max(min(load.most, most), load.least)
        return Load(load.evaluator, most, max(load.least, min(least, most)))

    def narrowed(least: int, most: int) -> tuple[Load, ...]:
        # Nobody's own bounds are ever widened.
        return tuple(narrow(load, least, most) for load in problem.loads)

    seats = sum(need.seats for need in problem.needs)
    if not seats:
        return problem
    network = _Network(problem)
    low, high = -(-seats // len(problem.loads)), max(load.most for load in problem.loads)
    most = _first(low, high, lambda cap: network.flow(narrowed(0, cap)).full)
    top = seats // len(problem.loads)
    least = top - _first(0, top, lambda lower: network.flow(narrowed(top - lower, most)).full)
    return replace(problem, loads=narrowed(least, most))


def _first(low: int, high: int, holds) -> int:
    """The smallest number from low to high for which `holds`, which it does from there on; `high` where none below does."""
    while low < high:
        middle = (low + high) // 2
        if holds(middle):
            high = middle
        else:
            low = middle + 1
    return low


def _best_fit(problem: Problem) -> list[Pair]:
    from scipy.optimize import linprog
    from scipy.sparse import coo_array

    pairs = problem.eligible
    seats = sum(need.seats for need in problem.needs)
    if not seats:
        return []
    row = {need.entry: place for place, need in enumerate(problem.needs)}
    column = {load.evaluator: place for place, load in enumerate(problem.loads)}
    each, ones = np.arange(len(pairs)), np.ones(len(pairs))
    by_entry = coo_array((ones, ([row[entry] for entry, _ in pairs], each)), shape=(len(row), len(pairs)))
    by_evaluator = coo_array((ones, ([column[name] for _, name in pairs], each)), shape=(len(column), len(pairs))).tocsr()
    solved = linprog(
        -_gains(problem, pairs, seats),
        A_ub=_stacked(by_evaluator),
        b_ub=[load.most for load in problem.loads] + [-load.least for load in problem.loads],
        A_eq=by_entry.tocsr(),
        b_eq=[need.seats for need in problem.needs],
        bounds=(0, 1),
        method="highs-ds",
    )
    if solved.status != 0 or np.abs(solved.x - np.rint(solved.x)).max() > 1e-6:
        raise Refused(Reason("evaluations.assignment_unsolved"))
    return [pair for pair, taken in zip(pairs, np.rint(solved.x).tolist(), strict=True) if taken]


def _stacked(by_evaluator):
    from scipy.sparse import vstack

    return vstack([by_evaluator, -by_evaluator]).tocsr()


def _gains(problem: Problem, pairs: list[Pair], seats: int) -> np.ndarray:
    """Fit in whole units, plus a seeded share of a unit so small that all seats together stay below half of one: it
    decides between equal optima and cannot change the optimum."""
    fits = [Fraction(problem.fit.get(pair, 0)) for pair in pairs]
    unit = lcm(*(fit.denominator for fit in fits))
    shares = [
        int.from_bytes(hashlib.sha256("|".join((problem.seed, *pair)).encode()).digest()[:6], "big") / 2**48 / (2 * seats) for pair in pairs
    ]
    return np.array([float(fit * unit) + share for fit, share in zip(fits, shares, strict=True)]) * seats
