"""The best total: a linear programme, then proof or repair in integers; whole-number programming only where rules cross."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from evaluations.domain.assignment_grid import Grid, relative

# Larger costs are scaled down to this for the solver; what that blurs, the exact search mends.
LARGEST_COST = 1e7
SECONDS = 30.0
WHOLE = 1e-6


@dataclass(frozen=True)
class Rows:
    """One kind of constraint (seats, loads, employers or disciplines): least ≤ matrix · cells ≤ most."""

    kind: str
    matrix: Any
    least: np.ndarray
    most: np.ndarray


def best_total(grid: Grid) -> np.ndarray | None:
    """Entries × evaluators, true where taken; None where there is no assignment. Of equal totals the seed's."""
    cells = cells_of(grid)
    if len(cells[0]) == 0:
        return np.zeros(grid.allowed.shape, bool) if not grid.seats.any() and not grid.least.any() else None
    found = _solve(grid, cells, costs(grid, cells))
    return found if found is None or grid.ruled else without_cycles(grid, found)


def cells_of(grid: Grid) -> tuple[np.ndarray, np.ndarray]:
    return np.nonzero(grid.allowed)


def costs(grid: Grid, cells: tuple[np.ndarray, np.ndarray]) -> np.ndarray:
    """To be made small: what is lost against the best of the entry, and a seeded share of a unit so small that all seats
    together stay below half of one, so that it decides between equal optima and cannot change the optimum."""
    lost = -relative(grid.units)[cells]
    lost += grid.chance[cells] / (2 * max(1, int(grid.seats.sum())))
    largest = lost.max(initial=0)
    return lost * (LARGEST_COST / largest) if largest > LARGEST_COST else lost


def rows_of(grid: Grid, cells: tuple[np.ndarray, np.ndarray]) -> list[Rows]:
    """Every constraint over the cells, seats first, then loads."""
    from scipy.sparse import csr_array

    entry, evaluator = cells
    place, ones = np.arange(len(entry)), np.ones(len(entry))

    def counted(group: np.ndarray, chosen: np.ndarray, count: int):
        return csr_array((ones[chosen], (group[chosen], place[chosen])), shape=(count, len(place)))

    everywhere = np.ones(len(place), bool)
    rows = [
        Rows("seats", counted(entry, everywhere, len(grid.entries)), grid.seats, grid.seats),
        Rows("loads", counted(evaluator, everywhere, len(grid.evaluators)), grid.least, grid.most),
    ]
    bound = ~grid.free[entry]
    if (grid.employer >= 0).any():
        group = entry * (int(grid.employer.max()) + 1) + grid.employer[evaluator]
        named = bound & (grid.employer[evaluator] >= 0)
        codes, group_of = np.unique(group[named], return_inverse=True)
        wide = np.flatnonzero(np.bincount(group_of, minlength=len(codes)) > 1)  # one evaluator alone cannot be two
        number = np.full(len(codes), -1)
        number[wide] = np.arange(len(wide))
        kept = number[group_of] >= 0
        chosen, full = np.zeros(len(place), bool), np.zeros(len(place), np.int64)
        chosen[np.flatnonzero(named)[kept]] = True
        full[np.flatnonzero(named)[kept]] = number[group_of][kept]
        rows.append(Rows("employers", counted(full, chosen, len(wide)), np.zeros(len(wide)), np.ones(len(wide))))
    for discipline, least, most in grid.bounds:
        chosen = bound & (grid.discipline[evaluator] == discipline)
        each = np.where(grid.free, 0, least), np.where(grid.free, len(place), len(place) if most is None else most)
        rows.append(Rows("disciplines", counted(entry, chosen, len(grid.entries)), *each))
    return rows


def fixed_of(grid: Grid, cells: tuple[np.ndarray, np.ndarray]) -> np.ndarray:
    return grid.fixed[cells].astype(float)


def _solve(grid: Grid, cells, cost: np.ndarray) -> np.ndarray | None:
    from scipy.optimize import linprog
    from scipy.sparse import vstack

    rows = rows_of(grid, cells)
    bounded = rows[1:]
    least, most = np.concatenate([row.least for row in bounded]), np.concatenate([row.most for row in bounded])
    matrix = vstack([row.matrix for row in bounded]).tocsr()
    low = np.flatnonzero(least > 0)
    for method in ("highs-ipm", "highs-ds"):
        solved = linprog(
            cost,
            A_ub=vstack([matrix, -matrix[low]]).tocsr(),
            b_ub=np.concatenate([most, -least[low]]),
            A_eq=rows[0].matrix,
            b_eq=rows[0].most,
            bounds=np.column_stack([fixed_of(grid, cells), np.ones(len(cost))]),
            method=method,
            options={"time_limit": SECONDS},
        )
        if solved.status == 2:
            return None
        if solved.status == 0 and np.abs(solved.x - np.rint(solved.x)).max() < WHOLE:
            return _table(grid, cells, solved.x)
    return whole(grid, cells, cost, rows)


def whole(grid: Grid, cells, cost: np.ndarray, rows: list[Rows], *, extra: int = 0) -> np.ndarray | None:
    """By whole-number programming, for rules that cross; None also where no proof came in time: what a solver leaves
    behind when its time is up is never used. The last `extra` columns are free numbers."""
    from scipy.optimize import Bounds, LinearConstraint, milp

    solved = milp(
        cost,
        constraints=[LinearConstraint(row.matrix, row.least, row.most) for row in rows],
        integrality=np.r_[np.ones(len(cells[0])), np.zeros(extra)],
        bounds=Bounds(np.r_[fixed_of(grid, cells), np.full(extra, -np.inf)], np.r_[np.ones(len(cells[0])), np.full(extra, np.inf)]),
        options={"time_limit": SECONDS, "mip_rel_gap": 0},
    )
    return _table(grid, cells, solved.x[: len(cells[0])]) if solved.status == 0 else None


def _table(grid: Grid, cells, x: np.ndarray) -> np.ndarray:
    taken = np.zeros(grid.allowed.shape, bool)
    taken[cells] = np.rint(x) == 1
    return taken


def without_cycles(grid: Grid, taken: np.ndarray) -> np.ndarray:
    """Exchanges along which the total rises, made until there is none: then the total is the best, exactly. Nodes are the
    evaluators and one more, the room in their loads; from j to k leads the cheapest exchange of j for k, and through the
    room a load grows and another one shrinks."""
    taken = taken.copy()
    size = len(grid.evaluators)
    while True:
        load = taken.sum(axis=0)
        price, entry = _exchanges(grid, taken, size)
        room = size
        open_ = entry >= 0
        open_[np.flatnonzero(load < grid.most), room] = True
        open_[room, np.flatnonzero(load > grid.least)] = True
        cycle = _cheap_cycle(price, open_)
        if cycle is None:
            return taken
        for before, after in zip(cycle, cycle[1:] + cycle[:1], strict=True):
            if room not in (before, after):
                taken[entry[before, after], before], taken[entry[before, after], after] = False, True


def _exchanges(grid: Grid, taken: np.ndarray, size: int) -> tuple[np.ndarray, np.ndarray]:
    """What it costs to take k instead of j on the entry where that is cheapest, and which entry (-1: none)."""
    price = np.zeros((size + 1, size + 1), grid.units.dtype)
    entry = np.full((size + 1, size + 1), -1)
    could = grid.allowed & ~taken
    for judge in range(size):
        rows = np.flatnonzero(taken[:, judge] & ~grid.fixed[:, judge])
        if not len(rows):
            continue
        lost = grid.units[rows, judge][:, None] - grid.units[rows]
        worst = lost.max() + 1
        lost = np.where(could[rows], lost, worst)
        best = lost.argmin(axis=0)
        price[judge, :size] = lost[best, np.arange(size)]
        entry[judge, :size] = np.where(could[rows][best, np.arange(size)], rows[best], -1)
    return price, entry


def _cheap_cycle(price: np.ndarray, open_: np.ndarray) -> list[int] | None:
    """A cycle of negative price (Bellman and Ford), or None. Node by node in the order of the cycle."""
    size = len(price)
    distance, before = np.zeros(size, price.dtype), np.full(size, -1)
    closed = ~open_
    if not (price[open_] < 0).any():
        return None
    for _ in range(size):
        through = distance[:, None] + price
        through = np.where(closed, distance[None, :], through)
        best = through.argmin(axis=0)
        shorter = through[best, np.arange(size)] < distance
        if not shorter.any():
            return None
        before = np.where(shorter, best, before)
        distance = np.where(shorter, through[best, np.arange(size)], distance)
        cycle = _round(before)
        if cycle is not None and sum(price[pair] for pair in zip(cycle, cycle[1:] + cycle[:1], strict=True)) < 0:
            return cycle
    return None


def _round(before: np.ndarray) -> list[int] | None:
    """A cycle of the predecessors, if they close one."""
    colour = np.zeros(len(before), np.int64)
    for start in range(len(before)):
        path, node = [], start
        while node >= 0 and colour[node] == 0:
            colour[node] = start + 1
            path.append(node)
            node = before[node]
        if node >= 0 and colour[node] == start + 1:
            return path[path.index(node) :][::-1]
    return None


def unfilled(grid: Grid) -> list[str]:
    """Entries whose panel stays incomplete where as many seats as possible are filled, least loads left aside."""
    from scipy.optimize import linprog
    from scipy.sparse import csr_array, eye_array, hstack, vstack

    cells, size = cells_of(grid), len(grid.entries)
    rows = rows_of(grid, cells)
    soft = [row for row in rows if row.kind in ("seats", "disciplines")]
    solved = linprog(
        np.r_[np.zeros(len(cells[0])), np.ones(size)],
        A_ub=vstack(
            [hstack([row.matrix, csr_array((row.matrix.shape[0], size))]) for row in rows]
            + [hstack([-row.matrix, -eye_array(size)]) for row in soft]
        ).tocsr(),
        b_ub=np.concatenate([row.most for row in rows] + [-row.least for row in soft]),
        bounds=np.column_stack([np.zeros(len(cells[0]) + size), np.r_[np.ones(len(cells[0])), np.full(size, np.inf)]]),
        method="highs-ds",
    )
    if solved.status != 0:
        return []
    return [grid.entries[place] for place in np.flatnonzero(solved.x[len(cells[0]) :] > WHOLE).tolist()]
