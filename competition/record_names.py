"""How the subjects of ledger records are named, and which records belong to the life of an entry. Each room adds its own kinds."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet, TextField, Value

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
_parts: list[Callable[[QuerySet, Any], Mapping[str, QuerySet]]] = []
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
    """`provider(entries, viewer)` → kind → rows that belong to the life of these entries, as far as `viewer` may know of them; nothing
    that scores decide where `viewer` is None. Rows are asked for together with those of all others; where there is a `viewer`, the
    entries are read already, with their rounds."""
    _parts.append(provider)
    return provider


def sources() -> dict[str, Source]:
    return _sources


def labels() -> dict[str, Any]:
    return _labels


def parts(entries: QuerySet, viewer=None) -> dict[str, QuerySet]:
    return {kind: rows for provider in _parts for kind, rows in provider(entries, viewer).items()}


def subjects(**rows: QuerySet) -> set[str]:
    """Kind → its rows, as subjects ("sheet:7"): one query."""
    queries = [found.order_by().values_list(Value(kind, output_field=TextField()), "pk") for kind, found in rows.items()]
    return {f"{kind}:{pk}" for kind, pk in queries[0].union(*queries[1:], all=True)}
