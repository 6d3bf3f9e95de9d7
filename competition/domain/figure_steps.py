"""How the figure that counts of one item comes out of what was reported: which years, which items, which calculation.

The same rules as `figures`, told step by step; a test holds the two together."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from competition.domain.figures import grid, headline, reads


@dataclass(frozen=True)
class FigureSteps:
    """`how`: reported, sum, ratio or growth. `values`: year → figure, oldest first, None where there is none. `figure`: what counts:
    the last year's, of growth the mean over the `rates` of the years that have one before them. `parts`: (factor, steps) of the
    items it is computed from; of a ratio the upper one first, with the factor of the whole."""

    code: str
    how: str
    values: Mapping[int, Fraction | None]
    figure: Fraction | None
    parts: tuple[tuple[Fraction, "FigureSteps"], ...] = ()

    @property
    def year(self) -> int:
        return max(self.values)

    @property
    def rates(self) -> tuple[Fraction | None, ...]:
        return tuple(self.values[year] for year in sorted(self.values)[1:])

    def items(self) -> tuple["FigureSteps", ...]:
        """Itself and all it is computed from, what was reported first, each once."""
        found = {step.code: step for _factor, part in self.parts for step in part.items()}
        return (*found.values(), self)


def figure_steps(items: Sequence[Mapping], table: Mapping, years: Sequence[int], code: str) -> FigureSteps | None:
    """None where no item has this code."""
    if code not in {item["code"] for item in items}:
        return None
    return _steps({item["code"]: item for item in items}, grid(items, table, years), headline(items, table, years), years, code)


def _steps(items, rows, heads, years, code) -> FigureSteps:
    computed = items[code].get("computed") or {}
    how = next((name for name in ("sum", "ratio", "growth") if name in computed), "reported")
    factors = [Fraction(1)] * len(reads(items[code]))
    if how == "sum":
        factors = [Fraction(part.get("times", "1")) for part in computed["sum"]]
    elif how == "ratio":
        factors[0] = Fraction(computed["ratio"].get("times", "1"))
    parts = [_steps(items, rows, heads, years, part) for part in reads(items[code])]
    return FigureSteps(code, how, {year: rows[code][year] for year in years}, heads[code], tuple(zip(factors, parts, strict=True)))
