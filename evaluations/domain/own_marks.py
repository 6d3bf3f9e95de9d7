"""What one evaluator's own sheet comes to so far: shown to that evaluator alone, never compared."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from evaluations.domain.decimals import HUNDREDTH, TEN_THOUSANDTH


@dataclass(frozen=True)
class Line:
    """One criterion of the sheet: `weight` in ten-thousandths, `maximum` and `value` in hundredths; `value` is None where
    there is none yet."""

    dimension: str
    weight: int
    maximum: int
    value: int | None = None
    abstained: bool = False

    def points(self, scale: str, value: int | None = None) -> Fraction:
        """The contribution of a value, of the highest one where none is named."""
        given = self.maximum if value is None else value
        weight = Fraction(self.weight, TEN_THOUSANDTH)
        return weight * Fraction(given, self.maximum) if scale == "percent" else weight * Fraction(given, HUNDREDTH)


@dataclass(frozen=True)
class Sum:
    """`points` out of `most`; None while a value is missing (of a dimension) or where there is none at all (of the sheet)."""

    points: Fraction | None
    most: Fraction


def subtotals(lines: Sequence[Line], scale: str = "percent") -> dict[str, Sum]:
    """By dimension, in the order of the lines. What was abstained from is left out of both numbers."""
    found: dict[str, Sum] = {}
    for dimension in dict.fromkeys(line.dimension for line in lines):
        counted = [line for line in lines if line.dimension == dimension and not line.abstained]
        known = [line.points(scale, line.value) for line in counted if line.value is not None]
        whole = bool(counted) and len(known) == len(counted)
        found[dimension] = Sum(sum(known, Fraction(0)) if whole else None, sum((line.points(scale) for line in counted), Fraction(0)))
    return found


def total(lines: Sequence[Line], scale: str = "percent") -> Sum:
    """The sum of the values so far, times all weights over the weights not abstained from: once the sheet is whole this is the sheet's
    total before rounding (docs/scoring.md, S3)."""
    most = sum((line.points(scale) for line in lines), Fraction(0))
    everything = sum(line.weight for line in lines)
    left = sum(line.weight for line in lines if not line.abstained)
    known = [line.points(scale, line.value) for line in lines if line.value is not None and not line.abstained]
    return Sum(sum(known, Fraction(0)) * Fraction(everything, left) if known and left else None, most)
