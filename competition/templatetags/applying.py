"""`{% load applying %}`: small words about applications and entries."""

from pathlib import PurePosixPath

from django import template
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from accounts.templatetags.saima import pill

register = template.Library()

OUTCOMES = {
    "advance": ("in", _("Advanced")),
    "reserve": ("reserve", _("Reserve")),
    "eliminated": ("out", _("Not chosen")),
    "ineligible": ("out", _("Not eligible")),
    "undecided": ("undecided", _("Undecided")),
}
STATES = {
    "running": ("", _("In the race")),
    "suspended": ("warn", _("Suspended")),
    "withdrawn": ("out", _("Withdrawn")),
    "disqualified": ("err", _("Disqualified")),
}


@register.filter
def ending(name: str) -> str:
    """PDF, JPG: what stands in the small box before a file."""
    return PurePosixPath(name).suffix.lstrip(".").upper()


@register.filter
def not_tables(answers) -> list:
    return [answer for answer in answers if answer.type != "table"]


@register.filter
def entry_state_pill(entry) -> SafeString:
    """Says nothing of the outcome."""
    return pill(*STATES[entry.state])


@register.filter
def outcome_pill(own) -> SafeString:
    """Of an OwnOutcome: the outcome once it is released and the entry still runs, else the state."""
    if own.released and own.entry.outcome and own.entry.state == "running":
        return pill(*OUTCOMES[own.entry.outcome])
    return entry_state_pill(own.entry)
