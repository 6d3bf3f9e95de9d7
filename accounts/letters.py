"""Kinds of letter. Each app registers how its letters are drawn; templates stand in templates/emails/KIND/ as subject.txt,
body.txt and body.html."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Letter:
    """Drawn in the reader's `language`; `to` is one address, so that nobody learns of others.

    `claim` answers whether this letter is still to be sent, and takes it in the same breath. It is asked in the transaction in which
    the letter is sent: where the mail server refuses, the letter is free again."""

    to: str
    language: str
    context: Mapping[str, Any] = field(default_factory=dict)
    claim: Callable[[], bool] = lambda: True


Draw = Callable[[str, Mapping[str, Any]], Letter | None]
_kinds: dict[str, Draw] = {}


def register(kind: str, draw: Draw) -> None:
    """`draw(key, params)` answers None where the letter is no longer due."""
    if kind in _kinds:
        raise ValueError(f"letter {kind} is registered twice")
    _kinds[kind] = draw


def get(kind: str) -> Draw:
    return _kinds[kind]
