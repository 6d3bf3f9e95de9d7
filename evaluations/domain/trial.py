"""Two rankings of the same entries side by side: what another scheme would change (docs/scoring.md, X2)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Standing:
    """An entry under one scheme. `rank` None: not ranked. `outcome` empty where no rule is applied."""

    rank: int | None
    total: str | None
    outcome: str = ""


@dataclass(frozen=True)
class Move:
    entry: str
    before: Standing
    after: Standing

    @property
    def rank_changes(self) -> bool:
        return self.before.rank != self.after.rank

    @property
    def crosses(self) -> bool:
        """Comes inside the line or falls out of it."""
        return (self.before.outcome == "advance") != (self.after.outcome == "advance")


def moves(before: Mapping[str, Standing], after: Mapping[str, Standing]) -> list[Move]:
    """One per entry that both have: who crosses the line first, then by the new rank, those without one last."""
    found = [Move(entry, before[entry], after[entry]) for entry in before if entry in after]
    return sorted(found, key=lambda move: (not move.crosses, *_place(move.after), *_place(move.before), move.entry))


def _place(standing: Standing) -> tuple[bool, int]:
    return standing.rank is None, standing.rank or 0


def changed(found: Iterable[Move]) -> list[Move]:
    return [move for move in found if move.rank_changes or move.crosses or move.before.outcome != move.after.outcome]
