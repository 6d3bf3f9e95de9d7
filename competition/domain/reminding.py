"""Which reminder before a deadline is due."""

from collections.abc import Iterable
from datetime import datetime, timedelta


def step_of(at: datetime, due: datetime, steps: Iterable[int]) -> tuple[int, datetime] | None:
    """(days, the moment from which this step holds) of the smallest of `steps` (days before `due`) that `at` has come to; None where none
    has, or the deadline is over."""
    reached = [(days, due - timedelta(days=days)) for days in sorted(steps) if due - timedelta(days=days) <= at < due]
    return reached[0] if reached else None
