"""Whether there is an assignment at all, decided by a maximum flow in integers; and how level loads can be."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from evaluations.domain.assignment_problem import Load, Problem


class Network:
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

    def flow(self, loads: Sequence[Load]) -> "Flow":
        owed, at, sink = sum(load.least for load in loads), self.evaluator_at, self.sink
        edges = [(at[load.evaluator], sink - 2, load.least) for load in loads]
        edges += [(at[load.evaluator], sink - 1, load.most - load.least) for load in loads]
        edges += [(sink - 2, sink, owed), (sink - 1, sink, max(0, self.seats - owed))]
        return Flow(np.concatenate([self.edges, np.array(edges, np.int32)]), sink, self.seats, owed)


class Flow:
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


def balanced(problem: Problem, held: Mapping[str, int]) -> Problem:
    """Loads narrowed to the smallest largest, then the largest smallest, that still leave an assignment; by evaluator
    `held` are the entries that they judge beyond this problem."""

    def narrow(load: Load, least: int, most: int) -> Load:
        most = max(min(load.most, most - held.get(load.evaluator, 0)), load.least)
        return replace(load, most=most, least=max(load.least, min(least - held.get(load.evaluator, 0), most)))

    def narrowed(least: int, most: int) -> tuple[Load, ...]:
        # Nobody's own bounds are ever widened.
        return tuple(narrow(load, least, most) for load in problem.loads)

    if not any(need.seats for need in problem.needs):
        return problem
    seats = sum(need.seats for need in problem.needs) + sum(held.values())
    network = Network(problem)
    low, high = -(-seats // len(problem.loads)), max(load.most + held.get(load.evaluator, 0) for load in problem.loads)
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
