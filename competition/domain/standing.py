"""One row of a ranking as it is handed down from the judging: plain values, nothing of the judges."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True)
class StandingRow:
    """`total` decimal text, `exact` "n/d"; `bonus` is what the total holds as bonus or deduction, written as `exact`, empty without a
    total; null `rank` is not rankable, with `reason` (a Reason as JSON)."""

    entry: int
    rank: int | None
    track_rank: int | None
    total: str | None
    exact: str | None
    tied_with: Sequence[int] = ()
    tie_broken_by: str = ""
    bonus: str = ""
    criteria: Mapping[str, str] = field(default_factory=dict)
    dimensions: Mapping[str, str] = field(default_factory=dict)
    panel: Mapping = field(default_factory=dict)
    flags: Sequence[str] = ()
    reason: Mapping | None = None
    group_rank: int | None = None
