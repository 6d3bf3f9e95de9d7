"""Putting a letter into the mail queue."""

from accounts import letters
from jobs.services import enqueue

LETTERS, CODES = "mail.send", "mail.code"  # kinds of job: somebody waits at the door for the second


def send(letter: str, key, *, params: dict | None = None, requested_by: str = "system", kind: str = LETTERS):
    """`letter` is a kind registered with `accounts.letters`, `key` what it is about. Nothing secret goes into `params`: whoever
    draws the letter derives it when it is sent."""
    letters.get(letter)
    return enqueue(kind, f"{letter}:{key}", params=params, requested_by=requested_by)
