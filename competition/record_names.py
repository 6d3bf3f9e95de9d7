"""How the subjects of ledger records are named, and which records belong to the life of an entry. Each room adds its own kinds."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

APPLICATION = "application"


@dataclass(frozen=True)
class Source:
    """Where subjects of one kind stand. `application`, `round`, `user`, `text` are paths to what names them; empty where there is
    none. `rows()` is asked anew each time; `link(competition_id, key, application_id)` is the page of its life."""

    rows: Callable[[], QuerySet]
    application: str = ""
    round: str = ""
    user: str = ""
    text: str = ""
    link: Callable[[int, int, int | None], str] | None = None


_sources: dict[str, Source] = {}
_parts: list[Callable[[QuerySet, Any], Iterable[str]]] = []
_labels: dict[str, Any] = {}


def register(kind: str, source: Source, label="") -> None:
    if kind in _sources:
        raise ValueError(f"subjects of kind {kind} are registered twice")
    _sources[kind] = source
    if label:
        _labels[kind] = label


def register_label(kind: str, label) -> None:
    """For kinds that have no name of their own."""
    _labels[kind] = label


def register_parts(provider):
    """`provider(entries, viewer)` → subjects ("sheet:7") that belong to the life of these entries, as far as `viewer` may know of them;
    nothing that scores decide where `viewer` is None. A fixed number of queries."""
    _parts.append(provider)
    return provider


def sources() -> dict[str, Source]:
    return _sources


def labels() -> dict[str, Any]:
    return _labels


def parts(entries: QuerySet, viewer=None) -> set[str]:
    return {subject for provider in _parts for subject in provider(entries, viewer)}
