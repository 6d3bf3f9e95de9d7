"""Kinds of notification. Each app registers how they are said and where they lead; names are looked up when they are read."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Told:
    """`about`: what it is about, in the reader's language; `path`: where it leads; `note`: one more line."""

    about: str
    path: str
    note: str = ""


Tell = Callable[[list], dict[int, Told]]


@dataclass(frozen=True)
class Kind:
    """`title` is the sentence; `tell(rows)` answers primary key → Told for notifications of this kind, set-based, and leaves out those
    that are no longer due. `always_mailed`: also to those who want no letters."""

    title: Any
    tell: Tell
    always_mailed: bool = False


_kinds: dict[str, Kind] = {}


def register(kind: str, title, tell: Tell, *, always_mailed: bool = False) -> None:
    if kind in _kinds:
        raise ValueError(f"notification {kind} is registered twice")
    _kinds[kind] = Kind(title, tell, always_mailed)


def get(kind: str) -> Kind:
    return _kinds[kind]


def kinds() -> dict[str, Kind]:
    return dict(_kinds)


def always_mailed() -> list[str]:
    return [code for code, kind in _kinds.items() if kind.always_mailed]


def tell(rows: Iterable) -> dict[int, tuple[str, Told]]:
    """Primary key → (title, Told), in the language under way; kinds that share their `tell` share its queries."""
    by_tell = defaultdict(list)
    for row in rows:
        if row.kind in _kinds:
            by_tell[_kinds[row.kind].tell].append(row)
    return {
        row.pk: (str(_kinds[row.kind].title), told[row.pk])
        for function, group in by_tell.items()
        for told in [function(group)]
        for row in group
        if row.pk in told
    }
