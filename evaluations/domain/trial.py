"""Two rankings of the same entries side by side: what another scheme would change (docs/scoring.md, X2)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from ledger.domain.reason import Reason


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


@dataclass(frozen=True)
class Trial:
    """`moves`: who would change rank or outcome, those across the line first; `compared`: how many entries were looked at.
    `own_rubric`: the weights are those of the scheme's own round, else of the finished one. `line`: why no line is drawn, None where
    it is."""

    moves: list[Move]
    compared: int
    own_rubric: bool
    line: Reason | None = None

    @property
    def ranks(self) -> int:
        return sum(move.rank_changes for move in self.moves)

    @property
    def crossing(self) -> int:
        return sum(move.crosses for move in self.moves)

    def as_json(self) -> dict:
        moves = [[move.entry, *_plain(move.before), *_plain(move.after)] for move in self.moves]
        return {"moves": moves, "compared": self.compared, "own_rubric": self.own_rubric, "line": self.line and self.line.as_json()}

    @classmethod
    def from_json(cls, data: Mapping) -> "Trial":
        moves = [Move(row[0], Standing(*row[1:4]), Standing(*row[4:])) for row in data["moves"]]
        return cls(moves, data["compared"], data["own_rubric"], Reason.from_json(data["line"]) if data["line"] else None)


def _plain(standing: Standing) -> list:
    return [standing.rank, standing.total, standing.outcome]


def moves(before: Mapping[str, Standing], after: Mapping[str, Standing]) -> list[Move]:
    """One per entry that both have: who crosses the line first, then by the new rank, those without one last."""
    found = [Move(entry, before[entry], after[entry]) for entry in before if entry in after]
    return sorted(found, key=lambda move: (not move.crosses, *_place(move.after), *_place(move.before), move.entry))


def _place(standing: Standing) -> tuple[bool, int]:
    return standing.rank is None, standing.rank or 0


def changed(found: Iterable[Move]) -> list[Move]:
    return [move for move in found if move.rank_changes or move.crosses or move.before.outcome != move.after.outcome]
