"""`{% load explaining %}`: exact numbers as a reader with a pocket calculator needs them."""

from fractions import Fraction

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from accounts.figures import MINUS, MISSING
from evaluations.domain.decimals import HUNDREDTH, TEN_THOUSANDTH, exact_text, fraction_text, plain_text

register = template.Library()
LONGEST = 8  # decimals of a number that is written out; longer ones, and those without an end, stand as a fraction
SHOWN = 6


def plain(value: Fraction) -> str:
    """Decimal text where it is short and exact, else "n/d"."""
    text = plain_text(value)
    if "/" in text or len(text.partition(".")[2]) > LONGEST:
        text = exact_text(value)
    return text.replace("-", MINUS)


@register.filter
def exact(value) -> str:
    """82.3, or 2483/30 ≈ 82.766667 where no short decimal is exact."""
    if value is None:
        return MISSING
    text = plain(Fraction(value))
    return f"{text} ≈ {_decimal(value, SHOWN)}" if "/" in text else text


@register.filter
def factor(value) -> str:
    """A number inside a calculation: without its approximation."""
    return MISSING if value is None else plain(Fraction(value))


@register.filter
def near(value) -> str:
    """A number inside a calculation: where no short decimal is exact its first digits, marked as cut off."""
    if value is None:
        return MISSING
    text = plain(Fraction(value))
    return f"{_decimal(value, SHOWN)}…" if "/" in text else text


@register.filter
def result(value) -> str:
    """= 82.3, or ≈ 82.766667, behind a calculation that holds the exact numbers itself."""
    text = plain(Fraction(value))
    return f"≈ {_decimal(value, SHOWN)}" if "/" in text else f"= {text}"


@register.filter
def rates(figure) -> list[tuple[Fraction, Fraction]]:
    """(this year's figure, the one before) of each yearly rate of a growth."""
    _factor, base = figure.parts[0]
    years = sorted(base.values)
    return [(base.values[year], base.values[before]) for before, year in zip(years, years[1:], strict=False)]


@register.filter
def official(value, digits) -> str:
    """With exactly the digits of its stage; without rounding as it is."""
    if value is None:
        return MISSING
    return exact(value) if digits is None else _decimal(value, digits)


@register.filter
def stage(rounded) -> SafeString | str:
    """Both sides of a rounding: 82.766… → 82.77; one number where nothing was rounded away."""
    if rounded is None:
        return MISSING
    if rounded.digits is None:
        return exact(rounded.exact)
    after = _decimal(rounded.value, rounded.digits)
    if rounded.exact == rounded.value:
        return after
    return format_html('{} → <b class="nb">{}</b>', exact(rounded.exact), after)


@register.filter
def outcome(rounded) -> SafeString | str:
    """The same behind a calculation: ≈ 82.766667 → 82.77."""
    if rounded.digits is None or rounded.exact == rounded.value:
        return result(rounded.exact) if rounded.digits is None else f"= {_decimal(rounded.value, rounded.digits)}"
    return format_html('{} → <b class="nb">{}</b>', result(rounded.exact), _decimal(rounded.value, rounded.digits))


@register.filter
def after(rounded) -> str:
    """What went on after the stage."""
    return MISSING if rounded is None else official(rounded.value, rounded.digits)


@register.filter
def added(seats) -> str:
    """The values that were kept, as a sum to type in: 84 + 82.6 + 83.6."""
    return " + ".join(plain(seat.value) for seat in seats if seat.fate == "kept")


@register.filter
def plus(value) -> str:
    """A number that is added: + 0.75, or − 0.75."""
    return f"{MINUS if value < 0 else '+'} {plain(abs(Fraction(value)))}"


@register.filter
def weight(rule) -> str:
    return plain(Fraction(rule.weight, TEN_THOUSANDTH))


@register.filter
def most(rule) -> str:
    """The highest mark or points of a criterion."""
    return plain(Fraction(rule.maximum, HUNDREDTH))


@register.filter
def hundredths(value) -> str:
    return plain(Fraction(value, HUNDREDTH))


@register.filter
def of(table, key):
    """What a dict holds under a key known only to the template."""
    return table.get(key, "")


def _decimal(value, digits: int) -> str:
    return fraction_text(Fraction(value), int(digits)).replace("-", MINUS)
