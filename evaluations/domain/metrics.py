"""Scoring functions: a reported figure becomes points of its criterion, exactly, and is rounded once to hundredths.

Formulas: docs/scoring.md, M2 to M8. A missing figure has no points; it is never 0.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import groupby
from operator import ge, gt, le, lt

from evaluations.domain.decimals import HUNDREDTH, half_up, plain_text

OPERATORS: Mapping[str, Callable[[Fraction, Fraction], bool]] = {">=": ge, ">": gt, "<=": le, "<": lt}


@dataclass(frozen=True)
class Linear:
    """0 at `floor`, full points at `target`; a floor above the target means that lower is better."""

    floor: Fraction
    target: Fraction

    def points(self, figure: Fraction, maximum: Fraction) -> Fraction:
        return maximum * (figure - self.floor) / (self.target - self.floor)

    def as_json(self):
        return {"linear": {"floor": plain_text(self.floor), "target": plain_text(self.target)}}


@dataclass(frozen=True)
class Steps:
    """Pairs (bound, points), bounds ascending: the points of the last bound not above the figure, 0 below the first."""

    table: tuple[tuple[Fraction, Fraction], ...]

    def points(self, figure: Fraction, maximum: Fraction) -> Fraction:
        return next((points for bound, points in reversed(self.table) if bound <= figure), Fraction(0))

    def as_json(self):
        return {"steps": [[plain_text(bound), plain_text(points)] for bound, points in self.table]}


@dataclass(frozen=True)
class Threshold:
    """Full points or none."""

    op: str
    value: Fraction

    def points(self, figure: Fraction, maximum: Fraction) -> Fraction:
        return maximum if OPERATORS[self.op](figure, self.value) else Fraction(0)

    def as_json(self):
        return {"threshold": {"op": self.op, "value": plain_text(self.value)}}


@dataclass(frozen=True)
class PerItem:
    each: Fraction

    def points(self, figure: Fraction, maximum: Fraction) -> Fraction:
        return self.each * figure

    def as_json(self):
        return {"per_item": {"points": plain_text(self.each)}}


@dataclass(frozen=True)
class Percentile:
    """Among the figures of the track: maximum × (number below + half of the others equal) / (n - 1)."""

    def group_points(self, figures: Sequence[Fraction], maximum: Fraction) -> dict[Fraction, Fraction]:
        points, below = {}, 0
        for figure, same in groupby(sorted(figures)):
            equal = len(list(same))
            points[figure] = maximum * (below + Fraction(equal - 1, 2)) / (len(figures) - 1)
            below += equal
        return points

    def as_json(self):
        return {"percentile": {}}


@dataclass(frozen=True)
class MinMax:
    """Among the figures of the track: maximum × (figure - least) / (greatest - least)."""

    def group_points(self, figures: Sequence[Fraction], maximum: Fraction) -> dict[Fraction, Fraction]:
        least, greatest = min(figures), max(figures)
        return {figure: maximum * (figure - least) / (greatest - least) for figure in set(figures)}

    def as_json(self):
        return {"min_max": {}}


Function = Linear | Steps | Threshold | PerItem | Percentile | MinMax
GROUP_FUNCTIONS = (Percentile, MinMax)


def reversible(function: Function) -> bool:
    return isinstance(function, (Steps, *GROUP_FUNCTIONS)) or (isinstance(function, Linear) and function.floor < function.target)


def metric_values(
    function: Function, maximum: int, reverse: bool, figures: Sequence[Fraction | None], tracks: Sequence[str]
) -> list[int | None]:
    """Points in hundredths for each figure, None for None. `maximum` is in hundredths; `tracks` runs beside `figures`
    and matters only to functions that compare inside the track, whose other members must all be given."""
    top = Fraction(maximum, HUNDREDTH)

    def finished(points: Fraction) -> int:
        clipped = min(max(points, Fraction(0)), top)
        clipped = top - clipped if reverse else clipped
        return half_up(clipped.numerator, clipped.denominator, 2)

    if not isinstance(function, GROUP_FUNCTIONS):
        known = {figure: finished(function.points(figure, top)) for figure in set(figures) if figure is not None}
        return [None if figure is None else known[figure] for figure in figures]
    groups: dict[str, list[Fraction]] = defaultdict(list)
    for figure, track in zip(figures, tracks, strict=True):
        if figure is not None:
            groups[track].append(figure)
    points = {}
    for track, group in groups.items():
        # Alone or all equal: full points, reversed or not.
        alike = len(set(group)) == 1
        points[track] = (
            {group[0]: maximum} if alike else {figure: finished(value) for figure, value in function.group_points(group, top).items()}
        )
    return [None if figure is None else points[track][figure] for figure, track in zip(figures, tracks, strict=True)]
