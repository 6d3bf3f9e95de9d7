"""Collapsing the values of a panel into one: mean, median, or mean after dropping extremes by count
(docs/scoring.md, P1 and P2).

Arrays are entries × seats, or entries × seats × criteria; the seats are axis 1. `counts` says which values exist.
"""

from dataclasses import dataclass

import numpy as np

from evaluations.domain.exact import LIMIT, Exact
from evaluations.domain.scheme import Panel


@dataclass(frozen=True)
class Collapsed:
    """`value` is 0 where `known` is false; `small` marks a trimmed collapse that fell back to the plain mean."""

    value: Exact
    known: np.ndarray
    small: np.ndarray


def collapse_values(values: Exact, counts: np.ndarray, panel: Panel, digits: int | None) -> Collapsed:
    """The panel method over axis 1, rounded to `digits` (None: exact)."""
    values = values.where(counts)
    size = counts.sum(axis=1)
    known = size > 0
    divisors = np.maximum(size, 1)
    small = np.zeros(known.shape, bool)
    if panel.method == "mean":
        total = values.sum(axis=1)
    elif panel.method == "median":
        total, divisors = _middle_two(_ascending(values, counts), divisors), np.full_like(divisors, 2)
    else:
        small = known & (size < panel.min_to_trim)
        trims = size >= max(panel.min_to_trim, 1)
        low, high = np.where(trims, panel.drop_low, 0), np.where(trims, panel.drop_high, 0)
        total = _between(_ascending(values, counts), low, size - high)
        divisors = np.maximum(size - high - low, 1)
    return Collapsed(total.rounded(digits, divisors), known, small)


def _ascending(values: Exact, counts: np.ndarray) -> Exact:
    """Sorted along the seats, values that do not exist last (and 0)."""
    fill = values.bound + 1
    num = values.num if fill < LIMIT else values.num.astype(object)
    ordered = np.sort(np.where(counts, num, fill), axis=1)
    return Exact(np.where(ordered == fill, 0, ordered), values.den, values.bound)


def _middle_two(ordered: Exact, size: np.ndarray) -> Exact:
    """The sum of the middle two of each row (of the middle one with itself when the size is odd)."""
    lower = np.take_along_axis(ordered.num, ((size - 1) // 2)[:, None], axis=1)
    upper = np.take_along_axis(ordered.num, (size // 2)[:, None], axis=1)
    return Exact(lower[:, 0], ordered.den, ordered.bound).plus(Exact(upper[:, 0], ordered.den, ordered.bound))


def _between(ordered: Exact, first: np.ndarray, end: np.ndarray) -> Exact:
    """The sum of the places first ≤ i < end of each row."""
    places = np.arange(ordered.num.shape[1]).reshape((1, -1) + (1,) * (ordered.num.ndim - 2))
    return ordered.where((places >= first[:, None]) & (places < end[:, None])).sum(axis=1)


def dropped_places(values: Exact, counts: np.ndarray, panel: Panel) -> tuple[np.ndarray, np.ndarray]:
    """Which occurrences are *shown* as dropped, high and low: among equal ones the first seat (code-point order); the
    high ones are taken first. No number depends on it."""
    nothing = np.zeros(counts.shape, bool)
    if panel.method != "trimmed":
        return nothing, nothing
    trims = (counts.sum(axis=1) >= panel.min_to_trim)[:, None] & counts
    high = trims & _first_places(-values.num, counts, panel.drop_high, values.bound)
    low = trims & _first_places(values.num, counts & ~high, panel.drop_low, values.bound)
    return high, low


def _first_places(num: np.ndarray, counts: np.ndarray, number: int, bound: int) -> np.ndarray:
    num = num if bound + 1 < LIMIT else num.astype(object)
    order = np.argsort(np.where(counts, num, bound + 1), axis=1, kind="stable")[:, :number]
    chosen = np.zeros(counts.shape, bool)
    np.put_along_axis(chosen, order, True, axis=1)
    return chosen
