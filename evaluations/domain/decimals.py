"""Decimal text and exact numbers. No float is ever read, kept or compared here (docs/scoring.md, N1 and N2)."""

import re
from fractions import Fraction

HUNDREDTH = 100
TEN_THOUSANDTH = 10_000
LONGEST = 60
_DECIMAL = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)")


def parse_decimal(text: str) -> Fraction | None:
    """The exact value of decimal text ("7", "7.0", "-0.25"); None where it is none
    (an exponent, digits of another script, more than 60 characters)."""
    text = text.strip()
    return Fraction(text) if len(text) <= LONGEST and _DECIMAL.fullmatch(text) else None


def parse_fixed(text: str, unit: int) -> int | None:
    """Decimal text in whole `unit`-ths (100: hundredths); None where it is no decimal or finer than the unit."""
    value = parse_decimal(text)
    if value is None or unit % value.denominator:
        return None
    return value.numerator * (unit // value.denominator)


def round_half_up(value: Fraction, digits: int) -> Fraction:
    """Rounded to `digits` decimals; halves go away from zero, as decimal's ROUND_HALF_UP has it."""
    return Fraction(half_up(value.numerator, value.denominator, digits), 10**digits)


def half_up(numerator: int, denominator: int, digits: int) -> int:
    """numerator/denominator in units of 10**-digits, halves away from zero; the denominator is positive."""
    whole = (2 * abs(numerator) * 10**digits + denominator) // (2 * denominator)
    return -whole if numerator < 0 else whole


def digits_text(units: int, digits: int) -> str:
    """A whole number of 10**-digits as decimal text with exactly that many digits."""
    if not digits:
        return str(units)
    whole, rest = divmod(abs(units), 10**digits)
    return f"{'-' if units < 0 else ''}{whole}.{rest:0{digits}d}"


def fraction_text(value: Fraction, digits: int) -> str:
    return digits_text(half_up(value.numerator, value.denominator, digits), digits)


def plain_text(value: Fraction) -> str:
    """The shortest exact decimal text of a value that has one ("60", "0.5"), else "n/d"."""
    denominator, digits = value.denominator, 0
    while denominator % 10 == 0:
        denominator, digits = denominator // 10, digits + 1
    twos = fives = 0
    while denominator % 2 == 0:
        denominator, twos = denominator // 2, twos + 1
    while denominator % 5 == 0:
        denominator, fives = denominator // 5, fives + 1
    if denominator != 1:
        return exact_text(value)
    return fraction_text(value, digits + max(twos, fives))


def exact_text(value: Fraction) -> str:
    """ "n/d" in lowest terms, the form in which exact totals are stored: they outgrow 64 bits."""
    return f"{value.numerator}/{value.denominator}"


def exact_value(text: str) -> Fraction:
    """The inverse of `exact_text`."""
    numerator, _, denominator = text.partition("/")
    return Fraction(int(numerator), int(denominator))
