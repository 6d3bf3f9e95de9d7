"""The marks of a round as one array, built set-based from rows: entries × seats × criteria.

A seat is one evaluator's place at one entry. Seats stand in code-point order of the evaluators' codes, so that no
result depends on the order of rows, and there are as many as the largest panel has, not as many as there are evaluators.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from evaluations.domain.decimals import HUNDREDTH, plain_text
from evaluations.domain.scheme import Scheme
from ledger.domain.reason import Reason, Refused

MOST_FAULTS = 20


@dataclass(frozen=True)
class Cube:
    """`values` are hundredths (int64), 0 wherever `marked` is false; no number stands for a missing mark.

    `values`, `marked` (a number was given) and `abstained` are entries × seats × criteria, the criteria in the order of
    the scheme; `seated` (somebody sits there) and `evaluator` (index into `evaluators`) are entries × seats.
    """

    entries: tuple[str, ...]
    evaluators: tuple[str, ...]
    values: np.ndarray
    marked: np.ndarray
    abstained: np.ndarray
    seated: np.ndarray
    evaluator: np.ndarray

    def evaluator_at(self, entry: int, seat: int) -> str:
        return self.evaluators[self.evaluator[entry, seat]]


def build_cube(
    scheme: Scheme,
    entries: Sequence[str],
    evaluators: Sequence[str],
    *,
    entry: np.ndarray,
    evaluator: np.ndarray,
    criterion: np.ndarray,
    value: np.ndarray,
    abstained: np.ndarray | None = None,
) -> Cube:
    """One row per mark, as four or five arrays of one length: index into `entries`, into `evaluators` and into
    `scheme.criteria`, the mark in hundredths, and whether it is an abstention (its value is then ignored). A missing
    mark has no row. Raises Refused for marks out of bounds, off their step, given twice, or on a metric."""
    entry, evaluator, criterion = (np.asarray(column, dtype=np.int64) for column in (entry, evaluator, criterion))
    given = np.ones(len(entry), dtype=bool) if abstained is None else ~np.asarray(abstained, dtype=bool)
    value = np.where(given, np.asarray(value, dtype=np.int64), 0)
    by_code = np.argsort(np.array(_places(evaluators), dtype=np.int64), kind="stable") if len(evaluators) else np.zeros(0, np.int64)
    place = np.empty(len(evaluators), dtype=np.int64)
    place[by_code] = np.arange(len(evaluators))
    pairs, pair_of_row = distinct(entry * max(len(evaluators), 1) + place[evaluator])
    pair_entry, pair_place = np.divmod(pairs, max(len(evaluators), 1))
    first = np.searchsorted(pair_entry, np.arange(len(entries)))
    seat_of_pair = np.arange(len(pairs)) - first[pair_entry]
    seats = int(seat_of_pair.max()) + 1 if len(pairs) else 1
    shape = (len(entries), seats, len(scheme.criteria))
    cell = np.ravel_multi_index((entry, seat_of_pair[pair_of_row], criterion), shape)
    _check_rows(scheme, entries, evaluators, entry, evaluator, criterion, value, given, cell, int(np.prod(shape)))
    values, marked, abstentions = np.zeros(shape, np.int64), np.zeros(shape, bool), np.zeros(shape, bool)
    values.reshape(-1)[cell] = value
    marked.reshape(-1)[cell] = given
    abstentions.reshape(-1)[cell] = ~given
    seated, seat_evaluator = np.zeros(shape[:2], bool), np.zeros(shape[:2], np.int64)
    seated[pair_entry, seat_of_pair] = True
    seat_evaluator[pair_entry, seat_of_pair] = by_code[pair_place]
    return Cube(tuple(entries), tuple(evaluators), values, marked, abstentions, seated, seat_evaluator)


def distinct(numbers: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The distinct whole numbers, ascending, and the place of each one given among them. Without sorting where they lie close
    together, as ids do."""
    if not len(numbers):
        return numbers, numbers
    low = int(numbers.min())
    if int(numbers.max()) - low > 16 * len(numbers) + 1_000_000:
        found, places = np.unique(numbers, return_inverse=True)
        return found, places.reshape(-1)
    above = numbers - low
    there = np.zeros(int(numbers.max()) - low + 1, dtype=bool)
    there[above] = True
    return np.nonzero(there)[0] + low, (np.cumsum(there) - 1)[above]


def _places(codes: Sequence[str]) -> list[int]:
    """The rank of each code among all, in code-point order (which is how Python compares text)."""
    rank = {code: place for place, code in enumerate(sorted(codes))}
    if len(rank) < len(codes):
        raise ValueError("two evaluators with one code")
    return [rank[code] for code in codes]


def _check_rows(scheme, entries, evaluators, entry, evaluator, criterion, value, given, cell, cells) -> None:
    least = np.array([rule.least or 0 for rule in scheme.criteria], np.int64)
    most = np.array([100 if rule.kind == "veto" else rule.maximum or 0 for rule in scheme.criteria], np.int64)
    step = np.array([100 if rule.kind == "veto" else rule.step or 1 for rule in scheme.criteria], np.int64)
    # A bonus is clipped after it is collapsed, so a single one may lie outside its bounds.
    free = np.array([rule.kind == "bonus" for rule in scheme.criteria], bool)[criterion]
    metric = np.array([rule.kind == "metric" for rule in scheme.criteria], bool)[criterion]
    outside = given & ~free & ~metric & ((value < least[criterion]) | (value > most[criterion]))
    faults = {
        "mark_on_metric": metric,
        "mark_out_of_bounds": outside,
        "mark_off_step": given & ~free & ~metric & ~outside & (value % step[criterion] != 0),
        "mark_twice": _repeated(cell, cells),
    }
    reasons = []
    for code, rows in faults.items():
        for row in np.nonzero(rows)[0][: MOST_FAULTS - len(reasons)].tolist():
            rule = scheme.criteria[criterion[row]]
            reasons.append(
                Reason(
                    f"evaluations.{code}",
                    {
                        "entry": entries[entry[row]],
                        "evaluator": evaluators[evaluator[row]],
                        "criterion": rule.code,
                        "value": _decimal(value[row]),
                        "most": _decimal(most[criterion[row]]),
                        "step": _decimal(step[criterion[row]]),
                    },
                )
            )
    if reasons:
        raise Refused(*reasons)


def _decimal(hundredths: np.int64) -> str:
    return plain_text(Fraction(int(hundredths), HUNDREDTH))


def _repeated(cell: np.ndarray, cells: int) -> np.ndarray:
    """The rows after the first that fill the same cell."""
    if not len(cell):
        return np.zeros(0, bool)
    if np.bincount(cell, minlength=cells).max() <= 1:
        return np.zeros(len(cell), bool)
    repeated = np.ones(len(cell), bool)
    repeated[np.unique(cell, return_index=True)[1]] = False
    return repeated
