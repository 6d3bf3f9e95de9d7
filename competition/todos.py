"""What waits in a competition, for whom: each room adds its own, set-based; the organiser's home and the overview show them."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

YOU, OTHERS, WATCH = "you", "others", "watch"


@dataclass(frozen=True)
class Todo:
    """`number` things called `label` ("sheets to submit"), in `column`: for the viewer, for somebody else, or only to be watched.
    `title` says it as an act and `action` is the verb of its button; `due`: by when; `grave`: overdue or in the way."""

    column: str
    round: Any
    number: int
    label: str
    title: str
    url: str
    action: str
    note: str = ""
    due: datetime | None = None
    grave: bool = False


@dataclass(frozen=True)
class Sign:
    """A line of the state of the system: `state` done, todo or bad, as in components/checklist.html."""

    state: str
    label: str
    value: str = ""


Facts = Callable[[], dict[str, Any]]
Provider = Callable[[Any, list, datetime], Iterable[Todo]]
_providers: list[Provider] = []
_facts: list[Facts] = []
_signs: list[Callable[[list, datetime], Iterable[Sign]]] = []


def register(provider: Provider) -> Provider:
    """`provider(viewer, rounds, at)`: a number of queries that does not hang on the number of rounds (rows with `competition`)."""
    _providers.append(provider)
    return provider


def register_facts(facts: Facts) -> Facts:
    """`facts()` → name: expression over rounds, answered with the rounds themselves: providers read it of each, without a query."""
    _facts.append(facts)
    return facts


def facts() -> dict[str, Any]:
    found: dict[str, Any] = {}
    for made in _facts:
        found |= made()
    return found


def register_sign(provider):
    """`provider(rounds, at)` → lines about the state of the system."""
    _signs.append(provider)
    return provider


def todos(viewer, rounds: list, at: datetime) -> list[Todo]:
    """By deadline, those without one last."""
    found = [todo for provider in _providers for todo in provider(viewer, rounds, at)]
    return sorted(found, key=lambda todo: (todo.due is None, todo.due or at, todo.round.competition_id, todo.round.order))


def signs(rounds: list, at: datetime) -> list[Sign]:
    return [sign for provider in _signs for sign in provider(rounds, at)]
