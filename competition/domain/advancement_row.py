"""What a rule of advancement reads and what it answers, entry by entry."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from itertools import groupby
from typing import Any

from competition.domain.votes import Ballots
from ledger.domain.reason import Reason


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the standings as the rule sees it. `rank` None: not rankable, with `reason`. `flags` may hold
    `below_threshold` and `ineligible`. Under a vote the ballots count, and rank, flag and reason follow from them."""

    entry: str
    rank: int | None
    track: str = ""
    track_rank: int | None = None
    total: Fraction | None = None
    flags: frozenset[str] = frozenset()
    region: str = ""
    macro_region: str = ""
    recommender: str = ""
    sector: str = ""
    reason: Reason | None = None
    ballots: Ballots | None = None
    group: str = ""  # of its track
    group_rank: int | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    entry: str
    outcome: str  # advance, reserve, eliminated, ineligible, undecided
    reason: Reason
    rank: int | None = None  # overall; under a vote it follows from the ballots
    grade: str = ""  # the code of a ranked entry's grade, where the rule has grades and the total reaches one


def counted_inside(ranked: list[Row], race: Callable[[Row], Any]) -> dict[str, int]:
    """The rank among those of the same `race`, counted from the overall ranks."""
    places: dict[str, int] = {}
    seen: Counter = Counter()
    for _, level in groupby(sorted(ranked, key=lambda row: row.rank), key=lambda row: row.rank):
        level = list(level)
        places |= {row.entry: 1 + seen[race(row)] for row in level}
        seen.update(map(race, level))
    return places
