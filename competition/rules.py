"""What a competition judges by, in parts. This app has form and advancement rule of its own; upper apps add theirs (rubric,
scheme), so that check page, copying, freezing, the published edition and its words know them without knowing their tables."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Protocol

from ledger.domain.reason import Reason


class Heading(str):
    """A line of `words` that heads the lines after it."""

    heading = True


class Part(Protocol):
    """One frozen thing that each round has. `label` is a lazy text, `url_name` its page and takes competition and round."""

    label: Any
    url_name: str

    def missing(self, competition) -> list[Reason]:
        """What keeps the call from being published; `params["round"]` is the order of the round at fault."""

    def copy(self, source_round, round) -> None:
        """The same for `round` as `source_round` has."""

    def seed(self, round, format_round: Mapping[str, Any]) -> None:
        """From the round of a competition format (competition/formats)."""

    def suit(self, round, *, actor, at: datetime) -> None:
        """The kind of the round was changed: what does not fit it is put right, and written down."""

    def freeze(self, round, at: datetime) -> None: ...

    def content(self, round) -> dict:
        """Canonical plain JSON; part of the edition's digest."""

    def words(self, round, language: str) -> list[str]:
        """Lines for the public, in `language`; some may be a `Heading`."""


_parts: dict[str, Part] = {}


def register_part(name: str, part: Part) -> None:
    """`name` is the key of its content in the published edition."""
    if name in _parts:
        raise ValueError(f"the part {name} is registered twice")
    _parts[name] = part


def parts() -> dict[str, Part]:
    """By name, in the order of registration."""
    return dict(_parts)
