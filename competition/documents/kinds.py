"""Which documents there are: what each is made of, how it looks and who may have it. Upper apps register theirs."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any

from ledger.domain.reason import Reason

JOB = "document.render"


def _never(*_args) -> bool:
    return False


@dataclass(frozen=True)
class DocumentKind:
    """`find(keys)` reads the subjects ("7" of "award:7") in one query and answers them by key; everything else is given
    what it found. `may_read(user, row)` is asked for every download and every line of a list, `may_issue` where a person
    asks for a new edition: None or the reason against. `context(row, language)` is plain JSON and reads no clock.

    `recorded(user, row)`: this reading is of others' scores and goes into the ledger. `code(row)`: number and verify
    code that the subject has already (an award's), instead of new ones. `language`: its only one, where it has but one."""

    name: str
    subject_kind: str
    prefix: str  # of its numbers
    template: str
    label: Any
    find: Callable[[Collection[str]], Mapping[str, Any]]
    competition: Callable[[Any], Any]
    about: Callable[[Any], str]
    context: Callable[[Any, str], dict]
    may_read: Callable[[Any, Any], Reason | None]
    may_issue: Callable[[Any, Any], Reason | None]
    draft: Callable[[Any], bool] = _never
    recorded: Callable[[Any, Any], bool] = _never
    code: Callable[[Any], tuple[str, str]] | None = None
    language: str = ""


_kinds: dict[str, DocumentKind] = {}


def register_kind(kind: DocumentKind) -> None:
    if kind.name in _kinds:
        raise ValueError(f"document kind {kind.name} is registered twice")
    _kinds[kind.name] = kind


def get(name: str) -> DocumentKind:
    return _kinds[name]


def kinds() -> dict[str, DocumentKind]:
    return dict(_kinds)


def subject_of(kind: DocumentKind, key: str) -> Any | None:
    """The row behind one key; None where there is none."""
    return kind.find([key]).get(key)
