"""What a scoring function makes of a few figures, for whoever writes it."""

from dataclasses import dataclass
from fractions import Fraction

from evaluations.domain.decimals import HUNDREDTH, plain_text
from evaluations.domain.examples import figure_at
from evaluations.domain.metrics import GROUP_FUNCTIONS, Linear, Steps, Threshold, metric_values

SHARES = (Fraction(-1, 5), Fraction(0), Fraction(1, 4), Fraction(1, 2), Fraction(3, 4), Fraction(1), Fraction(6, 5))
FIELD = (Fraction(1, 10), Fraction(3, 10), Fraction(3, 10), Fraction(7, 10), Fraction(1))
FINE = 120


@dataclass(frozen=True)
class Samples:
    """`rows`: figure and points as decimal text. `curve`: (figure, points) as floats for a picture only; empty for functions that
    compare with others."""

    rows: list[tuple[str, str]]
    curve: list[tuple[float, float]]
    group: bool


def samples(function, maximum: int, reverse: bool, *, also: Fraction | None = None) -> Samples:
    """`maximum` in hundredths; `also`: one more figure. For a function that compares inside the track the figures are one track."""
    group = isinstance(function, GROUP_FUNCTIONS)
    figures = {also} if also is not None else set()
    if group:
        figures = [figure_at(function, share) for share in FIELD] + sorted(figures)
    else:
        if isinstance(function, Steps):
            first, last = function.table[0][0], function.table[-1][0]
            beyond = max((last - first) / 5, Fraction(1))
            figures |= {bound for bound, _points in function.table[:8]} | {first - beyond, last + beyond}
        elif isinstance(function, Threshold):
            figures |= {function.value, *(figure_at(function, share) for share in (Fraction(1, 2), Fraction(1)))}
        else:
            figures |= {figure_at(function, share) for share in SHARES}
        # Where the function looks at nothing below 0, no example does.
        bounds = {Linear: ("floor", "target")}.get(type(function), ())
        asked = [getattr(function, name) for name in bounds] or [bound for bound, _points in getattr(function, "table", ())]
        figures = sorted({max(figure, Fraction(0)) for figure in figures} if asked and min(asked) >= 0 else figures)
    points = metric_values(function, maximum, reverse, figures, [""] * len(figures))
    rows = [(plain_text(figure), plain_text(Fraction(value, HUNDREDTH))) for figure, value in zip(figures, points, strict=True)]
    return Samples(rows, [] if group else _curve(function, maximum, reverse, figures), group)


def _curve(function, maximum, reverse, figures):
    low, high = min(figures), max(figures)
    fine = sorted({low + (high - low) * Fraction(part, FINE) for part in range(FINE + 1)} | set(figures))
    values = metric_values(function, maximum, reverse, fine, [""] * len(fine))
    return [(float(figure), value / HUNDREDTH) for figure, value in zip(fine, values, strict=True)]
