from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from competition.domain.balance import gini


def test_worked_table():
    # |x - y| over all ordered pairs of 7, 1, 0, 4: 2 x (6 + 7 + 3 + 1 + 3 + 4) = 48; 2 n^2 mean = 2 x 16 x 3 = 96
    assert gini([7, 1, 0, 4]) == Fraction(1, 2)


def test_even_is_zero_and_all_in_one_is_the_most():
    assert gini([3, 3, 3, 3]) == 0
    assert gini([0, 0, 5, 0]) == Fraction(3, 4)


def test_nothing_to_spread():
    assert gini([0, 0]) is None
    assert gini([]) is None


def test_negative_counts_are_an_error():
    with pytest.raises(ValueError):
        gini([3, -1])


@given(st.lists(st.integers(0, 60), min_size=1, max_size=31).filter(any))
def test_as_defined(counts):
    size = len(counts)
    double_sum = sum(abs(one - other) for one in counts for other in counts)
    assert gini(counts) == Fraction(double_sum) / (2 * size * size * Fraction(sum(counts), size))
