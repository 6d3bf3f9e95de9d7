"""How long a job rests before its next attempt."""

from datetime import timedelta

FIRST_SECONDS = 5
FACTOR = 4
LONGEST_SECONDS = 900


def rest(attempts: int) -> timedelta:
    """The pause after the ``attempts``-th failed attempt (counted from 1): 5 s, 20 s, 80 s, … at most 15 minutes."""
    return timedelta(seconds=min(FIRST_SECONDS * FACTOR ** (attempts - 1), LONGEST_SECONDS))
