"""What the judging can say of an entry's outcome beyond its one reason; read by its applicant, once secrecy allows the outcome."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from competition.models import Entry


@dataclass(frozen=True)
class Line:
    """`label` says what it is ("F2 Recognised as a pilot: +2"), `text` is what was written about it, perhaps nothing."""

    label: str
    text: str = ""


Provider = Callable[[list[Entry]], Mapping[int, list[Line]]]
_providers: list[Provider] = []


def register(provider: Provider) -> Provider:
    """`provider(entries)` → entry id → lines; a number of queries that does not hang on the number of entries."""
    _providers.append(provider)
    return provider


def explained(entries: list[Entry]) -> dict[int, list[Line]]:
    found: dict[int, list[Line]] = {}
    for provider in _providers if entries else ():
        for pk, lines in provider(entries).items():
            found.setdefault(pk, []).extend(lines)
    return found
