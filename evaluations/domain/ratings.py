"""One score per evaluator and entry, holes allowed: what agreement and severity are computed from. Exact until the end."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import lcm

import numpy as np


@dataclass(frozen=True)
class Ratings:
    """Row by row: `entry` and `evaluator` are places in `entries` and `evaluators`, the score is `units` / `per`. No pair
    stands twice; codes are in code-point order, so that nothing depends on the order of the file."""

    entries: tuple[str, ...]
    evaluators: tuple[str, ...]
    entry: np.ndarray
    evaluator: np.ndarray
    units: np.ndarray
    per: int

    @property
    def scores(self) -> np.ndarray:
        return np.asarray(self.units / self.per, dtype=np.float64)

    @property
    def complete(self) -> bool:
        """Every evaluator scored every entry."""
        return len(self.units) == len(self.entries) * len(self.evaluators)

    def table(self) -> np.ndarray:
        """The units as entries × evaluators; only where complete."""
        table = np.empty((len(self.entries), len(self.evaluators)), dtype=self.units.dtype)
        table[self.entry, self.evaluator] = self.units
        return table


def ratings_of(scores: Mapping[tuple[str, str], Fraction | int]) -> Ratings:
    """{(entry, evaluator): score}."""
    entries, evaluators = sorted({entry for entry, _ in scores}), sorted({evaluator for _, evaluator in scores})
    row, column = ({code: place for place, code in enumerate(codes)} for codes in (entries, evaluators))
    places = sorted((row[entry], column[evaluator], score) for (entry, evaluator), score in scores.items())
    per = lcm(*{score.denominator for _, _, score in places})
    # Python integers: squares and sums over a whole round stay exact whatever the scale.
    units = np.array([score.numerator * (per // score.denominator) for _, _, score in places] + [None], dtype=object)[:-1]
    entry, evaluator = (np.array([place[side] for place in places], dtype=np.int64) for side in (0, 1))
    return Ratings(tuple(entries), tuple(evaluators), entry, evaluator, units, per)
