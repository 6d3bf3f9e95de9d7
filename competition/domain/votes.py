"""Votes of a jury: when enough have voted, when enough of them said yes (docs/scoring.md, A5). Exact: integers and fractions."""

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from fractions import Fraction

from competition.domain.figures import decimal
from competition.domain.rule_values import count, known, malformed, number

BASES = ("cast", "present", "members")
ANSWERS = ("yes", "no", "abstain")
ALL = "all"
_PARTS = re.compile(r"([1-9][0-9]{0,3})/([1-9][0-9]{0,3})")


@dataclass(frozen=True)
class Ballots:
    """The ballots on one entry: `members` may vote on it, `excused` ones may not (a conflict of interest) and count nowhere."""

    members: int
    yes: int = 0
    no: int = 0
    abstain: int = 0
    excused: int = 0

    @property
    def voted(self) -> int:
        """Handed in, abstentions too."""
        return self.yes + self.no + self.abstain

    @property
    def support(self) -> Fraction:
        """The yes votes as a part of those who may vote: nobody loses by a member who is excused."""
        return Fraction(self.yes, self.members) if self.members else Fraction(0)

    def as_json(self) -> dict[str, int]:
        return asdict(self)


def ballots_in(panel: Mapping) -> Ballots | None:
    """Of a standing's panel, where its round was decided by a vote."""
    return Ballots(**panel["ballots"]) if panel.get("ballots") else None


@dataclass(frozen=True)
class Vote:
    """`quorum`: so many ballots, or (a fraction) at least this part of the members. `majority`: the part of the basis that the yes
    votes must exceed; None: all of it (consensus). `basis`: yes and no ("cast"), every ballot handed in ("present"), whoever may
    vote ("members"). `most`: so many at most advance."""

    quorum: int | Fraction
    majority: Fraction | None
    basis: str = "cast"
    most: int | None = None

    def needed(self, members: int) -> int:
        """Ballots that make a quorum of so many members; without a single ballot there is never one."""
        if isinstance(self.quorum, int):
            return self.quorum
        return max(1, -(-self.quorum.numerator * members // self.quorum.denominator))

    def quorate(self, ballots: Ballots) -> bool:
        return ballots.voted >= self.needed(ballots.members)

    def counted(self, ballots: Ballots) -> int:
        """What the yes votes are a part of."""
        return {"cast": ballots.yes + ballots.no, "present": ballots.voted, "members": ballots.members}[self.basis]

    def carried(self, ballots: Ballots) -> bool:
        """Whether the yes votes are enough, a quorum given. Strictly more than the majority: 4 of 8 are not more than half."""
        whole = self.counted(ballots)
        if self.majority is None:
            return ballots.yes == whole > 0
        return ballots.yes * self.majority.denominator > self.majority.numerator * whole


def read_vote(value, place: str) -> Vote:
    """Of a rule: `{"quorum": 8 | "2/3" | "60", "majority": "50" | "2/3" | "all", "basis": …, "most": …}`."""
    if not isinstance(value, Mapping):
        raise malformed(place, "not an object")
    known(value, {"quorum", "majority", "basis", "most"}, place)
    basis = value.get("basis", "cast")
    if basis not in BASES:
        raise malformed(f"{place}.basis", ", ".join(BASES))
    return Vote(
        quorum=_quorum(value.get("quorum"), f"{place}.quorum"),
        majority=_majority(value.get("majority"), f"{place}.majority"),
        basis=basis,
        most=None if value.get("most") is None else count(value["most"], f"{place}.most", 1),
    )


def _quorum(value, place: str) -> int | Fraction:
    if isinstance(value, int):
        return count(value, place, 1)
    part = _part(value, place)
    if not 0 < part <= 1:
        raise malformed(place, "a number of ballots, or a part of the members above 0 and at most 100 per cent")
    return part


def _majority(value, place: str) -> Fraction | None:
    if value == ALL:
        return None
    part = _part(value, place)
    if not 0 < part < 1:
        raise malformed(place, 'above 0 and below 100 per cent, which no vote exceeds; "all" for consensus')
    return part


def _part(value, place: str) -> Fraction:
    """Per cent as decimal text, or a fraction such as "2/3"."""
    if isinstance(value, str) and (parts := _PARTS.fullmatch(value.strip())):
        return Fraction(int(parts[1]), int(parts[2]))
    if isinstance(value, bool) or not isinstance(value, (str, int)):
        raise malformed(place, 'per cent as text, or a fraction such as "2/3"')
    return number(value, place) / 100


def part_text(part: Fraction) -> str:
    """ "50 %", or "2/3" where per cent would not be exact."""
    percent = decimal(part * 100, 4)
    return f"{percent} %" if Fraction(percent) == part * 100 else f"{part.numerator}/{part.denominator}"
