"""`{% load applying %}`: small words about applications and entries."""

from pathlib import PurePosixPath

from django import template
from django.utils.safestring import SafeString

from accounts.templatetags.saima import pill
from competition.labels import ENTRY_STATES, OUTCOME_PILLS

register = template.Library()

STATE_PILLS = {"running": "", "suspended": "warn", "withdrawn": "out", "disqualified": "err"}


@register.filter
def terms(condition) -> str:
    """What a condition asks for, in the reader's language."""
    return condition.words("text")


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
    return pill(STATE_PILLS[entry.state], ENTRY_STATES[entry.state])


@register.filter
def outcome_pill(own) -> SafeString:
    """Of an OwnOutcome: the outcome once it is released and the entry still runs, else the state."""
    if own.released and own.entry.outcome and own.entry.state == "running":
        return pill(OUTCOME_PILLS[own.entry.outcome], own.word)
    return entry_state_pill(own.entry)
