"""How a reported figure becomes the points of its criterion, step by step (docs/scoring.md, M1 to M8); beside `metrics`, which
computes all entries at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from evaluations.domain.decimals import HUNDREDTH
from evaluations.domain.explanation import Rounded
from evaluations.domain.metrics import GROUP_FUNCTIONS, Function, MinMax, Percentile, Steps
from evaluations.domain.scheme import Criterion

POINT_DIGITS = 2


@dataclass(frozen=True)
class Group:
    """The figures of the track that this one is compared with, itself among them, without their owners. `equal`: of the others."""

    size: int
    below: int
    equal: int
    least: Fraction
    greatest: Fraction

    @property
    def alike(self) -> bool:
        return self.least == self.greatest


@dataclass(frozen=True)
class MetricSteps:
    """`raw`: what the function gives; `clipped` to 0…maximum; `turned`: the maximum less that, where the criterion is reversed;
    `points`: rounded to hundredths. All None where there is no figure. `reached`: the last step of a table of steps not above the
    figure. Where the whole group is alike (or it is alone) nothing is computed: full points, `raw` None."""

    function: Function
    maximum: Fraction
    reverse: bool
    figure: Fraction | None
    group: Group | None = None
    reached: tuple[Fraction, Fraction] | None = None
    raw: Fraction | None = None
    clipped: Fraction | None = None
    turned: Fraction | None = None
    points: Rounded | None = None

    @property
    def kind(self) -> str:
        """As the scheme names the function."""
        return next(iter(self.function.as_json()))

    @property
    def was_clipped(self) -> bool:
        return self.raw is not None and self.raw != self.clipped


def metric_steps(rule: Criterion, figure: Fraction | None, group: Sequence[Fraction] = ()) -> MetricSteps:
    """`group`: the figures known in the track, this one among them; read only by functions that compare."""
    function, top = rule.function, Fraction(rule.maximum, HUNDREDTH)
    if figure is None:
        return MetricSteps(function, top, rule.reverse, None)
    compared = reached = None
    if isinstance(function, GROUP_FUNCTIONS):
        compared = Group(len(group), sum(other < figure for other in group), group.count(figure) - 1, min(group), max(group))
        if compared.alike:
            return MetricSteps(function, top, rule.reverse, figure, compared, points=Rounded(top, POINT_DIGITS))
    if isinstance(function, Percentile):
        raw = top * (compared.below + Fraction(compared.equal, 2)) / (compared.size - 1)
    elif isinstance(function, MinMax):
        raw = top * (figure - compared.least) / (compared.greatest - compared.least)
    else:
        raw = function.points(figure, top)
    if isinstance(function, Steps):
        reached = next((row for row in reversed(function.table) if row[0] <= figure), None)
    clipped = min(max(raw, Fraction(0)), top)
    turned = top - clipped if rule.reverse else None
    points = Rounded(clipped if turned is None else turned, POINT_DIGITS)
    return MetricSteps(function, top, rule.reverse, figure, compared, reached, raw, clipped, turned, points)
