"""Grade bands: which grade an official total earns (docs/scoring.md, A4). Exact: fractions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from competition.domain.figures import decimal


@dataclass(frozen=True)
class Band:
    """A grade and the least total that earns it; equal is enough. `name_zh` and `name_en` may be empty: then its code is said."""

    code: str
    least: Fraction
    name_zh: str = ""
    name_en: str = ""

    @property
    def name(self) -> dict[str, str]:
        """As a param of a reason."""
        return {"zh": self.name_zh or self.code, "en": self.name_en or self.name_zh or self.code}

    @property
    def least_text(self) -> str:
        return decimal(self.least)


def grade_of(bands: Sequence[Band], total: Fraction | None) -> Band | None:
    """The best band that `total` reaches; None below all of them and without a total. `bands` from the best down."""
    if total is None:
        return None
    return next((band for band in bands if total >= band.least), None)


def official_total(total: str | None, exact: str | None, method: Mapping) -> Fraction | None:
    """What ranks, scores and grades are taken on: the rounded total, or the exact one where the scheme rounds none."""
    if "rounding" in method and method["rounding"].get("total") is None and exact:
        return Fraction(exact)
    return Fraction(total) if total else None
