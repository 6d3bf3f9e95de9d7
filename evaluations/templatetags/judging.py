"""`{% load judging %}`: what the score sheet draws."""

from fractions import Fraction

from django import template
from django.utils.safestring import SafeString

from competition.documents import charts
from evaluations.domain.decimals import fraction_text
from evaluations.selectors import blindness

register = template.Library()
BANDS = (0, 60, 75, 90, 100)


def edges(most: str) -> list[int | float]:
    """The bands of the scale for marks up to `most`."""
    found = [Fraction(most) * band / 100 for band in BANDS]
    return [int(edge) if edge.denominator == 1 else float(edge) for edge in found]


@register.filter
def judged_name(entry) -> str:
    """What an entry is called to its evaluators."""
    return blindness.judged_name(entry)


@register.filter
def blind_code(entry) -> str:
    """For the staff of a blind round; empty in another."""
    return blindness.code_of(entry) if entry.round.blind else ""


@register.simple_tag
def sheet_strip(states) -> SafeString:
    return charts.strip(states)


@register.simple_tag
def row_scale(row) -> SafeString:
    """The scale under a criterion's mark; empty where there is none or it is no number."""
    value = None if row.value is None or row.refused else row.value / 100
    return charts.scale(value, edges=edges(row.most))


@register.simple_tag
def row_edges(row) -> str:
    return " ".join(f"{edge:g}" for edge in edges(row.most))


@register.filter
def points(sum, digits: int = 2) -> str:
    """The points of a Sum with the digits of its stage; — while there is none."""
    return "—" if sum.points is None else fraction_text(sum.points, int(digits))
