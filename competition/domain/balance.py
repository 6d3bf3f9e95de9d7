"""How evenly counts are spread over regions: the Gini coefficient, exact, shown and never applied (docs/scoring.md, Q1)."""

from collections.abc import Sequence
from fractions import Fraction


def gini(counts: Sequence[int | Fraction]) -> Fraction | None:
    """G = Σᵢ Σⱼ |xᵢ − xⱼ| / (2 n² x̄), zeros included; None where there is nothing to spread. 0 is even, (n − 1)/n all
    in one."""
    if any(count < 0 for count in counts):
        raise ValueError("counts are not negative")
    ordered, total = sorted(counts), sum(counts, Fraction(0))
    if not total:
        return None
    # The double sum over the sorted counts is 2 Σ (2i − n − 1) xᵢ, i from 1; and n² x̄ = n Σ x.
    size = len(ordered)
    return sum(((2 * place - size - 1) * count for place, count in enumerate(ordered, start=1)), Fraction(0)) / (size * total)
