"""Arrays of exact numbers over one denominator: whole numbers in numpy, which wraps silently, and therefore bounded.

Every operation first bounds its largest possible numerator. Below 2**62 it runs in int64; from there on the same
operation runs in Python integers (an object array). No result depends on which of the two it was.
"""

from dataclasses import dataclass
from fractions import Fraction
from math import lcm

import numpy as np

LIMIT = 2**62


def _largest(array: np.ndarray) -> int:
    if array.size == 0:
        return 0
    return max(abs(int(array.max())), abs(int(array.min())))


def _fit(array: np.ndarray, bound: int) -> np.ndarray:
    """The array in a type that holds every number up to `bound`."""
    return array if bound < LIMIT or array.dtype == object else array.astype(object)


@dataclass(frozen=True)
class Exact:
    """`num` / `den`, elementwise; `den` is one positive integer. `bound` is at least the largest absolute numerator."""

    num: np.ndarray
    den: int
    bound: int

    @classmethod
    def of(cls, num: np.ndarray, den: int = 1) -> "Exact":
        bound = _largest(num)
        if num.dtype == object and bound < LIMIT:
            num = num.astype(np.int64)
        return cls(num, den, bound)

    def times(self, factors: np.ndarray | int, den: int = 1) -> "Exact":
        """Multiplied by whole numbers (an array that broadcasts, or one) and divided by `den`."""
        largest = abs(factors) if isinstance(factors, int) else _largest(factors)
        bound = self.bound * largest
        num = _fit(self.num, max(bound, largest, self.bound))
        return Exact(num * factors, self.den * den, bound)

    def plus(self, other: "Exact") -> "Exact":
        den = lcm(self.den, other.den)
        left, right = self.times(den // self.den), other.times(den // other.den)
        bound = left.bound + right.bound
        return Exact(_fit(left.num, bound) + _fit(right.num, bound), den, bound)

    def sum(self, axis: int) -> "Exact":
        bound = self.bound * self.num.shape[axis]
        return Exact(_fit(self.num, bound).sum(axis=axis), self.den, bound)

    def where(self, mask: np.ndarray) -> "Exact":
        """Zero where the mask is false."""
        return Exact(np.where(mask, self.num, 0), self.den, self.bound)

    def over(self, divisors: np.ndarray) -> "Exact":
        """Divided elementwise by positive whole numbers, over the least denominator common to those that occur."""
        common = lcm(*(int(number) for number in np.unique(divisors)), 1)
        bound = self.bound * common
        num = _fit(self.num, max(bound, common))
        factors = common // (divisors.astype(object) if num.dtype == object else divisors)
        return Exact(num * factors, self.den * common, bound)

    def rounded(self, digits: int | None, divisors: np.ndarray | None = None) -> "Exact":
        """Divided elementwise by `divisors`, then rounded half up (away from zero) to `digits`; None leaves it exact."""
        if digits is None:
            return self if divisors is None else self.over(divisors)
        largest = self.den * (1 if divisors is None else _largest(divisors))
        bound = 2 * self.bound * 10**digits + largest
        num = _fit(self.num, max(bound, 2 * largest))
        den = self.den
        if divisors is not None:
            den = den * (divisors.astype(object) if num.dtype == object else divisors)
        whole = (2 * 10**digits * abs(num) + den) // (2 * den)
        return Exact.of(np.where(num < 0, -whole, whole), 10**digits)

    def fractions(self) -> list[Fraction]:
        """The elements of a one-dimensional array."""
        numbers = self.num.tolist()
        found = {number: Fraction(number, self.den) for number in set(numbers)}
        return [found[number] for number in numbers]
