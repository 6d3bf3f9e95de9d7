"""The scores of panels as arrays, for what is asked beside the official result, and their collapse in floats."""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Panels:
    """`scores` are whole units (entries × seats), nothing where not `seated`; `evaluator` numbers who sits there, in one
    order on every entry. `method`, `drop_high`, `drop_low`, `min_to_trim` as in the scheme. `fixed` units are added to the
    collapsed score of each entry (bonus, carry)."""

    scores: np.ndarray
    seated: np.ndarray
    evaluator: np.ndarray
    method: str = "mean"
    drop_high: int = 0
    drop_low: int = 0
    min_to_trim: int = 0
    fixed: np.ndarray | None = None

    @property
    def joint(self) -> bool:
        return bool(self.seated.all() and (self.evaluator == self.evaluator[:1]).all())

    def drops(self, size: int) -> tuple[int, int]:
        """How many low and high values a collapse of `size` values leaves out."""
        if self.method == "median":
            return (max(size - 1, 0) // 2,) * 2
        if self.method == "trimmed" and size >= self.min_to_trim and size > self.drop_low + self.drop_high:
            return self.drop_low, self.drop_high
        return 0, 0


def ascending(panels: Panels, rows: np.ndarray, size: int) -> tuple[np.ndarray, np.ndarray]:
    """Of entries with `size` scores: the scores ascending, and for each the place of its evaluator among those seated."""
    seats = np.argsort(~panels.seated[rows], axis=1, kind="stable")[:, :size]
    scores = np.take_along_axis(panels.scores[rows], seats, axis=1).astype(np.float64)
    order = np.argsort(scores, axis=1, kind="stable")
    return np.take_along_axis(scores, order, axis=1), order


def collapsed(panels: Panels, sizes: np.ndarray) -> np.ndarray:
    found = np.empty(len(sizes))
    for size in np.unique(sizes).tolist():
        rows = np.flatnonzero(sizes == size)
        values, _ = ascending(panels, rows, size)
        low, high = panels.drops(size)
        found[rows] = values[:, low : size - high].sum(axis=1) / (size - low - high)
    return found if panels.fixed is None else found + panels.fixed
