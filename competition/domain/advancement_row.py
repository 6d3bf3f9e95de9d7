"""What a rule of advancement reads and what it answers, entry by entry."""

from dataclasses import dataclass
from fractions import Fraction

from ledger.domain.reason import Reason


@dataclass(frozen=True)
class Row:
    """A line of the standings as the rule sees it. `rank` None: not rankable, with `reason`. `flags` may hold
    `below_threshold` and `ineligible`."""

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


@dataclass(frozen=True)
class Outcome:
    entry: str
    outcome: str  # advance, reserve, eliminated, ineligible, undecided
    reason: Reason
