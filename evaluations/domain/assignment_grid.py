"""A problem of assignment as arrays: entries with seats × evaluators, both in code-point order."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from math import isfinite, lcm

import numpy as np
from numpy.random import default_rng

from evaluations.domain.assignment_problem import Pair, Problem

SAFE = 2**62
EXACT = 2**53
MOST_DIGITS = 12
FLOAT_BITS = 1000


@dataclass(frozen=True)
class Grid:
    """`units` / `per` is the fit, exact; `allowed` and `fixed` (required) are entries × evaluators, and so is `chance`, the
    seeded share below 1 by which equal fits differ. `employer` and `discipline` number the evaluators' (-1: none);
    `free` marks the entries that the rules about panels bind not (anchors)."""

    problem: Problem
    entries: tuple[str, ...]
    evaluators: tuple[str, ...]
    seats: np.ndarray
    least: np.ndarray
    most: np.ndarray
    units: np.ndarray
    per: int
    allowed: np.ndarray
    fixed: np.ndarray
    chance: np.ndarray
    employer: np.ndarray
    discipline: np.ndarray
    bounds: tuple[tuple[int, int, int | None], ...]
    free: np.ndarray

    def pairs(self, taken: np.ndarray) -> list[Pair]:
        return [(self.entries[row], self.evaluators[column]) for row, column in np.argwhere(taken).tolist()]

    def sums(self, taken: np.ndarray) -> np.ndarray:
        """The fit of each entry in units."""
        return np.where(taken, self.units, 0).sum(axis=1)

    def total_fit(self, taken: np.ndarray) -> Fraction:
        return Fraction(int(self.sums(taken).sum()), self.per)

    def worst_fit(self, taken: np.ndarray) -> Fraction | None:
        return Fraction(int(self.sums(taken).min()), self.per) if self.entries else None

    @property
    def ruled(self) -> bool:
        return self.problem.has_rules

    def best_kept(self, count: int) -> "Grid":
        """With only the best `count` evaluators of each entry allowed, and the required ones."""
        if len(self.evaluators) <= count:
            return self
        gain = np.where(self.allowed, relative(self.units) + self.chance / 2, -np.inf)
        chosen = np.argpartition(-gain, count, axis=1)[:, :count]
        best = np.zeros(self.allowed.shape, bool)
        np.put_along_axis(best, chosen, True, axis=1)
        wide = self.seats > count // 2  # an entry read by many needs room
        return replace(self, allowed=self.allowed & (best | self.fixed | wide[:, None]))


def relative(units: np.ndarray) -> np.ndarray:
    """Units as floats by how much they lie below the best of their entry: what the size of the numbers cannot blur."""
    if not units.size:
        return units.astype(np.float64)
    below = units - units.max(axis=1, keepdims=True)
    if below.dtype == object and (beyond := int(-below.min()).bit_length() - FLOAT_BITS) > 0:
        below = below // 2**beyond
    return below.astype(np.float64)


def grid_of(problem: Problem) -> Grid:
    needs = sorted((need for need in problem.needs if need.seats), key=lambda need: need.entry)
    loads = sorted(problem.loads, key=lambda load: load.evaluator)
    entries, evaluators = tuple(need.entry for need in needs), tuple(load.evaluator for load in loads)
    row, column = ({code: place for place, code in enumerate(codes)} for codes in (entries, evaluators))
    shape = len(entries), len(evaluators)
    units, per = _units(problem, row, column)
    allowed, fixed = np.ones(shape, bool), np.zeros(shape, bool)
    for table, pairs, value in ((allowed, problem.forbidden, False), (fixed, problem.required, True)):
        known = [(row[entry], column[name]) for entry, name in pairs if entry in row and name in column]
        if known:
            table[tuple(np.array(known).T)] = value
    seed = int.from_bytes(hashlib.sha256(problem.seed.encode()).digest()[:16], "big")
    employers = sorted({load.employer for load in loads} - {""}) if problem.one_per_employer else []
    bounds = problem.discipline_bounds()
    disciplines = list(bounds)
    return Grid(
        problem,
        entries,
        evaluators,
        np.array([need.seats for need in needs], np.int64),
        np.array([load.least for load in loads], np.int64),
        np.array([load.most for load in loads], np.int64),
        units,
        per,
        allowed,
        fixed,
        default_rng(seed).random(shape),
        np.array([employers.index(load.employer) if load.employer in employers else -1 for load in loads], np.int64),
        np.array([disciplines.index(load.discipline) if load.discipline in bounds else -1 for load in loads], np.int64),
        tuple((place, *bounds[discipline]) for place, discipline in enumerate(disciplines)),
        np.array([entry in problem.anchors for entry in entries], bool),
    )


def _units(problem: Problem, row: dict[str, int], column: dict[str, int]) -> tuple[np.ndarray, int]:
    """The fit in whole units of 1/per, in 64 bits where every sum of them fits, else in Python integers."""
    if isinstance(problem.fit, Mapping):
        known = [(row[entry], column[name], value) for (entry, name), value in problem.fit.items() if entry in row and name in column]
        values, per = _whole(_array([value for _, _, value in known]))
        table = np.zeros((len(row), len(column)), values.dtype)
        if known:
            table[tuple(np.array([place[:2] for place in known]).T)] = values
    else:
        given, per = _whole(_array(problem.fit).reshape(len(problem.needs), len(problem.loads)))
        rows = [place for _, place in sorted((need.entry, place) for place, need in enumerate(problem.needs) if need.seats)]
        columns = [place for _, place in sorted((load.evaluator, place) for place, load in enumerate(problem.loads))]
        table = given[np.ix_(rows, columns)] if rows and columns else np.zeros((len(rows), len(columns)), np.int64)
    seats = sum(need.seats for need in problem.needs) + 1
    largest = int(np.abs(table).max()) if table.size else 0
    # Costs of exchanges are differences of two fits, and a cycle has as many as there are evaluators.
    return table.astype(np.int64 if 2 * largest * (seats + len(column)) < SAFE else object), per


def _array(values) -> np.ndarray:
    array = np.asarray(values)
    if array.dtype.kind == "f" and array.size and np.abs(array).max() >= EXACT:
        return np.array(values, dtype=object)  # whole numbers among floats would be blurred
    return array if array.dtype.kind in "if" else np.array(values, dtype=object)


def _whole(values: np.ndarray) -> tuple[np.ndarray, int]:
    if values.dtype.kind == "i" or not values.size:
        return values.astype(object) if values.dtype.kind != "i" else values, 1
    if values.dtype.kind == "f":
        if not np.isfinite(values).all():
            raise ValueError("a fit is a finite number")
        for digits in range(MOST_DIGITS + 1):
            scaled = np.rint(values * 10.0**digits)
            # A decimal of so few digits is the nearest float to its own quotient, and to no other's.
            if np.abs(scaled).max() >= EXACT:
                break
            if (scaled / 10.0**digits == values).all():
                return scaled.astype(np.int64), 10**digits
    if any(isinstance(value, float) and not isfinite(value) for value in values.reshape(-1).tolist()):
        raise ValueError("a fit is a finite number")
    exact = [Fraction(repr(value)) if isinstance(value, float) else Fraction(value) for value in values.reshape(-1).tolist()]
    per = lcm(*{value.denominator for value in exact})
    whole = np.empty(len(exact), dtype=object)
    whole[:] = [value.numerator * (per // value.denominator) for value in exact]
    return whole.reshape(values.shape), per
