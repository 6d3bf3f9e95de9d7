from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluations.domain.decimals import exact_text, exact_value, fraction_text, half_up, parse_decimal, parse_fixed, plain_text
from evaluations.domain.exact import LIMIT, Exact

numbers = st.lists(st.integers(-(2**61), 2**61), min_size=1, max_size=6)


def exact(values, den=1):
    return Exact.of(np.array(values, np.int64), den)


def test_a_product_past_the_bound_is_still_right_where_int64_wraps():
    left, right = 2**33 + 1, 2**31 + 3
    assert (np.array([left]) * np.array([right]))[0] != left * right
    product = exact([left]).times(np.array([right]))
    assert (product.num.dtype, product.num.tolist()) == (object, [left * right])


def test_a_sum_past_the_bound_is_still_right():
    assert exact([[2**61, 2**61, 2**61, 2**61]]).sum(axis=1).num.tolist() == [2**63]


def test_below_the_bound_it_stays_int64():
    assert exact([LIMIT - 1]).times(1).num.dtype == np.int64
    assert exact([LIMIT]).times(1).num.dtype == object


@given(numbers, st.integers(1, 2**40), st.integers(-(2**40), 2**40), st.integers(0, 6))
def test_each_operation_is_that_of_fractions(values, den, factor, digits):
    array, plain = exact(values, den), [Fraction(value, den) for value in values]
    divisors = np.arange(3, 3 + len(values))
    assert array.times(factor).fractions() == [value * factor for value in plain]
    assert array.plus(exact(values, 7)).fractions() == [value + Fraction(number, 7) for value, number in zip(plain, values, strict=True)]
    assert array.over(divisors).fractions() == [value / int(n) for value, n in zip(plain, divisors, strict=True)]
    rounded = array.rounded(digits, divisors).fractions()
    assert rounded == [
        Fraction(half_up(value.numerator, value.denominator, digits), 10**digits)
        for value in (value / int(n) for value, n in zip(plain, divisors, strict=True))
    ]


@given(st.integers(-(10**12), 10**12), st.integers(0, 4))
def test_half_up_is_the_decimal_modules(thousandths, digits):
    expected = Decimal(thousandths).scaleb(-3).quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)
    assert Decimal(fraction_text(Fraction(thousandths, 1000), digits)) == expected


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("7", 7),
        ("7.0", 7),
        (" -0.25 ", Fraction(-1, 4)),
        (".5", Fraction(1, 2)),
        ("+3.", 3),
        ("1e3", None),
        ("", None),
        (".", None),
        ("1,5", None),
        ("٧", None),
        ("nan", None),
        ("9" * 61, None),
    ],
)
def test_decimal_text(text, value):
    assert parse_decimal(text) == value


def test_fixed_refuses_what_is_finer():
    assert [parse_fixed(text, 100) for text in ("7.25", "-7.250", "7.255", "x")] == [725, -725, None, None]


def test_texts_of_numbers():
    assert fraction_text(Fraction("-0.005"), 2) == "-0.01"
    assert fraction_text(Fraction(5), 0) == "5"
    assert [plain_text(Fraction(text)) for text in ("60", "0.5", "-0.025", "1/3", "100")] == ["60", "0.5", "-0.025", "1/3", "100"]
    assert exact_value(exact_text(Fraction(-(10**30), 7))) == Fraction(-(10**30), 7)
