"""The menu of the page shell. Each app registers its entries in `AppConfig.ready`; the shell shows those that the viewer's
roles open."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet


@dataclass(frozen=True)
class MenuEntry:
    """`roles`: any of them opens it, empty means every signed-in person; `everywhere`: only where it is held for the whole installation.
    `competition`: the entry belongs to one competition,
    its URL takes `pk`. `count(user, competition_id)` is the number beside the label, None or 0 shows none; querysets are
    counted, all entries' in one query. `covers`: how the
    names of further pages begin that stand under the entry."""

    key: str
    label: str
    url_name: str
    icon: str
    roles: frozenset[str]
    group: str
    order: int
    competition: bool = True
    count: Callable[[Any, Any], int | QuerySet | list[QuerySet] | None] | None = None
    covers: tuple[str, ...] = ()
    everywhere: bool = False


_entries: dict[str, MenuEntry] = {}


def register(entry: MenuEntry) -> None:
    if entry.key in _entries:
        raise ValueError(f"menu entry {entry.key} is registered twice")
    _entries[entry.key] = entry


def entries(roles, *, competition: bool | None = None) -> list[MenuEntry]:
    """Entries that one of `roles` opens, by group and order. `competition`: only those within one, or only those outside."""
    found = [
        entry
        for entry in _entries.values()
        if (not entry.roles or entry.roles & set(roles)) and (competition is None or entry.competition == competition)
    ]
    return sorted(found, key=lambda entry: (entry.group, entry.order, entry.key))
